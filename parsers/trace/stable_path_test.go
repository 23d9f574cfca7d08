package trace

import "testing"

func TestStablePath(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/srv/pay/wallet.js":                                             "/srv/pay/wallet.js",
		"/srv/.next/server/chunks/123.js":                                "/srv/.next/server/chunks/*.js",
		"/srv/dist/main.4f3a2b1c.js":                                     "/srv/dist/main.*.js",
		"/srv/dist/assets/index-DkZ3x1aB.js":                             "/srv/dist/assets/index-*.js",
		"/srv/ssr/[root]__a1b2c3d4._.js":                                 "/srv/ssr/[root]__*._.js",
		"/srv/a.ts?v=4f3a":                                               "/srv/a.ts",
		"https://x.test/static/js/2.1f0c9d3e.js":                         "https://x.test/static/js/2.*.js",
		"data:text/javascript,throw new Error(1)":                        "data:text/javascript",
		"/tmp/8a7d1c2e-1111-4f6b-9c1e-000000000001/job.py":               "/tmp/*/job.py",
		"/tmp/spark-8a7d1c2e-1111-4f6b-9c1e-000000000001/userFiles/j.py": "/tmp/spark-*/userFiles/j.py",
		"/tmp/tmpk3x_9q2z/run.py":                                        "/tmp/tmp*/run.py",
		"/tmp/ipykernel_2184/319283.py":                                  "/tmp/ipykernel_*/319283.py",
		"/tmp/__autograph_generated_fileq3k2x1.py":                       "/tmp/__autograph_generated_file*.py",
		"/srv/migrations/0001_initial.py":                                "/srv/migrations/0001_initial.py",
		"/srv/v2/api2.js":                                                "/srv/v2/api2.js",
		"/srv/test/Testcase-20261122.js":                                 "/srv/test/Testcase-20261122.js",
		"webpack-internal:///(rsc)/./src/app/page.tsx":                   "webpack-internal:///(rsc)/./src/app/page.tsx",
	} {
		if got := stablePath(in); got != want {
			t.Errorf("stablePath(%q) = %q, want %q", in, got, want)
		}
	}
}

package scrub

import (
	"os"
	"strings"
	"testing"
)

// ordinaryLines are what services print all day and what looks like secrets to a scanner that
// knows only words and shapes: none may be marked, alone or in any of the carriers.
var ordinaryLines = []string{
	"at com.acme.PasswordEncoder.encode(PasswordEncoder.java:45)", "at validateAccessToken (/srv/auth/token.js:17:9)", `File "/srv/app/auth/token.py", line 17, in refresh_token`,
	"main.(*TokenParser).next(0xc000012345, 0x4111111111111111)", "app/models/password_reset.rb:12:in `deliver'", "#3 /srv/src/Security/Authorization.php(88): App\\Secret->check()",
	"SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "unexpected token = at line 3", `syntax error near unexpected token ";"`, "Unexpected token: 'foo'",
	"token_count=5", "max_tokens=4096 temperature=0.7", `"usage":{"prompt_tokens":812,"completion_tokens":88,"total_tokens":900}`, "tokens: 512", "token: 17",
	"123e4567-e89b-12d3-a456-426614174000", "request_id=123e4567-e89b-12d3-a456-426614174000 trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7",
	"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "commit 9fceb02d0ae598e95dc970b74767f19372d61af8", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"ETag: \"33a64df551425fcc55e4d42a148795d9f25f89d4\"", "md5=d41d8cd98f00b204e9800998ecf8427e", "1712345678 1712345678901 1712345678901234 1712345678901234567", "order_id=4111111111111111",
	"order #4111111111111111 shipped", "GET /orders/4111111111111111/items 200", "id: 4539578763621486", "seq=5500000000000004 ts=4000000000000002", "blk_-4111111111111111",
	"version 1.2.3-rc.4+build.5 (go1.26.1)", "00000000  50 61 73 73 77 6f 72 64  3a 20 68 75 6e 74 65 72  |Data....stream..|", "0x7ffee4c3a9b8 0xdeadbeefcafebabe +0x1f",
	"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk", "body=SGVsbG8sIHdvcmxkISBUaGlzIGlzIG5vdCBhIHNlY3JldC4=", "/var/lib/secrets/password.txt: no such file",
	"open /run/secrets/db_password: permission denied", "password_file=/run/secrets/db", "secretName: shop-tls", "serviceAccountToken mounted at /var/run/secrets/kubernetes.io/serviceaccount",
	"session opened for user root by (uid=0)", "pam_unix(sshd:auth): authentication failure", "sessionid: 0x14ed93111f20005", "dsn=5.1.1, status=bounced", "PASS: TestFoo (0.01s)", "pass: 12 fail: 3",
	"pin: 3", "password must be at least 8 characters", "Invalid password for bob", "password: required", "csrf token missing or incorrect", "CSRF verification failed", "author: Bob <bob>",
	"key=orders:17 hit", "primary_key=4711", "cache key user:17:profile expired", "Bearer authentication is required", "WWW-Authenticate: Bearer realm=\"api\"", "Basic usage of the API", "token type: Bearer",
	"SELECT id, password FROM users WHERE email = ? AND password = ?", "column \"password\" does not exist", "KeyError: 'password'", "required fields: password, email", `{"required":["password","email"]}`,
	"https://example.com/account/password-reset?step=1", "https://host:8080/@user/repo", "git@github.com:acme/token.git", "npm i @acme/secret-sauce@1.2.3", "user@host:22", "time=\"12:30@x\"",
	"password=${DB_PASSWORD}", "password: {{ .Values.password }}", "token = os.environ['API_TOKEN']", "secret: <set in vault>", "api_key=None", "password=\"\"", "task-force-sk-2024", "risk-assessment-done",
	"Copyright (c) 2026 Acme", "IMEI 356938035643809", "card declined", "visa application form", "2 cards found", "10.0.0.1:5432 -> 10.0.0.2:443", "PodSandboxID 8f7c3e1d9b2a4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f9001122334455",
	"checkout-7d9c5b6f4-x2x9z Running", "arn:aws:iam::123456789012:role/ShopRole", "projects/shop/secrets/db-password/versions/3", "DE hospital 89 3704", "unauthorized: authentication required",
	"com.acme.auth.JwtTokenFilter - no token present", "Ignoring unknown key auth.session.timeout", "set-cookie header dropped", "the cookie was too large", "Proxy-Authorization header missing",
}

// TestOrdinaryLines: no mark on any of them, wherever they stand.
func TestOrdinaryLines(t *testing.T) {
	s := standard().Clone()
	for _, l := range ordinaryLines {
		for _, c := range carriers {
			if c.name == "query" || c.name == "python repr" { // what is a path or a quote changes there
				continue
			}
			text := c.write(l)
			if out := s.String(text); out != text {
				t.Errorf("%s: %q became %q by %v", c.name, text, out, s.Marks(nil, []byte(text)))
				break
			}
		}
	}
}

// TestLargeLog counts the marks in a log of your own that holds no secrets, such as the
// samples of logpai/loghub one after the other: SCRUB_LOG=FILE go test ./scrub -run LargeLog -v.
// No more than 10 in 32,000 lines are promised.
func TestLargeLog(t *testing.T) {
	path := os.Getenv("SCRUB_LOG")
	if path == "" {
		t.Skip("set SCRUB_LOG to a file to run it")
	}
	log, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := standard().Clone()
	lines, marks := 0, 0
	for l := range strings.Lines(string(log)) {
		lines++
		for _, m := range s.Marks(nil, []byte(l)) {
			marks++
			t.Logf("line %d: %s at %d, %d bytes", lines, m.Detector, m.Start, m.End-m.Start)
		}
	}
	t.Logf("%d marks in %d lines", marks, lines)
	if marks*32000 > 10*max(lines, 3200) {
		t.Errorf("%d marks in %d lines", marks, lines)
	}
}

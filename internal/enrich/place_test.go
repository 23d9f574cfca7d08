package enrich

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/tracetail/tracetail/internal/event"
)

const (
	uid  = "0f6c1d2e-3b4a-4c5d-8e9f-a0b1c2d3e4f5"
	hash = "7a3f9c0b1d2e4f5a6b7c8d9e0f1a2b3c"
)

var id = strings.Repeat("3f9a", 16)

// described is an empty event with what is known of a stream.
func described(path, real string) *event.Event {
	e := &event.Event{}
	At(path, real).Describe(e)
	return e
}

func TestKubernetesNames(t *testing.T) {
	pods := "/var/log/pods/payments_wallet-7c9f5d8b6-x2x4k_" + uid
	link := "/var/log/containers/wallet-7c9f5d8b6-x2x4k_payments_api-" + id + ".log"
	tags := map[string]string{"namespace": "payments", "pod": "wallet-7c9f5d8b6-x2x4k", "container": "api"}
	k8s := func(restarts int) map[string]any {
		return map[string]any{
			"k8s.namespace.name": "payments", "k8s.pod.name": "wallet-7c9f5d8b6-x2x4k", "k8s.pod.uid": uid,
			"k8s.container.name": "api", "k8s.container.restart_count": restarts,
		}
	}
	linked := map[string]any{"container.id": id}
	fromLink := map[string]any{"k8s.namespace.name": "payments", "k8s.pod.name": "wallet-7c9f5d8b6-x2x4k", "k8s.container.name": "api"}
	for name, c := range map[string]struct {
		path, real string
		contexts   map[string]any
	}{
		"the first life":       {pods + "/api/0.log", "", map[string]any{"k8s": k8s(0)}},
		"after restarts":       {pods + "/api/17.log", "", map[string]any{"k8s": k8s(17)}},
		"rotated":              {pods + "/api/0.log.20260314-092600", "", map[string]any{"k8s": k8s(0)}},
		"rotated and packed":   {pods + "/api/1.log.20260314-092600.gz", "", map[string]any{"k8s": k8s(1)}},
		"mounted elsewhere":    {"/host" + pods + "/api/2.log", "", map[string]any{"k8s": k8s(2)}},
		"link and what it is":  {link, pods + "/api/3.log", map[string]any{"k8s": k8s(3), "container": linked}},
		"a link by itself":     {link, link, map[string]any{"k8s": fromLink, "container": linked}},
		"real path both times": {pods + "/api/0.log", pods + "/api/0.log", map[string]any{"k8s": k8s(0)}},
	} {
		t.Run(name, func(t *testing.T) {
			e := described(c.path, c.real)
			if d := cmp.Diff(tags, e.Tags); d != "" {
				t.Errorf("tags (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.contexts, e.Contexts); d != "" {
				t.Errorf("contexts (-want +got):\n%s", d)
			}
		})
	}
}

func TestStaticPodsAndLongNames(t *testing.T) {
	e := described("/var/log/pods/kube-system_etcd-node-1.example.com_"+hash+"/etcd/4.log", "")
	if e.Tags["pod"] != "etcd-node-1.example.com" {
		t.Errorf("tags %v", e.Tags)
	}
	long := strings.Repeat("p", 200)
	name := long + "_ns_c-"
	name += id[:255-len(name)-len(".log")] + ".log"
	e = described("/var/log/containers/"+name, "")
	if e.Tags["pod"] != long || e.Tags["container"] != "c" {
		t.Errorf("a link whose id was cut gives %v", e.Tags)
	}
	e = described("/var/log/pods/ns_"+strings.Repeat("p", 253)+"_"+uid+"/c/0.log", "")
	if n := len(e.Tags["pod"]); n != maxTag {
		t.Errorf("a tag of %d characters", n)
	}
}

func TestOrdinaryNamesSayNothing(t *testing.T) {
	for _, path := range []string{
		"-", "", "/", "/var/log/app.log", "/var/log/pods/0.log", "/var/log/pods/a_b/c/0.log", "/var/log/pods/a_b_nouid/c/0.log",
		"/var/log/pods/A_b_" + uid + "/c/0.log", "/var/log/pods/a_b_" + uid + "/c/x.log", "/var/log/pods/a_b_" + uid + "/c/0.logs",
		"/var/log/pods/a_b_" + uid + "/c/-1.log", "/var/log/pods/a_b_" + uid + "/c/99999999999.log",
		"/srv/my_app_worker-1.log", "/var/log/containers/a_b_c-123.log",
		"/var/lib/docker/containers/" + id + "/other-json.log", "/var/lib/docker/containers/" + id[1:] + "/" + id[1:] + "-json.log",
		"/x/overlay-containers/" + id + "/userdata/other.log", "/x/containers/" + id + "/userdata/ctr.log",
	} {
		if p := At(path, path); p != nil {
			t.Errorf("%q: %+v", path, p)
		}
		if e := described(path, path); e.Tags != nil || e.Contexts != nil {
			t.Errorf("%q: %v %v", path, e.Tags, e.Contexts)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func dockerLog(t *testing.T) (log, config string) {
	dir := filepath.Join(t.TempDir(), "containers", id)
	return filepath.Join(dir, id+"-json.log"), filepath.Join(dir, "config.v2.json")
}

const dockerText = `{"StreamConfig":{},"State":{"Running":true},"ID":"x","Name":"/shop-wallet-1","Image":"sha256:ab12","Config":{"Image":"registry.example.com:5000/acme/wallet:1.42.0",
"Env":["A=b"],"Labels":{"com.docker.compose.project":"shop","com.docker.compose.service":"wallet","org.opencontainers.image.version":"24.04","maintainer":"someone"}}}`

func TestDocker(t *testing.T) {
	log, config := dockerLog(t)
	write(t, config, dockerText)
	for _, path := range []string{log, log + ".1", log + ".2.gz"} {
		e := described(path, path)
		if d := cmp.Diff(map[string]string{"container": "shop-wallet-1", "service": "wallet"}, e.Tags); d != "" {
			t.Errorf("tags (-want +got):\n%s", d)
		}
		if d := cmp.Diff(map[string]any{"container": map[string]any{
			"container.id": id, "container.runtime": "docker", "container.name": "shop-wallet-1",
			"container.image.name": "registry.example.com:5000/acme/wallet", "container.image.tag": "1.42.0", "container.image.id": "sha256:ab12",
			"container.label.com.docker.compose.project": "shop", "container.label.com.docker.compose.service": "wallet",
			"container.label.org.opencontainers.image.version": "24.04",
		}}, e.Contexts); d != "" {
			t.Errorf("contexts (-want +got):\n%s", d)
		}
		if e.Release != "wallet@1.42.0" {
			t.Errorf("release %q", e.Release)
		}
	}
}

func TestPodOfDockersShim(t *testing.T) {
	log, config := dockerLog(t)
	write(t, config, `{"Name":"/k8s_api_wallet_payments","Config":{"Labels":{"io.kubernetes.pod.name":"wallet","io.kubernetes.pod.namespace":"payments","io.kubernetes.container.name":"api","io.kubernetes.pod.uid":"u-1"}}}`)
	e := described(log, log)
	if d := cmp.Diff(map[string]string{"namespace": "payments", "pod": "wallet", "container": "api"}, e.Tags); d != "" {
		t.Errorf("tags (-want +got):\n%s", d)
	}
}

func TestAChangedCardIsReadAgain(t *testing.T) {
	log, config := dockerLog(t)
	p := At(log, log)
	name := func() string {
		e := &event.Event{}
		p.Describe(e)
		return e.Tags["container"]
	}
	if got := name(); got != "" {
		t.Errorf("%q before there is a file", got)
	}
	write(t, config, dockerText)
	if got := name(); got != "shop-wallet-1" {
		t.Errorf("%q after the file came", got)
	}
	write(t, config+".new", `{"Name":"/renamed-by-hand"}`)
	if err := os.Rename(config+".new", config); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "renamed-by-hand" {
		t.Errorf("%q after docker rename", got)
	}
	if err := os.Remove(config); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "" {
		t.Errorf("%q after docker rm", got)
	}
}

// TestUnfitCards gives the reader what may lie under the name of a card.
func TestUnfitCards(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"nothing":     func(string) error { return nil },
		"a directory": func(path string) error { return os.Mkdir(path, 0o755) },
		"a pipe":      func(path string) error { return unix.Mkfifo(path, 0o600) },
		"a loop":      func(path string) error { return os.Symlink(path, path) },
		"no JSON":     func(path string) error { return os.WriteFile(path, []byte("root:x:0:0"), 0o600) },
		"other JSON":  func(path string) error { return os.WriteFile(path, []byte(`{"Name":[1],"Config":"no"}`), 0o600) },
		"half of it":  func(path string) error { return os.WriteFile(path, []byte(dockerText[:200]), 0o600) },
		"a huge file": func(path string) error {
			return os.WriteFile(path, []byte(dockerText+strings.Repeat(" ", maxConfig)), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			log, config := dockerLog(t)
			write(t, log, "")
			if err := make(config); err != nil {
				t.Fatal(err)
			}
			e := described(log, log)
			want := map[string]any{"container": map[string]any{"container.id": id, "container.runtime": "docker"}}
			if d := cmp.Diff(want, e.Contexts); d != "" || len(e.Tags) > 0 {
				t.Errorf("tags %v, contexts (-want +got):\n%s", e.Tags, d)
			}
		})
	}
}

func TestPodman(t *testing.T) {
	storage := filepath.Join(t.TempDir(), "storage", "overlay-containers")
	log := filepath.Join(storage, id, "userdata", "ctr.log")
	write(t, log, "")
	write(t, filepath.Join(storage, "containers.json"), `[{"id":"other","names":["x"]},
{"id":"`+id+`","names":["wallet"],"image":"c0ffee","metadata":"{\"image-name\":\"docker.io/acme/wallet:2.0\",\"image-id\":\"c0ffee\",\"name\":\"wallet\",\"created-at\":1700000000}"}]`)
	write(t, filepath.Join(storage, id, "userdata", "config.json"), `{"ociVersion":"1.0.2","annotations":{"io.container.manager":"libpod","org.opencontainers.image.title":"Wallet"}}`)
	testPodman(t, log)
	if err := os.Rename(filepath.Join(storage, "containers.json"), filepath.Join(storage, "volatile-containers.json")); err != nil {
		t.Fatal(err)
	}
	testPodman(t, log)
}

func testPodman(t *testing.T, log string) {
	t.Helper()
	e := described(log, log)
	want := map[string]any{"container": map[string]any{
		"container.id": id, "container.runtime": "podman", "container.name": "wallet", "container.image.name": "docker.io/acme/wallet",
		"container.image.tag": "2.0", "container.image.id": "c0ffee", "container.label.org.opencontainers.image.title": "Wallet",
	}}
	if d := cmp.Diff(want, e.Contexts); d != "" {
		t.Errorf("contexts (-want +got):\n%s", d)
	}
	if e.Tags["container"] != "wallet" || e.Release != "wallet@2.0" {
		t.Errorf("tags %v, release %q", e.Tags, e.Release)
	}
}

func TestRelease(t *testing.T) {
	labelled := map[string]string{imageVersion: "9.9"}
	for _, c := range []struct {
		image  string
		labels map[string]string
		want   string
	}{
		{"wallet:1.42.0", labelled, "wallet@1.42.0"},
		{"localhost:5000/acme/wallet:v7@sha256:00ff", nil, "wallet@v7"},
		{"localhost:5000/acme/wallet", nil, ""},
		{"acme/wallet:latest", nil, ""},
		{"acme/wallet:latest", labelled, "wallet@9.9"},
		{"acme/wallet", labelled, "wallet@9.9"},
		{"sha256:00ff", labelled, ""},
		{id, labelled, ""},
		{"", labelled, ""},
	} {
		if got := (container{image: c.image, labels: c.labels}).release(); got != c.want {
			t.Errorf("%s: %q, want %q", c.image, got, c.want)
		}
	}
}

func TestWhatTheEventSaysStays(t *testing.T) {
	log, config := dockerLog(t)
	write(t, config, dockerText)
	e := &event.Event{
		Release: "mine@1", Tags: map[string]string{"service": "mine"}, Contexts: map[string]any{"container": "mine"},
	}
	At(log, log).Describe(e)
	Unit(e, "other.service")
	if e.Release != "mine@1" || e.Tags["service"] != "mine" || e.Contexts["container"] != "mine" {
		t.Errorf("%v %v %v", e.Release, e.Tags, e.Contexts)
	}
	if e.Tags["unit"] != "other.service" || e.Tags["container"] != "shop-wallet-1" {
		t.Errorf("tags %v", e.Tags)
	}
}

func TestEventsShareNothing(t *testing.T) {
	log, config := dockerLog(t)
	write(t, config, dockerText)
	p := At(log, log)
	a, b := &event.Event{}, &event.Event{}
	p.Describe(a)
	a.Tags["container"] = "changed"
	a.Contexts["container"].(map[string]any)["container.id"] = "changed"
	p.Describe(b)
	if b.Tags["container"] == "changed" || b.Contexts["container"].(map[string]any)["container.id"] == "changed" {
		t.Error("two events have the same map")
	}
}

func TestUnit(t *testing.T) {
	for unit, want := range map[string]map[string]string{
		"":                {},
		"wallet.service":  {"unit": "wallet.service", "service": "wallet"},
		"session-3.scope": {"unit": "session-3.scope"},
	} {
		e := &event.Event{Tags: map[string]string{}}
		Unit(e, unit)
		if d := cmp.Diff(want, e.Tags); d != "" {
			t.Errorf("%q (-want +got):\n%s", unit, d)
		}
	}
}

func TestTagValues(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb\x00": "a b", "  ": "", strings.Repeat("ü", 300): strings.Repeat("ü", maxTag), "x": "x",
	} {
		if got := tagValue(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := cut("aü", 2); got != "a" {
		t.Errorf("cut inside a character: %q", got)
	}
}

func BenchmarkDescribe(b *testing.B) {
	dir := filepath.Join(b.TempDir(), id)
	if err := os.Mkdir(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.v2.json"), []byte(dockerText), 0o600); err != nil {
		b.Fatal(err)
	}
	log := filepath.Join(dir, id+"-json.log")
	p := At(log, log)
	b.ReportAllocs()
	for b.Loop() {
		p.Describe(&event.Event{})
	}
}

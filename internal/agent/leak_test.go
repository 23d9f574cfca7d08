package agent

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/shipper"
)

// secretsInLogs are lines that a dying program might print, with § for the secret. Each gets
// a secret of its own, so that a leak names its line.
var secretsInLogs = []string{
	`password=§`, `{"password":"§"}`, `Authorization: Bearer §`, `postgres://bob:§@db/shop`, `Cookie: sid=§`, `--password §`, `DB_PASSWORD: §`,
	`api_key = "§"`, `<password>§</password>`, `mysql -u root -p§`, `Server=x;Password=§;`, `{\"client_secret\":\"§\"}`, `access_token=§&a=1`,
	`IDENTIFIED BY '§'`, `X-Api-Key: §`, `password%3D§%26x`, `user[password]=§`, `{'secret': '§'}`, `:password=>"§"`, `redis://:§@h/0`,
}

// programs are the traces and records that carry such a line: in the value of an exception, in
// a line of source, in the record before, in a field, in the part of a chain, in JSON.
var programs = []string{
	"2026-11-22 05:30:00,123 INFO shop.db connecting with §\nTraceback (most recent call last):\n  File \"/srv/shop/db.py\", line 7, in connect\n    connect(\"§\")\nValueError: cannot use §\n",
	"2026-11-22 05:30:00.123 ERROR [main] c.a.Shop - failed with §\njava.lang.IllegalStateException: § was refused\n\tat com.acme.Shop.pay(Shop.java:7)\nCaused by: java.io.IOException: inner §\n\tat com.acme.Db.open(Db.java:3)\n",
	"TypeError: § is not a function\n    at pay (/srv/shop/pay.js:7:3)\n    at main (/srv/shop/main.js:1:1)\n",
	"panic: § [recovered]\n\ngoroutine 1 [running]:\nmain.pay(...)\n\t/srv/shop/pay.go:7 +0x1d\n",
	"level=error msg=\"open failed\" err=\"§\" note=§\n",
	"{\"level\":\"error\",\"msg\":\"failed: ¶\",\"detail\":{\"note\":\"¶\"},\"stack\":\"Error: ¶\\n    at pay (/srv/pay.js:7:3)\"}\n",
	"PHP Fatal error:  Uncaught Exception: § in /srv/a.php:3\nStack trace:\n#0 {main}\n  thrown in /srv/a.php on line 3\n",
}

// crashes writes a log in which every program prints every line, and returns the secrets.
func crashes(r *rand.Rand) (log string, secrets []string) {
	var sb strings.Builder
	for _, p := range programs {
		for _, l := range secretsInLogs {
			secret := fmt.Sprintf("Zq7%016xxK9", r.Uint64())
			secrets = append(secrets, secret)
			line := strings.ReplaceAll(l, "§", secret)
			quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(line)
			if strings.HasPrefix(p, "level=") {
				line = quoted
			}
			sb.WriteString(strings.NewReplacer("§", line, "¶", quoted).Replace(p))
			sb.WriteString("2026-11-22 05:30:01,000 INFO shop.api fine again\n")
		}
	}
	return sb.String(), secrets
}

// server remembers all that it was sent, and answers every third request with a status and
// the request itself, as servers do that explain what they did not like. One that
// refused all would be left alone.
type server struct {
	mu     sync.Mutex
	status int
	asked  int
	bodies bytes.Buffer
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies.Write(body)
	if s.asked++; s.asked%3 != 0 {
		return
	}
	w.WriteHeader(s.status)
	fmt.Fprintf(w, `{"detail":"bad envelope: %.300q password=Zq7ServersOwnxK9"}`, body)
}

// TestNothingLeaks runs the whole agent over logs full of secrets, with a server that takes
// the events, one that refuses them and none at all, and looks for every secret in what was
// sent, in the spool, in the dead letters and in the agent's own log at its most talkative.
func TestNothingLeaks(t *testing.T) {
	for name, status := range map[string]int{"accepted": 200, "refused for good": 400, "too large": 413} {
		t.Run(name, func(t *testing.T) {
			log, secrets := crashes(rand.New(rand.NewPCG(5, uint64(status))))
			secrets = append(secrets, "Zq7ServersOwnxK9")
			dir, srv := t.TempDir(), &server{status: status}
			web := httptest.NewServer(srv)
			defer web.Close()
			said := leakRun(t, dir, web.URL, log)
			if n := srv.bodies.Len(); n < 10000 {
				t.Fatalf("the server got %d bytes only", n)
			}
			places := map[string][]byte{"the server": srv.bodies.Bytes(), "the agent's log": said}
			state := filepath.Join(dir, "state")
			err := filepath.WalkDir(state, func(path string, d fs.DirEntry, err error) error {
				if err == nil && d.Type().IsRegular() {
					places[strings.TrimPrefix(path, state)], err = os.ReadFile(path)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			letters := 0
			for place, content := range places {
				if strings.Contains(place, "dead") {
					letters++
				}
				for i, secret := range secrets {
					if at := bytes.Index(content, []byte(secret)); at >= 0 {
						t.Errorf("%s: secret %d (%s) in %q", place, i, secretsInLogs[i%len(secretsInLogs)], content[max(0, at-80):min(len(content), at+40)])
					}
				}
			}
			if status != 200 && letters == 0 {
				t.Errorf("no dead letters among %d files", len(places))
			}
		})
	}
}

// leakRun runs the agent once over log and returns what it said.
func leakRun(t *testing.T, dir, url, log string) []byte {
	t.Helper()
	path := filepath.Join(dir, "app.log")
	if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := shipper.ParseDSN(strings.Replace(url, "://", "://0123456789abcdef0123456789abcdef@", 1) + "/1")
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.StateDir, cfg.Delivery.Compression = filepath.Join(dir, "state"), "none"
	src := config.DefaultSource()
	src.Name, src.Paths = "app", []string{path}
	cfg.Sources = []config.Source{src}
	var said bytes.Buffer
	a, err := New(cfg, []shipper.DSN{d}, Options{Once: true, Version: "1", Log: slog.New(slog.NewJSONHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Run(t.Context()); err != nil {
		t.Log(err)
	}
	return said.Bytes()
}

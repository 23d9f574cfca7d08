//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/loopback"
)

// secret is what every app puts into its exception; it must arrive nowhere.
var secret = "tr0ub4dor" + "-and-3"

// app is a real program with a log file of its own.
type app struct {
	name    string
	command func(cache, port, log string) *exec.Cmd
	request string
	want    want
}

// want is what its event must say.
type want struct {
	platform, typ, module, value string
	cause                        string
	crash                        string // function of the frame that threw
	file                         string
	line                         int
}

var apps = []app{
	{
		name: "flask",
		command: func(cache, port, log string) *exec.Cmd {
			c := exec.Command(filepath.Join(cache, "venv/bin/gunicorn"), "--bind", "127.0.0.1:"+port, "--error-logfile", log, "--capture-output", "wallet:app")
			c.Dir = "apps/flask"
			return c
		},
		request: "/pay?w=w-404",
		want: want{platform: "python", typ: "InsufficientFunds", module: "wallet", value: "no wallet w-404 for login password=[Filtered]",
			cause: "KeyError", crash: "debit", file: "wallet.py", line: 18},
	},
	{
		name: "express",
		command: func(cache, port, log string) *exec.Cmd {
			script, _ := filepath.Abs("apps/express/app.js")
			c := exec.Command("node", script, port, log)
			c.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(cache, "express/node_modules"))
			return c
		},
		request: "/pay?user=8912",
		want: want{platform: "node", typ: "RangeError", value: "charge failed, token=[Filtered]",
			cause: "TypeError", file: "app.js", line: 19},
	},
	{
		name: "java",
		command: func(cache, port, log string) *exec.Cmd {
			return exec.Command("java", "-cp", filepath.Join(cache, "java"), "PayService", port, log)
		},
		request: "/pay?w=w-404",
		want: want{platform: "java", typ: "PayService$LedgerException",
			value: "charge of w-404 failed: jdbc:postgresql://db/pay?user=app&password=[Filtered]",
			cause: "NullPointerException", crash: "charge", file: "PayService.java", line: 27},
	},
}

func TestRealPrograms(t *testing.T) {
	cache := os.Getenv("E2E_CACHE")
	if cache == "" {
		t.Fatal("E2E_CACHE is not set; run ./e2e/run")
	}
	receiver := loopback.New(t)
	dir := t.TempDir()
	bin := filepath.Join(dir, "tracetail")
	if out, err := exec.Command("go", "build", "-o", bin, "../cmd/tracetail").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	logs := filepath.Join(dir, "logs")
	if err := os.Mkdir(logs, 0o755); err != nil {
		t.Fatal(err)
	}
	start(t, exec.Command(bin, "run", "--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state"),
		"--environment", "e2e", "--release", "apps@1.0", "--tag", "team=payments", filepath.Join(logs, "*.log")))
	for _, a := range apps {
		port := freePort(t)
		cmd := a.command(cache, port, filepath.Join(logs, a.name+".log"))
		if cmd.Env == nil {
			cmd.Env = os.Environ()
		}
		cmd.Env = append(cmd.Env, "DEMO_SECRET="+secret)
		start(t, cmd)
		await(t, "http://127.0.0.1:"+port+"/health")
		post(t, "http://127.0.0.1:"+port+a.request)
	}
	events := receiver.Wait(20*time.Second, func(es []event.Event) bool { return len(es) >= len(apps) })
	for _, a := range apps {
		check(t, a, events, filepath.Join(logs, a.name+".log"))
	}
	for _, raw := range receiver.Raw() {
		if strings.Contains(string(raw), secret) {
			t.Errorf("the secret arrived: %s", raw)
		}
	}
}

func check(t *testing.T, a app, events []event.Event, log string) {
	t.Helper()
	var of []event.Event
	for _, e := range events {
		if e.Extra["log.file"] == log {
			of = append(of, e)
		}
	}
	if len(of) != 1 {
		t.Fatalf("%s: %d events, want 1: %+v", a.name, len(of), of)
	}
	e, w := of[0], a.want
	if e.Platform != w.platform || e.Environment != "e2e" || e.Release != "apps@1.0" || e.Tags["team"] != "payments" {
		t.Errorf("%s: platform %q, environment %q, release %q, tags %v", a.name, e.Platform, e.Environment, e.Release, e.Tags)
	}
	if e.Exception == nil || len(e.Exception.Values) != 2 {
		t.Fatalf("%s: want a cause and an exception, got %+v", a.name, e.Exception)
	}
	cause, x := e.Exception.Values[0], e.Exception.Values[1]
	if cause.Type != w.cause || x.Type != w.typ || x.Module != w.module || x.Value != w.value {
		t.Errorf("%s: %s <- %s (module %q): %q, want %+v", a.name, cause.Type, x.Type, x.Module, x.Value, w)
	}
	if x.Stacktrace == nil {
		t.Fatalf("%s: no frames", a.name)
	}
	f := x.Stacktrace.Frames[len(x.Stacktrace.Frames)-1]
	if w.crash != "" && f.Function != w.crash || filepath.Base(f.Filename) != w.file || f.Lineno != w.line {
		t.Errorf("%s: crashed in %s at %s:%d, want %+v", a.name, f.Function, f.Filename, f.Lineno, w)
	}
}

// start runs a program until the test ends.
func start(t *testing.T, c *exec.Cmd) {
	t.Helper()
	out := &strings.Builder{}
	c.Stdout, c.Stderr = out, out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		done := time.AfterFunc(10*time.Second, func() { c.Process.Kill() })
		c.Wait()
		done.Stop()
		if t.Failed() {
			t.Logf("%s printed:\n%s", c.Path, out)
		}
	})
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// await asks until the app answers; a JVM takes its time.
func await(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s does not answer", url)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func post(t *testing.T, url string) {
	t.Helper()
	resp, err := http.Post(url, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("%s answered %d, want 500", url, resp.StatusCode)
	}
}

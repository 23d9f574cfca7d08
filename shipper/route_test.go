package shipper

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/shipper/spool"
)

func TestRouteTakes(t *testing.T) {
	ev := &event.Event{Level: event.Error, Logger: "com.acme.pay.Wallet", Tags: map[string]string{"team": "payments", "k8s.namespace": "shop-eu"}}
	for _, tt := range []struct {
		name  string
		route Route
		want  bool
	}{
		{"everything", Route{}, true},
		{"source", Route{Sources: []string{"web", "pay-*"}}, true},
		{"another source", Route{Sources: []string{"web"}}, false},
		{"level below", Route{Level: "warning"}, true},
		{"its level", Route{Level: "error"}, true},
		{"level above", Route{Level: "fatal"}, false},
		{"logger above", Route{Loggers: []string{"com.acme"}}, true},
		{"the logger", Route{Loggers: []string{"com.acme.pay.Wallet"}}, true},
		{"a logger whose name begins alike", Route{Loggers: []string{"com.acme.pa"}}, false},
		{"tag", Route{Tags: map[string]string{"k8s.namespace": "shop-*"}}, true},
		{"tag of another value", Route{Tags: map[string]string{"team": "shipping"}}, false},
		{"tag that is not there", Route{Tags: map[string]string{"region": "*"}}, false},
		{"all of it", Route{Sources: []string{"pay*"}, Level: "info", Loggers: []string{"com"}, Tags: map[string]string{"team": "payments"}}, true},
		{"all but one", Route{Sources: []string{"pay*"}, Level: "info", Loggers: []string{"org"}, Tags: map[string]string{"team": "payments"}}, false},
	} {
		if got := tt.route.Takes("pay-eu-1", ev); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestLikeIsWhatItSays(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("ab*")), 0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		pattern, text := letters.Draw(t, "pattern"), strings.ReplaceAll(letters.Draw(t, "text"), "*", "")
		want := regexp.MustCompile("^" + strings.ReplaceAll(pattern, "*", ".*") + "$").MatchString(text)
		if got := like(pattern, text); got != want {
			t.Fatalf("like(%q, %q) = %v", pattern, text, got)
		}
	})
}

func TestDestinationValidate(t *testing.T) {
	good := "https://" + testKey + "@h/1"
	for key, d := range map[string]Destination{
		"dsn":         {},
		"dsn: ":       {DSN: "https://h/1"},
		"set either":  {DSN: good, DSNFile: "x"},
		"server":      {DSN: good, Server: "loki"},
		"match.level": {DSN: good, Match: Route{Level: "loud"}},
	} {
		if err := d.Validate(); err == nil || !strings.Contains(err.Error(), key) || strings.Contains(err.Error(), testKey) {
			t.Errorf("%s: %v", key, err)
		}
	}
	file := filepath.Join(t.TempDir(), "dsn")
	if err := os.WriteFile(file, []byte(good+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, d := range []Destination{{DSN: good, Server: "bugsink"}, {DSNFile: file, Match: Route{Level: "warning"}}} {
		if dsn, err := d.Resolve(); d.Validate() != nil || err != nil || dsn.String() != "h/1" {
			t.Errorf("%+v: %v %v", d, d.Validate(), err)
		}
	}
	if _, err := (Destination{Name: "pay", DSNFile: file + "x"}).Resolve(); err == nil || !strings.Contains(err.Error(), "destination pay") {
		t.Errorf("no file: %v", err)
	}
}

// Nothing is kept for a mirror that is away, and the other destination gets everything.
func TestMirrorNeverHoldsAnythingUp(t *testing.T) {
	s, mirror := newSink(t), newSink(t, status(503, ""))
	cfg := quickConfig(t.TempDir())
	cfg.Destinations = map[DSN]Destination{mirror.dsn(t): {Server: "spotlight"}}
	o := openTest(t, cfg, s.dsn(t), mirror.dsn(t))
	running(t, o)
	commit(t, o, mirror.dsn(t), 0, 20)
	commit(t, o, s.dsn(t), 0, 20)
	drained(t, o)
	wantEach(t, s.ids(20), 0, 20)
	rep := o.Report().Destinations[1]
	if rep.Pending != 0 || rep.Sent+rep.Dropped[NetworkError] != 20 || rep.Dropped[NetworkError] == 0 {
		t.Errorf("mirror: %+v", rep)
	}
}

// TestPresetsKeepReportsFromServersWithoutThem: Bugsink takes events only.
func TestPresetsKeepReportsFromServersWithoutThem(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	cfg.Destinations = map[DSN]Destination{s.dsn(t): {Server: "bugsink"}}
	o := openTest(t, cfg, s.dsn(t))
	o.Discard(DSN{}, BeforeSend, CategoryError, 3)
	o.chores(t.Context())
	if len(s.got) != 0 {
		t.Error("a client report was sent")
	}
}

// TestBrokenDestinationDoesNotFillTheBuffer: what one destination cannot take
// leaves room for the others, and is counted.
func TestBrokenDestinationDoesNotFillTheBuffer(t *testing.T) {
	s := newSink(t)
	gone := mustDSN(t, "http://"+testKey+"@127.0.0.1:1/2")
	cfg := quickConfig(t.TempDir())
	cfg.Buffer.MaxBytes, cfg.Buffer.MinFreeBytes = 4<<20, -1
	o := openTest(t, cfg, s.dsn(t), gone)
	running(t, o)
	const n = 200
	encode := encoder(t)
	for i := range n {
		e := crash(i)
		e.Exception.Values[0].Value = strings.Repeat("x", 8000)
		e.LogEntry = &event.LogEntry{Message: strings.Repeat("y", 8000), Formatted: strings.Repeat("y", 8000)}
		envs := []Envelope{encode(e, s.dsn(t)), encode(e, gone)}
		for o.Commit(envs, []spool.Mark{{Key: "k", Value: []byte{byte(i)}}}) != nil {
			if err := o.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantEach(t, s.ids(n), 0, n)
	for o.Report().Destinations[0].Pending > 0 { // the last answer may still be on its way
		await(t.Context(), o.settled.listen(), 10*time.Millisecond)
	}
	rep := o.Report()
	if d := rep.Destinations[1]; d.Dropped[CacheOverflow] == 0 || d.Pending+d.Dropped[CacheOverflow] != n || d.Pending == 0 {
		t.Errorf("broken destination: %+v", d)
	}
	if d := rep.Destinations[0]; d.Sent != n || len(d.Dropped) != 0 {
		t.Errorf("good destination: %+v", d)
	}
}

package shipper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// openTest opens an outbox whose client repeats without delay.
func openTest(t testing.TB, cfg Config, dsns ...DSN) *Outbox {
	t.Helper()
	c, err := newClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.http.RetryWaitMin, c.http.RetryWaitMax = 0, 0
	t.Cleanup(c.http.HTTPClient.CloseIdleConnections)
	o, err := open(cfg, dsns, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

// running runs o until the returned function is called.
func running(t testing.TB, o *Outbox) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := o.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	stop = sync.OnceFunc(func() { cancel(); wg.Wait() })
	t.Cleanup(stop)
	return stop
}

func commit(t testing.TB, o *Outbox, d DSN, from, to int) {
	t.Helper()
	var envs []Envelope
	for n := from; n < to; n++ {
		envs = append(envs, mustEncode(t, crash(n), d))
	}
	if err := o.Commit(envs, []spool.Mark{{Key: "app.log", Value: fmt.Append(nil, to)}}); err != nil {
		t.Fatal(err)
	}
}

func drained(t testing.TB, o *Outbox) {
	t.Helper()
	if err := o.Drained(t.Context()); err != nil {
		t.Fatalf("Drained: %v", err)
	}
}

// ids takes n deliveries of events and counts them by id.
func (s *sink) ids(n int) map[string]int {
	ids := map[string]int{}
	for range n {
		if d := <-s.got; d.kind == "event" {
			ids[d.id]++
		}
	}
	return ids
}

func wantEach(t *testing.T, ids map[string]int, from, to int) {
	t.Helper()
	for n := from; n < to; n++ {
		if ids[eventID(n)] == 0 {
			t.Errorf("event %d did not arrive", n)
		}
	}
}

func TestOutboxDelivers(t *testing.T) {
	s := newSink(t)
	o := openTest(t, quickConfig(t.TempDir()), s.dsn(t))
	running(t, o)
	commit(t, o, s.dsn(t), 0, 50)
	drained(t, o)
	ids := s.ids(50)
	wantEach(t, ids, 0, 50)
	if len(ids) != 50 || len(s.got) != 0 {
		t.Errorf("%d ids, %d deliveries too many", len(ids), len(s.got))
	}
	rep := o.Report().Destinations[0]
	if rep.Sent != 50 || rep.Pending != 0 || rep.State != StateOK || rep.LastAnswer != `200 OK: {"id":"00"}` || rep.LastSentAt.IsZero() {
		t.Errorf("report %+v", rep)
	}
	if marks := o.Marks(); len(marks) != 1 || string(marks[0].Value) != "50" {
		t.Errorf("marks %q", marks)
	}
}

func TestOutboxSurvivesARestart(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	now := noon
	cfg.Now = func() time.Time { return now }
	first := openTest(t, cfg, s.dsn(t))
	commit(t, first, s.dsn(t), 0, 10)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(48 * time.Hour)
	second := openTest(t, cfg, s.dsn(t))
	if marks := second.Marks(); len(marks) != 1 || string(marks[0].Value) != "10" {
		t.Errorf("marks %q", marks)
	}
	running(t, second)
	drained(t, second)
	for range 10 {
		if d := <-s.got; d.sentAt != "2026-05-03T12:00:00.000000Z" || !strings.Contains(d.payload, `"timestamp":"2026-05-01T12:00:00.000000Z"`) {
			t.Errorf("sent_at %s", d.sentAt)
		}
	}
}

func TestOutboxOutlivesAnOutage(t *testing.T) {
	torn := []http.HandlerFunc{hangUp(""), hangUp("HTTP/1.1 200"), status(503, ""), status(502, ""), hangUp(""), status(500, ""), status(504, ""), status(429, "", "Retry-After: 0")}
	s := newSink(t, torn...)
	o := openTest(t, quickConfig(t.TempDir()), s.dsn(t))
	running(t, o)
	commit(t, o, s.dsn(t), 0, 20)
	drained(t, o)
	wantEach(t, s.ids(len(s.got)), 0, 20)
	if rep := o.Report(); rep.Destinations[0].Sent != 20 || rep.DeadLetters != 0 {
		t.Errorf("report %+v", rep)
	}
}

func TestOutboxWaitsForAServerToAppear(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	d := mustDSN(t, "http://"+testKey+"@"+address+"/42")
	said := make(chan string, 100)
	cfg := quickConfig(t.TempDir())
	cfg.Log = slog.New(slog.NewTextHandler(lines(said), nil))
	o := openTest(t, cfg, d)
	running(t, o)
	commit(t, o, d, 0, 5)
	if line := <-said; !strings.Contains(line, "deliveries wait") || !strings.Contains(line, "connection refused") {
		t.Errorf("the log says %s", line)
	}
	if rep := o.Report().Destinations[0]; rep.State != StateAway || rep.Pending != 5 {
		t.Errorf("report %+v", rep)
	}
	got := make(chan string, 10)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		d, err := readDelivery(r)
		if err != nil {
			t.Error(err)
		}
		got <- d.id
	}))
	if server.Listener, err = net.Listen("tcp", address); err != nil {
		t.Skip("somebody else took the port")
	}
	server.Start()
	defer server.Close()
	drained(t, o)
	if len(got) != 5 {
		t.Errorf("%d deliveries", len(got))
	}
}

// lines is a writer for a log handler: one write, one line.
type lines chan string

func (l lines) Write(p []byte) (int, error) { l <- string(p); return len(p), nil }

func TestOutboxDestinationsAreIndependent(t *testing.T) {
	refuse := make([]http.HandlerFunc, 100)
	for i := range refuse {
		refuse[i] = status(401, "no")
	}
	good, bad := newSink(t), newSink(t, refuse...)
	o := openTest(t, quickConfig(t.TempDir()), good.dsn(t), bad.dsn(t))
	running(t, o)
	commit(t, o, bad.dsn(t), 0, 10)
	commit(t, o, good.dsn(t), 10, 30)
	wantEach(t, good.ids(20), 10, 30)
	err := o.Drained(t.Context())
	if !errors.Is(err, ErrPaused) || !strings.Contains(err.Error(), bad.dsn(t).String()) || !strings.Contains(err.Error(), "refuses the key") {
		t.Errorf("Drained: %v", err)
	}
	rep := o.Report()
	if rep.Destinations[0].Sent != 20 || rep.Destinations[1].Pending != 10 || rep.Destinations[1].State != StatePaused {
		t.Errorf("report %+v", rep)
	}
}

func TestOutboxResendsADeadLetter(t *testing.T) {
	s := newSink(t, status(200, ""), status(400, "schema: hun"+"ter2"))
	cfg := quickConfig(t.TempDir())
	cfg.Senders = 1
	o := openTest(t, cfg, s.dsn(t))
	running(t, o)
	commit(t, o, s.dsn(t), 0, 2)
	drained(t, o)
	s.ids(2)
	letters := mustList(t, cfg.Dir)
	if len(letters) != 1 || letters[0].EventID != eventID(1) || letters[0].Answer != "400 Bad Request: schema: [Filtered]" || o.Report().DeadLetters != 1 {
		t.Fatalf("letters %+v", letters)
	}
	if err := o.Resend(letters[0]); err != nil {
		t.Fatal(err)
	}
	drained(t, o)
	if again := <-s.got; again.id != eventID(1) || again.item+"\n"+again.payload != string(mustEncode(t, crash(1), s.dsn(t)).item) {
		t.Errorf("sent again: %+v", again)
	}
	if letters := mustList(t, cfg.Dir); len(letters) != 0 || o.Report().DeadLetters != 0 {
		t.Errorf("%d letters left", len(letters))
	}
}

func TestOutboxRemembersLimits(t *testing.T) {
	s := newSink(t, status(429, "", "X-Sentry-Rate-Limits: 3600:error:organization"))
	cfg := quickConfig(t.TempDir())
	cfg.Senders = 1
	now := noon
	cfg.Now = func() time.Time { return now }
	first := openTest(t, cfg, s.dsn(t))
	stop := running(t, first)
	commit(t, first, s.dsn(t), 0, 1)
	<-s.got
	stop()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	second := openTest(t, cfg, s.dsn(t))
	rep := second.Report().Destinations[0]
	if rep.State != StateLimited || !rep.Until.Equal(noon.Add(time.Hour)) || rep.Pending != 1 {
		t.Errorf("after a restart: %+v", rep)
	}
	if marks := second.Marks(); len(marks) != 1 || marks[0].Key != "app.log" {
		t.Errorf("the outbox shows its own marks: %q", marks)
	}
	_ = second.Close()
	now = now.Add(2 * time.Hour)
	third := openTest(t, cfg, s.dsn(t))
	if rep := third.Report().Destinations[0]; rep.State != StateOK {
		t.Errorf("after the limit: %+v", rep)
	}
}

func TestCommitRefuses(t *testing.T) {
	o := openTest(t, quickConfig(t.TempDir()))
	if err := o.Commit([]Envelope{{}}, nil); err == nil {
		t.Error("an envelope that was not encoded was stored")
	}
	if err := o.Commit(nil, []spool.Mark{{Key: ownMark + "x"}}); err == nil {
		t.Error("a reserved mark was stored")
	}
	if err := o.Commit(nil, nil); err != nil {
		t.Errorf("nothing to commit: %v", err)
	}
}

func TestRunWithoutDestinations(t *testing.T) {
	o := openTest(t, quickConfig(t.TempDir()))
	stop := running(t, o)
	drained(t, o)
	stop()
}

func TestRunEndsWithTheSpool(t *testing.T) {
	o := openTest(t, quickConfig(t.TempDir()), anywhere)
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if err := o.Run(t.Context()); !errors.Is(err, spool.ErrClosed) {
		t.Errorf("Run: %v", err)
	}
}

func TestForget(t *testing.T) {
	var log bytes.Buffer
	cfg := quickConfig(t.TempDir())
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	o := openTest(t, cfg, anywhere)
	commit(t, o, anywhere, 0, 3)
	if n, err := o.Forget(anywhere.Key()); err == nil || n != 0 {
		t.Errorf("forgot %d of a destination in use: %v", n, err)
	}
	_ = o.Close()
	o = openTest(t, cfg)
	if !strings.Contains(log.String(), "not configured any more") {
		t.Errorf("the log says %s", &log)
	}
	if n, err := o.Forget(anywhere.Key()); err != nil || n != 3 {
		t.Errorf("forgot %d: %v", n, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	if _, err := Open(DefaultConfig(), nil); err == nil || !strings.Contains(err.Error(), "state directory") {
		t.Errorf("no directory: %v", err)
	}
	if _, err := Open(Config{Dir: t.TempDir()}, nil); err == nil || !strings.Contains(err.Error(), "senders") {
		t.Errorf("the zero config: %v", err)
	}
	cfg := quickConfig(t.TempDir())
	o, err := Open(cfg, []DSN{anywhere, anywhere, {}})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if n := len(o.Report().Destinations); n != 1 {
		t.Errorf("one DSN given twice makes %d destinations", n)
	}
	var locked *spool.LockedError
	if _, err := Open(cfg, nil); !errors.As(err, &locked) {
		t.Errorf("opened twice: %v", err)
	}
}

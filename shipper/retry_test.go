package shipper

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// lettersOf leaves the letters of events 1 to n in a state directory.
func lettersOf(t *testing.T, cfg Config, d DSN, n int) []DeadLetter {
	t.Helper()
	graves := openGraves(t, cfg.Dir, cfg.Dead)
	for i := 1; i <= n; i++ {
		l := letter(i)
		l.Dest, l.Destination = d.Key(), d.String()
		if _, err := graves.bury(l, mustEncode(t, crash(i), d).item); err != nil {
			t.Fatal(err)
		}
	}
	return mustList(t, cfg.Dir)
}

func TestAskedLettersAreSentAtTheStart(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	letters := lettersOf(t, cfg, s.dsn(t), 3)
	for _, l := range letters[:2] {
		if err := AskRetry(cfg.Dir, l, DSN{}); err != nil {
			t.Fatal(err)
		}
	}
	if again := mustList(t, cfg.Dir); len(again) != 3 || !again[0].Asked || again[2].Asked {
		t.Errorf("listed %+v", again)
	}
	o := openTest(t, cfg, s.dsn(t))
	if o.Report().DeadLetters != 1 {
		t.Errorf("%d letters counted", o.Report().DeadLetters)
	}
	running(t, o)
	wantEach(t, s.ids(2), 1, 3)
	if left := mustList(t, cfg.Dir); len(left) != 1 || left[0].EventID != eventID(3) {
		t.Errorf("left %+v", left)
	}
}

// A letter may go to another destination: the key was wrong, or was changed.
func TestAskRetryElsewhere(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	old := mustDSN(t, "https://"+testKey+"@old.example.com/1")
	l := lettersOf(t, cfg, old, 1)[0]
	if err := AskRetry(cfg.Dir, l, s.dsn(t)); err != nil {
		t.Fatal(err)
	}
	if got := mustList(t, cfg.Dir); len(got) != 1 || got[0].Destination != s.dsn(t).String() {
		t.Fatalf("letters %+v", got)
	}
	running(t, openTest(t, cfg, s.dsn(t)))
	wantEach(t, s.ids(1), 1, 2)
}

func TestAskedLettersForOthersWait(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	old := mustDSN(t, "https://"+testKey+"@old.example.com/1")
	l := lettersOf(t, cfg, old, 1)[0]
	if err := AskRetry(cfg.Dir, l, DSN{}); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(DeadDir(cfg.Dir), "x"+retrySuffix)
	if err := os.WriteFile(broken, []byte("no letter"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := openTest(t, cfg, s.dsn(t))
	o.resendAsked()
	if got := mustList(t, cfg.Dir); len(got) != 1 || !got[0].Asked {
		t.Errorf("letters %+v", got)
	}
	if _, err := os.Stat(strings.TrimSuffix(broken, retrySuffix) + deadSuffix); err != nil {
		t.Errorf("what cannot be read is not set aside: %v", err)
	}
}

func TestLeave(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	v := mustEncode(t, crash(7), s.dsn(t))
	if err := Leave(cfg.Dir, v, mustDSN(t, "https://"+testKey+"@h/1"), "", noon); err == nil {
		t.Error("left for another destination than it was encoded for")
	}
	if err := Leave(cfg.Dir, v, s.dsn(t), "no answer", noon); err != nil {
		t.Fatal(err)
	}
	running(t, openTest(t, cfg, s.dsn(t)))
	if d := <-s.got; d.id != eventID(7) || d.item+"\n"+d.payload != string(v.item) {
		t.Errorf("sent %+v", d)
	}
}

func TestRedirect(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	old := mustDSN(t, "https://"+testKey+"@old.example.com/1")
	first := openTest(t, cfg, old)
	for n := range 3 {
		commit(t, first, old, n*300, n*300+300)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	o := openTest(t, cfg, s.dsn(t))
	if strays := o.Strays(); len(strays) != 1 || strays[old.Key()] != 900 {
		t.Fatalf("strays %v", strays)
	}
	if _, err := o.Redirect(s.dsn(t).Key(), s.dsn(t)); err == nil {
		t.Error("redirected from a destination in use")
	}
	if _, err := o.Redirect(old.Key(), old); err == nil {
		t.Error("redirected to a destination not in use")
	}
	if moved, err := o.Redirect(old.Key(), s.dsn(t)); moved != 900 || err != nil {
		t.Fatalf("moved %d: %v", moved, err)
	}
	running(t, o)
	drained(t, o)
	ids := s.ids(900)
	wantEach(t, ids, 0, 900)
	if len(ids) != 900 || len(o.Strays()) != 0 {
		t.Errorf("%d ids, strays %v", len(ids), o.Strays())
	}
}

func TestLook(t *testing.T) {
	cfg := quickConfig(t.TempDir())
	look := func() (all []Stored) {
		t.Helper()
		if err := Look(cfg.Dir, func(s Stored) error { all = append(all, s); return nil }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if got := look(); got != nil {
		t.Errorf("in no directory: %v", got)
	}
	s := newSink(t)
	o := openTest(t, cfg, s.dsn(t))
	commit(t, o, s.dsn(t), 0, 2)
	got := look()
	if len(got) != 2 || got[0].EventID != eventID(0) || got[0].Kind != "event" || got[0].Delivered || !strings.HasPrefix(string(got[0].Payload), `{"event_id":"`+eventID(0)) || strings.Contains(string(got[0].Payload), "\n") {
		t.Errorf("got %+v", got)
	}
	running(t, o)
	drained(t, o)
	for _, one := range look() {
		if !one.Delivered {
			t.Errorf("still waits: %+v", one)
		}
	}
}

// A limit is stored when it is set, not when the agent stops: kill -9 must not
// make the next start hammer a server that asked for quiet.
func TestLimitsSurviveAKill(t *testing.T) {
	s := newSink(t, status(429, "", "X-Sentry-Rate-Limits: 3600:error:organization"))
	cfg := quickConfig(t.TempDir())
	cfg.Now = func() time.Time { return noon }
	o := openTest(t, cfg, s.dsn(t))
	running(t, o)
	commit(t, o, s.dsn(t), 0, 1)
	<-s.got
	stored := func() (found bool) {
		for _, m := range o.spool.Marks() {
			found = found || strings.HasPrefix(m.Key, ownMark+"limits/")
		}
		return found
	}
	for !stored() {
		if err := pauseFor(t, o); err != nil {
			t.Fatal(err)
		}
	}
}

// pauseFor lets the outbox go on.
func pauseFor(t *testing.T, o *Outbox) error {
	t.Helper()
	await(t.Context(), o.limited.listen(), time.Millisecond)
	return t.Context().Err()
}

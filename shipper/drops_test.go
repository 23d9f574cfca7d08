package shipper

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

func TestOutboxCountsWhatTheSpoolDrops(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	now := noon
	cfg.Now = func() time.Time { return now }
	o := openTest(t, cfg, s.dsn(t))
	commit(t, o, s.dsn(t), 0, 3)
	now = now.Add(cfg.Buffer.MaxAge + time.Hour)
	commit(t, o, s.dsn(t), 3, 5)
	stop := running(t, o)
	drained(t, o)
	stop() // sends a last client report
	ids, reports := map[string]int{}, []string{}
	for range len(s.got) {
		if d := <-s.got; d.kind == "event" {
			ids[d.id]++
		} else {
			reports = append(reports, d.payload)
		}
	}
	if len(ids) != 2 || len(reports) != 1 || !strings.Contains(reports[0], `{"reason":"cache_overflow","category":"error","quantity":3}`) {
		t.Errorf("events %v, reports %q", ids, reports)
	}
	if rep := o.Report().Destinations[0]; rep.Dropped[CacheOverflow] != 3 {
		t.Errorf("report %+v", rep)
	}
}

// A full buffer asks its caller to wait, and says when there is room again.
func TestOutboxBlocksWhenFull(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	cfg.Buffer.MaxBytes = 4 << 20
	o := openTest(t, cfg, s.dsn(t))
	v := mustEncode(t, crash(1), s.dsn(t))
	batch := make([]Envelope, 100)
	for i := range batch {
		batch[i] = v
	}
	stored := 0
	err := o.Commit(batch, nil)
	for ; err == nil; err = o.Commit(batch, nil) {
		stored += len(batch)
	}
	if !errors.Is(err, spool.ErrFull) || stored*v.Size() > 4<<20 || stored*v.Size() < 2<<20 {
		t.Fatalf("%d events stored: %v", stored, err)
	}
	running(t, o)
	if err := o.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := o.Commit(batch, nil); err != nil {
		t.Errorf("after waiting: %v", err)
	}
	drained(t, o)
	if n := len(s.got); n != stored+len(batch) {
		t.Errorf("%d of %d arrived", n, stored+len(batch))
	}
}

func TestDiscardIsReported(t *testing.T) {
	one, two := newSink(t), newSink(t)
	o := openTest(t, quickConfig(t.TempDir()), one.dsn(t), two.dsn(t))
	o.Discard(DSN{}, SampleRate, CategoryError, 2)
	o.Discard(two.dsn(t), EventProcessor, CategoryError, 1)
	running(t, o)() // the last chores send what there is to tell
	for s, want := range map[*sink]string{
		one: `[{"reason":"sample_rate","category":"error","quantity":2}]`,
		two: `[{"reason":"sample_rate","category":"error","quantity":2},{"reason":"event_processor","category":"error","quantity":1}]`,
	} {
		if d := <-s.got; d.kind != "client_report" || !strings.Contains(d.payload, want) || d.id == "" {
			t.Errorf("%s %s, want %s", d.kind, d.payload, want)
		}
	}
}

func TestClientReportsCanBeSwitchedOff(t *testing.T) {
	s := newSink(t)
	cfg := quickConfig(t.TempDir())
	cfg.SendClientReports = false
	o := openTest(t, cfg, s.dsn(t))
	o.Discard(s.dsn(t), SampleRate, CategoryError, 2)
	running(t, o)()
	if len(s.got) != 0 {
		t.Error("a report was sent")
	}
}

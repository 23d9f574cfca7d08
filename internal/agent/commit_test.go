package agent

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper"
	"github.com/tracetail/tracetail/shipper/spool"
)

// frames is a store that remembers what was committed, and fails when told to.
type frames struct {
	mu    sync.Mutex
	fail  int // so many commits fail first
	tries int
	took  time.Duration // a commit takes so long, as a sync of the disk does
	items []int         // envelopes of each frame
	marks map[string]string
}

func (f *frames) Commit(envs []shipper.Envelope, marks []spool.Mark) error {
	time.Sleep(f.took)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries++
	if f.fail > 0 {
		f.fail--
		return errors.New("no space")
	}
	f.items = append(f.items, len(envs))
	for _, m := range marks {
		f.marks[m.Key] = string(m.Value)
	}
	return nil
}

// seen is what has been committed so far.
func (f *frames) seen() (tries int, items []int, marks map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tries, slices.Clone(f.items), maps.Clone(f.marks)
}

func envelope(t *testing.T) shipper.Envelope {
	t.Helper()
	s, err := scrub.New(scrub.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	d, err := shipper.ParseDSN("https://0123456789abcdef0123456789abcdef@sentry.example.com/1")
	if err != nil {
		t.Fatal(err)
	}
	env, err := shipper.EncodeAs(s.Event(&event.Event{LogEntry: &event.LogEntry{Formatted: "x"}}), d, [16]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func started(ctx context.Context, f *frames) (c *committer, wait func()) {
	f.marks = map[string]string{}
	c = newCommitter(f, slog.New(slog.DiscardHandler))
	var wg sync.WaitGroup
	wg.Go(func() { c.run(ctx) })
	return c, wg.Wait
}

func mark(key, value string) spool.Mark { return spool.Mark{Key: key, Value: []byte(value)} }

func TestAnEventIsStoredAtOnceWithItsMark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &frames{}
		c, wait := started(t.Context(), f)
		c.in <- batch{envelopes: []shipper.Envelope{envelope(t)}, mark: mark("a", "1")}
		synctest.Wait()
		if _, items, marks := f.seen(); len(items) != 1 || items[0] != 1 || marks["a"] != "1" {
			t.Errorf("stored %v, marks %v", items, marks)
		}
		close(c.in)
		wait()
	})
}

func TestMarksAloneWaitForCompany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &frames{}
		c, wait := started(t.Context(), f)
		c.in <- batch{mark: mark("a", "1")}
		c.in <- batch{mark: mark("a", "2")}
		c.in <- batch{mark: mark("b", "1")}
		synctest.Wait()
		if tries, _, _ := f.seen(); tries != 0 {
			t.Error("a mark alone was stored at once")
		}
		time.Sleep(markDelay)
		synctest.Wait()
		if tries, _, marks := f.seen(); tries != 1 || marks["a"] != "2" || marks["b"] != "1" {
			t.Errorf("%d commits, marks %v", tries, marks)
		}
		close(c.in)
		wait()
	})
}

func TestBatchesGatherWhileTheDiskIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &frames{took: 20 * time.Millisecond}
		c, wait := started(t.Context(), f)
		for range 30 {
			c.in <- batch{envelopes: []shipper.Envelope{envelope(t)}}
		}
		close(c.in)
		wait()
		if len(f.items) != 2 || f.items[0]+f.items[1] != 30 {
			t.Errorf("frames of %v envelopes, want two: the first, and what came meanwhile", f.items)
		}
	})
}

func TestAFloodIsStoredAtAPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &frames{}
		c, wait := started(t.Context(), f)
		for range 1000 {
			c.in <- batch{envelopes: []shipper.Envelope{envelope(t)}}
			time.Sleep(100 * time.Microsecond)
		}
		close(c.in)
		wait()
		sum := 0
		for _, k := range f.items {
			sum += k
		}
		if sum != 1000 || len(f.items) > 12 {
			t.Errorf("%d events in %d frames; in 100 ms at most 12 are due", sum, len(f.items))
		}
	})
}

func TestAFailingDiskIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &frames{fail: 5}
		c, wait := started(t.Context(), f)
		c.in <- batch{envelopes: []shipper.Envelope{envelope(t)}, mark: mark("a", "1")}
		close(c.in)
		wait()
		if f.tries != 6 || len(f.items) != 1 || f.marks["a"] != "1" {
			t.Errorf("%d tries, stored %v", f.tries, f.items)
		}
	})
}

func TestStoppingGivesUpOnAFailingDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := &frames{fail: 1 << 30}
		c, wait := started(ctx, f)
		c.in <- batch{envelopes: []shipper.Envelope{envelope(t)}, mark: mark("a", "1")}
		synctest.Wait()
		cancel()
		close(c.in)
		wait()
		if len(f.items) != 0 || len(f.marks) != 0 {
			t.Error("something was stored after all")
		}
	})
}

func TestALargeBatchIsStoredInPortions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &frames{}
		c, wait := started(t.Context(), f)
		var many []shipper.Envelope
		e := envelope(t)
		n := 3*frameBytes/e.Size() + 1
		for range n {
			many = append(many, e)
		}
		c.in <- batch{envelopes: many, mark: mark("a", "1")}
		close(c.in)
		wait()
		sum := 0
		for _, k := range f.items {
			sum += k
		}
		if len(f.items) < 3 || sum != n || f.marks["a"] != "1" {
			t.Errorf("%d frames with %d of %d envelopes, marks %v", len(f.items), sum, n, f.marks)
		}
	})
}

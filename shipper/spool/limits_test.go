package spool

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func dirBytes(b *box) (n int64) {
	for _, r := range b.segments {
		n += r.disk
	}
	return n
}

func TestDropOldestGivesUpTheOldestSegmentAndCountsIt(t *testing.T) {
	b := newBox(t, small(t))
	for i := range 300 {
		b.append(items(7, i, 1, 500), mark("m", i))
		if n := dirBytes(b); n > b.opt.MaxBytes {
			t.Fatalf("%d bytes after item %d, limit %d", n, i, b.opt.MaxBytes)
		}
	}
	dropped := b.dropped(ReasonOldest)
	if dropped == 0 || b.Report().PendingItems+dropped != 300 {
		t.Fatalf("%d dropped, %+v", dropped, b.Report())
	}
	b.crash()
	if b.dropped(ReasonOldest) != dropped {
		t.Fatalf("%d dropped before the crash, %d after", dropped, b.dropped(ReasonOldest))
	}
	b.wantMarks(mark("m", 299))
	b.wantNumbers(b.drain(7), upto(int(dropped), 300-int(dropped)))
}

func TestDropsAreCountedByDestinationAndCategory(t *testing.T) {
	opt := small(t)
	opt.Policy = DropNewest
	b := newBox(t, opt)
	for i := range 300 {
		b.append(items(uint64(i%2), i, 1, 500), mark("m", i))
	}
	kept := b.Report().PendingItems
	var sum uint64
	for _, d := range b.Report().Dropped {
		if d.Reason != ReasonNewest || d.Items == 0 || d.Bytes != 500*d.Items {
			t.Fatalf("%+v", d)
		}
		sum += d.Items
	}
	if len(b.Report().Dropped) != 6 || kept == 0 || kept+sum != 300 {
		t.Fatalf("%d kept, drops %+v", kept, b.Report().Dropped)
	}
	b.wantMarks(mark("m", 299)) // marks go on, or the file would be read again for ever
}

func TestMarksGoOnForEverWhileItemsAreRefused(t *testing.T) {
	for _, policy := range []Policy{DropNewest, Block} {
		opt := small(t)
		opt.Policy = policy
		b := newBox(t, opt)
		for i := range 5000 {
			if err := b.Append(items(7, i, 1, 500), []Mark{mark("m", i)}); errors.Is(err, ErrFull) {
				b.append(nil, mark("m", i))
			} else if err != nil {
				t.Fatal(err)
			}
			if n := dirBytes(b); n > b.opt.MaxBytes {
				t.Fatalf("policy %d: %d bytes after %d appends, limit %d", policy, n, i, b.opt.MaxBytes)
			}
		}
		b.crash()
		b.wantMarks(mark("m", 4999))
		n := int(b.Report().PendingItems)
		b.wantNumbers(b.drain(7), upto(0, n))
		b.append(items(7, 0, 1, 500))
	}
}

func TestBlockRefusesAndWaitReturnsWhenSpaceIsFreed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt := small(t)
		opt.Policy = Block
		b := newBox(t, opt)
		n := 0
		for ; ; n++ {
			if err := b.Append(items(7, n, 1, 500), nil); errors.Is(err, ErrFull) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		waited := make(chan error, 1)
		go func() { waited <- b.Wait(t.Context()) }()
		synctest.Wait()
		select {
		case err := <-waited:
			t.Fatalf("did not wait: %v", err)
		default:
		}
		b.release(7, b.take(7, n/2)...)
		if err := <-waited; err != nil {
			t.Fatal(err)
		}
		b.append(items(7, n, 1, 500))
		b.wantNumbers(b.drain(7), upto(n/2, n+1-n/2))
	})
}

func TestWaitEndsWithItsContextAndWithTheSpool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt := small(t)
		opt.Policy, opt.MinFreeBytes = Block, 1
		b := newBox(t, opt)
		b.disk.free = 100
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := b.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		waited := make(chan error)
		go func() { waited <- b.Wait(t.Context()) }()
		synctest.Wait()
		b.Close()
		if err := <-waited; !errors.Is(err, ErrClosed) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestMinFreeBytesStopsGrowth(t *testing.T) {
	for _, policy := range []Policy{DropOldest, DropNewest, Block} {
		opt := small(t)
		opt.Policy, opt.MinFreeBytes = policy, 1<<20
		b := newBox(t, opt)
		for i := range 20 {
			b.append(items(7, i, 1, 500))
		}
		before := len(b.segmentFiles())
		b.disk.free = 1 << 20
		var last error
		for i := 20; i < 60; i++ {
			last = b.Append(items(7, i, 1, 500), []Mark{mark("m", i)})
		}
		if n := len(b.segmentFiles()); n > before+1 {
			t.Fatalf("policy %d: grew from %d to %d segments", policy, before, n)
		}
		switch policy {
		case Block:
			if !errors.Is(last, ErrNoSpace) {
				t.Fatalf("got %v", last)
			}
		case DropNewest:
			if last != nil || b.dropped(ReasonNewest) == 0 {
				t.Fatalf("got %v, %+v", last, b.Report())
			}
			b.wantMarks(mark("m", 59))
		case DropOldest:
			if last != nil || b.dropped(ReasonOldest) == 0 {
				t.Fatalf("got %v, %+v", last, b.Report())
			}
		}
		b.disk.free = 1 << 30
		b.append(items(7, 60, 1, 500), mark("m", 60))
	}
}

func TestDropOldestDoesNotGiveUpTheBacklogForADiskThatStaysFull(t *testing.T) {
	b := newBox(t, small(t))
	for i := range 40 {
		b.append(items(7, i, 1, 500))
	}
	before := b.Report().PendingItems
	b.disk.breaks(func(op, _ string) error {
		if op == "reserve" {
			return syscall.ENOSPC
		}
		return nil
	})
	for range 50 {
		b.Append(items(7, 99, 3, 1000), nil)
	}
	if lost := b.dropped(ReasonOldest); lost == 0 || lost > before/4 {
		t.Fatalf("%d of %d items dropped", lost, before)
	}
}

func TestItemsInTheHandsOfASenderAreNotCountedAsDropped(t *testing.T) {
	b := newBox(t, small(t))
	b.append(items(7, 0, 2, 500))
	held := b.take(7, 2)
	for i := 2; i < 200; i++ {
		b.append(items(7, i, 1, 500))
	}
	if r := b.Report(); r.Destinations[0].Lent != 2 || r.PendingItems+b.dropped(ReasonOldest) != 200 {
		t.Fatalf("%+v", r)
	}
	b.release(7, held[0])
	b.Close() // the other one can no longer be released, and its segment is gone
	b.open()
	if r := b.Report(); r.PendingItems+b.dropped(ReasonOldest) != 199 {
		t.Fatalf("%+v", r)
	}
}

func TestTooLargeIsRefusedWithANameOfItsOwn(t *testing.T) {
	b := newBox(t, small(t))
	long := strings.Repeat("k", MaxKeyBytes+1)
	for name, err := range map[string]error{
		"items":     b.Append(items(7, 0, 1, 5000), nil),
		"key":       b.Append(nil, []Mark{{Key: long, Value: []byte("v")}}),
		"empty key": b.Append(nil, []Mark{{Value: []byte("v")}}),
		"value":     b.Append(nil, []Mark{{Key: "k", Value: []byte(long)}}),
	} {
		if !errors.Is(err, ErrTooLarge) {
			t.Fatalf("%s: got %v", name, err)
		}
	}
	b.append(items(7, 0, 1, 100), mark("m", 1))
	b.wantMarks(mark("m", 1))
}

func TestMarksAreForgottenByAnEmptyValue(t *testing.T) {
	b := newBox(t, small(t))
	b.append(nil, mark("a", 1), mark("b", 2))
	b.append(nil, Mark{Key: "a"}, Mark{Key: "never"})
	b.wantMarks(mark("b", 2))
	b.crash()
	b.wantMarks(mark("b", 2))
}

func TestDestinationsAreBoundedByTheAcknowledgementFile(t *testing.T) {
	opt := small(t)
	opt.AckEvery = 1
	b := newBox(t, opt)
	for d := range MaxDestinations {
		b.append(items(uint64(d), 0, 2, 20))
	}
	err := b.Append(items(99, 0, 1, 20), nil)
	if !errors.Is(err, ErrTooManyDestinations) {
		t.Fatalf("got %v", err)
	}
	for d := range MaxDestinations {
		b.release(uint64(d), b.take(uint64(d), 1)...)
	}
	b.crash()
	for d := range MaxDestinations {
		if _, err := b.Forget(uint64(d)); err != nil {
			t.Fatal(err)
		}
	}
	if n := b.dropped(ReasonForgotten); n != MaxDestinations {
		t.Fatalf("%d forgotten, want %d", n, MaxDestinations)
	}
	// Their segment is the active one, so it has to be left before their slots are free.
	for range 20 {
		b.append(items(0, 0, 1, 500))
	}
	for d := 100; d < 100+MaxDestinations-1; d++ {
		b.append(items(uint64(d), 0, 2, 20))
		b.release(uint64(d), b.take(uint64(d), 1)...)
	}
	b.crash()
	for d := 100; d < 100+MaxDestinations-1; d++ {
		b.wantNumbers(b.drain(uint64(d)), []int{1})
	}
}

func TestForgottenItemsStayForgotten(t *testing.T) {
	b := newBox(t, small(t))
	for i := range 30 {
		b.append(items(uint64(7+i%2), i, 1, 500))
	}
	lent := b.take(7, 2)
	if n, err := b.Forget(7); n != 15 || err != nil {
		t.Fatalf("forgot %d, %v", n, err)
	}
	b.release(7, lent...)
	b.crash()
	b.wantNumbers(b.drain(7), nil)
	if n := len(b.drain(8)); n != 15 {
		t.Fatalf("%d left of the other destination", n)
	}
	if b.dropped(ReasonForgotten) != 15 {
		t.Fatalf("%+v", b.Report())
	}
	b.append(items(7, 50, 1, 20))
	b.wantNumbers(b.drain(7), []int{50})
}

func TestOptionsAreChecked(t *testing.T) {
	for name, opt := range map[string]Options{
		"no directory":   {},
		"tiny segment":   {Dir: "x", SegmentBytes: 10},
		"small budget":   {Dir: "x", SegmentBytes: 1 << 20, MaxBytes: 2 << 20},
		"unknown fsync":  {Dir: "x", Fsync: 9},
		"unknown policy": {Dir: "x", Policy: 9},
		"negative age":   {Dir: "x", MaxAge: -1},
	} {
		if _, err := Open(opt); err == nil || !strings.HasPrefix(err.Error(), "opening spool") {
			t.Fatalf("%s: got %v", name, err)
		}
	}
	if o := DefaultOptions("x"); o.SegmentBytes != 16<<20 || o.MaxBytes != 512<<20 || !slices.Contains([]Fsync{FsyncCommit}, o.Fsync) {
		t.Fatalf("%+v", o)
	}
}

// Whatever happens short of a crash, every item is in exactly one place.
func TestEveryItemIsPendingReleasedOrDropped(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		opt := small(t)
		opt.Policy = Policy(rapid.IntRange(0, 2).Draw(rt, "policy"))
		opt.MaxAge = time.Duration(rapid.IntRange(0, 2).Draw(rt, "hours")) * time.Hour
		b := newBox(t, opt)
		defer b.Close()
		offered, refused, released := 0, 0, uint64(0)
		lent := make(map[uint64][]Entry)
		rt.Repeat(map[string]func(*rapid.T){
			"append": func(rt *rapid.T) {
				dest, n := rapid.Uint64Range(1, 3).Draw(rt, "dest"), rapid.IntRange(1, 6).Draw(rt, "n")
				offered += n
				if err := b.Append(items(dest, offered, n, 500), nil); errors.Is(err, ErrFull) {
					refused += n
				} else if err != nil {
					rt.Fatal(err)
				}
			},
			"take": func(rt *rapid.T) {
				dest := rapid.Uint64Range(1, 3).Draw(rt, "dest")
				lent[dest] = append(lent[dest], b.take(dest, rapid.IntRange(1, 20).Draw(rt, "n"))...)
			},
			"release": func(rt *rapid.T) {
				dest := rapid.Uint64Range(1, 3).Draw(rt, "dest")
				b.release(dest, lent[dest]...)
				lent[dest] = nil
			},
			"forget": func(rt *rapid.T) {
				if _, err := b.Forget(rapid.Uint64Range(1, 3).Draw(rt, "dest")); err != nil {
					rt.Fatal(err)
				}
			},
			"wait": func(rt *rapid.T) { b.clock.add(time.Duration(rapid.IntRange(1, 90).Draw(rt, "minutes")) * time.Minute) },
			"reopen": func(rt *rapid.T) {
				released += b.Report().Released
				b.reopen()
				clear(lent)
			},
			"": func(rt *rapid.T) {
				rep := b.Report()
				var dropped uint64
				for _, d := range rep.Dropped {
					dropped += d.Items
				}
				if got := rep.PendingItems + released + rep.Released + dropped; got != uint64(offered-refused) {
					rt.Fatalf("%d stored, but %d pending, %d released, %d dropped: %+v", offered-refused, rep.PendingItems, released+rep.Released, dropped, rep)
				}
				if n := dirBytes(b); n > opt.MaxBytes {
					rt.Fatalf("%d bytes, limit %d", n, opt.MaxBytes)
				}
			},
		})
	})
}

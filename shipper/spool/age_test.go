package spool

import (
	"testing"
	"time"
)

func TestOldItemsExpire(t *testing.T) {
	opt := small(t)
	opt.MaxAge = time.Hour
	b := newBox(t, opt)
	for i := range 20 {
		b.append(items(7, i, 1, 500))
	}
	b.clock.add(50 * time.Minute)
	b.append(items(7, 20, 2, 50))
	b.clock.add(11 * time.Minute)
	b.wantNumbers(b.drain(7), []int{20, 21})
	if n := b.dropped(ReasonAge); n != 20 {
		t.Fatalf("%d expired, want 20", n)
	}
	b.clock.add(2 * time.Hour)
	b.append(nil, mark("m", 1)) // upkeep: whole segments
	b.reopen()
	if r := b.Report(); r.PendingItems != 0 || r.Segments != 1 {
		t.Fatalf("%+v", r)
	}
}

func TestClockSetBackDoesNoHarm(t *testing.T) {
	opt := small(t)
	opt.MaxAge, opt.AckEvery = time.Hour, 1
	b := newBox(t, opt)
	b.append(items(7, 0, 1, 500), mark("m", 0))
	b.clock.add(-30 * 24 * time.Hour)
	for i := 1; i < 20; i++ {
		b.append(items(7, i, 1, 500), mark("m", i))
	}
	b.clock.add(time.Minute)
	got := b.take(7, 20)
	b.wantNumbers(numbers(got), upto(0, 20))
	b.release(7, got[:10]...)
	if age := b.Report().OldestAge; age < 0 {
		t.Fatalf("age %s", age)
	}
	b.crash()
	b.wantMarks(mark("m", 19))
	b.wantNumbers(b.drain(7), upto(10, 10))
}

func TestClockThatWasNotYetSetExpiresNothing(t *testing.T) {
	opt := small(t)
	opt.MaxAge = time.Hour
	b := newBox(t, opt)
	b.clock.t = time.Unix(100, 0)
	b.append(items(7, 0, 3, 50))
	b.clock.t = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	b.append(nil, mark("m", 0))
	b.wantNumbers(b.drain(7), upto(0, 3))
}

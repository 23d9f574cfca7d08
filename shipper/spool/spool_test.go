package spool

import (
	"testing"
)

func TestItemsComeBackInOrderAndAreGoneOnceReleased(t *testing.T) {
	b := newBox(t, small(t))
	b.append(items(7, 0, 5, 10), mark("a", 5))
	b.append(items(8, 5, 1, 10))
	b.append(items(7, 6, 2, 10), mark("a", 8), mark("b", 1))
	b.wantMarks(mark("a", 8), mark("b", 1))

	got := b.take(7, 100)
	b.wantNumbers(numbers(got), []int{0, 1, 2, 3, 4, 6, 7})
	b.release(7, got...)
	b.wantNumbers(b.drain(8), []int{5})

	b.reopen()
	b.wantMarks(mark("a", 8), mark("b", 1))
	b.wantNumbers(b.drain(7), nil)
	b.wantNumbers(b.drain(8), nil)
}

func TestUnreleasedItemsAreLentAgainAfterReopen(t *testing.T) {
	for name, stop := range map[string]func(*box){"close": (*box).reopen, "crash": (*box).crash} {
		t.Run(name, func(t *testing.T) {
			opt := small(t)
			opt.AckEvery = 1
			b := newBox(t, opt)
			b.append(items(7, 0, 10, 300))
			got := b.take(7, 8)
			b.release(7, got[1], got[3], got[0], got[7])
			stop(b)
			b.wantNumbers(b.drain(7), []int{2, 4, 5, 6, 8, 9})
			stop(b)
			b.wantNumbers(b.drain(7), nil)
		})
	}
}

func TestManySegmentsSurviveReopenAndShrinkWhenDrained(t *testing.T) {
	b := newBox(t, small(t))
	for i := range 20 {
		b.append(items(uint64(7+i%2), i*3, 3, 300), mark("a", i))
	}
	if n := len(b.segmentFiles()); n < 4 {
		t.Fatalf("%d segments, want several", n)
	}
	b.reopen()
	b.wantMarks(mark("a", 19))
	if r := b.Report(); r.PendingItems != 60 || r.Destinations[0].PendingItems != 30 {
		t.Fatalf("pending after reopen: %+v", r)
	}
	if n := len(b.drain(7)); n != 30 {
		t.Fatalf("%d items of 7, want 30", n)
	}
	b.reopen()
	if n := len(b.drain(8)); n != 30 {
		t.Fatalf("%d items of 8, want 30", n)
	}
	if n := len(b.segmentFiles()); n != 1 {
		t.Fatalf("%d segments left after draining, want 1", n)
	}
	b.crash()
	b.wantMarks(mark("a", 19))
}

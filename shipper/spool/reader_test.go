package spool

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestNextWaitsForAnItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(t, small(t))
		got := make(chan Entry)
		go func() {
			e, err := b.Reader(7).Next(t.Context())
			if err != nil {
				t.Error(err)
			}
			got <- e
		}()
		synctest.Wait()
		b.append(items(8, 0, 1, 20))
		synctest.Wait()
		b.append(items(7, 1, 1, 20))
		e := <-got
		if number(e) != 1 || e.Dest != 7 || e.Category != 1 || !e.Appended.Equal(b.clock.now()) || string(e.Payload) != string(item(7, 1, 20).Payload) {
			t.Fatalf("%+v", e)
		}
	})
}

func TestNextEndsWithItsContextAndWithTheSpool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(t, small(t))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		next := func(ctx context.Context) {
			_, err := b.Reader(7).Next(ctx)
			ended <- err
		}
		go next(ctx)
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		go next(t.Context())
		synctest.Wait()
		b.Close()
		if err := <-ended; !errors.Is(err, ErrClosed) {
			t.Fatalf("got %v", err)
		}
		if _, _, err := b.Reader(7).TryNext(); !errors.Is(err, ErrClosed) {
			t.Fatalf("got %v", err)
		}
		if err := b.Append(nil, []Mark{mark("m", 1)}); !errors.Is(err, ErrClosed) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestWindowBoundsWhatIsLentBeyondTheOldestUnreleasedItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt := small(t)
		opt.Window = 4
		b := newBox(t, opt)
		b.append(items(7, 0, 10, 20))
		got := b.take(7, 10)
		b.wantNumbers(numbers(got), upto(0, 4))
		b.release(7, got[1:]...)
		b.wantNumbers(numbers(b.take(7, 10)), nil)
		next := make(chan Entry)
		go func() {
			e, _ := b.Reader(7).Next(t.Context())
			next <- e
		}()
		synctest.Wait()
		b.release(7, got[0])
		if e := <-next; number(e) != 4 {
			t.Fatalf("got item %d, want 4", number(e))
		}
	})
}

func TestAcknowledgementsAreWrittenWithinASecondByWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt := small(t)
		opt.Now = time.Now // the clock of the bubble
		b := newBox(t, opt)
		b.append(items(7, 0, 3, 20))
		b.release(7, b.take(7, 2)...)
		go b.Reader(8).Next(t.Context())
		time.Sleep(2 * time.Second)
		synctest.Wait()
		b.Spool.die()
		b.open()
		b.wantNumbers(b.drain(7), []int{2})
		b.Close()
	})
}

func TestAcknowledgementsAreWrittenAtMostOncePerSecond(t *testing.T) {
	b := newBox(t, small(t))
	b.append(items(7, 0, 50, 20))
	b.append(items(7, 50, 50, 20))
	before := b.disk.count("write")
	for range 50 {
		b.release(7, b.take(7, 1)...)
	}
	if n := b.disk.count("write") - before; n != 0 {
		t.Fatalf("%d writes within the second", n)
	}
	b.clock.add(time.Second)
	for range 50 {
		b.release(7, b.take(7, 1)...)
	}
	if n := b.disk.count("write") - before; n != 1 {
		t.Fatalf("%d writes, want 1", n)
	}
}

func TestReleasesOutOfOrderBeyondTheBitmapAreLentAgainAfterACrash(t *testing.T) {
	opt := small(t)
	opt.AckEvery = 1
	b := newBox(t, opt)
	b.append(items(7, 0, 60, 30))
	b.append(items(7, 60, 60, 30))
	b.append(items(7, 120, 60, 30))
	b.append(items(7, 180, 60, 30))
	b.append(items(7, 240, 60, 30))
	got := b.take(7, 300)
	b.release(7, got[1:]...)
	b.crash()
	again := b.drain(7)
	if again[0] != 0 || len(again) > 300-bitCount+1 || !slices.Equal(again[1:], upto(300-len(again)+1, len(again)-1)) {
		t.Fatalf("lent again: %v", again)
	}
}

func TestReleaseOfUnknownNumbersIsIgnored(t *testing.T) {
	b := newBox(t, small(t))
	b.append(items(7, 0, 3, 20))
	got := b.take(7, 2)
	r := b.Reader(7)
	r.Release(0, 999, got[0].Seq, got[0].Seq)
	r.Release(got[0].Seq)
	b.Reader(8).Release(got[1].Seq)
	if rep := b.Report(); rep.Released != 1 || rep.PendingItems != 2 {
		t.Fatalf("%+v", rep)
	}
}

func TestSecondOpenerIsToldWhoHasTheSpool(t *testing.T) {
	b := newBox(t, small(t))
	_, err := Open(b.opt)
	var locked *LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() || locked.Dir != b.opt.Dir {
		t.Fatalf("got %v", err)
	}
	b.append(items(7, 0, 1, 20))
	b.reopen()
	b.wantNumbers(b.drain(7), []int{0})
}

func TestNumbersOfLostFramesAreNotGivenToNewItems(t *testing.T) {
	// A power cut with FsyncNever: the acknowledgements survive, the youngest frames do not.
	opt := small(t)
	opt.AckEvery = 1
	b := newBox(t, opt)
	b.append(items(7, 0, 2, 20))
	size := b.segments[0].size
	b.append(items(7, 2, 10, 20))
	b.release(7, b.take(7, 12)...)
	b.Spool.die()
	if err := os.Truncate(b.segmentFiles()[0], size); err != nil {
		t.Fatal(err)
	}
	b.open()
	b.append(items(7, 50, 20, 20))
	b.wantNumbers(b.drain(7), upto(50, 20))
}

func TestLostAcknowledgementFileMeansItemsAreLentAgainNotLost(t *testing.T) {
	b := newBox(t, small(t))
	for i := range 20 {
		b.append(items(7, i, 1, 500), mark("m", i))
	}
	b.release(7, b.take(7, 3)...)
	b.Close()
	if err := os.Remove(b.opt.Dir + "/" + ackName); err != nil {
		t.Fatal(err)
	}
	b.open()
	b.wantMarks(mark("m", 19))
	b.wantNumbers(b.drain(7), upto(0, 20))
}

func TestLargeItemsAndMarksSpanTheReadBuffer(t *testing.T) {
	opt := small(t)
	opt.SegmentBytes, opt.MaxBytes = 4<<20, 64<<20
	b := newBox(t, opt)
	key := string(slices.Repeat([]byte("k"), MaxKeyBytes))
	value := slices.Repeat([]byte("v"), MaxValueBytes)
	sizes := []int{1, windowBytes - 1, windowBytes, windowBytes + 1, 3*windowBytes + 7, 1 << 20, 0}
	var batch []Item
	for i, n := range sizes {
		batch = append(batch, Item{Dest: 7, ID: [16]byte{byte(i)}, Payload: slices.Repeat([]byte{byte('a' + i)}, n)})
	}
	b.append(batch, Mark{Key: key, Value: value})
	b.crash()
	if m := b.Marks(); len(m) != 1 || m[0].Key != key || string(m[0].Value) != string(value) {
		t.Fatal("the large mark did not survive")
	}
	for i, e := range b.take(7, 100) {
		if string(e.Payload) != string(batch[i].Payload) {
			t.Fatalf("item %d of %d bytes came back with %d", i, sizes[i], len(e.Payload))
		}
	}
}

func TestConcurrentAppendersReadersAndReleases(t *testing.T) {
	opt := small(t)
	opt.SegmentBytes, opt.MaxBytes, opt.AckEvery = 16<<10, 64<<20, 10
	b := newBox(t, opt)
	const perWriter, writers, readers = 400, 3, 2
	var writing, reading sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range perWriter {
				n := w*perWriter + i
				if err := b.Append([]Item{item(1, n, 100), item(2, n, 100)}, []Mark{mark("m", i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	seen := make([][]int, 3)
	var mu sync.Mutex
	for dest := uint64(1); dest <= 2; dest++ {
		for range readers {
			reading.Go(func() {
				for {
					mu.Lock()
					done := len(seen[dest]) == perWriter*writers
					mu.Unlock()
					if done {
						return
					}
					e, ok, err := b.Reader(dest).TryNext()
					if err != nil {
						t.Error(err)
						return
					}
					if !ok {
						continue
					}
					mu.Lock()
					seen[dest] = append(seen[dest], number(e))
					mu.Unlock()
					b.Reader(dest).Release(e.Seq)
				}
			})
		}
	}
	reading.Go(func() {
		for range 50 {
			b.Report()
			b.Marks()
			b.Flush()
		}
	})
	writing.Wait()
	reading.Wait()
	for dest := 1; dest <= 2; dest++ {
		slices.Sort(seen[dest])
		b.wantNumbers(seen[dest], upto(0, perWriter*writers))
	}
	if r := b.Report(); r.PendingItems != 0 || r.Released != 2*perWriter*writers {
		t.Fatalf("%+v", r)
	}
}

func TestAppendReleaseDoNotAllocatePerItem(t *testing.T) {
	opt := small(t)
	opt.SegmentBytes, opt.MaxBytes = 16<<20, 256<<20
	b := newBox(t, opt)
	batch, marks := items(7, 0, 100, 200), []Mark{mark("m", 1)}
	b.append(batch, marks...)
	if n := testing.AllocsPerRun(100, func() { b.append(batch, marks...) }); n > 1 {
		t.Fatalf("%.1f allocations per append of 100 items", n)
	}
	r := b.Reader(7)
	n := testing.AllocsPerRun(1000, func() {
		e, _, _ := r.TryNext()
		r.Release(e.Seq)
	})
	if n > 1.5 { // the payload
		t.Fatalf("%.1f allocations per item read", n)
	}
}

func TestSegmentsMayBeDroppedWhileTheyAreRead(t *testing.T) {
	b := newBox(t, small(t)) // drops the oldest
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		writing.Go(func() {
			for i := range 1500 {
				if err := b.Append([]Item{item(1, i, 300), item(2, i, 300)}, []Mark{mark("m", i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, dest := range []uint64{1, 1, 2} {
		reading.Go(func() {
			for r := b.Reader(dest); ; {
				last := isDone(done) // asked before looking: what comes after the look must not be missed
				e, ok, err := r.TryNext()
				switch {
				case err != nil:
					t.Error(err)
					return
				case ok:
					r.Release(e.Seq)
				case last:
					return
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	rep := b.Report()
	if rep.PendingItems != 0 || rep.Released+b.dropped(ReasonOldest) != 6000 || rep.LostFrames != 0 {
		t.Fatalf("%+v", rep)
	}
}

func isDone(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

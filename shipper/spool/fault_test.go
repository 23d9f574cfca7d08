package spool

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// Every single call of a working day fails once, in every way; then it fails together with the cut that should clean up after it.
// Whatever happens: an append that returned nil is there exactly once, now and after a crash; one that returned an error is not there.
func TestEveryCallMayFailOnce(t *testing.T) {
	for _, op := range []string{"open", "write", "sync", "truncate", "reserve", "remove", "free", "write+truncate", "sync+truncate", "sync+truncate+remove"} {
		for _, cause := range []error{syscall.ENOSPC, syscall.EIO} {
			for _, half := range []bool{false, true} {
				if half && !strings.Contains(op, "write") {
					continue
				}
				t.Run(fmt.Sprintf("%s/%v/half=%v", op, cause, half), func(t *testing.T) {
					for n := 0; workWithFailure(t, op, cause, half, n); n++ {
					}
				})
			}
		}
	}
}

// workWithFailure lets the n-th call of the first op fail, and all calls of the others from then on until that append is over. It returns
// false if there are not so many calls.
func workWithFailure(t *testing.T, op string, cause error, half bool, n int) bool {
	t.Helper()
	opt := small(t)
	opt.Policy = Block // nothing may be given up
	opt.MinFreeBytes = 1
	b := newBox(t, opt)
	defer b.Close()
	b.disk.half = half
	first, others, _ := strings.Cut(op, "+")
	seen, failing := 0, false
	b.disk.breaks(func(op, _ string) error {
		if op == first {
			if seen++; seen == n+1 {
				failing = true
				return cause
			}
		}
		if failing && others != "" && strings.Contains(others, op) {
			return cause
		}
		return nil
	})
	var want []int
	for i := range 24 {
		it := items(7, i, 1, 500)
		err := b.Append(it, []Mark{mark("m", i)})
		failing = false
		switch {
		case err == nil:
			want = append(want, i)
		case errors.Is(err, cause):
			if i%2 == 0 { // the other ones are given up
				b.append(it, mark("m", i))
				want = append(want, i)
			}
		default:
			t.Fatalf("call %d: append %d: %v", n, i, err)
		}
	}
	b.disk.breaks(nil)
	last := want[len(want)-1]
	b.wantMarks(mark("m", last))
	entries := b.take(7, 100)
	b.wantNumbers(numbers(entries), want)
	b.crash()
	b.wantMarks(mark("m", last))
	entries = b.take(7, 100)
	b.wantNumbers(numbers(entries), want)
	b.release(7, entries...)
	b.reopen()
	b.wantNumbers(b.drain(7), nil)
	if r := b.Report(); r.LostFrames > 0 || r.Quarantined > 0 {
		t.Fatalf("call %d: %+v", n, r)
	}
	return seen > n
}

func TestAfterAFailedFsyncTheFrameIsWrittenIntoANewSegment(t *testing.T) {
	b := newBox(t, small(t))
	b.append(items(7, 0, 1, 20), mark("m", 0))
	syncs := 0
	b.disk.breaks(func(op, name string) error {
		if op == "sync" && strings.HasSuffix(name, segmentSuffix) {
			if syncs++; syncs == 1 {
				return syscall.EIO
			}
		}
		return nil
	})
	b.append(items(7, 1, 1, 20), mark("m", 1))
	if syncs != 3 { // the failed one, the new snapshot, the frame
		t.Fatalf("%d syncs, want 3", syncs)
	}
	files := b.segmentFiles()
	if len(files) != 2 || len(frameEnds(t, b.Spool, files[0])) != 2 || len(frameEnds(t, b.Spool, files[1])) != 2 {
		t.Fatalf("segments %v", files)
	}
	if r := b.Report(); r.FsyncErrors != 1 {
		t.Fatalf("%+v", r)
	}
	b.crash()
	b.wantNumbers(b.drain(7), []int{0, 1})
}

func TestFrameOfAFailedFsyncIsNotBelievedEvenIfItCannotBeCutOff(t *testing.T) {
	b := newBox(t, small(t))
	b.append(items(7, 0, 1, 20), mark("m", 0))
	failed := false
	b.disk.breaks(func(op, name string) error {
		switch {
		case op == "truncate":
			return syscall.EIO
		case op == "sync" && !failed:
			failed = true
			return syscall.EIO
		}
		return nil
	})
	b.append(items(7, 1, 1, 20), mark("m", 1))
	if n := len(frameEnds(t, b.Spool, b.segmentFiles()[0])); n != 3 {
		t.Fatalf("%d frames in the first segment; the test wants the failed one to be there", n)
	}
	b.crash()
	b.wantNumbers(b.drain(7), []int{0, 1})
	if r := b.Report(); r.LostFrames != 0 || r.Quarantined != 0 {
		t.Fatalf("%+v", r)
	}
}

func TestFullDiskStillDrainsAndAcknowledges(t *testing.T) {
	opt := small(t)
	opt.Policy, opt.AckEvery = Block, 1
	b := newBox(t, opt)
	b.append(items(7, 0, 6, 500))
	b.disk.breaks(func(op, name string) error {
		if op == "reserve" || op == "write" && filepath.Base(name) != ackName {
			return syscall.ENOSPC
		}
		return nil
	})
	err := b.Append(items(7, 6, 6, 500), nil)
	if !errors.Is(err, ErrNoSpace) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), b.opt.Dir) {
		t.Fatalf("got %v", err)
	}
	got := b.take(7, 4)
	b.release(7, got...)
	b.crash() // opens although nothing can be written
	b.wantNumbers(b.drain(7), []int{4, 5})
	b.crash()
	b.wantNumbers(b.drain(7), nil)
	b.disk.breaks(nil)
	b.append(items(7, 6, 6, 500))
	b.wantNumbers(b.drain(7), upto(6, 6))
}

func TestDamagedSpoolOpensOnAFullDisk(t *testing.T) {
	sp := newSpecimen(t, 5)
	sp.opt.FS = &faulty{fail: func(op, _ string) error {
		if op == "reserve" {
			return syscall.ENOSPC
		}
		return nil
	}}
	flipped := slices.Clone(sp.files[sp.name])
	flipped[sp.ends[1]+30] ^= 1
	b := sp.with(t, flipped)
	if err := b.Append(items(7, 9, 1, 20), nil); !errors.Is(err, ErrNoSpace) {
		t.Fatalf("got %v", err)
	}
	b.wantNumbers(b.drain(7), []int{0, 2, 3, 4})
	b.reopen()
	b.wantMarks(mark("m", 4))
	b.opt.FS.(*faulty).breaks(nil)
	b.append(items(7, 9, 1, 20), mark("m", 9))
	b.crash()
	b.wantNumbers(b.drain(7), []int{9})
	b.wantMarks(mark("m", 9))
}

func TestReadErrorIsReportedAndThenSteppedOver(t *testing.T) {
	b := newBox(t, small(t))
	b.append(items(7, 0, 3, 100))
	fails := 0
	b.disk.breaks(func(op, name string) error {
		if op == "read" && strings.HasSuffix(name, segmentSuffix) {
			fails++
			return syscall.EIO
		}
		return nil
	})
	r := b.Reader(7)
	for range maxStrikes - 1 {
		if _, ok, err := r.TryNext(); ok || !errors.Is(err, syscall.EIO) {
			t.Fatalf("got %v %v, want EIO", ok, err)
		}
	}
	// A disk that recovers in time has lost nothing.
	b.disk.breaks(nil)
	b.wantNumbers(numbers(b.take(7, 1)), []int{0})
	b.reopen()
	b.disk.breaks(func(op, name string) error {
		if op == "read" && strings.HasSuffix(name, segmentSuffix) {
			return syscall.EIO
		}
		return nil
	})
	for range maxStrikes - 1 {
		if _, ok, err := b.Reader(7).TryNext(); ok || err == nil {
			t.Fatalf("got %v %v, want an error", ok, err)
		}
	}
	if _, ok, err := b.Reader(7).TryNext(); ok || err != nil {
		t.Fatalf("got %v %v, want the frames given up", ok, err)
	}
	if rep := b.Report(); b.dropped(ReasonDamaged) != 3 || rep.PendingItems != 0 || rep.Quarantined != 1 {
		t.Fatalf("%+v", rep)
	}
	b.disk.breaks(nil)
	b.append(items(7, 3, 2, 100))
	b.wantNumbers(b.drain(7), []int{3, 4})
}

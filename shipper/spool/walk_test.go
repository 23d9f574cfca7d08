package spool

import (
	"errors"
	"os"
	"testing"
)

func TestWalkShowsWhatIsOnDiskWhileTheSpoolIsOpen(t *testing.T) {
	opt := small(t)
	opt.AckEvery = 1
	b := newBox(t, opt)
	for i := range 20 {
		b.append(items(uint64(7+i%2), i, 1, 500), mark("m", i))
	}
	b.release(7, b.take(7, 2)...)
	var all, waiting []int
	err := Walk(opt.Dir, func(s Stored) error {
		if string(s.Payload) != string(item(s.Dest, number(s.Entry), 500).Payload) || s.Segment == "" || !s.Appended.Equal(b.clock.now()) {
			t.Fatalf("%+v", s)
		}
		all = append(all, number(s.Entry))
		if !s.Released {
			waiting = append(waiting, number(s.Entry))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.wantNumbers(all, upto(0, 20))
	b.wantNumbers(waiting, append([]int{1}, upto(3, 17)...))
}

func TestWalkEndsWithTheErrorOfItsVisitor(t *testing.T) {
	b := newBox(t, small(t))
	b.append(items(7, 0, 3, 50))
	shown := 0
	err := Walk(b.opt.Dir, func(Stored) error { shown++; return errBroken })
	if !errors.Is(err, errBroken) || shown != 1 {
		t.Fatalf("%d shown, %v", shown, err)
	}
}

func TestWalkOfNoSpool(t *testing.T) {
	if err := Walk(tempDir(t)+"/none", nil); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("got %v", err)
	}
}

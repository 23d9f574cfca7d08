package spool

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNameOfALeftoverSegmentIsDurableBeforeItIsUsed(t *testing.T) {
	// A kill between writing a new segment and syncing the directory leaves a segment that only the kernel knows by name.
	opt := small(t)
	m := newMains(opt.Dir)
	opt.FS = m
	b := newBox(t, opt)
	b.append(items(7, 0, 3, 1000), mark("m", 3))
	m.left = 2 // the file is made, the snapshot is written
	if err := b.Append(items(7, 3, 2, 1000), nil); err == nil {
		t.Fatal("the append should have died")
	}
	b.Spool.die()
	m.left = -1
	if n := len(b.segmentFiles()); n != 2 {
		t.Fatalf("%d segments; the test wants a leftover", n)
	}
	b.open()
	if !m.names[b.tail.path] {
		t.Fatal("frames would go into a file whose name is not on the disk")
	}
	b.wantNumbers(b.drain(7), upto(0, 3))
}

func TestEmptyFileThatCameBackBoundsNothing(t *testing.T) {
	b := newBox(t, small(t))
	for i := range 4 {
		b.append(items(7, i, 1, 20), mark("m", i))
	}
	b.Spool.die()
	for _, content := range []string{"", "torn"} {
		if err := os.WriteFile(segmentPath(b.opt.Dir, 4), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		b.open()
		b.wantMarks(mark("m", 3))
		b.wantNumbers(numbers(b.take(7, 10)), upto(0, 4))
		if n := len(b.segmentFiles()); n != 1 {
			t.Fatalf("%d segments left", n)
		}
		b.Spool.die()
	}
}

func TestScanEndsAtAFrameWhoseNumberWasGivenAnew(t *testing.T) {
	sp := newSpecimen(t, 5)
	b := sp.with(t, sp.files[sp.name])
	f, err := os.Open(filepath.Join(b.opt.Dir, sp.name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := b.wholeFile(f)
	if err != nil {
		t.Fatal(err)
	}
	var seen []uint64
	holes, err := w.scan(b.salt, 4, func(f *frame) error { seen = append(seen, f.number); return nil })
	if err != nil || len(holes) != 0 || len(seen) != 3 || seen[2] != 3 {
		t.Fatalf("saw %v, holes %v, %v", seen, holes, err)
	}
}

func TestOtherFilesInTheDirectoryAreLeftAlone(t *testing.T) {
	b := newBox(t, small(t))
	b.append(items(7, 0, 1, 20))
	names := []string{"1.seg", "notes.txt", "0000000000000000000x.seg", strings.Repeat("9", 20) + segmentSuffix, "00000000000000000000.seg"}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(b.opt.Dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.reopen()
	b.wantNumbers(b.drain(7), []int{0})
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(b.opt.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFilesArePrivate(t *testing.T) {
	opt := small(t)
	opt.Dir = filepath.Join(opt.Dir, "spool")
	b := newBox(t, opt)
	b.append(items(7, 0, 1, 20))
	for path, want := range map[string]os.FileMode{opt.Dir: 0o700, b.segmentFiles()[0]: 0o600, filepath.Join(opt.Dir, ackName): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Fatalf("%s has mode %v, want %v (%v)", path, info.Mode().Perm(), want, err)
		}
	}
}

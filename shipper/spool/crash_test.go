package spool

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// The child that is killed: it appends numbered items with the number as mark, says each number once the append returned, and releases some.
const childEnv = "SPOOL_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func childOptions(dir string) Options {
	return Options{Dir: dir, SegmentBytes: 64 << 10, MaxBytes: 1 << 30, MinFreeBytes: -1, AckEvery: 50, Window: 1 << 20, Fsync: FsyncNever}
}

func child(dir string, say io.Writer) error {
	s, err := Open(childOptions(dir))
	if err != nil {
		return err
	}
	next := 0
	if marks := s.Marks(); len(marks) > 0 {
		next = markNumber(marks[0])
	}
	r := s.Reader(7)
	for {
		n := 1 + next%7
		if err := s.Append(items(7, next, n, 200), []Mark{mark("m", next+n)}); err != nil {
			return err
		}
		next += n
		if _, err := fmt.Fprintf(say, "a %d\n", next); err != nil {
			return err
		}
		for range 3 {
			e, ok, err := r.TryNext()
			if err != nil {
				return err
			}
			if ok && number(e)%5 != 0 { // some stay
				if _, err := fmt.Fprintf(say, "r %d\n", number(e)); err != nil {
					return err
				}
				r.Release(e.Seq)
			}
		}
	}
}

func markNumber(m Mark) int {
	n, _ := strconv.Atoi(string(m.Value))
	return n
}

// TestKill9 kills the child again and again: what it had said was appended is there, unless it had been released, and the mark always is
// that of the last frame.
func TestKill9(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 3
	}
	dir := tempDir(t)
	released := make(map[int]bool)
	appended := 0
	for round := range rounds {
		last := runAndKill(t, dir, released, 50+rand.IntN(400))
		appended = max(appended, last)
		s, err := Open(childOptions(dir))
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		end := markNumber(s.Marks()[0])
		if end < appended {
			t.Fatalf("round %d: mark %d, but %d had been appended", round, end, appended)
		}
		checkStored(t, s, end, released)
		if rep := s.Report(); rep.LostFrames != 0 || rep.Quarantined != 0 {
			t.Fatalf("round %d: %+v", round, rep)
		}
		s.die() // what was lent for the check is lent again
	}
}

// runAndKill lets a child work until it has said so many lines, kills it, and returns the last number it said it had appended.
func runAndKill(t *testing.T, dir string, released map[int]bool, lines int) (last int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaint strings.Builder
	cmd.Stderr = &complaint
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(out)
	for i := 0; sc.Scan(); i++ {
		if i == lines {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		verb, rest, _ := strings.Cut(sc.Text(), " ")
		n, err := strconv.Atoi(rest)
		switch {
		case err != nil: // cut off by the kill
		case verb == "a":
			last = n
		case verb == "r":
			released[n] = true
		}
	}
	if err := cmd.Wait(); err == nil || complaint.Len() > 0 {
		t.Fatalf("the child was not killed but ended: %v %s", err, complaint.String())
	}
	return last
}

func checkStored(t *testing.T, s *Spool, end int, released map[int]bool) {
	t.Helper()
	stored := make(map[int]bool)
	for last := -1; ; {
		e, ok, err := s.Reader(7).TryNext()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		n := number(e)
		if n <= last || n >= end || string(e.Payload) != string(item(7, n, 200).Payload) || binary.BigEndian.Uint64(e.ID[8:]) != 7 {
			t.Fatalf("item %d after %d, mark %d", n, last, end)
		}
		stored[n], last = true, n
	}
	for n := range end {
		if !stored[n] && !released[n] {
			t.Fatalf("item %d was lost; mark %d", n, end)
		}
	}
}

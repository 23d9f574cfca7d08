package parsers

import (
	"bytes"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// split cuts a log into lines with their offsets.
func split(log []byte) []Line {
	var out []Line
	var at int64
	for len(log) > 0 {
		line, rest, _ := bytes.Cut(log, []byte("\n"))
		end := at + int64(len(log)-len(rest))
		out = append(out, Line{Text: line, Start: at, End: end})
		at, log = end, rest
	}
	return out
}

// TestChopped ends every specimen after every line: no panic, every event lies
// within what was read, events do not overlap, and the floor never passes
// a line that a later event still needs.
func TestChopped(t *testing.T) {
	p := utc(t)
	for _, path := range specimens(t) {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := split(log)
		for cut := 1; cut <= min(len(lines), 120); cut++ {
			chop(t, p, path, lines[:cut])
		}
	}
}

func chop(t *testing.T, p *Parser, path string, lines []Line) {
	t.Helper()
	var last, floor int64
	a := p.Assembler(func(r Result) {
		if r.Start < floor {
			t.Fatalf("%s, %d lines: an event begins at %d, but %d was already settled", path, len(lines), r.Start, floor)
		}
		if r.Start < last || r.End <= r.Start || r.End > lines[len(lines)-1].End {
			t.Fatalf("%s, %d lines: event %d..%d after one that ends at %d", path, len(lines), r.Start, r.End, last)
		}
		last = r.End
	})
	for _, l := range lines {
		a.Push(reading, &l)
		at, open := a.Floor()
		if at < floor {
			t.Fatalf("%s: the floor went back from %d to %d", path, floor, at)
		}
		if open && a.Deadline().IsZero() {
			t.Fatalf("%s: lines are open and nothing will ever close them", path)
		}
		floor = at
	}
	a.Flush()
	if at, open := a.Floor(); open || at != lines[len(lines)-1].End {
		t.Fatalf("%s, %d lines: after Flush the floor is %d (open %v), want the end", path, len(lines), at, open)
	}
}

// TestResumed reads a log up to every line, then again from the floor, as after
// a crash: together the two readings give the events of one whole reading.
func TestResumed(t *testing.T) {
	p := utc(t)
	for _, path := range specimens(t) {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := split(log)
		whole := titles(parse(p, log))
		for cut := 1; cut < min(len(lines), 120); cut++ {
			var got []Result
			a := p.Assembler(func(r Result) { got = append(got, r) })
			for _, l := range lines[:cut] {
				a.Push(reading, &l)
			}
			floor, _ := a.Floor()
			b := p.Assembler(func(r Result) { got = append(got, r) })
			for _, l := range lines {
				if l.Start >= floor {
					b.Push(reading, &l)
				}
			}
			b.Flush()
			if !reflect.DeepEqual(titles(got), whole) {
				t.Errorf("%s, crash after line %d, resumed at %d:\n%s", path, cut, floor, cmp.Diff(whole, titles(got)))
				break
			}
		}
	}
}

type headline struct {
	Start      int64
	Type, Text string
	Frames     int
}

func titles(rs []Result) []headline {
	out := []headline{}
	for _, r := range rs {
		h := headline{Start: r.Start}
		if r.Event.LogEntry != nil {
			h.Text = r.Event.LogEntry.Formatted
		}
		if r.Event.Exception != nil {
			for _, x := range r.Event.Exception.Values {
				h.Type += x.Type + ": " + x.Value + "; "
				if x.Stacktrace != nil {
					h.Frames += len(x.Stacktrace.Frames)
				}
			}
		}
		out = append(out, h)
	}
	return out
}

// TestEmbedded puts every specimen between ordinary records: they change
// nothing about its events and yield none themselves.
func TestEmbedded(t *testing.T) {
	p := utc(t)
	ordinary := []byte("2026-11-22 05:30:00,123 INFO [main] com.acme.Pay - charged w-1\n2026-11-22 05:30:00,124 INFO [main] com.acme.Pay - charged w-2\n")
	for _, path := range specimens(t) {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasSuffix(log, []byte("\n")) {
			log = append(log, '\n')
		}
		alone, amid := titles(parse(p, log)), titles(parse(p, append(append(bytes.Clone(ordinary), log...), ordinary...)))
		for i := range amid {
			amid[i].Start -= int64(len(ordinary))
		}
		if d := cmp.Diff(alone, amid); d != "" {
			t.Errorf("%s: other events between ordinary lines (-alone +amid):\n%s", path, d)
		}
	}
}

// TestTwice prints every specimen twice in a row: twice its events. One that
// begins in the middle of a trace is left out: behind itself it does not.
func TestTwice(t *testing.T) {
	p := utc(t)
	for _, path := range specimens(t) {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasSuffix(log, []byte("\n")) {
			log = append(log, '\n')
		}
		if continued(log) {
			continue
		}
		once := titles(parse(p, log))
		twice := titles(parse(p, append(bytes.Clone(log), log...)))
		if len(twice) != 2*len(once) {
			t.Errorf("%s: %d events once, %d in two copies", path, len(once), len(twice))
		}
	}
}

// TestIdle ends a trace by silence.
func TestIdle(t *testing.T) {
	p := utc(t)
	var got []Result
	a := p.Assembler(func(r Result) { got = append(got, r) })
	log := "Traceback (most recent call last):\n  File \"/x.py\", line 1, in f\n    g()\nKeyError: 'a'\n"
	for _, l := range split([]byte(log)) {
		a.Push(reading, &l)
	}
	a.Expire(reading.Add(299 * time.Millisecond))
	if len(got) != 0 {
		t.Fatal("closed before its time")
	}
	a.Expire(a.Deadline())
	if len(got) != 1 || got[0].Reason != Idle || got[0].Lines != 4 {
		t.Fatalf("got %+v", got)
	}
	if !a.Deadline().IsZero() {
		t.Error("a deadline with nothing open")
	}
}

// TestBackToBack prints traces of every pair of languages one right after the
// other, without a record in between: each gives its own event.
func TestBackToBack(t *testing.T) {
	p := utc(t)
	traces := map[string]string{
		"python": "Traceback (most recent call last):\n  File \"/srv/a.py\", line 3, in f\n    g()\nValueError: number one\n",
		"java":   "Exception in thread \"main\" java.lang.IllegalStateException: number one\n\tat com.acme.A.f(A.java:3)\n\tat com.acme.A.main(A.java:1)\n",
		"node":   "TypeError: number one\n    at f (/srv/a.js:3:1)\n    at main (/srv/a.js:1:1)\n",
		"go":     "panic: number one\n\ngoroutine 1 [running]:\nmain.f(...)\n\t/srv/a.go:3\nmain.main()\n\t/srv/a.go:1 +0x1d\n",
		"php":    "PHP Fatal error:  Uncaught RuntimeException: number one in /srv/a.php:3\nStack trace:\n#0 /srv/a.php(1): f()\n#1 {main}\n  thrown in /srv/a.php on line 3\n",
		"rust":   "thread 'main' panicked at src/main.rs:3:5:\nnumber one\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
	}
	for a, first := range traces {
		for b, second := range traces {
			if a+b == "gogo" {
				continue // a second panic of one program follows the first in the same trace
			}
			got := parse(p, []byte(first+second))
			if len(got) != 2 || got[0].Language != a || got[1].Language != b {
				t.Errorf("%s then %s: %d events %+v", a, b, len(got), titles(got))
			}
		}
	}
}

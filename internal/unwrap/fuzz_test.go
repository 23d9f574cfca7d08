package unwrap

import (
	"bytes"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/source"
)

// FuzzPush feeds any bytes as a file, twice over the same Unwrapper and once
// more with little room for joining, and checks what holds for every input.
func FuzzPush(f *testing.F) {
	for _, c := range benchLines {
		f.Add([]byte(c.line + "\n" + c.line + "\n"))
	}
	for name, wrap := range wraps {
		var file []byte
		for n, text := range []string{"a", "b \x1b[1m#012\t", "c"} {
			for _, l := range wrap([]string{text, text}, n) {
				file = append(append(file, l...), '\n')
			}
		}
		f.Add(append(file, name...))
	}
	f.Add([]byte("2026-11-22T05:30:00Z stdout P a\n2026-11-22T05:30:00Z stderr P b\nAttaching to a\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		u := New(Config{})
		checkFile(t, u, file)
		checkFile(t, u, file)
		small := New(Config{})
		small.joinLimit = 8
		checkFile(t, small, file)
	})
}

// checkFile reads a file through u and flushes it.
func checkFile(t *testing.T, u *Unwrapper, file []byte) {
	var at, out int64
	settled := int64(0)
	for line := range bytes.SplitSeq(file, []byte("\n")) {
		end := at + int64(len(line)) + 1
		kept, inCut := bytes.Clone(line), false
		for i := range u.pending {
			inCut = inCut || u.pending[i].cut // its rest may be empty, and then nothing comes out
		}
		for r := u.Push(noon, &source.Line{Text: line, Start: at, End: end}); r != nil; r = u.Next() {
			checkRecord(t, r, end)
			out += int64(len(r.Text))
			settled = max(settled, r.End)
		}
		if !bytes.Equal(line, kept) {
			t.Fatalf("%q was changed to %q", kept, line)
		}
		if floor, open := u.Floor(); settled < end && (!open || floor >= end) && !inCut {
			t.Fatalf("%q: nothing came out and nothing is pending", line)
		}
		at = end
	}
	for r := u.Flush(); r != nil; r = u.Next() {
		checkRecord(t, r, at)
		out += int64(len(r.Text))
		if !r.Cut {
			t.Fatal("flushed, and not marked")
		}
	}
	if _, open := u.Floor(); open || !u.Deadline().IsZero() {
		t.Fatal("something is pending after Flush")
	}
	if out > int64(len(file)) {
		t.Fatalf("%d bytes out of %d", out, len(file))
	}
	for r := u.Expire(noon.Add(time.Hour)); r != nil; r = u.Next() {
		t.Fatalf("%q came out after Flush", r.Text)
	}
}

func checkRecord(t *testing.T, r *Record, end int64) {
	if bytes.ContainsAny(r.Text, "\x00\n\x1b") {
		t.Fatalf("%q holds what was to be taken off", r.Text)
	}
	if r.Start > r.End || r.End > end {
		t.Fatalf("%q from %d to %d of %d", r.Text, r.Start, r.End, end)
	}
	if at := r.When(noon); r.layout == bsdTime && at.After(noon.Add(24*time.Hour)) {
		t.Fatalf("%q is %v", r.stamp, at)
	}
}

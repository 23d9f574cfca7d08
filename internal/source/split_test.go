package source

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// reference cuts a file into lines the simple way.
func reference(b []byte, limit int) []string {
	var out []string
	for start := 0; start < len(b); {
		for start < len(b) && b[start] == 0 {
			start++
		}
		if start == len(b) {
			break
		}
		i := bytes.IndexByte(b[start:], '\n')
		open := ""
		text := b[start:]
		var end int
		if i >= 0 {
			text, end = bytes.TrimSuffix(b[start:start+i], []byte{'\r'}), start+i+1
		} else {
			text = bytes.TrimRight(text, "\x00")
			end, open = start+len(text), "?"
		}
		cut := ""
		if len(text) > limit {
			text, cut = text[:limit], "~"
		}
		out = append(out, fmt.Sprintf("%d-%d%s%s|%s", start, end, cut, open, text))
		start = end
	}
	return out
}

// collect is a consumer that keeps what it got, in the form of reference.
type collect struct{ lines []string }

func (c *collect) Lines(_ time.Time, lines []Line) {
	for _, l := range lines {
		flags := ""
		if l.Cut {
			flags += "~"
		}
		if l.Open {
			flags += "?"
		}
		c.lines = append(c.lines, fmt.Sprintf("%d-%d%s|%s", l.Start, l.End, flags, l.Text))
	}
}
func (c *collect) Idle(time.Time)      {}
func (c *collect) Deadline() time.Time { return time.Time{} }
func (c *collect) End(time.Time)       {}

// readAll lets a tailer read a file that grows piece by piece.
func readAll(t interface{ Fatal(...any) }, pieces [][]byte, limit int) []string {
	dir, err := os.MkdirTemp("", "split")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	cfg := testConfig(dir, "a.log")
	cfg.MaxLineBytes = limit
	cl, c := newClock(), &collect{}
	tl, err := New([]Config{cfg}, nil, func(Info) Consumer { return c }, WithClock(cl.now), WithLogger(silentLog()))
	if err != nil {
		t.Fatal(err)
	}
	defer tl.close()
	for _, p := range pieces {
		if err := appendTo(filepath.Join(dir, "a.log"), string(p)); err != nil {
			t.Fatal(err)
		}
		tl.step()
	}
	cl.advance(time.Minute)
	tl.step()
	return c.lines
}

// TestLinesAreThoseOfTheReference writes anything in any pieces.
func TestLinesAreThoseOfTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.OneOf(
			rapid.SampledFrom([]string{"\n", "\n\n", "\r\n", "\r", "\x00", "\x00\x00\n", "a", "word", "\xff\xfe"}),
			rapid.Custom(func(t *rapid.T) string {
				unit := rapid.SampledFrom([]string{"x", "yz\n", "\x00", "q\x00"}).Draw(t, "unit")
				return strings.Repeat(unit, rapid.SampledFrom([]int{1, 63, 64, 100, 4096, 30_000, 65_535, 65_536, 65_537, 200_000}).Draw(t, "times"))
			}),
		)
		var pieces [][]byte
		var all []byte
		for _, words := range rapid.SliceOfN(rapid.SliceOfN(token, 1, 6), 1, 6).Draw(t, "pieces") {
			p := []byte(strings.Join(words, ""))
			pieces, all = append(pieces, p), append(all, p...)
		}
		if saysEncoding(all) {
			pieces[0], all = append([]byte("a"), pieces[0]...), append([]byte("a"), all...)
		}
		limit := rapid.SampledFrom([]int{64, 1000, 65_536, 100_000, 1 << 20}).Draw(t, "limit")
		want := reference(all, limit)
		got := readAll(t, pieces, limit)
		if len(got) != len(want) {
			t.Fatalf("got %d lines, want %d: %.200q, %.200q", len(got), len(want), got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("line %d is %.200q, want %.200q", i, got[i], want[i])
			}
		}
	})
}

// saysEncoding tells whether a text begins like a byte order mark.
func saysEncoding(b []byte) bool {
	return len(b) > 0 && (b[0] >= 0xFE || bytes.HasPrefix(b, byteOrderMark))
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("one\ntwo\r\n\x00\x00three"), 5, 64)
	f.Add(bytes.Repeat([]byte("x"), 70_000), 65_536, 1000)
	f.Fuzz(func(t *testing.T, b []byte, cut, limit int) {
		if limit < 64 || limit > 1<<20 || saysEncoding(b) {
			return
		}
		cut = min(max(cut, 0), len(b))
		want, got := reference(b, limit), readAll(t, [][]byte{b[:cut], b[cut:]}, limit)
		if fmt.Sprint(want) != fmt.Sprint(got) {
			t.Fatalf("got %.300q\nwant %.300q", got, want)
		}
	})
}

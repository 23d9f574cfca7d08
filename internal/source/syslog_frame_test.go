package source

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// framed is what a connection gives that brings the text in pieces of n bytes.
func framed(text string, n int) (lines []string, cut int) {
	f := new(framer)
	var all []byte
	for piece := range slices.Chunk([]byte(text), n) {
		f.write(piece)
		b, _, c := f.take()
		all, cut = append(all, b...), cut+c
	}
	f.finish()
	b, _, c := f.take()
	all, cut = append(all, b...), cut+c
	for l := range strings.Lines(string(all)) {
		lines = append(lines, strings.TrimSuffix(l, "\n"))
	}
	return lines, cut
}

func count(messages ...string) string {
	var sb strings.Builder
	for _, m := range messages {
		fmt.Fprintf(&sb, "%d %s", len(m), m)
	}
	return sb.String()
}

const (
	old   = "<11>Nov 22 05:30:00 host pay[7]: "
	rfc   = "<11>1 2026-11-22T05:30:00Z host pay 7 - - "
	trace = "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n\nKeyError: 1"
)

var traceLine = strings.ReplaceAll(trace, "\n", "#012")

func TestFraming(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
		cut  int
	}{
		"line breaks":              {old + "a\n" + old + "b\n", []string{old + "a", old + "b"}, 0},
		"no break at the end":      {old + "a\n" + old + "b", []string{old + "a", old + "b"}, 0},
		"CRLF":                     {old + "a\r\n" + old + "b\r\n", []string{old + "a", old + "b"}, 0},
		"NUL, as Python ends":      {old + "a\x00" + old + "b\x00", []string{old + "a", old + "b"}, 0},
		"a break and a NUL":        {old + "a\n\x00" + old + "b\n\x00", []string{old + "a", old + "b"}, 0},
		"several lines":            {rfc + trace + "\n" + old + "b\n", []string{rfc + traceLine, old + "b"}, 0},
		"several lines, NUL":       {rfc + trace + "\x00" + "plain\x00", []string{rfc + traceLine, "plain"}, 0},
		"blanks before the break":  {"<11>a \n b\n", []string{"<11>a #015#012 b"}, 0},
		"no priority":              {"a\n b\n\nc\n", []string{"a", " b", "", "c"}, 0},
		"counted":                  {count(rfc+"a", rfc+"b"), []string{rfc + "a", rfc + "b"}, 0},
		"counted, several lines":   {count(rfc+trace, rfc+"b\n"), []string{rfc + traceLine, rfc + "b"}, 0},
		"counted and ended":        {count(rfc+"a") + "\n" + count(rfc+"b") + "\x00", []string{rfc + "a", rfc + "b"}, 0},
		"counted, broken off":      {"400 " + rfc + "a", []string{rfc + "a"}, 0},
		"counted, then no count":   {count(rfc+"a") + "x\n" + old + "b\n", []string{rfc + "a", "x", old + "b"}, 0},
		"counted, no priority":     {count("<1>a", "b"), []string{"<1>a", "b"}, 0},
		"a number is no count":     {"12 apples\n7\n", []string{"12 apples", "7"}, 0},
		"a long number is none":    {"12345678901 <1>a\n", []string{"12345678901 <1>a"}, 0},
		"nought is none":           {"0 <1>a\n", []string{"0 <1>a"}, 0},
		"digits and the end":       {"123", []string{"123"}, 0},
		"empty":                    {"", nil, 0},
		"breaks only":              {"\n\n\x00\r\n", nil, 0},
		"too long":                 {old + strings.Repeat("x", maxMessage) + "\n" + old + "b\n", []string{(old + strings.Repeat("x", maxMessage))[:maxMessage], old + "b"}, 1},
		"too long without end":     {strings.Repeat("x", 3*maxMessage), []string{strings.Repeat("x", maxMessage)}, 1},
		"counted too long":         {count(old+strings.Repeat("x", maxMessage), old+"b"), []string{(old + strings.Repeat("x", maxMessage))[:maxMessage], old + "b"}, 1},
		"a count beyond all sense": {"999999999 " + old + "a", []string{old + "a"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{1, 2, 3, 7, 100, 1 << 20} {
				if got, cut := framed(c.text, n); !slices.Equal(got, c.want) || cut != c.cut {
					t.Fatalf("in pieces of %d: %.300q, %d cut\nwant %.300q, %d cut", n, got, cut, c.want, c.cut)
				}
			}
		})
	}
}

func TestManyLinesMakeNoLongMessage(t *testing.T) {
	lines, _ := framed("<1>a\n"+strings.Repeat("x\n", maxMessage)+"<1>b\n", 1000)
	for _, l := range lines {
		if len(l) > maxMessage {
			t.Fatalf("a line of %d bytes", len(l))
		}
	}
	if n := strings.Count(strings.Join(lines, "\n"), "x"); n != maxMessage {
		t.Errorf("%d lines of %d", n, maxMessage)
	}
}

func TestAMessageIsHeldUntilTheNext(t *testing.T) {
	f := new(framer)
	f.write([]byte("<1>a\n"))
	if lines, _, _ := f.take(); len(lines) > 0 {
		t.Errorf("%q before it is known to have ended", lines)
	}
	f.write([]byte(" b\n<1>c\n"))
	if lines, n, _ := f.take(); string(lines) != "<1>a#012 b\n" || n != 1 {
		t.Errorf("%q, %d messages", lines, n)
	}
	f.flush()
	if lines, _, _ := f.take(); string(lines) != "<1>c\n" {
		t.Errorf("%q after silence", lines)
	}
	f.rest()
	if f.held != nil || f.lines != nil || f.part != nil {
		t.Error("a silent connection keeps memory")
	}
}

// FuzzFraming holds every way of cutting a text into pieces against the text in
// one piece, and looks for what may not be there.
func FuzzFraming(f *testing.F) {
	f.Add([]byte(old+"a\n"+old+trace+"\n"), uint16(3))
	f.Add([]byte(count(rfc+"a", rfc+trace)), uint16(5))
	f.Add([]byte("12 apples\n\x00<1>\n\n \n0 <"), uint16(1))
	f.Fuzz(func(t *testing.T, text []byte, n uint16) {
		whole, cut := framed(string(text), len(text)+1)
		pieces, cutPieces := framed(string(text), int(n)+1)
		if !slices.Equal(whole, pieces) || cut != cutPieces {
			t.Fatalf("in one piece %q, in pieces of %d %q", whole, n+1, pieces)
		}
		for _, l := range whole {
			if len(l) > 5*maxMessage {
				t.Errorf("a line of %d bytes", len(l))
			}
		}
	})
}

func BenchmarkFraming(b *testing.B) {
	message := rfc + strings.Repeat("request completed ", 8)
	for name, text := range map[string]string{
		"counted":     strings.Repeat(strconv.Itoa(len(message))+" "+message, 64),
		"line breaks": strings.Repeat(message+"\n", 64),
		"NULs only":   strings.Repeat("\x00", 16<<10),
	} {
		b.Run(name, func(b *testing.B) {
			f := new(framer)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				f.write([]byte(text))
				f.take()
			}
		})
	}
}

func TestFramingKeepsNothingOfThePiece(t *testing.T) {
	f := new(framer)
	piece := []byte("<1>a")
	f.write(piece)
	copy(piece, bytes.Repeat([]byte{'z'}, len(piece)))
	f.finish()
	if lines, _, _ := f.take(); string(lines) != "<1>a\n" {
		t.Errorf("%q", lines)
	}
}

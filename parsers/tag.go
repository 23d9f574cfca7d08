package parsers

import (
	"github.com/tracetail/tracetail/parsers/record"
	"github.com/tracetail/tracetail/parsers/trace"
)

// A tag is what a process manager puts in front of every line of a program, in a
// form that nothing but its repetition gives away:
//
//	[web] Traceback (most recent call last):      0|api  |   File "a.py", line 3, in f
//	(pid=4821)     at f (/srv/a.js:3:1)           #12 3.451 panic: no funds
//
// It is looked for only where a line that begins no record begins with the same
// bytes as such a line before it, and believed only if a record or a trace begins
// behind it: an ordinary line costs one comparison of two bytes, and a list whose
// items look alike stays a list. From then on it is cut off.

// Bounds of a tag.
const (
	maxTag      = 64
	maxName     = 24  // of one that begins with a letter: "web: ", "web-1    | "
	maxTagWords = 3   // in front of a colon: "App 1234 output: "
	tagPatient  = 100 // lines without the tag after which it is forgotten
)

// tag is the one that a stream was found to have.
type tag struct {
	text    []byte // empty if there is none; digits stand for any digit
	misses  int
	placing bool // lines are being placed once more, without the tag
}

// cut is the length of the tag in front of text.
func (t *tag) cut(text []byte) int {
	n := tagOf(text, t.text)
	if n > 0 {
		t.misses = 0
	} else if t.misses++; t.misses > tagPatient {
		t.text = t.text[:0]
	}
	return n
}

// learnTag looks for a tag that l shares with the last undecided line, and behind
// which a record or a trace begins. It places the undecided lines that have it once
// more, and then l, all without the tag. False if there is none.
func (a *Assembler) learnTag(l *Line) bool {
	last := len(a.win.lines) - 1
	if last < 0 || a.win.lines[last].headed() || a.tag.placing {
		return false
	}
	before, text := a.win.text(last), l.Text
	if len(before) < 2 || len(text) < 2 || before[1] != text[1] || !sameButDigits(before[0], text[0]) {
		return false
	}
	for n := nextTag(before, text, 0); n > 0; n = nextTag(before, text, n) {
		if a.scan.Head(text[n:]).Kind == record.None {
			if _, _, v := a.shared.set.Opening(text[n:], true); v == trace.No {
				continue
			}
		}
		a.tag.text, a.tag.misses = append(a.tag.text[:0], text[:n]...), 0
		a.placeAgain()
		bare := *l
		bare.Text = text[n:]
		a.outside(&bare)
		return true
	}
	return false
}

// placeAgain places the last undecided lines, as far as they have the tag, without it.
func (a *Assembler) placeAgain() {
	first := len(a.win.lines)
	for first > 0 && !a.win.lines[first-1].headed() && tagOf(a.win.text(first-1), a.tag.text) > 0 {
		first--
	}
	again := a.win.take(first)
	a.tag.placing = true
	for i := range again {
		l := &again[i]
		l.Text = l.Text[tagOf(l.Text, a.tag.text):]
		a.place(l)
	}
	a.tag.placing = false
}

// nextTag is the length of the next longer tag than from that two lines have in
// common, 0 if there is none: the same bytes but for digits, and a sign that ends a tag.
func nextTag(a, b []byte, from int) int {
	word, blanks, most := false, 0, maxTag
	if c := b[0] | 0x20; c >= 'a' && c <= 'z' {
		most = maxName
	}
	for i := 0; i < min(len(a), len(b), most) && sameButDigits(a[i], b[i]); i++ {
		switch c := b[i]; {
		case c == ' ':
			if blanks++; b[0] == '#' && blanks < 2 { // "#12 3.451 ": the step of a build, and its seconds
				continue
			}
			if i >= from && word && i > 1 && endsTag(b[0], b[i-1]) && (b[i-1] != ':' || blanks <= maxTagWords) {
				return i + 1
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			word = true
		}
	}
	return 0
}

// endsTag tells whether a tag that begins with first may end with c: "[web] ", "(pid=7) ", "0|api  | ", "web: ", "#12 3.451 ".
func endsTag(first, c byte) bool {
	return c == ']' || c == ')' || c == '|' || c == ':' || first == '#' && c >= '0' && c <= '9'
}

// tagOf is the length of the tag at the start of text, 0 if it has another or
// none. The blank behind the tag of an empty line may be lost.
func tagOf(text, tag []byte) int {
	if len(text) < len(tag)-1 {
		return 0
	}
	for i, c := range tag {
		if i == len(text) {
			if c == ' ' {
				return i
			}
			return 0
		}
		if !sameButDigits(text[i], c) {
			return 0
		}
	}
	return len(tag)
}

func sameButDigits(a, b byte) bool {
	return a == b || a-'0' <= 9 && b-'0' <= 9
}

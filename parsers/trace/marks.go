package trace

import (
	"bytes"
	"strings"
)

// marks finds out which languages' Marks a line has. The marks of all languages
// together are looked for in one pass for each of the few bytes they turn on:
// asking five languages about every line that begins with a letter took 200 ns.
type marks struct {
	unmarked uint64 // languages without marks: each of their hints counts
	last     [256]uint64
	anchors  []anchor
}

// anchor is a byte that marks turn on, with what may stand behind it.
type anchor struct {
	at   byte
	next [256]uint64 // the languages that have a mark in which this byte stands behind the anchor
	all  uint64
	long []longMark // marks of more than an anchor and one byte
	// The languages of long marks by the byte before the anchor, and by the second one behind it.
	before, second [256]uint64
}

// longMark is a mark that is compared in full.
type longMark struct {
	text string
	off  int // of the anchor in text
	lang int
}

// in tells whether the mark stands around the anchor at p.
func (l *longMark) in(line []byte, p int) bool {
	from := p - l.off
	return from >= 0 && marked(line[from:], l.text)
}

// addLong enters a mark that is compared in full where one byte near the anchor
// fits: the one before it, else the second one behind it. What follows the anchor
// itself is a blank nearly always.
func (a *anchor) addLong(l longMark) {
	a.long = append(a.long, l)
	bit := uint64(1) << l.lang
	switch {
	case l.off == 0:
		a.second[l.text[min(2, len(l.text)-1)]] |= bit
	case l.text[l.off-1] == markDense[0]:
		for c := range a.before {
			if !isBlank(byte(c)) {
				a.before[c] |= bit
			}
		}
	default:
		a.before[l.text[l.off-1]] |= bit
	}
}

// maybe is the set of languages with a long mark that one byte speaks for.
func (a *anchor) maybe(line []byte, p int) (langs uint64) {
	if p > 0 {
		langs = a.before[line[p-1]]
	}
	if p+2 < len(line) {
		langs |= a.second[line[p+2]]
	}
	return langs
}

// add enters the marks of a language.
func (m *marks) add(list []string, lang int) {
	bit := uint64(1) << lang
	if len(list) == 0 {
		m.unmarked |= bit
	}
	for _, text := range list {
		if n := len(text); text[n-1] == '\n' {
			m.last[text[n-2]] |= bit
			continue
		}
		off := strings.IndexFunc(text, func(r rune) bool { return strings.ContainsRune(":[(", r) })
		a := m.anchor(text[off])
		a.all |= bit
		switch rest := text[off+1:]; {
		case off > 0 || len(rest) > 1:
			a.addLong(longMark{text, off, lang})
		case rest == "":
			a.behind(0, 255, bit)
		case rest == "9":
			a.behind('0', '9', bit)
		default:
			a.behind(int(rest[0]), int(rest[0]), bit)
		}
	}
}

// behind says that any byte of a range may stand behind the anchor.
func (a *anchor) behind(from, to int, bit uint64) {
	for c := from; c <= to; c++ {
		a.next[c] |= bit
	}
}

func (m *marks) anchor(at byte) *anchor {
	for i := range m.anchors {
		if m.anchors[i].at == at {
			return &m.anchors[i]
		}
	}
	m.anchors = append(m.anchors, anchor{at: at})
	return &m.anchors[len(m.anchors)-1]
}

// markDense in a mark is any byte but a blank.
const markDense = "\x01"

// markReach is how much of a line is looked at: the name of a file does not stand behind it.
const markReach = 2048

// of is the set of languages that may be asked about line, which is not empty.
func (m *marks) of(line []byte) uint64 {
	found := m.unmarked | m.last[last(line)]
	line = line[:min(len(line), markReach)]
	for i := range m.anchors {
		if a := &m.anchors[i]; a.all&^found != 0 {
			found |= a.of(line, found)
		}
	}
	return found
}

// marked tells whether at begins with a mark.
func marked(at []byte, mark string) bool {
	if mark[0] == markDense[0] {
		return len(at) > 0 && !isBlank(at[0]) && begins(at[1:], mark[1:])
	}
	return begins(at, mark)
}

// last is the last byte of line that is not blank.
func last(line []byte) byte {
	i := len(line) - 1
	for i > 0 && isBlank(line[i]) {
		i--
	}
	return line[i]
}

func (a *anchor) of(line []byte, found uint64) uint64 {
	for p := 0; ; p++ {
		i := bytes.IndexByte(line[p:], a.at)
		if i < 0 {
			return found
		}
		p += i
		next := byte('\n')
		if p+1 < len(line) {
			next = line[p+1]
		}
		found |= a.next[next]
		if a.maybe(line, p)&^found != 0 {
			for j := range a.long {
				if l := &a.long[j]; l.in(line, p) {
					found |= 1 << l.lang
				}
			}
		}
		if a.all&^found == 0 {
			return found
		}
	}
}

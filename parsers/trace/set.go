package trace

import (
	"fmt"
	"slices"
)

// Set is a list of languages with their hints in one table. It is read-only
// once made and may be shared by all streams.
type Set struct {
	langs []Language
	bare  int // the language that knows exceptions without frames; -1 for none
	// trimmed is indexed by the first byte after leading blanks, raw by the first byte of a line that begins with a blank.
	trimmed, raw       [256][]hint
	trimmedRow, rawRow [256][]hint // of RowHints
	// begins has a bit for each of these tables that knows the byte: one look at
	// 256 bytes turns nearly every ordinary line away.
	begins [256]uint8
}

type hint struct {
	text string
	lang int
}

// NewSet makes a set of languages. only, where not empty, names those to keep;
// an unknown name is an error that lists the known ones.
func NewSet(langs []Language, only []string) (*Set, error) {
	s := &Set{bare: -1}
	for _, name := range only {
		if !slices.ContainsFunc(langs, func(l Language) bool { return l.Name == name }) {
			return nil, fmt.Errorf("looking up language %q: unknown; known are %v", name, names(langs))
		}
	}
	for _, l := range langs {
		if len(only) > 0 && !slices.Contains(only, l.Name) {
			continue
		}
		s.langs = append(s.langs, l)
		if l.Bare {
			s.bare = len(s.langs) - 1
		}
		s.add(l.Hints, false)
		s.add(l.RowHints, true)
	}
	return s, nil
}

// add enters hints of the language that was added last.
func (s *Set) add(hints []string, rows bool) {
	for _, h := range hints {
		table, bit := &s.trimmed, inHints
		switch blank := isBlank(h[0]); {
		case blank && rows:
			table, bit = &s.rawRow, inRowHints
		case blank:
			table = &s.raw
		case rows:
			table, bit = &s.trimmedRow, inRowHints
		}
		table[h[0]] = append(table[h[0]], hint{h, len(s.langs) - 1})
		s.begins[h[0]] |= bit
	}
}

// The bits of Set.begins.
const (
	inHints uint8 = 1 << iota
	inRowHints
)

func names(langs []Language) []string {
	out := make([]string, len(langs))
	for i, l := range langs {
		out[i] = l.Name
	}
	return out
}

// Language is the i-th language of the set.
func (s *Set) Language(i int) *Language { return &s.langs[i] }

// Bare is the language whose exceptions may come without a frame; -1 if there is none.
func (s *Set) Bare() int { return s.bare }

// Opening asks whether line opens a trace. It returns the index of the first
// language in list order that is sure of it, else of the first that guesses so
// (Hold), the state it is then in, and its verdict; No if there is none. rows
// says that RowHints count too. It does not allocate.
func (s *Set) Opening(line []byte, rows bool) (lang int, st State, v Verdict) {
	if len(line) == 0 {
		return 0, Outside, No
	}
	i := 0
	for i < len(line) && isBlank(line[i]) {
		i++
	}
	asked := inHints
	if rows {
		asked |= inRowHints
	}
	if s.begins[line[0]]&asked == 0 && (i == len(line) || s.begins[line[i]]&asked == 0) {
		return 0, Outside, No
	}
	o := opening{s: s, line: line, lang: -1}
	if i < len(line) {
		o.ask(s.trimmed[line[i]], line[i:])
		if rows {
			o.ask(s.trimmedRow[line[i]], line[i:])
		}
	}
	if i > 0 {
		o.ask(s.raw[line[0]], line)
		if rows {
			o.ask(s.rawRow[line[0]], line)
		}
	}
	if o.lang < 0 {
		return 0, Outside, No
	}
	return o.lang, o.state, o.verdict
}

// opening is the best answer so far about one line.
type opening struct {
	s       *Set
	line    []byte
	lang    int // -1 for none
	state   State
	verdict Verdict
}

// ask asks the languages whose hint is the beginning of at.
func (o *opening) ask(hints []hint, at []byte) {
	for _, h := range hints {
		if o.lang >= 0 && h.lang >= o.lang && o.verdict != Hold {
			continue
		}
		if len(at) < len(h.text) || string(at[:len(h.text)]) != h.text {
			continue
		}
		st, v := o.s.langs[h.lang].Step(Outside, o.line)
		if v != No && (o.lang < 0 || o.verdict == Hold && v != Hold || h.lang < o.lang && (v == Hold) == (o.verdict == Hold)) {
			o.lang, o.state, o.verdict = h.lang, st, v
		}
	}
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

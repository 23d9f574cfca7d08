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
	trimmed, raw [256][]hint
}

type hint struct {
	text string
	lang int
	row  bool
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
		table := &s.trimmed
		if isBlank(h[0]) {
			table = &s.raw
		}
		table[h[0]] = append(table[h[0]], hint{h, len(s.langs) - 1, rows})
	}
}

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
	best := -1
	if i < len(line) {
		if hints := s.trimmed[line[i]]; hints != nil {
			best, st, v = s.ask(hints, rows, line[i:], line, best, st, v)
		}
	}
	if i > 0 {
		if hints := s.raw[line[0]]; hints != nil {
			best, st, v = s.ask(hints, rows, line, line, best, st, v)
		}
	}
	if best < 0 {
		return 0, Outside, No
	}
	return best, st, v
}

func (s *Set) ask(hints []hint, rows bool, at, line []byte, best int, st State, v Verdict) (int, State, Verdict) {
	for _, h := range hints {
		if h.row && !rows || best >= 0 && h.lang >= best && v != Hold {
			continue
		}
		if len(at) < len(h.text) || string(at[:len(h.text)]) != h.text {
			continue
		}
		s2, v2 := s.langs[h.lang].Step(Outside, line)
		if v2 != No && (best < 0 || v == Hold && v2 != Hold || h.lang < best && (v2 == Hold) == (v == Hold)) {
			best, st, v = h.lang, s2, v2
		}
	}
	return best, st, v
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

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
	// pairs has a bit for the first two bytes of every hint: two looks turn nearly every ordinary line away.
	pairs   [1 << 16 / 64]uint64
	hints   hintTable // by the first byte after leading blanks
	raw     hintTable // by the first byte of a line that begins with a blank
	rows    hintTable // of RowHints
	rawRows hintTable
	marks   marks
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
		i := len(s.langs)
		s.langs = append(s.langs, l)
		if l.Bare {
			s.bare = i
		}
		for _, h := range l.Hints {
			s.pair(h)
			tableOf(h, &s.hints, &s.raw).add(h, i)
		}
		for _, h := range l.RowHints {
			tableOf(h, &s.rows, &s.rawRows).add(h, i)
		}
		s.marks.add(l.Marks, i)
	}
	return s, nil
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

// pair enters the first two bytes of a hint; a hint of one byte goes with every second one.
func (s *Set) pair(h string) {
	first := uint(h[0]) << 8
	if len(h) > 1 {
		s.pairs[(first|uint(h[1]))/64] |= 1 << (h[1] % 64)
		return
	}
	for i := first / 64; i < (first+256)/64; i++ {
		s.pairs[i] = ^uint64(0)
	}
}

// paired tells whether a hint may begin as line does.
func (s *Set) paired(line []byte) bool {
	if len(line) < 2 {
		return true
	}
	return s.pairs[(uint(line[0])<<8|uint(line[1]))/64]>>(line[1]%64)&1 != 0
}

// hintTable holds hints by their first byte.
type hintTable [256][]hint

type hint struct {
	second byte // of the text, 0 if it has none: some letters begin twenty hints, and a comparison is a call
	lang   uint8
	text   string
}

func (t *hintTable) add(h string, lang int) {
	var second byte
	if len(h) > 1 {
		second = h[1]
	}
	t[h[0]] = append(t[h[0]], hint{second, uint8(lang), h})
}

// fits tells whether at begins with the hint.
func (h *hint) fits(at []byte) bool {
	if len(h.text) == 1 {
		return true
	}
	return len(at) > 1 && at[1] == h.second && begins(at, h.text)
}

// tableOf is raw for a hint that begins with a blank.
func tableOf(h string, trimmed, raw *hintTable) *hintTable {
	if isBlank(h[0]) {
		return raw
	}
	return trimmed
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

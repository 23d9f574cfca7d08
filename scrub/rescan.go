package scrub

import (
	"bytes"
	"slices"
)

// A replacement changes what its neighbours look like: a number that was left alone
// because a letter stood next to it may now look like a card. So that masking twice is
// masking once, what was masked is looked at again where something near a replacement
// had been left, until nothing more is found, which is nearly always at once.
const (
	// mostRounds bounds that, for texts that were made to need many rounds.
	mostRounds = 8
	// wholeRescan is the length up to which a text is looked at again as a whole, in
	// bytes; of a longer one only the lines with a replacement are.
	wholeRescan = 4 << 10
)

// doubtMargin is how far beyond what it noted to have seen a verifier may have looked
// for a separator or a suffix, in bytes.
const doubtMargin = 24

// rescan is the scratch memory of mask.
type rescan struct {
	spare  []byte
	lines  []stretch
	spans  []span
	doubts []stretch
}

// mask appends s.text with its spans replaced to dst[:0], until nothing more is found.
func (s *Scrubber) mask(dst []byte) []byte {
	dst = s.emit(dst[:0])
	for range mostRounds {
		s.touchedLines(dst)
		s.findAgain(dst)
		if len(s.spans) == 0 {
			break
		}
		s.again.spare = s.emit(s.again.spare[:0])
		dst = append(dst[:0], s.again.spare...)
	}
	return dst
}

// findAgain fills s.spans and s.doubts for the touched lines of text.
func (s *Scrubber) findAgain(text []byte) {
	r := &s.again
	r.spans, r.doubts = r.spans[:0], r.doubts[:0]
	for _, l := range r.lines {
		s.find(text[l.start:l.end])
		for _, sp := range s.spans {
			sp.start += l.start
			sp.end += l.start
			r.spans = append(r.spans, sp)
		}
		for _, d := range s.doubts {
			r.doubts = append(r.doubts, stretch{d.start + l.start, d.end + l.start})
		}
	}
	s.text = text
	s.spans, r.spans = r.spans, s.spans
	s.doubts, r.doubts = r.doubts, s.doubts
}

// isApart tells whether d is a mere word with one blank between it and a span at start: what
// stands behind the blank was no value before, and a replacement is none either. "jwt" and
// "Bearer" before their tokens are such.
func (s *Scrubber) isApart(d stretch, start int) bool {
	return d.end+1 == start && s.text[d.end] == ' ' && isPlainWord(s.text[d.start:d.end])
}

// touchedLines notes the lines of out, which s.text became, in which a span touches what
// was seen of a place that was left. Spans side by side count as well, those that
// took a quote away, and all of them where a list or object is not well formed.
func (s *Scrubber) touchedLines(out []byte) {
	lines := s.again.lines[:0]
	slices.SortFunc(s.doubts, func(a, b stretch) int { return a.start - b.start })
	doubts, reach := s.doubts, -1
	last := -1 // end of the span before
	for _, sp := range s.spans {
		for len(doubts) > 0 && doubts[0].start-doubtMargin <= sp.end {
			if !s.isApart(doubts[0], sp.start) {
				reach = max(reach, doubts[0].end+doubtMargin)
			}
			doubts = doubts[1:]
		}
		touched := s.odd || reach >= sp.start || last == sp.start || bytes.IndexByte(s.text[sp.start:sp.end], '"') >= 0
		last = sp.end
		if !touched || len(lines) > 0 && sp.out < lines[len(lines)-1].end {
			continue
		}
		if len(out) <= wholeRescan {
			lines = append(lines, stretch{0, len(out)})
			break
		}
		lines = append(lines, stretch{lineStart(out, sp.out), lineEnd(out, sp.out)})
	}
	s.again.lines, s.odd = lines, false
}

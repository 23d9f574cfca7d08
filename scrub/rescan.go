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
	spare []byte
	lines []stretch
	spans []span
}

// mask appends s.text with its spans replaced to dst[:0], until nothing more is found.
func (s *Scrubber) mask(dst []byte) []byte {
	dst = s.emit(dst[:0])
	for range mostRounds {
		s.touchedLines(dst)
		s.again.spans = s.again.spans[:0]
		for _, l := range s.again.lines {
			if !s.find(dst[l.start:l.end]) {
				continue
			}
			for _, sp := range s.spans {
				sp.start += l.start
				sp.end += l.start
				s.again.spans = append(s.again.spans, sp)
			}
		}
		if len(s.again.spans) == 0 {
			break
		}
		s.text = dst
		s.spans, s.again.spans = s.again.spans, s.spans
		s.again.spare = s.emit(s.again.spare[:0])
		dst = append(dst[:0], s.again.spare...)
	}
	return dst
}

// touchedLines notes the lines of out, which s.text became, in which a span touches what
// was seen of a place that was left.
func (s *Scrubber) touchedLines(out []byte) {
	lines := s.again.lines[:0]
	slices.SortFunc(s.doubts, func(a, b stretch) int { return a.start - b.start })
	doubts, reach := s.doubts, -1
	shift := 0 // out[i+shift] is what s.text[i] became
	for _, sp := range s.spans {
		for len(doubts) > 0 && doubts[0].start-doubtMargin <= sp.end {
			reach = max(reach, doubts[0].end+doubtMargin)
			doubts = doubts[1:]
		}
		i := min(sp.start+shift, len(out))
		shift += len(s.replacementOf(sp.det)) + sp.keep - (sp.end - sp.start)
		touched := reach >= sp.start || bytes.IndexByte(s.text[sp.start:sp.end], '"') >= 0
		if !touched || len(lines) > 0 && i < lines[len(lines)-1].end {
			continue
		}
		if len(out) <= wholeRescan {
			lines = append(lines, stretch{0, len(out)})
			break
		}
		lines = append(lines, stretch{bytes.LastIndexByte(out[:i], '\n') + 1, lineEnd(out, i)})
	}
	s.again.lines = lines
}

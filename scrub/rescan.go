package scrub

import "bytes"

// A replacement changes what its neighbours look like: a number that was left alone
// because a letter stood next to it may now look like a card. So that masking twice is
// masking once, what was masked is looked at again until nothing more is found, which
// is nearly always at once.
const (
	// mostRounds bounds that, for texts that were made to need many rounds.
	mostRounds = 8
	// wholeRescan is the length up to which a text is looked at again as a whole, in
	// bytes; of a longer one only the lines with a replacement are.
	wholeRescan = 4 << 10
)

// rescan is the scratch memory of mask.
type rescan struct {
	spare []byte
	lines []stretch
	spans []span
}

// mask appends s.text with its spans replaced to dst[:0], until nothing more is found.
func (s *Scrubber) mask(dst []byte) []byte {
	doubts := s.doubts
	dst = s.emit(dst[:0])
	for round := 0; doubts > 0 && round < mostRounds; round++ {
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

// touchedLines notes the lines of out in which s.spans, the spans of s.text, were
// replaced.
func (s *Scrubber) touchedLines(out []byte) {
	s.again.lines = s.again.lines[:0]
	if len(out) <= wholeRescan {
		s.again.lines = append(s.again.lines, stretch{0, len(out)})
		return
	}
	shift, end := 0, 0 // out[i+shift] is what s.text[i] became
	for _, sp := range s.spans {
		i := sp.start + shift
		shift += len(s.replacementOf(sp.det)) + sp.keep - (sp.end - sp.start)
		if i < end {
			continue
		}
		i = min(i, len(out))
		start := bytes.LastIndexByte(out[:i], '\n') + 1
		end = lineEnd(out, i)
		s.again.lines = append(s.again.lines, stretch{start, end})
	}
}

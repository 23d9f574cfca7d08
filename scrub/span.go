package scrub

import (
	"bytes"
	"cmp"
	"slices"
)

// span is a piece of the text that will be replaced: text[start:end].
type span struct {
	start, end int
	det        detector
	keep       int // so many bytes at the end stay readable (last four digits of a card)
	out        int // where its replacement stands; set by emit
}

// mark notes that text[start:end] is secret. Every detector ends here.
func (s *Scrubber) mark(d detector, start, end int) { s.markKeeping(d, start, end, 0) }

// markKeeping is mark for a secret whose last bytes may stay readable.
func (s *Scrubber) markKeeping(d detector, start, end, keep int) {
	if start >= end-keep || s.isAllowed(s.text[start:end]) || s.stamps && s.isStamped(start, end) {
		return
	}
	s.spans = append(s.spans, span{start: start, end: end, det: d, keep: keep})
	if end > s.done || end == s.done && start < s.from {
		s.from, s.done = start, end
	}
}

// isAllowed tells whether the user listed the value as harmless.
func (s *Scrubber) isAllowed(v []byte) bool {
	for _, l := range s.literals {
		if bytes.Contains(v, l) {
			return true
		}
	}
	if len(s.allowed) == 0 || len(v) > s.longestAllowed {
		return false
	}
	_, ok := s.allowed[string(v)]
	return ok
}

// Spans come nearly in order: literals are looked at from left to right, numbers after
// them. Two detectors may see the same secret, or one a part of what the other sees.

// settle sorts the spans and merges those that overlap: what any detector calls
// secret goes, under the name of the detector that saw the most.
func (s *Scrubber) settle() {
	if len(s.spans) < 2 {
		return
	}
	byStart := func(a, b span) int { return cmp.Compare(a.start, b.start) }
	if !slices.IsSortedFunc(s.spans, byStart) {
		slices.SortFunc(s.spans, byStart)
	}
	out := s.spans[:1]
	for _, next := range s.spans[1:] {
		last := &out[len(out)-1]
		if next.start >= last.end {
			out = append(out, next)
			continue
		}
		last.absorb(next)
	}
	s.spans = out
}

// absorb widens a over b, which overlaps it and does not begin before it.
func (a *span) absorb(b span) {
	end := max(a.end, b.end)
	if b.end-b.start > a.end-a.start {
		a.det = b.det
	}
	switch {
	case b.end > a.end:
		a.keep = b.keep
	case b.end == a.end:
		a.keep = min(a.keep, b.keep)
	}
	a.end = end
}

// emit appends s.text with its spans replaced to dst.
func (s *Scrubber) emit(dst []byte) []byte {
	t, at := s.text, 0
	numbers := bareNumbers{t: t}
	for i := range s.spans {
		sp := &s.spans[i]
		dst = append(dst, t[at:sp.start]...)
		sp.out = len(dst)
		quote := numbers.quoteFor(sp.start, sp.end)
		dst = append(dst, quote...)
		dst = s.appendReplacement(dst, sp.det, t[sp.start:sp.end])
		dst = append(dst, t[sp.end-sp.keep:sp.end]...)
		dst = append(dst, quote...)
		at = sp.end
		s.stats.count(sp.det)
	}
	return append(dst, t[at:]...)
}

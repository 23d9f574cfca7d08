package scrub

// window is how many bytes are swept before what was found is looked at. It bounds
// the memory for hits, however many literals a text holds.
const window = 8 << 10

// splitFrom is the length from which a text is swept by four cursors. A step of the
// automaton waits for the load of the step before; four independent cursors wait at
// the same time, which is two to three times as fast.
const splitFrom = 64

// hit is a place where at least one literal ends.
type hit struct{ end, state uint32 } // end counts from the start of the window

// sweep finds the literals in t and has each looked at, from left to right.
func (s *Scrubber) sweep(t []byte) {
	state := uint32(0)
	for base := 0; base < len(t); base += window {
		stop := min(base+window, len(t))
		for i := range s.hits {
			s.hits[i] = s.hits[i][:0]
		}
		// The state goes on from window to window, so that no literal is lost between them.
		if stop-base < splitFrom {
			state = s.auto.run(t[base:stop], 0, state, &s.hits[0])
		} else {
			state = s.quarters(t, base, stop, state)
		}
		for i := range s.hits {
			for _, h := range s.hits[i] {
				s.look(base+int(h.end), h.state)
			}
		}
	}
}

// run is the plain loop: one cursor over t, whose first byte stands at offset from.
func (a *automaton) run(t []byte, from int, state uint32, hits *[]hit) uint32 {
	next, class, accept := a.next, &a.class, a.accept
	for i, c := range t {
		state = next[state+class[c]]
		if state >= accept {
			*hits = append(*hits, hit{uint32(from + i + 1), state})
		}
	}
	return state
}

// quarters sweeps t[base:stop] with four cursors, each over a quarter. A cursor that
// starts in the middle first runs over the reach-1 bytes before its quarter: what
// it then knows is all that a cursor from the start could know, save for a literal
// that ends right there, which the cursor to its left reports.
func (s *Scrubber) quarters(t []byte, base, stop int, state uint32) uint32 {
	q := (stop - base) / 4
	t0, t1, t2, t3 := t[base:][:q], t[base+q:][:q], t[base+2*q:][:q], t[base+3*q:][:q]
	at := s.auto.runUp(t0, t1, t2)
	at[0] = state
	for i := 0; i < q; {
		i += s.auto.step(t0[i:], t1[i:], t2[i:], t3[i:], &at)
		if max(at[0], at[1], at[2], at[3]) >= s.auto.accept {
			s.note(i, q, &at)
		}
	}
	return s.auto.run(t[base+4*q:stop], 4*q, at[3], &s.hits[3])
}

// runUp gives the states of the cursors to the right: after the ends of the quarters
// to the left of each.
func (a *automaton) runUp(t0, t1, t2 []byte) [4]uint32 {
	next, class := a.next, &a.class
	t0 = t0[len(t0)-reach+1:]
	t1, t2 = t1[len(t1)-reach+1:][:len(t0)], t2[len(t2)-reach+1:][:len(t0)]
	var s1, s2, s3 uint32 // in registers, as an array would not be
	for i := range t0 {
		s1 = next[s1+class[t0[i]]]
		s2 = next[s2+class[t1[i]]]
		s3 = next[s3+class[t2[i]]]
	}
	return [4]uint32{0, s1, s2, s3}
}

// step moves the four cursors until one of them accepts or the quarters end, and
// returns by how many bytes. It is a function of its own so that all it needs stays
// in registers.
func (a *automaton) step(t0, t1, t2, t3 []byte, at *[4]uint32) int {
	next, class, accept := a.next, &a.class, a.accept
	t1, t2, t3 = t1[:len(t0)], t2[:len(t0)], t3[:len(t0)]
	s0, s1, s2, s3 := at[0], at[1], at[2], at[3]
	n := len(t0)
	for i := range t0 {
		s0 = next[s0+class[t0[i]]]
		s1 = next[s1+class[t1[i]]]
		s2 = next[s2+class[t2[i]]]
		s3 = next[s3+class[t3[i]]]
		if max(s0, s1, s2, s3) >= accept {
			n = i + 1
			break
		}
	}
	*at = [4]uint32{s0, s1, s2, s3}
	return n
}

// note keeps the hits of the four cursors, which stand at end of their quarters.
func (s *Scrubber) note(end, q int, states *[4]uint32) {
	for i, state := range states {
		if state >= s.auto.accept {
			s.hits[i] = append(s.hits[i], hit{uint32(i*q + end), state})
		}
	}
}

// look asks the detectors whose literals end at end. A literal inside text that is
// masked already has nothing to add.
func (s *Scrubber) look(end int, state uint32) {
	m := &s.auto.found[s.auto.next[state+s.auto.width]]
	follow := 256
	if end < len(s.text) {
		follow = int(s.text[end])
	}
	if !m.after.has(follow) {
		return
	}
	for _, l := range m.lits {
		lit := &s.lits[l]
		start := end - len(lit.text)
		if start >= s.from && end <= s.done || start < 0 || !lit.after.has(follow) {
			continue
		}
		if len(lit.text) > reach && !equalPlain(s.text[start:end-reach], lit.text[:len(lit.text)-reach]) {
			continue
		}
		s.at, s.saw = start, stretch{start, end}
		marks := len(s.spans)
		if s.verify(lit, start, end); len(s.spans) == marks {
			s.doubts = append(s.doubts, s.saw)
		}
	}
}

package spool

import (
	"slices"
)

// Release says that nobody needs these items any more. They may be released in any order; numbers that are not lent are ignored. The release
// is on disk within a second; it is written, and so survives the death of the process, after Options.AckEvery of them. A crash before that
// lends the items again after the next Open, with the same ID.
func (r *Reader) Release(seqs ...uint64) {
	s := r.s
	now := s.opt.Now()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	freed := false
	for _, seq := range seqs {
		if g := r.release(seq); g != nil && g.sealed && !g.dead && g.settled() {
			freed = true
		}
	}
	r.compact()
	durable := due(now, s.ackedAt, ackInterval)
	flush := s.unacked > 0 && (durable || s.opt.AckEvery > 0 && s.unacked >= s.opt.AckEvery)
	s.mu.Unlock()
	if flush {
		_ = s.acks.flush(s, now, durable) // counted, and tried again
	}
	if freed {
		s.collect()
	}
	s.work.ring() // who waits for the window, or for the spool to be empty
}

// release books one item; nil if it is not lent. mu is held.
func (r *Reader) release(seq uint64) *segment {
	i, ok := slices.BinarySearchFunc(r.lent, seq, func(l lent, seq uint64) int {
		switch {
		case l.seq < seq:
			return -1
		case l.seq > seq:
			return 1
		}
		return 0
	})
	if !ok || r.lent[i].done {
		return nil
	}
	l := &r.lent[i]
	l.done = true
	r.settled++
	r.settle(l.seg, l.category, l.size)
	r.dirty = true
	r.released++
	r.s.unacked++
	r.s.count.released++
	return l.seg
}

// compact forgets the items that are done: those in front at once, the others when they are the majority. mu is held.
func (r *Reader) compact() {
	n := 0
	for n < len(r.lent) && r.lent[n].done {
		n++
	}
	r.settled -= n
	if n == len(r.lent) {
		r.lent = r.lent[:0]
		return
	}
	if r.settled > (len(r.lent)-n)/2 {
		r.lent = slices.DeleteFunc(r.lent, func(l lent) bool { return l.done })
		r.settled = 0
		return
	}
	r.lent = r.lent[n:]
}

// acked is what may be written to disk now. mu is held.
func (r *Reader) acked() acked {
	a := acked{dest: r.dest, seq: r.high}
	if len(r.lent) == 0 {
		a = r.ahead(a)
		return a
	}
	// Numbers of other destinations in between count as released: they are none of ours, and a bit more or less for them changes nothing.
	a.seq = r.lent[0].seq - 1
	held := 0
	for i := uint64(0); i < bitCount; i++ {
		seq := a.seq + 1 + i
		for held < len(r.lent) && r.lent[held].seq < seq {
			held++
		}
		waiting := held < len(r.lent) && r.lent[held].seq == seq && !r.lent[held].done
		if seq <= r.high && !waiting || seq > r.high && r.seen.released(seq) {
			a.bits.set(i)
		}
	}
	return a
}

// ahead keeps what was recovered beyond high and has not been passed yet.
func (r *Reader) ahead(a acked) acked {
	for i := uint64(0); i < bitCount; i++ {
		if r.seen.released(a.seq + 1 + i) {
			a.bits.set(i)
		}
	}
	return a
}

// lentFrom counts what is lent of one segment and category. mu is held.
func (r *Reader) lentFrom(g *segment, category uint8) (items, bytes uint64) {
	for i := range r.lent {
		if l := &r.lent[i]; l.seg == g && l.category == category && !l.done {
			items++
			bytes += uint64(l.size)
		}
	}
	return items, bytes
}

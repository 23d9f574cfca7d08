package spool

// Forget gives up all items of a destination that is no longer configured, lent or not: they are counted as dropped and their space is freed.
// It returns how many there were. The destination may be used again afterwards.
func (s *Spool) Forget(dest uint64) (items uint64, err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return 0, ErrClosed
	}
	if r := s.readers[dest]; r != nil {
		items = r.pending.items
		s.forget(r)
	}
	s.mu.Unlock()
	err = s.flush(s.opt.Now())
	s.collect()
	s.work.ring()
	return items, err
}

// forget takes everything of a reader off the books. mu is held.
func (s *Spool) forget(r *Reader) {
	s.abandon(r, ReasonForgotten)
	for _, g := range s.segments {
		for i := range g.rows {
			row := &g.rows[i]
			if row.dest != r.dest || row.left == 0 {
				continue
			}
			s.drops.add(Drop{Reason: ReasonForgotten, Dest: row.dest, Category: row.category, Items: row.left, Bytes: row.leftBytes})
			row.left, row.leftBytes = 0, 0
		}
	}
	r.lent, r.settled = r.lent[:0], 0
	r.pending = amount{}
	r.high = s.nextSeq - 1
	r.dirty = true
}

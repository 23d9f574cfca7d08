package spool

import "time"

const tendInterval = time.Second

// clockSet is 2020-01-01 in Unix milliseconds. A machine without a battery starts in 1970: what it stamped before it learnt the time is of
// unknown age and not thrown away for it.
const clockSet = 1_577_836_800_000

// due tells whether an interval has passed. A clock that was set back counts as passed, or nothing would happen until it has caught up.
func due(now, last time.Time, interval time.Duration) bool {
	d := now.Sub(last)
	return d >= interval || d < 0
}

// tend does what has to be done about once per second. Errors are counted where they occur: it runs beside another job that has its own
// result. writing is held.
func (s *Spool) tend(now time.Time) {
	if !due(now, s.tended, tendInterval) {
		return
	}
	s.tended = now
	s.retryUnlinks()
	s.expire(now)
	s.collect()
	_ = s.recordDrops(now)
	if s.opt.Fsync == FsyncInterval && s.unflushed.Load() && due(now, s.synced, syncInterval) {
		_ = s.syncActive()
	}
	_ = s.acks.flush(s, now, true)
}

// tendIfFree is for those who wait; whoever holds writing at the moment does the same.
func (s *Spool) tendIfFree() {
	if s.writing.TryLock() {
		defer s.writing.Unlock()
		if !s.isClosed() {
			s.tend(s.opt.Now())
		}
	}
}

func (s *Spool) retryUnlinks() {
	s.mu.Lock()
	paths := s.doomed
	s.doomed = nil
	s.mu.Unlock()
	s.unlink(paths)
}

// expire drops segments that are too old as a whole. Single items in younger ones are dropped when a reader comes to them.
func (s *Spool) expire(now time.Time) {
	if s.opt.MaxAge == 0 {
		return
	}
	if s.activeExpired(now) && s.roll(now) != nil {
		return
	}
	s.mu.Lock()
	var paths []string
	for i := 0; i < len(s.segments)-1; {
		if s.expired(now, s.segments[i].newest) {
			paths = append(paths, s.drop(i, ReasonAge))
			continue
		}
		i++
	}
	s.mu.Unlock()
	s.unlink(paths)
}

func (s *Spool) activeExpired(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.tail
	return !g.settled() && s.expired(now, g.newest)
}

// expired judges a time stamp in Unix milliseconds.
func (s *Spool) expired(now time.Time, ms int64) bool {
	return s.opt.MaxAge > 0 && ms >= clockSet && now.UnixMilli()-ms > s.opt.MaxAge.Milliseconds()
}

// recordDrops writes the drops that no frame has carried yet into a frame of their own.
func (s *Spool) recordDrops(now time.Time) error {
	s.mu.Lock()
	none := len(s.drops.fresh) == 0 || s.tail.broken
	s.mu.Unlock()
	if none {
		return nil // in a broken segment: the snapshot of the next one has the totals
	}
	return s.commit(now, kindDrops, nil, nil)
}

package source

import (
	"bytes"
	"time"
)

// serveMail gives the stream of a host its turn.
func (t *Tailer) serveMail(r *reader, s *stream, now time.Time) (more bool, wake time.Time) {
	if s.consumer == nil {
		if s.consumer = t.open(s.info); s.consumer == nil {
			s.consumer = nobody{}
		}
	}
	m := s.mail
	if len(m.out) == 0 {
		m.take()
	}
	if len(m.out) > 0 {
		n := len(m.out)
		if n > turnBytes {
			n = turnBytes + bytes.IndexByte(m.out[turnBytes:], '\n') + 1 // the mail ends with a line break
		}
		r.tally.bytes += int64(n)
		s.grown(s.scanned+int64(n), now)
		r.split(s, m.out[:n], s.scanned, now)
		t.stats.add(&r.tally)
		m.served(n)
		return true, time.Time{} // Idle only if nothing has come by the next turn
	}
	s.idle(now)
	silent := s.grew.Add(peerSilence)
	if m.leave(s, !now.Before(silent)) {
		s.life = ended
		s.consumer.End(now)
		return false, time.Time{}
	}
	return false, earliest(s.deadline, silent)
}

// take makes what waits the mail that is handed over.
func (m *mail) take() {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	m.out, m.in = m.in, m.spare[:0]
	m.spare = m.out
}

// served gives the room of n bytes back.
func (m *mail) served(n int) {
	if m.out = m.out[n:]; len(m.out) == 0 && cap(m.spare) > chunkBytes {
		m.spare = nil
	}
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	m.of.waiting -= n
}

// leave takes the stream off the receiver's lists if it may end: nothing waits,
// and it is silent or has to go.
func (m *mail) leave(s *stream, silent bool) bool {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	if len(m.in) > 0 || !silent && !m.leaving {
		return false
	}
	if m.of.peers[m.from] == s {
		delete(m.of.peers, m.from)
	}
	delete(m.of.all, s)
	return true
}

// end hands over what waits and ends all streams. Nothing else runs by then.
func (rc *receiver) end(r *reader) {
	for s := range rc.all {
		s.mail.leaving = true
		for s.life != ended {
			rc.t.serveMail(r, s, rc.t.now())
		}
	}
	for _, l := range []struct {
		what string
		loss
	}{{"syslog messages were dropped: they came faster than they were read", rc.lost}, {"syslog connections were refused", rc.refused}} {
		if news := l.n - l.told; news > 0 {
			rc.t.log.Warn(l.what, "source", rc.entry.name, "number", news)
		}
	}
}

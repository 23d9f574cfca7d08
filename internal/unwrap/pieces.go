package unwrap

import (
	"bytes"
	"time"
)

// piece is one part of a line, as a carrier delivered it.
type piece struct {
	text   []byte
	escape bool   // text is the inside of a JSON string
	own    bool   // text lies in Unwrapper.text
	last   bool   // the line ends here
	stream Stream // what the pieces of one line have in common
	key    []byte // and, where several writers share the stream, whose they are
}

// pending is a line whose end has not come yet.
type pending struct {
	open bool
	cut  bool // the line has been given out up to here, at the limit
	rec  Record
	buf  []byte
	at   time.Time // when the newest piece came

	// own copies of what rec would borrow
	writer, host, unit, stamp []byte
}

// add starts or continues the line. head is the record of the newest piece; that
// of the first one counts.
func (p *pending) add(now time.Time, head *Record, pc *piece) {
	if !p.open {
		p.open, p.buf, p.rec = true, p.buf[:0], *head
		p.writer = append(p.writer[:0], pc.key...)
		p.host = append(p.host[:0], head.Host...)
		p.unit = append(p.unit[:0], head.Unit...)
		p.stamp = append(p.stamp[:0], head.stamp...)
		p.rec.Writer, p.rec.Host, p.rec.Unit, p.rec.stamp = p.writer, p.host, p.unit, p.stamp
	}
	p.at, p.rec.End = now, head.End
	if pc.escape {
		p.buf = appendString(p.buf, pc.text)
	} else {
		p.buf = append(p.buf, pc.text...)
	}
}

// join takes one piece, whose head stands in u.rec, and gives the record that is
// ready now: nil if the line is not complete.
func (u *Unwrapper) join(now time.Time, pc *piece) *Record {
	p := &u.pending[pc.stream%streams]
	if pc.last && !p.open && !p.cut {
		return u.single(pc)
	}
	switch {
	case p.open && !bytes.Equal(p.writer, pc.key):
		return u.foreign(now, p, pc)
	case !p.open && pc.last && len(pc.text) == 0:
		p.cut = false // nothing is left of the line that was given out
		return nil
	}
	if !p.open {
		u.open++
	}
	p.add(now, &u.rec, pc)
	if !pc.last && len(p.buf) < u.joinLimit {
		return nil
	}
	return u.give(p, !pc.last)
}

// give hands out what p has gathered; more says that the line goes on.
func (u *Unwrapper) give(p *pending, more bool) *Record {
	u.open--
	p.open = false
	u.rec = p.rec
	u.rec.Cut = p.cut || more
	p.cut = more
	return u.whole(p.buf, true)
}

// foreign takes a piece by another writer than the one whose line is open. Only
// journald mixes them. A whole line goes through; a second unfinished one takes
// the place of the first, which comes out cut.
func (u *Unwrapper) foreign(now time.Time, p *pending, pc *piece) *Record {
	if pc.last {
		return u.single(pc)
	}
	old := *p
	*p = pending{}
	p.add(now, &u.rec, pc)
	u.rec = old.rec
	u.rec.Cut = true
	return u.whole(old.buf, true)
}

// single takes a line that came in one piece.
func (u *Unwrapper) single(pc *piece) *Record {
	if !pc.escape || bytes.IndexByte(pc.text, '\\') < 0 {
		return u.whole(pc.text, pc.own)
	}
	u.text = appendString(u.text[:0], pc.text)
	return u.whole(u.text, true)
}

// Expire gives out every line whose next piece has not come within
// Config.PartialWait of the last one, marked Cut: the first one here, the others
// by Next. It also shrinks the buffers, so it should be called whenever the end
// of the file has been reached.
func (u *Unwrapper) Expire(now time.Time) *Record {
	u.begin()
	u.overdue = now.Add(-u.partialWait)
	u.draining, u.more = true, true
	return u.Next()
}

// Flush gives out every line that is not complete, marked Cut: the file was
// deleted or rotated and read to its end, or the agent stops.
func (u *Unwrapper) Flush() *Record {
	u.begin()
	u.overdue = time.Time{}
	u.draining, u.more = true, true
	return u.Next()
}

// oldest gives the pending line that starts first, nil if there is none or if
// all that are older than it must wait.
func (u *Unwrapper) oldest(due bool) (first *pending) {
	for i := range u.pending {
		p := &u.pending[i]
		if !p.open || due && !u.overdue.IsZero() && p.at.After(u.overdue) {
			continue
		}
		if first == nil || p.rec.Start < first.rec.Start {
			first = p
		}
	}
	return first
}

// Deadline is the time at which Expire has something to give out, zero if
// nothing is pending.
func (u *Unwrapper) Deadline() (at time.Time) {
	if u.open == 0 {
		return at
	}
	for i := range u.pending {
		p := &u.pending[i]
		if due := p.at.Add(u.partialWait); p.open && (at.IsZero() || due.Before(at)) {
			at = due
		}
	}
	return at
}

// Floor is the offset at which the oldest pending line starts. Nothing from
// there on is settled: after a restart the file must be read from it. False if
// nothing is pending.
func (u *Unwrapper) Floor() (int64, bool) {
	if u.open == 0 {
		return 0, false
	}
	return u.oldest(false).rec.Start, true
}

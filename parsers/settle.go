package parsers

import "time"

// Deadline is when Expire must be called if no line comes before; zero if nothing is undecided.
func (a *Assembler) Deadline() time.Time {
	if len(a.win.lines) == 0 {
		return time.Time{}
	}
	return a.touched.Add(a.shared.cfg.Idle)
}

// Expire closes what has been open for longer than Config.Idle.
func (a *Assembler) Expire(now time.Time) {
	if d := a.Deadline(); !d.IsZero() && !now.Before(d) {
		a.close(Idle)
	}
}

// Flush closes everything: the stream has come to its end.
func (a *Assembler) Flush() { a.close(Final) }

// Floor is the offset of the oldest line that is not decided yet: the place from
// which the stream must be read again if nothing but it is remembered. open is
// false if every line is decided.
func (a *Assembler) Floor() (offset int64, open bool) {
	if len(a.win.lines) == 0 {
		return a.end, false
	}
	return a.win.lines[0].start, true
}

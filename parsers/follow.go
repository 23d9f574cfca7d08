package parsers

import (
	"github.com/tracetail/tracetail/parsers/record"
	"github.com/tracetail/tracetail/parsers/trace"
)

// follow offers a line to the open trace; false means that it is not part of
// it, the trace is closed and the line stands outside.
func (a *Assembler) follow(l *Line) bool {
	lang := a.shared.set.Language(a.tr.lang)
	st, v := lang.Step(a.tr.state, l.Text)
	msg := 0
	if v == trace.Text || v == trace.No {
		switch h := a.scan.Head(l.Text); {
		case h.Kind != record.None:
			msg = h.Msg
			st, v = a.prefixed(lang, l, h)
		case v == trace.Text && a.otherOpens(l.Text):
			v = trace.No
		case v == trace.Text && a.rivalProven(l.Text):
			a.yield()
			return a.follow(l)
		}
	}
	if v == trace.Text || v == trace.Hold {
		if a.tr.text >= maxTextLines || a.tr.bytes+len(l.Text) > maxTextBytes {
			v = trace.No
		}
	}
	if v == trace.No {
		a.leave(Ended)
		return false
	}
	a.tr.state = st
	a.win.add(l, record.Head{}, msg)
	a.took(v)
	return true
}

// prefixed asks the language about a line that has a header of its own. It can
// only go on with the trace where a formatter prefixes every line, or every write,
// the ones before included: celery does with what a task prints, and the source line
// below "File ..." is part of the same write.
func (a *Assembler) prefixed(lang *trace.Language, l *Line, h record.Head) (trace.State, trace.Verdict) {
	before := a.lastHead()
	if len(before) == 0 {
		return trace.Outside, trace.No
	}
	st, v := lang.Step(a.tr.state, l.Text[h.Msg:])
	if v == trace.Text && len(l.Text) > h.Msg && !a.sameEntry(l, h) && (a.tr.text > 0 || !sameShape(l.Text[:h.Msg], before)) {
		v = trace.No
	}
	return st, v
}

// lastHead is the header of the line before, or of one a little before that in the same trace.
func (a *Assembler) lastHead() []byte {
	last := len(a.win.lines) - 1
	for i := last; i >= max(a.tr.first, last-maxWrite); i-- {
		if msg := a.win.lines[i].msg; msg > 0 {
			return a.win.text(i)[:msg]
		}
	}
	return nil
}

// sameShape tells whether two headers differ in their digits only.
func sameShape(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !sameButDigits(a[i], b[i]) {
			return false
		}
	}
	return true
}

// otherOpens tells whether a line of free text begins a trace of its own: two
// traces back to back, or a guess that took another language's first line. What
// proves a trace takes its header along, which so far was text of the open one:
// "KeyError: a" of Python, then "TypeError: b" and frames of Node, or "panic: b"
// and a goroutine.
func (a *Assembler) otherOpens(text []byte) bool {
	lang, _, v := a.shared.set.Opening(text, true)
	if v == trace.No || v == trace.Text {
		return false
	}
	n := 0
	if ask := a.shared.set.Language(lang).Back; ask != nil && a.tr.proven {
		b := back{&a.win, a.tr.sure}
		n = min(ask(b, text), b.Len())
	}
	if n <= 0 && (v == trace.Hold || continued(text)) || lang == a.tr.lang && continued(text) {
		return false
	}
	if n > 0 {
		a.tr.mine = min(a.tr.mine, len(a.win.lines)-n)
	}
	return true
}

// rival is another language's guess within the free text of the open trace:
// "panic: b" may be a line of a message, until a goroutine follows it.
type rival struct {
	active bool
	at     int // its first line in the window
	lang   int
	state  trace.State
}

// rivalProven asks the rival about a line of free text, or looks for one.
func (a *Assembler) rivalProven(text []byte) bool {
	r := &a.tr.rival
	if r.active {
		st, v := a.shared.set.Language(r.lang).Step(r.state, text)
		switch v {
		case trace.Take, trace.Last:
			return true
		case trace.No:
			r.active = false
		default:
			r.state = st
			return false
		}
	}
	if lang, st, v := a.shared.set.Opening(text, true); v == trace.Hold && lang != a.tr.lang && !continued(text) {
		*r = rival{active: true, at: len(a.win.lines), lang: lang, state: st}
	}
	return false
}

// yield ends the open trace where its rival began, which is the open one now.
func (a *Assembler) yield() {
	r, proven := a.tr.rival, a.tr.proven
	a.tr.mine = min(a.tr.mine, r.at)
	gone := a.tr.mine
	a.leave(Ended)
	if !proven {
		gone = 0
	}
	a.tr = following{active: true, lang: r.lang, state: r.state, first: r.at - gone, sure: r.at - gone, mine: r.at - gone}
}

// leave ends the open trace before the present line. A trace without proof was
// none: its lines stay undecided, as ordinary text. Lines held behind a proven
// one stay undecided too.
func (a *Assembler) leave(why Reason) {
	t := a.tr
	a.tr = following{}
	if !t.proven {
		return
	}
	a.send(t, why)
	a.win.drop(t.mine)
}

func (a *Assembler) send(t following, why Reason) {
	a.emit(&Block{win: &a.win, headed: a.win.headed(), lang: t.lang, first: t.first, upto: t.mine, elided: t.elided, scan: &a.scan, now: a.touched, Reason: why})
}

// elide leaves out the middle of an open trace that has grown to the limit: its
// beginning and its end say what happened, in every language one of them by what
// was raised. False if that is not enough, or has gone on for too long.
func (a *Assembler) elide() bool {
	t, n := &a.tr, len(a.win.lines)
	from := t.first + (n-t.first)/2
	to := from + (n-t.first)/4
	if t.elided += to - from; to == from || t.elided > maxElided*a.shared.cfg.MaxLines {
		return false
	}
	a.win.remove(from, to)
	t.rival = rival{}
	for _, at := range []*int{&t.sure, &t.mine} {
		if *at >= to {
			*at -= to - from
		} else {
			*at = min(*at, from)
		}
	}
	return a.win.size(t.first) < a.shared.cfg.MaxBytes
}

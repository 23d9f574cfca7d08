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
			st, v = a.prefixed(lang, l.Text[msg:])
		case v == trace.Text && a.otherOpens(l.Text):
			v = trace.No
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
// only go on with the trace where a formatter prefixes every line, the ones
// before included.
func (a *Assembler) prefixed(lang *trace.Language, msg []byte) (trace.State, trace.Verdict) {
	if a.win.lines[len(a.win.lines)-1].msg == 0 {
		return trace.Outside, trace.No
	}
	st, v := lang.Step(a.tr.state, msg)
	if v == trace.Text && len(msg) > 0 {
		v = trace.No
	}
	return st, v
}

// otherOpens tells whether a line of free text begins a trace of its own: two
// traces back to back, or a guess that took another language's first line. A
// frame that proves a trace takes its header along, which so far was text of
// the open trace: "KeyError: a" of Python, then "TypeError: b" and frames of Node.
func (a *Assembler) otherOpens(text []byte) bool {
	lang, _, v := a.shared.set.Opening(text, true)
	if v != trace.Take && v != trace.Last {
		return false
	}
	if !continued(text) {
		return true
	}
	ask := a.shared.set.Language(lang).Back
	if ask == nil || lang == a.tr.lang || !a.tr.proven {
		return false
	}
	b := back{&a.win, a.tr.sure}
	n := min(ask(b, text), b.Len())
	if n <= 0 {
		return false
	}
	a.tr.mine = min(a.tr.mine, len(a.win.lines)-n)
	return true
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
	a.emit(&Block{win: &a.win, headed: a.win.headed(), lang: t.lang, first: t.first, upto: t.mine, scan: &a.scan, now: a.touched, Reason: why})
}

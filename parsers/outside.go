package parsers

import (
	"bytes"

	"github.com/tracetail/tracetail/parsers/record"
	"github.com/tracetail/tracetail/parsers/trace"
)

// outside places a line that no open trace takes.
func (a *Assembler) outside(l *Line) {
	h := a.scan.Head(l.Text)
	if h.Level == record.Unknown && int(l.Severity) < len(severities) {
		h.Level = severities[l.Severity]
	}
	if h.Kind == record.None {
		a.unheaded(l, h)
		return
	}
	a.records = true
	if a.joins(h) {
		a.win.add(l, record.Head{}, h.Msg)
		a.win.lines[len(a.win.lines)-1].joined = true
		return
	}
	lang, st, v := a.shared.set.Opening(l.Text[h.Msg:], h.Level >= record.Warning || h.Kind == record.Kernel)
	same := h.Kind == record.Logcat && a.sameEntry(l, h)
	if v == trace.No {
		if same && len(a.win.lines) < maxContinued {
			a.win.add(l, record.Head{}, h.Msg)
			a.win.lines[len(a.win.lines)-1].joined = true
			return
		}
		a.close(Ended)
		a.win.add(l, h, h.Msg)
		if (h.Kind == record.JSON || h.Kind == record.Logfmt) && h.Level < record.Fatal {
			a.close(Ended) // such a record is one line, whatever follows; its last words may be said again by the runtime
		}
		return
	}
	// A formatter that prefixes every line: what looks like a record is a line of the trace that the record before it began.
	if a.win.headed() && a.win.lines[0].kind == h.Kind {
		if n := a.lookBack(lang, l.Text[h.Msg:]); n > 0 || same || h.Kind != record.Logcat && setBack(l.Text, h.Msg) || v == trace.Take && a.sameWrite(l, h) {
			a.win.add(l, record.Head{}, h.Msg)
			a.open(lang, st, v, n)
			return
		}
	}
	a.close(Ended)
	a.win.add(l, h, h.Msg)
	a.open(lang, st, v, 0)
}

// sameEntry tells whether a line is a further line of the entry that the line
// before it belongs to: logcat prints time, process, thread, level and tag in
// front of every line of an entry. A header without a fraction of a second
// cannot tell that from another entry.
func (a *Assembler) sameEntry(l *Line, h record.Head) bool {
	last := len(a.win.lines) - 1
	if last < 0 || h.Msg < 12 || int(a.win.lines[last].msg) != h.Msg {
		return false
	}
	head := l.Text[:h.Msg]
	return bytes.Equal(head, a.win.text(last)[:h.Msg]) && fraction(head)
}

// fraction tells whether a header holds the fraction of a second, as in "05:28:01.123" or "05:28:01,123".
func fraction(head []byte) bool {
	run, after := 0, false
	for _, c := range head {
		switch {
		case c >= '0' && c <= '9':
			if run++; after && run == 3 {
				return true
			}
		default:
			after, run = run == 2 && (c == '.' || c == ','), 0
		}
	}
	return false
}

// sameWrite tells whether a trace that begins on a line with a header of its own
// belongs to the complaint on the line before it: the same header but for the
// fraction of a second and what only the first line of an entry has. mod_wsgi and
// OpenStack put theirs before every line of an entry, and a program may log the
// traceback by a second call.
//
//	05:28:01.123 4156 ERROR nova.rpc [req-1 - -] Exception during handling
//	05:28:01.123 4156 TRACE nova.rpc Traceback (most recent call last):
func (a *Assembler) sameWrite(l *Line, h record.Head) bool {
	if len(a.win.lines) != 1 || a.win.lines[0].level < record.Error || h.Msg < len("ERROR: ") {
		return false
	}
	head, before := l.Text[:h.Msg], a.win.text(0)
	if i := bytes.Index(head, oncePerEntry); i > 0 {
		head = head[:i]
	}
	if len(before) < len(head) {
		return false
	}
	part := false
	for i := 0; i < len(head); i++ {
		c, digit := head[i], head[i]-'0' <= 9
		switch {
		case c == before[i]:
		case digit && part && before[i]-'0' <= 9:
		case bytes.HasPrefix(head[i:], levelTrace) && bytes.HasPrefix(before[i:], levelError):
			i += len(levelTrace) - 1
		default:
			return false
		}
		part = digit && part || c == '.' || c == ','
	}
	return true
}

var (
	oncePerEntry           = []byte("[instance: ")
	levelTrace, levelError = []byte("TRACE "), []byte("ERROR ")
)

// setBack tells whether the message that begins at msg stands farther right than a header ends.
func setBack(text []byte, msg int) bool {
	return msg < len(text) && continued(text[msg:msg+1]) || msg > 1 && continued(text[msg-2:msg-1]) && continued(text[msg-1:msg])
}

// joins tells whether a line with a head of its own is the second part of the
// record before it: java.util.logging prints "SEVERE: message" below the time
// and the class, PostgreSQL a DETAIL with the prefix of its ERROR.
func (a *Assembler) joins(h record.Head) bool {
	if !a.win.headed() {
		return false
	}
	first := &a.win.lines[0]
	switch {
	case first.kind == record.JUL && h.Kind == record.LevelFirst && len(a.win.lines) == 1:
		first.level = h.Level
		return true
	case h.Kind == record.Detail:
		return first.kind == record.Postgres && len(a.win.lines) < maxContinued
	}
	return false
}

// unheaded places a line that starts no log record by its own text. h has a
// level where the transport states one; such a line is a record of its own
// unless a trace takes it.
func (a *Assembler) unheaded(l *Line, h record.Head) {
	lang, st, v := a.shared.set.Opening(l.Text, true)
	if v != trace.No {
		n := a.lookBack(lang, l.Text)
		a.win.add(l, h, 0)
		a.open(lang, st, v, n)
		return
	}
	if a.learnTag(l) {
		return
	}
	if h.Level != record.Unknown && !continued(l.Text) {
		a.close(Ended)
		h.Kind = record.Plain
		a.win.add(l, h, 0)
		return
	}
	switch n := len(a.win.lines); {
	case a.win.headed():
		if n >= maxContinued || len(a.win.arena) > a.shared.cfg.MaxBytes {
			a.close(Limit)
		}
	case n >= 2*keepUnheaded:
		a.win.drop(n - keepUnheaded)
	case len(a.win.arena) > keepBytes:
		a.win.drop((n + 1) / 2)
	}
	a.win.add(l, h, 0)
}

// continued tells whether a line plainly goes on with the one before it.
func continued(text []byte) bool {
	return len(text) == 0 || text[0] == ' ' || text[0] == '\t'
}

// lookBack asks a language how many of the undecided lines belong to the trace that opening proves.
func (a *Assembler) lookBack(lang int, opening []byte) int {
	ask := a.shared.set.Language(lang).Back
	if ask == nil || len(a.win.lines) == 0 {
		return 0
	}
	b := back{&a.win, max(0, len(a.win.lines)-lookBack)}
	return max(0, min(ask(b, opening), b.Len()))
}

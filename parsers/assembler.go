package parsers

import (
	"bytes"
	"time"

	"github.com/tracetail/tracetail/parsers/record"
	"github.com/tracetail/tracetail/parsers/trace"
)

// Bounds that no one has had a reason to set.
const (
	lookBack      = 200      // lines a language may look back for the beginning of its trace
	keepUnheaded  = 32       // lines kept for that purpose where nothing starts a record
	keepBytes     = 16 << 10 // and their bytes
	maxTextLines  = 200      // lines of a message inside a trace without a line that proves anything
	maxTextBytes  = 64 << 10
	maxPlainLines = 30   // and behind its last such line, where the stream has no records that would end it
	maxContinued  = 1000 // lines of a record without a trace
)

// Assembler gathers the lines of one stream into blocks. It is used by one
// goroutine at a time.
type Assembler struct {
	shared *shared
	scan   record.Scanner
	win    window
	tr     following
	emit   func(*Block)

	level   record.Level // from here a record is an event by itself; above Fatal for never
	records bool         // the stream has log records
	touched time.Time    // when the last line came
	end     int64        // end of the last line seen
}

// following is the trace being followed, if any. Lines of the window from
// first on belong to it, up to mine for certain.
type following struct {
	active bool
	proven bool
	lang   int
	state  trace.State
	first  int
	sure   int // end of the lines that are proven to belong
	mine   int // the block ends before this line if no further line is taken
	text   int // lines since the last one that proved anything
	bytes  int
	rival  rival
}

// Push takes the next line, which is borrowed until Push returns. Blocks that it
// completes are emitted before it returns.
func (a *Assembler) Push(now time.Time, l *Line) {
	defer a.rescue()
	a.touched, a.end = now, l.End
	if a.tr.active {
		if n := trace.Glued(l.Text); n > 0 {
			first, rest := *l, *l
			first.Text, first.End, rest.Text = l.Text[:n], l.Start, l.Text[n:]
			a.place(&first)
			a.place(&rest)
			return
		}
	}
	a.place(l)
}

// rescue is for a grammar that panics: a fault of ours, which must cost neither the
// process nor the trace. What is undecided goes on as it stands.
func (a *Assembler) rescue() {
	if recover() == nil {
		return
	}
	t := a.tr
	a.tr = following{}
	if n := len(a.win.lines); t.active && t.first < n {
		a.emit(&Block{win: &a.win, headed: a.win.headed(), broken: true, lang: t.lang, first: t.first, upto: n, scan: &a.scan, now: a.touched, Reason: Ended})
	} else {
		a.shared.stats.Failed.Add(1)
	}
	a.win.reset()
}

// place gives a line to the open trace, or else to the outside.
func (a *Assembler) place(l *Line) {
	if a.tr.active && a.follow(l) {
		return
	}
	a.outside(l)
}

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
		if n := a.lookBack(lang, l.Text[h.Msg:]); n > 0 || same || setBack(l.Text, h.Msg) {
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

// open starts to follow a trace whose opening line is the last of the window,
// n lines before it included.
func (a *Assembler) open(lang int, st trace.State, v trace.Verdict, n int) {
	a.tr = following{active: true, lang: lang, state: st, first: len(a.win.lines) - 1 - n}
	a.took(v)
}

// took notes the verdict on the line that was added last.
func (a *Assembler) took(v trace.Verdict) {
	t, n := &a.tr, len(a.win.lines)
	size := len(a.win.text(n - 1))
	switch v {
	case trace.Take, trace.Last:
		t.proven, t.sure, t.mine, t.text, t.bytes = true, n, n, 0, 0
	case trace.Text:
		if t.mine == n-1 && (a.records || n-t.sure <= maxPlainLines) {
			t.mine = n
		}
		fallthrough
	default:
		t.text++
		t.bytes += size
	}
	switch {
	case v == trace.Last:
		a.close(Ended)
	case n-t.first >= a.shared.cfg.MaxLines || a.win.size(t.first) >= a.shared.cfg.MaxBytes:
		t.mine = n
		a.close(Limit)
	}
}

// close decides about everything that is undecided.
func (a *Assembler) close(why Reason) {
	if len(a.win.lines) == 0 {
		return
	}
	h := &a.win.lines[0]
	switch {
	case a.tr.active:
		t := a.tr
		a.tr = following{}
		if t.proven {
			a.send(t, why)
			break
		}
		fallthrough
	case h.headed() && (h.level >= a.level || h.embedded):
		a.sendRecord(why)
	}
	a.win.reset()
}

// sendRecord emits a record that no trace was found under. What stands at
// column 0 right below it may still be an exception without frames.
func (a *Assembler) sendRecord(why Reason) {
	if h := &a.win.lines[0]; !h.headed() || h.level < a.level && !h.embedded {
		return
	}
	b := &Block{win: &a.win, headed: true, lang: -1, upto: recordEnd(&a.win), scan: &a.scan, now: a.touched, Reason: why}
	if n := len(a.win.lines); b.upto == 1 && n > 1 && len(a.win.text(1)) > 0 {
		if lang := a.shared.set.Bare(); lang >= 0 {
			b.lang, b.first, b.upto = lang, 1, 2
		}
	}
	a.emit(b)
}

// recordEnd is the end of a record without a trace: its continuation lines are
// those that are indented; what follows at column 0 is somebody else's print.
func recordEnd(w *window) int {
	n := 1
	for n < len(w.lines) && (w.lines[n].joined || continued(w.text(n))) {
		n++
	}
	for n > 1 && len(w.text(n-1)) == 0 {
		n--
	}
	return n
}

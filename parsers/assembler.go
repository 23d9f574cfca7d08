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
	keepUnheaded  = 128      // lines kept for that purpose where nothing starts a record
	keepBytes     = 16 << 10 // and their bytes
	maxTextLines  = 200      // lines of a message inside a trace without a line that proves anything
	maxTextBytes  = 64 << 10
	maxPlainLines = 30   // and behind its last such line, where the stream has no records that would end it
	maxContinued  = 1000 // lines of a record without a trace
	maxBelow      = 60   // lines below a header without a message
	maxWrite      = 3    // lines of one write of which only the first has a header
	maxElided     = 20   // times Config.MaxLines that may be left out of a trace
)

// Assembler gathers the lines of one stream into blocks. It is used by one
// goroutine at a time.
type Assembler struct {
	shared *shared
	scan   record.Scanner
	win    window
	tr     following
	emit   func(*Block)
	tag    tag

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
	elided int // lines of its middle that were left out
}

// Push takes the next line, which is borrowed until Push returns. Blocks that it
// completes are emitted before it returns.
func (a *Assembler) Push(now time.Time, l *Line) {
	defer a.rescue()
	a.touched, a.end = now, l.End
	if len(a.tag.text) > 0 {
		bare := *l
		bare.Text = l.Text[a.tag.cut(l.Text):]
		l = &bare
	}
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
		if !t.proven || !a.elide() {
			a.tr.mine = len(a.win.lines)
			a.close(Limit)
		}
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
	n := b.upto
	if n == 1 && n+1 < len(a.win.lines) && len(a.win.text(n)) == 0 {
		n++ // Tomcat ends its message with a line break of its own
	}
	if n < len(a.win.lines) && (b.upto == 1 || a.win.lines[n-1].joined) && len(a.win.text(n)) > 0 {
		if lang := a.shared.set.Bare(); lang >= 0 {
			b.lang, b.first, b.upto = lang, n, n+1
		}
	}
	a.emit(b)
}

// recordEnd is the end of a record without a trace: its continuation lines are
// those that are indented; what follows at column 0 is somebody else's print,
// but for the few formats that have the message there.
func recordEnd(w *window) int {
	n := 1
	below := w.lines[0].kind.MessageToBlank()
	if !below && n < len(w.lines) && len(w.text(n)) == 0 && len(bytes.TrimSpace(w.message(0))) == 0 {
		return w.belowHeader()
	}
	for n < len(w.lines) && (w.lines[n].joined || below && len(w.text(n)) > 0 || !below && continued(w.text(n))) {
		n++
	}
	for n > 1 && len(w.text(n-1)) == 0 {
		n--
	}
	return n
}

// belowHeader is the end of a record whose header has no message: Spring Boot's
// "APPLICATION FAILED TO START" begins two lines below it.
func (w *window) belowHeader() int {
	n := min(len(w.lines), maxBelow)
	for n > 1 && len(w.text(n-1)) == 0 {
		n--
	}
	return n
}

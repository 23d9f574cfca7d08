package parsers

import "github.com/tracetail/tracetail/parsers/record"

// Line is one line of an application, transport taken off.
type Line struct {
	// Text is borrowed until Push returns; it holds no line break.
	Text []byte
	// Start and End are the offsets in the stream of the first byte of the line
	// and of the byte after its line break, transport included.
	Start, End int64
	// Severity is what the transport states: the severity of RFC 5424 plus one, from
	// 1 for an emergency to 8 for debug; 0 if it states none.
	Severity uint8
	// Stamp is the transport's own timestamp as text, borrowed, and Layout a
	// number that says how to read it; both are looked at only if an event needs
	// them, by the function that New was given.
	Stamp  []byte
	Layout uint8
}

// severities are the levels that the numbers of Line.Severity stand for.
var severities = [...]record.Level{
	record.Unknown, record.Fatal, record.Fatal, record.Fatal, record.Error,
	record.Warning, record.Notice, record.Info, record.Debug,
}

// entry is one undecided line; its text stands in the arena of the window.
type entry struct {
	at, to     int // text in the arena
	msg        int // start of the message in the text
	stamp      int // the transport's timestamp ends here; it starts at to
	layout     uint8
	start, end int64
	head       record.Head
	joined     bool // belongs to the record at the head of the window, whatever it looks like
}

// window holds the lines of a stream that are not decided yet, oldest first: a
// log record with what follows it, or a run of lines without any record.
// Dropping all of it is a matter of two slice headers.
type window struct {
	lines []entry
	arena []byte
}

func (w *window) add(l Line, h record.Head, msg int) {
	at := len(w.arena)
	w.arena = append(w.arena, l.Text...)
	to := len(w.arena)
	w.arena = append(w.arena, l.Stamp...)
	w.lines = append(w.lines, entry{at: at, to: to, msg: msg, stamp: len(w.arena), layout: l.Layout, start: l.Start, end: l.End, head: h})
}

// arenaKeep is the capacity above which an emptied arena is given back: one
// giant trace must not cost its memory for ever.
const arenaKeep = 64 << 10

func (w *window) reset() {
	w.lines = w.lines[:0]
	w.arena = w.arena[:0]
	if cap(w.arena) > arenaKeep {
		w.arena = nil
	}
	if cap(w.lines) > 1024 {
		w.lines = nil
	}
}

// drop removes the n oldest lines and closes the gap.
func (w *window) drop(n int) {
	if n >= len(w.lines) {
		w.reset()
		return
	}
	cut := w.lines[n].at
	w.arena = w.arena[:copy(w.arena, w.arena[cut:])]
	w.lines = w.lines[:copy(w.lines, w.lines[n:])]
	for i := range w.lines {
		e := &w.lines[i]
		e.at, e.to, e.stamp = e.at-cut, e.to-cut, e.stamp-cut
	}
}

func (w *window) text(i int) []byte { return w.arena[w.lines[i].at:w.lines[i].to] }

// stampOf is the transport's timestamp of line i and its layout.
func (w *window) stampOf(i int) (stamp []byte, layout uint8) {
	e := &w.lines[i]
	return w.arena[e.to:e.stamp], e.layout
}

// headed tells whether the window begins with a log record.
func (w *window) headed() bool {
	return len(w.lines) > 0 && w.lines[0].head.Kind != record.None
}

// back shows the last undecided lines to a language that looks for the beginning of its trace.
type back struct {
	w     *window
	first int
}

func (b back) Len() int { return len(b.w.lines) - b.first }

func (b back) Line(i int) []byte {
	e := &b.w.lines[b.first+i]
	return b.w.arena[e.at+e.msg : e.to]
}

func (b back) Record(i int) bool { return b.w.lines[b.first+i].head.Kind != record.None }

package parsers

import (
	"bytes"

	"github.com/tracetail/tracetail/parsers/record"
)

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

// sevError is the number of Line.Severity for an error.
const sevError = 4

// severities are the levels that the numbers of Line.Severity stand for. Notice and
// info say nothing: they are what logger(1) and journald put on whatever a program
// prints, the trace of its death included.
var severities = [...]record.Level{
	record.Unknown, record.Fatal, record.Fatal, record.Fatal, record.Error,
	record.Warning, record.Unknown, record.Unknown, record.Debug,
}

// entry is one undecided line; its text stands in the arena of the window. It
// is kept small, since one is written for every line.
type entry struct {
	start, end int64
	at, to     int32 // text in the arena, which never grows near 2 GiB
	stamp      int32 // end of the transport's timestamp, which starts at to
	msg        int32 // start of the message in the text
	kind       record.Kind
	level      record.Level
	embedded   bool
	joined     bool // belongs to the record at the head of the window, whatever it looks like
	layout     uint8
}

// headed tells whether the line is a log record.
func (e *entry) headed() bool { return e.kind != record.None }

// head is what the quick look at the line gave.
func (e *entry) head() record.Head {
	return record.Head{Kind: e.kind, Level: e.level, Msg: int(e.msg), Embedded: e.embedded}
}

// window holds the lines of a stream that are not decided yet, oldest first: a
// log record with what follows it, or a run of lines without any record.
// Dropping all of it is a matter of two slice headers.
type window struct {
	lines []entry
	arena []byte
}

// add appends a line; head is empty for one that is not a record. msg is where
// its message begins.
func (w *window) add(l *Line, h record.Head, msg int) {
	at := len(w.arena)
	w.arena = append(w.arena, l.Text...)
	to := len(w.arena)
	if len(l.Stamp) > 0 {
		w.arena = append(w.arena, l.Stamp...)
	}
	n := len(w.lines)
	if n == cap(w.lines) {
		w.lines = append(w.lines, entry{})
	}
	w.lines = w.lines[:n+1]
	e := &w.lines[n] // written in place: a composite would be built aside and copied
	e.start, e.end = l.Start, l.End
	e.at, e.to, e.stamp, e.msg = int32(at), int32(to), int32(len(w.arena)), int32(msg)
	e.kind, e.level, e.embedded, e.joined, e.layout = h.Kind, h.Level, h.Embedded, false, l.Layout
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

// remove removes the lines from from up to to.
func (w *window) remove(from, to int) {
	start, end := w.lines[from].at, int32(len(w.arena))
	if to < len(w.lines) {
		end = w.lines[to].at
	}
	w.arena = append(w.arena[:start], w.arena[end:]...)
	w.lines = append(w.lines[:from], w.lines[to:]...)
	for i := from; i < len(w.lines); i++ {
		e, gone := &w.lines[i], end-start
		e.at, e.to, e.stamp = e.at-gone, e.to-gone, e.stamp-gone
	}
}

// take removes the lines from first on and gives copies of them.
func (w *window) take(first int) []Line {
	if first >= len(w.lines) {
		return nil
	}
	text := bytes.Clone(w.arena[w.lines[first].at:])
	base := w.lines[first].at
	out := make([]Line, 0, len(w.lines)-first)
	for _, e := range w.lines[first:] {
		out = append(out, Line{Text: text[e.at-base : e.to-base], Start: e.start, End: e.end, Stamp: text[e.to-base : e.stamp-base], Layout: e.layout})
	}
	w.lines, w.arena = w.lines[:first], w.arena[:base]
	return out
}

func (w *window) text(i int) []byte { return w.arena[w.lines[i].at:w.lines[i].to] }

// message is the text of line i from where its message begins.
func (w *window) message(i int) []byte {
	e := &w.lines[i]
	return w.arena[e.at+e.msg : e.to]
}

// size is the number of bytes of the lines from i on.
func (w *window) size(i int) int { return len(w.arena) - int(w.lines[i].at) }

// stampOf is the transport's timestamp of line i and its layout.
func (w *window) stampOf(i int) (stamp []byte, layout uint8) {
	e := &w.lines[i]
	return w.arena[e.to:e.stamp], e.layout
}

// headed tells whether the window begins with a log record.
func (w *window) headed() bool {
	return len(w.lines) > 0 && w.lines[0].headed()
}

// back shows the last undecided lines to a language that looks for the beginning of its trace.
type back struct {
	w     *window
	first int
}

func (b back) Len() int { return len(b.w.lines) - b.first }

func (b back) Line(i int) []byte { return b.w.message(b.first + i) }

func (b back) Record(i int) bool { return b.w.lines[b.first+i].headed() }

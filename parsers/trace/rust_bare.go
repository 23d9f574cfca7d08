package trace

import (
	"bytes"

	"github.com/tracetail/tracetail/internal/event"
)

// rustBacktrace is the title that anyhow gives to its rows.
const rustBacktrace = "Stack backtrace:"

// rustBareRead reads rows without a head, as a field of a record has them.
func rustBareRead(lines [][]byte) (Trace, bool) {
	r := &rustReader{state: rustRows}
	for _, line := range lines {
		r.row(line, span(line).trim())
	}
	t := Trace{Platform: "native"}
	x := event.Exception{Mechanism: &event.Mechanism{Type: "generic"}}
	x.Stacktrace = rustStacktrace(&t, r.rows, rustSpot{}, true)
	t.Exceptions = []event.Exception{x}
	pyInApp(&t)
	return t, x.Stacktrace != nil && len(x.Stacktrace.Frames) > 0
}

// rustBare tells whether lines are rows from the first one on, by the paths of Rust.
func rustBare(lines [][]byte) bool {
	if len(lines) == 0 {
		return false
	}
	row, ok := rustRow(lines[0])
	return ok && (rustFirstRow(row) || string(row.symbol) == "rust_begin_unwind")
}

// rustOpenLone opens a backtrace that a program printed below a message of its own, without a title.
//
//	0: pay::main
//	          at ./pay.rs:57:59
func rustOpenLone(l span) (State, Verdict) {
	if r, ok := rustRow(l); ok && rustFirstRow(r) && !bytes.Contains(r.symbol, []byte(": ")) {
		return rustRows | rustLone, Hold
	}
	return Outside, No
}

// rustInLone is the Step until a place below a row, or a third row, proves them.
func rustInLone(s State, l, t span) (State, Verdict) {
	if _, ok := rustAt(t); ok {
		return rustRows, Take
	}
	r, ok := rustRow(l)
	switch {
	case !ok:
		return Outside, No
	case r.number > 1 && bytes.Contains(r.symbol, []byte("::")):
		return rustRows, Take
	}
	return s, Hold
}

// rustLogged tells whether such a backtrace follows a message of one line.
func rustLogged(lines [][]byte) bool {
	if len(lines) < 3 || rustBare(lines) || !rustBare(lines[1:]) {
		return false
	}
	s, v := rustOpenLone(lines[1])
	for i := 2; i < len(lines) && v == Hold; i++ {
		s, v = rustInLone(s, lines[i], span(lines[i]).trim())
	}
	return v == Take
}

// logged reads a message and the backtrace below it.
func (r *rustReader) logged(lines [][]byte) Trace {
	for _, l := range lines[1:] {
		r.row(l, span(l).trim())
	}
	text := string(span(lines[0]).trim())
	t := r.error(text, false)
	t.Lead = text
	return t
}

package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// genericUp is how many lines above a heading or a row may hold the error's text.
const genericUp = 4

// genericBack finds the line that speaks of an error.
func genericBack(before Window, opening []byte) int {
	if genericSays(opening) {
		return 0
	}
	n := before.Len()
	for i := n - 1; i >= max(0, n-genericUp); i-- {
		l := span(before.Line(i))
		if genericSays(l) {
			return n - i
		}
		if before.Record(i) || genericFrame(l).line > 0 {
			break
		}
	}
	return 0
}

// genericSays tells whether a line that is no row speaks of an error.
func genericSays(l span) bool {
	if len(l) > 4096 || genericFrame(l).word != 0 {
		return false
	}
	for _, w := range [...]string{"rror", "ERROR", "xception", "anic", "nhandled", "ncaught", "FATAL", "atal ", "crashed"} {
		if bytes.Contains(l, []byte(w)) {
			return true
		}
	}
	return false
}

func genericRead(lines [][]byte) (Trace, bool) {
	first := 0
	for first < len(lines) && genericFrame(lines[first]).word == 0 {
		first++
	}
	frames := genericFrames(lines[first:])
	if len(frames) < 2 {
		return Trace{}, false
	}
	headed := false
	var text [][]byte
	for _, l := range lines[:first] {
		headed = headed || genericHeading(span(l).trim())
		if !genericHeading(span(l).trim()) || bytes.IndexByte(span(l).trim(), ':') < len(span(l).trim())-1 {
			text = append(text, l)
		}
	}
	whole := joinText(text)
	if whole == "" || !headed && !genericSays(span(lines[0])) {
		st, _ := newestFirst(frames)
		return Trace{Platform: "other", Threads: []event.Thread{{ID: "0", Stacktrace: st}}}, true
	}
	t := single("other", genericException(whole), frames)
	if bytes.HasPrefix(lines[0], []byte("Unhandled exception")) || bytes.HasPrefix(lines[0], []byte("Uncaught exception")) {
		t.died()
	}
	return t, true
}

// genericFrames reads the rows, newest first. A name in one row and its place in
// the next make one frame.
func genericFrames(lines [][]byte) []event.Frame {
	var out []event.Frame
	for _, l := range lines {
		c := genericFrame(l)
		if c.word == 0 {
			continue
		}
		f := event.Frame{Function: string(c.fn), Filename: strings.TrimPrefix(string(c.file), "file://"), Lineno: c.line, Colno: c.col}
		if genericPlaceOnly(c) && len(out) > 0 && out[len(out)-1].Lineno == 0 {
			prev := &out[len(out)-1]
			prev.Module, prev.Filename, prev.Lineno, prev.Colno = f.Function, f.Filename, f.Lineno, f.Colno
			continue
		}
		if open := strings.IndexByte(f.Function, '('); open > 0 { // arguments, which may be secret
			f.Function = f.Function[:open]
		}
		if f.Function == "" && f.Filename == "" {
			continue
		}
		out = append(out, f)
	}
	return out
}

// genericPlaceOnly tells whether a row is the place of the one above it: "@ Main ./pay.jl:3".
func genericPlaceOnly(c genericCall) bool { return int(c.word) == len(genericWords) && c.line > 0 }

// genericException takes "Type: text" and "text (Type)" apart.
func genericException(whole string) event.Exception {
	for _, p := range []string{"Unhandled exception", "Uncaught exception", "ERROR", "LoadError"} {
		if rest, ok := strings.CutPrefix(whole, p); ok && strings.HasPrefix(rest, ":") {
			whole = strings.TrimSpace(rest[1:])
		}
	}
	if colon := strings.Index(whole, ": "); colon > 0 && genericName(whole[:colon]) {
		return event.Exception{Type: whole[:colon], Value: whole[colon+2:]}
	}
	if open := strings.LastIndex(whole, " ("); open > 0 && strings.HasSuffix(whole, ")") && genericName(whole[open+2:len(whole)-1]) {
		return event.Exception{Type: whole[open+2 : len(whole)-1], Value: whole[:open]}
	}
	return event.Exception{Type: "Error", Value: whole}
}

// genericName tells whether s can be the name of an exception's class.
func genericName(s string) bool {
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:$") == ""
}

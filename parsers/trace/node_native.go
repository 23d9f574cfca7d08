package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// This file reads what Node prints when V8 itself gives up: out of memory, a
// failed assertion, process.abort().
//
//	<--- Last few GCs --->
//
//	[1519:0xb397e20]  128 ms: Mark-Compact 18.6 (35.1) -> 17.1 (33.6) MB, ...
//
//	<--- JS stacktrace --->
//
//	FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
//	----- Native stack trace -----
//
//	 1: 0xb78db3 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]

const nodeFatalWord = "FATAL ERROR: "

// nodeNativeHead tells whether t is one of the lines with which such a report begins.
func nodeNativeHead(t span) bool {
	return t.has("<--- Last few GCs --->") || t.has("<--- JS stacktrace --->") || t.has(nodeFatalWord) || t.has("----- Native stack trace -----")
}

// nodeNativeStep follows the report; its parts are divided by blank lines.
func nodeNativeStep(s State, l span) (State, Verdict) {
	t := l.left()
	switch {
	case len(t) == 0:
		return s, Hold
	case nodeNativeHead(t):
		if s&nodeRowsF != 0 { // the next process dies of the same
			return Outside, No
		}
		return s, Take
	case t.has("----- JavaScript stack trace -----"), t.has("==== JS stack trace ="), t.has("Security context: "):
		return s, Take
	case t[0] == '[' && bytes.Contains(t, []byte(" ms: ")):
		return s, Take
	}
	if _, rest := nodeNativeRow(t); rest != nil {
		return s | nodeRowsF, Take
	}
	return Outside, No
}

// nodeNativeRow splits " 1: 0xb78db3 node::Abort() [node]" behind its number; rest is nil for other lines.
func nodeNativeRow(t span) (n int, rest span) {
	colon := bytes.Index(t, []byte(": "))
	if colon <= 0 {
		return 0, nil
	}
	n, ok := t[:colon].number()
	if !ok {
		return 0, nil
	}
	return n, t[colon+2:].trim()
}

// nodeReadNative reads the report; ok is false if lines is none.
func nodeReadNative(lines [][]byte) (t Trace, ok bool) {
	x := event.Exception{Type: "FATAL ERROR", Mechanism: &event.Mechanism{Type: "generic", Handled: new(false), Synthetic: true}}
	var native, script []event.Frame
	for i, raw := range lines {
		l := span(raw).trim()
		switch {
		case l.has(nodeFatalWord):
			x.Value, ok = string(l[len(nodeFatalWord):]), true
		case l.has("----- Native stack trace -----"):
			ok = true
			if i > 0 && x.Value == "" {
				x.Value = string(span(lines[i-1]).trim())
			}
		case l.has("<--- "):
			ok = true
		default:
			_, rest := nodeNativeRow(l)
			if f, is := nodeNativeFrame(rest); is {
				native = append(native, f)
			} else if c, g := nodeScriptRow(rest); g > 0 {
				script = append(script, c.eventFrame())
			}
		}
	}
	if !ok {
		return Trace{}, false
	}
	frames := native
	if len(script) > 0 {
		frames = script
	}
	head, tail := trimMiddle(len(frames))
	t = Trace{Platform: "node", Died: true, Level: event.Fatal}
	t.drop("trace.frames_dropped", len(frames)-head-tail)
	if len(frames) > 0 {
		st := &event.Stacktrace{}
		for i := len(frames) - 1; i >= 0; i-- { // printed newest first
			if slot := len(frames) - 1 - i; slot < head || slot >= len(frames)-tail {
				st.Frames = append(st.Frames, frames[i])
			}
		}
		x.Stacktrace = st
	}
	t.Exceptions = []event.Exception{x}
	nodeInApp(&t)
	return t, true
}

// nodeScriptRow reads a row of the list "JavaScript stack trace": a frame without "at".
func nodeScriptRow(rest span) (nodeCall, int) {
	if len(rest) == 0 || rest.has("0x") {
		return nodeCall{}, 0
	}
	return nodeFrame(append(span("at "), rest...))
}

// nodeNativeFrame reads "0xb78db3 node::Abort() [node]".
func nodeNativeFrame(rest span) (event.Frame, bool) {
	if !rest.has("0x") {
		return event.Frame{}, false
	}
	addr, name, _ := strings.Cut(string(rest), " ")
	f := event.Frame{InstructionAddr: addr, Platform: "native"}
	if open := strings.LastIndex(name, "["); open >= 0 && strings.HasSuffix(name, "]") {
		f.Package, name = name[open+1:len(name)-1], name[:open]
	}
	f.Function = strings.TrimSpace(name)
	if open := strings.IndexByte(f.Function, '('); open > 0 {
		f.RawFunction, f.Function = f.Function, f.Function[:open]
	}
	return f, true
}

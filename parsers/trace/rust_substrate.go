package trace

import "bytes"

// This file reads the panic handler of Substrate's nodes (Polkadot, Kusama and
// their kin), which prints the stack first:
//
//	====================
//
//	Version: 0.9.9-4e5d4c2-x86_64-linux-gnu
//
//	   0: sp_panic_handler::set::{{closure}}
//	   1: frame_executive::Executive<System,Block>::final_checks
//	             at root/frame/executive/src/lib.rs:462:9
//
//
//	Thread 'tokio-runtime-worker' panicked at 'no root', frame/executive/src/lib.rs:462
//
//	This is a bug. Please report it at:
//
//		https://example.com/issues

const (
	rustSubstrate = "Thread '"
	rustBug       = "This is a bug. Please report it at:"
)

// rustSubstrateHead reads the line that names the thread.
func rustSubstrateHead(t span) (h rustTitle, ok bool) {
	rest, ok := h.named(t[len(rustSubstrate):])
	if !ok || !rest.has("panicked at ") {
		return h, false
	}
	rest = rest[len("panicked at "):].right()
	if rest.has("'") {
		h.text, h.place, h.old = rest[1:], rustSpot{}, true
		text, place, quoted := rustUnquote(rest[1:])
		if quoted {
			h.text, h.place = text, place
		}
		return h, quoted
	}
	h.place, ok = rustPlace(bytes.TrimSuffix(rest, []byte(":")))
	return h, ok
}

// rustSubstrateBack finds the row of equal signs above the stack.
func rustSubstrateBack(before Window) int {
	n := before.Len()
	for i := n - 1; i >= 0; i-- {
		l := span(before.Line(i))
		t := l.trim()
		_, row := rustRow(l)
		switch {
		case len(t) == 0:
		case string(t) == "====================":
			return n - i
		case row, t.has("Version: ") || t.has("at ") || l.indent() >= 6:
		default:
			return 0
		}
		if before.Record(i) {
			break
		}
	}
	return 0
}

// rustSubstrateRead reads the report; ok is false if lines are none.
func rustSubstrateRead(lines [][]byte) (Trace, bool) {
	r := &rustReader{state: rustRows}
	for i, line := range lines {
		l := span(line)
		t := l.trim()
		switch {
		case t.has(rustSubstrate):
			h, ok := rustSubstrateHead(t)
			if !ok {
				return Trace{}, false
			}
			r.head, r.place = h, h.place
			switch {
			case h.old:
				r.text = append(r.text, h.text)
			case i+1 < len(lines): // since Rust 1.73
				r.text = append(r.text, span(lines[i+1]).right())
			}
			r.sure = len(r.text)
			return r.panic(), true
		case len(t) > 0 && !t.has("Version: ") && !t.has("===="):
			r.row(l, t)
		}
	}
	return Trace{}, false
}

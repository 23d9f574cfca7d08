package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

const (
	// denoHead: "error: Uncaught (in promise) Error: x", "Caused by: TypeError: y", with
	// the message's further lines, the source line and its caret; next denoFrames, denoHead.
	denoHead State = iota + 1

	// denoFrames: "    at lookup (file:///srv/pay/wallet.ts:3:55)"; next denoFrames, denoHead.
	denoFrames
)

const (
	denoUncaught = "error: Uncaught "
	denoCause    = "Caused by: "
)

// Deno is the grammar of what Deno prints when it dies. What console.error prints
// in Deno is V8's own and is read by Node's grammar.
func Deno() Language {
	return Language{Name: "deno", Title: "Deno", Hints: []string{denoUncaught}, Step: denoStep, Read: denoRead}
}

func denoStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	if s == Outside {
		return denoOpen(l)
	}
	if _, g := nodeFrame(l); g > 0 {
		return denoFrames, Take
	}
	if l.has(denoCause) {
		return denoHead, Take
	}
	if s == denoHead && !l.has(denoUncaught) {
		return s, Text
	}
	if _, ok := nodeElision(l.left()); ok || denoMember(l) {
		return s, Take
	}
	return Outside, No
}

// denoOpen: a thrown value that is no error has no frames, and nothing follows it.
func denoOpen(l span) (State, Verdict) {
	if !l.has(denoUncaught) {
		return Outside, No
	}
	t := denoThrown(l)
	if len(t) > 1 && (t[0] == '"' && t.ends(`"`) || t[0] == '{' && t.ends("}")) {
		return Outside, Last
	}
	return denoHead, Take
}

// denoThrown is what was thrown, as the first line prints it.
func denoThrown(l span) span {
	t := l[len(denoUncaught):].trim()
	return bytes.TrimPrefix(t, []byte("(in promise) "))
}

// denoMember tells whether l heads one of the errors of an AggregateError.
func denoMember(l span) bool {
	if l.indent() < 4 {
		return false
	}
	h := nodeHeader(l)
	return h.grade == nodeSure && !h.inline && !h.bracket
}

func denoRead(lines [][]byte) (Trace, bool) {
	if !span(lines[0]).has(denoUncaught) {
		return Trace{}, false
	}
	var t Trace
	if nodeFirstFrame(lines) < 0 {
		t = denoValue(lines)
	} else if members := denoMembers(lines); len(members) > 0 {
		t = denoAggregate(lines, members)
	} else if found, ok := nodeRead(lines); ok && len(found.Exceptions) > 0 {
		t = found
	} else {
		t = denoValue(lines)
	}
	t.died()
	t.Contexts = map[string]any{"runtime": map[string]any{"type": "runtime", "name": "deno"}}
	t.markApp(func(f *event.Frame) bool { return nodeIsApp(f) && !strings.HasPrefix(f.Filename, "ext:") })
	return t, true
}

// denoValue reads a block without frames.
func denoValue(lines [][]byte) Trace {
	x := event.Exception{Type: "Error", Mechanism: &event.Mechanism{Type: "generic"}}
	var h nodeTitle
	if first := denoThrown(lines[0]); h.named(first) && h.grade > 0 {
		x.Type = string(h.name)
		x.Value = joinText(append([][]byte{h.value}, lines[1:]...))
	} else {
		x.Value = joinText(append([][]byte{first}, lines[1:]...))
		x.Mechanism.Synthetic = true
	}
	return single("node", x, nil)
}

// denoMembers are the indexes of the lines that head the members of an
// AggregateError: they stand before any frame of the error itself.
func denoMembers(lines [][]byte) (out []int) {
	for i, l := range lines[1:] {
		if _, g := nodeFrame(l); g > 0 && len(out) == 0 {
			return nil
		}
		if denoMember(l) && span(l).indent() == 4 && len(out) < maxExceptions-1 {
			out = append(out, i+1)
		}
	}
	return out
}

func denoAggregate(lines [][]byte, members []int) Trace {
	t := Trace{Platform: "node"}
	root := denoValue(lines[:members[0]]).Exceptions[0]
	root.Mechanism = &event.Mechanism{Type: "generic", ExceptionID: new(0), IsExceptionGroup: true}
	found := []event.Exception{root}
	for k, from := range members {
		upto := len(lines)
		if k+1 < len(members) {
			upto = members[k+1]
		}
		inner := make([][]byte, 0, upto-from)
		for _, l := range lines[from:upto] {
			inner = append(inner, nodeOutdent(l, 4))
		}
		m, ok := nodeRead(inner)
		if !ok || len(m.Exceptions) == 0 {
			continue
		}
		x := m.Exceptions[len(m.Exceptions)-1]
		x.Mechanism = &event.Mechanism{Type: "chained", ExceptionID: new(len(found)), ParentID: new(0), Source: listed("errors", k)}
		found = append(found, x)
	}
	for i := len(found) - 1; i >= 0; i-- {
		t.Exceptions = append(t.Exceptions, found[i])
	}
	return t
}

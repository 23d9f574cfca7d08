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

	// denoGroup: "    TypeError: b" and the other members of an AggregateError, the source line
	// and its caret below them; next denoFrames, the group's own.
	denoGroup
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
		if s == denoGroup && l.indent() > 4 {
			return s, Take
		}
		return denoFrames, Take
	}
	if l.has(denoCause) {
		return denoHead, Take
	}
	switch {
	case l.has(denoUncaught):
		return Outside, No
	case s == denoHead && denoMember(l):
		return denoGroup, Take
	case s != denoFrames:
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
	denoSource(&t, lines)
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

// denoOwn is the first of the group's own frames behind its last member; 0 if there is none.
func denoOwn(lines [][]byte, last int) int {
	for i := last + 1; i < len(lines); i++ {
		if span(lines[i]).indent() == 4 && nodeIsFrame(lines[i]) {
			return i
		}
	}
	return 0
}

// denoSource gives the crash frame the line that is printed above the caret.
func denoSource(t *Trace, lines [][]byte) {
	st := t.Exceptions[len(t.Exceptions)-1].Stacktrace
	for i, l := range lines {
		if i < 2 || !nodeIsCaret(span(l).trim()) || st == nil {
			continue
		}
		for k := len(st.Frames) - 1; k >= 0; k-- { // it points at the newest frame that is the program's
			if f := &st.Frames[k]; f.Lineno > 0 && !strings.HasPrefix(f.Filename, "ext:") {
				f.ContextLine = string(span(lines[i-1]).right())
				return
			}
		}
	}
}

func denoAggregate(lines [][]byte, members []int) Trace {
	t := Trace{Platform: "node"}
	root := denoValue(lines[:members[0]]).Exceptions[0]
	root.Mechanism = &event.Mechanism{Type: "generic", ExceptionID: new(0), IsExceptionGroup: true}
	if own := denoOwn(lines, members[len(members)-1]); own > 0 {
		var dropped int
		var frames []span
		for _, l := range lines[own:] {
			if nodeIsFrame(l) {
				frames = append(frames, l)
			}
		}
		root.Stacktrace, dropped = nodeStacktrace(frames)
		t.drop("trace.frames_dropped", dropped)
	}
	found := []event.Exception{root}
	for k, from := range members {
		upto := len(lines)
		if k+1 < len(members) {
			upto = members[k+1]
		} else if own := denoOwn(lines, from); own > 0 {
			upto = own
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

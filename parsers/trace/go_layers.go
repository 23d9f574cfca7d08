package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// The verb %+v of github.com/cockroachdb/errors numbers the layers of an error,
// outermost first, below its text:
//
//	settle batch 77: card declined
//	(1) attached stack trace
//	  -- stack trace:
//	  | main.settle
//	  | 	/srv/pay/main.go:52
//	  | [...repeated from below...]
//	Wraps: (2) settle batch 77
//	Wraps: (3) card declined
//	Error types: (1) *withstack.withStack (2) *errutil.withPrefix (3) *errutil.leafError

// goLayerTitle reads "(1) text" and "Wraps: (2) text", drawn as a branch where
// an error wraps several.
func goLayerTitle(t span) (n int, title span, ok bool) {
	t = t.left()
	if t.has("└─ ") {
		t = t[len("└─ "):]
	}
	if t.has("Wraps: ") {
		t = t[len("Wraps: "):]
	}
	if !t.has("(") {
		return 0, nil, false
	}
	n, rest, ok := nativeNumber(t[1:])
	if !ok || n == 0 || !rest.has(")") || len(rest) > 1 && rest[1] != ' ' {
		return 0, nil, false
	}
	return n, rest[1:].trim(), true
}

// goLayerRow is the text of "  | main.settle".
func goLayerRow(t span) (row span, ok bool) {
	t = t.left()
	if !t.has("|") || len(t) > 1 && t[1] != ' ' {
		return nil, false
	}
	return t[1:], true
}

// goStepLayers stands among layers. Only what the library alone prints proves
// them: a numbered line and a row may stand in any text.
func goStepLayers(s State, t span) (State, Verdict) {
	u := t.left()
	switch {
	case u.has("Error types: (1) "):
		return s, Last
	case u.has("-- stack trace:"):
		return goTo(s, goLayers) | goOne, Take
	}
	if n, _, ok := goLayerTitle(t); ok && n > 1 && bytes.Contains(t[:min(len(t), 200)], []byte("Wraps: (")) {
		return goTo(s, goLayers) | goOne, Take
	}
	if _, ok := goLayerRow(t); !ok {
		return s, No
	}
	if s&goCount == 0 {
		return s, Hold
	}
	return s, Take
}

// goBackLayers claims the error's text above its layers.
func goBackLayers(before Window) int {
	n := before.Len()
	if n == 0 || len(span(before.Line(n-1)).trim()) == 0 {
		return 0
	}
	return 1
}

// goLayer is one layer of an error.
type goLayer struct {
	title, typ string
	branch     int // indent of its drawing where it is one of several causes; -1 if it is the only one
	more       []string
	frames     []event.Frame // newest first
}

// goReadLayers reads an error with its layers. A layer that only adds a stack or
// a hint goes with the one below it, which has the text.
func goReadLayers(lines [][]byte) (Trace, bool) {
	at := goFirstLayer(lines)
	layers, proven := goSplitLayers(lines[at:])
	t := Trace{Platform: "go"}
	if !proven {
		return t, false
	}
	if n := len(layers); n > maxExceptions {
		layers = append(layers[:maxExceptions/2:maxExceptions/2], layers[n-maxExceptions/2:]...)
		t.drop("trace.exceptions_dropped", n-maxExceptions)
	}
	value, dropped := "", 0
	var notes []string
	for i := len(layers) - 1; i >= 0; i-- {
		l := &layers[i]
		if i+1 < len(layers) && layers[i+1].branch >= 0 && layers[i+1].branch <= l.branch {
			value = "" // the next one is its sibling
		}
		if goMute(l) && len(t.Exceptions) > 0 {
			x := &t.Exceptions[len(t.Exceptions)-1]
			if len(l.frames) > 0 && x.Stacktrace == nil {
				var cut int
				x.Stacktrace, cut = goStack(l.frames)
				dropped += cut
			}
			if len(l.frames) == 0 {
				notes = append(notes, strings.Join(append([]string{l.title}, l.more...), "\n"))
			}
			continue
		}
		text := strings.Join(append([]string{l.title}, l.more...), "\n")
		if value != "" && !strings.Contains(text, value) {
			text += ": " + value
		}
		value = text
		x := event.Exception{Type: l.typ, Value: value}
		if x.Type == "" {
			x.Type = "error"
		}
		var cut int
		x.Stacktrace, cut = goStack(l.frames)
		dropped += cut
		t.Exceptions = append(t.Exceptions, x)
	}
	goChain(&t, "cause")
	t.drop("trace.frames_dropped", dropped)
	if len(notes) > 0 {
		if t.Extra == nil {
			t.Extra = map[string]any{}
		}
		t.Extra["error.notes"] = notes
	}
	t.Lead = goLeadOf(string(bytes.TrimSpace(bytes.Join(lines[:at], []byte("\n")))), value)
	return t, len(t.Exceptions) > 0
}

// goFirstLayer is the line of layer 1.
func goFirstLayer(lines [][]byte) int {
	for i, l := range lines {
		if n, _, ok := goLayerTitle(l); ok && n == 1 {
			return i
		}
	}
	return len(lines)
}

// goLeadOf is what stands in front of an error's text in a message.
func goLeadOf(message, value string) string {
	if lead, ok := strings.CutSuffix(message, value); ok {
		return strings.TrimRight(lead, " :\t")
	}
	return message
}

// goMute tells a layer that adds no text of its own to the error's.
func goMute(l *goLayer) bool {
	if l.title == "attached stack trace" || l.title == "secondary error attachment" {
		return true
	}
	_, name, _ := strings.Cut(l.typ, ".")
	switch name {
	case "withStack", "withHint", "withDetail", "withSecondaryError", "withSafeDetails", "withAssertionFailure", "withDomain", "withTelemetry",
		"withMark", "withIssueLink", "withContext", "withGrpcCode", "withHTTPCode", "withExitCode":
		return true
	}
	return false
}

// goSplitLayers cuts the lines into layers; proven tells that one of them has
// what the library alone prints.
func goSplitLayers(lines [][]byte) (layers []goLayer, proven bool) {
	function, inStack := "", false
	for _, raw := range lines {
		l := span(raw)
		u := l.left()
		if types, ok := bytes.CutPrefix(u, []byte("Error types: ")); ok {
			goLayerTypes(layers, string(types))
			return layers, true
		}
		if u.has("-- stack trace:") {
			proven, inStack, function = true, true, ""
			continue
		}
		row, isRow := goLayerRow(l)
		if n, title, ok := goLayerTitle(l); ok && !isRow && n == len(layers)+1 {
			layers = append(layers, goLayer{title: string(title), branch: -1})
			if u.has("└─ ") {
				layers[n-1].branch = l.indent()
			}
			proven, inStack = proven || n > 1, false
			continue
		}
		if !isRow || len(layers) == 0 {
			continue
		}
		at := &layers[len(layers)-1]
		if !inStack {
			at.more = append(at.more, string(row.left()))
			continue
		}
		row = row.left()
		if p, ok := goFileLine(row); ok && function != "" {
			at.frames = append(at.frames, goFrame(function, string(p.file), p.line))
			function = ""
		} else if goShortFunc(row) {
			function = string(row.right())
		}
	}
	return layers, proven
}

// goLayerTypes gives the layers the types of "(1) *withstack.withStack (2) *errutil.leafError".
func goLayerTypes(layers []goLayer, types string) {
	words := strings.Fields(types)
	for i := 0; i+1 < len(words) && i/2 < len(layers); i += 2 {
		layers[i/2].typ = words[i+1]
	}
}

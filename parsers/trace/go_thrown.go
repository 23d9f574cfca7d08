package trace

import (
	"bytes"
	"slices"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// Two libraries print errors with rows of their own:
//
//	settle batch 77                                eris: message, function, place,
//		main.settle:/srv/pay/main.go:58            outermost first, oldest row first
//
//	Oops: settle batch 77: card declined           samber/oops: innermost first,
//	Code: declined                                 newest row first
//	Stacktrace:
//	  Oops: card declined
//	    --- at /srv/pay/main.go:61 charge()
//	  Thrown: settle batch 77
//	    --- at /srv/pay/main.go:48 settle()

// goThrownRow reads one row of either.
func goThrownRow(t span) (function span, p goPlace, ok bool) {
	t = t.trim()
	if t.has("--- at ") {
		t = t[len("--- at "):]
		at := bytes.LastIndexByte(t, ' ')
		if at <= 0 || !t.ends("()") {
			return nil, p, false
		}
		p, ok = goFileLine(t[:at])
		return t[at+1 : len(t)-len("()")], p, ok
	}
	at := bytes.IndexByte(t, ':')
	if at <= 0 || !goName(t[:at]) {
		return nil, p, false
	}
	p, ok = goFileLine(t[at+1:])
	return t[:at], p, ok && p.bare && goAbsolute(p.file) && p.source()
}

// goStepThrown stands among rows. Of eris, the error that has more than one row
// is the innermost, the last.
func goStepThrown(s State, t span) (State, Verdict) {
	if _, _, ok := goThrownRow(t); ok {
		rows := goOne
		if s&goKind == goThrown && s&goTerse == 0 || t.left().has("--- at ") {
			rows = 2 * goOne
		}
		return goTo(s, goThrown)&^goTerse | rows, Take
	}
	lines := s & goCount
	switch {
	case len(t.trim()) == 0:
	case t.left().has("Thrown: "):
		return s, Hold
	case s&goTerse == 0 && lines == goOne:
		return goTo(s, goThrown) | goTerse | goOne, Text
	case s&goTerse != 0 && lines < goWraps*goOne:
		return s + goOne, Text
	}
	return s, No
}

// goBackThrown claims the message above the first row; of oops, all that it
// prints of the error.
func goBackThrown(before Window, opening span) int {
	n := before.Len()
	if n == 0 || len(span(before.Line(n-1)).trim()) == 0 {
		return 0
	}
	if !opening.left().has("--- at ") || n < 2 || string(span(before.Line(n-2)).trim()) != "Stacktrace:" {
		return 1
	}
	for i := n - 3; i >= max(0, n-backLines); i-- {
		if before.Record(i) || span(before.Line(i)).has("Oops: ") || i == 0 {
			return n - i
		}
	}
	return 2
}

// goReadThrown reads the errors with their rows.
func goReadThrown(lines [][]byte) (Trace, bool) {
	t := Trace{Platform: "go"}
	head := 0 // of oops: what stands above the stack
	for i, l := range lines {
		if string(span(l).trim()) == "Stacktrace:" {
			head = i + 1
		}
	}
	chain, drawn := goSplitThrown(lines[head:])
	if len(chain) == 0 {
		return t, false
	}
	if !drawn {
		slices.Reverse(chain)
	}
	value, dropped := "", 0
	for _, w := range chain {
		text := strings.Join(w.text, "\n")
		if value != "" && text != "" {
			text += ": " + value
		}
		value = text
		x := event.Exception{Type: "error", Value: value}
		if !drawn && goOldestFirst(w.frames) {
			slices.Reverse(w.frames)
		}
		var cut int
		x.Stacktrace, cut = goStack(w.frames)
		dropped += cut
		t.Exceptions = append(t.Exceptions, x)
	}
	goChain(&t, "cause")
	t.drop("trace.frames_dropped", dropped)
	if head > 0 {
		goOops(&t, lines[:head-1], value)
	}
	return t, true
}

// goOops reads what oops prints above the stack: the error's text and fields.
func goOops(t *Trace, lines [][]byte, value string) {
	if len(lines) == 0 {
		return
	}
	t.Lead = goLeadOf(string(span(lines[0]).trim()), value)
	t.Lead = strings.TrimRight(strings.TrimSuffix(t.Lead, "Oops"), " :")
	t.Extra = map[string]any{}
	for _, l := range lines[1:] {
		key, text, ok := strings.Cut(strings.TrimLeft(string(span(l).trim()), "* "), ": ")
		if ok && text != "" && len(t.Extra) < maxExceptions {
			t.Extra["error."+strings.ToLower(key)] = text
		}
	}
}

// goSplitThrown cuts the lines into errors. drawn tells oops' rows, whose order is known.
func goSplitThrown(lines [][]byte) (chain []goWrapped, drawn bool) {
	for _, raw := range lines {
		l := span(raw).trim()
		function, p, ok := goThrownRow(l)
		n := len(chain)
		if !ok {
			text := strings.TrimPrefix(strings.TrimPrefix(string(l), "Oops: "), "Thrown: ")
			if text == "" {
				continue
			}
			if n == 0 || len(chain[n-1].frames) > 0 {
				chain = append(chain, goWrapped{})
				n++
			}
			chain[n-1].text = append(chain[n-1].text, text)
			continue
		}
		if n == 0 {
			chain = append(chain, goWrapped{})
			n++
		}
		f := goFrame(string(function), string(p.file), p.line)
		if l.has("--- at ") { // it has no package
			drawn = true
			f.Module, f.Function = goModuleOf(string(p.file)), string(function)
		}
		chain[n-1].frames = append(chain[n-1].frames, f)
	}
	if n := len(chain); n > 0 && len(chain[n-1].frames) == 0 {
		chain = chain[:n-1]
	}
	return goPrune(chain), drawn
}

// goOldestFirst tells the order of eris' rows by the function that every program begins with.
func goOldestFirst(frames []event.Frame) bool {
	last := &frames[len(frames)-1]
	return last.Function != "main" && last.Module != "runtime" && last.Module != "net/http"
}

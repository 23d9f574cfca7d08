package trace

import (
	"bytes"
	"slices"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// goCausedBy stands between errors as gitlab.com/tozd/go/errors prints them, outermost first.
const goCausedBy = "the above error was caused by the following error:"

// goWrapped is one error of a chain: its own message, without that of the error
// it wraps, and the stack it recorded.
type goWrapped struct {
	text   []string
	frames []event.Frame // newest first
}

// goReadError reads an error with its stacks, as the verb %+v prints errors of
// github.com/pkg/errors (innermost first) and xerrors (outermost first), and
// the bare stack of zap.
func goReadError(lines [][]byte) (Trace, bool) {
	chain, inner := goSplitErrors(lines)
	t := Trace{Platform: "go"}
	if len(chain) == 0 {
		return t, false
	}
	if inner {
		slices.Reverse(chain)
	}
	if len(chain[0].text) > 0 {
		t.Lead = string(bytes.TrimRight(lines[0], " \t:"))
	}
	// An error's text is its own message and that of all it wraps, as Error() has it.
	value, dropped := "", 0
	for i, w := range chain {
		for _, text := range w.text {
			if value != "" && i > 0 {
				text += ": " + value
			} else if value != "" {
				text = value + "\n" + text
			}
			value = text
		}
		x := event.Exception{Type: "error", Value: value}
		if len(w.text) == 0 && (len(chain) == 1 || inner && i == len(chain)-1) {
			x.Type, x.Value = "", "" // the log record in front of it says what it is
		}
		var cut int
		x.Stacktrace, cut = goStack(goSite(goSegments(w.frames), 0, true))
		dropped += cut
		t.Exceptions = append(t.Exceptions, x)
	}
	goChain(&t, "cause")
	t.drop("trace.frames_dropped", dropped)
	return t, true
}

// goSplitErrors cuts the lines into errors. inner tells that xerrors printed
// them, which sets them apart by "  - ".
func goSplitErrors(lines [][]byte) (chain []goWrapped, inner bool) {
	for i := 0; i < len(lines); i++ {
		t := span(lines[i]).left()
		if i+1 < len(lines) && goShortFunc(t) {
			if p, ok := goFileLine(span(lines[i+1]).left()); ok {
				if len(chain) == 0 {
					chain = append(chain, goWrapped{})
				}
				w := &chain[len(chain)-1]
				if n := len(w.frames); n > 0 && goBottom(&w.frames[n-1]) { // WithStack: no message of its own
					chain = append(chain, goWrapped{})
					w = &chain[len(chain)-1]
				}
				w.frames = append(w.frames, goFrame(string(t.right()), string(p.file), p.line))
				i++
				continue
			}
		}
		if goMostRecent(t) {
			continue
		}
		text := string(lines[i])
		if text == goCausedBy {
			inner, text = true, ""
			chain = append(chain, goWrapped{})
		}
		if rest, ok := strings.CutPrefix(text, "  - "); ok {
			inner, text = true, rest
			chain = append(chain, goWrapped{})
		}
		if text = strings.TrimRight(text, " \t"); text == "" && len(chain) > 0 {
			continue
		}
		if len(chain) == 0 || len(chain[len(chain)-1].frames) > 0 {
			chain = append(chain, goWrapped{})
		}
		w := &chain[len(chain)-1]
		if text != "" {
			w.text = append(w.text, strings.TrimSuffix(text, ":"))
		}
	}
	if n := len(chain); n > 0 && len(chain[n-1].frames) == 0 && len(chain[n-1].text) == 0 {
		chain = chain[:n-1]
	}
	return goPrune(chain), inner
}

// goPrune leaves out the middle of a chain that is too long.
func goPrune(chain []goWrapped) []goWrapped {
	if len(chain) <= maxExceptions {
		return chain
	}
	return append(chain[:maxExceptions/2:maxExceptions/2], chain[len(chain)-maxExceptions/2:]...)
}

// goBottom tells the function in which every goroutine begins.
func goBottom(f *event.Frame) bool { return f.Module == "runtime" && f.Function == "goexit" }

// goChain numbers exceptions that stand innermost first.
func goChain(t *Trace, source string) {
	n := len(t.Exceptions)
	if n < 2 {
		return
	}
	for i := range t.Exceptions {
		id := n - 1 - i
		m := &event.Mechanism{Type: "generic", ExceptionID: &id}
		if id > 0 {
			parent := id - 1
			m.Type, m.Source, m.ParentID = "chained", source, &parent
		}
		t.Exceptions[i].Mechanism = m
	}
}

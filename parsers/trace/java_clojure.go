package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// This file reads what Clojure prints in its own way: the short report of
// clojure.main, the rows of clojure.stacktrace, and an exception printed as data.

// javaClojureReport is the first line of a report by clojure.main, taken apart.
type javaClojureReport struct {
	typ, call, place span
}

// javaClojureHead reads "Execution error (ArithmeticException) at user/f (REPL:1)."
func javaClojureHead(t span) (h javaClojureReport, ok bool) {
	t = t.right()
	if !t.ends(").") {
		return h, false
	}
	var rest span
	switch {
	case t.has("Execution error "):
		rest = t[len("Execution error "):]
	case t.has("Syntax error "):
		rest = t[len("Syntax error "):]
	case t.has("Unexpected error "):
		rest = t[len("Unexpected error "):]
	default:
		return h, false
	}
	if rest[0] == '(' {
		if end := bytes.IndexByte(rest, ')'); end > 0 {
			h.typ, rest = rest[1:end], rest[end:]
		}
	}
	open := bytes.LastIndexByte(rest, '(')
	at := bytes.Index(rest, []byte("at "))
	if at < 0 || open < at {
		return h, false
	}
	h.call, h.place = rest[at+3:open].trim(), rest[open+1:len(rest)-2]
	return h, bytes.IndexByte(h.place, ':') > 0
}

// javaClojureStep: the message, a blank line, and often the path of a full report.
func javaClojureStep(s State, line span) (State, Verdict) {
	switch {
	case line.has("Full report at:"):
		return javaReport, Take
	case s == javaClojureGap:
		return Outside, No
	case len(line) == 0:
		return javaClojureGap, Hold
	}
	return javaClojure, Text
}

func javaReadClojure(h javaClojureReport, lines [][]byte) Trace {
	var value []string
	for _, l := range lines[1:] {
		if span(l).has("Full report at:") {
			break
		}
		value = append(value, string(span(l).right()))
	}
	t := javaBare(string(h.typ), strings.TrimSpace(strings.Join(value, "\n")))
	x := &t.Exceptions[0]
	if x.Type == "" {
		x.Type = "Syntax error"
	}
	parts := strings.Split(string(h.place), ":")
	f := event.Frame{Filename: parts[0]}
	f.Lineno, _ = span(parts[1]).number()
	if len(parts) > 2 {
		f.Colno, _ = span(parts[2]).number()
	}
	f.Module, f.Function, _ = strings.Cut(string(h.call), "/")
	if f.Function == "" {
		f.Function, f.Module = f.Module, ""
	}
	if bare := strings.TrimPrefix(javaLisp("$"+f.Function), "$"); bare != f.Function {
		f.Function, f.RawFunction = bare, string(h.call)
	}
	if f.Filename != "" || f.Function != "" {
		x.Stacktrace = &event.Stacktrace{Frames: []event.Frame{f}}
	}
	t.Died = len(lines) > 1 && bytes.Contains(lines[len(lines)-1], []byte("/clojure-"))
	return t
}

// javaClojureRow reads a row of clojure.stacktrace, but for the first, which has
// "at " in front and is a frame like others:
//
//	at acme.pay$debit.invokeStatic (a.clj:2)
//	   acme.pay$debit.invoke (a.clj:2)
func javaClojureRow(t span) (c javaCall, ok bool) {
	if !t.ends(")") {
		return c, false
	}
	open := bytes.LastIndexByte(t, '(')
	if open < 4 || t[open-1] != ' ' {
		return c, false
	}
	name, loc := t[:open-1], t[open+1:len(t)-1]
	colon := bytes.IndexByte(loc, ':')
	dot := bytes.LastIndexByte(name, '.')
	if colon < 0 || dot < 1 || dot == len(name)-1 || bytes.IndexByte(name, ' ') >= 0 {
		return c, false
	}
	if c.line, ok = loc[colon+1:].number(); !ok || !javaClassName(name[:dot]) {
		return c, false
	}
	c.class, c.method, c.file = name[:dot], name[dot+1:], loc[:colon]
	return c, javaSource(c.file)
}

// javaEdnOpens is the beginning of an exception that was printed as data:
//
//	#error {
//	 :cause "negative"
//	 :via
//	 [{:type clojure.lang.ExceptionInfo
//	   :message "declined w-5"
//	   :data {:wallet "w-5"}
//	   :at [acme.pay$debit invokeStatic "a.clj" 2]}]
//	 :trace
//	 [[acme.pay$debit invokeStatic "a.clj" 2]
//	  [clojure.main main "main.java" 40]]}
const javaEdnOpens = "#error {"

func javaEdnStep(line span) (State, Verdict) {
	switch t := line.trim(); {
	case line.indent() == 0 || len(t) == 0:
		return Outside, No
	case t.ends("]]}") || t.ends(":trace []}"):
		return Outside, Last
	}
	return javaEdn, Take
}

// javaReadEdn reads that data. The causes stand outermost first, the stack is
// the innermost one's; of the others the newest frame is known.
func javaReadEdn(lines [][]byte) (Trace, bool) {
	var xs []event.Exception
	var rows []event.Frame // newest first
	t := Trace{Platform: "java"}
	traced := false
	for _, raw := range lines[1:] {
		l := strings.TrimSuffix(strings.TrimLeft(string(span(raw).trim()), "[{"), ",")
		key, rest, _ := strings.Cut(l, " ")
		switch {
		case l == ":trace" || key == ":trace":
			traced = true
		case traced:
			if f, ok := javaEdnFrame(l); ok {
				rows = append(rows, f)
			}
		case key == ":type":
			xs = append(xs, javaBare(strings.TrimRight(rest, "}],"), "").Exceptions...)
		case len(xs) == 0:
		case key == ":message":
			xs[len(xs)-1].Value = javaEdnString(rest)
		case key == ":data" && len(xs) == 1:
			t.Extra = map[string]any{"ex-data": rest}
		case key == ":at":
			if f, ok := javaEdnFrame(strings.TrimPrefix(rest, "[")); ok {
				xs[len(xs)-1].Stacktrace = &event.Stacktrace{Frames: []event.Frame{f}}
			}
		}
	}
	if len(xs) == 0 {
		return Trace{}, false
	}
	t.Exceptions = javaEdnChain(&t, xs, rows)
	t.CutShort = !traced
	javaInApp(&t)
	return t, true
}

// javaEdnChain turns the causes, outermost first, into Sentry's order.
func javaEdnChain(t *Trace, xs []event.Exception, rows []event.Frame) []event.Exception {
	if n := len(rows); n > 0 {
		head, tail := trimMiddle(n)
		frames := make([]event.Frame, 0, head+tail)
		for i := n - 1; i >= 0; i-- {
			if at := n - 1 - i; at < head || at >= n-tail {
				frames = append(frames, rows[i])
			}
		}
		xs[len(xs)-1].Stacktrace = &event.Stacktrace{Frames: frames}
		t.drop("trace.frames_dropped", n-len(frames))
	}
	if n := len(xs) - maxExceptions; n > 0 {
		t.drop("trace.exceptions_dropped", n)
		xs = append(xs[:maxExceptions/2:maxExceptions/2], xs[maxExceptions/2+n:]...)
	}
	out := make([]event.Exception, len(xs))
	for i := range xs {
		m := &event.Mechanism{Type: "generic"}
		if len(xs) > 1 {
			m.ExceptionID = new(i)
		}
		if i > 0 {
			m.Type, m.Source, m.ParentID = "chained", "cause", new(i-1)
		}
		xs[i].Mechanism = m
		out[len(xs)-1-i] = xs[i]
	}
	return out
}

// javaEdnFrame reads `acme.pay$debit invokeStatic "a.clj" 2]`.
func javaEdnFrame(s string) (event.Frame, bool) {
	parts := strings.Fields(strings.TrimRight(s, "]}"))
	if len(parts) != 4 {
		return event.Frame{}, false
	}
	f := event.Frame{Module: javaModule(parts[0]), Function: parts[1], Filename: strings.Trim(parts[2], `"`)}
	if f.Module != parts[0] {
		f.RawFunction = parts[0] + "." + parts[1]
	}
	f.Lineno, _ = span(parts[3]).number()
	return f, true
}

// javaEdnString is the text of a string literal.
func javaEdnString(s string) string {
	s = strings.TrimRight(s, "}], ")
	if s == "nil" {
		return ""
	}
	if text, err := strconv.Unquote(s); err == nil {
		return text
	}
	return strings.Trim(s, `"`)
}

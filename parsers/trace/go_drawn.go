package trace

import (
	"bytes"
	"path"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// goReadRows reads the stacks of gin and go-errors: "file:line (0xpc)" and
// below it "\tfunction: source". at is the first row.
func goReadRows(lines [][]byte, at int) (Trace, bool) {
	t := Trace{Platform: "go"}
	x := event.Exception{Type: "panic"}
	if at > 0 && span(lines[0]).has("[Recovery] ") {
		t.Lead = "[Recovery] panic recovered"
		x.Mechanism = &event.Mechanism{Type: "generic", Handled: new(true)}
		request, value := goRequestDump(lines[1:at])
		x.Value = value
		if request != "" {
			t.Extra = map[string]any{"request": request}
		}
	} else {
		goErrorName(&t, &x, lines[:at])
	}
	var dropped int
	x.Stacktrace, dropped = goStack(goTrimRows(goRows(lines[at:])))
	if x.Stacktrace == nil {
		return t, false
	}
	t.drop("trace.frames_dropped", dropped)
	t.Exceptions = []event.Exception{x}
	return t, true
}

// goRequestDump splits what gin prints in debug mode, the request with its
// headers, from the value of the panic.
func goRequestDump(lines [][]byte) (request, value string) {
	text := string(bytes.Join(lines, []byte("\n")))
	first, _, _ := strings.Cut(text, "\n")
	if strings.Contains(first, " HTTP/") {
		if r, v, ok := strings.Cut(text, "\n\n"); ok {
			return strings.TrimSpace(r), strings.TrimSpace(v)
		}
	}
	return "", strings.TrimSpace(text)
}

// goErrorName reads "failed: *errors.errorString short of funds".
func goErrorName(t *Trace, x *event.Exception, head [][]byte) {
	text := bytes.Join(head, []byte("\n"))
	at, end := goTypeAt(text)
	if at < 0 {
		x.Type, x.Value = "", string(bytes.TrimSpace(text))
		return
	}
	t.Lead = strings.TrimRight(string(text[:at]), " :")
	x.Type, x.Value = string(text[at:end]), string(bytes.TrimSpace(text[end:]))
}

// goRows reads the rows, newest first.
func goRows(lines [][]byte) []event.Frame {
	var out []event.Frame
	for i, raw := range lines {
		l := span(raw)
		t := l.left()
		if !goRowLine(t) {
			continue
		}
		p, _ := goFileLine(t[:bytes.LastIndex(t, []byte(" (0x"))])
		function, source := "", ""
		if i+1 < len(lines) {
			function, source, _ = strings.Cut(string(span(lines[i+1]).left()), ": ")
		}
		// The rows leave the package out; the file has to tell it.
		f := goFrame("", string(p.file), p.line)
		f.Function, f.ContextLine = function, source
		f.Module = goModuleOf(string(p.file))
		if name := goFilename(f.Module, string(p.file)); name != "" {
			f.Filename = name
		}
		out = append(out, f)
	}
	return out
}

// goModuleOf is the import path that follows from a file's place, where it does.
func goModuleOf(file string) string {
	dir := path.Dir(file)
	if _, rest, ok := strings.Cut(dir, "/pkg/mod/"); ok {
		return goUnversioned(rest + "/")[:len(goUnversioned(rest+"/"))-1]
	}
	if goStandard("", file) {
		_, rest, _ := strings.Cut(dir, "/src/")
		return rest
	}
	return ""
}

// goTrimRows cuts the rows of the runtime off the newest end: panicmem, sigpanic,
// gopanic.
func goTrimRows(newestFirst []event.Frame) []event.Frame {
	for i := range newestFirst {
		if newestFirst[i].Module != "runtime" {
			return newestFirst[i:]
		}
	}
	return newestFirst
}

// goReadPretty reads chi's drawing of a panic: the function on one line, its
// place indented below it, an arrow at the newest.
func goReadPretty(lines [][]byte) (Trace, bool) {
	var h goHeadReader
	var frames []event.Frame
	function, drawn := "", false
	for _, raw := range lines {
		l := span(raw)
		t := l.trim()
		arrow := t.has("->")
		if !drawn && !arrow {
			h.line(string(l))
			continue
		}
		drawn = true
		t = span(bytes.TrimPrefix(t, []byte("->"))).left()
		p, ok := goFileLine(t)
		switch {
		case ok && function != "":
			f := goFrame(function, string(p.file), p.line)
			frames = append(frames, f)
			function = ""
		case t.has("created by "):
			function, _, _ = strings.Cut(string(t[len("created by "):]), " in goroutine ")
		default:
			function = string(t)
		}
	}
	h.finish()
	st, dropped := goStack(goTrimMachinery(frames))
	if st == nil || len(h.panics) == 0 {
		return Trace{}, false
	}
	p := h.panics[len(h.panics)-1]
	t := Trace{Platform: "go", Exceptions: []event.Exception{{
		Type: p.kind, Value: p.value, Stacktrace: st, Mechanism: &event.Mechanism{Type: "generic", Handled: new(true)},
	}}}
	t.drop("trace.frames_dropped", dropped)
	return t, true
}

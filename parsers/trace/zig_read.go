package trace

import (
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

func zigRead(lines [][]byte) (Trace, bool) {
	first := 0
	for first < len(lines) && !zigPlain(lines[first]) {
		first++
	}
	frames := zigFrames(lines[first:])
	h := zigReadHead(lines[:first])
	if len(frames) == 0 && !h.died {
		return Trace{}, false
	}
	t := single("other", h.x, frames)
	t.Lead, t.Level = h.lead, h.level
	if h.died {
		t.died()
	}
	t.markApp(zigIsApp)
	return t, true
}

// zigPlain tells whether a line is a row or stands in place of one.
func zigPlain(l []byte) bool {
	_, ok := zigRow(l)
	return ok || zigNote(span(l).trim())
}

// zigHeader is what the lines above the rows say.
type zigHeader struct {
	x     event.Exception
	died  bool
	lead  string
	level event.Level
}

// zigReadHead reads what stands above the rows. An error that is only known from
// the log record above has no name here: the record lends it one.
func zigReadHead(head [][]byte) (h zigHeader) {
	if len(head) == 0 {
		return h
	}
	l := span(head[0])
	switch kind, text := zigDeath(l); {
	case kind == "panic":
		h.x, h.died = event.Exception{Type: kind, Value: joinText(append([][]byte{l[text:]}, head[1:]...))}, true
	case kind != "":
		h.x, h.died = event.Exception{Type: kind, Value: joinText(head), Mechanism: &event.Mechanism{Type: "signalhandler", Synthetic: true}}, true
	case len(zigError(l)) > 0:
		h.x, h.died = event.Exception{Type: string(zigError(l)), Module: "error"}, true
	case zigLogged(l) > 0:
		h.level = event.Error
		if l.has("warning") {
			h.level = event.Warning
		}
		h.x, h.lead = zigLoggedError(string(l[zigLogged(l):].trim()))
	}
	return h
}

// zigLoggedError takes the name of the error from the end of what was logged, where
// programs put @errorName: "settling batch 77 failed: Refused".
func zigLoggedError(text string) (x event.Exception, lead string) {
	at := max(strings.LastIndex(text, ": "), strings.LastIndexByte(text, ' '))
	name := strings.Trim(strings.TrimPrefix(strings.TrimSpace(text[at+1:]), "error."), `'"`)
	if at > 0 && zigName(span(name)) && name[0] >= 'A' && name[0] <= 'Z' {
		return event.Exception{Type: name, Module: "error"}, text
	}
	return event.Exception{Type: "error", Value: text}, ""
}

// zigFrames reads the rows, newest first, with the source line that stands below each.
func zigFrames(lines [][]byte) []event.Frame {
	var out []event.Frame
	for i, l := range lines {
		c, ok := zigRow(l)
		if !ok {
			continue
		}
		f := c.zigFrame()
		if f.Function == "" && f.Filename == "" {
			continue
		}
		if i+2 < len(lines) && zigCaret(span(lines[i+2]).trim()) {
			f.ContextLine = string(span(lines[i+1]).right())
		}
		out = append(out, f)
	}
	return out
}

func (c *nativeCall) zigFrame() event.Frame {
	f := event.Frame{Lineno: c.line, Colno: c.col, InstructionAddr: string(c.addr)}
	if raw := string(c.fn); raw != "???" {
		f.Function = zigFunction(raw)
		if f.Function != raw {
			f.RawFunction = raw
		}
	}
	if mod := string(c.mod); mod != "???" {
		f.Package = mod
	}
	if len(c.file) > 0 {
		f.Filename = string(c.file)
		if i := strings.LastIndexAny(f.Filename, `/\`); i >= 0 {
			f.AbsPath, f.Filename = f.Filename, f.Filename[i+1:]
		}
	}
	return f
}

// zigFunction is a function's name without the numbers that the compiler appends to
// what has no name of its own: callFn__anon_22904, callFn__func_795, main.sum__struct_77.
func zigFunction(raw string) string {
	at := strings.Index(raw, "__")
	if at < 0 {
		return raw
	}
	end := strings.TrimRight(raw, "0123456789")
	if end == raw || !strings.HasSuffix(end, "_") || len(end) < at+3 {
		return raw
	}
	return end[:len(end)-1]
}

// zigIsApp tells the program's own code from the compiler's library and from packages.
func zigIsApp(f *event.Frame) bool {
	if f.Lineno == 0 {
		return false
	}
	path := strings.ReplaceAll(f.AbsPath, `\`, "/")
	for _, dir := range [...]string{"/lib/std/", "/lib/zig/", "/lib/compiler_rt", "/lib/c.zig", "/lib/libc/", "/zig/p/", "/.zig-cache/", "/zig-pkg/"} {
		if strings.Contains(path, dir) {
			return false
		}
	}
	return true
}

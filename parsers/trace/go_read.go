package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// goRead is Language.Read. The first line that tells decides what the block is.
func goRead(lines [][]byte) (Trace, bool) {
	t, ok := goReadBlock(goOutdent(lines))
	goInApp(&t)
	return t, ok
}

// goReadBlock finds out what the lines are. The first line of a block may be a
// message of any text; below "panic: " only what proves a stack counts, since
// the message may hold anything.
func goReadBlock(lines [][]byte) (Trace, bool) {
	headed := len(lines) > 0 && goHeadLine(span(lines[0]).left())
	for i, raw := range lines {
		l := span(raw)
		t := l.left()
		switch {
		case t.has("WARNING: DATA RACE"), i == 0 && t.has("DATA RACE"):
			return goReadRace(lines[i+1:])
		case goGoroutine(t), goGoroutineAt(t) > 0, goSystem(t):
			return goReadDump(lines)
		case goRowLine(t):
			return goReadRows(lines, i)
		case l.has(" -> "):
			return goReadPretty(lines)
		case t.has("(1) ") && !headed:
			if t, ok := goReadLayers(lines); ok {
				return t, true
			}
		}
		if _, _, ok := goThrownRow(t); ok && !headed {
			return goReadThrown(lines)
		}
		if p, ok := goFileLine(t); ok && !headed && i > 0 {
			above := span(lines[i-1]).left()
			if _, ok := goCallLine(above); ok { // the header is cut off
				return goReadDump(lines[i-1:])
			}
			if p.bare && goShortFunc(above) {
				return goReadError(lines)
			}
		}
	}
	return Trace{}, false
}

// goOutdent takes off the indent that klog gives to a dump.
func goOutdent(lines [][]byte) [][]byte {
	if len(lines) > 0 && goHeadLine(lines[0]) {
		return lines // a dump that is set back is part of the value
	}
	base := -1
	var head []byte
	for i, raw := range lines {
		l := span(raw)
		n := l.indent()
		if !goGoroutine(l[n:]) {
			continue
		}
		if n == 0 {
			return lines
		}
		base = n
		if i > 0 {
			head = goKlogHead(string(lines[0]))
		}
		lines = lines[i:]
		break
	}
	if base < 0 {
		return lines
	}
	out := make([][]byte, 0, len(lines)+1)
	if head != nil {
		out = append(out, head)
	}
	for _, raw := range lines {
		l := span(raw)
		if !l.has(" >") {
			out = append(out, l[min(base, l.indent()):])
		}
	}
	return out
}

// goKlogHead is the line with which Kubernetes used to report a panic, made of
// the one with which it does since klog knows fields:
// `"Observed a panic" panic="boom" panicGoValue="..." stacktrace=<`; nil if it is none.
func goKlogHead(line string) []byte {
	const field = ` panic="`
	i := strings.Index(line, field)
	if i < 0 || !strings.HasPrefix(line, `"Observed a panic"`) {
		return nil
	}
	quoted, err := strconv.QuotedPrefix(line[i+len(field)-1:])
	if err != nil {
		return nil
	}
	value, _ := strconv.Unquote(quoted)
	return []byte("Observed a panic: " + value)
}

// goGo is one goroutine of a dump.
type goGo struct {
	id, state string
	frames    []event.Frame // newest first
	system    bool          // "runtime stack:"
	foreign   bool          // what follows belongs to the goroutine's ancestors
}

// goDumpReader gathers a dump line by line.
type goDumpReader struct {
	gos    []goGo
	call   string // the function whose place is expected
	begins bool   // call is a go statement
	elided int
	abort  bool // "SIGABRT: abort" below the dump: glog killing itself
}

// line reads a line of the body.
func (d *goDumpReader) line(l span) {
	t := l.left()
	switch {
	case goGoroutine(t):
		d.gos = append(d.gos, goReadHeader(string(t.right())))
		return
	case goSystem(t):
		d.gos = append(d.gos, goGo{id: "g0", state: "system", system: true})
		return
	case t.has("[originating from goroutine "):
		d.gos[len(d.gos)-1].foreign = true
		return
	case goElision(t):
		d.elided += goNumber(t[len("..."):])
		return
	case t.has("SIG"):
		d.abort = d.abort || goSignalLine(t)
		return
	}
	d.frame(t)
}

// frame reads a call or the place below it.
func (d *goDumpReader) frame(t span) {
	g := &d.gos[len(d.gos)-1]
	if p, ok := goFileLine(t); ok && d.call != "" {
		if !g.foreign {
			g.frames = append(g.frames, goFrame(d.call, string(p.file), p.line))
			g.frames[len(g.frames)-1].StackStart = d.begins
		}
		d.call, d.begins = "", false
		return
	}
	// "created by main.main in goroutine 1": the go statement is the oldest frame.
	if goCreated(t) {
		function := t[len("created by "):]
		if at := bytes.Index(function, []byte(" in goroutine ")); at > 0 {
			function = function[:at]
		}
		d.call, d.begins = string(function), true
		return
	}
	if function, ok := goCallLine(t); ok {
		d.call, d.begins = string(function), false
	}
}

// goReadHeader reads "goroutine 18 gp=0x1 m=0 [chan receive, 2 minutes, locked to thread]:".
// Only the state itself is kept: the rest changes from crash to crash.
func goReadHeader(t string) goGo {
	b := []byte(t[len("goroutine "):])
	g := goGo{id: string(b[:goDigits(b)])}
	if at := bytes.Index(b, []byte(" [")); at > 0 {
		state := b[at+2:]
		if end := bytes.IndexAny(state, ",]"); end >= 0 {
			state = state[:end]
		}
		g.state = string(state)
	}
	return g
}

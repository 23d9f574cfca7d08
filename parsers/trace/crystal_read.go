package trace

import (
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

func crystalRead(lines [][]byte) (Trace, bool) {
	if len(lines) == 0 {
		return Trace{}, false
	}
	if kind := crystalFault(lines[0]); kind != "" {
		return crystalReadFault(kind, lines)
	}
	parts := crystalParts(lines)
	t := Trace{Platform: "other"}
	var chain []event.Exception
	for i, p := range parts {
		x := p.exception()
		var frames []event.Frame
		for _, l := range p.rows {
			c, _ := crystalRow(l)
			frames = crystalAppend(frames, &c)
		}
		var dropped int
		x.Stacktrace, dropped = newestFirst(frames)
		t.drop("trace.frames_dropped", dropped)
		if x.Type == "" && x.Value == "" && (i > 0 || x.Stacktrace == nil) {
			continue
		}
		chain = append(chain, x)
	}
	if len(chain) == 0 || len(parts[0].rows) == 0 {
		return Trace{}, false
	}
	if over := len(chain) - maxExceptions; over > 0 {
		chain = append(chain[:maxExceptions/2], chain[len(chain)-maxExceptions/2:]...)
		t.drop("trace.exceptions_dropped", over)
	}
	chained(&t, chain)
	crystalEnd(&t, lines[0])
	t.markApp(crystalIsApp)
	return t, true
}

// crystalEnd notes what the first line says of the fiber that ended.
func crystalEnd(t *Trace, first span) {
	switch {
	case first.has(crystalUnhandled):
		t.died()
	case first.has(crystalSpawned):
		t.Exceptions[len(t.Exceptions)-1].Mechanism.Handled = new(false) // the program goes on
		if name, _ := crystalFiber(string(first)); name != "" {
			t.Extra = map[string]any{"fiber": name}
		}
	}
}

// crystalFiber takes "Unhandled exception in spawn(name: worker 3): text" apart.
func crystalFiber(l string) (name, text string) {
	rest := strings.TrimPrefix(l, crystalSpawned)
	if named, ok := strings.CutPrefix(rest, "(name: "); ok {
		if name, text, ok = strings.Cut(named, "): "); ok {
			return name, text
		}
	}
	return "", strings.TrimPrefix(strings.TrimPrefix(rest, ":"), " ")
}

// crystalPart is one exception of a chain: its message and its rows.
type crystalPart struct{ head, rows [][]byte }

func crystalParts(lines [][]byte) []crystalPart {
	parts := []crystalPart{{}}
	for _, l := range lines {
		p := &parts[len(parts)-1]
		_, row := crystalRow(l)
		switch {
		case row:
			p.rows = append(p.rows, l)
		case len(p.rows) == 0:
			p.head = append(p.head, l)
		default:
			parts = append(parts, crystalPart{head: [][]byte{l}})
		}
	}
	return parts
}

// exception reads "Unhandled exception in spawn(name: worker): text (Ledger::Declined)".
func (p *crystalPart) exception() event.Exception {
	x := event.Exception{Mechanism: &event.Mechanism{Type: "generic"}}
	if len(p.head) == 0 {
		return x
	}
	first := string(p.head[0])
	switch {
	case strings.HasPrefix(first, crystalSpawned):
		_, first = crystalFiber(first)
	default:
		for _, lead := range [...]string{crystalUnhandled, crystalCaused, "Exception: "} {
			first = strings.TrimPrefix(first, lead)
		}
	}
	text := first
	if len(p.head) > 1 {
		text += "\n" + string(joinLines(p.head[1:]))
	}
	text = strings.TrimRight(text, " \t\r\n")
	if name := string(crystalClass(p.head[len(p.head)-1])); name != "" {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "("+name+")"), " ")
		x.Type = name
		if at := strings.LastIndex(name, "::"); at > 0 {
			x.Module, x.Type = name[:at], name[at+2:]
		}
	}
	x.Value = text
	if x.Type == "" && x.Value != "" {
		x.Type = "Exception"
	}
	return x
}

// joinLines puts lines together again.
func joinLines(lines [][]byte) []byte {
	var out []byte
	for i, l := range lines {
		if i > 0 {
			out = append(out, '\n')
		}
		out = append(out, l...)
	}
	return out
}

func crystalAppend(frames []event.Frame, c *crystalCall) []event.Frame {
	f := event.Frame{Filename: string(c.file), Lineno: c.line, Colno: c.col, Package: string(c.mod), InstructionAddr: string(c.addr)}
	if strings.HasPrefix(f.Filename, "/") {
		f.AbsPath = f.Filename
	}
	if raw := string(c.fn); strings.Trim(raw, "?") != "" {
		f.Function = crystalFunction(raw)
		if f.Function != raw {
			f.RawFunction = raw
		}
	}
	if f.Function == "" && f.Filename == "" {
		return frames
	}
	return append(frames, f)
}

// crystalFunction is a name without the types that the compiler put into the
// symbol: "forever" of "*forever<Int32>:Int32", "~proc" of "~proc11Proc(Nil)".
func crystalFunction(raw string) string {
	if rest, ok := strings.CutPrefix(raw, "~proc"); ok && strings.Contains(rest, "Proc(") {
		return "~proc"
	}
	name, ok := strings.CutPrefix(raw, "*")
	if !ok {
		return raw
	}
	if i := strings.IndexAny(name, "<("); i > 0 && name[i-1] != '#' && name[i-1] != ':' {
		name = name[:i]
	}
	if i := strings.LastIndexByte(name, ':'); i > 0 && name[i-1] != ':' {
		name = name[:i]
	}
	return name
}

// crystalReadFault reads what the runtime prints when a signal ends the program.
func crystalReadFault(kind string, lines [][]byte) (Trace, bool) {
	var frames []event.Frame
	repeated := 0
	for _, l := range lines[1:] {
		if c, ok := crystalCodeRow(l); ok {
			frames = crystalAppend(frames, &c)
			repeated += max(0, c.times-1)
		}
	}
	if len(frames) == 0 {
		return Trace{}, false
	}
	t := single("other", event.Exception{Type: kind, Value: joinText(lines[:1]), Mechanism: &event.Mechanism{Type: "signalhandler", Synthetic: true}}, frames)
	t.drop("trace.frames_dropped", repeated)
	t.died()
	t.markApp(crystalIsApp)
	return t, true
}

// crystalIsApp tells the program's own code from the standard library and from shards.
func crystalIsApp(f *event.Frame) bool {
	if f.Lineno > 0 {
		return !strings.Contains(f.Filename, "/crystal/") && !strings.HasPrefix(f.Filename, "lib/") && !strings.Contains(f.Filename, "/lib/")
	}
	if strings.HasPrefix(f.Package, "/lib") || strings.HasPrefix(f.Package, "/usr/lib") || f.InstructionAddr == "" {
		return false
	}
	for _, p := range [...]string{"Crystal::", "Exception::", "Fiber", "GC_", "~proc", "main", "_start", "__libc_start", "__crystal_", "Thread", "raise"} {
		if strings.HasPrefix(f.Function, p) && (f.Function == p || len(p) > 4) {
			return f.Function == "__crystal_main"
		}
	}
	return f.Function != ""
}

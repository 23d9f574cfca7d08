package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// juliaCall is a row taken apart; the slices are parts of the line.
type juliaCall struct {
	fn, file, module, lib span
	line                  int
}

// juliaFrames reads the rows, newest first; skipped is how many more a row stands for.
func juliaFrames(rows [][]byte) (frames []event.Frame, skipped int) {
	for _, raw := range rows {
		t := juliaBare(raw)
		switch {
		case juliaRow(t):
			c, times := juliaCallOf(t[bytes.IndexByte(t, ']')+2:])
			skipped += times
			frames = append(frames, c.frame())
		case juliaPlace(t) && len(frames) > 0 && frames[len(frames)-1].Lineno == 0:
			c := juliaPlaceOf(t[len("@ "):])
			was := &frames[len(frames)-1]
			f := c.frame()
			was.Module, was.Filename, was.AbsPath, was.Lineno = f.Module, f.Filename, f.AbsPath, f.Lineno
		case t.has("--- the last "):
			lines, times, _ := strings.Cut(string(t[len("--- the last "):]), " lines are repeated ")
			n, _ := span(lines).number()
			times, _, _ = strings.Cut(times, " ")
			m, _ := span(times).number()
			skipped += min(n*m, 1<<30)
		}
	}
	kept := frames[:0]
	for _, f := range frames {
		if f.Function != "" || f.Filename != "" {
			kept = append(kept, f)
		}
	}
	return kept, skipped
}

// juliaCallOf reads "charge(n::Int64) at ./pay.jl:3 [inlined] (repeats 41 times)"; the place may be missing.
func juliaCallOf(t span) (c juliaCall, more int) {
	t = t.right()
	if t.ends(" times)") {
		if open := bytes.LastIndex(t, []byte(" (repeats ")); open > 0 {
			n, _ := t[open+len(" (repeats ") : len(t)-len(" times)")].number()
			more = max(0, n-1)
			t = t[:open]
		}
	}
	if whole, ok := juliaCodeRow(t); ok {
		return whole, more
	}
	c.fn = span(bytes.TrimSuffix(t, []byte(" [inlined]")))
	return c, more
}

// juliaPlaceOf reads "Main ./pay.jl:3 [inlined]"; the module may be missing.
func juliaPlaceOf(t span) (c juliaCall) {
	t = span(bytes.TrimSuffix(t.right(), []byte(" [inlined]")))
	if open := bytes.LastIndex(t, []byte(" (repeats ")); open > 0 && t.ends(" times)") {
		t = t[:open]
	}
	file, line, _, ok := nativePlace(t)
	if !ok {
		c.module = t
		return c
	}
	c.line = line
	if at := bytes.IndexByte(file, ' '); at > 0 && bytes.IndexByte(file[:at], '/') < 0 {
		c.module, file = file[:at], file[at+1:]
	}
	c.file = file
	return c
}

func (c *juliaCall) frame() event.Frame {
	f := event.Frame{Module: string(c.module), Filename: string(c.file), Lineno: max(0, c.line), Package: string(c.lib)}
	if strings.HasPrefix(f.Filename, "/") || len(f.Filename) > 2 && f.Filename[1] == ':' {
		f.AbsPath = f.Filename
	}
	raw := string(c.fn)
	f.Function = juliaFunction(raw)
	if f.Function != raw {
		f.RawFunction = raw
	}
	return f
}

// juliaFunction is the name of "charge(n::Int64; deep::Bool)" without its
// parameters and without the numbers that the compiler gives to what has no name:
// "#" of "(::var\"#7#8\"{Int64})(x::Int64)", "charge" of "#charge#12" and "charge##kw".
func juliaFunction(raw string) string {
	name := raw
	if rest, ok := strings.CutPrefix(name, `(::`); ok {
		if end := strings.Index(rest, ")("); end > 0 {
			name = rest[:end]
		}
	} else if open := strings.IndexByte(name, '('); open > 0 {
		name = name[:open]
	}
	if open := strings.IndexByte(name, '{'); open > 0 {
		name = name[:open]
	}
	if at := strings.Index(name, `var"`); at >= 0 {
		name = strings.TrimSuffix(name[at+len(`var"`):], `"`)
	}
	if rest, ok := strings.CutPrefix(name, "jfptr_"); ok {
		return "jfptr_" + strings.TrimRight(rest, "0123456789")
	}
	if !strings.Contains(name, "#") {
		return name
	}
	for part := range strings.SplitSeq(name, "#") {
		if part != "" && strings.Trim(part, "0123456789") != "" && part != "kw" && part != "s" {
			return part
		}
	}
	return "#"
}

// juliaBase are the modules that come with the language.
var juliaBase = map[string]bool{"Base": true, "Core": true, "Distributed": true, "Sockets": true, "Serialization": true, "LinearAlgebra": true,
	"Test": true, "REPL": true, "Pkg": true, "Logging": true, "CoreLogging": true, "Random": true, "Statistics": true, "Dates": true, "Printf": true, "Downloads": true}

// juliaBaseFiles are files of Base in which the program's own closures run.
var juliaBaseFiles = map[string]bool{"task.jl": true, "threadingconstructs.jl": true, "boot.jl": true, "client.jl": true, "Base.jl": true,
	"loading.jl": true, "lock.jl": true, "logging.jl": true, "essentials.jl": true, "experimental.jl": true, "none": true}

// juliaIsApp tells the program's own code from Base, whose files are named relative to it, and from packages.
func juliaIsApp(f *event.Frame) bool {
	root, _, _ := strings.Cut(f.Module, ".")
	if f.Lineno == 0 || juliaBase[root] || strings.HasSuffix(f.Filename, ".c") || strings.HasSuffix(f.Filename, ".h") || strings.HasSuffix(f.Filename, ".cpp") {
		return false
	}
	if rest, ok := strings.CutPrefix(f.Filename, "./"); ok {
		// Up to 1.5 no module is named; since, a file of the folder in which Julia was started has one.
		return !juliaBaseFiles[rest] && f.Module != "" || strings.HasPrefix(rest, "REPL[") || f.Function == "top-level scope"
	}
	path := strings.ReplaceAll(f.Filename, `\`, "/")
	return !strings.Contains(path, "/stdlib/") && !strings.Contains(path, "/.julia/") && !strings.Contains(path, "/share/julia/") && !strings.Contains(path, "/julia/packages/")
}

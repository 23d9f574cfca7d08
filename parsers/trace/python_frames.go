package trace

import (
	"path"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// frames reads frames with their source lines, down to the first line that is none.
func (r *pyReader) frames(depth int) []event.Frame {
	var out []event.Frame
	wrapped := false
	for ; r.at(depth); r.i++ {
		t := r.lines[r.i].text
		n := t.indent()
		if f, ok := pyFrameLine(t[n:]); ok {
			out = append(out, pyFrame(string(f.path), string(f.function), f.lineno))
			wrapped = f.cut
			continue
		}
		var last *event.Frame
		if len(out) > 0 {
			last = &out[len(out)-1]
		}
		switch {
		case n == len(t), t.has("--- <exception caught here>"): // set frames apart: loguru, twisted
		case wrapped && last != nil:
			last.Function, wrapped = string(t.trim()), false
		case t[n:].has("[Previous line repeated "):
			times, _ := pyNumber(t[n+len("[Previous line repeated "):])
			r.repeat += times
		case n >= 4, n > 0 && t[0] == '\t', r.loose && r.source(t, last):
			// Only the first line is the frame's own; carets and loguru's values follow it.
			if last != nil && last.ContextLine == "" {
				last.ContextLine = string(t[min(n, 4):].right())
			}
		default:
			return out
		}
	}
	return out
}

// source tells whether a line without indent, in a trace that lost its
// indents, is source and not the final line.
func (r *pyReader) source(t span, last *event.Frame) bool {
	ahead := r.ahead[r.i]
	end, ok := pyFinalLine(t)
	switch {
	case ahead.frame || !ok:
		return true
	case pyTellsError(t[:end]):
		return false
	}
	return ahead.final || last != nil && last.ContextLine == ""
}

// pyType splits a qualified name into module and class. The parts that only
// name a scope ("__main__", "f.<locals>") are left out, as by newer interpreters.
func pyType(name string) (module, class string) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return "", name
	}
	module, class = name[:dot], name[dot+1:]
	module = strings.TrimSuffix(strings.TrimPrefix(module+".", "__main__."), ".")
	if module == "builtins" || module == "exceptions" {
		module = ""
	}
	return module, class
}

// pyFrame makes a frame of what a traceback prints of it.
func pyFrame(file, function string, lineno int) event.Frame {
	f := event.Frame{Function: strings.TrimRight(function, " \t"), AbsPath: file, Lineno: lineno}
	if at := strings.LastIndex(f.Function, " ("); at > 0 && pyInC(f.Function[at+2:]) {
		f.RawFunction, f.Function = f.Function, f.Function[:at]
	}
	var library bool
	f.Filename, f.Module, library = pyPlace(file)
	// sentry-python knows the project's root; here all that is no library is the
	// application's, and "<string>" or "<stdin>" is left to the server.
	switch {
	case library, strings.HasPrefix(file, "<frozen "):
		f.InApp = new(false)
	case strings.HasPrefix(file, "<") || file == "":
	case pyCython(file): // of the application or of numpy: nothing tells
	default:
		f.InApp = new(true)
	}
	switch {
	case file == "":
		f.Filename = "<unknown>"
	case f.Filename == "":
		f.Filename = file
	}
	if !library {
		f.Filename = pyStable(f.Filename)
	}
	return f
}

// pyInC tells the place in generated C that Cython may add: "src/fast.c:1204)".
func pyInC(t string) bool {
	return strings.HasSuffix(t, ")") && (strings.Contains(t, ".c:") || strings.Contains(t, ".cpp:"))
}

// pyCython tells a source of Cython without a directory that is known.
func pyCython(file string) bool {
	ext := path.Ext(file)
	return (ext == ".pyx" || ext == ".pxi" || ext == ".pxd") && !strings.HasPrefix(file, "/")
}

// pyStable is the name of a file without what changes from run to run. Code
// without a file is numbered: "<ipython-input-1-b442226ee413>", "<decorator-gen-12>".
func pyStable(name string) string {
	for _, made := range [...]string{"<ipython-input-", "<decorator-gen-"} {
		if strings.HasPrefix(name, made) {
			return made + "*>"
		}
	}
	return stablePath(name)
}

// pyRoots are directories below which applications are deployed: a file name
// relative to them is the same on every machine.
var pyRoots = []string{"/usr/src/app/", "/app/", "/code/", "/workspace/", "/var/task/"}

// pyLibraries are directories of libraries besides site-packages: Spark's
// archives, the layers and the runtime of AWS Lambda.
var pyLibraries = []string{"/pyspark.zip/", "-src.zip/", ".egg/", "/opt/python/", "/var/runtime/"}

// pyPlace takes a printed path apart: the name relative to where Python found
// it, the dotted module where that follows from it, and whether it is a library.
func pyPlace(file string) (name, module string, library bool) {
	p := strings.ReplaceAll(file, `\`, "/")
	for _, dir := range [...]string{"/site-packages/", "/dist-packages/"} {
		if i := strings.LastIndex(p, dir); i >= 0 {
			name = p[i+len(dir):]
			return name, pyModule(name), true
		}
	}
	for _, dir := range pyLibraries {
		if i := strings.LastIndex(p, dir); i >= 0 {
			name = p[i+len(dir):]
			return name, pyModule(name), true
		}
	}
	if rest, ok := pyStdlib(p); ok {
		return rest, pyModule(rest), true
	}
	for _, root := range pyRoots {
		if strings.HasPrefix(p, root) {
			return p[len(root):], "", false
		}
	}
	return file, "", false
}

// pyStdlib is the part of p below the directory of the standard library:
// ".../lib/python3.11/json/decoder.py", "C:/Python39/lib/json/decoder.py", ".../python311.zip/json/decoder.py".
func pyStdlib(p string) (rest string, ok bool) {
	lower := strings.ToLower(p)
	if len(lower) != len(p) { // a letter whose lower case is longer
		lower = p
	}
	for _, mark := range [...]string{"/lib/python", "/lib64/python", "/lib/pypy", "/python"} {
		i := strings.LastIndex(lower, mark)
		if i < 0 {
			continue
		}
		tail := lower[i+len(mark):]
		digits := len(tail) - len(strings.TrimLeft(tail, "0123456789."))
		tail = tail[digits:]
		switch {
		case digits == 0:
			continue
		case mark != "/python" && strings.HasPrefix(tail, "/"):
			return p[len(p)-len(tail)+1:], true
		case mark == "/python" && strings.HasPrefix(tail, "/lib/"):
			return p[len(p)-len(tail)+len("/lib/"):], true
		case mark == "/python" && digits > 3 && strings.HasPrefix(tail, "zip/"):
			return p[len(p)-len(tail)+len("zip/"):], true
		}
	}
	return "", false
}

// pyModule is the dotted name of a file below a directory of libraries.
func pyModule(name string) string {
	ext := path.Ext(name)
	if ext != ".py" && ext != ".pyx" && ext != ".pyc" {
		return ""
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, ext), "/__init__")
	return strings.ReplaceAll(name, "/", ".")
}

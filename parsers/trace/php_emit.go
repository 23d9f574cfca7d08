package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// phpEmit gives t the exceptions of list, the outermost first.
func phpEmit(t *Trace, list []phpThrowable) {
	out := make([]event.Exception, 0, min(len(list), maxExceptions))
	for i := range list {
		if len(list) > maxExceptions && i >= maxExceptions/2 && i < len(list)-(maxExceptions-maxExceptions/2) {
			continue
		}
		x := &list[i]
		e := event.Exception{Type: x.typ, Value: x.value, Mechanism: &event.Mechanism{Type: "generic"}}
		if at := strings.LastIndexByte(x.typ, '\\'); at >= 0 && at+1 < len(x.typ) {
			e.Module, e.Type = strings.TrimPrefix(x.typ[:at], `\`), x.typ[at+1:]
		}
		frames := phpFrames(x)
		frames, dropped := pyTrim(frames)
		t.drop("trace.frames_dropped", dropped)
		if len(frames) > 0 {
			e.Stacktrace = &event.Stacktrace{Frames: frames}
		}
		t.CutShort = t.CutShort || x.cut
		out = append(out, e)
	}
	t.drop("trace.exceptions_dropped", len(list)-len(out))
	phpChain(t, out, "previous")
	pyInApp(t)
}

// phpChain numbers the exceptions of a plain chain, the outermost first, and
// gives them to t in Sentry's order.
func phpChain(t *Trace, list []event.Exception, source string) {
	n := len(list)
	t.Exceptions = make([]event.Exception, n)
	for i := range list {
		m := list[i].Mechanism
		if n > 1 {
			m.ExceptionID = new(i)
		}
		if i > 0 {
			m.Type, m.Source, m.ParentID = "chained", source, new(i-1)
		}
		t.Exceptions[n-1-i] = list[i]
	}
}

// phpFrames pairs places and functions, oldest first: a row says where its
// function was called, which lies in the function of the row below. The place of
// the throw lies in the function of the first row.
func phpFrames(x *phpThrowable) []event.Frame {
	n := len(x.calls)
	if n == 0 && x.file == "" {
		return nil
	}
	out := make([]event.Frame, 0, n+1)
	for i := n; i >= 0; i-- {
		var file, raw string
		line := 0
		if i == 0 {
			file, line = x.file, x.line
		} else {
			file, line = string(x.calls[i-1].file), x.calls[i-1].line
		}
		switch {
		case i < n:
			raw = string(phpFunction(x.calls[i].function))
		case x.main:
			raw = "{main}"
		}
		if file == "" && raw == "" {
			continue
		}
		f := phpFrame(file, line, raw)
		if i == 0 && file == "" {
			f.InApp = nil // nothing is known of it
		}
		out = append(out, f)
	}
	return out
}

// phpFunction is the name of a function without its arguments, which may hold secrets.
func phpFunction(call span) span {
	p := 0
	for {
		i := bytes.Index(call[p:], []byte("{closure:"))
		open := bytes.IndexByte(call[p:], '(')
		if i < 0 || open >= 0 && open < i {
			break
		}
		end := bytes.IndexByte(call[p+i:], '}')
		if end < 0 {
			break
		}
		p += i + end
	}
	if i := bytes.Index(call[p:], []byte("@anonymous")); i >= 0 {
		if n := phpName(call[p:]); n > 0 {
			p += n
		}
	}
	if i := bytes.IndexByte(call[p:], '('); i >= 0 {
		call = call[:p+i]
	}
	if string(call) == "?" {
		return nil
	}
	return call
}

// phpFrame makes a frame of a place and the raw name of a function.
func phpFrame(file string, line int, raw string) event.Frame {
	f := event.Frame{Function: phpClean(raw), Lineno: line}
	if f.Function != raw {
		f.RawFunction = raw
	}
	if file == "" {
		f.InApp = new(false)
		return f
	}
	file, f.Lineno = phpEvaluated(phpSlashes(file), line)
	f.AbsPath, f.Filename = file, phpBelow(file)
	f.InApp = new(!phpLibrary(file) && !strings.HasPrefix(f.Function, `Sentry\`))
	if file == "Unknown" {
		f.Filename, f.AbsPath, f.InApp = "<unknown>", "", nil
	}
	return f
}

// phpClean is the name as sentry-php writes it: "Class::method", the same for
// every copy of a closure or an anonymous class.
func phpClean(name string) string {
	name = phpAnonymous(phpSlashes(name))
	if i := strings.Index(name, "{closure:"); i >= 0 {
		if end := strings.IndexByte(name[i:], '}'); end > 0 {
			name = name[:i] + "{closure" + name[i+end:]
		}
	}
	return strings.Replace(name, "->", "::", 1)
}

// phpAnonymous cuts off where an anonymous class stands: "class@anonymous\x00/srv/pay.php:3$0".
func phpAnonymous(name string) string {
	i := strings.Index(name, "@anonymous")
	if i < 0 {
		return name
	}
	i += len("@anonymous")
	rest := name[i:]
	for _, sep := range [...]string{"->", "::"} {
		if at := strings.LastIndex(rest, sep); at >= 0 {
			return name[:i] + rest[at:]
		}
	}
	return name[:i]
}

// phpSlashes undoes doubled backslashes, which Monolog's JSON leaves in names and Windows paths.
func phpSlashes(s string) string {
	for strings.Contains(s, `\\`) {
		s = strings.ReplaceAll(s, `\\`, `\`)
	}
	return s
}

// phpEvaluated gives the place of the eval for code that was evaluated:
// "/srv/pay.php(26) : eval()'d code".
func phpEvaluated(file string, line int) (string, int) {
	i := strings.Index(file, ") : ")
	if i < 0 || !strings.HasSuffix(file, "eval()'d code") && !strings.HasSuffix(file, "runtime-created function") {
		return file, line
	}
	open := strings.LastIndexByte(file[:i], '(')
	if open < 1 {
		return file, line
	}
	if n, ok := span(file[open+1 : i]).number(); ok {
		return file[:open], n
	}
	return file, line
}

// phpRoots are directories below which applications are deployed: a file name
// relative to them is the same on every machine.
var phpRoots = []string{"/var/www/html/", "/usr/src/app/", "/app/", "/code/", "/var/task/"}

func phpBelow(file string) string {
	p := strings.ReplaceAll(file, `\`, "/")
	if i := strings.LastIndex(p, "/vendor/"); i >= 0 {
		return p[i+1:]
	}
	for _, root := range phpRoots {
		if strings.HasPrefix(p, root) {
			return p[len(root):]
		}
	}
	return file
}

// phpLibrary tells whether a file came with a package.
func phpLibrary(file string) bool {
	p := strings.ReplaceAll(file, `\`, "/")
	return strings.Contains(p, "/vendor/") || strings.HasPrefix(p, "vendor/") ||
		strings.HasPrefix(p, "/usr/share/php") || strings.HasPrefix(p, "/usr/share/pear/") || strings.HasPrefix(p, "/usr/lib/php")
}

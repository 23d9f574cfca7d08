package trace

import (
	"path"
	"slices"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// goFrame makes a frame of a qualified function and its place, as sentry-go
// does: the import path is the module, the rest the function.
func goFrame(qualified, file string, line int) event.Frame {
	f := event.Frame{Lineno: line}
	f.Module, f.Function = goSplitName(qualified)
	if strings.IndexByte(file, '/') < 0 && strings.HasSuffix(file, ".go") && (f.Module != "main" || strings.HasPrefix(f.Function, "func")) {
		f.Module, f.Function = "", qualified // zerolog leaves both the package and the directory out
	}
	if f.Module != "" && strings.Contains(f.Module, "%2e") {
		f.RawFunction = qualified
		f.Module = strings.ReplaceAll(f.Module, "%2e", ".")
	}
	file = strings.ReplaceAll(file, `\`, "/")
	if goAbsolute(span(file)) {
		f.AbsPath = file
	}
	std := goStandard(f.Module, file)
	if f.Filename = goFilename(f.Module, file); f.Filename == "" {
		f.Filename = file
	}
	f.InApp = new(!std && !goForeign(f.Module, file))
	return f
}

// goSplitName splits "net/http.(*conn).serve" at the first dot behind the last
// slash. What stands in the brackets of a type parameter does not count.
func goSplitName(qualified string) (module, function string) {
	head := qualified
	if i := strings.IndexByte(head, '['); i >= 0 {
		head = head[:i]
	}
	slash := strings.LastIndexByte(head, '/')
	dot := strings.IndexByte(head[slash+1:], '.')
	if dot < 0 {
		return "", qualified
	}
	return qualified[:slash+1+dot], qualified[slash+1+dot+1:]
}

// goTop are the first elements of the standard library's import paths.
var goTop = map[string]bool{
	"archive": true, "bufio": true, "bytes": true, "cmp": true, "compress": true, "container": true, "context": true, "crypto": true,
	"database": true, "debug": true, "embed": true, "encoding": true, "errors": true, "expvar": true, "flag": true, "fmt": true,
	"go": true, "hash": true, "html": true, "image": true, "index": true, "internal": true, "io": true, "iter": true, "log": true,
	"maps": true, "math": true, "mime": true, "net": true, "os": true, "path": true, "plugin": true, "reflect": true, "regexp": true,
	"runtime": true, "slices": true, "sort": true, "strconv": true, "strings": true, "structs": true, "sync": true, "syscall": true,
	"testing": true, "text": true, "time": true, "unicode": true, "unique": true, "unsafe": true, "weak": true, "vendor": true,
}

// goStandard tells the standard library: its import paths begin with a known
// word, and its files stand in .../src/<import path>/, or in <import path>/
// where the binary was built with -trimpath. Where the package is not known
// (gin) or the function was linked under another name ("sync.fatal" of
// runtime/panic.go), a directory below .../go/src/ has to do.
func goStandard(module, file string) bool {
	dir := path.Dir(file)
	if dir == "." && module == "" { // zerolog leaves both out
		return file == "proc.go" || strings.HasPrefix(file, "asm_")
	}
	root, rest, ok := strings.Cut(dir, "/src/")
	if ok && goTop[goFirst(rest)] && strings.HasPrefix(path.Base(root), "go") {
		return true
	}
	return goTop[goFirst(module)] && (dir == module || strings.HasSuffix(dir, "/src/"+module))
}

// goFirst is the first element of an import path.
func goFirst(module string) string {
	first, _, _ := strings.Cut(module, "/")
	return first
}

// goForeign tells somebody else's module: from the module cache, or vendored.
func goForeign(module, file string) bool {
	return strings.Contains(file, "/pkg/mod/") || strings.Contains(file, "@v") || strings.Contains(file, "/vendor/") ||
		strings.Contains(module, "/vendor/") || strings.Contains(file, "/third_party/") || strings.Contains(module, "third_party")
}

// goFilename is the file below the directory that the import path names, which
// is the same on every machine: "wallet/wallet.go" of
// "/srv/pay/go/wallet/wallet.go" in the package "surepay/agent/wallet".
func goFilename(module, file string) string {
	if i := strings.LastIndex(file, "/pkg/mod/"); i >= 0 {
		return goUnversioned(file[i+len("/pkg/mod/"):])
	}
	if !goAbsolute(span(file)) {
		return goUnversioned(file)
	}
	dir, base := path.Split(file)
	dir = strings.TrimSuffix(dir, "/")
	for dir != "" && module != "" {
		d, m := path.Base(dir), path.Base(module)
		if d != m {
			break
		}
		base = d + "/" + base
		dir = strings.TrimSuffix(dir[:len(dir)-len(d)], "/")
		module = strings.TrimSuffix(module[:len(module)-len(m)], "/")
	}
	return base
}

// goUnversioned takes "@v1.12.0" out of a path of the module cache.
func goUnversioned(p string) string {
	at := strings.Index(p, "@v")
	if at < 0 {
		return p
	}
	end := strings.IndexByte(p[at:], '/')
	if end < 0 {
		return p
	}
	return p[:at] + p[at+end:]
}

// goStack turns frames, newest first, into Sentry's order. It returns how many it left out.
func goStack(newestFirst []event.Frame) (st *event.Stacktrace, dropped int) {
	n := len(newestFirst)
	if n == 0 {
		return nil, 0
	}
	newest, oldest := trimMiddle(n)
	out := slices.Concat(newestFirst[:newest], newestFirst[n-oldest:])
	slices.Reverse(out)
	return &event.Stacktrace{Frames: out}, n - len(out)
}

// goInApp leaves the choice to the server where no frame is the application's.
func goInApp(t *Trace) {
	own := false
	t.eachFrame(func(f *event.Frame) { own = own || f.InApp != nil && *f.InApp })
	if !own {
		t.eachFrame(func(f *event.Frame) { f.InApp = nil })
	}
}

// goMachinery tells the functions that only carry a panic or print a stack.
func goMachinery(f *event.Frame) bool {
	switch f.Module {
	case "":
		return f.Function == "panic"
	case "runtime":
		name := strings.ToLower(f.Function)
		return strings.HasPrefix(name, "panic") || strings.HasPrefix(name, "gopanic") || name == "sigpanic" || name == "throw" ||
			strings.HasPrefix(name, "fatalpanic") || strings.HasPrefix(name, "fatalthrow") || strings.HasPrefix(name, "dopanic")
	case "runtime/debug":
		return f.Function == "Stack" || f.Function == "PrintStack"
	}
	// "sync.fatal" and "internal/runtime/maps.fatal" are linked to the runtime's.
	return (f.Function == "fatal" || f.Function == "throw") && strings.HasSuffix(f.AbsPath, "/runtime/panic.go")
}

// goTrimMachinery cuts the machinery off the newest end, unless nothing would remain.
func goTrimMachinery(newestFirst []event.Frame) []event.Frame {
	for i := range newestFirst {
		if !goMachinery(&newestFirst[i]) {
			return newestFirst[i:]
		}
	}
	return newestFirst
}

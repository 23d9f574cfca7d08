package trace

import (
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// nodeStacktrace turns frame lines, newest first, into frames, oldest first.
// dropped is the number left out of the middle.
func nodeStacktrace(rows []span) (st *event.Stacktrace, dropped int) {
	if len(rows) == 0 {
		return nil, 0
	}
	head, tail := trimMiddle(len(rows))
	frames := make([]event.Frame, 0, head+tail)
	for i := len(rows) - 1; i >= 0; i-- {
		if slot := len(rows) - 1 - i; slot < head || slot >= len(rows)-tail {
			c, _ := nodeFrame(rows[i])
			frames = append(frames, c.eventFrame())
		}
	}
	return &event.Stacktrace{Frames: frames}, len(rows) - head - tail
}

func (c *nodeCall) eventFrame() event.Frame {
	f := nodePathFrame(c.file)
	f.Lineno, f.Colno = c.line, c.col
	f.Function = string(c.fn)
	if len(c.raw) > 0 {
		f.RawFunction = string(c.raw)
	}
	switch f.Function {
	case "", "<anonymous>", "<unknown>":
		f.Function = "?"
	case "Object.<anonymous>": // the top level of a module
		f.Function, f.RawFunction = "<anonymous>", f.Function
	}
	if len(c.site) > 0 {
		f.RawFunction = string(c.site)
	}
	if len(c.addr) > 0 {
		f.InstructionAddr = string(c.addr)
	}
	return f
}

// nodePathFrame is a frame with the names of its file.
func nodePathFrame(file span) event.Frame {
	path := nodeFile(file)
	name := stablePath(path)
	return event.Frame{Filename: name, AbsPath: path, Module: nodeModule(name)}
}

// nodeFile is the path of a file URL, or the file as it stands.
func nodeFile(file span) string {
	path, found := strings.CutPrefix(string(file), "file://")
	if found && len(path) > 2 && path[0] == '/' && path[2] == ':' { // file:///C:/srv
		path = path[1:]
	}
	return path
}

// nodeModule names a file as the SDK for Node does: "express.lib.router:layer"
// within a package, else the file's name without its extension.
func nodeModule(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	dir, base := "", path
	if slash := strings.LastIndexByte(path, '/'); slash >= 0 {
		dir, base = path[:slash], path[slash+1:]
	}
	for _, ext := range []string{".js", ".mjs", ".cjs"} {
		base = strings.TrimSuffix(base, ext)
	}
	const modules = "/node_modules/"
	if at := strings.LastIndex(dir, modules); at >= 0 && base != "" {
		return strings.ReplaceAll(dir[at+len(modules):], "/", ".") + ":" + base
	}
	return base
}

// nodeInApp marks every frame as the SDK for Node does: code of the application
// has a rooted path, a drive, a relative path or a URL, and stands in no
// node_modules. Where nothing would remain, nothing is marked.
func nodeInApp(t *Trace) {
	any := false
	t.eachFrame(func(f *event.Frame) { any = any || nodeIsApp(f) })
	if !any {
		return
	}
	t.eachFrame(func(f *event.Frame) { f.InApp = new(nodeIsApp(f)) })
}

func nodeIsApp(f *event.Frame) bool {
	path := f.Filename
	if site, ok := strings.CutPrefix(f.RawFunction, "eval at "); ok { // the code that called eval decides
		if open := strings.LastIndexByte(site, '('); open >= 0 {
			path = site[open+1:]
		}
	}
	if path == "" || strings.Contains(path, "node_modules/") || strings.Contains(path, `node_modules\`) {
		return false
	}
	rooted := path[0] == '/' || path[0] == '.' || len(path) > 1 && path[1] == ':'
	internal := strings.HasPrefix(path, "node:") || strings.HasPrefix(path, "internal/") || strings.HasPrefix(path, "ext:") || strings.HasPrefix(path, "bun:")
	return rooted || strings.Contains(path, "://") || !internal && strings.Contains(path, "/")
}

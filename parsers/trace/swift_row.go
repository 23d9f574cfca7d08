package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// swiftCall is a frame as the crash reporter prints it.
type swiftCall struct {
	nativeCall
	system bool // [system], [thunk]: made by the compiler
}

// swiftRow reads "1 [ra] 0x000055962af478a1 run(_:) + 384 in pay at /srv/sw/pay.swift:23:19" into c,
// which may be nil. Flags and the address may be missing.
func swiftRow(t span, c *swiftCall) bool {
	_, rest, ok := nativeNumber(t)
	if !ok || !rest.has(" ") {
		return false
	}
	rest = rest.left()
	flags := 0
	for rest.has("[") {
		end := bytes.IndexByte(rest, ']')
		if end < 0 || end > 12 {
			return false
		}
		if flag := string(rest[1:end]); c != nil && (flag == "system" || flag == "thunk") {
			c.system = true
		}
		rest, flags = rest[end+1:].left(), flags+1
	}
	addr, rest, ok := nativeHex(rest)
	if ok && c != nil {
		c.addr = addr
	}
	rest = rest.trim()
	switch {
	case ok && len(rest) == 0, !ok && (string(rest) == "..." || string(rest) == "null"):
		return true
	case !ok && !bytes.Contains(rest, []byte(" in ")):
		return false
	}
	if c != nil {
		c.parse(rest)
	}
	return true
}

// parse reads "run(_:) + 384 in pay at /srv/sw/pay.swift:23:19".
func (c *swiftCall) parse(t span) {
	if at := bytes.LastIndex(t, []byte(" at ")); at > 0 {
		if place := t[at+len(" at "):]; c.place(place) || place.has("//<") || place.has("/<") {
			t = t[:at]
		}
	}
	if in := bytes.LastIndex(t, []byte(" in ")); in > 0 {
		c.mod, t = t[in+len(" in "):], t[:in]
	}
	c.name(t)
}

func (c *swiftCall) place(t span) bool {
	file, line, col, ok := nativePlace(t)
	if ok {
		c.file, c.line, c.col = file, line, col
	}
	return ok
}

// name sets the function without the offset behind it; what the reporter does not know has none.
func (c *swiftCall) name(t span) {
	if plus := bytes.LastIndex(t, []byte(" + ")); plus > 0 {
		if _, ok := t[plus+len(" + "):].number(); ok {
			t = t[:plus]
		}
	}
	if !t.has("<un") && !t.has("0x") {
		c.fn = t
	}
}

// swiftOldRow reads "4    pay    0x00005586ea8648a1 run(_:) + 14497 (pay.swift:23)" into c, which may be nil.
func swiftOldRow(t span, c *swiftCall) bool {
	_, rest, ok := nativeNumber(t)
	if !ok || len(rest) < 2 || !isBlank(rest[0]) {
		return false
	}
	rest = rest.left()
	at := bytes.Index(rest, []byte("0x"))
	if rest.has("[") || at < 2 || !isBlank(rest[at-1]) {
		return false
	}
	addr, name, ok := nativeHex(rest[at:])
	if !ok || len(addr) < 6 || len(name) > 0 && name[0] != ' ' {
		return false
	}
	if c == nil {
		return true
	}
	c.addr, c.mod = addr, rest[:at].right()
	name = name.trim()
	if open := bytes.LastIndex(name, []byte(" (")); open > 0 && name.ends(")") && c.place(name[open+2:len(name)-1]) {
		name = name[:open]
	}
	c.name(name)
	return true
}

// swiftSource reads the number in "  *  14|     func at(_ i: Int)" or "    81│ throws" of a piece
// of source; 0 for the line that points into it, -1 for no such line.
func swiftSource(t span) int {
	t = span(bytes.TrimPrefix(t, []byte("* "))).left()
	n, rest, ok := nativeNumber(t)
	if !ok {
		rest = t
	}
	if !rest.has("|") && !rest.has("│") {
		return -1
	}
	return n
}

// swiftSourceText is the source in such a line.
func swiftSourceText(t span) string {
	_, text, ok := bytes.Cut(t, []byte("│"))
	if !ok {
		_, text, _ = bytes.Cut(t, []byte("|"))
	}
	return strings.TrimPrefix(string(span(text).right()), " ")
}

func (c *swiftCall) frame() event.Frame {
	f := event.Frame{Function: string(c.fn), Lineno: c.line, Colno: c.col, InstructionAddr: string(c.addr), Package: string(c.mod)}
	if len(c.file) > 0 {
		f.Filename = string(c.file)
		if i := strings.LastIndexAny(f.Filename, `/\`); i >= 0 {
			f.AbsPath, f.Filename = f.Filename, f.Filename[i+1:]
		}
	}
	f.InApp = new(!c.foreign())
	return f
}

// swiftImages are beginnings of the images of the system and of Swift itself.
var swiftImages = [...]string{"lib", "dyld", "ld-linux", "Foundation", "CoreFoundation", "UIKit", "AppKit", "SwiftUI", "Combine", "QuartzCore", "HIToolbox",
	"com.apple.", "GraphicsServices", "CFNetwork", "swift-", "???", "[", "ntdll", "KERNEL"}

// foreign tells whether the frame is not the application's.
func (c *swiftCall) foreign() bool {
	if c.system || len(c.mod) == 0 && len(c.file) == 0 {
		return true
	}
	switch string(c.fn) {
	case "_start", "start", "start_thread", "clone", "clone3", "__libc_start_main", "async_MainTQ0_":
		return true
	}
	for _, p := range swiftImages {
		if c.mod.has(p) {
			return true
		}
	}
	file := string(c.file)
	return strings.HasPrefix(file, "/usr/") || strings.Contains(file, "/.build/checkouts/") || strings.Contains(file, "/SourcePackages/checkouts/")
}

package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// nativeCall is a frame of machine code, whichever tool printed it.
type nativeCall struct {
	addr      span // 0x55ec
	fn        span // surepay::overrun(int)
	file      span
	line, col int
	mod       span // /lib/x86_64-linux-gnu/libc.so.6
}

// nativeHex cuts a number such as 0x7ffd from the start of t.
func nativeHex(t span) (addr, rest span, ok bool) {
	if !t.has("0x") {
		return nil, t, false
	}
	n := 2
	for n < len(t) && nativeDigit(t[n]) {
		n++
	}
	return t[:n], t[n:], n > 2
}

// nativeDigit tells whether b is a hexadecimal digit.
func nativeDigit(b byte) bool { return isDigit(b) || b|0x20 >= 'a' && b|0x20 <= 'f' }

// nativeNumber cuts a decimal from the start of t.
func nativeNumber(t span) (n int, rest span, ok bool) {
	i := 0
	for i < len(t) && isDigit(t[i]) {
		i++
	}
	n, ok = t[:i].number()
	return n, t[i:], ok
}

// nativePlace reads t as a whole as file:line or file:line:column.
func nativePlace(t span) (file span, line, col int, ok bool) {
	i := bytes.LastIndexByte(t, ':')
	if i < 1 {
		return nil, 0, 0, false
	}
	last, ok := t[i+1:].number()
	if !ok {
		return nil, 0, 0, false
	}
	if k := bytes.LastIndexByte(t[:i], ':'); k > 0 {
		if n, ok := t[k+1 : i].number(); ok {
			return t[:k], n, last, true
		}
	}
	return t[:i], last, 0, true
}

// nativeModule cuts "(/srv/pay+0x243c0)" from the end of t.
func nativeModule(t span) (mod, rest span) {
	if !t.ends(")") {
		return nil, t
	}
	i := bytes.LastIndexByte(t, '(')
	if i < 0 {
		return nil, t
	}
	in := t[i+1 : len(t)-1]
	plus := bytes.LastIndex(in, []byte("+0x"))
	if plus < 0 {
		return nil, t
	}
	return in[:plus], t[:i].right()
}

// nativeSplit parts "surepay::uaf(int) /srv/pay.cc:11:58" at the blank before the file, which may hold blanks itself.
func (c *nativeCall) split(t span) {
	file, line, col, ok := nativePlace(t)
	if !ok {
		c.fn = t
		return
	}
	at := bytes.Index(file, []byte(" /"))
	if at < 0 {
		at = bytes.LastIndexByte(file, ' ')
	}
	if at < 0 {
		c.fn = t
		return
	}
	c.fn, c.file, c.line, c.col = file[:at].right(), file[at+1:], line, col
}

// nativeStack makes the frames of rows that stand newest first.
func nativeStack(t *Trace, rows []nativeCall) *event.Stacktrace {
	frames := make([]event.Frame, 0, len(rows))
	for i := len(rows) - 1; i >= 0; i-- {
		if f := nativeFrame(&rows[i]); f.Function != "" || f.Filename != "" || f.InstructionAddr != "" {
			frames = append(frames, f)
		}
	}
	frames, dropped := pyTrim(frames)
	t.drop("trace.frames_dropped", dropped)
	if len(frames) == 0 {
		return nil
	}
	return &event.Stacktrace{Frames: frames}
}

func nativeFrame(c *nativeCall) event.Frame {
	raw := string(c.fn)
	f := event.Frame{Function: nativeName(raw), Lineno: c.line, Colno: c.col, InstructionAddr: string(c.addr), Package: string(c.mod)}
	if f.Function != raw && f.Function != "" {
		f.RawFunction = raw
	}
	if len(c.file) > 0 {
		f.Filename = string(c.file)
		if i := strings.LastIndexAny(f.Filename, `/\`); i >= 0 {
			f.Filename, f.AbsPath = f.Filename[i+1:], f.Filename
		}
	}
	f.InApp = new(!nativeForeign(f.Function, string(c.file), f.Package))
	return f
}

// nativeName is a function's name without its parameters, which its raw name keeps.
func nativeName(raw string) string {
	if strings.HasPrefix(raw, "_Z") || strings.HasPrefix(raw, "_R") || strings.HasPrefix(raw, "__Z") {
		return nativeDemangled(raw)
	}
	raw = strings.TrimSuffix(raw, " const")
	switch raw {
	case "??", "(unknown)", "n/a", "<null>", "(<unknown module>)":
		return ""
	}
	if !strings.HasSuffix(raw, ")") {
		return raw
	}
	depth := 0
	for i := len(raw) - 1; i > 0; i-- {
		switch raw[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				if raw[i:] == "()" && strings.HasSuffix(raw[:i], "operator") { // the name of a call, printed without parameters
					return raw
				}
				return strings.TrimRight(raw[:i], " ")
			}
		}
	}
	return raw
}

// nativeSystem are beginnings of functions that belong to the runtime.
var nativeSystem = []string{
	"std::", "boost::", "__gnu_cxx::", "__cxxabi", "__libc_", "__GI_", "__pthread", "__interceptor_", "__asan", "__lsan", "__tsan", "__msan", "__ubsan",
	"__sanitizer", "__cxa_", "__restore_rt", "__assert", "__fortify", "__chk_fail", "__stack_chk", "google::", "absl::", "operator new", "operator delete",
	"_IO_", "folly::symbolizer", "testing::",
}

// nativeForeign tells whether a frame is not the application's.
func nativeForeign(fn, file, mod string) bool {
	for _, p := range nativeSystem {
		if strings.HasPrefix(fn, p) {
			return true
		}
	}
	switch fn {
	case "_start", "start_thread", "clone", "clone3", "__clone", "__clone3", "raise", "abort", "gsignal", "_Unwind_RaiseException", "malloc", "free", "calloc", "realloc", "my_print_stacktrace", "handle_fatal_signal",
		"print_fatal_signal", "logStackTrace", "sigsegvHandler":
		return true
	}
	if fn == "" && file == "" {
		return true
	}
	for _, p := range [...]string{"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", "linux-vdso", "libc.so", "libstdc++", "libpthread", "libc-", "libgcc_s"} {
		if strings.HasPrefix(mod, p) {
			return true
		}
	}
	return strings.HasPrefix(file, "/usr/include/") || strings.Contains(file, "/sysdeps/") || strings.HasPrefix(file, "./csu/") || strings.HasPrefix(file, "../") || strings.Contains(file, "/../csu/")
}

// nativeCrash makes the only exception of a trace of machine code.
func nativeCrash(t *Trace, typ, value string, rows []nativeCall) {
	t.Platform = "native"
	x := event.Exception{Type: typ, Value: value, Mechanism: &event.Mechanism{Type: "generic"}}
	if t.Died {
		x.Mechanism.Handled = new(false)
	}
	x.Stacktrace = nativeStack(t, rows)
	t.Exceptions = []event.Exception{x}
	pyInApp(t)
}

package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// rustStacktrace makes the frames, oldest first. Of a panic, the rows above the
// place of the panic are its machinery; where there are no rows, the place is
// the only frame.
func rustStacktrace(t *Trace, rows []rustCall, place rustSpot, panicked bool) *event.Stacktrace {
	rows = rows[rustTop(rows, place, panicked):]
	switch {
	case !panicked || place.file == nil || len(rows) == 0 || rows[0].place.file != nil:
	case rustForeign(&rows[0]): // a stripped program: only the head knows
		rows = append([]rustCall{{place: place}}, rows...)
	default:
		rows[0].place = place
	}
	frames := make([]event.Frame, 0, len(rows)+1)
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].place.file == nil && string(rows[i].symbol) == "<unknown>" {
			continue // tells nothing without the addresses of the modules
		}
		if f := rustFrame(&rows[i]); f.Function != "" || f.Filename != "" || f.InstructionAddr != "" {
			frames = append(frames, f)
		}
	}
	if len(frames) == 0 && place.file != nil {
		frames = append(frames, rustFrame(&rustCall{place: place}))
	}
	frames, dropped := pyTrim(frames)
	t.drop("trace.frames_dropped", dropped)
	if len(frames) == 0 {
		return nil
	}
	return &event.Stacktrace{Frames: frames}
}

// rustTop is the index of the row that panicked: the one at the place that the
// head names, or else the first that is not the standard library's.
func rustTop(rows []rustCall, place rustSpot, panicked bool) int {
	if panicked && place.file != nil {
		for i := range rows {
			p := &rows[i].place
			if p.line == place.line && (p.col == place.col || p.col == 0 || place.col == 0) && p.file != nil && rustSameFile(p.file, place.file) {
				return i
			}
		}
	}
	own, machinery := 0, 0
	for own < len(rows) && rustForeign(&rows[own]) {
		own++
		if rustMachinery(rustSymbol(string(rows[own-1].symbol))) {
			machinery = own
		}
	}
	if own < len(rows) && (machinery > 0 || !panicked) {
		return own
	}
	return machinery
}

// rustSameFile: one of the two may be relative.
func rustSameFile(a, b span) bool {
	for a.has("./") {
		a = a[2:]
	}
	for b.has("./") {
		b = b[2:]
	}
	return a.ends(string(b)) || b.ends(string(a))
}

// rustMachinery tells whether a function raises or reports panics.
func rustMachinery(fn string) bool {
	for _, p := range [...]string{
		"rust_begin_unwind", "__rustc::rust_begin_unwind", "core::panicking::", "std::panicking::", "std::backtrace", "<std::backtrace",
		"std::sys", "<std::sys", "backtrace::", "<backtrace::", "log_panics::", "color_eyre::",
	} {
		if strings.HasPrefix(fn, p) {
			return !strings.Contains(fn, "__rust_begin_short_backtrace")
		}
	}
	return false
}

// rustForeign tells whether a row is not the application's.
func rustForeign(c *rustCall) bool {
	if len(c.place.file) > 0 {
		p := strings.ReplaceAll(string(c.place.file), `\`, "/")
		if strings.Contains(p, "/rustc/") || strings.Contains(p, "/.cargo/") || strings.Contains(p, "/.rustup/") || strings.HasPrefix(p, "library/") ||
			strings.Contains(p, "/registry/src/") || strings.Contains(p, "/sysdeps/") || strings.HasPrefix(p, "/usr/src/debug/") {
			return true
		}
	}
	return rustSystem(rustSymbol(string(c.symbol)))
}

// rustSystem tells whether a function belongs to the standard library, to the
// support of panics, or to the C library that called main.
func rustSystem(fn string) bool {
	if rustEntry(fn) {
		return true
	}
	if strings.HasPrefix(fn, "_<") {
		fn = fn[1:]
	}
	fn = strings.TrimLeft(fn, "<&*")
	fn = strings.TrimPrefix(strings.TrimPrefix(fn, "dyn "), "mut ")
	if own, trait, ok := strings.Cut(fn, " as "); ok && !strings.Contains(own, "::") { // <i64 as core::ops::arith::Div>::div
		fn = trait
	}
	for _, p := range [...]string{
		"std::", "core::", "alloc::", "backtrace::", "sentry::", "sentry_core::", "sentry_types::", "sentry_backtrace::", "sentry_panic::",
		"__rust_", "___rust_", "__rustc::", "rust_begin_unwind", "rust_panic", "test::", "log_panics::", "anyhow::", "eyre::", "color_eyre::",
		"tokio::", "futures::", "futures_util::", "futures_core::", "hyper::", "tower::", "tracing::", "rayon::", "rayon_core::",
	} {
		if strings.HasPrefix(fn, p) {
			return true
		}
	}
	return false
}

// rustEntry tells whether a function is the C library's or the linker's.
func rustEntry(fn string) bool {
	switch fn {
	case "main", "_main", "_start", "start", "start_thread", "clone", "clone3", "__clone", "__clone3", "<unknown>", "thread_start", "_pthread_start",
		"BaseThreadInitThunk", "RtlUserThreadStart", "invoke_main", "__scrt_common_main_seh":
		return true
	}
	return strings.HasPrefix(fn, "__libc_start_") || strings.HasPrefix(fn, "__pthread_")
}

// rustFrame makes the frame of a row.
func rustFrame(c *rustCall) event.Frame {
	raw := string(c.symbol)
	f := event.Frame{Function: rustSymbol(raw), Lineno: c.place.line, Colno: c.place.col}
	if f.Function != raw {
		f.RawFunction = raw
	}
	f.Module = rustModule(f.Function)
	if len(c.place.file) > 0 {
		file := string(c.place.file)
		f.Filename = rustSource(file)
		if f.Filename != file {
			f.AbsPath = file
		}
	}
	if f.Function == "" && f.Filename == "" {
		f.InstructionAddr = string(c.addr)
	}
	f.InApp = new(!rustForeign(c))
	return f
}

// rustSymbol is a name without the hashes that change with every build:
// "pay::divide::h0123456789abcdef", "std[e28293b1aa0f68bd]::rt::lang_start".
func rustSymbol(s string) string {
	if n := strings.TrimSuffix(s, "<unknown>"); n != "" { // color-eyre has it where the hash is missing
		s = n
	}
	if n := len(s) - len("::h0123456789abcdef"); n > 0 && s[n:n+3] == "::h" && rustHex(s[n+3:]) {
		s = s[:n]
	}
	if !strings.Contains(s, "[") {
		return s
	}
	var sb strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '[' && i+17 < len(s) && s[i+17] == ']' && rustHex(s[i+1:i+17]) {
			i += 17
			continue
		}
		sb.WriteByte(s[i])
	}
	return sb.String()
}

func rustHex(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return len(s) == 16
}

// rustUnfielded is the symbol of a row without the fields that a logger put
// behind the last one: "_start batch=77", "_start, service: ledger".
func rustUnfielded(s span) span {
	if i := bytes.IndexAny(s, " ,"); i > 0 && rustEntry(string(s[:i])) {
		return s[:i]
	}
	for i := 0; i < len(s); i++ {
		if s[i] != ' ' {
			continue
		}
		n := i + 1
		for n < len(s) && (javaLetter(s[n]) || isDigit(s[n]) || s[n] == '.') {
			n++
		}
		if n > i+1 && n < len(s) && s[n] == '=' {
			return s[:i]
		}
		i = n - 1
	}
	return s
}

// rustModule is the path in front of a function's own name; of a method, that of its type.
func rustModule(fn string) string {
	if strings.HasPrefix(fn, "<") {
		fn = strings.TrimPrefix(strings.TrimLeft(fn, "<&*"), "dyn ")
		if i := strings.Index(fn, " as "); i > 0 {
			fn = fn[:i]
		}
	}
	if i := strings.IndexAny(fn, "<>{( "); i >= 0 {
		fn = strings.TrimSuffix(fn[:i], "::")
		if strings.Contains(fn, "::") {
			return fn[:strings.LastIndex(fn, "::")]
		}
		return ""
	}
	if i := strings.LastIndex(fn, "::"); i > 0 {
		return fn[:i]
	}
	return ""
}

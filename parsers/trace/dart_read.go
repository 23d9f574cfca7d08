package trace

import (
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// dartBack finds the error's text above the first row.
func dartBack(before Window, opening []byte) int {
	l := dartText(opening)
	if !dartIsRow(l) {
		return 0
	}
	n := before.Len()
	for i := n - 1; i >= max(0, n-backLines); i-- {
		rec, line := before.Record(i), dartText(before.Line(i))
		switch {
		case dartIsRow(line), rec && len(line) == 0:
			i = 0
		case dartIsTitle(line, rec):
			if i > 0 && !before.Record(i) && string(dartText(before.Line(i-1)).trim()) == "Unhandled exception:" {
				i--
			}
			return n - i
		case rec:
			i = 0
		}
	}
	for up := 1; up <= min(n, 3) && !before.Record(n-up); up++ { // package:stack_trace leaves a line free
		if last := dartText(before.Line(n - up)); dartIsRow(last) {
			return 0
		} else if len(last.trim()) > 0 {
			return up
		}
	}
	return 0
}

// dartIsTitle tells whether a line says what went wrong; rec, that it is the
// message of a record, where other text may stand in front.
func dartIsTitle(l span, rec bool) bool {
	t := l.trim()
	if len(t) == 0 || len(t) > 4096 {
		return false
	}
	if dartIsFlutter(t) {
		return true
	}
	typ, _, sure := dartError(string(t))
	if rec && !sure {
		_, rest := dartInline(string(t))
		return rest != ""
	}
	return typ != "" && sure
}

func dartRead(lines [][]byte) (Trace, bool) {
	text := make([]span, len(lines))
	for i, l := range lines {
		text[i] = dartText(l).right()
	}
	first := text[0].trim()
	switch {
	case first.has("Another exception was thrown: "):
		t := dartTrace(string(first[len("Another exception was thrown: "):]), nil)
		t.Exceptions[0].Mechanism = &event.Mechanism{Type: "FlutterError", Handled: new(true)}
		t.Level = event.Error
		return t, true
	case string(first) == dartCrashHead:
		return dartReadCrash(text)
	case dartIsBanner(first):
		return dartReadBanner(text), true
	case first.has("┌──"):
		return dartReadBox(text)
	}
	return dartReadPlain(text)
}

// dartReadPlain reads a text and the rows under it.
func dartReadPlain(lines []span) (Trace, bool) {
	died, flutter := false, false
	var title []string
	n := 0
	for ; n < len(lines) && !dartIsRow(lines[n]); n++ {
		t := lines[n].trim()
		switch {
		case len(title) == 0 && string(t) == "Unhandled exception:":
			died = true
		case len(title) == 0 && dartIsFlutter(t):
			flutter = true
			title = append(title, string(t[dartAfterFlutter(t):]))
		case !dartIsAot(t):
			title = append(title, string(lines[n]))
		}
	}
	frames := dartFrames(lines[n:])
	dartImage(frames, lines)
	whole := strings.TrimSpace(strings.Join(title, "\n"))
	if len(frames) == 0 && !flutter {
		return Trace{}, false
	}
	t := dartTrace(whole, frames)
	x := &t.Exceptions[0]
	switch {
	case died:
		t.died()
	case flutter:
		x.Mechanism.Type, x.Mechanism.Handled = "PlatformDispatcher.onError", new(false)
	}
	return t, true
}

// dartTrace makes the exception. Dart has no causes.
func dartTrace(whole string, frames []event.Frame) Trace {
	lead := ""
	typ, value, sure := dartError(whole)
	if !sure {
		if l, rest := dartInline(whole); rest != "" {
			lead = l
			typ, value, _ = dartError(rest)
		}
	}
	t := single("other", event.Exception{Type: typ, Value: value}, frames)
	t.Lead = lead
	t.markApp(dartOwn)
	return t
}

// dartImage gives frames of machine code the address at which their file was loaded.
func dartImage(frames []event.Frame, lines []span) {
	for _, l := range lines {
		rest, ok := strings.CutPrefix(string(l.trim()), "isolate_dso_base: ")
		if !ok {
			continue
		}
		base, _, _ := strings.Cut(rest, ",")
		for i := range frames {
			if frames[i].InstructionAddr != "" {
				frames[i].ImageAddr = "0x" + base
			}
		}
		return
	}
}

func dartFrames(lines []span) []event.Frame {
	var out []event.Frame
	for _, l := range lines {
		t := l.trim()
		c, ok := dartRow(t)
		if !ok {
			if c, ok = dartShort(t); !ok {
				continue
			}
		}
		out = append(out, dartFrame(&c))
	}
	return out
}

// dartFrame follows the SDK: the file's own name, the address of the library as
// the path, and <anonymous closure> where package:stack_trace writes <fn>.
func dartFrame(c *dartCall) event.Frame {
	if len(c.addr) > 0 {
		return event.Frame{Platform: "native", Function: string(c.fn), InstructionAddr: "0x" + string(c.addr)}
	}
	raw := string(c.fn)
	f := event.Frame{Platform: "dart", Function: dartUnmangled(strings.ReplaceAll(raw, "<fn>", "<anonymous closure>")), Lineno: c.line, Colno: c.col}
	if f.Function != raw && strings.Contains(raw, "@") {
		f.RawFunction = raw
	}
	f.AbsPath = strings.TrimPrefix(string(c.place), "file://")
	if len(f.AbsPath) > 3 && f.AbsPath[0] == '/' && f.AbsPath[2] == ':' { // file:///C:/srv/pay.dart
		f.AbsPath = f.AbsPath[1:]
	}
	f.Filename = f.AbsPath[strings.LastIndexAny(f.AbsPath, `/\:`)+1:]
	if rest, ok := strings.CutPrefix(f.AbsPath, "package:"); ok {
		f.Package, _, _ = strings.Cut(rest, "/")
	}
	return f
}

// dartUnmangled takes the number of the library off private names: "_Wallet@48099.debit".
func dartUnmangled(s string) string {
	at := strings.IndexByte(s, '@')
	if at < 0 {
		return s
	}
	var sb strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '@' && i+1 < len(s) && isDigit(s[i+1]) {
			for i+1 < len(s) && (nativeDigit(s[i+1]) || s[i+1] == 'x') {
				i++
			}
			continue
		}
		sb.WriteByte(s[i])
	}
	return sb.String()
}

// dartForeign are packages that are frameworks.
var dartForeign = map[string]bool{
	"flutter": true, "flutter_test": true, "flutter_web_plugins": true, "sky_engine": true, "stack_trace": true, "async": true, "test": true, "test_api": true, "test_core": true,
	"sentry": true, "sentry_flutter": true, "sentry_dio": true, "sentry_logging": true, "http": true, "dio": true, "shelf": true, "shelf_router": true, "shelf_static": true,
	"logging": true, "logger": true, "provider": true, "bloc": true, "flutter_bloc": true, "riverpod": true, "flutter_riverpod": true, "hooks_riverpod": true, "get": true,
	"grpc": true, "postgres": true, "sqflite": true, "drift": true, "redis": true, "mongo_dart": true, "serverpod": true, "dart_frog": true, "collection": true, "pool": true,
	"go_router": true, "web_socket_channel": true, "stream_channel": true, "string_scanner": true, "source_span": true, "isolate": true, "matcher": true, "rxdart": true,
}

func dartOwn(f *event.Frame) bool {
	if f.Platform == "native" {
		return strings.Contains(f.Function, "Isolate")
	}
	p := f.AbsPath
	return !strings.HasPrefix(p, "dart:") && !strings.HasPrefix(p, "dart-sdk/") && !strings.HasPrefix(p, "org-dartlang-sdk:") && !dartForeign[f.Package] &&
		!strings.Contains(p, "/.pub-cache/") && !strings.Contains(p, "packages/flutter/")
}

package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// This file reads what a JVM prints that is not a Throwable's stack trace: the
// crash report (hs_err), thread dumps, the launcher's and Clojure's own words.

// javaFatalHead tells whether t is the first line with words in the box of a dying JVM.
func javaFatalHead(t span) bool {
	return t.has("# A fatal error has been detected by ") || t.has("# There is insufficient memory for the Java Runtime") || t.has("# java.lang.OutOfMemoryError: ")
}

// javaDumpMark tells whether a line stands above the frames of a thread in a
// dump, be it the JVM's own or ThreadInfo's: `"main" prio=5 Id=1 RUNNABLE`.
func javaDumpMark(line span) bool {
	if len(line) == 0 || line[0] != '"' {
		return line.left().has("java.lang.Thread.State: ")
	}
	rest := line[1+bytes.LastIndexByte(line, '"'):]
	return rest.has(" prio=") || rest.has(" #") || rest.has(" Id=") || rest.has(" daemon ")
}

// javaDumpStep follows a thread dump. Its parts are divided by blank lines.
func javaDumpStep(line span) (State, Verdict) {
	if len(line) == 0 {
		return javaDump, Hold
	}
	switch line[0] {
	case '"', ' ', '\t', '=', '_', '0', '}':
		return javaDump, Take
	}
	for _, p := range javaDumpWords {
		if line.has(p) {
			return javaDump, Take
		}
	}
	return Outside, No
}

var javaDumpWords = [...]string{"at ", "Threads class SMR", "JNI global ref", "Heap", "Found ", "Java stack information", "Locked ownable", "No compile task", "which is held by", "waiting to lock"}

// javaReadReport reads the reports that are no Throwable; ok is false for all else.
func javaReadReport(lines [][]byte) (t Trace, ok bool) {
	first := span(lines[0]).trim()
	switch {
	case first.has(javaEdnOpens):
		return javaReadEdn(lines)
	case first.has("#"):
		return javaReadFatal(lines)
	case first.has("Full thread dump "):
		return javaReadDump(lines), true
	case javaDumpMark(first), string(first) == javaStackTitle+":":
		return Trace{Platform: "java"}, true
	case first.has("Exception: ") && bytes.Contains(first, []byte(javaHandlerFailed)):
		typ, rest, _ := strings.Cut(strings.TrimPrefix(string(first), "Exception: "), javaHandlerFailed)
		return javaBare(typ, strings.TrimSpace(javaHandlerFailed+rest)), true
	case first.has("Terminating due to "):
		h := javaHeader(first[len("Terminating due to "):], false)
		t = javaBare(string(h.typ), string(h.value))
		t.Died = true
		return t, h.grade > 0
	case javaLauncher(first):
		return javaReadLauncher(lines), true
	}
	if h, found := javaClojureHead(first); found {
		return javaReadClojure(h, lines), true
	}
	return Trace{}, false
}

// javaBare is an exception without frames that the process did not handle.
func javaBare(typ, value string) Trace {
	x := event.Exception{Type: typ, Value: value, Mechanism: &event.Mechanism{Type: "generic", Handled: new(false)}}
	if dot := strings.LastIndexByte(typ, '.'); dot > 0 {
		x.Module, x.Type = typ[:dot], typ[dot+1:]
	}
	return Trace{Platform: "java", Exceptions: []event.Exception{x}}
}

// javaReadLauncher reads "Error: Could not find or load main class X" and the
// cause that newer launchers add.
func javaReadLauncher(lines [][]byte) Trace {
	first := strings.TrimPrefix(string(span(lines[0]).trim()), "Error: ")
	if len(lines) > 1 {
		if t, ok := javaRead(lines[1:]); ok && len(t.Exceptions) > 0 {
			t.Lead, t.Died = first, true
			t.Exceptions[len(t.Exceptions)-1].Mechanism.Handled = new(false)
			return t
		}
	}
	t := javaBare("Error", first)
	t.Died = true
	return t
}

// javaReadFatal reads the box of a dying JVM. The frame is where the machine
// code stood:
//
//	#  SIGSEGV (0xb) at pc=0x00007f5b3c11b710, pid=1, tid=7
//	# JRE version: OpenJDK Runtime Environment (17.0.15+6) (build 17.0.15+6)
//	# Problematic frame:
//	# C  [libzip.so+0x399db]  ZIP_GetEntry+0x4b
func javaReadFatal(lines [][]byte) (Trace, bool) {
	t := Trace{Platform: "java", Died: true, Level: event.Fatal}
	x := event.Exception{Mechanism: &event.Mechanism{Type: "signalhandler", Handled: new(false), Synthetic: true}}
	frame := false
	for _, raw := range lines {
		l := span(bytes.TrimLeft(raw, "#")).trim()
		name, rest, _ := strings.Cut(string(l), " ")
		switch {
		case frame:
			x.Value, frame = string(l), false
			x.Stacktrace = &event.Stacktrace{Frames: []event.Frame{javaNativeFrame(string(l))}}
		case string(l) == "Problematic frame:":
			frame = true
		case strings.HasPrefix(rest, "(0x") && x.Type == "", strings.HasPrefix(name, "EXCEPTION_") && x.Type == "":
			x.Type = name
		case l.has("Internal Error ") && x.Type == "":
			x.Type = "Internal Error"
		case l.has("Out of Memory Error ") && x.Type == "", l.has("There is insufficient memory") && x.Type == "":
			x.Type = "OutOfMemoryError"
		case l.has("java.lang.OutOfMemoryError: "):
			x.Type, x.Module, x.Value = "OutOfMemoryError", "java.lang", strings.TrimPrefix(string(l), "java.lang.OutOfMemoryError: ")
		case x.Type != "" && x.Value == "" && (l.has("Native memory allocation") || l.has("Error: ") || l.has("assert") || l.has("guarantee") || l.has("fatal error: ")):
			x.Value = string(l)
		case l.has("JRE version: "):
			t.Contexts = javaRuntime(string(l))
		}
	}
	t.Exceptions = []event.Exception{x}
	return t, x.Type != ""
}

// javaRuntime is Sentry's runtime context out of "JRE version: NAME (VERSION) (build ...)".
func javaRuntime(l string) map[string]any {
	name, rest, _ := strings.Cut(strings.TrimPrefix(l, "JRE version: "), " (")
	version, _, _ := strings.Cut(rest, ")")
	return map[string]any{"runtime": map[string]any{"type": "runtime", "name": name, "version": version}}
}

// javaNativeFrame reads the frame of a crash report. Its letter tells the kind:
// C native, V the JVM itself, J compiled, j interpreted, v a stub of the JVM.
func javaNativeFrame(l string) event.Frame {
	kind, rest, _ := strings.Cut(l, " ")
	rest = strings.TrimSpace(rest)
	f := event.Frame{Function: rest, Platform: "native", InApp: new(false)}
	if lib, sym, ok := strings.Cut(strings.TrimPrefix(rest, "["), "]"); ok && strings.HasPrefix(rest, "[") {
		f.Package, _, _ = strings.Cut(lib, "+")
		if f.Function, _, _ = strings.Cut(strings.TrimSpace(sym), "+0x"); f.Function == "" {
			f.Function = lib
		}
		return f
	}
	if kind != "j" && kind != "J" {
		return f
	}
	for _, word := range strings.Fields(rest) {
		name, _, ok := strings.Cut(word, "(")
		if dot := strings.LastIndexByte(name, '.'); ok && dot > 0 {
			return event.Frame{Module: name[:dot], Function: name[dot+1:]}
		}
	}
	return f
}

// javaReadDump reads a thread dump. Only a deadlock makes it an error.
func javaReadDump(lines [][]byte) Trace {
	t := Trace{Platform: "java"}
	found := -1
	for i, l := range lines {
		if span(l).has("Found one Java-level deadlock") || span(l).has("Found ") && span(l).right().ends(" deadlock:") {
			found = i
			break
		}
	}
	if found < 0 {
		return t
	}
	var names []string
	for i := found; i < len(lines); i++ {
		l := span(lines[i]).trim()
		switch {
		case l.has("Java stack information"):
			t.Threads = javaDeadlocked(lines[i:])
			i = len(lines)
		case l.has(`"`) && l.ends(`":`):
			names = append(names, string(l[1:len(l)-2]))
		}
	}
	t.Exceptions = []event.Exception{{
		Type: "Deadlock", Value: "threads wait for each other: " + strings.Join(names, ", "),
		Mechanism: &event.Mechanism{Type: "generic", Handled: new(false), Synthetic: true},
	}}
	if len(t.Threads) > 0 { // the stack of the first stands for the event; Sentry wants it at the exception
		t.Exceptions[0].ThreadID = t.Threads[0].ID
		t.Exceptions[0].Stacktrace, t.Threads[0].Stacktrace = t.Threads[0].Stacktrace, nil
		t.Threads[0].Crashed = true
	}
	javaInApp(&t)
	return t
}

// javaDeadlocked reads the stacks behind "Java stack information for the threads listed above:".
func javaDeadlocked(lines [][]byte) []event.Thread {
	var out []event.Thread
	var frames []span
	flush := func() {
		if len(out) > 0 && len(frames) > 0 {
			out[len(out)-1].Stacktrace, _ = javaStacktrace([][]span{frames})
		}
		frames = nil
	}
	for _, raw := range lines {
		l := span(raw).trim()
		if l.has(`"`) && l.ends(`":`) && len(l) > 3 && len(out) < maxExceptions {
			flush()
			name := string(l[1 : len(l)-2])
			out = append(out, event.Thread{ID: name, Name: name, State: "BLOCKED", Main: name == "main"})
		} else if _, g := javaFrame(l); g > 0 {
			frames = append(frames, l)
		}
	}
	flush()
	return out
}

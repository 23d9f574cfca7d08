package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// The states of a debugger's stack.
const (
	// gdbHead: the cause or the title of a stack was read.
	//
	//	Program received signal SIGSEGV, Segmentation fault.
	//	Process 334 (systemd-journal) of user 0 dumped core.
	//
	// from: Outside; to: gdbRows
	gdbHead State = iota + 1

	// gdbRows: among the frames; a long one goes on in an indented line.
	//
	//	#1  0x00005555555574e0 in main (c=2, v=0x7fffffffe7c8) at pay.cc:22
	//
	// from: Outside, gdbHead; to: gdbHead
	gdbRows
)

// Gdb is the grammar of the stacks that gdb prints, and of the record of
// systemd-coredump, whose frames have the same shape.
func Gdb() Language {
	return Language{
		Name:  "gdb",
		Title: "gdb and systemd-coredump",
		Hints: []string{"#0  ", "Program received signal ", "Program terminated with signal ", "Thread ", "Process ", "Stack trace of thread ", "* thread #", "* frame #0: 0x", "frame #0: 0x"},
		Step:  gdbStep,
		Read:  gdbRead,
	}
}

func gdbStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	_, n, row := gdbRow(t)
	head := gdbTitle(t)
	switch {
	case s == Outside && row && n == 0:
		return gdbRows, Take
	case s == Outside && (head == gdbSignal || head == gdbDumped):
		return gdbHead, Take
	case s == Outside && head == gdbThread:
		return gdbHead, Hold
	case s == Outside:
		return Outside, No
	case len(t) == 0:
		return s, Hold
	case row && (n > 0 || s == gdbHead):
		return gdbRows, Take
	case head == gdbThread:
		return gdbHead, Hold
	case len(lldbReason(t)) > 0: // once more, when the stack is asked for
		return gdbHead, Take
	case head != gdbNothing, row:
		return Outside, No
	case s == gdbHead && (t.has("Module ") || t.has("Found module ") || t.has("ELF object binary ") || t.has("0x") || t.has("__") || t.has("[Switching to ") || gdbSource(t) || gdbWhere(t)):
		return gdbHead, Take
	case s == gdbRows && (l.indent() >= 4 || lldbTalk(l, t) || string(t) == "No locals."):
		return gdbRows, Take
	case s == gdbHead && l.indent() > 0:
		return gdbHead, Text
	}
	return Outside, No
}

// What a line that is no frame says.
const (
	gdbNothing = iota
	gdbSignal  // Program received signal SIGSEGV, Segmentation fault.
	gdbDumped  // Process 334 (systemd-journal) of user 0 dumped core.
	gdbThread  // Thread 1 (Thread 0x7f (LWP 31913) "pay"):
)

func gdbTitle(t span) int {
	switch {
	case t.has("Program received signal SIG"), t.has("Program terminated with signal "):
		return gdbSignal
	case t.has("Thread ") && bytes.Contains(t, []byte(" received signal SIG")):
		return gdbSignal
	case t.has("Thread ") && t.ends(":") && (bytes.Contains(t, []byte("(LWP ")) || bytes.Contains(t, []byte("(Thread 0x"))):
		return gdbThread
	case t.has("Stack trace of thread ") && t.ends(":"):
		return gdbThread
	case t.has("Process ") && t.ends(" dumped core."):
		return gdbDumped
	case t.has("Process ") && t.ends(" - dumping core") && bytes.Contains(t, []byte(" killed by SIG")): // ABRT
		return gdbSignal
	case t.has("* thread #"), t.has("thread #"):
		return lldbTitle(t)
	}
	return gdbNothing
}

// gdbSource tells whether t is the line of source that gdb shows: "14\tint null(int*p)".
func gdbSource(t span) bool {
	_, rest, ok := nativeNumber(t)
	return ok && rest.has("\t")
}

// gdbWhere tells whether t is where the program stopped: "main (c=2) at pay.cc:22".
func gdbWhere(t span) bool {
	i := bytes.LastIndex(t, []byte(") at "))
	if i < 0 {
		return false
	}
	_, line, _, ok := nativePlace(t[i+len(") at "):])
	return ok && line > 0
}

// gdbRow reads "#1  0x00005555 in main (c=2) at pay.cc:22" and "#0  0x000073c6 n/a (libc.so.6 + 0x9dbe2)".
func gdbRow(t span) (c nativeCall, n int, ok bool) {
	if !t.has("#") {
		return lldbRow(lldbStar(t))
	}
	n, rest, ok := nativeNumber(t[1:])
	if !ok || !rest.has(" ") || n < 10 && !rest.has("  ") {
		return c, 0, false
	}
	rest = rest.left()
	if string(rest) == "<signal handler called>" {
		c.fn = rest
		return c, n, true
	}
	if addr, after, is := nativeHex(rest); is {
		c.addr, rest = addr, after.left()
		if m := bytes.LastIndex(rest, []byte(" + 0x")); m > 0 && rest.ends(")") {
			if open := bytes.LastIndex(rest[:m], []byte(" (")); open > 0 {
				c.fn, c.mod = rest[:open], rest[open+2:m]
				return c, n, true
			}
		}
		if !rest.has("in ") {
			return c, n, false
		}
		rest = rest[3:]
	}
	if i := bytes.LastIndex(rest, []byte(") from ")); i > 0 {
		c.mod, rest = rest[i+len(") from "):], rest[:i+1]
	} else if i := bytes.LastIndex(rest, []byte(") at ")); i > 0 {
		if file, line, col, is := nativePlace(rest[i+len(") at "):]); is {
			c.file, c.line, c.col = file, line, col
		}
		rest = rest[:i+1]
	}
	open := bytes.Index(rest, []byte(" ("))
	if open < 1 {
		return c, n, false
	}
	c.fn = rest[:open] // the arguments are the users' data
	return c, n, c.addr != nil || c.line > 0 || rest.ends(")") || rest.ends(",")
}

// gdbRead is the Read of the language. The first stack is the one of the crash.
func gdbRead(lines [][]byte) (Trace, bool) {
	var groups []sanGroup
	typ, value, title := "", "", ""
	var crashed event.Thread
	for _, raw := range lines {
		l := span(raw)
		t := l.trim()
		if c, n, ok := gdbRow(t); ok {
			if n == 0 || len(groups) == 0 {
				if len(groups) == maxExceptions {
					break
				}
				groups = append(groups, sanGroup{title: title})
			}
			g := &groups[len(groups)-1]
			g.rows = append(g.rows, c)
			continue
		}
		switch gdbTitle(t) {
		case gdbSignal:
			if reason := lldbReason(t); len(reason) > 0 {
				title, _, _ = strings.Cut(string(lldbStar(t)), ", stop reason")
				typ, value = lldbName(string(reason)), string(reason)
				continue
			}
			typ, value, crashed = gdbSignalName(string(t)), string(t), gdbStopped(t)
		case gdbDumped:
			typ, value = "core dumped", string(t)
		case gdbThread:
			title = strings.TrimPrefix(strings.TrimSuffix(string(t), ":"), "Stack trace of ")
		default:
			gdbGoesOn(groups, t)
		}
	}
	if typ == "" && len(groups) == 0 {
		return Trace{}, false
	}
	if groups = lldbOnce(groups); typ == "" {
		typ, value = gdbCrash(groups)
	}
	t := Trace{Platform: "native", Died: typ != ""}
	if typ == "" { // threads that somebody looked at
		gdbThreads(&t, groups)
		return t, true
	}
	var rows []nativeCall
	if len(groups) > 0 {
		rows, groups = groups[0].rows, groups[1:]
	}
	nativeCrash(&t, typ, value, rows)
	t.Exceptions[0].Mechanism.Synthetic = true
	if crashed.ID != "" {
		t.Exceptions[0].ThreadID = crashed.ID
		t.Threads = append(t.Threads, crashed)
	}
	gdbThreads(&t, groups)
	pyInApp(&t)
	return t, true
}

// gdbStopped is the thread of `Thread 2 "pay" received signal SIGSEGV, Segmentation fault.`; its stack is the exception's.
func gdbStopped(t span) (th event.Thread) {
	rest, ok := bytes.CutPrefix(t, []byte("Thread "))
	if n, after, is := nativeNumber(rest); ok && is {
		th = event.Thread{ID: strconv.Itoa(n), Crashed: true, Current: true}
		if name, _, quoted := bytes.Cut(bytes.TrimPrefix(after, []byte(` "`)), []byte(`" received signal`)); quoted {
			th.Name = string(name)
		}
	}
	return th
}

// gdbCrash tells by the functions of a stack whether it is that of a crash, and
// makes it the first.
func gdbCrash(groups []sanGroup) (typ, value string) {
	for i, g := range groups {
		for _, c := range g.rows {
			switch fn := string(c.fn); fn {
			case "<signal handler called>":
				typ = "signal"
			case "abort", "__GI_abort":
				typ = "SIGABRT"
			default:
				continue
			}
			groups[0], groups[i] = groups[i], groups[0]
			return typ, g.title
		}
	}
	return "", ""
}

// gdbGoesOn takes the end of a frame that was too long for one line.
func gdbGoesOn(groups []sanGroup, t span) {
	if len(groups) == 0 {
		return
	}
	rows := groups[len(groups)-1].rows
	c := &rows[len(rows)-1]
	if i := bytes.LastIndex(t, []byte("at ")); i >= 0 && c.line == 0 {
		if file, line, col, ok := nativePlace(t[i+3:]); ok {
			c.file, c.line, c.col = file, line, col
		}
	}
}

func gdbThreads(t *Trace, groups []sanGroup) {
	for i, g := range groups {
		id := g.title
		if id == "" {
			id = strconv.Itoa(i + 1)
		}
		t.Threads = append(t.Threads, event.Thread{ID: id, Name: g.title, Stacktrace: nativeStack(t, g.rows)})
	}
}

// gdbSignalName is SIGSEGV in "Program received signal SIGSEGV, Segmentation fault."
func gdbSignalName(s string) string {
	if _, name, ok := strings.Cut(s, " killed by "); ok {
		name, _, _ = strings.Cut(name, " ")
		return name
	}
	_, name, _ := strings.Cut(s, " signal ")
	name, _, _ = strings.Cut(name, ",")
	return strings.TrimSuffix(name, ".")
}

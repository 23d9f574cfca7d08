package trace

import "bytes"

// The states.
const (
	// androidSignal: what libc writes before the dump of a native crash; next androidTomb.
	//
	//	Fatal signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0 in tid 1250 (RenderThread), pid 1234 (com.acme.pay)
	androidSignal State = iota + 1

	// androidTomb: a tombstone; next androidTomb.
	//
	//	*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***
	//	pid: 1234, tid: 1250, name: RenderThread  >>> com.acme.pay <<<
	androidTomb

	// androidStars: the first line of a tombstone, which others print too; next androidTomb.
	androidStars

	// androidCrash: what stands above the trace of an exception that nobody caught; next androidCrash, androidJava.
	//
	//	FATAL EXCEPTION: main
	//	Process: com.acme.pay, PID: 1234
	androidCrash

	// androidAnr: the report of an application that does not respond; next androidAnr.
	//
	//	ANR in com.acme.pay (com.acme.pay/.MainActivity)
	//	Reason: Input dispatching timed out
	androidAnr

	// androidJava stands above the state of the JVM's grammar within a crash.
	androidJava State = 1 << 8
)

// Android is what the system writes to logcat when a process dies: the exception
// of a thread, the tombstone of native code, an application that hangs. Logcat
// prints time, process and tag in front of every line.
func Android() Language {
	return Language{
		Name:  "android",
		Title: "Android's crashes, tombstones and ANRs",
		Hints: []string{"FATAL EXCEPTION", "*** FATAL EXCEPTION", "*** *** *** ***", "Fatal signal ", "Build fingerprint: '", "ANR in "},
		Step:  androidStep,
		Read:  androidRead,
	}
}

func androidStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	if s >= androidJava {
		st, v := javaStep(s&^androidJava, line)
		if v == No {
			return Outside, No
		}
		return st | androidJava, v
	}
	t := l.trim()
	switch s {
	case Outside:
		if st := androidOpen(t); st != Outside {
			return st, Hold
		}
	case androidSignal:
		switch {
		case androidDumping(t):
			return androidSignal, Hold
		case androidIsStars(t):
			return androidStars, Hold
		case androidTombLine(l, t):
			return androidTomb, Take
		}
	case androidStars, androidTomb:
		switch {
		case androidTombLine(l, t):
			return androidTomb, Take
		case len(t) == 0 && s == androidTomb:
			return androidTomb, Hold
		}
	case androidCrash:
		return androidInCrash(l, t)
	case androidAnr:
		switch {
		case androidAnrLine(t):
			return androidAnr, Take
		case len(t) == 0:
			return androidAnr, Hold
		}
	}
	return Outside, No
}

// androidOpen is the state behind an opening line; Outside if it is none.
func androidOpen(t span) State {
	switch {
	case len(androidThread(t)) > 0:
		return androidCrash
	case t.has("Fatal signal ") && bytes.Contains(t, []byte(" (SIG")):
		return androidSignal
	case t.has("ANR in ") && len(t) > len("ANR in ") && bytes.IndexByte(t, '.') > 0:
		return androidAnr
	case androidIsStars(t), t.has("Build fingerprint: '"):
		return androidStars
	}
	return Outside
}

// androidThread is the name of the thread in the first line of a crash.
func androidThread(t span) span {
	t = bytes.TrimPrefix(t, []byte("*** "))
	for _, p := range [...]string{"FATAL EXCEPTION: ", "FATAL EXCEPTION IN SYSTEM PROCESS: "} {
		if t.has(p) {
			return t[len(p):]
		}
	}
	return nil
}

// androidInCrash reads the lines between the first one and the frames.
func androidInCrash(l, t span) (State, Verdict) {
	switch {
	case len(t) == 0:
		return androidCrash, Hold
	case androidProcess(t):
		return androidCrash, Take
	}
	if h := javaHeader(l, false); h.link == javaRoot && h.grade > 0 && len(h.lead) == 0 {
		if h.grade == javaSure {
			return javaHead | androidJava, Take
		}
		return javaHead | androidJava, Hold
	}
	if _, g := javaFrame(l); g == javaSure {
		return javaStack | androidJava, Take
	}
	return Outside, No
}

// androidProcess knows the lines that say which process died.
func androidProcess(t span) bool {
	for _, p := range [...]string{"Process: ", "PID: ", "Flags: 0x", "Package: ", "Foreground: ", "Build: ", "Process-Runtime: ", "Lifetime: "} {
		if t.has(p) {
			return true
		}
	}
	return false
}

// androidIsStars knows the first line of a tombstone.
func androidIsStars(t span) bool {
	if !t.has("*** *** *** *** *** *** *** ***") {
		return false
	}
	for _, b := range t {
		if b != '*' && b != ' ' {
			return false
		}
	}
	return true
}

// androidDumping knows what crash_dump says between the signal and the dump.
func androidDumping(t span) bool {
	for _, p := range [...]string{"obtaining ", "handling request: ", "performing dump of ", "received request", "received crash request ", "crash_dump ", "debuggerd: handling"} {
		if t.has(p) {
			return true
		}
	}
	return false
}

// androidKeys begin the lines of a tombstone above its registers, and the titles of what stands below the frames.
var androidKeys = [...]string{
	"Build fingerprint: ", "Revision: ", "ABI: ", "Timestamp: ", "Process uptime: ", "Cmdline: ", "Cmd line: ", "pid: ", "uid: ", "tagged_addr_ctrl: ", "pac_enabled_keys: ",
	"signal ", "Cause: ", "Abort message: ", "backtrace:", "NOTE: ", "Note: ", "stack:", "memory near ", "memory map", "code around ", "open files:", "fd ", "esr: ", "Kernel Release: ",
	"--- --- ---", "--->", "fault addr ", "allocated by thread ", "deallocated by thread ", "Page size: ", "Executable: ", "LOG INFO: ", "Failed to dump", "Extra crash detail: ", "r0 ", "rax ", "eax ", "x0 ", "zero ",
}

// androidTombLine tells whether a line belongs to a tombstone.
func androidTombLine(l, t span) bool {
	if len(t) == 0 {
		return false
	}
	if _, ok := androidRow(t); ok {
		return true
	}
	for _, k := range androidKeys {
		if t.has(k) {
			return true
		}
	}
	return t.ends(" total frames") || androidIsStars(t) || l.indent() > 0 && androidHexRow(t)
}

// androidHexRow knows the rows of registers, of memory and of the map.
//
//	x4  0000000000000000  x5  0000000000000000
//	0000007f8c2a1000 0000000000000000 0000000000000000  ................
//	#00  0000007fdd8f4a00  0000007f8c2a1000  /system/lib64/libc.so
//	00000071'5b0f2000-00000071'5b0f2fff rw-         0      1000  [anon:.bss]
func androidHexRow(t span) bool {
	for tries := 0; tries < 2; tries++ {
		n := 0
		for n < len(t) && (nativeDigit(t[n]) || t[n] == '\'') {
			n++
		}
		if n >= 8 && (n == len(t) || t[n] == ' ' || t[n] == '-') {
			return true
		}
		at := bytes.IndexByte(t, ' ')
		if at < 1 || at > 6 {
			return false
		}
		t = t[at:].left()
	}
	return false
}

// androidCall is one row of a native backtrace.
type androidCall struct {
	pc, fn, mod span
}

// androidRow reads "#00 pc 000000000002d4c8  /system/lib64/libc.so (offset 0x1000) (abort+180) (BuildId: ab12)".
func androidRow(t span) (c androidCall, ok bool) {
	if len(t) < 6 || t[0] != '#' || !isDigit(t[1]) {
		return c, false
	}
	i := 1
	for i < len(t) && isDigit(t[i]) {
		i++
	}
	rest := t[i:].left()
	if !rest.has("pc ") {
		return c, false
	}
	rest = rest[len("pc "):].left()
	n := 0
	for n < len(rest) && nativeDigit(rest[n]) {
		n++
	}
	if n < 4 {
		return c, false
	}
	c.pc, rest = rest[:n], rest[n:].trim()
	for rest.ends(")") {
		at := androidGroup(rest)
		if at < 0 {
			break
		}
		in := rest[at+1 : len(rest)-1]
		switch {
		case in.has("BuildId: "), in.has("offset 0x"), in.has("deleted"), in.has("load bias "):
		default:
			c.fn = androidOffset(in)
		}
		rest = rest[:at].right()
	}
	c.mod = rest
	return c, true
}

// androidGroup is where the parenthesis opens that t ends with, a blank before it; -1 if there is none.
func androidGroup(t span) int {
	depth := 0
	for i := len(t) - 1; i >= 0; i-- {
		switch t[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				if i > 0 && t[i-1] == ' ' {
					return i
				}
				return -1
			}
		}
	}
	return -1
}

// androidOffset takes "+180" off the end of a function.
func androidOffset(t span) span {
	if at := bytes.LastIndexByte(t, '+'); at > 0 {
		if _, ok := t[at+1:].number(); ok {
			return t[:at]
		}
	}
	return t
}

// androidAnrLine knows the lines below "ANR in".
func androidAnrLine(t span) bool {
	for _, p := range [...]string{
		"PID: ", "Reason: ", "Parent: ", "ErrorId: ", "Frozen: ", "Load: ", "CPU usage from ", "----- ", "some avg", "full avg", "Activity: ",
		"Android time :", "Subject: ", "Uptime: ", "Package: ", "Foreground: ", "Process-Runtime: ", "Flags: 0x",
	} {
		if t.has(p) {
			return true
		}
	}
	t = bytes.TrimPrefix(t, []byte("+")) // "  12% 1234/com.acme.pay: 9% user + 3% kernel", "12% TOTAL: 9% user"
	n := 0
	for n < len(t) && (isDigit(t[n]) || t[n] == '.') {
		n++
	}
	return n > 0 && n < len(t) && t[n] == '%'
}

package trace

import "bytes"

// The states.
const (
	// swiftHead: "pay/pay.swift:13: Fatal error: Index out of range", whose text may go on; next swiftStack, swiftCrash.
	swiftHead State = iota + 1

	// swiftStack: "Current stack trace:", "4    pay    0x00005586ea8648a1 <unavailable> + 14497"; next swiftStack.
	swiftStack

	// swiftCrash: "*** Program crashed: Illegal instruction at 0x00007f64df6e4acf ***", and all up to "Backtrace took 0.00s"; next swiftCrash.
	swiftCrash

	// swiftReport: "Thread 0 Crashed:: Dispatch queue: com.apple.main-thread", the rows and what an Apple crash report has below; next swiftReport.
	swiftReport
)

// Swift is the grammar of Swift's runtime errors, with the stack that it prints on
// Linux, the report of swift-backtrace (5.9 and later) and the threads of Apple's crash reports.
func Swift() Language {
	return Language{
		Name:  "swift",
		Title: "Swift",
		Hints: []string{"Fatal error: ", "fatal error: ", "Precondition failed: ", "Assertion failed: ", "Could not cast value of type '", "*** Signal ",
			"*** Program crashed: ", "💣 Program crashed: ", "Current stack trace:", "Thread ", swiftTerminating, "*** First throw call stack:"},
		RowHints: sourceRowHints,
		Marks:    []string{": Fatal error", ": Precondition failed", ": Assertion failed"},
		Step:     swiftStep, Back: swiftBack, Read: swiftRead,
	}
}

// swiftTerminating begins what Objective-C prints of an exception that nobody caught.
const swiftTerminating = "*** Terminating app due to uncaught exception '"

// swiftPrefix is how much of a line may be the system log's own and this text.
const swiftPrefix = 200

func swiftStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	if s == Outside {
		return swiftOpen(l)
	}
	if s == swiftHead || s == swiftStack {
		switch {
		case swiftCrashed(t), t.has("*** Signal "):
			return swiftCrash, Take
		case swiftSays(l).kind != nil:
			return Outside, No // the next one
		}
	}
	switch s {
	case swiftHead:
		switch {
		case swiftTitle(t):
			return swiftStack, Take
		case swiftOldRow(t, nil):
			return swiftStack, Take
		}
		return s, Text
	case swiftStack:
		switch {
		case swiftOldRow(t, nil), string(t) == "(", string(t) == ")":
			return s, Take
		case t.has("libc++abi") && bytes.Contains(t, []byte("NSException")):
			return s, Last
		case len(t) == 0:
			return s, Hold
		}
	case swiftCrash:
		return swiftStepCrash(t)
	case swiftReport:
		switch {
		case len(t) == 0:
			return s, Hold
		case swiftOldRow(t, nil), t.has("Thread "), t.has("0x"), string(t) == "Binary Images:", bytes.Contains(t, []byte(": 0x")):
			return s, Take
		}
	}
	return Outside, No
}

func swiftOpen(l span) (State, Verdict) {
	switch h := swiftSays(l); {
	case l.indent() > 0:
	case h.kind != nil:
		return swiftHead, Take
	case swiftCrashed(l), l.has("*** Signal ") && bytes.Contains(l, []byte(": Backtracing from 0x")):
		return swiftCrash, Take
	case swiftTitle(l.right()):
		return swiftStack, Hold
	case swiftThread(l, "Crashed:"):
		return swiftReport, Hold
	case swiftThread(l, ": EXC_"):
		return swiftHead, Last
	}
	return Outside, No
}

func swiftStepCrash(t span) (State, Verdict) {
	switch {
	case t.has("Backtrace took "):
		return swiftCrash, Last
	case len(t) == 0:
		return swiftCrash, Text
	case swiftThread(t, "crashed:"), swiftThread(t, ":"), swiftCrashed(t), swiftRow(t, nil), t.has("at "), t.has("0x"), t.has("Platform: "),
		t.has("Registers:"), t.has("Images"), t.has("*** "), t.has("💣 "), string(t) == "...", bytes.Contains(t, []byte(" 0x")), swiftSource(t) >= 0:
		return swiftCrash, Take
	}
	return swiftCrash, Text
}

// swiftHeader is what a line says of the program's end; the slices are parts of the line.
type swiftHeader struct {
	kind, text, file span
	line             int
}

var swiftKinds = [...]string{"Fatal error", "Precondition failed", "Assertion failed", "fatal error", "precondition failed", "assertion failed"}

// swiftSays reads "pay/pay.swift:13: Fatal error: Index out of range", "Fatal error: x: file pay.swift, line 3"
// of Swift up to 5.3, and "Could not cast value of type 'A' (0x1) to 'B' (0x2)."; kind is nil for no such line.
func swiftSays(l span) (h swiftHeader) {
	l = l.right()
	if l.has("Could not cast value of type '") && l.ends(").") {
		return swiftHeader{kind: l[:len("Could not cast value")], text: l}
	}
	if at := bytes.Index(l[:min(len(l), swiftPrefix)], []byte(swiftTerminating)); at >= 0 {
		name, reason, _ := bytes.Cut(l[at+len(swiftTerminating):], []byte("', reason: "))
		return swiftHeader{kind: bytes.TrimSuffix(name, []byte("'")), text: span(bytes.Trim(reason, "'"))}
	}
	if swiftThread(l, ": ") { // as Xcode's console prints it
		l = l[bytes.IndexByte(l, ':')+2:]
	}
	for _, k := range swiftKinds {
		if l.has(k) {
			return swiftOld(l, len(k))
		}
	}
	at := bytes.Index(l, []byte(".swift:"))
	if at < 1 {
		return h
	}
	n, rest, ok := nativeNumber(l[at+len(".swift:"):])
	if !ok || !rest.has(": ") {
		return h
	}
	rest = rest[2:]
	for _, k := range swiftKinds[:3] {
		if !rest.has(k) {
			continue
		}
		if len(rest) > len(k) && !rest[len(k):].has(": ") {
			return h
		}
		return swiftHeader{kind: rest[:len(k)], text: rest[min(len(rest), len(k)+2):], file: l[:at+len(".swift")], line: n}
	}
	return h
}

// swiftOld reads a line in which the place stands at the end.
func swiftOld(l span, n int) (h swiftHeader) {
	if !l[n:].has(": ") {
		return h
	}
	at := bytes.LastIndex(l, []byte(": file "))
	comma := bytes.LastIndex(l, []byte(", line "))
	if at < 0 || comma < at+len(": file ") {
		return h
	}
	num, ok := l[comma+len(", line "):].number()
	if !ok {
		return h
	}
	return swiftHeader{kind: l[:n], text: l[min(n+2, at):at], file: l[at+len(": file ") : comma], line: num}
}

// swiftTitle tells whether t announces the rows of a stack.
func swiftTitle(t span) bool {
	return string(t) == "Current stack trace:" || string(t) == "*** First throw call stack:"
}

// swiftCrashed tells whether the crash reporter begins here.
func swiftCrashed(t span) bool {
	return t.has("*** Program crashed: ") || t.has("💣 Program crashed: ")
}

// swiftThread reads "Thread 0" [` "name"`] [" crashed"] and tells whether it goes on with how.
func swiftThread(t span, how string) bool {
	if !t.has("Thread ") {
		return false
	}
	_, rest, ok := nativeNumber(t[len("Thread "):])
	if !ok {
		return false
	}
	if rest.has(` "`) {
		end := bytes.LastIndexByte(rest, '"')
		rest = rest[max(2, end+1):]
	}
	if how == ":" {
		return string(rest) == ":" || rest.has(":: ") || rest.has(" name:")
	}
	return rest.left().has(how)
}

// swiftBack finds the header above a stack that a longer message parted from it, or
// the head of an Apple crash report.
func swiftBack(before Window, opening []byte) int {
	o, n := span(opening), before.Len()
	report := swiftThread(o, "Crashed:")
	if !report && !swiftTitle(o.right()) {
		return 0
	}
	most := 0
	for i := n - 1; i >= max(0, n-lookBackReport); i-- {
		l := span(before.Line(i))
		switch {
		case !report && (swiftSays(l).kind != nil || before.Record(i)):
			return n - i
		case report && (l.has("Incident Identifier:") || l.has("Process: ")):
			return n - i
		case report && l.has("Exception Type:"):
			most = n - i
		case before.Record(i):
			return most
		}
	}
	return most
}

// lookBackReport is how far above the crashed thread the head of a report may stand.
const lookBackReport = 60

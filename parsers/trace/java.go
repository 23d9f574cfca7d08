package trace

import "bytes"

// The states of a JVM trace.
const (
	// javaHead: a header was read, its message may go on, no frame yet.
	//
	//	Exception in thread "main" java.sql.SQLException: deadlock detected
	//	Caused by: com.acme.Declined: wallet w-2
	//
	// from: Outside, javaStack, javaGap; to: javaStack, javaHead
	javaHead State = iota + 1

	// javaStack: among the frames.
	//
	//	\tat com.acme.Ledger.debit(Ledger.java:23) ~[app.jar:1.2]
	//	\t... 12 more
	//
	// from: Outside, javaHead, javaGap; to: javaStack, javaHead, javaGap
	javaStack

	// javaGap: a blank line behind frames, as some transports and the JUL
	// handlers print one; the trace goes on only if the grammar does.
	//
	// from: javaStack; to: javaStack, javaHead
	javaGap

	// javaDump: a thread dump, which is a state and not an error.
	//
	//	Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode, sharing):
	//
	// from: Outside; to: javaDump
	javaDump

	// javaFatal: the box of number signs that a dying JVM prints.
	//
	//	# A fatal error has been detected by the Java Runtime Environment:
	//
	// from: Outside; to: javaFatal
	javaFatal

	// javaClojure: the three-part report of clojure.main.
	//
	//	Execution error (ArithmeticException) at user/f (REPL:1).
	//
	// from: Outside; to: javaClojure, javaClojureGap, javaReport
	javaClojure

	// javaClojureGap: the blank line in front of "Full report at:".
	//
	// from: javaClojure; to: javaReport
	javaClojureGap

	// javaReport: "Full report at:" was read, the path follows.
	//
	// from: javaClojure, javaClojureGap; to: none
	javaReport
)

// Java is the grammar of everything that runs on the JVM: java.lang.Throwable's
// own print, the renderings of logback and log4j 2 (packaging data, root cause
// first), and what a JVM prints when it dies.
func Java() Language {
	return Language{
		Name:  "java",
		Title: "Java, Kotlin, Scala, Groovy, Clojure",
		Hints: []string{
			"at ", `Exception in thread "`, "Exception: ", "Terminating due to ",
			"Full thread dump ", "# A fatal error ", "# There is insufficient memory ", "# java.lang.OutOfMemoryError",
			"... suppressed ", "Execution error ", "Syntax error ", "Unexpected error ", "Error: ",
		},
		Step: javaStep,
		Back: javaBack,
		Read: javaRead,
		Bare: true,
	}
}

func javaStep(s State, line []byte) (State, Verdict) {
	switch s {
	case Outside:
		return javaOpen(line)
	case javaHead, javaStack, javaGap:
		return javaInside(s, line)
	case javaDump:
		return javaDumpStep(line)
	case javaFatal:
		if len(line) > 0 && line[0] == '#' {
			return javaFatal, Take
		}
		return Outside, No
	case javaClojure, javaClojureGap:
		return javaClojureStep(s, line)
	case javaReport:
		return Outside, Last
	}
	return Outside, No
}

// javaOpen judges an opening line. Only lines that prove a trace open one: a
// lone header proves nothing (loggers print e.toString() all day), so the first
// frame opens the trace and javaBack finds the header.
func javaOpen(line span) (State, Verdict) {
	t := line.left()
	if len(t) < 8 {
		return Outside, No
	}
	switch t[0] {
	case 'a':
		if c, g := javaFrame(t); g == javaSure && !c.dump {
			return javaStack, Take
		}
	case '.':
		if _, _, ok := javaElision(t); ok && t.has("... suppressed ") { // log4j's filters can leave no frame
			return javaStack, Take
		}
	case 'E':
		return javaOpenError(line, t)
	case 'T':
		if t.has("Terminating due to java.lang.OutOfMemoryError") {
			return Outside, Last
		}
	case 'F':
		if t.has("Full thread dump ") {
			return javaDump, Take
		}
	case 'S', 'U':
		if _, ok := javaClojureHead(t); ok {
			return javaClojure, Take
		}
	case '#':
		if javaFatalHead(t) {
			return javaFatal, Take
		}
	}
	return Outside, No
}

func javaOpenError(line, t span) (State, Verdict) {
	switch {
	case t.has(`Exception in thread "`):
		if h := javaHeader(line, false); h.grade > 0 {
			return javaAfter(h), Take
		}
	case t.has("Exception: "):
		if bytes.Contains(t, []byte(javaHandlerFailed)) {
			return Outside, Last
		}
	case javaLauncher(t):
		return javaHead, Take
	default:
		if _, ok := javaClojureHead(t); ok {
			return javaClojure, Take
		}
	}
	return Outside, No
}

// javaInside is the Step of the three states of an ordinary trace.
func javaInside(s State, line span) (State, Verdict) {
	switch kind := javaKind(line); kind {
	case javaIsFrame, javaIsElision, javaIsNote:
		return javaStack, Take
	case javaIsLink:
		return javaAfter(javaHeader(line, false)), Take
	case javaIsThread:
		return Outside, No
	case javaIsBlank:
		if s == javaStack {
			return javaGap, Hold
		}
		if s == javaHead {
			return javaHead, Text
		}
	case javaIsProse:
		if s == javaStack {
			return javaHead, Take
		}
		fallthrough
	case javaIsText:
		if s == javaHead {
			return javaHead, Text
		}
	}
	return Outside, No
}

// javaAfter is the state behind a header. The JVM's own errors have messages of
// one line and often no frame; what follows such a header is not its message.
func javaAfter(h javaTitle) State {
	if t := h.typ; t.has("java.lang.") && (t.ends(".OutOfMemoryError") || t.ends(".StackOverflowError")) {
		return javaStack
	}
	return javaHead
}

// javaBack finds the header above the first frame. The lines between the two
// are the message, which may be anything; so the nearest line that looks
// like a header in every respect is preferred to a nearer one that merely could
// be one ("Detail: process 12 waits for 13").
func javaBack(before Window, opening []byte) int {
	n := before.Len()
	t := span(opening).left()
	if len(t) > 0 && t[0] == '#' {
		if n > 0 && string(span(before.Line(n-1)).right()) == "#" {
			return 1
		}
		return 0
	}
	if kind := javaKind(opening); kind != javaIsFrame && kind != javaIsElision {
		return 0
	}
	at := javaTop(before, opening)
	if at < 0 {
		return 0
	}
	if at > 0 && !before.Record(at) && span(before.Line(at-1)).has("Caught: ") {
		at--
	}
	return n - at
}

// javaTop is the index of the header line for a trace whose first frame is opening; -1 if there is none.
func javaTop(before Window, opening span) int {
	best, grade := -1, 0
	for i := before.Len() - 1; i >= 0; i-- {
		line := span(before.Line(i))
		if javaDumpMark(line) {
			return i
		}
		h := javaHeader(line, before.Record(i))
		switch {
		case h.grade == 0 || h.link != javaRoot && len(h.typ) == 0:
		case h.link != javaRoot:
			best, grade = i, javaSure // part of a chain: its beginning is further up
		case h.grade == javaSure && javaUnder(line, opening, before.Record(i)) && !javaNested(before, i):
			return i
		case h.grade > grade || h.grade == javaSure:
			best, grade = i, h.grade
		}
		if before.Record(i) {
			break
		}
		if _, g := javaFrame(line); g == javaSure {
			break
		}
	}
	return best
}

// javaUnder tells whether the first frame is indented from the header as a
// Throwable prints it. A header within a message is usually not.
func javaUnder(header, frame span, record bool) bool {
	ind, deep := header.indent(), frame.indent()
	return record || ind == 0 || deep == 0 || deep > ind && bytes.HasPrefix(frame, header[:ind])
}

// javaNested tells whether line i is the inner half of a message in the style
// of javax.mail: "  nested exception is:" on a line of its own before it.
func javaNested(before Window, i int) bool {
	return i > 0 && string(span(before.Line(i-1)).trim()) == "nested exception is:"
}

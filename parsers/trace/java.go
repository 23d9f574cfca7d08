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

	// javaEdn: an exception that Clojure printed as data, over many lines.
	//
	//	#error {
	//
	// from: Outside; to: javaEdn
	javaEdn
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
			javaEdnOpens,
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
	case javaEdn:
		return javaEdnStep(line)
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
		if c, g := javaFrame(line); g == javaSure && !c.dump {
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
		if t.has(javaEdnOpens) {
			return javaEdn, Take
		}
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
	case t.has("Error: Unable to access jarfile "):
		return Outside, Last
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
	if t.has(javaEdnOpens) {
		return 0
	}
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
		return n - javaUnnamed(before)
	}
	if !before.Record(at) {
		at = javaAside(before, at)
	}
	return n - at
}

// javaAside is where the trace begins whose header is line at: Groovy says the
// whole message twice, the first time behind "Caught: "; where logback prints the
// root cause first, the end of a circle has a line of its own.
func javaAside(before Window, at int) int {
	header := span(before.Line(at)).right()
	for i := at - 1; i >= 0 && i >= at-javaUnnamedLines && !before.Record(i); i-- {
		line := span(before.Line(i))
		if i == at-1 && line.has("[CIRCULAR REFERENCE:") || javaCaught(line, header) {
			return i
		}
	}
	return at
}

// javaCaught tells whether line is the first print of header by Groovy's main.
func javaCaught(line, header span) bool {
	return line.has("Caught: ") && bytes.Equal(line[len("Caught: "):].right(), header)
}

// javaUnnamed is where the text of an exception begins whose toString is its own
// ("I am odd"): right below the log record. Without a record it could be anything.
func javaUnnamed(before Window) int {
	n := before.Len()
	if n < 2 || !before.Record(0) || n > javaUnnamedLines || len(span(before.Line(n-1)).left()) == 0 {
		return n
	}
	at := 1
	for len(span(before.Line(at)).left()) == 0 {
		at++
	}
	return at
}

// javaUnnamedLines is how many lines the text of an exception may have that is
// looked for behind its back.
const javaUnnamedLines = 12

// javaTop is the index of the header line for a trace whose first frame is opening; -1 if there is none.
func javaTop(before Window, opening span) int {
	best, grade, inline, title := -1, 0, false, -1
	for i := before.Len() - 1; i >= 0; i-- {
		line := span(before.Line(i))
		if javaDumpMark(line) {
			return i
		}
		if i == before.Len()-1 && !before.Record(i) && string(line.trim()) == javaStackTitle+":" {
			title = i
			continue
		}
		h := javaHeader(line, before.Record(i) || i == before.Len()-1)
		switch {
		case h.grade == 0 || h.link != javaRoot && len(h.typ) == 0:
		case h.link != javaRoot:
			best, grade, inline = i, javaSure, false // part of a chain: its beginning is further up
		case h.grade == javaSure && javaUnder(line, opening, before.Record(i)) && !javaNested(before, i):
			return i
		case h.grade > grade || h.grade == javaSure || inline && before.Record(i):
			best, grade, inline = i, h.grade, len(h.lead) > 0 || javaNested(before, i)
		}
		if before.Record(i) {
			break
		}
		if _, g := javaFrame(line); g == javaSure {
			break
		}
	}
	if grade <= javaWeak && title >= 0 {
		return title // a stack in a report, said once more
	}
	return best
}

// javaUnder tells whether the first frame is indented from the header as a
// Throwable prints it. A header within a message is usually not.
func javaUnder(header, frame span, record bool) bool {
	ind, deep := header.indent(), frame.indent()
	return record || ind == 0 || deep == 0 || deep > ind && bytes.HasPrefix(frame, header[:ind])
}

// javaNested tells whether the header at line i stands within the message of
// another: javax.mail's and RMI's "nested exception is:" in front of it, or a
// header that ends in a colon ("remote said:").
func javaNested(before Window, i int) bool {
	if i == 0 || before.Record(i) {
		return false
	}
	above := span(before.Line(i - 1)).right()
	if !above.ends(":") {
		return false
	}
	rec := before.Record(i - 1)
	h := javaHeader(above, rec)
	return above.ends("nested exception is:") || h.grade == javaSure && !rec ||
		rec && h.grade > 0 && (javaNamedAsError(h.typ) || bytes.IndexByte(h.typ, '$') > 0)
}

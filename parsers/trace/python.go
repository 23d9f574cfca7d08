package trace

// Python is the grammar of CPython's tracebacks, 2.7 to 3.14: plain ones,
// chains, exception groups, syntax errors, the prefaces of threads, processes
// and asyncio, faulthandler's dumps, and the drawings of loguru, rich and IPython.
// The format is that of the standard library's traceback and faulthandler
// modules; PyPy, Cython and Jython print the same.
func Python() Language {
	return Language{Name: "python", Title: "Python", Hints: pyHints, Step: pyStep, Back: pyBack, Read: pyRead}
}

// The states, each with a line that leads to it. The low byte is the state;
// above it stand flags and, from bit 16 on, the indent of the traceback's
// header, since some loggers (tornado, twisted, rich) shift the whole of it.
const (
	// "Exception in thread worker-1:"; from Outside; next a header.
	pyPreface State = iota + 1
	// "Traceback (most recent call last):" and everything down to the final line; next pyMessage.
	pyFrames
	// "  File "<wrapped at column 80>", line 4, in"; the function stands on the next line; back to pyFrames.
	pyWrapped
	// "KeyError: 'k'" and the further lines of its message and notes; next pyLink, pyStack.
	pyMessage
	// "During handling of the above exception, another exception occurred:"; next any header.
	pyLink
	// "multiprocessing.pool.RemoteTraceback: "; next pyQuoted.
	pyRemote
	// `"""` and the other process's traceback, down to the next `"""`; next pyMessage.
	pyQuoted
	// "  | " margins of an exception group; next pyGroupEnd.
	pyGroup
	// the blank line below a group; next pyLink.
	pyGroupEnd
	// "Stack (most recent call last):", "Call stack:" and frames.
	pyStack
	// "Message: '%d %d'"; ends with "Arguments: (1,)".
	pyLogging
	// `  File "bad.py", line 1`, source and caret of a syntax error without a header; next pyMessage.
	pySyntax
	// `  File "a.py", line 1, in f` whose header is cut off or stands at the end of a message; next pyMessage.
	pyHeadless
	// "Fatal Python error: Segmentation fault", "Current thread 0x00007f (most recent call first):" and frames.
	pyFault
	// "╭──── Traceback (most recent call last) ────╮" down to "╰────╯"; next pyMessage.
	pyBox
	// a rule of dashes, maybe IPython's; next pyCells, or pyPreface for socketserver.
	pyRule
	// "KeyError        Traceback (most recent call last)", IPython's frames; next pyMessage.
	pyCells
)

const (
	pyKind  State = 0xff
	pyShift       = 16
	pyMost        = 0xff // the widest indent that is remembered

	pyFailed   State = 1 << 8  // logging itself failed: its call stack follows
	pyRuled    State = 1 << 9  // a rule of dashes closes the trace (socketserver)
	pyNotebook State = 1 << 10 // a rule of dashes opens the next trace (IPython)
	pyLone     State = 1 << 12 // a syntax error without a header: the next one has none either
	// A transport ate the indents, or a terminal's width wrapped the lines.
	pyLoose State = 1 << 11
	pyJVM   State = 1 << 13 // the message is what a Java process said, its stack included
)

var pyHints = []string{
	pyHeader, "+ Exception Group " + pyHeader,
	`File "`, "Stack (most recent call last):",
	"Exception in thread ", "Exception in callback ", "Exception in Tkinter callback", "Exception in threading.excepthook:", "Exception ignored ",
	"Exception occurred during processing of request", "Exception happened during processing of request",
	"Task exception was never retrieved", "Future exception was never retrieved",
	"Unhandled exception in ", "Unhandled Error", "Unhandled error in Deferred", "Error in ", "Original exception was:", "Internal Server Error: /",
	"--- Logging error ", "Process ",
	pyCause, pyContext,
	"concurrent.futures.process._RemoteTraceback", "multiprocessing.pool.RemoteTraceback", "billiard.einfo.",
	"joblib.externals.loky.process_executor._RemoteTraceback", "loky.process_executor._RemoteTraceback", "multiprocess.pool.RemoteTraceback",
	"Fatal Python error: ", "Windows fatal exception: ", "Current thread 0x", "Thread 0x", "Timeout (",
	"╭─", "+--", "----------------------------------------",
}

const (
	pyHeader  = "Traceback (most recent call last):"
	pyCause   = "The above exception was the direct cause"
	pyContext = "During handling of the above exception, another"
)

// pyStep is Language.Step.
func pyStep(s State, raw []byte) (State, Verdict) {
	line := span(raw)
	kind := s & pyKind
	if kind == Outside {
		return pyOpen(line)
	}
	rest, ok := pyOutdent(line, int(s>>pyShift))
	if !ok {
		return s, No
	}
	switch kind {
	case pyPreface:
		return pyStepPreface(s, rest)
	case pyFrames, pyWrapped, pyHeadless:
		return pyStepFrames(s, rest)
	case pyMessage:
		return pyStepMessage(s, rest)
	case pyLink:
		return pyStepLink(s, rest)
	case pyRemote, pyQuoted:
		return pyStepQuoted(s, rest)
	case pyGroup, pyGroupEnd:
		return pyStepGroup(s, rest)
	case pyStack, pyLogging:
		return pyStepStack(s, rest)
	case pySyntax:
		return pyStepSyntax(s, rest)
	case pyFault:
		return pyStepFault(s, rest)
	}
	return pyStepDrawn(s, rest)
}

// pyTo moves to another state and keeps flags and indent.
func pyTo(s, kind State) State { return s&^pyKind | kind }

// pyAt is a state whose header is indented by n bytes.
func pyAt(kind State, n int) State { return kind | State(min(n, pyMost))<<pyShift }

// pyDeeper is s with n more bytes of indent: a preface may stand further left than its traceback.
func pyDeeper(s State, n int) State {
	return s&(1<<pyShift-1) | State(min(int(s>>pyShift)+n, pyMost))<<pyShift
}

// pyOpen looks at a line outside of any trace.
func pyOpen(line span) (State, Verdict) {
	n := line.indent()
	t := line[n:]
	switch pyClass(t) {
	case pyIsHeader:
		return pyAt(pyFrames, n), Take
	case pyIsGroup:
		return pyAt(pyGroup, max(0, n-2)), Take
	case pyIsStack:
		return pyAt(pyStack, n), Take
	case pyIsPreface:
		return pyAt(pyPreface, n), Hold
	case pyIsFailure:
		return pyAt(pyPreface, n) | pyFailed, Hold
	case pyIsRequest:
		return pyAt(pyPreface, n) | pyRuled, Hold
	case pyIsLink:
		return pyAt(pyLink, n), Hold
	case pyIsRemote:
		return pyAt(pyRemote, n), Hold
	case pyIsBox:
		return pyAt(pyBox, n), Take
	case pyIsRule:
		return pyAt(pyRule, n), Hold
	case pyIsFault:
		return pyFault, Take
	case pyIsTimeout:
		return pyFault, Hold
	}
	switch f, ok := pyFrameLine(t); {
	case !ok:
		return Outside, No
	case f.function == nil:
		return pyAt(pySyntax, max(0, n-2)), Hold
	case n < 2:
		return pyAt(pyHeadless, 0) | pyLoose, Hold
	default:
		return pyAt(pyHeadless, n-2), Hold
	}
}

// pyBack claims what stands above an opening line: the end of a message, as in
// "request failed: Traceback (most recent call last):", above a frame, and an
// exception that was never raised above the phrase that links it to the next.
func pyBack(before Window, opening []byte) int {
	t := span(opening).left()
	n := before.Len()
	if n == 0 {
		return 0
	}
	if pyClass(t) == pyIsLink {
		return pyBackLink(before)
	}
	last := span(before.Line(n - 1))
	if _, ok := pyFrameLine(t); ok && pyHeaderAt(last) >= 0 {
		return 1
	}
	// AWS Lambda logs "[ERROR] KeyError: 'k'" above the traceback and ends it with the last frame.
	if end, ok := pyFinalLine(last); ok && before.Record(n-1) && pyTellsError(last[:end]) && pyClass(t) == pyIsHeader {
		return 1
	}
	return 0
}

// pyBackLink finds "ValueError: x" above a blank line and a linking phrase.
func pyBackLink(before Window) int {
	i := before.Len() - 1
	for i >= 0 && pyBlank(before.Line(i)) {
		i--
	}
	for first := max(0, i-pyLongest); i >= first; i-- {
		line := before.Line(i)
		if pyBlank(line) {
			return 0
		}
		if _, ok := pyFinalLine(line); ok {
			return before.Len() - i
		}
		if before.Record(i) {
			return 0
		}
	}
	return 0
}

// pyLongest is how many lines of message an exception without a traceback may have.
const pyLongest = 20

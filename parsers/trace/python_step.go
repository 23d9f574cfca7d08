package trace

// Every function here answers for one or two states; the line comes without
// the indent that the whole traceback has.

// pyStepPreface stands between a preface and the traceback's header. Nothing is
// taken before the header: "Process exited:" may be anybody's print.
func pyStepPreface(s State, t span) (State, Verdict) {
	n := t.indent()
	switch pyClass(t[n:]) {
	case pyIsHeader:
		return pyDeeper(pyTo(s, pyFrames), n), Take
	case pyIsGroup:
		return pyDeeper(pyTo(s, pyGroup), max(0, n-2)), Take
	case pyIsRemote:
		return pyDeeper(pyTo(s, pyRemote), n), Hold
	case pyIsBox:
		return pyDeeper(pyTo(s, pyBox), n), Take
	case pyIsBlank:
		return s, Hold
	case pyIsPreface, pyIsFailure, pyIsRequest, pyIsStack, pyIsFault:
		return s, No
	}
	// asyncio: "future: <Task ...>", "source_traceback: Object created at (most recent call last):" and its frames.
	if n >= 2 || pyKeyLine(t) {
		return s, Hold
	}
	return s, No
}

// pyStepFrames stands below a header, among frames, source lines and carets.
// Frames may come without source (exec, frozen modules) and source may have
// many lines (3.13), so each line is judged by itself and none is expected.
func pyStepFrames(s State, t span) (State, Verdict) {
	if s&pyKind == pyWrapped {
		return pyTo(s, pyFrames), Take
	}
	if hard, rest := pyHardBlanks(t); hard > 0 { // AWS Lambda's indent
		if _, ok := pyFrameLine(rest); ok || hard >= 4 {
			return pyTo(s, pyFrames), Take
		}
	}
	n := t.indent()
	proven := Take
	if s&pyKind == pyHeadless {
		proven = Hold
	}
	if n == len(t) { // loguru sets frames apart by blank lines
		return s, Hold
	}
	if f, ok := pyFrameLine(t[n:]); ok {
		if n < 2 && !f.marked { // a syslog daemon ate the indent
			s |= pyLoose
		}
		if f.cut { // rich wraps plain tracebacks at the width of the terminal
			return pyTo(s, pyWrapped) | pyLoose, proven
		}
		return s, proven
	}
	if pyRubyRow(t[n:]) {
		return s, No
	}
	if n >= 4 || n > 0 && t[0] == '\t' || n == 2 && t[n:].has("[Previous line repeated ") || t.has("--- <exception caught here> ---") {
		return s, proven
	}
	if n == 0 {
		// Without a header above, only a name that is plainly an exception's is a proof.
		switch end, ok := pyFinalLine(t); {
		case ok && pyRemoteType(t[:end]):
			return pyTo(s, pyRemote), Take
		case ok && (proven == Take || pyTellsError(t[:end])):
			return pyTo(s, pyMessage), Take
		}
	}
	if s&pyLoose != 0 && proven == Take {
		return s, Text
	}
	return s, No
}

// pyRubyRow tells a row of Ruby's "Traceback (most recent call last):", which
// begins as Python's does: "	4: from pay.rb:1:in `debit'".
func pyRubyRow(t span) bool {
	i := 0
	for i < len(t) && t[i] >= '0' && t[i] <= '9' {
		i++
	}
	return i > 0 && t[i:].has(": from ")
}

// pyStepMessage stands below "KeyError: 'k'". Anything may be a line of the
// message or a note, also a blank line and what looks like a frame; only a log
// record, a link, or a line that begins a trace of its own ends it.
func pyStepMessage(s State, t span) (State, Verdict) {
	n := t.indent()
	switch {
	case n == 1 && t.has(" [sentry] "), pyLambdaLine(t): // the SDK's own debug output; the platform's report
		return s, No
	case s&pyJVM != 0:
		return pyStepJVM(s, t)
	case pyOpensJVM(t):
		return s | pyJVM, Text
	}
	if s&pyLoose != 0 { // the "final line" was source
		if f, ok := pyFrameLine(t[n:]); ok {
			if f.cut {
				return pyTo(s, pyWrapped), Take
			}
			return pyTo(s, pyFrames), Take
		}
	}
	if n > 0 {
		if pyClass(t[n:]) == pyIsGroup || s&pyLone != 0 && pyPlaceOnly(t[n:]) {
			return s, No
		}
		return s, Text
	}
	switch pyClass(t) {
	case pyIsLink:
		return pyTo(s, pyLink), Take
	case pyIsStack:
		return pyTo(s, pyStack), Take
	case pyIsCallStack:
		if s&pyFailed != 0 {
			return pyTo(s, pyStack), Take
		}
	case pyIsRule:
		switch {
		case s&pyRuled != 0:
			return s, Last
		case s&pyNotebook != 0:
			return s, No
		}
	case pyIsTrailer:
		return s, Last
	case pyIsHeader, pyIsGroup, pyIsBox, pyIsPreface, pyIsFailure, pyIsRequest, pyIsRemote, pyIsFault:
		return s, No
	}
	if t.has("╭─") { // rich draws the members of a group
		return pyTo(s, pyBox), Take
	}
	return s, Text
}

// pyStepLink stands below a linking phrase.
func pyStepLink(s State, t span) (State, Verdict) {
	n := t.indent()
	switch pyClass(t[n:]) {
	case pyIsBlank:
		return s, Hold
	case pyIsHeader:
		return pyTo(s, pyFrames), Take
	case pyIsGroup:
		return pyTo(s, pyGroup), Take
	case pyIsBox:
		return pyTo(s, pyBox), Take
	}
	if n > 0 {
		return s, No
	}
	if pyCellsHeader(t) {
		return pyTo(s, pyCells) | pyNotebook, Take
	}
	if pyWrappedLink(t) {
		return s | pyLoose, Take
	}
	// An exception that was never raised has no traceback, only its final line.
	if end, ok := pyFinalLine(t); ok {
		if pyRemoteType(t[:end]) {
			return pyTo(s, pyRemote), Take
		}
		return pyTo(s, pyMessage), Take
	}
	return s, No
}

// pyWrappedLink tells the second line of a linking phrase, which rich folds at
// the width of its terminal or of the logger's column.
func pyWrappedLink(t span) bool {
	t = t.right()
	return len(t) > 0 && (pyCauseWhole.ends(t) || pyContextWhole.ends(t))
}

var (
	pyCauseWhole   = pyPhrase(pyCause + " of the following exception:")
	pyContextWhole = pyPhrase(pyContext + " exception occurred:")
)

// pyPhrase is a text that may be folded between its words.
type pyPhrase string

// ends tells whether t is the last words of p.
func (p pyPhrase) ends(t span) bool {
	at := len(p) - len(t)
	return at > 0 && p[at-1] == ' ' && string(t) == string(p[at:])
}

// pyStepQuoted stands in a traceback that another process wrote, which travels
// as the message of an exception, between lines of three quotes.
func pyStepQuoted(s State, t span) (State, Verdict) {
	quotes := t.has(`"""`) || t.has(`'''`)
	if s&pyKind == pyRemote {
		if quotes {
			return pyTo(s, pyQuoted), Hold
		}
		return s, No
	}
	if quotes {
		return pyTo(s, pyMessage), Take
	}
	// Take where the line is plain: a header or a link would else begin a trace of its own.
	n := t.indent()
	switch pyClass(t[n:]) {
	case pyIsHeader, pyIsGroup, pyIsLink, pyIsRemote:
		return s, Take
	}
	if _, ok := pyFrameLine(t[n:]); ok {
		return s, Take
	}
	return s, Text
}

// pyStepGroup stands among the margins of an exception group. Below the ruler
// that closes a group nothing may come without a margin.
func pyStepGroup(s State, t span) (State, Verdict) {
	n := t.indent()
	switch {
	case n == len(t):
		return pyTo(s, pyGroupEnd), Hold
	case pyClass(t[n:]) == pyIsGroup: // the next one
		return s, No
	case t[n] == '|':
		return pyTo(s, pyGroup), Take
	case t[n] == '+' && pyRuler(n, t[n:]).mark == pyEnd:
		return pyTo(s, pyGroupEnd), Take
	case t[n] == '+':
		return pyTo(s, pyGroup), Take
	case t.has(pyCause), t.has(pyContext):
		return pyTo(s, pyLink), Take
	case s&pyKind == pyGroup: // 3.11 and 3.12 give the second line of a message no margin
		return s, Text
	}
	return s, No
}

// pyStepStack stands in a stack that belongs to no exception. Below the one that
// a failure of logging leaves stands the record that could not be written.
func pyStepStack(s State, t span) (State, Verdict) {
	n := t.indent()
	if s&pyKind == pyLogging {
		if t.has("Arguments: ") || t.has("Use the traceback above") {
			return s, Last
		}
		return s, Text
	}
	if _, ok := pyFrameLine(t[n:]); ok || n >= 4 {
		return s, Take
	}
	if s&pyFailed != 0 && (t.has("Message: ") || t.has("Unable to print the message and arguments")) {
		return pyTo(s, pyLogging), Take
	}
	return s, No
}

// pyStepSyntax stands below the place of a syntax error, which the interpreter
// prints without a header when it is in the program's first file.
func pyStepSyntax(s State, t span) (State, Verdict) {
	if n := t.indent(); n >= 4 {
		return s, Hold
	}
	if end, ok := pyFinalLine(t); ok && pySyntaxType(t[:end]) {
		return pyTo(s, pyMessage) | pyLone, Take
	}
	return s, No
}

// pyPlaceOnly tells the place of a syntax error, with which the next one begins.
func pyPlaceOnly(t span) bool {
	f, ok := pyFrameLine(t)
	return ok && f.function == nil && !f.cut
}

// pyStepFault stands in a dump of faulthandler. "Segmentation fault" is what the
// shell adds.
func pyStepFault(s State, t span) (State, Verdict) {
	n := t.indent()
	if n == len(t) {
		return s, Hold
	}
	t = t[n:]
	switch {
	case t.has(`File "`), t.has(`Binary file "`), t.has("..."), t[0] == '<', // "<no Python frame>", "<truncated rest of calls>"
		t.has("Current thread"), t.has("Thread 0x"), t.has(pyOneStack), t.has("Python runtime state: "):
		return s, Take
	case t.has("Extension modules: "), t.has("Segmentation fault"), t.has("Aborted"):
		return s, Last
	case n == 0:
		// "ModuleNotFoundError: No module named 'encodings'" below a fatal error of the start.
		if end, ok := pyFinalLine(t); ok && pyTellsError(t[:end]) {
			return s, Take
		}
	}
	return s, No
}

// pyStepDrawn stands in the drawings of rich and IPython. Both leave the name of
// the exception to a plain line below.
func pyStepDrawn(s State, t span) (State, Verdict) {
	n := t.indent()
	switch s & pyKind {
	case pyBox:
		switch {
		case pyClass(t[n:]) == pyIsBox: // the next one
			return s, No
		case t[n:].has("│"), t[n:].has("╭"), t[n:].has("╰"), t[n:].has("|"), t[n:].has("+--"):
			return s, Take
		case n == len(t):
			return s, Hold
		}
	case pyRule:
		switch {
		case pyClass(t) == pyIsRequest:
			return pyTo(s, pyPreface) | pyRuled, Hold
		case pyCellsHeader(t):
			return pyTo(s, pyCells) | pyNotebook, Take
		}
		return s, No
	case pyCells:
		switch {
		case n == len(t):
			return s, Hold
		case n > 0, t.has("--"), pyCellLine(t):
			return s, Take
		}
	}
	if _, ok := pyFinalLine(t); ok && n == 0 {
		return pyTo(s, pyMessage), Take
	}
	return s, No
}

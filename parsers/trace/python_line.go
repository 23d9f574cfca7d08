package trace

import "bytes"

// pyLineClass is what a line is by its own words, whatever the state.
type pyLineClass uint8

const (
	pyIsOther     pyLineClass = iota
	pyIsBlank                 // ""
	pyIsHeader                // "Traceback (most recent call last):"
	pyIsGroup                 // "+ Exception Group Traceback (most recent call last):"
	pyIsStack                 // "Stack (most recent call last):"
	pyIsCallStack             // "Call stack:"
	pyIsLink                  // "The above exception was the direct cause of the following exception:"
	pyIsPreface               // "Exception in thread worker-1:"
	pyIsFailure               // "--- Logging error ---"
	pyIsRequest               // "Exception occurred during processing of request from ('127.0.0.1', 5)"
	pyIsRemote                // "multiprocessing.pool.RemoteTraceback: "
	pyIsBox                   // "╭──── Traceback (most recent call last) ────╮"
	pyIsRule                  // "----------------------------------------"
	pyIsFault                 // "Fatal Python error: Segmentation fault"
	pyIsTimeout               // "Timeout (0:00:05)!"
	pyIsTrailer               // "Logged from file pay.py, line 16"
)

// pyClass classifies a line without its indent, by its first byte so that an
// ordinary line costs one comparison.
func pyClass(t []byte) pyLineClass {
	if len(t) == 0 {
		return pyIsBlank
	}
	switch t[0] {
	case 'T':
		return pyClassT(t)
	case 'E':
		return pyClassE(t)
	case 'D':
		if pyHas(t, pyContext) {
			return pyIsLink
		}
	case 'S':
		if pyHas(t, "Stack (most recent call last):") {
			return pyIsStack
		}
	case 'C':
		return pyClassC(t)
	case 'F', 'W':
		if pyHas(t, "Fatal Python error: ") || pyHas(t, "Windows fatal exception: ") {
			return pyIsFault
		}
		if pyHas(t, "Future exception was never retrieved") {
			return pyIsPreface
		}
	case 'O', 'U', 'P':
		return pyClassOther(t)
	case 'L', '<':
		if pyHas(t, "Logged from file ") || pyHas(t, "<Greenlet ") && bytes.Contains(t, []byte(" failed with ")) {
			return pyIsTrailer
		}
	case 'm', 'c', 'b', 'j', 'l':
		if i := bytes.IndexByte(t, ':'); i > 0 && pyRemoteType(t[:i]) {
			return pyIsRemote
		}
	case '-', '+', 0xe2:
		return pyClassDrawn(t)
	}
	return pyIsOther
}

func pyClassT(t []byte) pyLineClass {
	switch {
	case pyHas(t, pyHeader):
		if pyBlank(t[len(pyHeader):]) {
			return pyIsHeader
		}
	case pyHas(t, pyCause):
		return pyIsLink
	case pyHas(t, "Task exception was never retrieved"):
		return pyIsPreface
	case pyHas(t, "Thread 0x") && pyFaultHeader(t):
		return pyIsFault
	case pyHas(t, "Timeout (") && bytes.HasSuffix(t, []byte(")!")):
		return pyIsTimeout
	}
	return pyIsOther
}

func pyClassE(t []byte) pyLineClass {
	switch {
	case pyHas(t, "Exception in thread "), pyHas(t, "Exception in callback "), pyHas(t, "Exception in Tkinter callback"),
		pyHas(t, "Exception ignored "), pyHas(t, "Error in sys.excepthook:"), pyHas(t, "Error in atexit._run_exitfuncs:"):
		return pyIsPreface
	case pyHas(t, "Exception occurred during processing of request"), pyHas(t, "Exception happened during processing of request"):
		return pyIsRequest
	}
	return pyIsOther
}

func pyClassC(t []byte) pyLineClass {
	switch {
	case pyHas(t, "Call stack:"):
		return pyIsCallStack
	case pyHas(t, "Current thread 0x") && pyFaultHeader(t):
		return pyIsFault
	}
	return pyIsOther
}

func pyClassOther(t []byte) pyLineClass {
	switch {
	case pyHas(t, "Original exception was:"), pyHas(t, "Unhandled exception in "), pyHas(t, "Unhandled error in Deferred"), pyHas(t, "Unhandled Error"):
		return pyIsPreface
	case pyHas(t, "Process ") && len(t) < 100 && t[len(t)-1] == ':' && bytes.IndexByte(t, ':') > len("Process "):
		return pyIsPreface
	}
	return pyIsOther
}

func pyClassDrawn(t []byte) pyLineClass {
	switch {
	case pyHas(t, "+ Exception Group "+pyHeader):
		return pyIsGroup
	case pyHas(t, "╭─") || pyHas(t, "+--"):
		if bytes.Contains(t[:min(len(t), pyWidest)], []byte(" Traceback (most recent call last) ")) {
			return pyIsBox
		}
	case pyHas(t, "----------------------------------------"):
		if pyBlank(bytes.TrimLeft(t, "-")) {
			return pyIsRule
		}
	case pyHas(t, "--- Logging error ---"):
		return pyIsFailure
	case pyHas(t, "--- Logging error in Loguru "):
		return pyIsPreface
	case pyHas(t, "--- End of logging error ---"):
		return pyIsTrailer
	}
	return pyIsOther
}

// pyWidest is the longest line, in bytes, that is searched for the title of a box.
const pyWidest = 4096

// pyHas is bytes.HasPrefix with a constant, which costs no conversion.
func pyHas(t []byte, prefix string) bool {
	return len(t) >= len(prefix) && string(t[:len(prefix)]) == prefix
}

// pyIndent is the number of leading blanks and tabs.
func pyIndent(t []byte) int {
	n := 0
	for n < len(t) && (t[n] == ' ' || t[n] == '\t') {
		n++
	}
	return n
}

func pyBlank(t []byte) bool { return pyIndent(t) == len(t) }

// pyOutdent takes the indent of the whole traceback off a line. A line that
// begins further left is not part of the traceback.
func pyOutdent(t []byte, indent int) ([]byte, bool) {
	n := pyIndent(t)
	if n < indent && n < len(t) {
		return t, false
	}
	return t[min(n, indent):], true
}

// pyFrameParts is a frame's line taken apart; the slices are borrowed.
type pyFrameParts struct {
	path, function []byte // function is nil for the place of a syntax error
	lineno         int
	marked         bool // loguru's "> File", the frame that caught
	cut            bool // the terminal width cut the line in front of the function
}

// pyFrameLine reads `File "/srv/pay/api.py", line 10, in charge`, the indent
// taken off. A file name may hold quotes: the last `", line ` of the line counts.
func pyFrameLine(t []byte) (f pyFrameParts, ok bool) {
	if pyHas(t, "> File ") {
		t, f.marked = t[2:], true
	}
	if !pyHas(t, `File "`) {
		return f, false
	}
	at := bytes.LastIndex(t, []byte(`", line `))
	if at < len(`File "`) {
		return f, false
	}
	f.path = t[len(`File "`):at]
	digits := t[at+len(`", line `):]
	n := 0
	f.lineno, n = pyNumber(digits)
	rest := bytes.TrimRight(digits[n:], " \t")
	switch {
	case n == 0:
		return f, false
	case len(rest) == 0:
		return f, true
	case string(rest) == ", in":
		f.cut = true
		return f, true
	case pyHas(rest, ", in "):
		f.function = rest[len(", in "):]
		return f, true
	}
	return f, false
}

// pyNumber reads decimal digits; n is how many there are, at most nine.
func pyNumber(t []byte) (value, n int) {
	for n < len(t) && n < 9 && t[n] >= '0' && t[n] <= '9' {
		value = value*10 + int(t[n]-'0')
		n++
	}
	return value, n
}

// pyFinalLine tells whether t is the line that names the exception:
// "KeyError: 'k'", "pay.api.Refused", "__main__.z.<locals>.L: x". end is the
// length of the type. Any class can be raised, so no suffix is asked for.
func pyFinalLine(t []byte) (end int, ok bool) {
	if len(t) == 0 || !pyNameByte(t[0]) || t[0] == 0xe2 || t[0] >= '0' && t[0] <= '9' {
		return 0, false
	}
	for end < len(t) && (pyNameByte(t[end]) || t[end] == '.' || t[end] == '<' || t[end] == '>') {
		end++
	}
	if end < len(t) && t[end] == '(' { // ray.exceptions.RayTaskError(ValueError)
		if n := bytes.IndexByte(t[end:min(len(t), end+100)], ')'); n > 1 && bytes.IndexByte(t[end:end+n], ' ') < 0 {
			end += n + 1
		}
	}
	if t[end-1] == '.' || pyLevelWord(t[:end]) {
		return 0, false
	}
	rest := t[end:]
	if len(rest) > 0 && rest[0] == ':' {
		return end, len(rest) == 1 || rest[1] == ' '
	}
	return end, pyBlank(rest)
}

func pyNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

// pyLevelWord tells a level from an exception's name: behind a traceback that
// was cut off, "ERROR: gateway down" is the next record.
func pyLevelWord(t []byte) bool {
	switch string(t) {
	case "DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL", "NOTICE", "TRACE", "SUCCESS",
		"debug", "info", "warning", "warn", "error", "critical", "fatal", "notice", "trace":
		return true
	}
	return false
}

// pyTellsError tells whether a type, standing where nothing else proves a
// traceback, is plainly an exception's.
func pyTellsError(t []byte) bool {
	last := t[bytes.LastIndexByte(t, '.')+1:]
	if len(last) == 0 {
		return false
	}
	if len(last) < len(t) && last[0] >= 'A' && last[0] <= 'Z' {
		return true
	}
	return bytes.HasSuffix(last, []byte("Error")) || bytes.HasSuffix(last, []byte("Exception")) || bytes.HasSuffix(last, []byte("Warning")) ||
		bytes.HasSuffix(last, []byte("Interrupt")) || bytes.HasSuffix(last, []byte("Exit")) || bytes.HasSuffix(last, []byte("Iteration"))
}

func pySyntaxType(t []byte) bool {
	switch string(t) {
	case "SyntaxError", "IndentationError", "TabError", "_IncompleteInputError":
		return true
	}
	return false
}

// pyRemoteType tells the exception whose message is another process's traceback.
func pyRemoteType(t []byte) bool { return bytes.HasSuffix(t, []byte("RemoteTraceback")) }

// pyHeaderAt is where the header stands at the end of a longer message, or -1.
func pyHeaderAt(t []byte) int {
	t = bytes.TrimRight(t, " \t")
	if !bytes.HasSuffix(t, []byte(pyHeader)) {
		return -1
	}
	return len(t) - len(pyHeader)
}

// pyKeyLine tells the further lines of asyncio's and loguru's prefaces.
func pyKeyLine(t []byte) bool {
	for _, key := range [...]string{
		"future: ", "task: ", "handle: ", "protocol: ", "transport: ", "socket: ", "asyncgen: ",
		"source_traceback: ", "handle_traceback: ", "Record was: ",
	} {
		if pyHas(t, key) {
			return true
		}
	}
	return false
}

// pyFaultHeader tells "Thread 0x00007f (most recent call first):".
func pyFaultHeader(t []byte) bool {
	return bytes.HasSuffix(bytes.TrimRight(t, " "), []byte("(most recent call first):"))
}

// pyCellsHeader tells IPython's "KeyError        Traceback (most recent call last)".
func pyCellsHeader(t []byte) bool {
	t = bytes.TrimRight(t, " ")
	title := []byte("Traceback (most recent call last)")
	if !bytes.HasSuffix(t, title) {
		return false
	}
	name := bytes.TrimRight(t[:len(t)-len(title)], " ")
	end, ok := pyFinalLine(name)
	return ok && end == len(name) && len(t) > len(name)+len(title)
}

// pyCellLine tells the line that names a frame's place in IPython's drawing.
func pyCellLine(t []byte) bool {
	switch {
	case pyHas(t, "File "), pyHas(t, "Cell In"), pyHas(t, "Input In"), pyHas(t, "<ipython-input-"), pyHas(t, "/"), pyHas(t, "~/"):
		return bytes.Contains(t, []byte(" in ")) || bytes.Contains(t, []byte(", line ")) || bytes.IndexByte(t, ':') > 0
	}
	return false
}

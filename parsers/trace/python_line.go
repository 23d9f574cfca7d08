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
func pyClass(t span) pyLineClass {
	if len(t) == 0 {
		return pyIsBlank
	}
	switch t[0] {
	case 'T':
		return pyClassT(t)
	case 'E':
		return pyClassE(t)
	case 'D':
		if t.has(pyContext) {
			return pyIsLink
		}
	case 'S':
		if t.has("Stack (most recent call last):") {
			return pyIsStack
		}
	case 'C':
		return pyClassC(t)
	case 'F', 'W':
		if t.has("Fatal Python error: ") || t.has("Windows fatal exception: ") {
			return pyIsFault
		}
		if t.has("Future exception was never retrieved") {
			return pyIsPreface
		}
	case 'O', 'U', 'P':
		return pyClassOther(t)
	case 'I':
		if t.has("Internal Server Error: /") { // Django, where nobody gave its log a format
			return pyIsPreface
		}
	case 'L', '<':
		if t.has("Logged from file ") || t.has("<Greenlet ") && bytes.Contains(t, []byte(" failed with ")) {
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

func pyClassT(t span) pyLineClass {
	switch {
	case t.has(pyHeader):
		if pyBlank(t[len(pyHeader):]) {
			return pyIsHeader
		}
	case t.has(pyCause):
		return pyIsLink
	case t.has("Task exception was never retrieved"):
		return pyIsPreface
	case t.has("Thread 0x") && pyFaultHeader(t):
		return pyIsFault
	case t.has("Timeout (") && t.ends(")!"):
		return pyIsTimeout
	}
	return pyIsOther
}

func pyClassE(t span) pyLineClass {
	switch {
	case t.has("Exception in thread "), t.has("Exception in callback "), t.has("Exception in Tkinter callback"),
		t.has("Exception ignored "), t.has("Exception in threading.excepthook:"), t.has("Error in sys.excepthook:"), t.has("Error in atexit._run_exitfuncs:"):
		return pyIsPreface
	case t.has("Exception occurred during processing of request"), t.has("Exception happened during processing of request"):
		return pyIsRequest
	}
	return pyIsOther
}

func pyClassC(t span) pyLineClass {
	switch {
	case t.has("Call stack:") && len(t.right()) == len("Call stack:"):
		return pyIsCallStack
	case t.has("Current thread 0x") && pyFaultHeader(t):
		return pyIsFault
	}
	return pyIsOther
}

func pyClassOther(t span) pyLineClass {
	switch {
	case t.has("Original exception was:"), t.has("Unhandled exception in "), t.has("Unhandled error in Deferred"), t.has("Unhandled Error"):
		return pyIsPreface
	case t.has("Process ") && len(t) < 100 && t[len(t)-1] == ':' && bytes.IndexByte(t, ':') > len("Process "):
		return pyIsPreface
	}
	return pyIsOther
}

func pyClassDrawn(t span) pyLineClass {
	switch {
	case t.has("+ Exception Group " + pyHeader):
		return pyIsGroup
	case t.has("╭─") || t.has("+--"):
		if bytes.Contains(t[:min(len(t), pyWidest)], []byte(" Traceback (most recent call last) ")) {
			return pyIsBox
		}
	case t.has("----------------------------------------"):
		if pyBlank(bytes.TrimLeft(t, "-")) {
			return pyIsRule
		}
	case t.has("--- Logging error ---"):
		return pyIsFailure
	case t.has("--- Logging error in Loguru "):
		return pyIsPreface
	case t.has("--- End of logging error ---"):
		return pyIsTrailer
	}
	return pyIsOther
}

// pyWidest is the longest line, in bytes, that is searched for the title of a box.
const pyWidest = 4096

func pyBlank(t span) bool { return t.indent() == len(t) }

// pyOutdent takes the indent of the whole traceback off a line. A line that
// begins further left is not part of the traceback.
func pyOutdent(t span, indent int) ([]byte, bool) {
	n := t.indent()
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
func pyFrameLine(t span) (f pyFrameParts, ok bool) {
	if t.has("> File ") {
		t, f.marked = t[2:], true
	}
	if !t.has(`File "`) {
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
	rest := digits[n:].right()
	switch {
	case n == 0:
		return f, false
	case len(rest) == 0:
		return f, true
	case string(rest) == ", in":
		f.cut = true
		return f, true
	case rest.has(", in "):
		f.function = rest[len(", in "):]
		return f, true
	}
	return f, false
}

// pyNumber reads decimal digits; n is how many there are, at most nine.
func pyNumber(t span) (value, n int) {
	for n < len(t) && n < 9 && t[n] >= '0' && t[n] <= '9' {
		value = value*10 + int(t[n]-'0')
		n++
	}
	return value, n
}

// pyFinalLine tells whether t is the line that names the exception:
// "KeyError: 'k'", "pay.api.Refused", "__main__.z.<locals>.L: x". end is the
// length of the type. Any class can be raised, so no suffix is asked for.
func pyFinalLine(t span) (end int, ok bool) {
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
	if t[end-1] == '.' || pyLevelWord(t[:end]) || !pyClassName(t[:end]) {
		return 0, false
	}
	rest := t[end:]
	if len(rest) > 0 && rest[0] == ':' {
		return end, len(rest) == 1 || rest[1] == ' '
	}
	return end, pyBlank(rest)
}

// pyClassName tells a class from any other word, such as "restarted", the
// message of the record behind a traceback that was cut off: classes begin with
// a capital, except those of old modules ("socket.timeout", "struct.error").
func pyClassName(t span) bool {
	last := t[bytes.LastIndexByte(t, '.')+1:]
	for len(last) > 0 && last[0] == '_' {
		last = last[1:]
	}
	return len(last) > 0 && (last[0] >= 'A' && last[0] <= 'Z' || last[0] >= 0x80) || t.ends("error") || t.ends("timeout") || t.ends("exit") ||
		t.ends("Error") || t.ends("Exception") // libvirt.libvirtError
}

func pyNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

// pyLevelWord tells a level from an exception's name: behind a traceback that
// was cut off, "ERROR: gateway down" is the next record.
func pyLevelWord(t span) bool {
	switch string(t) {
	case "DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL", "NOTICE", "TRACE", "SUCCESS",
		"debug", "info", "warning", "warn", "error", "critical", "fatal", "notice", "trace":
		return true
	}
	return false
}

// pyTellsError tells whether a type, standing where nothing else proves a
// traceback, is plainly an exception's.
func pyTellsError(t span) bool {
	last := t[bytes.LastIndexByte(t, '.')+1:]
	if len(last) == 0 {
		return false
	}
	if len(last) < len(t) && last[0] >= 'A' && last[0] <= 'Z' {
		return true
	}
	return last.ends("Error") || last.ends("Exception") || last.ends("Warning") ||
		last.ends("Interrupt") || last.ends("Exit") || last.ends("Iteration")
}

func pySyntaxType(t span) bool {
	switch string(t) {
	case "SyntaxError", "IndentationError", "TabError", "_IncompleteInputError":
		return true
	}
	return false
}

// pyRemoteType tells the exception whose message is another process's traceback.
func pyRemoteType(t span) bool {
	return t.ends("RemoteTraceback") || t.ends("billiard.einfo.ExceptionWithTraceback")
}

// pyHeaderAt is where the header stands at the end of a longer message, or -1.
func pyHeaderAt(t span) int {
	t = t.right()
	if !t.ends(pyHeader) {
		return -1
	}
	return len(t) - len(pyHeader)
}

// pyKeyLine tells the further lines of asyncio's and loguru's prefaces.
func pyKeyLine(t span) bool {
	for _, key := range [...]string{
		"future: ", "task: ", "handle: ", "protocol: ", "transport: ", "socket: ", "asyncgen: ",
		"source_traceback: ", "handle_traceback: ", "Record was: ",
	} {
		if t.has(key) {
			return true
		}
	}
	return false
}

// pyFaultHeader tells "Thread 0x00007f (most recent call first):".
func pyFaultHeader(t span) bool {
	return t.right().ends("(most recent call first):")
}

// pyCellsHeader tells IPython's "KeyError        Traceback (most recent call last)".
func pyCellsHeader(t span) bool {
	t = t.right()
	title := []byte("Traceback (most recent call last)")
	if !bytes.HasSuffix(t, title) {
		return false
	}
	name := bytes.TrimRight(t[:len(t)-len(title)], " ")
	end, ok := pyFinalLine(name)
	return ok && end == len(name) && len(t) > len(name)+len(title)
}

// pyCellLine tells the line that names a frame's place in IPython's drawing.
func pyCellLine(t span) bool {
	switch {
	case t.has("File "), t.has("Cell In"), t.has("Input In"), t.has("<ipython-input-"), t.has("/"), t.has("~/"):
		return bytes.Contains(t, []byte(" in ")) || bytes.Contains(t, []byte(", line ")) || bytes.IndexByte(t, ':') > 0
	}
	return false
}

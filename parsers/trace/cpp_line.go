package trace

import "bytes"

// What a line says of a program's end.
const (
	cppNothing    = iota
	cppUncaught   // terminate called after throwing an instance of 'int'
	cppGlibc      // free(): invalid pointer
	cppAssert     // pay: pay.cc:25: int main(): Assertion `c == 5' failed.
	cppSignal     // *** SIGSEGV (@0x0) received by PID 7 (TID 0x7f) from PID 0; stack trace: ***
	cppStackTitle // *** Check failure stack trace: ***
	cppShell      // Segmentation fault (core dumped)
	cppRedis      // Redis 7.0.15 crashed by signal: 11, si_code: 1
	cppNamed      // run.sh: line 3: 1234 Segmentation fault (core dumped) ./payd
)

// cppDeath sorts a trimmed line by what it says of a program's end.
func cppDeath(t span) int {
	if len(t) == 0 {
		return cppNothing
	}
	switch t[0] {
	case 't', 'l':
		if cppUncaughtLine(t) {
			return cppUncaught
		}
	case '*':
		return cppStars(t)
	case 'R':
		if t.has("Redis ") && bytes.Contains(t, []byte(" crashed by signal: ")) {
			return cppRedis
		}
	case 'P':
		if t.has("PC: @ ") {
			return cppSignal
		}
	case '=':
		if t.has("======= Backtrace: ====") {
			return cppStackTitle
		}
	case 'A', 'S', 'B', 'I', 'F', 'T':
		if cppShellLine(t) {
			return cppShell
		}
		if t.has("Stack trace:") && len(t) == len("Stack trace:") {
			return cppStackTitle
		}
	}
	switch {
	case cppEngineDeath(t):
		return cppSignal
	case cppGlibcLine(t):
		return cppGlibc
	case cppAssertion(t):
		return cppAssert
	}
	if _, _, ok := cppScript(t); ok {
		return cppNamed
	}
	return cppNothing
}

func cppUncaughtLine(t span) bool {
	return t.has("terminate called after throwing an instance of '") || t.has("terminate called without an active exception") ||
		t.has("terminate called recursively") || t.has("libc++abi") && bytes.Contains(t[:min(len(t), 60)], []byte(": terminat"))
}

// cppStars sorts the lines between stars.
func cppStars(t span) int {
	switch {
	case t.has("*** stack smashing detected ***"), t.has("*** buffer overflow detected ***"), t.has("*** invalid %N$ use detected ***"), t.has("*** %n in writable segment detected ***"),
		t.has("*** bit out of range 0 - FD_SETSIZE"), t.has("*** Error in `"), t.has("*** glibc detected ***"), t.has("*** longjmp causes uninitialized stack frame ***"):
		return cppGlibc
	case !t.ends("***"):
		return cppNothing
	case t.has("*** SIG"), t.has("*** Aborted at "), t.has("*** Signal "):
		return cppSignal
	case t.has("*** Check failure stack trace: ***"):
		return cppStackTitle
	}
	return cppNothing
}

// cppGlibcLine tells whether glibc's allocator found its own data destroyed.
func cppGlibcLine(t span) bool {
	switch t[0] {
	case 'F':
		return t.has("Fatal glibc error: ")
	case 'd':
		return t.has("double free or corruption (") || string(t) == "double free or corruption"
	case 'p':
		return t.has("pure virtual method called")
	case 'c':
		if t.has("corrupted size vs. prev_size") || t.has("corrupted double-linked list") {
			return true
		}
	case 'f', 'm', 'r', 's', 'u', '_':
	default:
		return false
	}
	i := bytes.IndexByte(t[:min(len(t), 24)], '(')
	if i < 0 || !t[i:].has("(): ") {
		return false
	}
	switch string(t[:i]) {
	case "free", "malloc", "realloc", "munmap_chunk", "mremap_chunk", "malloc_consolidate", "calloc", "mmap", "sysmalloc", "_int_malloc", "unlink_chunk":
	default:
		return false
	}
	rest := t[i+len("(): "):]
	for _, w := range [...]string{"double free", "invalid", "corrupted", "unaligned", "memory corruption", "mismatching", "unsorted", "smallbin", "largebin", "too many chunks", "chunk is", "Assertion"} {
		if rest.has(w) {
			return true
		}
	}
	return false
}

// cppShellLine tells whether a shell reports the signal that ended a program,
// without its name: it ends a crash and opens none, since whoever printed the
// line above has told of the same signal.
func cppShellLine(t span) bool {
	_, rest, ok := cppKilled(t)
	return ok && len(rest) == 0
}

// cppKilled reads "Segmentation fault (core dumped)", and the command behind it.
func cppKilled(t span) (signal string, rest span, ok bool) {
	for _, w := range cppWords {
		if t.has(w.text) {
			rest = t[len(w.text):].left()
			dumped := rest.has("(core dumped)")
			if dumped {
				rest = rest[len("(core dumped)"):].left()
			}
			return w.signal, rest, dumped || len(rest) == 0 || t[len(w.text)] == ' '
		}
	}
	return "", nil, false
}

// cppWords are what the C library calls the signals that kill by a fault.
var cppWords = [...]struct{ text, signal string }{
	{"Segmentation fault", "SIGSEGV"}, {"Aborted", "SIGABRT"}, {"Abort trap", "SIGABRT"}, {"Bus error", "SIGBUS"},
	{"Illegal instruction", "SIGILL"}, {"Floating point exception", "SIGFPE"}, {"Trace/breakpoint trap", "SIGTRAP"}, {"Bad system call", "SIGSYS"},
}

// cppScript reads what a shell says of a program in a script:
// "/run.sh: line 3:  1234 Segmentation fault      (core dumped) ./payd --port 80".
func cppScript(t span) (signal string, program span, ok bool) {
	i := bytes.IndexByte(t[:min(len(t), 200)], ':')
	if i < 1 || !t[i:].has(": line ") {
		return "", nil, false
	}
	_, rest, ok := nativeNumber(t[i+len(": line "):])
	if !ok || !rest.has(": ") {
		return "", nil, false
	}
	if _, rest, ok = nativeNumber(rest[1:].left()); !ok || !rest.has(" ") {
		return "", nil, false
	}
	signal, program, ok = cppKilled(rest.left())
	return signal, program, ok && len(program) > 0
}

// cppAssertion tells whether a line is what assert prints: glibc, musl, macOS,
// Windows, Qt and GLib have forms of their own.
func cppAssertion(t span) bool {
	switch {
	case t[0] == 'T':
		return cppTrap(t)
	case t.ends("' failed."):
		return bytes.Contains(t, []byte(": Assertion `"))
	case t[0] == 'A' && t.has("Assertion failed: "):
		return t[len(t)-1] == '.' && bytes.Contains(t, []byte(", file ")) || t.has("Assertion failed: (") && bytes.Contains(t, []byte("), function ")) ||
			t[len(t)-1] == ')' && bytes.LastIndex(t, []byte(" (")) > 0 && bytes.Count(t[bytes.LastIndex(t, []byte(" (")):], []byte(": ")) == 2 ||
			bytes.Contains(t, []byte(", function ")) && bytes.Contains(t, []byte(", file "))
	case t[0] == 'A' && (t.has(`ASSERT: "`) || t.has("ASSERT failure in ")):
		return bytes.Contains(t, []byte(" file ")) && bytes.Contains(t, []byte(", line "))
	}
	return t[0] == 'E' && t.has("ERROR:") && bytes.Contains(t, []byte(": assertion failed"))
}

// cppMapRow reads "00400000-00401000 r-xp 00000000 08:01 1234 /srv/pay/payd".
func cppMapRow(t span) bool {
	i := 0
	for i < len(t) && nativeDigit(t[i]) {
		i++
	}
	if i < 4 || i >= len(t) || t[i] != '-' {
		return false
	}
	k := bytes.IndexByte(t, ' ')
	return k > i && k+5 < len(t) && (t[k+1] == 'r' || t[k+1] == '-')
}

// cppServer tells the lines that MySQL, MariaDB and Redis print around their stacks.
func cppServer(t span) bool {
	switch t[0] {
	case 'T':
		return t.has("Trying to get some variables.") || t.has("The manual page at http")
	case 'S':
		return t.has("Some pointers may be invalid") || t.has("Status: ")
	case 'Q':
		return t.has("Query (")
	case 'C':
		return t.has("Connection ID (thread ID): ") || t.has("Crashed running the inst")
	case 'A':
		return t.has("Accessing address: ")
	case 'K':
		return t.has("Killed by PID: ")
	case 'F':
		return t.has("Failed assertion: ")
	case 'i':
		return t.has("information that should help you find out")
	case 'O':
		return t.has("Optimizer switch: ")
	case 'E':
		return string(t) == "EIP:"
	case 'B':
		return string(t) == "Backtrace:"
	case 'P':
		return string(t) == "Printing to addr2line failed"
	case '-':
		return string(t) == "------ STACK TRACE ------" || string(t) == "--- STACK TRACE"
	}
	_, rest, ok := nativeNumber(t)
	return ok && rest.has(" redis-server")
}

// cppGotSignal tells the line above a server's stack: "mysqld got signal 11 ;",
// "Redis 7.0.15 crashed by signal: 11, si_code: 1".
func cppGotSignal(t span) bool {
	return t.ends(";") && bytes.Contains(t, []byte(" got signal ")) || bytes.Contains(t, []byte(" crashed by signal: "))
}

// cppSignalIn finds the signal that a line of a program's own speaks of; "" if there is none.
func cppSignalIn(t span) string {
	if i := bytes.Index(t, []byte("SIG")); i >= 0 {
		n := i + len("SIG")
		for n < len(t) && t[n] >= 'A' && t[n] <= 'Z' {
			n++
		}
		if _, ok := goSignals[string(t[i:n])]; ok {
			return string(t[i:n])
		}
	}
	low := span(bytes.ToLower(t))
	if i := bytes.Index(low, []byte("signal")); i >= 0 {
		at := span(bytes.TrimLeft(low[i+len("signal"):], ": #("))
		if n, _, ok := nativeNumber(at); ok {
			for name, number := range goSignals {
				if number == n {
					return name
				}
			}
		}
	}
	for _, w := range cppWords {
		if bytes.Contains(low, bytes.ToLower([]byte(w.text))) {
			return w.signal
		}
	}
	return ""
}

package trace

import "bytes"

// The states of a crash of a C or C++ program.
const (
	// cppThrown: an exception that nobody caught.
	//
	//	terminate called after throwing an instance of 'std::out_of_range'
	//
	// from: Outside; to: cppDying
	cppThrown State = iota + 1

	// cppDying: the program has said why; what prints its stack may follow.
	//
	//	free(): double free detected in tcache 2
	//	  what():  map::at
	//
	// from: Outside, cppThrown; to: cppRows
	cppDying

	// cppRows: among the rows of a stack.
	//
	//	    @     0x556b88351ad7  surepay::settle()
	//	./pay(main+0x12c)[0x562108261527]
	//	 0# surepay::settle() at /src/pay.cc:4
	//
	// from: Outside, cppDying; to: cppMap
	cppRows

	// cppMap: in the map of the memory that old versions of glibc print.
	//
	//	======= Memory map: ========
	//	00400000-00401000 r-xp 00000000 08:01 1234 /srv/pay/payd
	//
	// from: cppRows; to: none
	cppMap
)

// Cpp is the grammar of what C++ runtimes, glibc, assert, and the handlers of
// glog, abseil, folly and boost print when a program dies.
func Cpp() Language {
	return Language{
		Name:  "cpp",
		Title: "C and C++",
		Hints: []string{
			"terminate called", "terminating ", "libc++abi", "free(): ", "malloc(): ", "realloc(): ", "munmap_chunk(): ", "malloc_consolidate(): ", "calloc(): ",
			"double free or corruption", "corrupted ", "*** ", "Fatal glibc error: ", "PC: @ ", "@ ", "0# ", "======= Backtrace", "pure virtual method called", "Assertion failed: ", "Stack trace:",
		},
		RowHints: sourceRowHints,
		Marks:    []string{":9", "]\n"},
		Step:     cppStep,
		Back:     cppBack,
		Read:     cppRead,
	}
}

func cppStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	switch s {
	case Outside:
		return cppOpen(l, t)
	case cppThrown:
		if t.has("what():") {
			return cppDying, Take
		}
		return cppAfter(cppThrown, l, t)
	case cppDying, cppRows:
		return cppAfter(s, l, t)
	case cppMap:
		if cppMapRow(t) {
			return cppMap, Take
		}
		return cppAborted(s, t)
	}
	return Outside, No
}

func cppOpen(l, t span) (State, Verdict) {
	switch kind := cppDeath(t); kind {
	case cppUncaught:
		return cppThrown, Take
	case cppGlibc, cppSignal, cppAssert:
		return cppDying, Take
	case cppStackTitle:
		return cppRows, Hold
	}
	if c, n, ok := cppRow(l); ok && (n == 0 || n < 0) && (c.addr != nil || c.line > 0) {
		return cppRows, Take
	}
	return Outside, No
}

// cppAfter is the Step behind a line that says why the program dies, and among the rows of its stack.
func cppAfter(s State, l, t span) (State, Verdict) {
	if len(t) == 0 {
		return s, Hold
	}
	if _, n, ok := cppRow(l); ok {
		if s == cppRows && n == 0 && !t.has("@ ") {
			return Outside, No // a stack of its own
		}
		return cppRows, Take
	}
	if s == cppRows && l.indent() >= 16 {
		if _, _, _, ok := nativePlace(t); ok { // folly prints the file on a line of its own
			return cppRows, Take
		}
	}
	switch cppDeath(t) {
	case cppSignal, cppStackTitle:
		if s == cppRows && !t.has("PC: @") {
			return Outside, No
		}
		return cppDying, Take
	}
	if t.has("======= Memory map: ") {
		return cppMap, Take
	}
	return cppAborted(s, t)
}

// cppAborted takes the word of the shell that ends a crash.
func cppAborted(s State, t span) (State, Verdict) {
	if cppDeath(t) == cppShell || string(t) == "Aborted" || string(t) == "Segmentation fault" {
		return Outside, Last
	}
	if len(t) == 0 && s == cppMap {
		return s, Hold
	}
	return Outside, No
}

// What a line says of a program's end.
const (
	cppNothing    = iota
	cppUncaught   // terminate called after throwing an instance of 'int'
	cppGlibc      // free(): invalid pointer
	cppAssert     // pay: pay.cc:25: int main(): Assertion `c == 5' failed.
	cppSignal     // *** SIGSEGV (@0x0) received by PID 7 (TID 0x7f) from PID 0; stack trace: ***
	cppStackTitle // *** Check failure stack trace: ***
	cppShell      // Segmentation fault (core dumped)
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
	case 'P':
		if t.has("PC: @ ") {
			return cppSignal
		}
	case '=':
		if t.has("======= Backtrace: ====") {
			return cppStackTitle
		}
	case 'A', 'S', 'B', 'I', 'F':
		if cppShellLine(t) {
			return cppShell
		}
		if t.has("Stack trace:") && len(t) == len("Stack trace:") {
			return cppStackTitle
		}
	}
	switch {
	case cppGlibcLine(t):
		return cppGlibc
	case cppAssertion(t):
		return cppAssert
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

// cppShellLine tells whether a shell reports the signal that ended a program. It
// ends a crash and opens none: Python's fault handler, Go and Rust have told of
// the same signal when the shell does.
func cppShellLine(t span) bool {
	i := bytes.Index(t[:min(len(t), 60)], []byte(" (core dumped)"))
	if i < 0 {
		return false
	}
	switch string(t[:i].right()) {
	case "Segmentation fault", "Aborted", "Bus error", "Illegal instruction", "Floating point exception", "Abort trap":
		return true
	}
	return false
}

// cppAssertion tells whether a line is what assert prints.
func cppAssertion(t span) bool {
	if t.ends("' failed.") {
		return bytes.Contains(t, []byte(": Assertion `"))
	}
	return t.has("Assertion failed: ") && t[len(t)-1] == '.' && bytes.Contains(t, []byte(", file ")) ||
		t.has("Assertion failed: (") && bytes.Contains(t, []byte("), function "))
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

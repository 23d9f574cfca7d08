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
	// from: Outside, cppThrown, cppWhat; to: cppRows
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

	// cppWhat: behind the first line of what an exception says; the upper bits count further ones.
	//
	//	  what():  map::at
	//
	// from: Outside, cppThrown; to: cppDying, cppRows
	cppWhat

	// cppGdb: in the stack that a debugger adds; its own state stands in the upper bits.
	//
	//	Program received signal SIGABRT, Aborted.
	//
	// from: cppThrown, cppDying, cppWhat; to: none
	cppGdb

	cppKind  State = 0xf
	cppShift       = 4
	cppMost        = 10
	cppSetIn State = 1 << 16 // cppWhat: the line before is one of a message that sets its lines in
)

// Cpp is the grammar of what C++ runtimes, glibc, assert, and the handlers of
// glog, abseil, folly and boost print when a program dies.
func Cpp() Language {
	return Language{
		Name:  "cpp",
		Title: "C and C++",
		Hints: []string{
			"terminate called", "terminating ", "libc++abi", "free(): ", "malloc(): ", "realloc(): ", "munmap_chunk(): ", "malloc_consolidate(): ", "calloc(): ",
			"double free or corruption", "corrupted ", "*** ", "Fatal glibc error: ", "PC: @ ", "@ ", "0# ", "======= Backtrace", "pure virtual method called", "Assertion failed: ", `ASSERT: "`, "ASSERT failure in ", "Redis ", "Stack trace:",
			"TRAP: ", "Received signal ", "Caught fatal signal - signo:", "Got a SIG", "#0 0x", "##########", "0. ",
		},
		RowHints: sourceRowHints,
		Marks:    []string{":9", "]\n", ": line "},
		Step:     cppStep,
		Back:     cppBack,
		Read:     cppRead,
	}
}

func cppStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	switch s & cppKind {
	case Outside:
		return cppOpen(l, t)
	case cppGdb:
		return cppInGdb(gdbStep(s>>cppShift, line))
	}
	if s&cppKind != cppRows && gdbTitle(t) == gdbSignal {
		return cppInGdb(gdbStep(Outside, line))
	}
	switch s & cppKind {
	case cppThrown:
		if t.has("what():") {
			return cppWhat, Take
		}
		return cppAfter(cppThrown, l, t)
	case cppDying, cppRows:
		return cppAfter(s, l, t)
	case cppWhat:
		return cppInWhat(s, l, t)
	case cppMap:
		if cppMapRow(t) {
			return cppMap, Take
		}
		return cppAborted(s, t)
	}
	return Outside, No
}

// cppInGdb is a verdict of the debugger's grammar.
func cppInGdb(s State, v Verdict) (State, Verdict) { return cppGdb | s<<cppShift, v }

// cppInWhat follows what an exception says. Lines that are set in go on with it, the one right
// below them too; others only if the shell's word or a stack follows.
func cppInWhat(s State, l, t span) (State, Verdict) {
	if len(t) == 0 {
		return s &^ cppSetIn, Hold
	}
	if next, v := cppAfter(cppDying, l, t); v != No {
		return next, v
	}
	if (s&^cppSetIn)>>cppShift >= cppMost || cppOther(t) {
		return Outside, No
	}
	switch s += 1 << cppShift; {
	case l.indent() > 0:
		return s | cppSetIn, Take
	case s&cppSetIn != 0:
		return s &^ cppSetIn, Text
	}
	return s, Hold
}

func cppOpen(l, t span) (State, Verdict) {
	switch kind := cppDeath(t); kind {
	case cppUncaught:
		if t.has("libc++abi") {
			return cppWhat, Take
		}
		return cppThrown, Take
	case cppGlibc, cppSignal, cppAssert, cppRedis:
		if cppReceived(t) == cppBareSignal {
			return cppDying, Hold
		}
		return cppDying, Take
	case cppStackTitle:
		return cppRows, Hold
	case cppNamed:
		return Outside, Last
	}
	if len(t) == 0 || t[0] == '#' && bytes.Contains(t, []byte(" in ")) { // a sanitizer's row
		return Outside, No
	}
	if cppHouseTitle(t) {
		return cppDying, Hold
	}
	if c, n, ok := cppRow(l); ok && (n == 0 || n < 0) && (c.addr != nil || c.line > 0 || bytes.IndexByte(c.mod, '/') >= 0) {
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
	case cppUncaught:
		// What C++ itself says of a failure that is no exception, or of a second thread's.
		if s != cppRows && (t.has("terminate called without") || t.has("terminate called recursively")) {
			return s, Take
		}
		return Outside, No
	case cppNamed:
		return Outside, Last
	case cppSignal, cppStackTitle:
		if s == cppRows && !t.has("PC: @") {
			return Outside, No
		}
		return cppDying, Take
	}
	if t.has("======= Memory map: ") {
		return cppMap, Take
	}
	if string(t) == cppStackEnd {
		return Outside, Last
	}
	if cppHouseTitle(t) {
		return cppDying, Take
	}
	if cppServer(t) || cppEngineLine(t) {
		return s, Take
	}
	return cppAborted(s, t)
}

// cppOther tells that a line begins something else: another crash.
func cppOther(t span) bool { return cppDeath(t) != cppNothing }

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

package trace

import "bytes"

// The states of a sanitizer's report.
const (
	// sanRule: the line of equals signs above a report, or the word that a signal came.
	//
	//	=================================================================
	//
	// from: Outside; to: sanBody
	sanRule State = iota + 1

	// sanBody: within a report, above its summary.
	//
	//	==5527==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000020
	//	    #0 0x5647dc7b47b8 in surepay::overrun(int) /srv/pay/pay.cc:10:48
	//
	// from: Outside, sanRule; to: sanDone
	sanBody

	// sanDone: behind the summary, in the map of the memory.
	//
	//	SUMMARY: AddressSanitizer: heap-buffer-overflow /srv/pay/pay.cc:10:48 in surepay::overrun(int)
	//
	// from: sanBody, sanNote; to: none
	sanDone

	// sanNote: behind a line of the sanitizer of undefined behaviour.
	//
	//	pay.cc:11:12: runtime error: signed integer overflow
	//
	// from: Outside; to: sanDone
	sanNote

	// sanGrind: within an error of Valgrind.
	//
	//	==123== Invalid read of size 4
	//	==123==    at 0x109155: settle (pay.c:4)
	//
	// from: Outside; to: none
	sanGrind
)

// Sanitizer is the grammar of the reports of the sanitizers of gcc and clang
// (addresses, leaks, threads, memory, undefined behaviour) and of Valgrind.
func Sanitizer() Language {
	return Language{
		Name:     "sanitizer",
		Title:    "Sanitizers and Valgrind",
		Hints:    []string{"==", "WARNING: ThreadSanitizer: ", "FATAL: ThreadSanitizer", "AddressSanitizer:DEADLYSIGNAL", "UndefinedBehaviorSanitizer:DEADLYSIGNAL"},
		RowHints: sourceRowHints,
		Marks:    []string{":9"},
		Step:     sanStep,
		Back:     sanBack,
		Read:     sanRead,
	}
}

// sourceRowHints are the bytes with which the name of a source file begins.
var sourceRowHints = func() []string {
	out := []string{"/", "_", "."}
	for c := byte('a'); c <= 'z'; c++ {
		out = append(out, string(c), string(c-'a'+'A'))
	}
	return out
}()

func sanStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	switch s {
	case Outside:
		return sanOpen(l, t)
	case sanRule:
		switch next, v := sanOpen(l, t); {
		case v == Take && next == sanBody:
			return next, v
		case sanRuled(t), sanDeadly(t):
			return sanRule, Hold
		}
	case sanBody:
		return sanInBody(l, t)
	case sanDone:
		return sanInMap(l, t)
	case sanNote:
		return sanInNote(l, t)
	case sanGrind:
		if rest, ok := sanGrinding(t); ok {
			if len(rest) == 0 {
				return Outside, Last
			}
			return sanGrind, Take
		}
	}
	return Outside, No
}

func sanOpen(l, t span) (State, Verdict) {
	if rest, ok := sanGrinding(t); ok {
		if c := rest.left(); c.has("at 0x") {
			return sanGrind, Take
		}
		return Outside, No
	}
	switch {
	case len(t) > 0 && t[0] == '=' && sanRuled(t), sanDeadly(t):
		return sanRule, Hold
	case len(sanTitle(t)) > 0:
		return sanBody, Take
	}
	if _, text, ok := sanUndefined(l); ok && len(text) > 0 {
		return sanNote, Take
	}
	return Outside, No
}

// sanRuled tells whether t is a rule of equals signs.
func sanRuled(t span) bool {
	for _, b := range t {
		if b != '=' {
			return false
		}
	}
	return len(t) >= 18
}

func sanDeadly(t span) bool { return len(t) < 60 && t.ends("Sanitizer:DEADLYSIGNAL") }

// sanPID cuts "==5527==" from the start of t.
func sanPID(t span) (rest span, ok bool) {
	if !t.has("==") || len(t) < 5 {
		return t, false
	}
	_, rest, ok = nativeNumber(t[2:])
	if !ok || !rest.has("==") {
		return t, false
	}
	return rest[2:], true
}

// sanGrinding is the text behind the prefix of a line of Valgrind.
func sanGrinding(t span) (rest span, ok bool) {
	rest, ok = sanPID(t)
	return rest, ok && (len(rest) == 0 || rest[0] == ' ')
}

// sanTitle is what a report says of itself: "AddressSanitizer: heap-buffer-overflow on ...".
func sanTitle(t span) span {
	rest, _ := sanPID(t)
	for _, p := range [...]string{"ERROR: ", "WARNING: ", "FATAL: "} {
		if !rest.has(p) {
			continue
		}
		rest = rest[len(p):]
		if i := bytes.Index(rest[:min(len(rest), 40)], []byte("Sanitizer: ")); i > 0 {
			return rest[i+len("Sanitizer: "):]
		}
	}
	return nil
}

// sanRow reads "#0 0x55ec in uaf() /src/t.cpp:10" or, of the sanitizer of threads, "#0 main pay.c:12 (pay+0x2871)".
func sanRow(t span) (c nativeCall, n int, ok bool) {
	if !t.has("#") {
		return c, 0, false
	}
	n, t, ok = nativeNumber(t[1:])
	if !ok || !t.has(" ") {
		return c, 0, false
	}
	t = t.left()
	if addr, rest, is := nativeHex(t); is {
		c.addr, t = addr, rest.left()
		if t.has("in ") {
			t = t[3:]
		}
	}
	if i := bytes.LastIndex(t, []byte(" (BuildId: ")); i >= 0 {
		t = t[:i]
	}
	c.mod, t = nativeModule(t)
	if t.ends(" <null>") {
		t = t[:len(t)-len(" <null>")]
	}
	c.split(t)
	return c, n, true
}

// sanUndefined reads "pay.cc:11:12: runtime error: signed integer overflow".
func sanUndefined(l span) (c nativeCall, text span, ok bool) {
	i := bytes.IndexByte(l, ':')
	if i < 1 || i+1 >= len(l) || !isDigit(l[i+1]) && l[i+1] != '\\' && l[i+1] != '/' || isBlank(l[0]) {
		return c, nil, false
	}
	if i = bytes.Index(l[:min(len(l), 1024)], []byte(": runtime error: ")); i < 1 {
		return c, nil, false
	}
	c.file, c.line, c.col, ok = nativePlace(l[:i])
	return c, l[i+len(": runtime error: "):].right(), ok && c.col > 0
}

func sanInBody(l, t span) (State, Verdict) {
	if len(t) == 0 {
		return sanBody, Hold
	}
	if _, _, ok := sanRow(t); ok {
		return sanBody, Take
	}
	switch {
	case t.has("SUMMARY: "):
		return sanDone, Take
	case sanRuled(t):
		return Outside, Last
	case t.ends("==ABORTING"):
		return Outside, Last
	case l.indent() > 0, sanKnown(t):
		return sanBody, Take
	}
	return sanBody, Text
}

// sanKnown tells whether a line at column 0 is surely the sanitizer's.
func sanKnown(t span) bool {
	if _, ok := sanPID(t); ok {
		return true
	}
	for _, p := range [...]string{
		"READ of size", "WRITE of size", "freed by thread", "previously allocated by", "allocated by thread", "0x", "Direct leak of", "Indirect leak of",
		"Thread T", "Hint: ", "HINT: ", "NOTE: ", "Address 0x", "Memory access", "The signal is", "Register values", "Objects leaked above:",
	} {
		if t.has(p) {
			return true
		}
	}
	return false
}

// sanInMap is the Step behind the summary.
func sanInMap(l, t span) (State, Verdict) {
	switch {
	case len(t) == 0:
		return sanDone, Hold
	case t.ends("==ABORTING"), sanRuled(t), string(t) == "Exiting":
		return Outside, Last
	case t.has("Shadow "), t.has("=>0x"), t.has("Thread T") && bytes.Contains(t, []byte(" created by ")), t.has("0x"), l.has("  ") && bytes.IndexByte(t, ':') > 0:
		return sanDone, Take
	}
	if _, n, ok := sanRow(t); ok && (n > 0 || l.indent() > 0) { // of where a thread was made
		return sanDone, Take
	}
	if rest, ok := sanPID(t); ok && !rest.has("ERROR") && !rest.has("WARNING") {
		return sanDone, Take
	}
	return Outside, No
}

// sanInNote: behind a runtime error may follow the memory that it is about, and the stack.
func sanInNote(l, t span) (State, Verdict) {
	if _, _, ok := sanRow(t); ok && l.indent() > 0 {
		return sanNote, Take
	}
	switch {
	case t.has("SUMMARY: UndefinedBehaviorSanitizer"):
		return Outside, Last
	case l.indent() >= 10 && !isDigit(t[0]), bytes.Contains(t[:min(len(t), 200)], []byte(": note: ")), l.has(" ") && len(t) > 2 && (nativeDigit(t[0]) && nativeDigit(t[1]) && t[2] == ' ' || t[0] == '^'), l.has(" ") && string(t) == "^":
		return sanNote, Take
	case len(t) == 0:
		return sanNote, Hold
	}
	return Outside, No
}

// sanBack finds the beginning of an error of Valgrind above its first frame.
func sanBack(before Window, opening []byte) int {
	if _, ok := sanGrinding(span(opening).trim()); !ok {
		return 0
	}
	n := before.Len()
	for i := n - 1; i >= max(0, n-6); i-- {
		rest, ok := sanGrinding(span(before.Line(i)).trim())
		if !ok || len(rest.trim()) == 0 || before.Record(i) {
			return n - 1 - i
		}
	}
	return min(n, 6)
}

package trace

// The states of a Rust trace. The upper bits count the lines of a message that
// stand at column 0 (rustHead, rustText) and so might be anything.
const (
	// rustHead: the head of a panic was read, its message follows.
	//
	//	thread 'main' (29885) panicked at src/main.rs:7:16:
	//
	// from: Outside, rustEnd; to: rustText, rustRows, rustEnd
	rustHead State = iota + 1

	// rustText: within the message.
	//
	//	assertion `left == right` failed: split of batch 77
	//	  left: 2
	//
	// from: rustHead; to: rustRows, rustEnd
	rustText

	// rustQuoted: within a message between quotes, as Rust before 1.73 prints it.
	//
	//	thread 'main' panicked at 'first line
	//	second line', src/main.rs:7:16
	//
	// from: Outside; to: rustText
	rustQuoted

	// rustRows: among the rows of a backtrace.
	//
	//	   3: pay::divide
	//	             at ./src/main.rs:5:36
	//
	// from: rustHead, rustText, rustGap; to: rustEnd, rustRowsGap
	rustRows

	// rustRowsGap: a blank line behind rows.
	//
	// from: rustRows; to: rustEnd
	rustRowsGap

	// rustEnd: behind the note; only what an abort adds can follow.
	//
	//	thread caused non-unwinding panic. aborting.
	//
	// from: rustText, rustRows; to: rustHead
	rustEnd

	// rustGuess: the first line of what main returned, which other programs print too.
	//
	//	Error: charge of w-2
	//
	// from: Outside; to: rustGap
	rustGuess

	// rustGap: a blank line between the parts of an error's report.
	//
	// from: rustGuess, rustCauses, rustPlaces; to: rustCauses, rustPlaces, rustRows
	rustGap

	// rustCauses: among the causes of an error.
	//
	//	Caused by:
	//	    0: card declined (51), short of 47 cents
	//
	// from: Outside, rustGap; to: rustGap, rustRows
	rustCauses

	// rustPlaces: the place at which an error was made.
	//
	//	Location:
	//	    src/main.rs:12:5
	//
	// from: rustGap; to: rustGap
	rustPlaces

	// rustReport: the report of error-stack, drawn with lines.
	//
	//	├╴at src/main.rs:10:5
	//	╰─▶ card declined
	//
	// from: rustGuess; to: rustRows
	rustReport

	// rustOverflow: the first of the two lines of a stack overflow.
	//
	//	thread 'main' (29922) has overflowed its stack
	//
	// from: Outside; to: rustDead
	rustOverflow

	// rustDead: behind the last words of a process; only the shell can add to them.
	//
	//	fatal runtime error: stack overflow, aborting
	//
	// from: all; to: none
	rustDead

	// rustHuman: within what human-panic tells a user.
	//
	//	Well, this is embarrassing.
	//
	// from: Outside; to: none
	rustHuman

	// rustFarewell: behind the head of a panic that Substrate's handler prints below the stack.
	//
	//	Thread 'tokio-runtime-worker' panicked at 'no root', frame/executive/src/lib.rs:462
	//
	// from: Outside; to: rustDead
	rustFarewell

	rustKind   State = 0xf
	rustShift        = 4
	rustMaxLow       = 30 // lines of a message at column 0
	rustEaten  State = 1 << 12
	rustLone   State = 1 << 13 // rustRows: below no title, and nothing but their shape speaks for them yet
)

// Rust is the grammar of Rust's panics and backtraces, and of the reports that
// main, anyhow, eyre, color-eyre and error-stack print of an error.
func Rust() Language {
	return Language{
		Name:  "rust",
		Title: "Rust",
		Hints: []string{
			"thread '", rustSubstrate, "panicked at ", "Error: ", "Caused by:", "Caused by this error:", "Caused by these errors ", "Well, this is embarrassing.", "Stack backtrace:", "fatal runtime error: ", "memory allocation of ",
			"The application panicked (crashed).", "Location:", "├", "0: ",
		},
		Step: rustStep,
		Back: rustBack,
		Read: rustRead,
	}
}

func rustStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	if s&rustLone != 0 {
		return rustInLone(s, l, t)
	}
	switch s & rustKind {
	case Outside:
		if t.has("0: ") {
			return rustOpenLone(l)
		}
		return rustOpen(t)
	case rustHead, rustText:
		return rustInMessage(s, l, t)
	case rustQuoted:
		return rustInQuotes(s, t)
	case rustRows, rustRowsGap:
		return rustInRows(s, l, t)
	case rustEnd:
		return rustAfter(t)
	case rustGuess:
		return rustAfterGuess(t)
	case rustGap:
		return rustPart(t)
	case rustCauses:
		return rustInCauses(s, l, t)
	case rustPlaces:
		return rustInPlaces(t)
	case rustReport:
		return rustInReport(l, t)
	case rustHuman:
		return rustInSorry(t)
	case rustOverflow:
		if len(t) == 0 {
			return s, Hold
		}
		if t.has(rustFatal) {
			return rustDead, Take
		}
	case rustFarewell:
		switch {
		case len(t) == 0:
			return s, Hold
		case t.has(rustBug):
			return rustFarewell, Take
		case l.indent() > 0:
			return Outside, Last // where to report it
		}
	case rustDead:
		if rustShell(t) {
			return Outside, Last
		}
	}
	return Outside, No
}

// rustOpen judges an opening line.
func rustOpen(t span) (State, Verdict) {
	if h, ok := rustHeadLine(t); ok {
		switch {
		case h.overflow:
			return rustOverflow, Take
		case h.open:
			return rustQuoted, Hold
		case h.old:
			return rustText, Take
		}
		return rustHead, Take
	}
	switch {
	case len(t) == 0:
		return Outside, No
	case t.has(rustSubstrate):
		if _, ok := rustSubstrateHead(t); ok {
			return rustFarewell, Take
		}
	case t.has(rustFatal), rustAllocation(t):
		return rustDead, Take
	case rustReported(t):
		return rustReport, Take
	case t.has(rustCrashed):
		return rustHead, Take
	case rustCausedBy(t), string(t) == "Stack backtrace:", string(t) == "Location:":
		if s, v := rustPart(t); v != No {
			return s, Hold
		}
	case string(t) == "Error:":
		return rustCauses, Hold
	case string(t) == rustSorry:
		return rustHuman, Hold
	case t.has("Error: ") && rustMiette(t[len("Error: "):].left()):
		return rustReport, Take
	case t.has("Error: "):
		if rustReturned(t[len("Error: "):]) {
			return rustGuess, Take
		}
		return rustGuess, Hold
	}
	return Outside, No
}

// rustInMessage is the Step within a panic's message, which may be anything: it
// ends with the backtrace, with a note, or unmarked where neither is printed.
func rustInMessage(s State, l, t span) (State, Verdict) {
	if next, ok := rustTail(t); ok {
		return next, Take
	}
	if s&rustKind != rustHead && rustAborts(t) {
		return rustDead, Take
	}
	if h, ok := rustHeadLine(t); ok {
		return rustSecond(h)
	}
	if t.has("Location:") || rustRule(t) {
		return rustRows, Take
	}
	if r, ok := rustRow(l); ok && s&rustKind == rustText && rustFirstRow(r) {
		return rustRows, Take
	}
	if s&rustKind == rustHead {
		return rustText, Take
	}
	if l.indent() == 0 && len(t) > 0 && !rustCloses(t) {
		if s>>rustShift >= rustMaxLow {
			return Outside, No
		}
		s += 1 << rustShift
	}
	return s, Text
}

// rustCloses tells whether a line is the closing bracket of pretty-printed Debug output.
func rustCloses(t span) bool { return t[0] == '}' || t[0] == ']' || t[0] == ')' }

func rustInQuotes(s State, t span) (State, Verdict) {
	if _, _, ok := rustUnquote(t); ok {
		return rustText, Take
	}
	if s>>rustShift >= rustMaxLow {
		return Outside, No
	}
	return s + 1<<rustShift, Text
}

// rustTail is the state behind a line that ends a message for certain.
func rustTail(t span) (State, bool) {
	switch {
	case string(t) == "stack backtrace:", string(t) == "Stack backtrace:", string(t) == "Backtrace:":
		return rustRows, true
	case rustNote(t):
		return rustEnd, true
	}
	return Outside, false
}

// rustAfter: behind the note. A panic that must not unwind adds one in the runtime's own name.
func rustAfter(t span) (State, Verdict) {
	switch h, ok := rustHeadLine(t); {
	case len(t) == 0:
		return rustEnd, Hold
	case rustNote(t):
		return rustEnd, Take
	case ok:
		return rustSecond(h)
	case rustAborts(t):
		return rustDead, Take
	}
	return Outside, No
}

// rustSecond judges the head of another panic: only one that the runtime raised
// about the first belongs to it.
func rustSecond(h rustTitle) (State, Verdict) {
	if rustOwn(h.place.file) {
		return rustHead, Take
	}
	return Outside, No
}

func rustAfterGuess(t span) (State, Verdict) {
	switch {
	case len(t) == 0:
		return rustGap, Hold
	case rustDrawn(t), t.has("Diagnostic severity: "):
		return rustReport, Take
	}
	return Outside, No
}

// rustPart is the state behind the title of a part of an error's report.
func rustPart(t span) (State, Verdict) {
	switch {
	case len(t) == 0:
		return rustGap, Hold
	case rustCausedBy(t):
		return rustCauses, Take
	case rustMiette(t):
		return rustReport, Take
	case string(t) == "Location:":
		return rustPlaces, Take
	case string(t) == "Stack backtrace:", rustRule(t):
		return rustRows, Take
	case rustNote(t):
		return rustEnd, Take
	}
	return Outside, No
}

// rustInCauses: where the carrier ate the indent, the further lines of a cause
// look like any text.
func rustInCauses(s State, l, t span) (State, Verdict) {
	_, numbered := rustRow(l)
	switch first := s>>rustShift == 0; {
	case len(t) == 0:
		return rustGap, Hold
	case rustTitled(t):
		return rustPart(t)
	case l.indent() >= 3:
		return rustCauses | 1<<rustShift, Take
	case numbered, first:
		return rustCauses | rustEaten, Take
	case s&rustEaten != 0:
		return s, Text
	}
	return Outside, No
}

func rustTitled(t span) bool {
	_, v := rustPart(t)
	return v != No
}

func rustInPlaces(t span) (State, Verdict) {
	if len(t) == 0 {
		return rustGap, Hold
	}
	if _, ok := rustPlace(t); ok {
		return rustPlaces, Take
	}
	return rustPart(t)
}

func rustInReport(l, t span) (State, Verdict) {
	switch {
	case rustDrawn(t), len(t) > 0 && l.indent() >= 4, rustSnippet(l, t):
		return rustReport, Take
	case len(t) == 0:
		return rustReport, Hold
	case rustRule(t):
		return rustRows, Take
	}
	return Outside, No
}

package trace

import "bytes"

// Every function here answers for a few states. t is the line without the
// indent of the whole dump, n what remains of its indent.

// goStepHead stands between "panic: boom" and the first goroutine. A message
// may have many lines; since Go 1.18 they begin with a tab.
func goStepHead(s State, t span, n int) (State, Verdict) {
	if s&goCount >= goPatient*goOne {
		return s, No
	}
	more := s + goOne
	rest := t[n:]
	switch {
	case len(rest) == 0: // above the goroutine, or inside the message
		return more, Hold
	case n == 0 && (goGoroutine(t) || goSystem(t)), s&goKind == goEcho && goGoroutineAt(t) > 0:
		return goTo(s, goDump), Take
	case goRowLine(rest):
		return goTo(s, goRow), Take
	case t.has(" -> "):
		return goTo(s, goPretty), Take
	case n <= 1 && goHeadLine(rest), // "\tpanic: second", raised by a deferred function
		t.has("PC=0x"), t.has("signal arrived during"), t.has("[signal "):
		return more, Hold
	}
	// Text and not Hold: a log record here ends the guess.
	return more, Text
}

// goStepDump stands in the stack of a goroutine. A call is held until its place
// follows: the line behind a dump may look like one.
func goStepDump(s State, t span, n int) (State, Verdict) {
	rest := t[n:]
	if s&goKind == goCall {
		if _, ok := goFileLine(rest); ok || rest.has("pc=0x") { // "pc=0x": C code without symbols
			return goTo(s, goFile), Take
		}
		return s, No
	}
	switch {
	case len(rest) == 0:
		return goTo(s, goGap), Hold
	case goCreated(rest):
		return goTo(s, goCall), Take
	case goGoroutine(rest), goSystem(rest): // a carrier dropped the blank line
		return goTo(s, goDump), Take
	case goElision(rest):
		return goTo(s, goFile), Take
	case rest.has("[originating from goroutine "), rest.has("goroutine running on other thread"):
		return goTo(s, goDump), Take
	case s&goKind == goFile && (t.has("exit status ") || t.has("[process exited]")): // says go run
		return s, Last
	case goRegisterLine(t):
		return goTo(s, goRegister), Take
	}
	if _, ok := goCallLine(rest); ok || rest.has("non-Go function") {
		return goTo(s, goCall), Hold
	}
	return s, No
}

// goStepGap stands behind a blank line below a goroutine.
func goStepGap(s State, t span, n int) (State, Verdict) {
	rest := t[n:]
	switch {
	case len(rest) == 0:
		return s, Hold
	case goGoroutine(rest), goSystem(rest):
		return goTo(s, goDump), Take
	case goElision(rest):
		return goTo(s, goFile), Take
	case goRegisterLine(t):
		return goTo(s, goRegister), Take
	case t.has("exit status "):
		return s, Last
	case t.has("SIGABRT: abort"): // glog prints the stack and then kills itself
		return goTo(s, goHead), Take
	}
	return s, No
}

// goStepError stands in an error that carries stacks: functions without
// parentheses and their places, innermost error first. A message follows only a
// stack that is complete, at runtime.goexit or at the most frames that
// pkg/errors records; zap's stack leaves goexit out and is followed by anything.
// A few lines are taken as they come.
func goStepError(s State, t span, n int) (State, Verdict) {
	rest := t[n:]
	kind := s & goKind
	if kind == goFunc || kind == goExit {
		// The runtime's offset would make it a goroutine's frame.
		if f, ok := goFileLine(rest); ok && f.bare {
			if kind == goExit {
				return goTo(s, goEnd), Take
			}
			return goTo(s, goAt) | min(s&goCount+goOne, goCount), Take
		}
	}
	full := kind == goEnd || kind == goWrap || kind == goInner || s&goCount >= goDepth*goOne
	switch {
	case len(rest) == 0:
		if full && kind != goWrap {
			return goTo(s, goWrap), Hold
		}
		return s, No
	case t.has("  - ") && kind == goAt: // xerrors: outermost error first
		return goTo(s, goInner), Take
	case t.has(goCausedBy) && kind == goWrap: // tozd, too
		return goTo(s, goInner) | goCaused, Take
	case s&goCaused != 0 && goMostRecent(t):
		return goTo(s, goWrap)&^goCaused | goWraps*goOne, Take
	case kind == goAt && rest[len(rest)-1] == ')': // an inlined call, whose place has no offset, opened the trace
		if _, ok := goCallLine(rest); ok {
			return goTo(s, goCall), Hold
		}
		return s, No
	case goFuncLine(rest):
		if string(rest) == "runtime.goexit" {
			return goTo(s, goExit) | s&goCount, Hold
		}
		if full {
			return goTo(s, goFunc), Hold
		}
		return goTo(s, goFunc) | s&goCount, Hold
	case full && n == 0 && kind != goWrap && !goHeadLine(rest):
		return goTo(s, goWrap) | goOne, Text
	case kind == goAt && n == 0 && s&goTerse != 0 && goShortFunc(rest):
		return goTo(s, goFunc) | s&goCount, Hold
	case kind == goWrap && n == 0 && s&goCount < goWraps*goOne && !goHeadLine(rest):
		return goTo(s, goWrap) | (s&goCount + goOne), Text
	}
	return s, No
}

// goStepDrawn stands in the rows of gin and go-errors or in chi's drawing.
func goStepDrawn(s State, t span, n int) (State, Verdict) {
	switch s & goKind {
	case goRow:
		// "\tsettle: return wallet.Charge(id)", its tab maybe eaten.
		if at := bytes.Index(t, []byte(": ")); n > 0 || at > 0 && bytes.IndexByte(t[:at], ' ') < 0 {
			return goTo(s, goSource), Take
		}
	case goSource:
		switch {
		case goRowLine(t[n:]):
			return goTo(s, goRow), Take
		case n == len(t): // gin ends with the line that switches the colour off
			return s, Last
		}
	case goPretty:
		switch {
		case n == len(t):
			return s, Hold
		case n >= 4, t.has(" ->"), t.has("->"):
			return s, Take
		}
	}
	return s, No
}

// goStepRace stands in a report of the race detector: headings at the left,
// functions two blanks in, places six.
func goStepRace(s State, t span, n int) (State, Verdict) {
	rest := t[n:]
	if s&goKind == goRule {
		if rest.has("WARNING: DATA RACE") {
			return goRace | State(min(n, goMost))<<goShift, Take
		}
		return s, No
	}
	switch {
	case len(rest) == 0:
		return s, Hold
	case goRuleLine(rest):
		return s, Last
	case n == 0 && goRaceHead(rest) != "", n >= 2:
		return s, Take
	}
	return s, No
}

package trace

import "bytes"

// The states of an Elixir trace. Where a state counts, the upper bits hold the
// lines of a message that stand at column 0 and so might be anything.
const (
	// elixirHead: the head of an exception was read; its message may go on.
	//
	//	** (FunctionClauseError) no function clause matching in A.B.g/1
	//
	// from: Outside, elixirEnd; to: elixirRows, elixirEnd
	elixirHead State = iota + 1

	// elixirRows: among the frames.
	//
	//	    pay.exs:11: SurePay.Wallet.decline/0
	//	    (elixir 1.14.0) lib/code.ex:1245: Code.require_file/2
	//
	// from: elixirHead, elixirRows; to: elixirEnd
	elixirRows

	// elixirEnd: among what a process says of itself as it dies; values take several lines.
	//
	//	Last message (from #PID<0.96.0>): :boom
	//	State: %{batch: 77}
	//
	// from: elixirHead, elixirRows; to: elixirRows (the client's frames)
	elixirEnd

	elixirKind   State = 0xf
	elixirShift        = 4
	elixirMaxLow       = 20 // lines of a message at column 0
)

// Elixir is the grammar of what Exception.format prints, of the reports of
// processes that Elixir's logger writes around it, and of nested exits.
func Elixir() Language {
	return Language{Name: "elixir", Title: "Elixir", Hints: []string{"** ("}, RowHints: []string{"    "}, Step: elixirStep, Back: elixirBack, Read: elixirRead}
}

func elixirStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	if s == Outside {
		return elixirOpen(l)
	}
	if len(t) == 0 {
		return s, Hold
	}
	if l.indent() == 0 && t.has("** (") {
		if h, ok := elixirHeadLine(t); ok && s&elixirKind == elixirHead && string(h.name) == "EXIT" {
			return elixirHead, Take // a carrier that eats blanks
		}
		return Outside, No
	}
	switch s & elixirKind {
	case elixirHead:
		return elixirInMessage(s, l, t)
	case elixirRows:
		return elixirInRows(l, t)
	}
	return elixirInEnd(s, l, t)
}

// elixirOpen judges an opening line. What has the shape of a head but neither
// the name of an error nor a module may be a remark.
func elixirOpen(l span) (State, Verdict) {
	if l.indent() >= 4 {
		if c, ok := elixirRow(l); ok && c.line > 0 {
			return elixirRows, Take
		}
	}
	if l.indent() > 0 {
		return Outside, No
	}
	h, ok := elixirHeadLine(l.right())
	switch {
	case !ok:
		return Outside, No
	case h.sure():
		return elixirHead, Take
	}
	return elixirHead, Hold
}

// elixirLongest is how many lines of a message are looked at for its head.
const elixirLongest = 60

// elixirBack finds the head above the first frame, where a program logged it
// behind words of its own: "[error] settle failed: ** (Pay.Short) no".
func elixirBack(before Window, opening []byte) int {
	if span(opening).indent() < 4 {
		return 0
	}
	n := before.Len()
	for i := n - 1; i >= max(0, n-elixirLongest); i-- {
		l := span(before.Line(i))
		if before.Record(i) || l.indent() == 0 {
			if _, _, ok := elixirWithin(l); ok {
				return n - i
			}
		}
		if before.Record(i) {
			break
		}
	}
	return 0
}

// elixirWithin finds a head in a line and what stands in front of it.
func elixirWithin(l span) (h elixirTop, lead span, ok bool) {
	i := bytes.Index(l[:min(len(l), 1024)], []byte("** ("))
	if i < 0 {
		return h, nil, false
	}
	h, ok = elixirHeadLine(l[i:].right())
	return h, bytes.TrimRight(l[:i], " \t:-"), ok
}

func elixirInMessage(s State, l, t span) (State, Verdict) {
	if _, ok := elixirHeadLine(t); ok {
		return elixirHead, Take
	}
	if _, ok := elixirRow(l); ok {
		return elixirRows, Take
	}
	if elixirTitle(t) && l.indent() == 0 {
		return elixirEnd, Take
	}
	if l.indent() == 0 {
		if s>>elixirShift >= elixirMaxLow {
			return Outside, No
		}
		s += 1 << elixirShift
	}
	return s, Text
}

func elixirInRows(l, t span) (State, Verdict) {
	if _, ok := elixirRow(l); ok {
		return elixirRows, Take
	}
	if elixirTitle(t) {
		return elixirEnd, Take
	}
	if _, ok := elixirHeadLine(t); ok && l.indent() > 0 {
		return elixirHead, Take
	}
	return Outside, No
}

// elixirInEnd is the Step behind the frames of a process that died. A value is
// printed as inspect does it: closing brackets at column 0, the rest indented.
func elixirInEnd(s State, l, t span) (State, Verdict) {
	if _, ok := elixirRow(l); ok {
		return elixirRows, Take
	}
	switch {
	case elixirTitle(t):
		return elixirEnd, Take
	case l.indent() > 0, t[0] == '}', t[0] == ']', t[0] == ')', t[0] == '>', t[0] == '%':
		return s, Text
	}
	return Outside, No
}

// elixirTitle tells whether a line begins a field of a process's report.
func elixirTitle(t span) bool {
	for _, p := range [...]string{
		"Last message", "State: ", "State:", "Client #PID<", "Client :", "Client ", "Function: ", "Args: ", "Server: ", "Request: ", "Queue: ", "Postponed: ",
		"Start Call: ", "Initial Call: ", "Ancestors: ", "Message Queue Length: ", "Messages: ", "Links: ", "Dictionary: ",
		"Trapping Exits: ", "Restart: ", "Shutdown: ", "Type: ", "Status: ", "Heap Size: ", "Stack Size: ", "Reductions: ", "Neighbours:", "Pid: ", "Process Label: ", "Callback mode: ",
	} {
		if !t.has(p) {
			continue
		}
		switch p {
		case "Client ":
			return t.ends(" is alive") || t.ends(" is dead") || t.ends(" stacktrace")
		case "State:":
			return len(t) == len(p)
		}
		return true
	}
	return false
}

package trace

import "bytes"

// The states of an Erlang report; the low byte is the state.
const (
	// erlangTerm: within a term that may take several lines; a blank line ends it.
	//
	//	Error in process <0.79.0> with exit value:
	//	{{badkey,w1},
	//	 [{pay,find,2,[{file,"pay.erl"},{line,2}]}]}
	//
	// from: Outside; to: none
	erlangTerm State = iota + 1

	// erlangCrash: within a crash report, or the stack of an escript.
	//
	//	  crasher:
	//	    exception error: bad key: w2
	//	      in function  map_get/2
	//
	// from: Outside; to: none
	erlangCrash

	// erlangStars: within the report of a server that terminates.
	//
	//	** Generic server pay terminating
	//	** Reason for termination ==
	//
	// from: Outside; to: none
	erlangStars

	// erlangSuper: within the report of a supervisor.
	//
	//	    supervisor: {local,pay_sup}
	//	    errorContext: child_terminated
	//
	// from: Outside; to: none
	erlangSuper

	// erlangCopy: within what init prints once more, a message of several lines in it as it is.
	//
	//	init terminating in do_boot ({three things are wrong:
	//	  - the card,[{pay,run,1,[{_},{_}]}]})
	//
	// from: Outside, erlangTerm; to: none
	erlangCopy

	erlangKind State = 0xff

	// The line before ends within a term: "** When Server state == #{list =>".
	erlangOpen State = 1 << 8
)

// Erlang is the grammar of the reports of Erlang's error logger, on several
// lines or on one: of processes, of what proc_lib, gen_server and supervisors
// tell of an end, of escripts and of a node that does not start; and of how
// Lager and CouchDB say the same in one sentence.
func Erlang() Language {
	return Language{
		Name:  "erlang",
		Title: "Erlang",
		Hints: []string{
			"Error in process <", "crasher:", "** Generic server ", "** State machine ", "** Generic event manager ", "** gen_event handler ", "** gen_server ",
			"escript: exception ", "** exception ", "init terminating in do_boot", `{"init terminating in do_boot"`, "Runtime terminating during boot",
			"Generic server ", "Generic event handler ", "State machine ", "supervisor: {", "supervisor: <", "Supervisor: {", "Supervisor: <", "<0.", "[{",
			"gen_server ", "gen_fsm ", "gen_statem ", "gen_event ", "CRASH REPORT ", "Supervisor ", "Ranch listener ",
		},
		Step: erlangStep,
		Back: erlangBack,
		Read: erlangRead,
	}
}

func erlangStep(s State, line []byte) (State, Verdict) {
	l := erlangOwn(line)
	t := l.trim()
	open := s&erlangOpen != 0
	if len(t) == 0 && len(line) > 0 && line[0] == '<' && s != Outside { // the blank line of a logger that names the process
		return Outside, Last
	}
	switch s &= erlangKind; s {
	case Outside:
		return erlangFirst(t)
	case erlangTerm:
		switch {
		case len(t) == 0, t.has(`{"init terminating`):
			return Outside, No
		case t.has("init terminating in do_boot ("): // the same once more
			return erlangCopied(t)
		case l.indent() > 0, erlangGoesOn(t, open), t.has("Crash dump is being written to: "):
			return erlangAfter(s, t), Take
		}
	case erlangCopy:
		if t.ends("})") {
			return Outside, Last
		}
		return s, Hold
	case erlangCrash:
		if len(t) > 0 && (l.indent() > 0 || open && erlangGoesOn(t, true) || erlangField(t)) {
			return erlangAfter(s, t), Take
		}
	case erlangStars:
		if t.has("** ") || len(t) > 0 && (l.indent() > 0 || erlangGoesOn(t, open)) {
			return erlangAfter(s, t), Take
		}
	case erlangSuper:
		if len(t) > 0 && (l.indent() > 0 || open && erlangGoesOn(t, true) || t.has("errorContext: ") || t.has("reason: ") || t.has("offender: ")) {
			return erlangAfter(s, t), Take
		}
	}
	return Outside, No
}

// erlangOwn takes off the process that RabbitMQ and others name in front of every line, "<0.555.0> ".
func erlangOwn(line []byte) span {
	t := span(line)
	if !t.has("<0.") {
		return t
	}
	if i := bytes.IndexByte(t[:min(len(t), 24)], '>'); i > 0 && (i+1 == len(t) || t[i+1] == ' ') {
		return t[min(i+2, len(t)):]
	}
	return t
}

// erlangAfter adds to a state whether a term goes on behind its line.
func erlangAfter(s State, t span) State {
	if t.ends(",") || t.ends("=>") || t.ends("==") || t.ends("{") || t.ends("[") || t.ends(" =") {
		s |= erlangOpen
	}
	return s
}

// erlangGoesOn tells whether a line at column 0 can be part of a term whose indent a carrier
// ate; open says that the line before ends within one. Records begin likewise: "[error] ...", `{"time":...`, "<3>...".
func erlangGoesOn(t span, open bool) bool {
	next := byte(0)
	if len(t) > 1 {
		next = t[1]
	}
	switch b := t[0]; {
	case b == '}' || b == ']' || b == '"' || b == '\'' || b == '#':
		return true
	case b == '{':
		return next != '"'
	case b == '[':
		return next == '{' || next == '<' || next == '"' || next == '[' || next == ']'
	case b == '<':
		return next == '<' || next == '0'
	case isDigit(b):
		return open && !bytes.ContainsAny(t[:min(len(t), 5)], "-:/T")
	}
	return open && t[0] >= 'a' && t[0] <= 'z'
}

// erlangFirst judges an opening line.
func erlangFirst(t span) (State, Verdict) {
	if len(t) < 8 {
		return Outside, No
	}
	switch t[0] {
	case '[':
		if erlangListed(t) {
			return erlangTerm, Take
		}
		return Outside, No
	case '*':
		switch {
		case t.has("** exception error: "), t.has("** exception exit: "), t.has("** exception throw: "):
			return erlangCrash, Take
		case t.has("** ") && bytes.Contains(t, []byte(" terminating")), t.has("** gen_event handler ") && t.ends(" crashed."):
			return erlangStars, Take
		}
		return Outside, No
	}
	switch {
	case t.has("Error in process <"):
		if i := bytes.Index(t, []byte(" with exit value:")); i > 0 {
			return erlangTerm, Take
		}
	case t.has("init terminating in do_boot ("):
		return erlangCopied(t)
	case t.has(`{"init terminating in do_boot"`), t.has("Runtime terminating during boot ("):
		return erlangTerm, Take
	case string(t) == "crasher:", t.has("escript: exception "):
		return erlangCrash, Take
	case erlangSentence(t):
		return Outside, Last
	case t.has("supervisor: ") && (t[12] == '{' || t[12] == '<'):
		return erlangSuper, Hold
	}
	return Outside, No
}

// erlangCopied is the state behind the first line of what init prints.
func erlangCopied(t span) (State, Verdict) {
	if t.ends(")") {
		return Outside, Last
	}
	return erlangCopy, Take
}

// erlangListed tells whether a stack begins here that a program printed: [{pay,find,2,
func erlangListed(t span) bool {
	i := bytes.IndexByte(t, ',')
	if !t.has("[{") || i < 3 || !erlangAtom(t[2:i]) {
		return false
	}
	k := bytes.IndexByte(t[i+1:], ',')
	if k < 1 || !erlangAtom(t[i+1:][:k].trim()) {
		return false
	}
	rest := t[i+k+2:].trim()
	return len(rest) == 0 || isDigit(rest[0]) || rest[0] == '['
}

// erlangSentence knows the reports that are told on one line.
func erlangSentence(t span) bool {
	switch t[0] {
	case 'G', 'S', 's', 'c', 'g', 'C', 'R':
	default:
		return false
	}
	for _, s := range [...][2]string{
		{"Generic server ", " terminating. Reason: "}, {"Generic event handler ", " Reason: "}, {"State machine ", " terminating. Reason: "},
		{"crasher: initial call: ", ", ancestors: "}, {"supervisor: ", ", reason: "}, {"Supervisor: ", ". Reason: "},
		{"gen_", " terminated with reason: "}, {"CRASH REPORT ", " with reason: "}, {"Supervisor ", " exit with reason "}, {"Ranch listener ", " exit with reason"},
	} {
		if t.has(s[0]) {
			return bytes.Contains(t, []byte(s[1]))
		}
	}
	return false
}

// erlangBack takes the record in front along where it has no message of its own, as
// "=ERROR REPORT==== 22-Nov-2026::13:30:24 ===", and what a program says above a stack.
func erlangBack(before Window, opening []byte) int {
	n := before.Len()
	if n == 0 {
		return 0
	}
	above := erlangOwn(before.Line(n - 1)).trim()
	switch {
	case before.Record(n-1) && len(above) == 0:
		return 1
	case !erlangOwn(opening).trim().has("[{"), len(above) == 0:
		return 0
	case !before.Record(n-1) && n > 1 && before.Record(n-2) && len(erlangOwn(before.Line(n-2)).trim()) == 0:
		return 2
	}
	return 1
}

// erlangField tells whether a line is surely one of a crash report, even if a carrier ate its indent.
func erlangField(t span) bool {
	for _, p := range [...]string{
		"initial call: ", "pid: <", "registered_name: ", "exception error: ", "exception exit: ", "exception throw: ", "in function ", "in call from ", "in operator ", "called as ", "ancestors: ", "message_queue_len: ",
		"messages: ", "links: ", "dictionary: ", "trap_exit: ", "status: ", "heap_size: ", "stack_size: ", "reductions: ", "neighbours:", "*** argument ", "neighbour:", "current_function: ", "current_stacktrace: ", "process_label: ",
	} {
		if t.has(p) {
			return true
		}
	}
	return false
}

package trace

import "bytes"

// The states of an Erlang report.
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
)

// Erlang is the grammar of the reports of Erlang's error logger: of processes,
// of what proc_lib and gen_server tell of their end, of escripts and of a node
// that does not start.
func Erlang() Language {
	return Language{
		Name:  "erlang",
		Title: "Erlang",
		Hints: []string{
			"Error in process <", "crasher:", "** Generic server ", "** State machine ", "** Generic event manager ", "** gen_event handler ",
			"escript: exception ", "** exception ", "init terminating in do_boot", `{"init terminating in do_boot"`, "Runtime terminating during boot",
		},
		Step: erlangStep,
		Read: erlangRead,
	}
}

func erlangStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	switch s {
	case Outside:
		return erlangOpen(t)
	case erlangTerm:
		switch {
		case len(t) == 0, t.has(`{"init terminating`):
			return Outside, No
		case t.has("init terminating in do_boot ("): // the same once more
			return Outside, Last
		case l.indent() > 0, t[0] == '{', t[0] == '[', t[0] == '}', t[0] == ']', t[0] == '"', t[0] == '#', t[0] == '<', t[0] == '\'', t.has("Crash dump is being written to: "):
			return s, Take
		}
	case erlangCrash:
		if l.indent() > 0 && len(t) > 0 || erlangField(t) {
			return s, Take
		}
	case erlangStars:
		if t.has("** ") || l.indent() > 0 && len(t) > 0 {
			return s, Take
		}
	}
	return Outside, No
}

func erlangOpen(t span) (State, Verdict) {
	switch {
	case t.has("Error in process <") && bytes.Contains(t, []byte(" with exit value:")):
		return erlangTerm, Take
	case t.has("init terminating in do_boot ("):
		return Outside, Last
	case t.has(`{"init terminating in do_boot"`), t.has("Runtime terminating during boot ("):
		return erlangTerm, Take
	case string(t) == "crasher:", t.has("escript: exception "):
		return erlangCrash, Take
	case t.has("** exception error: "), t.has("** exception exit: "), t.has("** exception throw: "):
		return erlangCrash, Take
	case t.has("** ") && bytes.Contains(t, []byte(" terminating")), t.has("** gen_event handler ") && t.ends(" crashed."):
		return erlangStars, Take
	}
	return Outside, No
}

// erlangField tells whether a line is surely one of a crash report, even if a carrier ate its indent.
func erlangField(t span) bool {
	for _, p := range [...]string{
		"initial call: ", "pid: <", "registered_name: ", "exception error: ", "exception exit: ", "exception throw: ", "in function ", "in call from ", "called as ", "ancestors: ", "message_queue_len: ",
		"messages: ", "links: ", "dictionary: ", "trap_exit: ", "status: ", "heap_size: ", "stack_size: ", "reductions: ", "neighbours:", "*** argument ", "neighbour:", "current_function: ", "current_stacktrace: ", "process_label: ",
	} {
		if t.has(p) {
			return true
		}
	}
	return false
}

package trace

// Ruby is the grammar of Ruby's error printer (1.8 to 3.4, JRuby, either order),
// and of backtraces as Logger, Rails, Sidekiq, Puma and Sinatra write them: a
// line that names the exception, then bare rows.
func Ruby() Language {
	return Language{Name: "ruby", Title: "Ruby", Hints: rubyHints, RowHints: rubyRowHints, Marks: []string{":9", "::", "Error: ", "Exception: ", "Error (", "Exception (", ":\n"}, Step: rubyStep, Back: rubyBack, Read: rubyRead}
}

// The states. Above the low byte stands a digest of the trace's first header: the
// same header again is a second print, any other one a cause.
const (
	// rubyThread: "#<Thread:0x0000 pay.rb:25 run> terminated with exception"; next rubyHead.
	rubyThread State = iota + 1

	// rubyHead: a header and the further lines of its message; next rubyFrom, rubyRows, rubyHead of a cause.
	//
	//	pay.rb:8:in `debit': no funds (Acme::Declined)
	rubyHead

	// rubyFrom: "\tfrom pay.rb:9:in `load'"; next rubyHead of a cause, which has its rows in full.
	rubyFrom

	// rubyGuess: a line that may name the exception whose rows follow; next rubyRows.
	//
	//	NoMethodError (undefined method `x' for nil:NilClass):
	rubyGuess

	// rubyRows: "app/models/pay.rb:9:in `load'"; next rubyGap, rubyCause.
	rubyRows

	// rubyGap: a blank line behind rows; next rubyCause.
	rubyGap

	// rubyCause: "Caused by: KeyError (key not found)", "Information for cause: KeyError (key not found):"; next rubyRows.
	rubyCause

	// rubyBottom: "\t3: from pay.rb:9:in `load'", oldest first, and the header below; then maybe what it caused.
	rubyBottom
)

const (
	rubyKind  State = 0xff
	rubyShift       = 8
)

var rubyHints = []string{"#<Thread:", "Rack app (", "./", "../", "~/", "(eval", "(irb)", "(erb)", "(pry)", "<internal:", "<main>", "-e:", "-:", "RUBY.", "org.jruby.", "\t "}

var rubyRowHints = func() []string {
	out := []string{"/", "_", "[", "#0 /", "#1 /", "#2 /", "#3 /"} // Fluentd puts the number of a worker in front
	for c := byte('a'); c <= 'z'; c++ {                            // a row begins with the name of a file
		out = append(out, string(c), string(c-'a'+'A'))
	}
	for c := byte('1'); c <= '9'; c++ {
		out = append(out, "\t"+string(c))
	}
	return out
}()

// rubyStep is Language.Step.
func rubyStep(s State, raw []byte) (State, Verdict) {
	line := span(raw)
	if s == Outside {
		return rubyOpen(line)
	}
	t := rubyUntagged(line)
	if len(t.right()) == 0 {
		return rubyStepBlank(s)
	}
	l, ok := rubyLine(t)
	switch s & rubyKind {
	case rubyThread:
		if ok && l.kind == rubyIsHeader {
			return rubyAfter(t), Take
		}
	case rubyHead, rubyFrom, rubyRows:
		return rubyStepStack(s, t, l, ok)
	case rubyGuess, rubyCause:
		switch {
		case ok && (l.kind == rubyIsRow || l.kind == rubyIsFrom):
			return rubyTo(s, rubyRows), Take
		case rubyJava(t) > 0:
			return rubyTo(s, rubyRows), Take
		case rubyExcerpt(t), rubyLinked(t):
			return s, Hold
		case s&rubyKind == rubyCause && !ok:
			return s, Text
		}
	case rubyGap:
		if rubyLinked(t) {
			return rubyTo(s, rubyCause), Hold
		}
	case rubyBottom:
		switch {
		case ok && l.kind == rubyIsNumbered, rubyLevels(t) > 0:
			return s, Take
		case ok && l.kind == rubyIsHeader && l.sure:
			return s, Take
		}
	}
	return s, No
}

// rubyStepBlank follows a blank line: within a message, or below rows.
func rubyStepBlank(s State) (State, Verdict) {
	switch s & rubyKind {
	case rubyHead, rubyCause:
		return s, Text
	case rubyGuess:
		return s, Hold
	case rubyRows:
		return rubyTo(s, rubyGap), Hold
	}
	return s, No
}

// rubyStepStack follows headers and rows.
func rubyStepStack(s State, t span, l rubyParts, ok bool) (State, Verdict) {
	kind := s & rubyKind
	switch {
	case ok && l.kind == rubyIsHeader && l.sure:
		if kind == rubyRows { // Ruby's own printer says "from"
			return s, No
		}
		if rubyDigest(t) == s>>rubyShift {
			return s, No
		}
		return rubyTo(s, rubyHead), Take
	case ok && l.kind == rubyIsFrom && kind != rubyRows:
		return rubyTo(s, rubyFrom), Take
	case ok && l.kind == rubyIsRow && kind != rubyFrom && (!l.bare || kind == rubyRows):
		return rubyTo(s, rubyRows), Take
	case kind != rubyHead && rubyLevels(t) > 0:
		return s, Take
	case kind == rubyRows && rubyLinked(t):
		return rubyTo(s, rubyCause), Hold
	case kind == rubyRows && (rubyJava(t) > 0 || string(t.right()) == "suppressed same stacktrace"): // Fluentd's
		return s, Take
	case ok && l.kind == rubyIsNumbered && kind == rubyHead:
		return rubyTo(s, rubyBottom), Take
	case kind == rubyHead && !t.has(rubyThreadMark):
		return s, Text
	}
	return s, No
}

func rubyTo(s, kind State) State { return s&^rubyKind | kind }

// rubyAfter is the state behind the first header of a trace.
func rubyAfter(header span) State { return rubyHead | rubyDigest(header)<<rubyShift }

// rubyDigest is 24 bits that tell one header from another (FNV-1a).
func rubyDigest(t span) State {
	h := uint32(2166136261)
	for _, b := range t.right() {
		h = (h ^ uint32(b)) * 16777619
	}
	return State(h >> rubyShift)
}

// rubyOpen looks at a line outside of any trace.
func rubyOpen(line span) (State, Verdict) {
	t := rubyUntagged(line)
	if t.has(rubyThreadMark) {
		if t.right().ends("terminated with exception (report_on_exception is true):") {
			return rubyThread, Hold
		}
		return Outside, No
	}
	if rubyServed(t) {
		return rubyGuess, Take
	}
	l, ok := rubyLine(t)
	if !ok {
		if (t.has("RUBY.") || t.has("org.jruby.")) && rubyJava(t) > 0 {
			return rubyRows, Take
		}
		if rubyNamed(t) && rubyGuessable(t) {
			if rubyWhole(t) {
				return rubyGuess, Take
			}
			return rubyGuess, Hold
		}
		return Outside, No
	}
	switch l.kind {
	case rubyIsHeader:
		if l.sure {
			return rubyAfter(t), Take
		}
		return rubyAfter(t), Hold
	case rubyIsFrom:
		return rubyFrom, Take
	case rubyIsNumbered:
		return rubyBottom, Hold
	}
	if l.bare {
		return Outside, No
	}
	return rubyRows, Take
}

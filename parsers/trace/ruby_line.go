package trace

import "bytes"

// What rubyLine finds.
const (
	rubyIsRow      = iota + 1 // "pay.rb:9:in `load'", "actionpack (5.1.4) lib/a.rb:63:in `call'"
	rubyIsFrom                // "from pay.rb:9:in `load'"
	rubyIsNumbered            // "3: from pay.rb:9:in `load'"
	rubyIsHeader              // "pay.rb:8:in `debit': no funds (Acme::Declined)"
)

// rubyParts is a line that names a place.
type rubyParts struct {
	kind  int
	gem   span // "actionpack" where the row names one
	file  span
	line  int
	label span // "block in load"; empty where none is printed
	rest  span // of a header: "no funds (Acme::Declined)"
	sure  bool // of a header: it names the class
	bare  bool // of a row: nothing but a place, "app/views/pay.html.erb:3"; other texts look so, too
}

const (
	rubyThreadMark = "#<Thread:"
	rubyCausedBy   = "Caused by:"    // of Rake; the exception stands on the next line
	rubyAborted    = "rake aborted!" // above what Rake died of
	rubyInline     = "inline template"
	rubyLongName   = 400 // bytes of a file name that are searched for a line number
)

// rubyLine reads a line that begins with a place. t has no leading blanks.
func rubyLine(t span) (l rubyParts, ok bool) {
	l.kind = rubyIsRow
	switch {
	case t.has("from "):
		t, l.kind = t[len("from "):], rubyIsFrom
	case len(t) > 0 && isDigit(t[0]):
		i := 0
		for i < len(t) && isDigit(t[i]) {
			i++
		}
		if t[i:].has(": from ") {
			t, l.kind = t[i+len(": from "):], rubyIsNumbered
		}
	}
	at, in := rubyColon(t)
	if at < 1 {
		return l, false
	}
	l.file = t[:at]
	if !rubyFile(l.file) {
		return l, false
	}
	end := at + 1
	for end < len(t) && isDigit(t[end]) {
		end++
	}
	l.line, ok = t[at+1 : end].number()
	if !ok {
		return l, false
	}
	if !in {
		return rubyUnlabelled(l, t[end:])
	}
	label := t[end+len(":in '"):]
	stop := bytes.IndexByte(label, '\'')
	if stop < 0 {
		return l, false
	}
	l.label = label[:stop]
	l.cutGem()
	rest := label[stop+1:].right()
	switch {
	case len(l.label) == 0 || len(l.file) == 0:
		return l, false
	case len(rest) == 0:
		return l, true
	case l.kind != rubyIsRow || !rest.has(": "):
		return l, false
	}
	return rubyHeader(l, rest[2:])
}

// rubyColon is the colon in front of the line number: the one before ":in `",
// or else, in a line that has no label, the first one that a number follows.
func rubyColon(t span) (at int, in bool) {
	search := t[:min(len(t), rubyLongName)]
	if bytes.IndexByte(search, ':') < 0 {
		return -1, false
	}
	for p := 0; ; {
		i := bytes.Index(search[p:], []byte(":in "))
		if i < 0 {
			break
		}
		p += i
		at = p
		for at > 0 && isDigit(t[at-1]) {
			at--
		}
		if at--; at > 0 && at < p-1 && t[at] == ':' && p+4 < len(t) && (t[p+4] == '`' || t[p+4] == '\'') {
			return at, true
		}
		p += len(":in ")
	}
	for p := 0; ; p++ {
		i := bytes.IndexByte(search[p:], ':')
		if i < 0 || p+i+1 >= len(t) {
			return -1, false
		}
		if p += i; isDigit(t[p+1]) {
			if p < 2 || t[p-1] == ' ' || isDigit(t[p-1]) { // a time of day
				return -1, false
			}
			return p, false
		}
	}
}

// rubyUnlabelled reads what has no label: "from pay.rb:5" of the top level, and
// the header of a syntax error, "pay.rb:3: unexpected end (SyntaxError)".
func rubyUnlabelled(l rubyParts, rest span) (rubyParts, bool) {
	rest = rest.right()
	script := l.file.ends(".rb") || l.file.ends(".ru") || l.file.ends(".rake") || string(l.file) == "-e"
	template := l.file.ends(".erb") || l.file.ends(".haml") || l.file.ends(".slim") || l.file.ends(".jbuilder") || l.file.ends(".builder") || string(l.file) == rubyInline
	switch {
	case !script && !template:
		return l, false
	case len(rest) == 0:
		l.bare = l.kind == rubyIsRow
		return l, true
	case l.kind == rubyIsRow && rest.has(": ") && (rest.ends("(SyntaxError)") || rest.has(": syntax error")):
		l.kind, l.rest, l.sure = rubyIsHeader, rest[2:], true
		return l, true
	}
	return l, false
}

// rubyHeader judges what follows the place in a header.
func rubyHeader(l rubyParts, rest span) (rubyParts, bool) {
	l.kind, l.rest = rubyIsHeader, rest
	if rest.has("warning: ") || len(rest) == 0 {
		return l, false
	}
	l.sure = rubyClassAtEnd(rest) >= 0 || string(rest) == "unhandled exception" || rubyClass(rest) == len(rest) && rubyTelling(rest)
	return l, true // a class without a name is not printed
}

// rubyFile tells whether t can be the name of a file: one with blanks begins
// at a root or is a gem's, "actionpack (5.1.4) lib/a.rb".
func rubyFile(t span) bool {
	blank := bytes.IndexByte(t, ' ')
	if blank < 0 || string(t) == rubyInline {
		return true
	}
	if bytes.Contains(t, []byte(": ")) {
		return false
	}
	return t[0] == '/' || t[0] == '(' || t[0] == '.' || t.has("<internal:") || len(t) > 2 && t[1] == ':' || blank+2 < len(t) && t[blank+1] == '(' && isDigit(t[blank+2])
}

// cutGem takes "actionpack (5.1.4) " off the name of a file.
func (l *rubyParts) cutGem() {
	i := bytes.Index(l.file, []byte(" ("))
	if i < 1 {
		return
	}
	end := bytes.Index(l.file[i:], []byte(") "))
	if end > 2 && isDigit(l.file[i+2]) && bytes.IndexByte(l.file[:i], '/') < 0 {
		l.gem, l.file = l.file[:i], l.file[i+end+2:]
	}
}

// rubyClass is the length of the constant at the start of t: "Acme::Declined".
func rubyClass(t span) int {
	end := 0
	for i := 0; i < len(t); {
		if t[i] < 'A' || t[i] > 'Z' && t[i] < 0x80 {
			break
		}
		for i < len(t) && (t[i] == '_' || t[i] >= 0x80 || isDigit(t[i]) || t[i]|0x20 >= 'a' && t[i]|0x20 <= 'z') {
			i++
		}
		end = i
		if !t[i:].has("::") {
			break
		}
		i += 2
	}
	return end
}

// rubyClassAtEnd is the offset of " (Acme::Declined)" at the end of t, or -1.
func rubyClassAtEnd(t span) int {
	if !t.ends(")") {
		return -1
	}
	i := bytes.LastIndexByte(t, '(')
	name := t[i+1 : len(t)-1]
	if i < 1 || t[i-1] != ' ' || len(name) == 0 {
		return -1
	}
	if name.has("#<Class:0x") || rubyClass(name) == len(name) {
		return i - 1
	}
	return -1
}

// rubyTelling tells whether a name says by itself that it is an exception's.
func rubyTelling(name span) bool {
	return name.ends("Error") || name.ends("Exception") || bytes.Contains(name, []byte("::"))
}

// rubyNamed tells whether a line begins with the name of an exception, as
// "KeyError: key not found" and "NoMethodError (undefined method):" do.
func rubyNamed(t span) bool {
	n := rubyClass(t)
	return n > 0 && n+2 < len(t) && rubyTelling(t[:n]) && (t[n:].has(": ") || t[n:].has(" (") || t[n:].has(" - "))
}

// rubyGuessable tells whether such a line is complete, so that rows may follow.
func rubyGuessable(t span) bool {
	n := rubyClass(t)
	t = t.right()
	switch {
	case t[n:].has(" ("):
		return t.ends("):") || t.ends(")")
	case t[n:].has(" - "):
		return t.ends(":")
	}
	return true
}

// rubyWhole tells whether such a line needs no rows to be believed: Rails leaves them out where none is the
// application's, "ActionController::RoutingError (No route matches [GET] \"/x\"):".
func rubyWhole(t span) bool {
	n := rubyClass(t)
	return t[n:].has(" (") && t.right().ends("):") && (t[:n].ends("Error") || t[:n].ends("Exception")) && bytes.Contains(t[:n], []byte("::"))
}

// rubyServed knows what Puma logs of a request that failed, often without rows:
//
//	Rack app ("GET /pay" - (10.0.0.1)): #<KeyError: key not found: :a>
func rubyServed(t span) bool {
	return t.has("Rack app (") && bytes.Contains(t, []byte(": #<")) && rubyInspected(t.right()) > 0
}

// rubyLinked knows the lines in front of a cause.
func rubyLinked(t span) bool {
	t = t.right()
	return string(t) == "Causes:" || string(t) == rubyCausedBy || len(rubyUnlinked(t)) < len(t)
}

// rubyUnlinked is t without the words that link a cause to its effect.
func rubyUnlinked(t span) span {
	for _, p := range [...]string{"Information for cause: ", "Information for: ", "Caused by: ", "Caused by ", "caused by: ", "Cause: "} {
		if t.has(p) && rubyClass(t[len(p):]) > 0 {
			return t[len(p):]
		}
	}
	return t
}

// rubyExcerpt knows a line of a template as Rails quotes it: "    3: <%= pay %>", "=> 3: <%= pay %>".
func rubyExcerpt(t span) bool {
	if t.has("=>") {
		t = t[2:].left()
	}
	i := 0
	for i < len(t) && isDigit(t[i]) {
		i++
	}
	return i > 0 && i < 7 && i < len(t) && t[i] == ':' && (i+1 == len(t) || t[i+1] == ' ')
}

// rubyLevels is n of " ... 10067 levels...", else 0.
func rubyLevels(t span) int {
	if !t.has("... ") {
		return 0
	}
	t = t[len("... "):].right()
	i := bytes.IndexByte(t, ' ')
	if i < 1 || string(t[i:]) != " levels..." {
		return 0
	}
	n, _ := t[:i].number()
	return n
}

// rubyJava is the offset of the place in a row that only JRuby prints, raw or as it
// reports an uncaught exception; 0 for any other line:
//
//	RUBY.load(/srv/pay.rb:3)
//	fetch at org/jruby/RubyHash.java:1214
func rubyJava(t span) int {
	t = t.right()
	at, end := 0, len(t)
	switch i := bytes.Index(t, []byte(" at ")); {
	case i > 0:
		at = i + len(" at ")
	case t.ends(")") && !t.has("at "):
		end--
		if i = bytes.IndexByte(t, '('); i < 3 || bytes.IndexByte(t[:i], '.') < 1 || bytes.IndexByte(t[:i], ' ') >= 0 {
			return 0
		}
		at = i + 1
	default:
		return 0
	}
	place := t[at:end]
	colon := bytes.LastIndexByte(place, ':')
	if colon < 1 || !place[:colon].ends(".rb") && !place[:colon].ends(".java") && !place[:colon].ends(".erb") {
		return 0
	}
	if _, ok := place[colon+1:].number(); !ok {
		return 0
	}
	return at
}

// rubyUntagged is a line without leading blanks and the tags that Rails puts in
// front of every line, "[3f2b-uuid] [10.0.0.1] ".
func rubyUntagged(line span) span {
	t := line.left()
	if len(t) > 3 && t[0] == '#' && isDigit(t[1]) { // Fluentd's worker, "#0 "
		if i := bytes.IndexByte(t[:min(len(t), 6)], ' '); i > 0 {
			t = t[i:].left()
		}
	}
	for range 8 {
		if len(t) == 0 || t[0] != '[' {
			break
		}
		i := bytes.IndexByte(t[:min(len(t), 100)], ']')
		if i < 1 || i+1 < len(t) && t[i+1] != ' ' {
			break
		}
		t = t[i+1:].left()
	}
	return t
}

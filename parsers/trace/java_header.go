package trace

import "bytes"

// javaLink tells how an exception hangs on the one before it.
type javaLink uint8

const (
	javaRoot       javaLink = iota
	javaCause               // Caused by: (inner, printed after its effect)
	javaWrapped             // Wrapped by: (outer, printed after its cause; %rEx)
	javaSuppressed          // Suppressed:
)

// javaTitle is a header line taken apart; the slices are parts of the line.
type javaTitle struct {
	link   javaLink
	thread []byte // of Exception in thread "..."; nil if the line has none
	lead   []byte // what a logger printed before the exception
	typ    span   // com.acme.Outer$Inner
	value  []byte
	remote bool // the message holds the stack of another machine, a blank line between
	grade  int  // 0 if the line is no header
}

const (
	javaInThread      = `Exception in thread "`
	javaHandlerFailed = " thrown from the UncaughtExceptionHandler in thread "
)

// javaCausedWord is how Jenkins says "Wrapped by". Only a name behind it makes it a link.
const javaCausedWord = "Caused: "

// javaAssertion is the first line of Groovy's failed assert, whose class does not print its name.
const javaAssertion = "Assertion failed:"

var javaPowerAssertion = span("org.codehaus.groovy.runtime.powerassert.PowerAssertionError")

var javaLinks = [...]struct {
	word string
	link javaLink
}{{"Caused by: ", javaCause}, {"Wrapped by: ", javaWrapped}, {"Suppressed: ", javaSuppressed}, {javaCausedWord, javaWrapped}}

// javaHeader reads [preface] type [": " message]. record tells that line is the
// message of a log record, where the exception usually stands at the end.
func javaHeader(line span, record bool) (h javaTitle) {
	t := line.trim()
	if len(t) == 0 {
		return h
	}
	if t.has(javaInThread) {
		return javaThreadHeader(t)
	}
	if string(t) == javaAssertion {
		return javaTitle{typ: javaPowerAssertion, value: t, grade: javaLikely}
	}
	for _, l := range javaLinks {
		if t.has(l.word) {
			h.link = l.link
			t = t[len(l.word):].left()
			if l.word == javaCausedWord && !h.named(t) {
				return javaTitle{}
			}
			break
		}
	}
	switch {
	case h.named(t):
		return h
	case h.link != javaRoot: // a class whose toString is its own
		h.value, h.grade = t, javaWeak
		return h
	}
	return javaInline(t, record)
}

// javaThreadHeader reads what Thread.dispatchUncaughtException prints. The name
// of a thread may hold quotes, so the type decides where it ends.
func javaThreadHeader(t span) (h javaTitle) {
	rest := t[len(javaInThread):]
	for at := 0; ; {
		q := bytes.Index(rest[at:], []byte(`" `))
		if q < 0 {
			return javaUntyped(rest)
		}
		at += q
		if h.named(rest[at+2:]) {
			h.thread, h.grade = rest[:at], javaSure
			return h
		}
		at += 2
	}
}

// javaUntyped is an uncaught exception whose toString is its own: it may print anything.
func javaUntyped(rest span) (h javaTitle) {
	if q := bytes.Index(rest, []byte(`" `)); q >= 0 && q+2 < len(rest) {
		h.thread, h.value, h.grade = rest[:q], rest[q+2:], javaLikely
	}
	return h
}

// named reads type and value at the start of t and grades the type.
func (h *javaTitle) named(t span) bool {
	n, dotted := javaType(t)
	if n == 0 || !dotted && javaMessageCode(t[:n]) {
		return false
	}
	rest := t[n:]
	switch {
	case len(rest) == 0:
	case rest.has(" in service ") && t[:n].ends(".StartException"): // JBoss puts the service's name in front of the message
		if at := bytes.Index(rest, []byte(": ")); at > 0 {
			h.value = rest[at+len(": "):]
		}
	case rest[0] == ':' && (len(rest) == 1 || rest[1] == ' '):
		h.value = rest[min(2, len(rest)):]
	case rest[0] == '[' && javaNamedAsError(t[:n]): // Elasticsearch: IndexNotFoundException[no such index]
		h.value = bytes.TrimSuffix(rest[1:], []byte("]"))
	case rest[0] == '(' && javaNamedAsError(t[:n]): // Hadoop: org.apache.hadoop.ipc.RemoteException(java.io.IOException): no such file
		end := bytes.Index(rest, []byte("): "))
		if inner, _ := javaType(rest[1:]); end < 0 || inner != end-1 {
			return false
		}
		h.value, h.remote = rest[end+len("): "):], true
	default:
		return false
	}
	h.typ = t[:n]
	h.grade = javaGrade(h.typ, dotted, len(rest) == 0)
	return h.grade > 0
}

// javaMessageCode tells the ids that JBoss and Hibernate put in front of a
// message, "WFLYCTL0013: ", "KC-SERVICES0013: ", and the words of reports.
func javaMessageCode(t span) bool {
	if string(t) == javaStackTitle {
		return true
	}
	if len(t) < 6 || !isDigit(t[len(t)-1]) || !isDigit(t[len(t)-3]) {
		return false
	}
	for _, b := range t {
		if b >= 'a' && b <= 'z' || b == '_' {
			return false
		}
	}
	return true
}

// javaStackTitle stands above a stack in reports such as Minecraft's, and in the messages of JSP.
const javaStackTitle = "Stacktrace"

// javaGrade says how much a type token looks like the class of a Throwable.
func javaGrade(typ span, dotted, bare bool) int {
	last := typ[bytes.LastIndexByte(typ, '.')+1:]
	upper := last[0] >= 'A' && last[0] <= 'Z' || last[0] >= 0x80
	switch {
	case dotted && upper && !(bare && javaSourceName(typ)):
		return javaSure
	case javaNamedAsError(typ):
		return javaLikely
	case upper, dotted && !bare:
		return javaWeak
	}
	return 0
}

// javaSourceName rules out "Foo.Java", a host or a file on a line of its own.
func javaSourceName(typ span) bool {
	return bytes.IndexByte(typ, '.') == bytes.LastIndexByte(typ, '.') && !javaNamedAsError(typ)
}

func javaNamedAsError(typ span) bool {
	return bytes.HasSuffix(typ, []byte("Exception")) || bytes.HasSuffix(typ, []byte("Error")) || bytes.HasSuffix(typ, []byte("Throwable"))
}

// javaType measures a type token at the start of t: identifiers joined by dots.
func javaType(t span) (n int, dotted bool) {
	start := true
	for n < len(t) {
		switch b := t[n]; {
		case javaLetter(b):
			start = false
		case isDigit(b) && !start:
		case b == '.' && !start && n+1 < len(t) && javaLetter(t[n+1]):
			start, dotted = true, true
		case b == '-' && !start && n+1 < len(t) && (javaLetter(t[n+1]) || isDigit(t[n+1])): // legal in Clojure and Kotlin names
		default:
			return n, dotted
		}
		n++
	}
	return n, dotted
}

func javaLetter(b byte) bool {
	return b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_' || b == '$' || b >= 0x80
}

// javaInline finds the exception behind other text: "job 42 failed
// java.io.IOException: reset". The first name that ends as an exception's does
// is it; else, in the message of a log record, the first class that text follows
// or that ends the line: "payment refused: com.acme.Pay$Declined: no funds".
func javaInline(t span, record bool) (class javaTitle) {
	for i := 0; i < len(t); {
		n, dotted := javaType(t[i:])
		if n == 0 {
			i++
			continue
		}
		h := javaTitle{lead: t[:i]}
		switch {
		case i == 0 || !dotted || !javaWordStart(t[i-1]) || !h.named(t[i:]):
		case class.wraps(i):
			return class
		case javaNamedAsError(h.typ):
			h.grade = javaLikely
			return h
		case record && class.grade == 0 && h.grade == javaSure && !javaPlaced(h.lead):
			h.grade = javaWeak
			class = h
		}
		i += n
	}
	return class
}

// wraps tells whether a name at offset i of the same text is the beginning of
// h's message: an exception made of its cause repeats it.
func (h *javaTitle) wraps(i int) bool {
	return h.grade > 0 && i == len(h.lead)+len(h.typ)+len(": ")
}

// javaPlaced tells whether the word in front says that a class is meant as a
// place or a thing: "Error in com.acme.Worker: ...".
func javaPlaced(before span) bool {
	before = before.right()
	word := before[1+bytes.LastIndexAny(before, " \t(["):]
	switch string(word) {
	case "in", "at", "for", "of", "from", "by", "on", "to", "with", "class", "Class", "bean", "type", "interface", "job", "service", "handler", "listener", "logger":
		return true
	}
	return false
}

func javaWordStart(before byte) bool {
	return before == ' ' || before == '\t' || before == '(' || before == '[' || before == '"' || before == '\'' || before == ':' || before == '|' || before == '>'
}

// javaLauncher tells whether the line is what the java command prints instead of starting.
func javaLauncher(t span) bool {
	return t.has("Error: Could not find or load main class ") || t.has("Error: Unable to access jarfile ") || t.has("Error: Unable to initialize main class ") ||
		t.has("Error: LinkageError occurred while loading main class ")
}

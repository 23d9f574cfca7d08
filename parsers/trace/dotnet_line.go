package trace

import "bytes"

// How sure a reading of a line is.
const (
	dotnetWeak   = 1 + iota // the shape fits, prose may have it too
	dotnetLikely            // and the name is that of an exception
	dotnetSure              // only .NET prints this
)

// dotnetLine is the kind of a line inside a trace.
type dotnetLine uint8

const (
	dotnetIsText  dotnetLine = iota // anything else
	dotnetIsBlank                   //
	dotnetIsFrame                   //    at A.B.C(String s)
	dotnetIsEnd                     //    --- End of inner exception stack trace ---
	dotnetIsAsync                   // --- End of stack trace from previous location ---
	dotnetIsLink                    //  ---> A.B: text; also numbered, of an AggregateException
	dotnetIsNote                    // Repeat 24077 times:, ClientConnectionId:...
	dotnetIsData                    //   Exception data:
)

const (
	dotnetMonoAgain = "[ERROR] FATAL UNHANDLED EXCEPTION: "
	dotnetNumbered  = "(Inner Exception #"
	dotnetNoMemory  = "Unhandled Exception: OutOfMemoryException." // all that the runtime can still print
	dotnetRethrown  = "Rethrow as "                                // Unity, of an exception around the one above
)

// dotnetKind classifies a line inside a trace.
func dotnetKind(l span) dotnetLine {
	t := l.trim()
	if len(t) == 0 {
		return dotnetIsBlank
	}
	switch t[0] {
	case '-':
		return dotnetDashed(l, t)
	case '<':
		return dotnetIsText
	case 'R':
		if _, ok := dotnetRepeat(t); ok {
			return dotnetIsNote
		}
	case 'C', 'E', 'S':
		if dotnetRemote(t) {
			return dotnetIsNote
		}
		if t.has("ClientConnectionId:") || t.has("ClientConnectionId before routing:") || t.has("Error Number:") && bytes.Contains(t, []byte(",State:")) {
			return dotnetIsNote
		}
		if string(t) == "Exception data:" {
			return dotnetIsData
		}
	case 'D':
		if string(t) == "Data:" && l.indent() >= 2 {
			return dotnetIsData
		}
	}
	if _, g := dotnetFrame(l); g > 0 {
		return dotnetIsFrame
	}
	return dotnetIsText
}

// dotnetDashed reads the lines that begin with dashes. Their words are printed
// in the language of the machine; where the English ones are missing, the indent
// tells the end of an inner exception from an async boundary.
func dotnetDashed(l, t span) dotnetLine {
	if t.has("---> ") {
		return dotnetIsLink
	}
	closed := t
	if closed.ends("<---") {
		closed = closed[:len(closed)-4].right()
	}
	if !closed.has("--- ") || !closed.ends(" ---") || len(closed) < 12 {
		if len(t) >= 16 && len(bytes.Trim(t, "-")) == 0 {
			return dotnetIsNote // around the repeated frames of a stack overflow
		}
		return dotnetIsText
	}
	switch {
	case bytes.Contains(t, []byte("inner exception")):
		return dotnetIsEnd
	case bytes.Contains(t, []byte("stack trace")), l.indent() == 0:
		return dotnetIsAsync
	}
	return dotnetIsEnd
}

// dotnetTitle is a header taken apart; the slices are parts of the line.
type dotnetTitle struct {
	lead  span // what a logger printed before the exception
	fatal span // the words with which a runtime reports its own end
	typ   span // Acme.Outer+Inner
	code  span // 0x80004005, of exceptions from outside .NET
	value span
	grade int // 0 if the line is no header
}

// dotnetEnds are the words with which the runtimes report that they die.
var dotnetEnds = [...]string{
	"Unhandled exception. ", "Unhandled Exception: ", "Unhandled exception: ", "Exception Info: ", dotnetMonoAgain, "FATAL UNHANDLED EXCEPTION: ", "Fatal error. ", "Process terminated. ",
	"Unbehandelte Ausnahme: ", "Exception non gérée : ", "Excepción no controlada: ", "Eccezione non gestita: ", "Exceção Sem Tratamento: ",
	"Необработанное исключение: ", "Nieobsługiwany wyjątek: ", "未处理的异常:", "未处理的异常: ", "ハンドルされていない例外: ", "처리되지 않은 예외: ",
}

// dotnetHeader reads [words] type [(code)] [": " message]. inline allows for
// words of a program in front of it.
func dotnetHeader(t span, inline bool) (h dotnetTitle) {
	t = t.trim()
	if len(t) == 0 {
		return h
	}
	if n := dotnetFatal(t); n > 0 {
		h.fatal, t = t[:n], t[n:].left()
	}
	if h.named(t) {
		return h
	}
	if len(h.fatal) > 0 {
		h.value, h.grade = t, dotnetWeak
		return h
	}
	if inline {
		return dotnetInline(t)
	}
	return h
}

// dotnetFatal is the length of the words with which a runtime reports its end.
func dotnetFatal(t span) int {
	for _, w := range dotnetEnds {
		if t[0] == w[0] && t.has(w) {
			return len(w)
		}
	}
	return 0
}

// named reads type, code and message at the start of t.
func (h *dotnetTitle) named(t span) bool {
	n, dotted := dotnetType(t)
	if n == 0 {
		return false
	}
	rest := t[n:]
	if rest.has(" (") {
		if end := bytes.IndexByte(rest[:min(len(rest), 16)], ')'); end > 2 && dotnetCode(rest[2:end]) {
			h.code, rest = rest[2:end], rest[end+1:]
		}
	}
	switch {
	case len(rest) == 0:
	case rest.has(": "):
		h.value = rest[2:]
	case rest.has(" : "):
		h.value = rest[3:]
	case string(rest) == ":":
	case rest.has(" ---> "), rest.has("<---"), rest.has("   at "):
		h.value = rest
	default:
		return false
	}
	h.typ = t[:n]
	h.grade = dotnetGrade(h.typ, dotted, len(rest) == 0)
	return h.grade > 0
}

func dotnetGrade(typ span, dotted, bare bool) int {
	base := typ
	if i := bytes.IndexByte(base, '`'); i > 0 { // type arguments follow
		base = base[:i]
	}
	base = base[bytes.LastIndexByte(base, '.')+1:]
	if len(base) == 0 {
		return 0
	}
	upper := base[0] >= 'A' && base[0] <= 'Z' || base[0] >= 0x80
	named := base.ends("Exception") || base.ends("Error")
	switch {
	case dotted && named:
		return dotnetSure
	case named, dotted && upper && !bare:
		return dotnetLikely
	case upper && !bare, dotted && upper:
		return dotnetWeak
	}
	return 0
}

// dotnetType measures a type's name at the start of t: identifiers joined by dots
// and plus signs, with the number of type arguments and these in brackets.
func dotnetType(t span) (n int, dotted bool) {
	start := true
	for n < len(t) {
		switch b := t[n]; {
		case javaLetter(b) && b != '$':
			start = false
		case isDigit(b) && !start:
		case (b == '.' || b == '+') && !start && n+1 < len(t) && javaLetter(t[n+1]):
			start, dotted = true, dotted || b == '.'
		case b == '`' && !start && n+1 < len(t) && isDigit(t[n+1]):
		case b == '[' && !start && n > 1 && bytes.IndexByte(t[:n], '`') > 0:
			end := bytes.IndexByte(t[n:], ']')
			if end < 0 {
				return n, dotted
			}
			n += end
			for n+1 < len(t) && t[n+1] == ']' {
				n++
			}
		default:
			return n, dotted
		}
		n++
	}
	return n, dotted
}

// dotnetCode tells whether t is the number of an error outside .NET.
func dotnetCode(t span) bool {
	if t.has("0x") {
		t = t[2:]
	}
	for i, b := range t {
		if !isDigit(b) && (b|0x20 < 'a' || b|0x20 > 'f') && (i > 0 || b != '-') {
			return false
		}
	}
	return len(t) > 0 && len(t) < 12
}

// dotnetInline finds "charge failed Acme.DeclinedException: no funds": a
// qualified exception's name behind other text, at the first place where a word begins.
func dotnetInline(t span) (h dotnetTitle) {
	for i := 0; i < len(t); {
		n, dotted := dotnetType(t[i:])
		if n == 0 {
			i++
			continue
		}
		if i > 0 && dotted && javaWordStart(t[i-1]) && dotnetGrade(t[i:i+n], true, false) == dotnetSure && h.named(t[i:]) {
			h.lead, h.grade = t[:i], dotnetLikely
			return h
		}
		i += n
	}
	return dotnetTitle{}
}

// dotnetLinked reads the header behind "---> ", numbered or not.
func dotnetLinked(t span) dotnetTitle {
	t = t[len("---> "):]
	if _, rest, ok := dotnetMember(t); ok {
		t = rest
	}
	return dotnetHeader(t, false)
}

// dotnetMember reads "(Inner Exception #1) " of an AggregateException.
func dotnetMember(t span) (n int, rest span, ok bool) {
	if !t.has(dotnetNumbered) {
		return 0, t, false
	}
	end := bytes.IndexByte(t, ')')
	if end < 0 {
		return 0, t, false
	}
	if n, ok = t[len(dotnetNumbered):end].number(); !ok {
		return 0, t, false
	}
	return n, t[end+1:].left(), true
}

// dotnetRemote tells whether t parts the frames of another process from those of this one (WCF, remoting).
func dotnetRemote(t span) bool {
	return t.has("Server stack trace:") || t.has("Exception rethrown at [")
}

// dotnetRepeat reads "Repeat 24077 times:".
func dotnetRepeat(t span) (n int, ok bool) {
	if !t.has("Repeat ") || !t.ends(" times:") || len(t) <= len("Repeat  times:") {
		return 0, false
	}
	return t[len("Repeat ") : len(t)-len(" times:")].number()
}

// dotnetKeyed tells whether t can be a property whose indent the carrier ate: "SqlState: 23505".
func dotnetKeyed(t span) bool {
	colon := bytes.IndexByte(t, ':')
	return colon > 0 && bytes.IndexByte(t[:colon], ' ') < 0 && (colon+1 == len(t) || t[colon+1] == ' ')
}

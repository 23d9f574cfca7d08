package record

import (
	"bytes"
	"strings"
)

// text gives a text its place in the record; false if that is taken or the
// text does not fit there.
// The first member of a kind wins; what comes second is kept as a field by the caller.
func (r *Record) text(k role, s string) bool {
	switch k {
	case loggerKey:
		if r.Logger == "" {
			r.Logger = bounded(s, maxName)
			return true
		}
	case threadKey:
		if r.Thread == "" {
			r.Thread = bounded(s, maxName)
			return true
		}
	case pidKey:
		return r.process(s)
	case typeKey:
		if r.ErrorType == "" {
			r.ErrorType = bounded(s, maxName)
			return true
		}
	case valueKey:
		if r.ErrorValue == "" {
			r.ErrorValue = bounded(s, maxValue)
			return true
		}
	case errorKey:
		return r.errorText(s)
	case stackKey:
		return r.stackText(s)
	}
	return false
}

// process takes a process id; false if s is not one.
func (r *Record) process(s string) bool {
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) || i > 9 {
			return false
		}
		n = n*10 + int(s[i]-'0')
	}
	r.PID = n
	return true
}

// errorText takes an error that is a mere text: a whole trace, "Type: text", or text.
// Loggers write the absence of an error as a word; that is no value.
func (r *Record) errorText(s string) bool {
	switch s = strings.TrimSpace(s); {
	case s == "" || s == "null" || s == "nil" || s == "<nil>" || s == "None":
		return true
	case strings.IndexByte(s, '\n') >= 0 && r.stackText(s):
		return true
	case r.ErrorValue != "":
		return false
	}
	r.ErrorValue = bounded(s, maxValue)
	return true
}

// exceptionText takes the text of a member that is named exception: it begins
// with the class where it has one.
//
//	SurePay::Declined: charge of w-404 failed     Ruby, Node, Python
//	[object] (Acme\\Declined(code: 51): no at /x.php:8)   Monolog
func (r *Record) exceptionText(s string) bool {
	if rest, ok := strings.CutPrefix(s, "[object] ("); ok {
		if r.Stack == "" && strings.Contains(s, ".php:") { // PHP's grammar reads it, causes and all
			r.Stack = bounded(strings.TrimRight(s, "\n"), maxStack)
			if strings.Contains(s, "\n[stacktrace]\n") {
				return true
			}
		}
		first, _, _ := strings.Cut(rest, "\n")
		if r.monologException(first) {
			return true
		}
	}
	if foldedDotNet(s) && r.Stack == "" {
		r.Stack = bounded(s, maxStack)
		return true
	}
	if !r.errorText(s) {
		return false
	}
	if r.ErrorType == "" && r.ErrorValue != "" {
		if name, rest, ok := strings.Cut(r.ErrorValue, ": "); ok && typeName(name) {
			r.ErrorType, r.ErrorValue = bounded(name, maxName), rest
		}
	}
	return true
}

// foldedDotNet knows a trace of .NET whose line breaks became blanks, as the
// JSON console logger of .NET 5 to 7 writes it; the grammar of .NET unfolds it.
//
//	System.InvalidOperationException: no funds    at Acme.Pay.Charge(String w) in /src/Pay.cs:line 9
func foldedDotNet(s string) bool {
	if strings.IndexByte(s, '\n') >= 0 {
		return false
	}
	for ok := true; ok; {
		if _, s, ok = strings.Cut(s, "    at "); !ok {
			return false
		}
		if i := strings.IndexByte(s[:min(len(s), maxName)], '('); i > 0 && typeName(s[:i]) && strings.IndexByte(s[:i], '.') > 0 {
			return true
		}
	}
	return false
}

// monologException takes what Monolog writes for an exception behind
// "[object] (": "Acme\Declined(code: 51): charge failed at /srv/x.php:8)".
func (r *Record) monologException(s string) bool {
	name, rest, ok := strings.Cut(s, "(code: ")
	if !ok || !typeName(name) {
		return false
	}
	_, text, ok := strings.Cut(rest, "): ")
	if !ok {
		return false
	}
	if i := strings.LastIndex(text, " at "); i >= 0 {
		text = text[:i]
	}
	if r.ErrorType == "" {
		r.ErrorType, r.ErrorValue = bounded(name, maxName), bounded(text, maxValue)
	}
	return true
}

// typeName tells whether s can be the name of a class: no blank, a capital somewhere.
func typeName(s string) bool {
	capital := false
	for i := range len(s) {
		c := s[i]
		if class[c]&wordRun == 0 && c != '.' && c != ':' && c != '\\' && c != '$' && c != '/' && c != '`' && c != '+' {
			return false
		}
		capital = capital || c >= 'A' && c <= 'Z'
	}
	return capital && len(s) > 0 && class[s[0]]&(letter|underscore) != 0
}

// stackText takes a text as the trace if it has the rows of one. What was
// escaped twice is unescaped once more.
// A shipper between the program and the file may have escaped the text once
// more; then line breaks are still two characters.
func (r *Record) stackText(s string) bool {
	if strings.IndexByte(s, '\n') < 0 && strings.Contains(s, `\n`) {
		s = unescape([]byte(s))
	}
	s = strings.TrimRight(strings.TrimLeft(s, " \n\r"), " \t\r\n")
	if !traceLike(s) {
		return false
	}
	if r.Stack != "" {
		return false
	}
	r.Stack = bounded(s, maxStack)
	return true
}

// traceLike tells whether a text has the rows of a trace.
// 400 rows without a frame are not the message of an exception.
func traceLike(s string) bool {
	b := []byte(s)
	if frameRow(b) {
		return true
	}
	for p, rows := 0, 0; rows < 400; rows++ {
		i := bytes.IndexByte(b[p:], '\n')
		if i < 0 {
			return false
		}
		p += i + 1
		if frameStart(b, p) {
			return true
		}
	}
	return false
}

// frameRow tells whether a text begins with a row of a trace, its header missing.
func frameRow(b []byte) bool {
	p := skipBlanks(b, 0)
	return has(b, p, "at ") || has(b, p, `File "`) || has(b, p, "goroutine ") || has(b, p, "#0 ") || has(b, p, "Traceback (") || rubyRow(b, p)
}

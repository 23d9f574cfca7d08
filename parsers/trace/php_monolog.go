package trace

import (
	"bytes"
	"strings"
)

// monolog reads what Monolog's LineFormatter (and so Laravel) writes of an
// exception, the outermost first; ok is false for anything else:
//
//	charge failed {"id":7,"exception":"[object] (Acme\\Declined(code: 51): no funds at /srv/pay.php:8)
//	[stacktrace]
//	#0 /srv/pay.php(13): Acme\\Wallet->debit()
//	#1 {main}
//
//	[previous exception] [object] (PDOException(code: 2002): gone at /srv/db.php:3)
//	[stacktrace]
//	#0 {main}
//	"}
func (r *phpReader) monolog() (Trace, bool) {
	if t, ok := r.symfony(); ok {
		return t, true
	}
	t := Trace{Platform: "php"}
	var list []phpThrowable
	for i := r.i; i < len(r.lines); {
		next := r.stacktrace(i)
		if next == len(r.lines) && len(list) > 0 {
			break
		}
		text := string(bytes.Join(phpBytes(r.lines[i:next]), []byte("\n")))
		at := strings.Index(text, "[object] (")
		if at < 0 {
			break
		}
		if len(list) == 0 {
			t.Lead = phpLead(text[:at])
			if whole, ok := phpLedTrace(t.Lead); ok {
				return whole, true
			}
		}
		below := phpObjects(text[at+len("[object] ("):])
		if len(below) == 0 {
			break
		}
		r.i = next + 1
		r.rows(&below[0])
		list = append(list, below...)
		for i = r.i; i < len(r.lines) && len(r.lines[i].trim()) == 0; i++ {
		}
		if i < len(r.lines) && !r.lines[i].left().has("[previous exception]") {
			break
		}
	}
	if len(list) == 0 {
		return Trace{}, false
	}
	phpEmit(&t, list)
	return t, true
}

// stacktrace is the index of the next line "[stacktrace]", or the number of lines.
func (r *phpReader) stacktrace(i int) int {
	for i < len(r.lines) && !r.lines[i].left().has("[stacktrace]") {
		i++
	}
	return i
}

// symfony reads the record of Symfony's error listener where no rows follow it.
func (r *phpReader) symfony() (Trace, bool) {
	t := r.lines[r.i].left()
	if !t.has("Uncaught PHP Exception ") || r.i+1 < len(r.lines) {
		return Trace{}, false
	}
	p, ok := phpSymfony(t)
	if !ok {
		return Trace{}, false
	}
	n := phpName(p.text)
	x := phpThrowable{typ: phpSlashes(string(p.text[:n])), file: string(p.file), line: p.line}
	x.value = string(p.text[min(len(p.text), n+len(`: "`)):])
	out := Trace{Platform: "php"}
	list := []phpThrowable{x}
	if i := bytes.Index(t, []byte(`"[object] (`)); i > 0 { // with whole paths and causes
		if objects := phpObjects(string(t[i+len(`"[object] (`):])); len(objects) > 0 {
			list = objects
		}
	}
	phpEmit(&out, list)
	out.Exceptions[len(out.Exceptions)-1].Mechanism.Handled = new(false)
	return out, true
}

// phpObjects reads "Acme\\Declined(code: 51): no funds at /srv/pay.php:8)". Monolog 1 names
// the causes behind a comma: ", PDOException(code: 2002): gone at /srv/db.php:3)".
func phpObjects(s string) []phpThrowable {
	var out []phpThrowable
	for len(s) > 0 {
		name, rest, ok := strings.Cut(s, "(code: ")
		if n := phpName(span(name)); !ok || n == 0 || n != len(name) {
			break
		}
		_, rest, ok = strings.Cut(rest, "): ")
		if !ok {
			break
		}
		x := phpThrowable{typ: phpAnonymous(phpSlashes(name))}
		end, next := phpObjectEnd(rest)
		text := rest[:end]
		if at := strings.LastIndex(text, " at "); at >= 0 {
			place := text[at+len(" at "):]
			if colon := strings.LastIndexByte(place, ':'); colon > 0 {
				x.line, _ = span(place[colon+1:]).number()
				x.file = place[:colon]
			}
			text = text[:at]
		}
		x.value = phpUnquote(text)
		out = append(out, x)
		s = rest[next:]
	}
	return out
}

// phpObjectEnd is where the description of an exception ends, and where that of its cause begins.
func phpObjectEnd(s string) (end, next int) {
	for p := 0; p < len(s); p++ {
		if s[p] != ':' {
			continue
		}
		q := p + 1
		for q < len(s) && isDigit(s[q]) {
			q++
		}
		if q == p+1 || q == len(s) {
			continue
		}
		for _, mark := range [...]string{")\n" + phpCause, `)\n` + phpCause} {
			if strings.HasPrefix(s[q:], mark) {
				return q, q + len(mark)
			}
		}
		if s[q] == ')' && (q+1 == len(s) || s[q+1] == '"' || s[q+1] == '\n' || s[q+1] == ' ') {
			return q, len(s)
		}
		if strings.HasPrefix(s[q:], ", ") {
			if n := phpName(span(s[q+2:])); n > 0 && strings.HasPrefix(s[q+2+n:], "(code: ") {
				return q, q + 2
			}
		}
	}
	return len(strings.TrimSuffix(strings.TrimRight(s, " \n"), ")")), len(s)
}

// phpCause stands in front of a cause that comes without rows of its own.
const phpCause = "[previous exception] [object] ("

// phpUnquote undoes JSON's escapes in a text that stands within a JSON text.
func phpUnquote(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	return phpQuotes.Replace(s)
}

var phpQuotes = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\/`, `/`, `\n`, "\n", `\r`, "", `\t`, "\t")

// phpLead is the message of a record in front of the JSON context that the exception stands in.
func phpLead(s string) string {
	for p, tries := 0, 0; tries < 8; tries++ {
		i := strings.Index(s[p:], `{"`)
		if i < 0 {
			break
		}
		p += i
		if phpOpenJSON(s[p:]) {
			return strings.TrimRight(s[:p], " \n")
		}
		p += 2
	}
	return strings.TrimRight(s, " \n\"")
}

// phpOpenJSON tells whether the object that begins s is still open at its end.
func phpOpenJSON(s string) bool {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			if depth--; depth == 0 {
				return false
			}
		}
	}
	return depth > 0
}

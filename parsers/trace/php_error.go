package trace

import "bytes"

// phpFault is a line of PHP's own error handler, from the level on.
type phpFault struct {
	level    span // "Fatal error"
	text     span // the rest, "Uncaught " included
	logged   bool // it came with "PHP " in front, as in logs
	html     bool
	uncaught bool
	placed   bool // the place of an error without a trace ends the line
}

// phpError reads the line of a fatal error, with whatever a server put in front:
//
//	PHP Fatal error:  Uncaught Exception: no in /srv/pay.php:7
//	FastCGI sent in stderr: "PHP message: PHP Parse error:  syntax error in /srv/pay.php on line 2
//	<b>Fatal error</b>:  Allowed memory size exhausted in <b>/srv/pay.php</b> on line <b>7</b><br />
func phpError(t span) (e phpFault, ok bool) {
	t = phpUnserved(t)
	if e, ok = phpErrorAt(t); ok {
		return e, true
	}
	const mark = "PHP message: "
	for p := 0; p < len(t); { // warnings of the same request may stand in front, on one line
		i := bytes.Index(t[p:], []byte(mark))
		if i < 0 {
			break
		}
		p += i + len(mark)
		if e, ok = phpErrorAt(t[p:]); ok {
			return e, true
		}
	}
	return phpFault{}, false
}

func phpErrorAt(t span) (e phpFault, ok bool) {
	if e.logged = t.has("PHP "); e.logged {
		t = t[len("PHP "):]
	}
	if e.html = t.has("<b>"); e.html {
		t = t[len("<b>"):]
	}
	i := bytes.IndexByte(t[:min(len(t), 32)], ':')
	if i < 0 {
		return e, false
	}
	e.level = t[:i]
	if e.html {
		e.level = span(bytes.TrimSuffix(e.level, []byte("</b>")))
	}
	e.text = t[i+1:].left()
	e.uncaught = phpUncaught(e.text)
	if !phpDeadly(e.level) && !(e.uncaught && string(e.level) == "Warning") || len(e.text) == 0 {
		return e, false
	}
	_, e.placed = phpOnLine(e.text)
	return e, true
}

// phpDeadly tells whether a program dies of errors of this level.
func phpDeadly(level span) bool {
	switch string(level) {
	case "Fatal error", "Parse error", "Core error", "Compile error", "Recoverable fatal error", "Catchable fatal error":
		return true
	}
	return false
}

// phpUncaught knows "Uncaught Acme\Declined: no funds" and "Uncaught exception 'Exception' with message".
func phpUncaught(t span) bool {
	return t.has("Uncaught ") && (phpName(t[len("Uncaught "):]) > 0)
}

const (
	phpWhile = `" while `        // nginx, of what it did when PHP wrote
	phpAlso  = "; PHP message: " // between two messages of one request
)

// phpServers is what servers and FPM put in front of what PHP tells them.
var phpServers = []string{`FastCGI sent in stderr: "`, "FastCGI sent in stderr: ", "AH01071: ", "Got error '", "mod_fcgid: stderr: ", "NOTICE: ", "PHP message: ", "<br />"}

// phpUnserved takes the servers' words off.
func phpUnserved(t span) span {
	if t.has("FastCGI: server ") {
		if i := bytes.Index(t, []byte(" stderr: ")); i > 0 {
			t = t[i+len(" stderr: "):]
		}
	}
	for _, p := range phpServers {
		if t.has(p) {
			t = t[len(p):].left()
		}
	}
	return t
}

// phpErrorHere tells whether another fatal error begins with this line.
func phpErrorHere(t span) bool {
	if !t.has("PHP ") && !t.has("NOTICE: PHP message: ") && !t.has("FastCGI") && !t.has("AH01071") {
		return false
	}
	_, ok := phpError(t)
	return ok
}

// phpEscaped is the offset of the first line break in a trace that a server
// logged on one line, its line breaks written as \n; 0 if it is none.
func phpEscaped(t span) int {
	if !bytes.Contains(t, []byte(`\nStack trace:\n#0 `)) {
		return 0
	}
	return bytes.Index(t, []byte(`\n`))
}

// phpSymfony reads the record of Symfony's error listener:
//
//	Uncaught PHP Exception Acme\Declined: "no funds" at /srv/src/Pay.php line 42
func phpSymfony(t span) (p phpPlace, ok bool) {
	t = t[len("Uncaught PHP Exception "):]
	if n := phpName(t); n == 0 || !t[n:].has(`: "`) {
		return p, false
	}
	if i := bytes.Index(t, []byte(` {"exception":`)); i > 0 {
		t = t[:i]
	}
	i, j := bytes.LastIndex(t, []byte(`" at `)), bytes.LastIndex(t, []byte(" line "))
	if i < 0 || j < i+len(`" at `) {
		return p, false
	}
	end := j + len(" line ")
	for end < len(t) && isDigit(t[end]) {
		end++
	}
	n, numeric := t[j+len(" line ") : end].number()
	return phpPlace{t[:i], t[i+len(`" at `) : j], n}, numeric
}

// phpRequest adds what nginx writes about the request behind the last line:
//
//	thrown in /srv/pay.php on line 9" while reading response header from upstream, client: 10.0.0.1, server: pay
func phpRequest(extra map[string]any, line span) map[string]any {
	i := bytes.Index(line, []byte(phpWhile))
	if i < 0 {
		return extra
	}
	for part := range bytes.SplitSeq(line[i:], []byte(", ")) {
		key, value, ok := bytes.Cut(part, []byte(": "))
		switch string(key) {
		case "client", "server", "request", "upstream", "host", "referrer":
			if ok {
				if extra == nil {
					extra = map[string]any{}
				}
				extra[string(key)] = string(bytes.Trim(value, `"`))
			}
		}
	}
	return extra
}

// phpWikiTitle is the line that MediaWiki's scripts print above the rows.
const phpWikiTitle = "Backtrace:"

// wiki reads the header of MediaWiki, which says where before it says what:
//
//	[a1b2c3] /wiki/Main   Wikimedia\Rdbms\DBError from line 9 of /srv/mw/Db.php: Error 1146: no such table
func (r *phpReader) wiki(x *phpThrowable, text span) bool {
	const mark = " from line "
	at := bytes.Index(text, []byte(mark))
	if at <= 0 {
		return false
	}
	num, rest, _ := bytes.Cut(text[at+len(mark):], []byte(" of "))
	file, value, ok := bytes.Cut(rest, []byte(": "))
	line, numeric := span(num).number()
	start := bytes.LastIndexByte(text[:at], ' ') + 1
	if class := text[start:at]; !ok || !numeric || phpName(class) != len(class) || !phpIsClass(class) {
		return false
	}
	x.typ, x.value, x.file, x.line = string(text[start:at]), string(value), string(file), line
	r.lead = string(text[:start].trim())
	return true
}

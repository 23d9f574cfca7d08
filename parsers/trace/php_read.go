package trace

import (
	"bytes"
	"strings"
)

// phpThrowable is one exception of a printed trace.
type phpThrowable struct {
	typ, value string
	file       string // where it was thrown
	line       int
	calls      []phpCall // newest first
	cut        bool      // the rows do not reach {main}
	main       bool      // the rows reach {main}
}

// phpReader takes the lines of one trace from top to bottom.
type phpReader struct {
	lines   []span
	i       int
	lead    string
	fault   phpFault // of the first line, if it has one
	trailer phpPlace // "thrown in"
	quoted  int      // end of a trace that the message quotes
}

// phpRead is Language.Read.
func phpRead(lines [][]byte) (Trace, bool) {
	r := &phpReader{lines: phpLines(lines)}
	for r.i < len(r.lines) && (len(r.lines[r.i].trim()) == 0 || string(r.lines[r.i].trim()) == "<br />") {
		r.i++
	}
	if r.i == len(r.lines) {
		return Trace{}, false
	}
	first := r.i
	for _, read := range [...]func() (Trace, bool){r.monolog, r.console, r.slim} {
		if t, ok := read(); ok {
			return t, true
		}
		r.i = first
	}
	t, ok := r.engine()
	for i := range t.Exceptions { // rows without a header that have no place either
		if x := &t.Exceptions[i]; x.Type == "" && x.Value == "" && x.Stacktrace == nil {
			return Trace{}, false
		}
	}
	return t, ok
}

// phpLines are the lines of a trace; one that a server logged on a single line
// is taken apart, HTML is made text.
func phpLines(lines [][]byte) []span {
	out := make([]span, 0, len(lines))
	for _, l := range lines {
		if phpEscaped(l) > 0 {
			text := phpEscapes.Replace(string(l))
			for part := range strings.SplitSeq(text, "\n") {
				out = append(out, span(part))
			}
			continue
		}
		out = append(out, l)
	}
	phpUnquoteLines(out)
	if len(out) > 0 && (bytes.Contains(out[0], []byte("<b>")) || len(out) > 1 && bytes.Contains(out[1], []byte("<b>"))) {
		for i, l := range out {
			if bytes.IndexByte(l, '&') >= 0 {
				out[i] = span(phpEntities.Replace(string(l)))
			}
		}
	}
	return out
}

// phpUnquoteLines takes off the quotes in which FPM puts every line.
func phpUnquoteLines(lines []span) {
	for _, l := range lines {
		if !l.right().ends(`"`) {
			return
		}
	}
	if len(lines) < 2 {
		return
	}
	for i, l := range lines {
		l = l.right()
		lines[i] = l[:len(l)-1]
	}
}

var (
	phpEscapes  = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "", `\t`, "\t", `\"`, `"`, `\'`, `'`)
	phpEntities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#039;", "'", "&amp;", "&")
)

// engine reads what PHP itself prints: the innermost exception first, "Next" the one that it caused.
func (r *phpReader) engine() (Trace, bool) {
	var list []phpThrowable
	var debug []phpCall
	r.quotes()
	for r.i < len(r.lines) {
		t := r.lines[r.i].left()
		switch {
		case phpBlank(t):
			r.i++
		case phpThrown(t):
			r.trailer, _ = phpOnLine(t[len("thrown"):])
			r.i++
		case phpDebugLine(t) != 0:
			if c, ok := phpDebugCall(t); ok {
				debug = append(debug, c)
			}
			r.i++
		case len(list) > 0 && !phpNext(t):
			r.i = len(r.lines)
		default:
			if x := r.throwable(len(list) == 0); x.typ != "" || x.value != "" || x.file != "" || len(x.calls) > 0 {
				list = append(list, x)
			}
		}
	}
	if len(list) == 0 {
		return Trace{}, false
	}
	last := &list[len(list)-1]
	if last.file == "" && r.trailer.file != nil {
		last.file, last.line = string(r.trailer.file), r.trailer.line
	}
	if len(last.calls) == 0 && len(debug) > 0 {
		phpFromDebug(last, debug)
	}
	t := Trace{Platform: "php", Lead: r.lead}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	phpEmit(&t, list)
	t.Extra = phpRequest(t.Extra, r.lines[len(r.lines)-1])
	if r.fault.text != nil {
		t.Exceptions[len(t.Exceptions)-1].Mechanism.Handled = new(false)
		t.Died = phpDeadly(r.fault.level)
	}
	return t, true
}

// throwable reads one exception: header and rows.
func (r *phpReader) throwable(first bool) (x phpThrowable) {
	from := r.i
	head := r.header(from)
	r.rows(&x)
	lines := r.lines[from:head]
	if first && len(lines) > 0 {
		if e, ok := phpError(lines[0].left()); ok {
			r.fault = e
			lines = append([]span{e.text}, lines[1:]...)
		} else if plain := phpUnserved(lines[0].left()); len(plain) < len(lines[0].left()) {
			lines = append([]span{plain}, lines[1:]...)
		}
	}
	r.title(&x, lines, first)
	return x
}

// quotes finds the end of a whole trace within the message: its last row goes
// on with the place of the exception that quotes it, "#2 {main} in /srv/pay.php:13".
func (r *phpReader) quotes() {
	for i := r.i; i+1 < len(r.lines); i++ {
		if !phpIsTitle(r.lines[i+1].left()) {
			continue
		}
		if c, ok := phpRow(r.lines[i]); ok && c.main && !c.tail.has(phpAlso) && r.rowAt(i+2) {
			if _, ok := phpInFile(c.tail); ok {
				r.quoted = i + 1
			}
		}
	}
}

// header finds the end of the header that begins at line from, and sets r.i to
// the first row. Only the last place in front of rows counts.
func (r *phpReader) header(from int) (end int) {
	if r.quoted > from {
		r.i = r.quoted + 1
		return r.quoted
	}
	placed := -1
	for i := from; i < len(r.lines); i++ {
		t := r.lines[i].left()
		if _, ok := phpInFile(t); ok && placed < 0 {
			placed = i
		}
		switch {
		case phpIsTitle(t) && r.rowAt(i+1) && (i == from || r.placedAt(i-1) || i == from+1):
			r.i = i + 1
			return i
		case i == from || !phpThrown(t) && phpDebugLine(t) == 0:
			if i > from || !t.has("#0 ") {
				continue
			}
			if _, ok := phpRow(t); !ok {
				continue
			}
			r.i = i
			return i
		}
		r.i = i
		return i
	}
	r.i = len(r.lines)
	switch { // cut off: what follows the place is not the message
	case placed >= 0 && r.i > placed+1:
		r.i = placed + 1
	case r.i > from+1 && r.rowAt(from+1):
		r.i = from + 1
	}
	return r.i
}

func (r *phpReader) rowAt(i int) bool {
	if i >= len(r.lines) {
		return true
	}
	_, ok := phpRow(r.lines[i])
	return ok
}

func (r *phpReader) placedAt(i int) bool {
	_, ok := phpInFile(r.lines[i])
	if !ok {
		_, ok = phpOnLine(r.lines[i])
	}
	return ok
}

// rows reads rows up to "{main}".
func (r *phpReader) rows(x *phpThrowable) {
	for ; r.i < len(r.lines); r.i++ {
		c, ok := phpRow(r.lines[r.i])
		if !ok {
			break
		}
		if c.main {
			x.main = true
			r.i++
			return
		}
		x.calls = append(x.calls, c)
	}
	x.cut = len(x.calls) > 0
}

// title takes the lines of a header apart.
func (r *phpReader) title(x *phpThrowable, lines []span, first bool) {
	lines = phpSaidOnce(lines)
	text := span(bytes.Join(phpBytes(lines), []byte("\n"))).right()
	if p, ok := phpInFile(text); ok && len(lines) > 0 {
		text, x.file, x.line = p.text, string(p.file), p.line
	} else if p, ok := phpOnLine(text); ok {
		text, x.file, x.line = p.text, string(p.file), p.line
	}
	switch {
	case !first, phpNext(text):
		text = span(bytes.TrimPrefix(text.left(), []byte("Next ")))
	case r.fault.uncaught:
		text = text[min(len(text), len("Uncaught ")):]
	case r.fault.text != nil:
		x.typ, x.value = string(r.fault.level), phpUndefined(string(text))
		if x.typ == "Parse error" {
			x.typ = "ParseError"
		}
		return
	}
	if text.has("Uncaught ") && first && phpName(text[len("Uncaught "):]) > 0 {
		text = text[len("Uncaught "):]
	}
	if r.old(x, text) || first && r.wiki(x, text) {
		return
	}
	n := phpName(text)
	switch {
	case n > 0 && n == len(text) && (phpIsClass(text) || !first):
		x.typ = string(text)
	case n > 0 && r.captioned(text, n, first):
		r.led(x, text[n+2:])
		r.lead = string(text[:n])
	case n > 0 && text[n:].has(": ") && (phpIsClass(text[:n]) || !first || r.fault.uncaught):
		x.typ, x.value = string(text[:n]), string(text[n+2:])
	default:
		r.led(x, text)
	}
	x.typ = phpAnonymous(x.typ)
	if x.typ == "TypeError" || x.typ == "ArgumentCountError" {
		x.value = phpUndefined(x.value)
	}
}

// phpUndefined takes off the " and defined" that the engine adds to the message of
// a wrong argument when it prints it.
func phpUndefined(s string) string {
	if strings.Contains(s, ", called in ") {
		return strings.TrimSuffix(s, " and defined")
	}
	return s
}

// phpSaidOnce cuts off what Xdebug repeats of a header: "Exception: no funds in
// /srv/pay.php on line 7" below "Fatal error: Uncaught Exception: no funds in ... on line 7".
func phpSaidOnce(lines []span) []span {
	if len(lines) < 3 {
		return lines
	}
	p, ok := phpOnLine(lines[0])
	if !ok {
		return lines
	}
	for i := 1; i < len(lines); i++ {
		t := lines[i].trim()
		if len(t) == 0 {
			continue
		}
		if q, ok := phpOnLine(t); ok && q.line == p.line && bytes.HasSuffix(lines[0].right(), t) {
			return lines[:1]
		}
		break
	}
	return lines
}

// captioned tells whether the word at the start is the program's own, as in "Error: PDOException: gone".
func (r *phpReader) captioned(text span, n int, first bool) bool {
	if !first || r.fault.uncaught || !text[n:].has(": ") || phpTelling(text[:n]) && !phpGeneric(text[:n]) {
		return false
	}
	rest := text[n+2:]
	k := phpName(rest)
	return k > 0 && phpTelling(rest[:k]) && (k == len(rest) || rest[k:].has(": "))
}

// led reads a header behind words of the program: "charge failed: PDOException: gone".
func (r *phpReader) led(x *phpThrowable, text span) {
	at, end := phpClassIn(text)
	if at < 0 {
		x.value = string(text)
		switch {
		case r.fault.text != nil:
			x.typ = "Exception" // a __toString of its own does not name it
		case x.file == "":
			r.lead = x.value
		}
		return
	}
	r.lead = strings.TrimRight(string(text[:at]), " \t:-([\"'|>")
	x.typ = string(text[at:end])
	x.value = strings.TrimPrefix(string(text[end:]), ": ")
}

// old reads the header of PHP 5: "exception 'Exception' with message 'no funds'".
func (r *phpReader) old(x *phpThrowable, text span) bool {
	const mark, with = "exception '", " with message '"
	i := bytes.Index(text, []byte(mark))
	if i < 0 || i > 0 && (text[i-1] != ' ' || !bytes.Contains(text[i:], []byte(with))) {
		return false
	}
	t := text[i+len(mark):]
	end := bytes.IndexByte(t, '\'')
	if end < 1 || phpName(t[:end]) != end {
		return false
	}
	r.lead = strings.TrimRight(string(text[:i]), " :-")
	x.typ = string(t[:end])
	x.value = strings.TrimSuffix(strings.TrimPrefix(string(t[end+1:]), with), "'")
	return true
}

func phpBytes(lines []span) [][]byte {
	out := make([][]byte, len(lines))
	for i, l := range lines {
		out[i] = l.right()
	}
	return out
}

// phpFromDebug makes rows of Xdebug's, which stand the other way round and
// name with every function the place where it was called.
func phpFromDebug(x *phpThrowable, debug []phpCall) {
	for i := len(debug) - 1; i > 0; i-- { // the first is {main} itself
		x.calls = append(x.calls, debug[i])
	}
	x.main = true
}

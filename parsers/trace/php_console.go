package trace

import (
	"bytes"
	"strings"
)

// phpBoxTitle reads the line above a box of Symfony's console, "In PayCommand.php line 42:".
func phpBoxTitle(t span) (p phpPlace, ok bool) {
	t = t.right()
	if !t.has("In ") || !t.ends(":") {
		return p, false
	}
	i := bytes.LastIndex(t, []byte(" line "))
	if i < len("In x") {
		return p, false
	}
	p.file = t[len("In "):i]
	p.line, ok = t[i+len(" line ") : len(t)-1].number()
	return p, ok && bytes.IndexByte(p.file, ' ') < 0 && bytes.IndexByte(p.file, '.') > 0
}

// phpBoxClass reads the first line within a box, "[App\Exception\Declined (51)]".
func phpBoxClass(t span) (name span, ok bool) {
	t = t.trim()
	if !t.has("[") || !t.ends("]") {
		return nil, false
	}
	t = t[1 : len(t)-1]
	n := phpName(t)
	return t[:n], n > 0 && (n == len(t) || t[n:].has(" (") && t.ends(")"))
}

// phpBoxCall reads a row below a box: "App\Command\Pay->execute() at /srv/src/Pay.php:312", "at /srv/src/Pay.php:42".
func phpBoxCall(t span) (c phpCall, ok bool) {
	t = t.trim()
	i := bytes.LastIndex(t, []byte(" at "))
	switch {
	case t.has("at "):
		t = t[len("at "):]
	case i > 0 && t[i-1] == ')':
		c.function, t = t[:i], t[i+len(" at "):]
	default:
		return c, false
	}
	colon := bytes.LastIndexByte(t, ':')
	if colon < 1 {
		return c, false
	}
	c.file = t[:colon]
	if string(t[colon+1:]) == "n/a" {
		c.file = nil
		return c, true
	}
	c.line, ok = t[colon+1:].number()
	return c, ok
}

// phpStepBox follows the box of Symfony's console and the rows below it.
func phpStepBox(s State, line span) (State, Verdict) {
	t := line.left()
	switch _, title := phpBoxTitle(t); {
	case title:
		return phpBox, Take
	case len(t) == 0:
		return s | phpPadded, Hold
	case t.has("Exception trace:"):
		return phpBoxRows, Take
	case s&phpKind == phpBoxRows:
		if _, ok := phpBoxCall(line); ok {
			return phpBoxRows, Take
		}
	case line.indent() >= 2 && s&phpPadded != 0:
		return s, Take
	}
	return s, No
}

// phpKeyed knows the last line of the keys with which Slim tells of an exception, "Trace: #0 /srv/pay.php(6): f()".
func phpKeyed(t span) bool {
	if !t.has("Trace: #0 ") {
		return false
	}
	_, ok := phpRow(t[len("Trace: "):])
	return ok
}

// phpBackKeys finds the line "Type: Acme\Declined" above "Trace: #0", and the title above it.
func phpBackKeys(before Window) int {
	n := before.Len()
	for i := n - 1; i >= max(0, n-backLines); i-- {
		if span(before.Line(i)).left().has("Type: ") {
			if i > 0 && span(before.Line(i-1)).right().ends("Error") {
				i--
			}
			return n - i
		}
		if before.Record(i) {
			break
		}
	}
	return 0
}

// slim reads what Slim's error handler prints, the outermost exception first.
func (r *phpReader) slim() (Trace, bool) {
	var list []phpThrowable
	var x *phpThrowable
	t := Trace{Platform: "php"}
	for r.i < len(r.lines) {
		key, value, _ := strings.Cut(string(r.lines[r.i].trim()), ": ")
		switch {
		case key == "Type":
			list = append(list, phpThrowable{typ: phpAnonymous(value)})
			x = &list[len(list)-1]
		case x == nil:
			t.Lead = string(r.lines[r.i].trim())
		case key == "Message":
			x.value = value
		case key == "File":
			x.file = value
		case key == "Line":
			x.line, _ = span(value).number()
		case key == "Trace":
			r.lines[r.i] = span(value)
			r.rows(x)
			continue
		case x.file == "" && x.value != "":
			x.value += "\n" + string(r.lines[r.i].right())
		}
		r.i++
	}
	if len(list) == 0 || len(list[0].calls) == 0 && !list[0].main {
		return Trace{}, false
	}
	phpEmit(&t, list)
	return t, true
}

// console reads the boxes of Symfony's console, the outermost exception first:
//
//	In PayCommand.php line 42:
//
//	  [App\Exception\Declined (51)]
//	  no funds
//
//	Exception trace:
//	  at /srv/src/Command/PayCommand.php:42
//	 App\Command\PayCommand->execute() at /srv/vendor/symfony/console/Command/Command.php:312
func (r *phpReader) console() (Trace, bool) {
	var list []phpThrowable
	for r.i < len(r.lines) {
		p, ok := phpBoxTitle(r.lines[r.i].left())
		if !ok {
			break
		}
		x := phpThrowable{typ: "Exception", file: string(p.file), line: p.line}
		r.i++
		r.box(&x)
		list = append(list, x)
	}
	if len(list) == 0 || list[0].value == "" && list[0].typ == "Exception" {
		return Trace{}, false
	}
	t := Trace{Platform: "php"}
	phpEmit(&t, list)
	t.Exceptions[len(t.Exceptions)-1].Mechanism.Handled = new(false)
	return t, true
}

// box reads one box and the rows below it.
func (r *phpReader) box(x *phpThrowable) {
	var text []string
	rows := false
	for ; r.i < len(r.lines); r.i++ {
		t := r.lines[r.i].trim()
		if _, ok := phpBoxTitle(t); ok {
			break
		}
		c, ok := phpBoxCall(t)
		name, named := phpBoxClass(t)
		switch {
		case t.has("Exception trace:"):
			rows = true
		case rows && ok && c.function == nil: // where it was thrown
			x.file, x.line = string(c.file), c.line
		case rows && ok:
			x.calls = append(x.calls, c)
		case !rows && named && len(text) == 0 && x.typ == "Exception":
			x.typ = phpAnonymous(string(name))
		case !rows && (len(t) > 0 || len(text) > 0):
			text = append(text, string(t))
		}
	}
	x.value = strings.TrimSpace(strings.Join(text, "\n"))
}

// phpLedTrace reads a whole trace that the message of a record holds, as Magento and
// Laravel's handler of fatal errors log it; the "[object]" behind it tells less.
func phpLedTrace(lead string) (Trace, bool) {
	if !strings.Contains(lead, "\nStack trace:\n#0 ") {
		return Trace{}, false
	}
	r := &phpReader{}
	for line := range strings.SplitSeq(lead, "\n") {
		r.lines = append(r.lines, span(line))
	}
	return r.engine()
}

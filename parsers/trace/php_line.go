package trace

import "bytes"

// phpCall is a row "#0 /srv/pay.php(6): Acme\Wallet->find(7)". It says where the
// function was called, not a place within it.
type phpCall struct {
	file     span // empty for "[internal function]"
	line     int
	function span // with its arguments
	main     bool // "{main}"
	tail     span // what follows "{main}"
}

// phpRow reads a row of a trace.
func phpRow(line span) (c phpCall, ok bool) {
	t := line.trim()
	if len(t) < 4 || t[0] != '#' {
		return c, false
	}
	i := 1
	for i < len(t) && i < 8 && isDigit(t[i]) {
		i++
	}
	if i == 1 || i >= len(t) || t[i] != ' ' {
		return c, false
	}
	t = t[i+1:]
	switch {
	case t.has("{main}"):
		return phpCall{main: true, tail: t[len("{main}"):]}, true
	case t.has("["):
		end := bytes.IndexByte(t, ']')
		if end < 0 || end > 40 || !phpPseudo(t[1:end]) {
			return c, false
		}
		if c.function = span(bytes.TrimPrefix(t[end+1:], []byte(": "))); len(c.function) == 0 {
			c.function = t[:end+1]
		}
		return c, true
	}
	return phpCallAt(t)
}

// phpPseudo knows what stands in brackets in place of a file.
func phpPseudo(name span) bool {
	return string(name) == "internal function" || string(name) == "constant expression" || string(name) == "unknown file"
}

// phpCallAt reads "/srv/pay.php(6): f()". A file name may hold parentheses itself.
func phpCallAt(t span) (c phpCall, ok bool) {
	for p := 0; ; {
		i := bytes.IndexByte(t[p:], '(')
		if i < 0 {
			return c, false
		}
		p += i + 1
		end := p
		for end < len(t) && isDigit(t[end]) {
			end++
		}
		if end >= len(t) || t[end] != ')' {
			continue
		}
		n, numeric := t[p:end].number()
		if !numeric || p < 2 {
			continue
		}
		rest := t[end+1:]
		switch {
		case rest.has(": ") && len(rest) > 2:
			return phpCall{file: t[:p-1], line: n, function: rest[2:]}, true
		case len(rest) == 0 && t[:p-1].ends(".php"):
			return phpCall{file: t[:p-1], line: n}, true
		}
	}
}

// phpIsTitle knows the line above the rows.
func phpIsTitle(t span) bool {
	t = t.right()
	if len(t) > 0 && t[len(t)-1] == '"' { // FPM quotes every line
		t = t[:len(t)-1]
	}
	return string(t) == "Stack trace:" || string(t) == "Stack Trace:" || string(t) == phpWikiTitle
}

// phpBlank knows an empty line, of which FPM's wrapping leaves a quote.
func phpBlank(t span) bool {
	t = t.right()
	return len(t) == 0 || string(t) == `"`
}

// phpNext knows the header of the exception that was thrown because of the one before.
func phpNext(t span) bool {
	if !t.has("Next ") {
		return false
	}
	t = t[len("Next "):]
	return t.has("exception '") || phpName(t) > 0
}

// phpName is the length of the class name at the start of t.
func phpName(t span) int {
	i := 0
	for i < len(t) && (t[i] == '_' || t[i] == '\\' || t[i] >= 0x80 || t[i]|0x20 >= 'a' && t[i]|0x20 <= 'z' || i > 0 && isDigit(t[i])) {
		i++
	}
	if i > 0 && t[i:].has("@anonymous") {
		i += len("@anonymous")
		if i < len(t) && t[i] == 0 || t[i:].has("%0") { // and where the class stands, for which there is no name
			if end := bytes.IndexByte(t[i:], '$'); end > 0 {
				i += end + 1
				for i < len(t) && (isDigit(t[i]) || t[i] >= 'a' && t[i] <= 'f') {
					i++
				}
			}
		}
	}
	return i
}

// phpPlace is where a header says that something was thrown.
type phpPlace struct {
	text span // what stands in front of it
	file span
	line int
}

// phpInFile reads "... in /srv/pay.php:7" from the end of a line.
func phpInFile(line span) (p phpPlace, ok bool) {
	t := line.right()
	if len(t) > 0 && t[len(t)-1] == '"' {
		t = t[:len(t)-1]
	}
	i := len(t)
	for i > 0 && isDigit(t[i-1]) {
		i--
	}
	n, numeric := t[i:].number()
	if !numeric || i < 2 || t[i-1] != ':' {
		return p, false
	}
	p.text, p.file, ok = phpCutFile(t[:i-1])
	p.line = n
	return p, ok
}

// phpOnLine reads "... in /srv/pay.php on line 7", which a web server may follow with words of its own.
func phpOnLine(line span) (p phpPlace, ok bool) {
	const mark = " on line "
	i := bytes.LastIndex(line, []byte(mark))
	if i < 0 {
		return p, false
	}
	t := span(bytes.TrimPrefix(line[i+len(mark):], []byte("<b>")))
	end := 0
	for end < len(t) && isDigit(t[end]) {
		end++
	}
	n, numeric := t[:end].number()
	if rest := t[end:].right(); !numeric || len(rest) > 0 && rest[0] != '"' && rest[0] != '\'' && rest[0] != '<' && !rest.has(", referer: ") {
		return p, false
	}
	file := line[:i]
	if file.ends("</b>") {
		file = file[:len(file)-len("</b>")]
		if at := bytes.LastIndex(file, []byte(" in <b>")); at >= 0 {
			return phpPlace{file[:at], file[at+len(" in <b>"):], n}, true
		}
	}
	p.text, p.file, ok = phpCutFile(file)
	p.line = n
	return p, ok
}

// phpCutFile cuts "text in file". Text and file may both hold " in ": the file
// is taken to begin at the last one that a rooted path follows.
func phpCutFile(t span) (text, file span, ok bool) {
	const mark = " in "
	best := bytes.LastIndex(t, []byte(mark))
	if best < 0 || best+len(mark) >= len(t) {
		return nil, nil, false
	}
	if file = t[best+len(mark):]; file.ends(" code") || phpRooted(file) {
		return t[:best], file, true
	}
	for i := best; i > 0; {
		if i = bytes.LastIndex(t[:i], []byte(mark)); i >= 0 && phpRooted(t[i+len(mark):]) {
			best = i
			break
		}
	}
	return t[:best], t[best+len(mark):], true
}

func phpRooted(file span) bool {
	return file.has("/") || file.has("phar:") || file.has("vfs:") || len(file) > 2 && file[1] == ':' && (file[2] == '\\' || file[2] == '/')
}

// phpThrown knows "  thrown in /srv/pay.php on line 7".
func phpThrown(t span) bool {
	t = t.left()
	if !t.has("thrown in ") {
		return false
	}
	_, ok := phpOnLine(t[len("thrown"):])
	return ok
}

// What phpDebugLine finds.
const (
	phpDebugTitle = iota + 1 // "PHP Stack trace:", "Call Stack:"
	phpDebugRow              // "PHP   1. {main}() /srv/pay.php:0", "    0.0002     391584   1. {main}() /srv/pay.php:0"
)

// phpDebugLine knows the lines of Xdebug's stack; 0 for any other.
func phpDebugLine(t span) int {
	u := t.trim()
	switch string(u) {
	case "PHP Stack trace:", "Call Stack:":
		return phpDebugTitle
	}
	if _, ok := phpDebugCall(u); ok {
		return phpDebugRow
	}
	return 0
}

// phpDebugCall reads a row of Xdebug: number, function, place of the call.
func phpDebugCall(t span) (c phpCall, ok bool) {
	t = t.trim()
	if t.has("PHP ") {
		t = t[4:].left()
	} else {
		for range 2 { // seconds and bytes
			i := 0
			for i < len(t) && (isDigit(t[i]) || t[i] == '.') {
				i++
			}
			if i == 0 || i >= len(t) || t[i] != ' ' {
				return c, false
			}
			t = t[i:].left()
		}
	}
	i := 0
	for i < len(t) && isDigit(t[i]) {
		i++
	}
	if i == 0 || !t[i:].has(". ") {
		return c, false
	}
	t = t[i+2:]
	colon, blank := bytes.LastIndexByte(t, ':'), bytes.LastIndex(t, []byte(") "))
	if blank < 1 || colon < blank {
		return c, false
	}
	n, numeric := t[colon+1:].number()
	return phpCall{file: t[blank+2 : colon], line: n, function: t[:blank+1]}, numeric
}

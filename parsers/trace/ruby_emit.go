package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// emit gives t the exceptions, which Ruby prints outermost first.
func (r *rubyReader) emit(t *Trace) {
	list := r.list
	if n := len(list); n > maxExceptions {
		list = append(append([]rubyFault{}, list[:maxExceptions/2]...), list[n-maxExceptions/2:]...)
		t.drop("trace.exceptions_dropped", n-len(list))
	}
	out := make([]event.Exception, len(list))
	for i := range list {
		x := &list[i]
		e := event.Exception{Type: x.typ, Value: strings.TrimRight(x.value, "\n"), Mechanism: &event.Mechanism{Type: "generic"}}
		if at := strings.LastIndex(x.typ, "::"); at > 0 {
			e.Module, e.Type = x.typ[:at], x.typ[at+2:]
		}
		if frames := rubyOldestFirst(t, x); len(frames) > 0 {
			e.Stacktrace = &event.Stacktrace{Frames: frames}
		}
		out[i] = e
	}
	if r.printed || r.aborted {
		out[0].Mechanism.Handled = new(false)
		t.Died = r.thread == nil
	}
	if r.thread != nil {
		id, name := rubyThreadName(r.thread)
		out[0].ThreadID = id
		t.Threads = []event.Thread{{ID: id, Name: name, Crashed: true, Current: true}}
	}
	phpChain(t, out, "cause")
	pyInApp(t)
}

// rubyOldestFirst turns the rows round and cuts the middle out of a long stack.
func rubyOldestFirst(t *Trace, x *rubyFault) []event.Frame {
	rows := x.rows
	if len(rows) > 0 && x.source != "" {
		rows[0].ContextLine = x.source
	}
	for a, b := 0, len(rows)-1; a < b; a, b = a+1, b-1 {
		rows[a], rows[b] = rows[b], rows[a]
	}
	rows, dropped := pyTrim(rows)
	t.drop("trace.frames_dropped", dropped)
	return rows
}

// rubyThreadName reads "#<Thread:0x00007fc0@settler-0 pay.rb:50 run> terminated".
func rubyThreadName(t span) (id, name string) {
	t = t[len(rubyThreadMark):]
	if i := bytes.IndexAny(t, " >"); i >= 0 {
		if at := bytes.IndexByte(t[:i], '@'); at >= 0 {
			rest := t[at+1:]
			for k := 0; k+1 < len(rest); k++ { // a name may hold blanks: the place follows it
				if rest[k] == ' ' {
					if c, in := rubyColon(rest[k+1:]); c > 0 && !in && bytes.IndexByte(rest[k+1:k+1+c], ' ') < 0 {
						return string(t[:at]), string(rest[:k])
					}
				}
			}
			return string(t[:at]), string(t[at+1 : i])
		}
		return string(t[:i]), ""
	}
	return "0", ""
}

// rubyPrinted reads a line that begins with a place, or a header behind words that a program put in front of
// Exception#full_message: "order 7 was lost: /srv/pay.rb:8:in `debit': no funds (Acme::Declined)".
func rubyPrinted(t span) (l rubyParts, lead span, ok bool) {
	if l, ok = rubyLine(t); ok {
		return l, nil, true
	}
	at, in := rubyColon(t)
	if !in {
		return l, nil, false
	}
	start := bytes.LastIndex(t[:at], []byte(": ")) + len(": ")
	if start < len(": ")+1 {
		return l, nil, false
	}
	l, ok = rubyLine(t[start:])
	return l, t[:start], ok && l.kind == rubyIsHeader && l.sure
}

// rubySplit takes "no funds (Acme::Declined)" apart.
func rubySplit(x *rubyFault, rest string) {
	switch at := rubyClassAtEnd(span(rest)); {
	case at >= 0:
		x.typ, x.value = rest[at+2:len(rest)-1], rest[:at]
	case rest == "unhandled exception":
		x.typ = "RuntimeError"
	case strings.HasPrefix(rest, "syntax error"):
		x.typ, x.value = "SyntaxError", rest
	case rubyClass(span(rest)) == len(rest):
		x.typ = rest
	default:
		x.value = rest
	}
	if i := strings.IndexByte(x.typ, ':'); strings.HasPrefix(x.typ, "#<Class:0x") && i > 0 {
		x.typ = "#<Class>" // a class without a name
	}
}

// rubyName takes apart the line in which a program names an exception. It returns
// the words in front of it.
func rubyName(x *rubyFault, text string) (lead string) {
	s := span(text)
	n := rubyClass(s)
	switch at := rubyClassAtEnd(s); {
	case n > 0 && s[n:].has(" (") && s.ends("):"), n > 0 && s[n:].has(" (") && s.ends(")") && (at < 0 || rubyTelling(s[:n])):
		end := len(text) - 1
		if s.ends("):") {
			end--
		}
		x.typ, x.value = text[:n], text[n+2:end]
	case n > 0 && s[n:].has(" - "):
		x.typ, x.value = text[:n], strings.TrimSuffix(text[n+3:], ":")
	case n > 0 && s[n:].has(": ") && (rubyTelling(s[:n]) || at < 0):
		x.typ, x.value = text[:n], text[n+2:]
	case at >= 0:
		for _, mark := range [...]string{"Error reached top of thread-pool: ", "app error: ", "listen loop error: ", "master loop error: "} { // Puma's and Unicorn's
			if strings.HasPrefix(text, mark) {
				lead = mark[:len(mark)-2]
				text = text[len(mark):]
			}
		}
		rubySplit(x, text)
		if plain, err := strconv.Unquote(x.value); err == nil { // Unicorn quotes a message of several lines, error_highlight's included
			x.value, _, _ = strings.Cut(plain, "\n\n")
		}
	case n == len(text):
		x.typ = text
	default:
		return rubyNameWithin(x, text)
	}
	return lead
}

// rubyNameLast reads a name that ends a sentence, as ActiveJob writes it: "Error performing PayJob (Job ID: 7)
// from Async(default) in 12.3ms: RuntimeError (declined):".
func rubyNameLast(x *rubyFault, text string) (lead string, ok bool) {
	if !strings.HasSuffix(text, "):") {
		return "", false
	}
	for p := 0; ; {
		i := strings.Index(text[p:], ": ")
		if i < 0 {
			return "", false
		}
		p += i + 2
		if n := rubyClass(span(text[p:])); n > 0 && strings.HasPrefix(text[p+n:], " (") {
			x.typ, x.value = text[p:p+n], text[p+n+2:len(text)-2]
			return text[:p-2], true
		}
	}
}

// rubyNamePairs reads what Fluentd says: `unexpected error error_class=Errno::ECONNREFUSED error="Connection refused"`.
func rubyNamePairs(x *rubyFault, text string) (lead string, ok bool) {
	lead, rest, ok := strings.Cut(text, " error_class=")
	if !ok {
		return "", false
	}
	n := rubyClass(span(rest))
	if n == 0 {
		return "", false
	}
	x.typ = rest[:n]
	if _, value, ok := strings.Cut(rest, ` error="`); ok {
		x.value = strings.ReplaceAll(strings.TrimSuffix(value, `"`), `\"`, `"`)
	}
	return lead, true
}

// rubyNameWithin reads a name behind or between other words.
func rubyNameWithin(x *rubyFault, text string) (lead string) {
	for _, read := range [...]func(*rubyFault, string) (string, bool){rubyNameLast, rubyNamePairs} {
		if lead, ok := read(x, text); ok {
			return lead
		}
	}
	s := span(text)
	if at := rubyInspected(s); at >= 0 {
		n := rubyClass(s[at+2:])
		x.typ = text[at+2 : at+2+n]
		x.value = strings.TrimLeft(strings.TrimSuffix(text[at+2+n:], ">"), ": ")
		return rubyLead(text[:at])
	}
	if line, rest, ok := strings.Cut(text, "\n"); ok { // "line 1 (Class)" and more lines
		if at := rubyClassAtEnd(span(line)); at >= 0 {
			x.typ, x.value = line[at+2:len(line)-1], line[:at]+"\n"+rest
			return ""
		}
	}
	if at, end := rubyClassIn(s); at >= 0 {
		x.typ, x.value = text[at:end], strings.TrimPrefix(text[end:], ": ")
		if n := rubyClass(span(x.value)); x.typ == "Exception" && n > 0 && strings.HasPrefix(x.value[n:], ": ") { // the word of a logger
			x.typ, x.value = x.value[:n], x.value[n+2:]
		}
		return rubyLead(text[:at])
	}
	x.value = text
	return text
}

func rubyLead(s string) string { return strings.TrimRight(s, " \t:-([\"'|>") }

// rubyFrame makes a frame of a row.
func rubyFrame(l rubyParts) event.Frame {
	f := event.Frame{Lineno: l.line, AbsPath: string(l.file)}
	rubyLabel(&f, string(l.label))
	name, library := rubyPlace(f.AbsPath)
	f.Filename = name
	switch {
	case len(l.gem) > 0:
		f.Package, f.InApp = string(l.gem), new(false)
		f.Filename = strings.TrimPrefix(name, "lib/")
	case library:
		f.InApp = new(false)
	case !strings.HasPrefix(name, "("):
		f.InApp = new(true)
	}
	return f
}

// rubyLabel splits a label: since Ruby 3.4 it names the class, "Acme::Pay#debit".
func rubyLabel(f *event.Frame, label string) {
	if i := strings.Index(label, "#<Class:0x"); i >= 0 { // of a class without a name
		if end := strings.IndexByte(label[i:], '>'); end > 0 {
			f.RawFunction = label
			label = label[:i] + "#<Class>" + label[i+end+1:]
		}
	}
	f.Function = label
	n := rubyClass(span(label))
	if n > 0 && n+1 < len(label) && (label[n] == '#' || label[n] == '.') {
		f.Module, f.Function = label[:n], label[n+1:]
		return
	}
	if i := strings.Index(label, "_erb__"); i > 0 { // the method of a template, numbered anew in every process
		f.Function, f.RawFunction = label[:i+len("_erb")], label
	}
}

// rubyJavaFrame reads a row of JRuby whose place begins at at.
func rubyJavaFrame(t span, at int) event.Frame {
	place := span(bytes.TrimSuffix(t[at:], []byte(")")))
	colon := bytes.LastIndexByte(place, ':')
	f := event.Frame{AbsPath: string(place[:colon])}
	f.Lineno, _ = place[colon+1:].number()
	if name := string(t[:at-1]); t[at-1] == '(' {
		dot := strings.LastIndexByte(name, '.')
		f.Module, f.Function = strings.TrimPrefix(name[:dot], "RUBY"), name[dot+1:]
	} else {
		f.Function = strings.TrimSpace(strings.TrimSuffix(name, " at"))
	}
	var library bool
	f.Filename, library = rubyPlace(f.AbsPath)
	f.InApp = new(!library)
	return f
}

// rubyRoots are directories below which applications are deployed: a file name
// relative to them is the same on every machine.
var rubyRoots = []string{"/usr/src/app/", "/app/", "/rails/", "/code/", "/var/task/"}

// rubyPlace is the name of a file relative to its gem, the standard library or
// the application, and whether it is a library's.
func rubyPlace(file string) (name string, library bool) {
	if rest, ok := strings.CutPrefix(file, "<internal:"); ok {
		rest = strings.TrimSuffix(rest, ">")
		if name, library = rubyPlace(rest); !library {
			name = file
		}
		return name, true
	}
	if i := strings.LastIndex(file, "/gems/"); i >= 0 {
		name = file[i+len("/gems/"):]
		if lib := strings.Index(name, "/lib/"); lib >= 0 {
			name = name[lib+len("/lib/"):]
		}
		return name, true
	}
	if i := strings.LastIndex(file, "/lib/ruby/"); i >= 0 {
		name = file[i+len("/lib/ruby/"):]
		for _, dir := range [...]string{"vendor_ruby/", "site_ruby/"} {
			name = strings.TrimPrefix(name, dir)
		}
		if _, rest, ok := strings.Cut(name, "/"); ok && name != "" && name[0] >= '0' && name[0] <= '9' {
			name = rest
		}
		return name, true
	}
	for _, mark := range [...]string{"/rubygems/", "/bundler/", "/usr/bin/", "/usr/local/bin/"} {
		if strings.Contains(file, mark) {
			return file, true
		}
	}
	if strings.HasSuffix(file, ".java") {
		return file, true
	}
	for _, root := range rubyRoots {
		if strings.HasPrefix(file, root) {
			return file[len(root):], false
		}
	}
	if i := strings.LastIndex(file, "/releases/"); i >= 0 { // Capistrano
		rest := file[i+len("/releases/"):]
		if stamp, below, ok := strings.Cut(rest, "/"); ok && len(stamp) >= 8 && strings.Trim(stamp, "0123456789") == "" {
			return below, false
		}
	}
	return strings.TrimPrefix(file, "./"), false
}

package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

const (
	// perlRows: "\tmain::charge(900) called at pay.pl line 2"; next perlRows.
	perlRows State = iota + 1

	// perlMojo: "Traceback (most recent call first):", then `  File "/srv/Pay.pm", line 9, in "main"`; next perlMojo.
	perlMojo
)

const (
	perlMojoHead = "Traceback (most recent call first):"
	perlBegun    = "Trace begun at " // of Devel::StackTrace, below the message
)

// Perl is the grammar of Carp (confess, cluck, longmess), of Devel::StackTrace,
// which Moose and the classes of exceptions print, and of Mojo::Exception.
// A single "text at pay.pl line 6." is no trace: warn prints the same.
func Perl() Language {
	return Language{
		Name:     "perl",
		Title:    "Perl",
		Hints:    []string{perlMojoHead, "Thread ", "eval {...} ", "main::", perlBegun},
		RowHints: []string{"\t"},
		Step:     perlStep, Back: perlBack, Read: perlRead,
	}
}

func perlStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	switch s {
	case Outside:
		if _, ok := perlRow(l); ok {
			return perlRows, Take
		}
		if _, rest := perlThread(l); rest != nil {
			if _, _, ok := perlTitle(rest); ok {
				return perlRows, Take
			}
		}
		switch t := l.trim(); {
		case string(t) == perlMojoHead:
			return perlMojo, Hold
		case t.has(perlBegun):
			return perlRows, Hold
		}
	case perlRows:
		if _, ok := perlRow(l); ok || perlAgain(l) {
			return s, Take
		}
	case perlMojo:
		if _, ok := perlMojoRow(l); ok {
			return s, Take
		}
	}
	return Outside, No
}

// perlCall is one row; the slices are parts of the line.
type perlCall struct {
	fn   span // "Acme::Wallet::debit", "eval"; without arguments, which may be secret
	file span
	line int
}

// perlRow reads name ["(" arguments ")"] " called at " file " line " number, and
// Devel::StackTrace's rows of calls without arguments, "main::charge at pay.pl line 3".
func perlRow(l span) (c perlCall, ok bool) {
	t := l.trim()
	word := len(" called at ")
	at := bytes.LastIndex(t, []byte(" called at "))
	if at <= 0 {
		word = len(" at ")
		if at = bytes.LastIndex(t, []byte(" at ")); at <= 0 || !t.has("eval {...} at ") && (l.indent() == 0 && !t.has("main::") || !perlName(t[:at])) {
			return c, false
		}
	}
	if c.file, c.line, ok = perlPlace(t[at+word:]); !ok {
		return c, false
	}
	c.fn = t[:at]
	switch {
	case c.fn.has("eval {...}"), c.fn.has("eval '"):
		c.fn = c.fn[:len("eval")]
		return c, true
	case c.fn.has("require "):
		c.fn = c.fn[:len("require")]
		return c, true
	}
	if open := bytes.IndexByte(c.fn, '('); open > 0 && c.fn.ends(")") {
		c.fn = bytes.TrimSuffix(c.fn[:open], []byte(" {...} ")) // Try::Tiny names its blocks so
	} else if l.indent() == 0 && word == len(" called at ") {
		return c, false
	}
	return c, perlName(c.fn)
}

// perlName tells whether t is the full name of a function.
func perlName(t span) bool {
	return len(t) > 2 && bytes.IndexByte(t, ' ') < 0 && bytes.Contains(t, []byte("::"))
}

// perlAgain knows the place that stands on a line of its own, where the message
// ends with a line break. It may be all that is new in a message which holds a stack already.
func perlAgain(l span) bool {
	if !l.has(" at ") || !l.right().ends(".") {
		return false
	}
	_, _, ok := perlPlace(l[len(" at "):].right())
	return ok
}

// perlPlace reads `Wallet.pm line 7` with what Perl may add: a thread, a full stop, the line of the handle read last.
func perlPlace(t span) (file span, line int, ok bool) {
	if at := bytes.Index(t, []byte(", <")); at > 0 {
		t = t[:at]
	}
	t = bytes.TrimSuffix(t, []byte("."))
	at := bytes.LastIndex(t, []byte(" line "))
	if at <= 0 {
		return nil, 0, false
	}
	num, thread, found := bytes.Cut(t[at+len(" line "):], []byte(" thread "))
	if _, digits := span(thread).number(); found && !digits {
		return nil, 0, false
	}
	line, ok = span(num).number()
	return t[:at], line, ok
}

// perlThread reads what the interpreter says of a thread that died, "Thread 1 terminated abnormally: no funds at
// pay.pl line 3 thread 1."; rest is what it died of, nil for any other line.
func perlThread(l span) (id, rest span) {
	num, text, ok := bytes.Cut(bytes.TrimPrefix(l, []byte("Thread ")), []byte(" terminated abnormally: "))
	if _, digits := span(num).number(); !ok || !digits || !l.has("Thread ") {
		return nil, nil
	}
	return num, text
}

// perlTitle splits "text at Wallet.pm line 7." before its place; ok is false if there is none.
func perlTitle(l span) (text span, c perlCall, ok bool) {
	t := l.right()
	upto := t
	if at := bytes.LastIndex(t, []byte(", <")); at > 0 {
		upto = t[:at]
	}
	place := bytes.LastIndex(upto, []byte(" line "))
	if place < 0 {
		return t, c, false
	}
	at := bytes.LastIndex(upto[:place], []byte(" at "))
	if at < 0 {
		return t, c, false
	}
	if defined := bytes.Index(upto, []byte(" (defined at ")); defined > 0 && defined+len(" (defined") == at { // Moose: at accessor Acme::cents (defined at Wallet.pm line 1) line 10
		if shut := bytes.IndexByte(upto[at:], ')'); shut > 0 {
			c.file, c.line, ok = perlPlace(upto[at+len(" at ") : at+shut])
			if start := bytes.LastIndex(upto[:defined], []byte(" at ")); start >= 0 {
				return t[:start], c, ok
			}
		}
	}
	if c.file, c.line, ok = perlPlace(upto[at+len(" at "):]); !ok {
		return t, c, false
	}
	return t[:at], c, true
}

// perlMojoRow reads `File "/srv/Pay.pm", line 9, in "main"`.
func perlMojoRow(l span) (c perlCall, ok bool) {
	t := l.trim()
	if !t.has(`File "`) {
		return c, false
	}
	t = t[len(`File "`):]
	end := bytes.Index(t, []byte(`", line `))
	if end < 0 {
		return c, false
	}
	c.file, t = t[:end], t[end+len(`", line `):]
	num, in, found := bytes.Cut(t, []byte(`, in "`))
	c.line, ok = span(num).number()
	c.fn = bytes.TrimSuffix(in, []byte(`"`))
	return c, ok && found && len(c.file) > 0
}

// perlBack finds the message above the rows. The first of its lines has no mark,
// but the last carries the place; most messages of several lines set in all but the first and the last.
func perlBack(before Window, opening []byte) int {
	if span(opening).trim().has(perlMojoHead) {
		return backTo(before, func(l span) bool { _, _, ok := perlTitle(l); return ok })
	}
	n := before.Len()
	i := n - 1
	if id, _ := perlThread(opening); i < 0 || id != nil {
		return 0
	}
	if t := span(before.Line(i)).trim(); t.has(perlBegun) || span(opening).has(perlBegun) {
		if !span(opening).has(perlBegun) {
			i--
		}
		if i > 0 && !before.Record(i) && len(span(before.Line(i)).trim()) == 0 {
			i--
		}
		return n - max(i, 0)
	}
	if perlAgain(before.Line(i)) && i > 0 && !before.Record(i) {
		i--
	} else if _, _, ok := perlTitle(before.Line(i)); !ok {
		return 0
	}
	if top := messageTop(before, i); top < i {
		if _, _, other := perlTitle(before.Line(top)); !other {
			return n - top
		}
	}
	return n - i
}

func perlRead(lines [][]byte) (Trace, bool) {
	row := perlRow
	first := 0
	for ; first < len(lines); first++ {
		if _, _, ok := perlTitle(lines[first]); ok && first == 0 {
			continue // "main::charge failed at pay.pl line 3" is a message, too
		}
		if _, ok := perlRow(lines[first]); ok {
			break
		}
		if string(span(lines[first]).trim()) == perlMojoHead {
			row = perlMojoRow
			break
		}
	}
	var calls []perlCall
	for _, l := range lines[first:] {
		if len(calls) > 0 && perlAgain(l) {
			break // the handlers that passed it on
		}
		if c, ok := row(l); ok {
			calls = append(calls, c)
		}
	}
	if first == 0 {
		return Trace{}, false
	}
	thread, text, top := perlDied(lines[:first])
	if len(calls) == 0 && (thread == "" || top.line == 0) {
		return Trace{}, false
	}
	var frames []event.Frame
	if mojo := first < len(lines) && string(span(lines[first]).trim()) == perlMojoHead; mojo {
		frames = perlMojoFrames(calls)
	} else {
		frames = perlFrames(top, calls)
	}
	t := single("perl", event.Exception{Type: "Error", Value: text}, frames)
	if thread != "" {
		x := &t.Exceptions[0]
		x.ThreadID, x.Mechanism.Handled = thread, new(false)
		t.Threads = []event.Thread{{ID: thread, Crashed: true, Current: true}}
	}
	t.markApp(perlIsApp)
	return t, true
}

// perlDied is perlMessageOf behind what names the thread that died of it; thread is "" if it was not one of several.
func perlDied(lines [][]byte) (thread, text string, top perlCall) {
	id, rest := perlThread(lines[0])
	if id == nil {
		text, top = perlMessageOf(lines)
		return "", text, top
	}
	text, top = perlMessageOf(append([][]byte{rest}, lines[1:]...))
	return string(id), text, top
}

// perlMessageOf joins the lines of a message and takes the place off its end.
func perlMessageOf(lines [][]byte) (text string, top perlCall) {
	for i, l := range lines {
		if rest, ok := bytes.CutPrefix(span(l).trim(), []byte(perlBegun)); ok {
			top.file, top.line, _ = perlPlace(rest)
			return joinText(lines[:i]), top
		}
		head, c, ok := perlTitle(l)
		if ok && i+2 == len(lines) && perlAgain(lines[i+1]) { // a handler passed the error to confess
			return joinText(append(append([][]byte{}, lines[:i]...), head)), c
		}
		if ok && (i == len(lines)-1 || span(lines[i+1]).has("Context:")) {
			return joinText(append(append([][]byte{}, lines[:i]...), head)), c
		}
	}
	return joinText(lines), top
}

// perlFrames pairs places and functions: a row tells where its function was
// called, while the place inside it stands one row above, the first in the message.
func perlFrames(top perlCall, calls []perlCall) []event.Frame {
	frames := make([]event.Frame, 0, len(calls)+1)
	at := top
	if len(calls) > 1 && bytes.HasSuffix(calls[0].fn, []byte("::__ANON__")) && string(calls[0].file) == string(top.file) && calls[0].line == top.line {
		calls = calls[1:] // the handler of $SIG{__DIE__} itself
	}
	for _, c := range calls {
		if len(at.file) > 0 {
			frames = append(frames, perlFrame(at, c.fn))
		}
		at = c
	}
	return append(frames, perlFrame(at, nil))
}

func perlFrame(at perlCall, fn span) event.Frame {
	f := event.Frame{Filename: string(at.file), Lineno: at.line, Function: string(fn)}
	if name, ok := strings.CutPrefix(f.Filename, "inline template "); ok && len(name) == 32 {
		f.Filename, f.AbsPath = "inline template", f.Filename // the sum of its text
	}
	if rest, ok := strings.CutPrefix(f.Function, "Mojo::Template::Sandbox::"); ok && strings.IndexByte(rest, ':') == 32 {
		f.RawFunction, f.Function = f.Function, "Mojo::Template::Sandbox"+rest[32:]
	}
	if f.Function == "(eval)" {
		f.Function = "eval"
	}
	if strings.HasPrefix(f.Filename, "/") {
		f.AbsPath = f.Filename
	}
	if colons := strings.LastIndex(f.Function, "::"); colons > 0 {
		f.Module, f.Function = f.Function[:colons], f.Function[colons+2:]
	}
	return f
}

// perlMojoFrames: Mojo::Exception names what was called at a place, until
// Mojolicious 8 the package that the place lies in.
func perlMojoFrames(calls []perlCall) []event.Frame {
	called := false
	for _, c := range calls {
		last := c.fn[bytes.LastIndexByte(c.fn, ':')+1:]
		called = called || string(c.fn) == "(eval)" || len(last) < len(c.fn) && len(last) > 0 && (last[0] >= 'a' && last[0] <= 'z' || last[0] == '_')
	}
	frames := make([]event.Frame, len(calls))
	for i, c := range calls {
		switch {
		case !called:
			frames[i] = perlFrame(c, nil)
			frames[i].Module = string(c.fn)
		case i+1 < len(calls):
			frames[i] = perlFrame(c, calls[i+1].fn)
		default:
			frames[i] = perlFrame(c, nil)
		}
	}
	return frames
}

func perlIsApp(f *event.Frame) bool {
	for _, dir := range [...]string{"/usr/share/perl", "/perl5/", "/site_perl/", "/vendor_perl/", "/usr/lib/x86_64-linux-gnu/perl", "/usr/local/share/perl", "/usr/local/lib/perl"} {
		if strings.Contains(f.Filename, dir) {
			return false
		}
	}
	return !strings.HasPrefix(f.Filename, "(eval")
}

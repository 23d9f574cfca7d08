package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// sanGroup is one stack of a report with the line above it.
type sanGroup struct {
	title string
	rows  []nativeCall // newest first
}

// sanReport is what a report says; its first stack is where it happened.
type sanReport struct {
	groups  []sanGroup
	title   span // the last line that is no frame
	summary span
	next    int // number of the frame that goes on with the last group
}

// sanRead is the Read of the language.
func sanRead(lines [][]byte) (Trace, bool) {
	var r sanReport
	var head span
	for _, raw := range lines {
		t := span(raw).trim()
		if rest, ok := sanGrinding(t); ok && len(head) == 0 {
			return sanGrindRead(lines, rest)
		}
		if head == nil {
			if head = sanTitle(t); len(head) > 0 {
				continue
			}
			head = nil
			if c, text, ok := sanUndefined(span(raw)); ok {
				return sanUndefinedRead(c, text, lines[1:]), true
			}
			if len(t) == 0 || sanRuled(t) || sanDeadly(t) {
				continue
			}
			return Trace{}, false
		}
		r.line(t)
	}
	if head == nil {
		return Trace{}, false
	}
	return r.trace(head), true
}

func (r *sanReport) line(t span) {
	if c, n, ok := sanRow(t); ok {
		r.row(c, n)
		return
	}
	if t.has("SUMMARY: ") {
		if i := bytes.Index(t, []byte("Sanitizer: ")); i > 0 {
			r.summary = t[i+len("Sanitizer: "):]
		}
	}
	if len(t) > 0 && (len(r.summary) == 0 || t.has("Thread T")) {
		r.title, r.next = t, 0
	}
}

func (r *sanReport) row(c nativeCall, n int) {
	if n != r.next || len(r.groups) == 0 || n == 0 {
		if len(r.groups) == maxExceptions {
			return
		}
		r.groups = append(r.groups, sanGroup{title: strings.TrimSuffix(string(r.title), ":")})
	}
	g := &r.groups[len(r.groups)-1]
	g.rows, r.next = append(g.rows, c), n+1
}

func (r *sanReport) trace(head span) Trace {
	typ, value := sanType(string(head)), string(head)
	if len(r.summary) > 0 {
		value = string(r.summary)
		if word, _, _ := strings.Cut(value, " "); strings.IndexByte(word, '-') > 0 {
			typ = word // "bad-free" of "attempting free on address which was not malloc()-ed"
		}
	}
	t := Trace{Died: !bytes.HasPrefix(head, []byte("data race")) && !bytes.HasPrefix(head, []byte("detected memory leaks"))}
	var rows []nativeCall
	if len(r.groups) > 0 {
		rows = r.groups[0].rows
	}
	nativeCrash(&t, typ, value, rows)
	for i, g := range r.groups {
		if i == 0 {
			continue
		}
		t.Threads = append(t.Threads, event.Thread{ID: strconv.Itoa(i), Name: g.title, Stacktrace: nativeStack(&t, g.rows)})
	}
	pyInApp(&t)
	return t
}

// sanType is the name of a fault: what stands before the address or the process.
func sanType(head string) string {
	if strings.HasPrefix(head, "detected memory leaks") {
		return "memory leak"
	}
	for _, stop := range [...]string{" on ", " of size ", " (pid=", " (", ":", " at 0x", " 0x", " in "} {
		head, _, _ = strings.Cut(head, stop)
	}
	return strings.TrimPrefix(strings.TrimSpace(head), "attempting ")
}

// sanUndefinedRead reads a runtime error, which has a stack only if asked for.
func sanUndefinedRead(c nativeCall, text span, lines [][]byte) Trace {
	r := sanReport{}
	for _, raw := range lines {
		r.line(span(raw).trim())
	}
	rows := []nativeCall{c}
	if len(r.groups) > 0 {
		rows = r.groups[0].rows
	}
	t := Trace{}
	nativeCrash(&t, sanUndefinedType(string(text)), string(text), rows)
	return t
}

// sanUndefinedType is a runtime error without numbers, types and names:
// "index out of bounds for type" of "index 5 out of bounds for type 'int[4]'".
func sanUndefinedType(text string) string {
	text, _, _ = strings.Cut(text, ": ")
	var words []string
	for w := range strings.FieldsSeq(text) {
		if !strings.ContainsAny(w, "0123456789'\"[]") {
			words = append(words, w)
		}
	}
	return strings.TrimSuffix(strings.Join(words, " "), " of type")
}

// sanGrindRead reads an error of Valgrind: titles, and frames that stand deeper.
func sanGrindRead(lines [][]byte, first span) (Trace, bool) {
	var r sanReport
	title := string(first.trim())
	for _, raw := range lines {
		rest, _ := sanGrinding(span(raw).trim())
		c, at, ok := sanGrindRow(rest.trim())
		if !ok {
			if len(rest.trim()) > 0 {
				r.title = rest.trim()
			}
			continue
		}
		n := r.next
		if at {
			n = 0
		}
		r.row(c, n)
	}
	if len(r.groups) == 0 {
		return Trace{}, false
	}
	t := Trace{Died: strings.HasPrefix(title, "Process terminating")}
	if _, signal, ok := strings.Cut(title, "signal "); ok && t.Died {
		if i := strings.IndexByte(signal, '('); i > 0 {
			r.groups[0].title = strings.Trim(signal[i:], "()")
		}
		nativeCrash(&t, r.groups[0].title, title, r.groups[0].rows)
	} else {
		nativeCrash(&t, sanType(title), title, r.groups[0].rows)
	}
	for i, g := range r.groups[1:] {
		t.Threads = append(t.Threads, event.Thread{ID: strconv.Itoa(i + 1), Name: g.title, Stacktrace: nativeStack(&t, g.rows)})
	}
	pyInApp(&t)
	return t, true
}

// sanGrindRow reads "at 0x109155: settle (pay.c:4)" and "by 0x484: main (in /usr/bin/pay)".
func sanGrindRow(t span) (c nativeCall, at, ok bool) {
	at = t.has("at 0x")
	if !at && !t.has("by 0x") {
		return c, false, false
	}
	var rest span
	if c.addr, rest, ok = nativeHex(t[3:]); !ok || !rest.has(": ") {
		return c, at, false
	}
	rest = rest[2:]
	c.fn = rest
	if i := bytes.LastIndex(rest, []byte(" (")); i > 0 && rest.ends(")") {
		in := rest[i+2 : len(rest)-1]
		if in.has("in ") {
			c.fn, c.mod = rest[:i], in[3:]
		} else if file, line, col, ok := nativePlace(in); ok {
			c.fn, c.file, c.line, c.col = rest[:i], file, line, col
		}
	}
	if string(c.fn) == "???" {
		c.fn = nil
	}
	return c, at, true
}

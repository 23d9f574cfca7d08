package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// erlangReader takes a report apart.
type erlangReader struct {
	lead   string
	faults []erlangFault // the outermost first
	client []erlangCall  // the stack of the process that waits for an answer
	extra  map[string]any
	died   bool // it is the node that ends
	caught bool // a program printed it
}

// erlangRead is the Read of the language. Arguments, states and messages are
// the users' data and are left out.
func erlangRead(lines [][]byte) (Trace, bool) {
	own := make([]span, 0, len(lines))
	for _, l := range lines {
		if t := erlangOwn(l); len(t.trim()) > 0 || len(own) > 0 {
			own = append(own, t)
		}
	}
	if len(own) == 0 {
		return Trace{}, false
	}
	r := &erlangReader{extra: map[string]any{}}
	first := own[0].trim()
	s, v := erlangFirst(first)
	switch s &= erlangKind; {
	case v == No || first.has("[{"):
		if !r.printed(own) {
			return Trace{}, false
		}
	case s == erlangCrash:
		r.report(own)
	case s == erlangStars:
		r.stars(own)
	case s == erlangSuper:
		r.supervisor(own)
	case erlangSentence(first):
		r.sentence(first)
	default:
		r.term(bytes.Join(erlangBytes(own), []byte("\n")))
	}
	if len(r.faults) == 0 {
		return Trace{}, false
	}
	return r.trace(), true
}

func erlangBytes(lines []span) [][]byte {
	out := make([][]byte, len(lines))
	for i, l := range lines {
		out[i] = l
	}
	return out
}

// term reads "Error in process <0.79.0> with exit value: ..." and what a node says that does not start.
func (r *erlangReader) term(text []byte) {
	const mark = "with exit value:"
	switch i := bytes.Index(text, []byte(mark)); {
	case i >= 0:
		r.lead = string(bytes.TrimSpace(text[:i]))
		text = bytes.TrimLeft(text[i+len(mark):], ", \n")
		r.faults = erlangFaults(text[:erlangSkip(text, 0)])
	default:
		r.died = true
		i = max(bytes.IndexAny(text, ",("), 0)
		if text[0] != '{' {
			i = bytes.IndexByte(text, '(')
		}
		rest := text[i+1:]
		r.faults = erlangFaults(rest[:erlangSkip(rest, 0)])
		r.lead = "init terminating in do_boot"
	}
}

// printed reads a stack that a program printed below words of its own:
//
//	charge failed: error:{badkey,zz}
//	[{pay,find,2,[{file,"pay.erl"},{line,2}]}]
func (r *erlangReader) printed(lines []span) bool {
	at := 0
	for at < len(lines) && !lines[at].trim().has("[{") {
		at++
	}
	calls := erlangCalls(bytes.Join(erlangBytes(lines[at:]), []byte("\n")))
	if at == 0 || calls == nil {
		return false
	}
	text := strings.TrimRight(joinText(erlangBytes(lines[:at])), " ,")
	x := erlangFault{typ: "error", value: text, calls: calls}
	for _, class := range [...]string{"error:", "exit:", "throw:"} {
		if i := strings.LastIndex(text, class); i >= 0 && (i == 0 || strings.IndexByte(" ({", text[i-1]) >= 0) {
			reason := bytes.TrimSpace([]byte(text[i+len(class):]))
			x.typ, x.value = erlangHead(reason), erlangShort(reason)
			r.lead = strings.TrimRight(text[:i], " :({")
			break
		}
	}
	r.faults, r.caught = []erlangFault{x}, true
	return true
}

// stars reads the report of a server, whose fields begin with stars.
func (r *erlangReader) stars(lines []span) {
	var fields [][]byte
	for _, l := range lines {
		if t := l.left(); t.has("** ") && (l.indent() == 0 || len(fields) == 0) {
			fields = append(fields, bytes.TrimSpace(t[len("** "):]))
		} else if n := len(fields); n > 0 {
			fields[n-1] = append(append(bytes.Clone(fields[n-1]), '\n'), l...)
		}
	}
	r.lead = strings.TrimRight(string(fields[0]), ". ")
	var reason []byte
	var calls []erlangCall
	for i := 1; i < len(fields); i++ {
		f := span(fields[i])
		value := bytes.TrimSpace(f[bytes.IndexByte(f, '=')+1:])
		if eq := bytes.Index(f, []byte("==")); eq >= 0 {
			value = bytes.TrimSpace(f[eq+2:])
		}
		if len(value) == 0 || len(value) == len(f) { // it stands in the next field
			value = nil
			if i+1 < len(fields) {
				value = fields[i+1]
			}
		}
		switch {
		case f.has("Reason for termination"), f.has("Reason =="):
			reason = value
		case f.has("Stacktrace ="):
			calls = erlangCalls(value)
		case f.has("Client ") && bytes.HasSuffix(f, []byte(" stacktrace")):
			r.client = erlangCalls(value)
		}
	}
	reason = erlangUnclassed(reason)
	if r.faults = erlangFaults(reason); calls != nil && r.faults[0].calls == nil {
		r.faults[0].calls = calls
	}
	if len(reason) == 0 {
		r.faults[0].value = r.lead
	}
}

// erlangUnclassed takes the class off a reason, "error:badarg".
func erlangUnclassed(reason []byte) []byte {
	for _, class := range [...]string{"error:", "exit:", "throw:"} {
		reason = bytes.TrimPrefix(reason, []byte(class))
	}
	return reason
}

// supervisor reads the report of a supervisor; how its child was started is left out.
func (r *erlangReader) supervisor(lines []span) {
	var reason []byte
	in := false
	for _, l := range lines {
		t := l.trim()
		key, value, ok := bytes.Cut(t, []byte(": "))
		switch {
		case ok && string(key) == "supervisor":
			r.lead = "supervisor " + string(value)
		case ok && string(key) == "errorContext":
			r.lead += ": " + string(value)
		case ok && string(key) == "reason":
			reason, in = bytes.Clone(value), true
			continue
		case ok && string(key) == "offender":
		case in:
			reason = append(append(reason, '\n'), t...)
			continue
		}
		in = false
	}
	if reason != nil {
		r.faults = erlangFaults(reason)
	}
}

func (r *erlangReader) trace() Trace {
	t := Trace{Platform: "other", Lead: r.lead, Died: r.died}
	if len(r.extra) > 0 {
		t.Extra = r.extra
	}
	chain := make([]event.Exception, len(r.faults))
	for i, x := range r.faults {
		e := event.Exception{Type: x.typ, Value: x.value, Mechanism: &event.Mechanism{Type: "generic"}}
		var dropped int
		e.Stacktrace, dropped = newestFirst(erlangFrames(x.calls))
		t.drop("trace.frames_dropped", dropped)
		chain[i] = e
	}
	chained(&t, chain)
	if !r.caught {
		t.Exceptions[len(chain)-1].Mechanism.Handled = new(false)
	}
	if st, _ := newestFirst(erlangFrames(r.client)); st != nil {
		t.Threads = []event.Thread{{ID: "client", Name: "client", Stacktrace: st}}
	}
	pyInApp(&t)
	return t
}

package trace

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

var (
	// erlangIn is a frame as text: "in function  pay:find/2 (pay.erl, line 2)", since OTP 27 "(pay.erl:2)".
	erlangIn = regexp.MustCompile(`^in (?:function|call from|operator) +(\S+?)(?:/(\d+)|\(.*\))?(?: \((.+?)(?:, line |:)(\d+)\))?$`)
	// erlangCalled is a call with its arguments, which may stand with a place: "lists:nth(0,[1]) (lists.erl, line 198)".
	erlangCalled = regexp.MustCompile(`([a-z][\w@]*):([a-z][\w@]*|'[^']+')\((.*)\)(?: \((\S+?)(?:, line |:)(\d+)\)| line (\d+))?`)
	// erlangAt is a frame in a sentence: "in pay:find/2 line 3", "at pay:find/2(line:3)", "<= pay:find/2(line:3)".
	erlangAt = regexp.MustCompile(` (?:in|at|<=|from) ([a-z][\w@]*):([a-z][\w@]*|'[^']+'|-[^ ]+-)/(\d+)(?: line (\d+)|\(line:(\d+)\))?`)
)

// erlangWords are the texts that stand for the reasons of errors.
var erlangWords = [...][2]string{
	{"bad argument in an arithmetic", "badarith"}, {"an error occurred when evaluating an arithmetic", "badarith"}, {"bad argument", "badarg"},
	{"no match of right hand", "badmatch"}, {"no function clause matching", "function_clause"}, {"no case clause matching", "case_clause"},
	{"no true branch found", "if_clause"}, {"no try clause matching", "try_clause"}, {"no else clause matching", "else_clause"},
	{"undefined function", "undef"}, {"call to undefined function", "undef"}, {"undefined shell command", "undef"}, {"bad function", "badfun"},
	{"bad key", "badkey"}, {"bad map", "badmap"}, {"bad record", "badrecord"}, {"bad return value", "bad_return_value"}, {"system limit", "system_limit"},
	{"a system limit has been reached", "system_limit"}, {"interpreted function with arity", "badarity"}, {"timeout", "timeout"},
}

// erlangTyped is the reason that a text stands for, or else the word by which it begins.
func erlangTyped(text string) string {
	for _, w := range erlangWords {
		if strings.HasPrefix(text, w[0]) {
			return w[1]
		}
	}
	if strings.Contains(text, " called with ") {
		return "badarity"
	}
	return erlangHead([]byte(text))
}

// report reads a crash report or what an escript says, whose reason and stack are text.
func (r *erlangReader) report(lines []span) {
	var x erlangFault
	var notes []string
	text, in, class := "", false, ""
	for _, l := range lines {
		s := string(l.trim())
		s = strings.TrimPrefix(strings.TrimPrefix(s, "escript: "), "** ")
		rest, raised := strings.CutPrefix(s, "exception ")
		switch {
		case raised && class == "":
			class, text, in = "error", rest, true
			if c, t, ok := strings.Cut(rest, ": "); ok {
				class, text = c, t
			}
		case strings.HasPrefix(s, "in ") && len(s) < 2000 && erlangIn.MatchString(s):
			in = false
			x.calls = append(x.calls, erlangTextCall(erlangIn.FindStringSubmatch(s)))
		case strings.HasPrefix(s, "*** argument "):
			notes = append(notes, s)
		case erlangField(span(s)):
			in = false
			r.field(s)
		case in:
			text += "\n" + s
		}
	}
	if class == "" {
		return
	}
	r.fault(x, text)
	if len(notes) > 0 {
		r.faults[0].value += "\n" + strings.Join(notes, "\n")
	}
}

// field keeps the fields of a crash report that say which process it was.
func (r *erlangReader) field(s string) {
	for _, key := range [...]string{"initial call", "registered_name"} {
		if value, ok := strings.CutPrefix(s, key+": "); ok && value != "[]" {
			r.extra[strings.ReplaceAll(key, " ", "_")] = value
		}
	}
}

// fault files an exception whose reason is a text or a term.
func (r *erlangReader) fault(x erlangFault, text string) {
	if strings.HasPrefix(text, "{") {
		r.faults = erlangFaults([]byte(text))
		if len(x.calls) > 0 {
			r.faults[0].calls = x.calls
		}
		if len(r.faults) > 1 && erlangSame(r.faults[1].calls, x.calls) {
			r.faults = r.faults[:1]
		}
		return
	}
	text = strings.Join(strings.Fields(text[:min(len(text), 8<<10)]), " ")
	x.typ = erlangTyped(text)
	if m := erlangCalled.FindStringSubmatchIndex(text); m != nil { // its arguments are the users' data
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		c := erlangCall{mod: part(1), fn: part(2), arity: len(erlangElems([]byte("[" + part(3) + "]"))), file: part(4)}
		c.line, _ = strconv.Atoi(part(5) + part(6))
		if len(x.calls) == 0 || x.calls[0].mod != c.mod || x.calls[0].fn != c.fn {
			x.calls = append([]erlangCall{c}, x.calls...)
		}
		text = text[:m[0]] + c.mod + ":" + c.fn + "/" + strconv.Itoa(c.arity) + text[m[1]:]
	}
	x.value = text
	if len(x.value) > erlangMost {
		x.value = strings.ToValidUTF8(x.value[:erlangMost], "") + "..."
	}
	r.faults = []erlangFault{x}
}

func erlangTextCall(m []string) erlangCall {
	c := erlangCall{fn: m[1], file: m[3], arity: -1}
	if mod, fn, ok := strings.Cut(m[1], ":"); ok {
		c.mod, c.fn = mod, fn
	}
	if m[2] != "" {
		c.arity, _ = strconv.Atoi(m[2])
	}
	c.line, _ = strconv.Atoi(m[4])
	return c
}

// sentence reads a report that stands on one line.
func (r *erlangReader) sentence(t span) {
	for _, key := range [...]string{" Reason: ", ", error: ", ", exit: ", ", throw: ", ", reason: "} {
		i := bytes.Index(t, []byte(key))
		if i < 0 {
			continue
		}
		r.lead = strings.TrimRight(string(t[:i]), ".,: ")
		if lead, _, ok := strings.Cut(r.lead, ", pid: "); ok {
			r.lead = lead
		}
		if lead, _, ok := strings.Cut(r.lead, ". Installed: "); ok {
			r.lead = lead
		}
		rest := t[i+len(key):]
		end := erlangSkip(rest, 0)
		if stop := bytes.Index(rest, []byte(". Last message: ")); stop > 0 && stop < end {
			end = stop
		}
		term := bytes.TrimSuffix(rest[:end], []byte("."))
		r.faults = erlangFaults(erlangUnclassed(term))
		if k := bytes.Index(rest[end:], []byte(" stacktrace: [")); k >= 0 {
			stack := rest[end+k+len(" stacktrace: "):]
			r.client = erlangCalls(stack[:erlangSkip(stack, 0)])
		}
		return
	}
	r.lager(t)
}

// lager reads what Lager and Ranch make of a report: "gen_server pay terminated with reason: bad argument in pay:find/2 line 3".
func (r *erlangReader) lager(t span) {
	const mark = " reason"
	i := bytes.Index(t, []byte(" with reason"))
	if i < 0 {
		return
	}
	r.lead = string(t[:i])
	if lead, _, ok := strings.Cut(r.lead, " started with "); ok { // arguments follow
		r.lead = lead
	}
	text := strings.TrimLeft(string(t[i+len(" with")+len(mark):]), ": ")
	stack := ""
	for _, stop := range [...]string{" in context ", "; initial_call: ", ", initial_call: "} {
		text, _, _ = strings.Cut(text, stop)
	}
	if before, after, ok := strings.Cut(text, " and stacktrace "); ok {
		text, stack = before, after
	}
	var x erlangFault
	if stack != "" {
		x.calls = erlangCalls([]byte(stack))
	}
	if strings.HasPrefix(text, "{") {
		end := erlangSkip([]byte(text), 0)
		rest := text[end:]
		if k := strings.IndexByte(text[:end], '}'); k > 0 { // what follows the term may stand behind a blank
			if at := erlangAt.FindStringIndex(text); at != nil && at[0] < end {
				rest = text[at[0]:]
				text = text[:at[0]]
			}
		}
		r.places(&x, rest)
		r.fault(x, text)
		return
	}
	if at := erlangAt.FindStringIndex(text); at != nil {
		r.places(&x, text[at[0]:])
		text = text[:at[0]]
	}
	r.fault(x, text)
}

// places reads the places that a sentence names, the newest first.
func (r *erlangReader) places(x *erlangFault, text string) {
	for _, m := range erlangAt.FindAllStringSubmatch(text, maxFrames) {
		c := erlangCall{mod: m[1], fn: m[2]}
		c.arity, _ = strconv.Atoi(m[3])
		c.line, _ = strconv.Atoi(m[4] + m[5])
		x.calls = append(x.calls, c)
	}
}

// erlangFrames makes frames of calls, newest first.
func erlangFrames(calls []erlangCall) []event.Frame {
	out := make([]event.Frame, len(calls))
	for i := range calls {
		out[i] = calls[i].frame()
	}
	return out
}

func (c *erlangCall) frame() event.Frame {
	raw := c.fn
	if c.mod != "" {
		raw = c.mod + ":" + c.fn
	}
	if c.arity >= 0 {
		raw += "/" + strconv.Itoa(c.arity)
	}
	f := event.Frame{Function: c.inside(raw), Module: strings.Trim(c.mod, "'"), Filename: c.file, Lineno: c.line}
	if f.Function != raw {
		f.RawFunction = raw
	}
	f.InApp = new((c.file != "" || c.line > 0) && !erlangOTP[c.mod])
	return f
}

// inside names a fun or a comprehension by the function that it stands in: '-deep/1-fun-0-' of pay is "fun in pay:deep/1".
func (c *erlangCall) inside(raw string) string {
	name := strings.Trim(c.fn, "'")
	if !strings.HasPrefix(name, "-") || !strings.HasSuffix(name, "-") {
		return raw
	}
	for _, kind := range [...][2]string{{"-fun-", "fun in "}, {"-lc$^", "comprehension in "}, {"-blc$^", "comprehension in "}, {"-lbc$^", "comprehension in "}} {
		if i := strings.Index(name, kind[0]); i > 1 {
			return kind[1] + c.mod + ":" + name[1:i]
		}
	}
	return raw
}

// erlangOTP are modules of OTP that stand in most stacks.
var erlangOTP = func() map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(`
		erlang erts_internal init lists maps proplists dict gb_trees gb_sets ets dets queue string binary re unicode io io_lib file filename
		gen gen_server gen_server2 gen_statem gen_event gen_fsm gen_tcp gen_udp proc_lib supervisor supervisor2 supervisor_bridge sys timer erl_eval shell escript erl_scan
		application application_controller application_master logger code code_server error_handler kernel inet ssl ssl_connection tls_connection
		httpc crypto public_key mnesia rpc global net_kernel user_drv group array sets ordsets orddict calendar rand math base64 zlib
		ranch_conns_sup ranch_protocol cowboy_handler cowboy_stream_h cowboy_http cowboy_http2 lager`) {
		out[name] = true
	}
	return out
}()

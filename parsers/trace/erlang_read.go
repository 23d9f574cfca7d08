package trace

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

const erlangAtom = `([a-z][\w@]*|'[^'\n]{1,200}')`

var (
	// erlangTuple is a frame as a term: {pay,find,2,[{file,"pay.erl"},{line,2}]}.
	erlangTuple = regexp.MustCompile(`\{` + erlangAtom + `,\s*` + erlangAtom + `,\s*(\d{1,3}),\s*\[(?:\{file,\s*"([^"\n]{1,300})"\},\s*\{line,(\d{1,8})\})?`)
	// erlangArgs is the newest frame where it shows the arguments instead of their number.
	erlangArgs = regexp.MustCompile(`[,\[]\s*\[\{` + erlangAtom + `,\s*` + erlangAtom + `,\s*\[`)
	// erlangReason is the word by which a term names the fault: badkey in {{badkey,w1},[...]}.
	erlangReason = regexp.MustCompile(`^[\s{]*"?([a-z][\w@]*)`)
	// erlangIn is a frame as text: "in function  pay:find/2 (pay.erl, line 2)".
	erlangIn = regexp.MustCompile(`^in (?:function|call from) +(\S+?)(?:/(\d+)|\(.*\))?(?: \((.+), line (\d+)\))?$`)
)

// erlangRead is the Read of the language. Arguments, states and messages are
// the users' data and are left out.
func erlangRead(lines [][]byte) (Trace, bool) {
	first := span(lines[0]).trim()
	s, v := erlangOpen(first)
	if v == No {
		return Trace{}, false
	}
	t := Trace{Platform: "other"}
	x := event.Exception{Mechanism: &event.Mechanism{Type: "generic"}}
	var frames []event.Frame // newest first
	switch s {
	case erlangCrash:
		frames = erlangReport(&x, lines)
	case erlangStars:
		x.Value = strings.TrimPrefix(string(first), "** ")
		frames = erlangStack(&x, erlangReasonOf(lines))
	default:
		term := bytes.Join(lines, []byte("\n"))
		if i := bytes.Index(term, []byte("exit value:")); i >= 0 {
			term = term[i+len("exit value:"):]
		} else {
			t.Died = true
			x.Type, x.Mechanism.Handled = "init terminating", new(false)
			x.Value = "init terminating in do_boot"
		}
		frames = erlangStack(&x, term)
	}
	if x.Type == "" {
		x.Type = "error"
	}
	for i, k := 0, len(frames)-1; i < k; i, k = i+1, k-1 {
		frames[i], frames[k] = frames[k], frames[i]
	}
	frames, dropped := pyTrim(frames)
	t.drop("trace.frames_dropped", dropped)
	if len(frames) > 0 {
		x.Stacktrace = &event.Stacktrace{Frames: frames}
	}
	t.Exceptions = []event.Exception{x}
	pyInApp(&t)
	return t, true
}

// erlangReasonOf is the term below "** Reason for termination ==".
func erlangReasonOf(lines [][]byte) []byte {
	for i, l := range lines {
		if !bytes.Contains(l, []byte("Reason for termination")) && !bytes.HasPrefix(l, []byte("** Reason == ")) {
			continue
		}
		_, rest, _ := bytes.Cut(l, []byte("=="))
		end := i + 1
		for end < len(lines) && (end == i+1 && len(bytes.TrimSpace(rest)) == 0 || !bytes.HasPrefix(lines[end], []byte("** "))) {
			end++
		}
		return append(bytes.Clone(rest), bytes.TrimPrefix(bytes.Join(lines[i+1:end], []byte("\n")), []byte("** "))...)
	}
	return nil
}

// erlangStack reads a reason with its stack, both a term.
func erlangStack(x *event.Exception, term []byte) (frames []event.Frame) {
	stack := len(term)
	if m := erlangArgs.FindSubmatchIndex(term); m != nil {
		stack = m[0]
		frames = append(frames, erlangFrame(string(term[m[2]:m[3]]), string(term[m[4]:m[5]]), "", "", 0))
	}
	for _, m := range erlangTuple.FindAllSubmatchIndex(term, 20_000) {
		stack = min(stack, m[0])
		file, line := "", 0
		if m[8] >= 0 {
			file = string(term[m[8]:m[9]])
			line, _ = strconv.Atoi(string(term[m[10]:m[11]]))
		}
		frames = append(frames, erlangFrame(string(term[m[2]:m[3]]), string(term[m[4]:m[5]]), string(term[m[6]:m[7]]), file, line))
	}
	reason := strings.Trim(strings.Join(strings.Fields(string(term[:stack])), " "), "[, ")
	if m := erlangReason.FindStringSubmatch(reason); m != nil && x.Type == "" {
		x.Type = m[1]
	}
	if reason != "" && (x.Value == "" || len(frames) > 0) && x.Type != "init terminating" {
		open := strings.Count(reason, "{") - strings.Count(reason, "}")
		if open > 0 && strings.HasPrefix(reason, "{") {
			reason = reason[1:]
		}
		x.Value = reason
	}
	return frames
}

// erlangReport reads a crash report, whose reason and stack are text.
func erlangReport(x *event.Exception, lines [][]byte) (frames []event.Frame) {
	for _, raw := range lines {
		s := string(span(raw).trim())
		s = strings.TrimPrefix(strings.TrimPrefix(s, "escript: "), "** ")
		if rest, ok := strings.CutPrefix(s, "exception "); ok && x.Type == "" {
			class, text, _ := strings.Cut(rest, ": ")
			x.Type, x.Value = class, text
			name, _, _ := strings.Cut(text, ": ")
			name, _, _ = strings.Cut(name, " matching ")
			if class == "error" && len(name) < 60 && !strings.ContainsAny(name, "{[<#\"'") {
				x.Type = name
			}
			continue
		}
		if !strings.HasPrefix(s, "in ") || len(s) > 2000 {
			continue
		}
		m := erlangIn.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		line, _ := strconv.Atoi(m[4])
		mod, fn, ok := strings.Cut(m[1], ":")
		if !ok {
			mod, fn = "", mod
		}
		frames = append(frames, erlangFrame(mod, fn, m[2], m[3], line))
	}
	return frames
}

func erlangFrame(mod, fn, arity, file string, line int) event.Frame {
	f := event.Frame{Function: fn, Module: mod, Filename: file, Lineno: line}
	if mod != "" {
		f.Function = mod + ":" + fn
	}
	if arity != "" {
		f.Function += "/" + arity
	}
	f.InApp = new(file != "" && !erlangOTP[mod])
	return f
}

// erlangOTP are modules of OTP that stand in most stacks.
var erlangOTP = func() map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(`
		erlang erts_internal init lists maps proplists dict gb_trees gb_sets ets dets queue string binary re unicode io io_lib file filename
		gen gen_server gen_statem gen_event gen_fsm gen_tcp gen_udp proc_lib supervisor supervisor_bridge sys timer erl_eval shell escript erl_scan
		application application_controller application_master logger code code_server error_handler kernel inet ssl ssl_connection tls_connection
		httpc crypto public_key mnesia rpc global net_kernel user_drv group array sets ordsets orddict calendar rand math base64 zlib`) {
		out[name] = true
	}
	return out
}()

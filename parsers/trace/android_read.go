package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

func androidRead(lines [][]byte) (Trace, bool) {
	first := span(lines[0]).trim()
	if name := androidThread(first); len(name) > 0 {
		return androidException(string(name), lines[1:])
	}
	if first.has("ANR in ") {
		return androidHang(lines), true
	}
	return androidTombstone(lines)
}

// androidException reads the trace of a thread's exception. The JVM's own form
// of the first line is what the JVM's grammar knows.
func androidException(thread string, lines [][]byte) (Trace, bool) {
	extra := map[string]any{}
	n := 0
	for ; n < len(lines); n++ {
		t := span(lines[n]).trim()
		if len(t) > 0 && !androidProcess(t) {
			break
		}
		androidFields(extra, t)
	}
	if n == len(lines) {
		return Trace{}, false
	}
	java := make([][]byte, 0, len(lines)-n)
	java = append(java, append([]byte(javaInThread+thread+`" `), span(lines[n]).trim()...))
	if _, g := javaFrame(lines[n]); g == javaSure {
		java[0] = lines[n]
	}
	t, ok := javaRead(append(java, lines[n+1:]...))
	if !ok || len(t.Exceptions) == 0 {
		return Trace{}, false
	}
	t.Died, t.Level = true, event.Fatal
	if t.Extra == nil {
		t.Extra = extra
	}
	for k, v := range extra {
		t.Extra[k] = v
	}
	return t, true
}

// androidFields reads "Process: com.acme.pay, PID: 1234".
func androidFields(into map[string]any, t span) {
	for part := range bytes.SplitSeq(t, []byte(", ")) {
		key, value, ok := strings.Cut(string(part), ": ")
		if !ok {
			continue
		}
		switch key {
		case "Process", "Package", "Foreground":
			into[strings.ToLower(key)] = value
		case "PID":
			if n, err := strconv.Atoi(value); err == nil {
				into["process.pid"] = n
			}
		}
	}
}

// androidHang reads an ANR. There is no stack: it goes to a file of its own.
func androidHang(lines [][]byte) Trace {
	t := Trace{Platform: "java", Extra: map[string]any{}}
	x := event.Exception{Type: "ApplicationNotResponding", Mechanism: &event.Mechanism{Type: "ANR", Handled: new(false)}}
	process, activity, _ := strings.Cut(strings.TrimPrefix(string(span(lines[0]).trim()), "ANR in "), " (")
	t.Extra["process"] = process
	if activity = strings.TrimSuffix(activity, ")"); activity != "" {
		t.Extra["activity"] = activity
	}
	x.Value = "ANR in " + process
	for _, raw := range lines[1:] {
		l := span(raw).trim()
		if reason, ok := strings.CutPrefix(string(l), "Reason: "); ok {
			x.Value = reason
		} else if l.has("PID: ") {
			androidFields(t.Extra, l)
		}
	}
	t.Exceptions = []event.Exception{x}
	return t
}

// androidDump is what a tombstone says of the thread that died and of the others.
type androidDump struct {
	signal, code, cause, abort string
	threads                    []androidStack
}

type androidStack struct {
	id, name, process string
	rows              []nativeCall
}

func androidTombstone(lines [][]byte) (Trace, bool) {
	t := Trace{Died: true, Level: event.Fatal, Extra: map[string]any{}, Contexts: map[string]any{}}
	d := androidDump{threads: []androidStack{{}}}
	for _, raw := range lines {
		d.line(&t, span(raw).trim())
	}
	crashed := &d.threads[0]
	if d.signal == "" || len(crashed.rows) == 0 && crashed.process == "" {
		return Trace{}, false
	}
	value := d.abort
	if value == "" {
		value = d.code
	}
	nativeCrash(&t, d.signal, value, crashed.rows)
	x := &t.Exceptions[0]
	x.Mechanism.Type, x.Mechanism.Synthetic, x.ThreadID = "signalhandler", true, crashed.id
	for i := range d.threads {
		th := &d.threads[i]
		if th.id == "" || len(t.Threads) >= maxExceptions {
			continue
		}
		e := event.Thread{ID: th.id, Name: th.name}
		if i == 0 {
			e.Crashed, e.Current = true, true
		} else {
			e.Stacktrace = nativeStack(&t, th.rows)
		}
		t.Threads = append(t.Threads, e)
	}
	if crashed.process != "" {
		t.Extra["process"] = crashed.process
	}
	if d.cause != "" {
		t.Extra["cause"] = d.cause
	}
	t.eachFrame(func(f *event.Frame) { f.InApp = new(androidOwn(f.Package)) })
	pyInApp(&t)
	return t, true
}

func (d *androidDump) line(t *Trace, l span) {
	last := &d.threads[len(d.threads)-1]
	if c, ok := androidRow(l); ok {
		last.rows = append(last.rows, nativeCall{addr: append([]byte("0x"), bytes.TrimLeft(c.pc[:len(c.pc)-1], "0")...), fn: c.fn, mod: c.mod})
		row := &last.rows[len(last.rows)-1]
		row.addr = append(row.addr, c.pc[len(c.pc)-1])
		return
	}
	text := string(l)
	switch {
	case l.has("Build fingerprint: "):
		androidSystem(t, strings.Trim(text[len("Build fingerprint: "):], "'"))
	case l.has("ABI: "):
		t.Contexts["device"] = map[string]any{"arch": strings.Trim(text[len("ABI: "):], "'")}
	case l.has("pid: "):
		if last.id != "" {
			d.threads = append(d.threads, androidStack{})
			last = &d.threads[len(d.threads)-1]
		}
		last.id, last.name, last.process = androidWho(text)
		if pid, _, ok := strings.Cut(text[len("pid: "):], ","); ok && len(d.threads) == 1 {
			t.Extra["process.pid"], _ = strconv.Atoi(pid)
		}
	case l.has("signal "), l.has("Fatal signal "):
		if name := androidSignalName(text); name != "" {
			d.signal = name
			d.code = strings.TrimPrefix(text, "Fatal ")
			if at := strings.Index(d.code, " in tid "); at > 0 {
				d.code = d.code[:at]
			}
		}
	case l.has("Cause: "):
		d.cause = text[len("Cause: "):]
	case l.has("Abort message: "):
		d.abort = androidUnquote(text[len("Abort message: "):])
	}
}

// androidUnquote takes the quotes off an abort message.
func androidUnquote(s string) string {
	if len(s) > 1 && (s[0] == '\'' || s[0] == '"') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// androidSignalName is SIGSEGV of "signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x10".
func androidSignalName(s string) string {
	_, s, ok := strings.Cut(s, "(SIG")
	if !ok {
		return ""
	}
	s, _, ok = strings.Cut(s, ")")
	if !ok {
		return ""
	}
	return "SIG" + s
}

// androidWho reads "pid: 1234, tid: 1250, name: RenderThread  >>> com.acme.pay <<<".
func androidWho(s string) (tid, name, process string) {
	if _, rest, ok := strings.Cut(s, "tid: "); ok {
		tid, _, _ = strings.Cut(rest, ",")
	}
	if _, rest, ok := strings.Cut(s, "name: "); ok {
		name, _, _ = strings.Cut(rest, "  >>> ")
	}
	if _, rest, ok := strings.Cut(s, ">>> "); ok {
		process = strings.TrimSuffix(rest, " <<<")
	}
	return strings.TrimSpace(tid), strings.TrimSpace(name), process
}

// androidSystem reads "google/redfin/redfin:11/RQ3A.210805.001.A1/7474174:user/release-keys".
func androidSystem(t *Trace, fingerprint string) {
	os := map[string]any{"name": "Android"}
	if part := strings.Split(fingerprint, "/"); len(part) > 3 {
		_, os["version"], _ = strings.Cut(part[2], ":")
		os["build"] = part[3]
	}
	t.Contexts["os"] = os
}

// androidOwn tells whether a module was installed with an application.
func androidOwn(mod string) bool {
	return strings.HasPrefix(mod, "/data/") || strings.Contains(mod, "base.apk") || strings.HasPrefix(mod, "/mnt/expand/") || strings.HasPrefix(mod, "/mnt/asec/")
}

package trace

import (
	"bytes"
	"strings"
)

// lldb's stacks, as its command bt prints them:
//
//	* thread #1, name = 'payd', stop reason = signal SIGSEGV: invalid address (fault address: 0x0)
//	  * frame #0: 0x000055555555c3fc payd`ledger::settle(n=2) at pay.cc:73:39
//	    frame #1: 0x00007ffff7a4524a libc.so.6`__libc_start_main + 133

// lldbRow reads a frame, the star of the selected one taken off.
func lldbRow(t span) (c nativeCall, n int, ok bool) {
	if !t.has("frame #") {
		return c, 0, false
	}
	n, rest, ok := nativeNumber(t[len("frame #"):])
	if !ok || !rest.has(": ") {
		return c, 0, false
	}
	rest = rest[2:].left()
	if c.addr, rest, ok = nativeHex(rest); !ok {
		return c, n, false
	}
	rest = rest.trim()
	for rest.ends("]") { // "[opt]", "[inlined]"
		i := bytes.LastIndex(rest, []byte(" ["))
		if i < 0 {
			break
		}
		rest = rest[:i].right()
	}
	if i := bytes.IndexByte(rest, '`'); i >= 0 {
		c.mod, rest = rest[:i], rest[i+1:]
	}
	if i := bytes.LastIndex(rest, []byte(" at ")); i > 0 {
		if file, line, col, is := nativePlace(rest[i+len(" at "):]); is {
			c.file, c.line, c.col, rest = file, line, col, rest[:i]
		}
	}
	if i := bytes.LastIndex(rest, []byte(" + ")); i > 0 {
		rest = rest[:i]
	}
	c.fn = span(nativeName(string(rest))) // the arguments are the users' data
	return c, n, true
}

// lldbStar takes the star off the selected thread or frame.
func lldbStar(t span) span {
	if t.has("* ") {
		return t[2:].left()
	}
	return t
}

// lldbReason is why a thread stopped; empty if the line is no thread's title.
func lldbReason(t span) span {
	t = lldbStar(t)
	if !t.has("thread #") {
		return nil
	}
	i := bytes.Index(t, []byte("stop reason = "))
	if i < 0 {
		return nil
	}
	return t[i+len("stop reason = "):]
}

// lldbTitle sorts a thread's title.
func lldbTitle(t span) int {
	reason := lldbReason(t)
	switch {
	case reason.has("signal SIG"), reason.has("SIG"), reason.has("EXC_"):
		return gdbSignal
	case len(reason) > 0, lldbStar(t).has("thread #") && bytes.IndexByte(t, ',') > 0:
		return gdbThread
	}
	return gdbNothing
}

// lldbTalk tells the other lines of a session: prompts, and the source around a frame.
func lldbTalk(l, t span) bool {
	if t.has("(lldb) ") || t.has("Process ") && (t.ends(" stopped") || bytes.Contains(t, []byte(" launched: "))) {
		return true
	}
	if t.has("-> ") {
		_, _, ok := nativeNumber(t[3:])
		return ok
	}
	_, rest, ok := nativeNumber(t)
	return l.indent() > 0 && (string(t) == "^" || ok && (len(rest) == 0 || rest.has(" ")))
}

// lldbName is SIGSEGV of "signal SIGSEGV: invalid address", EXC_BAD_ACCESS of "EXC_BAD_ACCESS (code=1, address=0x0)".
func lldbName(reason string) string {
	reason = strings.TrimPrefix(reason, "signal ")
	if i := strings.IndexAny(reason, ": ("); i > 0 {
		reason = reason[:i]
	}
	return reason
}

// lldbOnce leaves one stack of each thread: a session shows the newest frame
// when the program stops, and all of them when it is asked.
func lldbOnce(groups []sanGroup) []sanGroup {
	var out []sanGroup
	at := map[string]int{}
	for _, g := range groups {
		i, known := at[g.title]
		switch {
		case g.title == "" || !known:
			at[g.title] = len(out)
			out = append(out, g)
		case len(g.rows) > len(out[i].rows):
			out[i] = g
		}
	}
	return out
}

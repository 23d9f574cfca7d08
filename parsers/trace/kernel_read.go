package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// kernelRead is the Read of the language. The place of the fault (RIP) is the
// newest frame; rows with a question mark are left out, since they are what
// happened to lie on the stack.
func kernelRead(lines [][]byte) (Trace, bool) {
	head := kernelText(lines[0]).trim()
	switch kernelKind(head) {
	case kernelKilled:
		return kernelKill(head), true
	case kernelOops:
	default:
		return Trace{}, false
	}
	var rows []nativeCall
	maybe := false
	for _, raw := range lines[1:] {
		t := kernelText(raw).trim()
		for _, p := range [...]string{"RIP: ", "pc : ", "PC is at ", "IP: "} {
			if len(rows) == 0 && t.has(p) {
				at := t[len(p):]
				if i := bytes.IndexByte(at[:min(len(at), 6)], ':'); i > 0 {
					at = at[i+1:]
				}
				if c, ok := kernelRow(at); ok {
					rows = append(rows, c)
				}
			}
		}
		unsure := bytes.Contains(t[:min(len(t), 40)], []byte("? "))
		if c, ok := kernelRow(t); ok && !unsure {
			if len(rows) != 1 || string(rows[0].fn) != string(c.fn) {
				rows = append(rows, c)
			}
		}
		maybe = maybe || unsure
	}
	t := Trace{Died: head.has("Kernel panic")}
	nativeCrash(&t, kernelFault(string(head)), string(head), rows)
	t.eachFrame(func(f *event.Frame) { f.InApp = new(f.Package != "") }) // modules, not the kernel's own code
	pyInApp(&t)
	t.Exceptions[0].Mechanism.Synthetic = true
	if head.has("WARNING: ") {
		t.Level = event.Warning
	}
	if maybe {
		t.Extra = map[string]any{"kernel.unreliable_rows": "left out"}
	}
	return t, true
}

// kernelFault is the name of a fault, without addresses, processes and times.
func kernelFault(s string) string {
	switch {
	case strings.HasPrefix(s, "INFO: task "):
		return "hung task"
	case strings.Contains(s, "soft lockup"):
		return "soft lockup"
	case strings.Contains(s, "hard LOCKUP"):
		return "hard lockup"
	case strings.HasPrefix(s, "WARNING: CPU: "):
		return "kernel warning"
	case strings.HasPrefix(s, "UBSAN: "):
		s, _, _ = strings.Cut(s, " in ")
		return s
	case strings.HasPrefix(s, "INFO: rcu_"), strings.HasPrefix(s, "rcu: INFO: rcu_"):
		return "RCU stall"
	case strings.HasPrefix(s, "Kernel panic"):
		return "kernel panic"
	case strings.HasPrefix(s, "kernel BUG at "):
		return "kernel BUG"
	case strings.HasPrefix(s, "BUG: KASAN: "), strings.HasPrefix(s, "BUG: KFENCE: "), strings.HasPrefix(s, "BUG: KCSAN: "), strings.HasPrefix(s, "BUG: KMSAN: "):
		s, _, _ = strings.Cut(s[len("BUG: "):], " in ")
		return s
	}
	s = strings.TrimPrefix(s, "BUG: ")
	for _, stop := range [...]string{", ", ": ", " at "} {
		s, _, _ = strings.Cut(s, stop)
	}
	return s
}

// kernelKill reads the one line that tells of a program's end.
func kernelKill(head span) Trace {
	t := Trace{Died: true}
	name, text, ok := kernelProcess(head)
	typ := "SIGSEGV"
	switch {
	case head.has("segfault at "):
	case !ok || bytes.HasPrefix(head, []byte("Out of memory")) || bytes.HasPrefix(head, []byte("Memory cgroup")):
		nativeCrash(&t, "out of memory", string(head), nil)
		return t
	case text.has("general protection"):
		typ = "general protection fault"
	case text.has("trap invalid opcode"):
		typ = "SIGILL"
	case text.has("trap divide error"):
		typ = "SIGFPE"
	case text.has("trap int3"):
		typ = "SIGTRAP"
	case text.has("trap "):
		typ = "trap"
	case text.has("unhandled signal "), text.has("potentially unexpected fatal signal "):
		if typ = cppSignalIn(span(bytes.Replace(text, []byte("fatal signal "), []byte("signal "), 1))); typ == "" {
			typ = "signal"
		}
	}
	if head.has("segfault at ") {
		name, text = nil, head
	}
	c := nativeCall{}
	if i := bytes.LastIndex(text, []byte(" in ")); i > 0 {
		in := text[i+len(" in "):]
		if k := bytes.IndexByte(in, '['); k > 0 {
			in = in[:k]
		}
		c.mod = in
	}
	for _, mark := range [...]string{" ip ", " ip:"} {
		if i := bytes.Index(text, []byte(mark)); i > 0 {
			c.addr, _, _ = bytes.Cut(text[i+len(mark):], []byte(" "))
		}
	}
	if len(c.addr) > 0 && len(c.addr) <= 16 {
		c.addr = span("0x" + string(c.addr))
	}
	if name == nil {
		name = c.mod
	}
	nativeCrash(&t, typ, string(name)+": "+string(text), []nativeCall{c})
	t.Exceptions[0].Mechanism.Synthetic = true
	return t
}

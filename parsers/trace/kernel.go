package trace

import "bytes"

// The states of a report of the Linux kernel.
const (
	// kernelBody: within an oops or a report with a stack.
	//
	//	BUG: kernel NULL pointer dereference, address: 0000000000000008
	//	RIP: 0010:settle+0x19/0x240 [pay]
	//
	// from: Outside; to: kernelRows
	kernelBody State = iota + 1

	// kernelRows: among the rows of a call trace.
	//
	//	 ? do_syscall_64+0x8e/0x160
	//
	// from: kernelBody; to: none
	kernelRows
)

// Kernel is the grammar of what the Linux kernel says of programs that it kills
// and of faults of its own. The lines come with the seconds since the start in
// brackets, or without them where a carrier took them off.
func Kernel() Language {
	return Language{
		Name:  "kernel",
		Title: "Linux kernel",
		Hints: []string{"[", "kernel: [", "BUG: ", "Oops: ", "general protection fault", "INFO: task ", "watchdog: BUG: ", "traps: ", "Out of memory: Kill", "Memory cgroup out of memory: Kill",
			"Kernel panic - not syncing", "Unable to handle kernel ", "INFO: rcu", "segfault at ", "trap "},
		RowHints: sourceRowHints,
		Marks:    []string{"[9"},
		Step:     kernelStep,
		Read:     kernelRead,
	}
}

func kernelStep(s State, line []byte) (State, Verdict) {
	t := kernelText(line)
	kind := kernelKind(t)
	if s == Outside {
		switch kind {
		case kernelKilled:
			return Outside, Last
		case kernelOops:
			return kernelBody, Take
		}
		return Outside, No
	}
	switch {
	case len(t.trim()) == 0:
		return s, Hold
	case kind == kernelKilled:
		return Outside, No
	case t.has("---[ end "):
		return Outside, Last
	case kind == kernelOops:
		if s == kernelBody && !t.has("INFO: task ") && !t.has("watchdog: ") {
			return s, Take
		}
		return Outside, No
	case kernelTitle(t.trim()):
		return kernelRows, Take
	case kernelField(t.trim()):
		return s, Take
	}
	if _, ok := kernelRow(t); ok {
		return kernelRows, Take
	}
	return Outside, No
}

// kernelText is a line without the kernel's own timestamp: "[ 3846.639479] text".
// The indent of the text is kept.
func kernelText(line []byte) span {
	t := span(line).right()
	if u := t.left(); u.has("kernel: ") {
		t = u[len("kernel: "):]
	}
	if !t.has("[") {
		return t
	}
	i := 1
	for i < len(t) && (t[i] == ' ' || t[i] == '.' || isDigit(t[i])) {
		i++
	}
	if i < 4 || i >= len(t) || t[i] != ']' {
		return t
	}
	t = t[i+1:]
	if t.has(" ") {
		t = t[1:]
	}
	return t
}

// What the first line of a report says.
const (
	kernelNothing = iota
	kernelKilled  // pay[123]: segfault at 0 ip 00007f sp 00007f error 4 in libc.so.6
	kernelOops    // BUG: kernel NULL pointer dereference, address: 0000000000000008
)

func kernelKind(t span) int {
	if len(t) == 0 {
		return kernelNothing
	}
	switch t[0] {
	case 'B', 'k', 'O', 'g', 'w', 'K', 'U', 'I', 'M':
		if kind := kernelReport(t); kind != kernelNothing {
			return kind
		}
	}
	return kernelEnd(t)
}

// kernelReport sorts the lines that begin a report.
func kernelReport(t span) int {
	for _, p := range [...]string{
		"BUG: kernel ", "BUG: unable to handle ", "BUG: soft lockup", "BUG: Bad ", "BUG: KASAN: ", "BUG: scheduling while atomic", "kernel BUG at ", "Oops: ", "general protection fault: ",
		"general protection fault, ", "watchdog: BUG: ", "Kernel panic - not syncing", "Unable to handle kernel ", "INFO: rcu_", "INFO: task ",
	} {
		if t.has(p) {
			if p == "INFO: task " && !bytes.Contains(t, []byte(" blocked for more than ")) {
				return kernelNothing
			}
			return kernelOops
		}
	}
	if t.has("Out of memory: Kill") || t.has("Memory cgroup out of memory: Kill") {
		return kernelKilled
	}
	return kernelNothing
}

// kernelEnd sorts the lines that tell of a program's end.
func kernelEnd(t span) int {
	if _, text, ok := kernelProcess(t); ok {
		switch {
		case text.has("segfault at ") && bytes.Contains(text, []byte(" ip ")),
			text.has("general protection fault ") && bytes.Contains(text, []byte("ip:")),
			text.has("trap ") && bytes.Contains(text, []byte("ip:")):
			return kernelKilled
		}
	}
	return kernelNothing
}

// kernelProcess cuts "pay[123]: " or "traps: pay[123] " from the start of t.
func kernelProcess(t span) (name, text span, ok bool) {
	if t.has("traps: ") {
		t = t[len("traps: "):]
	}
	i := bytes.IndexByte(t[:min(len(t), 40)], '[')
	if i < 1 {
		return nil, t, false
	}
	_, rest, ok := nativeNumber(t[i+1:])
	if !ok || !rest.has("]") {
		return nil, t, false
	}
	rest = rest[1:]
	if rest.has(":") {
		rest = rest[1:]
	}
	return t[:i], rest.left(), rest.has(" ")
}

// kernelTitle tells whether a line begins or ends a call trace.
func kernelTitle(t span) bool {
	switch string(t) {
	case "Call Trace:", "Call trace:", "<TASK>", "</TASK>", "<IRQ>", "</IRQ>", "<NMI>", "</NMI>":
		return true
	}
	return t.has("Call Trace:")
}

// kernelField tells whether a line is one of those around a call trace.
func kernelField(t span) bool {
	for _, p := range [...]string{
		"#PF: ", "PGD ", "CPU: ", "Hardware name: ", "RIP: ", "Code: ", "RSP: ", "RAX: ", "RDX: ", "RBP: ", "R10: ", "R13: ", "FS: ", "CS: ", "CR2: ", "DR0: ", "DR3: ", "PKRU: ",
		"Modules linked in: ", "task:", "      Tainted: ", "Tainted: ", "\"echo 0 > /proc/sys", "Workqueue: ", "EIP: ", "EAX: ", "ESI: ", "DS: ", "ORIG_RAX: ", "pc : ", "lr : ", "sp : ",
		"pstate: ", "Mem abort info:", "invalid opcode: ", "Comm: ", "Not tainted", "Oops: ", "x29: ", "Internal error: ",
	} {
		if t.has(p) {
			return true
		}
	}
	return len(t) > 4 && t[0] == 'x' && isDigit(t[1]) && bytes.IndexByte(t[:5], ':') > 0
}

// kernelRow reads " ? settle+0x8e/0x160 [pay]"; a question mark stands before frames that may be none.
func kernelRow(t span) (c nativeCall, ok bool) {
	t = t.trim()
	if t.has("? ") {
		t = t[2:].left()
	}
	if t.has("[<") { // old kernels print the address
		i := bytes.Index(t, []byte(">] "))
		if i < 0 {
			return c, false
		}
		c.addr, t = t[2:i], t[i+3:].left()
	}
	i := bytes.Index(t, []byte("+0x"))
	if i < 1 || bytes.IndexByte(t[:i], ' ') >= 0 {
		return c, false
	}
	_, rest, _ := nativeHex(t[i+1:])
	if !rest.has("/0x") {
		return c, false
	}
	_, rest, _ = nativeHex(rest[1:])
	c.fn = t[:i]
	rest = rest.left()
	if rest.has("[") {
		if k := bytes.IndexAny(rest, " ]"); k > 0 {
			c.mod, rest = rest[1:k], nil
		}
	}
	return c, len(rest) == 0
}

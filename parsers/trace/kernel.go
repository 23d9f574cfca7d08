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
			"Kernel panic - not syncing", "Unable to handle kernel ", "INFO: rcu", "rcu: INFO: rcu", "segfault at ", "trap ", "<0>", "<1>", "<2>", "<3>", "<4>", "<5>", "<6>", "kernel BUG at ",
			"NMI watchdog: ", "watchdog: Watchdog", "WARNING: CPU: ", "UBSAN: ", "divide error: ", "Internal error: ", "list_add corruption", "list_del corruption"},
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
	case t.has("------------[ cut here ]"):
		return Outside, No
	case t.has("---[ end "):
		return Outside, Last
	case kind == kernelOops:
		if kernelGoesOn(t) || s == kernelBody && !t.has("INFO: task ") && !t.has("watchdog: ") && !t.has("WARNING: CPU: ") {
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

// kernelText is a line without what the kernel and its carriers put in front:
// "<3>", "kernel: ", "[ 3846.639479] ", "[Sun Nov 22 05:28:01 2026] " of dmesg -T,
// "[  T123] " for the task that printed. The indent of the text is kept.
func kernelText(line []byte) span {
	t := span(line).right()
	if u := t.left(); u.has("<") && len(u) > 3 && isDigit(u[1]) && (u[2] == '>' || u[3] == '>') {
		t = u[bytes.IndexByte(u, '>')+1:]
	}
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
	if i == 1 && len(t) > 26 && t[25] == ']' && t[4] == ' ' && t[8] == ' ' && t[14] == ':' {
		i = 25
	}
	if i < 4 || i >= len(t) || t[i] != ']' {
		return t
	}
	t = t[i+1:]
	if t.has("[") { // by which task or processor
		u := t[1:].left()
		if n := bytes.IndexByte(u[:min(len(u), 10)], ']'); n > 1 && (u[0] == 'T' || u[0] == 'C') && isDigit(u[1]) {
			t = u[n+1:]
		}
	}
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
	case 'B', 'k', 'O', 'g', 'w', 'K', 'U', 'I', 'M', 'N', 'r', 'W', 'd', 'i', 's', 'l':
		if kind := kernelReport(t); kind != kernelNothing {
			return kind
		}
	}
	return kernelEnd(t)
}

// kernelReport sorts the lines that begin a report.
func kernelReport(t span) int {
	for _, p := range kernelHeads {
		if t.has(p) {
			if p == "INFO: task " && !bytes.Contains(t, []byte(" blocked for more than ")) || p == "WARNING: CPU: " && !bytes.Contains(t, []byte(" at ")) {
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

// kernelHeads are the beginnings of the reports of the kernel's faults.
var kernelHeads = [...]string{
	"BUG: kernel ", "BUG: unable to handle ", "BUG: soft lockup", "BUG: workqueue lockup", "BUG: Bad ", "BUG: KASAN: ", "BUG: KFENCE: ", "BUG: KCSAN: ", "BUG: KMSAN: ",
	"BUG: scheduling while atomic", "BUG: sleeping function called from invalid context", "BUG: spinlock ", "BUG: stack guard page", "kernel BUG at ", "Oops: ",
	"general protection fault: ", "general protection fault, ", "watchdog: BUG: ", "watchdog: Watchdog detected hard LOCKUP", "NMI watchdog: ", "Kernel panic - not syncing",
	"Unable to handle kernel ", "INFO: rcu_", "rcu: INFO: rcu_", "INFO: task ", "WARNING: CPU: ", "UBSAN: ", "divide error: ", "invalid opcode: ", "stack segment: ", "double fault: ",
	"Internal error: ", "list_add corruption", "list_del corruption",
}

// kernelEnd sorts the lines that tell of a program's end.
func kernelEnd(t span) int {
	if t.has("segfault at ") && bytes.Contains(t, []byte(" ip ")) && bytes.Contains(t, []byte(" sp ")) { // a carrier took the program for its own tag
		return kernelKilled
	}
	if _, text, ok := kernelProcess(t); ok {
		switch {
		case text.has("segfault at ") && bytes.Contains(text, []byte(" ip ")),
			text.has("general protection fault ") && bytes.Contains(text, []byte("ip:")),
			text.has("trap ") && bytes.Contains(text, []byte("ip:")),
			text.has("unhandled signal ") || text.has("potentially unexpected fatal signal "):
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

// kernelGoesOn tells the heads that stand within a report that has begun.
func kernelGoesOn(t span) bool {
	return t.has("Oops: ") || t.has("invalid opcode: ") || t.has("Internal error: ") || t.has("kernel BUG at ")
}

// kernelTitle tells whether a line begins or ends a call trace.
func kernelTitle(t span) bool {
	switch string(t) {
	case "Call Trace:", "Call trace:", "Backtrace:", "<TASK>", "</TASK>", "<IRQ>", "</IRQ>", "<NMI>", "</NMI>":
		return true
	}
	return t.has("Call Trace:")
}

// kernelField tells whether a line is one of those around a call trace.
func kernelField(t span) bool {
	for _, p := range [...]string{
		"#PF: ", "PGD ", "CPU: ", "Hardware name: ", "RIP: ", "Code: ", "RSP: ", "RAX: ", "RDX: ", "RBP: ", "R10: ", "R13: ", "FS: ", "CS: ", "CR2: ", "DR0: ", "DR3: ", "PKRU: ",
		"Modules linked in: ", "task:", "      Tainted: ", "Tainted: ", "\"echo 0 > /proc/sys", "Workqueue: ", "EIP: ", "EAX: ", "ESI: ", "DS: ", "ORIG_RAX: ", "pc : ", "lr : ", "sp : ",
		"pstate: ", "Mem abort info:", "invalid opcode: ", "Comm: ", "Not tainted", "Oops: ", "x29: ", "Internal error: ", "EFLAGS: ", "R08: ", "RBX: ", "RSI: ", "RAX=", "PC is at ", "LR is at ", "Stack: ", "Stack:",
		"Sending NMI ", "NMI backtrace for cpu ", "rcu: ", "\t", "(detected by ", "(t=", "Last Breaking-Event", "index ", "Kernel Offset: ", "irq event stamp: ", "hardirqs last ",
		"softirqs last ", "in_atomic(): ", "preempt_count: ", "Preemption disabled at", "Read of size ", "Write of size ", "Allocated by task ", "Freed by task ", "The buggy address ",
		"Memory state around ", "ESR = ", "EC = ", "SET = ", "EA = ", "FSC = ", "Data abort info:", "ISV = ", "CM = ", "user pgtable: ", "swapper pgtable: ", "[0000", "Call trace:",
		"Future hung task reports are suppressed", "Kernel panic", "Shutting down cpus", "Rebooting in ", "RIP ", "IP: ", "Flags: ", "Control: ", "Process ", "Exception stack(", "Modules linked in:", "LR: ", "note: ", "Task dump for CPU ", "Mode SVC",
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
	if i := bytes.Index(t, []byte(" from ")); i > 0 && bytes.IndexByte(t[:i], ' ') < 0 { // ARM: the caller behind
		c.fn = t[:i]
		t = t[i+len(" from "):]
		at := bytes.Index(t, []byte("+0x"))
		return c, at > 0 && bytes.IndexByte(t, ' ') < 0
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
	return c, len(rest) == 0 || len(rest) == 3 && rest[0] == '(' && rest[2] == ')' // "(P)": how it was found
}

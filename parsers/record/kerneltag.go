package record

// kernelTag gives the start of the kernel's own text behind "kernel: " at p, with
// or without the seconds since the boot; 0 if the tag does not stand there.
//
//	kernel: [ 3846.639479] BUG: unable to handle page fault
//	kernel: BUG: unable to handle page fault
func kernelTag(b []byte, p int) int {
	const tag = "kernel: "
	if !has(b, p, tag) {
		return 0
	}
	p += len(tag)
	return p + bootSeconds(b, p)
}

// bootSeconds gives the length of "[ 3846.639479] " at p, 0 if it is not there.
func bootSeconds(b []byte, p int) int {
	if at(b, p) != '[' {
		return 0
	}
	q := skipBlanks(b, p+1)
	r := skip(b, q, digit)
	e := skip(b, r+1, digit)
	if r == q || at(b, r) != '.' || e != r+7 || !has(b, e, "] ") {
		return 0
	}
	return e + 2 - p
}

// kernelLine reads "kernel: text" and "host kernel: text", as journals and
// syslog files print the kernel's lines; e is the end of the first word.
func (h *header) kernelLine(e int) bool {
	m := kernelTag(h.b, 0)
	if m == 0 && at(h.b, e) == ' ' {
		m = kernelTag(h.b, e+1)
	}
	if m == 0 {
		return false
	}
	h.kind = Kernel
	return h.done(m)
}

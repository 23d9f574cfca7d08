package record

import "bytes"

// webSphere reads what stands behind the time of WebSphere and Liberty, from p on:
// the thread in hexadecimal, a component in a column of its own, one letter.
//
//	0000007f SystemErr     R java.lang.IllegalStateException: no funds
//	0000007f webapp        E com.ibm.ws.webcontainer.webapp.WebApp logServletError SRVE0293E: ...
func (h *header) webSphere(p int) bool {
	b := h.b
	t := skip(b, p, digit|letter)
	if t != p+8 || at(b, t) != ' ' {
		return false
	}
	e := tokenEnd(b, t+1)
	q := skipBlanks(b, e)
	if e == t+1 || at(b, q+1) != ' ' || q-t > maxGroup {
		return false
	}
	switch b[q] {
	case 'F':
		h.level = Fatal
	case 'E':
		h.level = Error
	case 'W':
		h.level = Warning
	case 'A', 'I', 'C', 'O':
		h.level = Info
	case 'D', '>', '<':
		h.level = Debug
	case '1', '2', '3':
		h.level = Trace
	case 'R': // what a program printed to its standard error: no level
	default:
		return false
	}
	h.thread, h.logger = span{p, t}, span{t + 1, e}
	return h.done(q + 2)
}

// webLogic reads WebLogic's line, columns in angle brackets, of which the second
// is the level, the third the component and the last the message:
//
//	####<Nov 22, 2026 5:28:01,123 AM UTC> <Error> <HTTP> <pay-1> <AdminServer> <thread> <...> <BEA-101017> <Root cause of ServletException.>
func (h *header) webLogic() bool {
	b := h.b
	const open = "####<"
	if !has(b, 0, open) {
		return false
	}
	s, end := stampAt(b, len(open))
	if s == noStamp {
		return false
	}
	h.shape, h.time = s, span{len(open), end}
	i := bytes.IndexByte(b[end:min(len(b), end+maxGroup)], '>')
	if i < 0 || !has(b, end+i, "> <") {
		return false
	}
	p := end + i + len("> <")
	l, n, _ := levelAt(b, p)
	if !has(b, p+n, "> <") {
		return false
	}
	h.level = l
	p += n + len("> <")
	e := p + max(0, bytes.IndexByte(b[p:min(len(b), p+maxGroup)], '>'))
	h.logger = span{p, e}
	if c := bytes.Index(b[e:], []byte("> <BEA-")); c >= 0 {
		code := e + c + len("> <")
		d := tokenEnd(b, code)
		if at(b, d-1) == '>' && at(b, d+1) == '<' {
			h.note("code", span{code, d - 1})
			h.tailed = angleTail
			return h.done(d + 2)
		}
	}
	return h.done(e + 2)
}

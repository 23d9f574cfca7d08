package record

import "bytes"

// swiftLog tells whether a header is that of swift-log's handler: a time with a
// zone and no fraction, a level in small letters, a label.
//
//	2026-11-22T05:28:01+0000 error codes.vapor.application : request-id=7F3C [Vapor] message
func (h *header) swiftLog() bool {
	end := h.time.end
	return h.shape == isoStamp && !h.logger.empty() && end-h.time.at == len("2026-11-22T05:28:01+0000") &&
		h.time.at == 0 && h.b[10] == 'T' && at(h.b, end) == ' ' && at(h.b, end+1) >= 'a'
}

// swift splits metadata and the module in brackets off the message.
func (r *Record) swift(m []byte) []byte {
	p := 0
	for {
		eq := skip(m, p, wordRun|nameRun)
		i := bytes.IndexByte(m[p:eq], '=')
		if i <= 0 || at(m, eq) != ' ' {
			break
		}
		r.field(string(m[p:p+i]), clean(m[p+i+1:eq], maxValue))
		p = eq + 1
	}
	if at(m, p) != '[' {
		return m
	}
	s, end, ok := group(m, p)
	if !ok || at(m, end) != ' ' || !nameLike(m, s) {
		return m
	}
	r.field("source", clean(s.of(m), maxName))
	return m[end+1:]
}

// vapor splits what Vapor's console logger puts behind a message off it:
//
//	[ ERROR ] Abort.404: Not Found [request-id: 7F3C] (App/Controllers/Pay.swift:12)
func (r *Record) vapor(m []byte) []byte {
	m = bytes.TrimRight(m, " ")
	if i := bytes.LastIndex(m, []byte(" (")); i > 0 && m[len(m)-1] == ')' {
		if e := callerEnd(m, i+2); e == len(m)-1 && e > i+2 {
			r.field("caller", clean(m[i+2:e], maxName))
			m = m[:i]
		}
	}
	i := bytes.LastIndex(m, []byte(" ["))
	if i < 0 || m[len(m)-1] != ']' {
		return m
	}
	for _, part := range bytes.Split(m[i+2:len(m)-1], []byte(", ")) {
		k, v, ok := bytes.Cut(part, []byte(": "))
		if !ok || !nameLike(k, span{0, len(k)}) {
			return m
		}
		r.field(string(k), clean(v, maxValue))
	}
	return m[:i]
}

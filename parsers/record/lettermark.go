package record

import "bytes"

// letterMark knows the levels of one letter behind a time, each by what else
// its format has: MongoDB's "I NETWORK  [conn1]", etcd's "E | etcdserver:",
// TensorFlow's "E tensorflow/x.cc:12]".
//
//	I NETWORK  [conn1] message          MongoDB before 4.4
//	E | etcdserver: message             etcd's capnslog
//	E tensorflow/x.cc:12] message       TensorFlow
//	E [4711:puma 001] Rails -- message  Semantic Logger
//	I am here, A new user               prose
func (h *header) letterMark(p int) (Level, int) {
	b := h.b
	if at(b, p+1) == '!' && at(b, p+2) == ' ' { // Telegraf
		return letterLevel(b[p]), 2
	}
	if at(b, p+1) != ' ' {
		return Unknown, 0
	}
	l := letterLevel(b[p])
	if l == Unknown {
		return Unknown, 0
	}
	q := p + 2
	if has(b, q, "| ") {
		return l, 3
	}
	if at(b, q) == '[' && isDigit(at(b, q+1)) { // Ruby's Semantic Logger: E [4711:puma 001 wallet.rb:12] Rails -- message
		if s, end, ok := group(b, q); ok && bytes.IndexByte(s.of(b), ':') > 0 {
			d := skip(b, s.at, digit)
			h.pid, h.thread = span{s.at, d}, span{min(d+1, s.end), s.end}
			return l, end - p
		}
	}
	e := q
	for e < len(b) && (b[e] >= 'A' && b[e] <= 'Z' || b[e] == '_') {
		e++
	}
	if has(b, q, "-   ") { // MongoDB's server itself
		e++
	}
	if (e-q >= 2 || e > q && b[q] == '-') && at(b, e) == ' ' {
		r := skipBlanks(b, e)
		if at(b, r) != '[' {
			return Unknown, 0
		}
		s, end, ok := group(b, r)
		if !ok {
			return Unknown, 0
		}
		h.thread = s
		if b[q] != '-' {
			h.logger = span{q, e}
		}
		return l, end - p
	}
	if e := callerEnd(b, q); e > q && at(b, e) == ']' {
		return l, 1
	}
	return Unknown, 0
}

package record

import "bytes"

// klog reads the structured form of klog, a quoted message and pairs.
//
//	"settle failed" err="short of funds" batch=77
func (r *Record) klog(m []byte) []byte {
	if len(m) == 0 || m[0] != '"' {
		return m
	}
	e := stringEnd(m, 1)
	if e >= len(m) || e+1 < len(m) && pairsStart(m[e+1:]) != 1 {
		return m
	}
	w := pairs{b: m, p: e + 1}
	for w.next() {
		r.pair(w.key.of(m), w.val.of(m), w.quoted)
	}
	return []byte(unescape(m[1:e]))
}

// nginx splits the request that nginx was serving off its message:
// `text, client: 10.0.0.1, server: pay, request: "GET / HTTP/1.1"`.
func (r *Record) nginx(m []byte) []byte {
	i := bytes.Index(m, []byte(", client: "))
	if i < 0 {
		return m
	}
	for _, part := range bytes.Split(m[i+2:], []byte(", ")) {
		if k, v, ok := bytes.Cut(part, []byte(": ")); ok && skip(k, 0, letter) == len(k) {
			r.field(string(k), clean(bytes.Trim(v, `"`), maxValue))
		}
	}
	return m[:i]
}

// named splits structlog's logger in brackets off the end of the message.
func (r *Record) named(m []byte) []byte {
	m = bytes.TrimRight(m, " ")
	i := bytes.LastIndexByte(m, '[')
	if i < 2 || m[len(m)-1] != ']' || m[i-1] != ' ' || !nameLike(m, span{i + 1, len(m) - 1}) {
		return m
	}
	if m[i-2] != ' ' && r.Fields == nil {
		return m
	}
	r.Logger = clean(m[i+1:len(m)-1], maxName)
	return m[:i]
}

// zap splits the JSON object in the last column off the message.
//
//	settle failed⇥{"error": "short of funds", "cents": 3}
func (r *Record) zap(m []byte) []byte {
	i := bytes.LastIndex(m, []byte("\t{\""))
	if i < 0 || m[len(bytes.TrimRight(m, " \r"))-1] != '}' {
		return m
	}
	r.object(m, i+1, 0)
	return m[:i]
}

// pipes splits the columns behind the message off, as ActiveMQ has them.
//
//	Failed to start Apache ActiveMQ | org.apache.activemq.broker.BrokerService | main
func (r *Record) pipes(m []byte) []byte {
	parts := bytes.Split(m, []byte(" | "))
	if n := len(parts); n == 3 && dotted(bytes.TrimSpace(parts[1])) {
		r.Logger, r.Thread = clean(bytes.TrimSpace(parts[1]), maxName), clean(bytes.TrimSpace(parts[2]), maxName)
		return parts[0]
	}
	return m
}

// rich splits the place of the call off the right margin.
//
//	charge failed                                      worker.py:23
func (r *Record) rich(m []byte) []byte {
	t := bytes.TrimRight(m, " ")
	i := bytes.LastIndexByte(t, ' ')
	if i < 1 || t[i-1] != ' ' || callerEnd(t, i+1) != len(t) {
		return m
	}
	r.field("caller", clean(t[i+1:], maxName))
	return t[:i]
}

// dancer splits the place of the call off the end of a message of Perl's Dancer.
//
//	Route exception: balance too low in /usr/share/perl5/Dancer2/Core/App.pm l. 1516
func (r *Record) dancer(m []byte) []byte {
	i, l := bytes.LastIndex(m, []byte(" in ")), bytes.LastIndex(m, []byte(" l. "))
	if i < 0 || l < i || skip(m, l+4, digit) != len(m) {
		return m
	}
	r.field("caller", clean(m[i+4:l], maxName)+":"+clean(m[l+4:], maxName))
	return m[:i]
}

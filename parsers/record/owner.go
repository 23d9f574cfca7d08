package record

// What some formats put in front of the message is left to it by Head: the
// grammar of the language knows it as a mark of its own rows. Read takes it off.

// source splits the source off the message of Crystal's Log, which stands
// behind the level in a column that is padded on the left:
//
//	2026-11-22T13:27:58.434427Z  ERROR - pay.ledger: charging failed
func (r *Record) source(m []byte) []byte {
	e := tokenEnd(m, 0)
	if e < 2 || e >= len(m) || m[e-1] != ':' || !nameLike(m, span{0, e - 1}) || exceptionLike(m[:e-1]) {
		return m
	}
	r.Logger = clean(m[:e-1], maxName)
	return m[skipOne(m, e):]
}

// erlangProcess splits the process of Erlang off the message, which lager and
// RabbitMQ put before every line:
//
//	2026-11-22 05:28:01.123456+00:00 [error] <0.555.0> ** Generic server <0.555.0> terminating
func (r *Record) erlangProcess(m []byte) []byte {
	e := pidEnd(m, 1)
	if at(m, 0) != '<' || e == 1 || at(m, e) != '>' || at(m, e+1) != ' ' || r.Thread != "" {
		return m
	}
	r.Thread = clean(m[:e+1], maxName)
	return m[e+2:]
}

// pidEnd gives the end of the numbers of an Erlang process at p, "0.223.0", or p.
func pidEnd(b []byte, p int) int {
	q := p
	for n := range 3 {
		e := skip(b, q, digit)
		if e == q || n < 2 && at(b, e) != '.' {
			return p
		}
		q = e + 1
	}
	return q - 1
}

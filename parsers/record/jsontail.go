package record

import "bytes"

// jsonTail splits a JSON object off the end of a message, as winston's simple
// format and many a printf put it there.
//
//	charge failed {"service":"pay","stack":"Error: no funds\n    at charge (/srv/pay/index.js:3:9)"}
func (r *Record) jsonTail(m []byte) []byte {
	m = bytes.TrimRight(m, " \r")
	if len(m) == 0 || m[len(m)-1] != '}' {
		return m
	}
	for p, tries := 0, 0; tries < 16; tries++ {
		i := bytes.Index(m[p:], []byte(` {"`))
		if i < 0 {
			return m
		}
		p += i + 1
		if nestedEnd(m, p) == len(m) {
			r.object(m, p, 0)
			r.finish()
			return bytes.TrimRight(m[:p], " ")
		}
	}
	return m
}

// closesObject tells whether a line ends as an object that a logger printed
// behind a message does, Monolog's empty "extra" included.
func closesObject(line []byte) bool {
	c := line[len(line)-1]
	return c == '}' || c == ']' && has(line, len(line)-4, "} []")
}

// embeds tells whether such a line may carry a trace in its object.
func embeds(line []byte) bool { return carriesTrace(line, bytes.IndexByte(line, '\\')) }

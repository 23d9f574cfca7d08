package record

import "bytes"

// carriesTrace tells whether a JSON or logfmt line may hold a whole trace:
// an escaped line break followed by what a frame begins with, or a list under
// a key that holds traces. escape is the offset of the first backslash, or -1. It is wrong in favour of true.
func carriesTrace(b []byte, escape int) bool {
	return escapesTrace(b, escape) || listsTrace(b)
}

// escapesTrace tells whether the beginning of a frame follows an escaped line
// break; escape is the offset of the first backslash, or -1.
func escapesTrace(b []byte, escape int) bool {
	if escape < 0 {
		return false
	}
	for p := escape; p < len(b); {
		if p = escapedFrame(b, p); p < 0 {
			return true
		}
		i := bytes.IndexByte(b[min(p, len(b)):], '\\')
		if i < 0 {
			return false
		}
		p += i
	}
	return false
}

// escapedFrame looks at the escape at p: -1 if it is a line break with the
// beginning of a frame behind it, else where to go on.
func escapedFrame(b []byte, p int) int {
	q := skip1(b, p, '\\') // escaped once or twice
	c := at(b, q)
	if c == 'r' && at(b, q+1) == '\\' {
		return q + 1
	}
	if c == 'u' && has(b, q, "u000a") {
		q += 4
	} else if c != 'n' {
		return q + 1
	}
	q++
	if frameStart(b, q) {
		return -1
	}
	return q
}

// frameStart tells whether a row of a trace may begin at p.
func frameStart(b []byte, p int) bool {
	q := skipBlanks(b, p)
	if bytes.IndexByte(b[p:q], '\t') >= 0 {
		return true
	}
	if at(b, q) == '\\' {
		if r := skip1(b, q, '\\'); at(b, r) == 't' {
			return true
		}
	}
	switch c := at(b, q); {
	case q >= p+2:
		return class[c]&digit != 0 || c == '#' || c == '(' || c == '|' || c == '+' || c == '[' || c == '.' ||
			has(b, q, "at ") || has(b, q, "File ") || has(b, q, "from ") || has(b, q, "in ") || has(b, q, "--- ")
	case c == 'g':
		return has(b, q, "goroutine ")
	case c == 'T':
		return has(b, q, "Traceback")
	case c == 'C':
		return has(b, q, "Caused by") || has(b, q, "CallStack")
	case c == '#':
		return isDigit(at(b, q+1))
	case c == 'S':
		return has(b, q, "Stack trace")
	case c == 's':
		return has(b, q, "stack backtrace") || has(b, q, "stack traceback")
	case c == 'a':
		return has(b, q, "at ")
	}
	return q == p && rubyRow(b, p)
}

// rubyRow knows "/app/pay.rb:14:in `charge'", which begins with nothing special.
func rubyRow(b []byte, p int) bool {
	i := bytes.IndexAny(b[p:min(len(b), p+maxToken)], ":\n\"\\")
	return i > 3 && b[p+i] == ':' && isDigit(at(b, p+i+1)) && has(b, p+i-3, ".rb")
}

// listsTrace tells whether a list stands under a key that ends as those of
// traces do: "backtrace":[, "stackTrace": [, "frames":[.
func listsTrace(b []byte) bool {
	for p := 0; ; {
		i := bytes.IndexByte(b[p:], '[')
		if i < 0 {
			return false
		}
		p += i + 1
		q := p - 2
		if at(b, q) == ' ' {
			q--
		}
		if at(b, q) != ':' || at(b, q-1) != '"' || q < 8 {
			continue
		}
		switch string(b[q-4 : q-1]) {
		case "ace", "ack", "mes", "ion", "ror", "nfo":
			return true
		}
	}
}

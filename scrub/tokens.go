package scrub

// edge says what must not stand before a token.
type edge uint8

const (
	plainEdge edge = iota // no letter or digit
	wordEdge              // nor . - _ : the prefix is like a word, as in box.ico-7a38...png
	blobEdge              // nor a long run of base64: the prefix is letters and digits only
)

// token is a secret that is known by how it begins and by its shape, whatever stands
// around it. Prefixes and lengths are those the providers document or, where they do
// not, those seen in the wild; where a prefix is telling, longer tails are accepted
// than are made today.
type token struct {
	name   string // of the detector
	prefix string // in the case it has
	shape  shape
	edge   edge
	det    detector
}

// shape is what follows the prefix: runs of sets with their lengths, and signs between.
type shape []part

// part is a run of min to max bytes of the set, or the sign if that is not 0.
type part struct {
	set      set
	min, max int
	sign     byte
}

// unbounded is the maximum of a run that may have any length.
const unbounded = 1 << 30

// shapeLetters are the names of the sets in a shape.
var shapeLetters = map[byte]set{
	'd': digits, 'h': lowerHex, 'x': anyHex, 'a': alnum, 'u': upnum, 'B': base32, 'w': word, 'D': dotted,
	'b': base64Std, 'c': base64Any, 'e': padded, 'i': ident, 'A': azureSecret, 'E': urlPath,
}

// parseShape reads a shape as it is written in the table: a letter for the set, then
// how many of it: 36, 36:255 or 36+. Anything else is a sign that stands for itself.
func parseShape(text string) (sh shape) {
	for i := 0; i < len(text); {
		set, ok := shapeLetters[text[i]]
		if !ok {
			sh = append(sh, part{sign: text[i]})
			i++
			continue
		}
		p := part{set: set}
		p.min, i = number(text, i+1)
		p.max = p.min
		if i < len(text) && text[i] == '+' {
			p.max = unbounded
			i++
		} else if i < len(text) && text[i] == ':' {
			p.max, i = number(text, i+1)
		}
		sh = append(sh, p)
	}
	return sh
}

// number reads the digits at text[i].
func number(text string, i int) (n, next int) {
	for ; i < len(text) && isDigit(text[i]); i++ {
		n = n*10 + int(text[i]-'0')
	}
	return n, i
}

// verifyToken looks at a token whose prefix stands at text[start:end].
func (s *Scrubber) verifyToken(k *token, start, end int) {
	if string(s.text[start:end]) != k.prefix || !s.edgeFits(k.edge, start) {
		return
	}
	if end, ok := s.follow(k.shape, end); ok {
		for s.text[end-1] == '.' { // the full stop of a sentence
			end--
		}
		s.mark(k.det, start, end)
	}
}

// edgeFits tells whether a token may begin at t[i].
func (s *Scrubber) edgeFits(e edge, i int) bool {
	c := before(s.text, i)
	switch {
	case alnum.has(c):
		return false
	case e == wordEdge:
		return c != '.' && c != '-' && c != '_'
	case e == blobEdge && (c == '/' || c == '+'):
		return !s.inBlob(i)
	}
	return true
}

// longestLookBack bounds the look at what stands before a token, in bytes.
const longestLookBack = 64

// inBlob tells whether t[i] stands in the middle of base64: a long run without a
// break that has digits and letters of both cases, which no path of a URL has.
func (s *Scrubber) inBlob(i int) bool {
	t := s.text
	var hasDigit, hasUpper, hasLower bool
	j := i
	for ; j > 0 && i-j < longestLookBack && base64Std.has(t[j-1]); j-- {
		c := t[j-1]
		hasDigit = hasDigit || isDigit(c)
		hasUpper = hasUpper || isUpper(c)
		hasLower = hasLower || isLower(c)
	}
	s.walked(j, i)
	return i-j >= 32 && hasDigit && hasUpper && hasLower
}

// follow matches a shape at t[i]. Every run must be as long as the text has it: a
// token of 36 letters is not the beginning of a word of 40, and no letter or digit may
// follow. A digit is demanded in one of the runs, which keeps words and placeholders out; a
// long run of letters may do with both cases.
func (s *Scrubber) follow(sh shape, i int) (end int, ok bool) {
	digit, begin := false, i
	for n, p := range sh {
		if p.sign != 0 {
			if i >= len(s.text) || s.text[i] != p.sign {
				return 0, false
			}
			i++
			continue
		}
		end, last := s.runOf(p.set, min(n, runSlots-1), i)
		if end-i < p.min || end-i > p.max {
			return 0, false
		}
		digit = digit || last >= i
		i = end
	}
	return i, !alnum.has(byteAt(s.text, i)) && (digit || isMixed(s.text[begin:i], shortestMixed))
}

// shortestMixed is the length from which letters of both cases alone make a secret: a
// random one of 34 letters and digits has no digit once in 400 times.
const shortestMixed = 30

// isMixed tells whether v has that many letters or more and nothing else, a good part of
// them upper-case and a good part lower-case, as words and names of constants do not.
func isMixed(v []byte, shortest int) bool {
	if len(v) < shortest {
		return false
	}
	v = v[:min(len(v), strongSpan)]
	upper, lower := 0, 0
	for _, c := range v {
		switch {
		case isUpper(c):
			upper++
		case isLower(c):
			lower++
		default:
			return false
		}
	}
	return upper*4 >= len(v) && lower*4 >= len(v)
}

// runSlots is how many parts of a shape have a memory of their own.
const runSlots = 8

// knownRun is a run of a set that was walked: [start,end), its last digit at digit.
type knownRun struct {
	serial            uint64
	start, end, digit int
}

// runOf returns the end of the run of set ss that t[i] is in, and the place of the
// last digit in it. A run is walked once, however many prefixes stand in it: without
// that a line of sk-sk-sk-... would take quadratic time.
func (s *Scrubber) runOf(ss set, slot, i int) (end, digit int) {
	k := &s.runs[slot][ss]
	if k.serial == s.serial && i >= k.start && i < k.end {
		return k.end, k.digit
	}
	t := s.text
	j, last := i, -1
	for ; j < len(t) && ss.has(t[j]); j++ {
		if isDigit(t[j]) {
			last = j
		}
	}
	s.walked(i, j)
	*k = knownRun{s.serial, i, j, last}
	return j, last
}

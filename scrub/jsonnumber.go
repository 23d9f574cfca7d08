package scrub

// bareNumbers finds spans that are a whole number of a JSON text: the replacement
// must then stand in quotes, or the text would no longer parse. Numbers are asked
// for from left to right; it remembers where it looked, so that a long array is not
// walked again for each of its numbers.
type bareNumbers struct {
	t        []byte
	strings  parity
	line     stretch // the line that was looked at
	lineJSON bool
	upTo     int    // the array that reaches up to here ...
	quote    []byte // ... wants this quote; empty is none
}

var plainQuote = []byte{'"'}

// quoteFor returns the quote, with its backslashes, that must enclose the
// replacement of t[start:end]; empty if it is no number of a JSON text.
func (b *bareNumbers) quoteFor(start, end int) []byte {
	t := b.t
	if c := t[start]; !isDigit(c) && c != '-' {
		return nil
	}
	if next := skipSpace(t, end); next == len(t) || (t[next] != ',' && t[next] != '}' && t[next] != ']') {
		return nil
	}
	i := backSpace(t, start)
	if i == 0 {
		return nil
	}
	switch t[i-1] {
	case ':':
		return b.closingQuote(i - 1)
	case ',', '[':
		inner := b.inArray(i, end) // first, because places must rise
		if !b.strings.at(t, start)[0] && b.inJSON(start) {
			return plainQuote
		}
		return inner
	}
	return nil
}

// inJSON tells whether the line of t[i], or all of t, looks like JSON.
func (b *bareNumbers) inJSON(i int) bool {
	if i >= b.line.end || b.line.end == 0 {
		b.line = stretch{lineStart(b.t, i), lineEnd(b.t, i)}
		b.lineJSON = isJSON(b.t[b.line.start:b.line.end]) || isJSON(b.t)
	}
	return b.lineJSON
}

// isJSON tells whether t looks like an object or array: by its brackets only.
func isJSON(t []byte) bool {
	i, j := skipSpace(t, 0), backSpace(t, len(t))
	return j-i >= 2 && (t[i] == '{' && t[j-1] == '}' || t[i] == '[' && t[j-1] == ']')
}

// inArray walks back from i over the numbers of an array to its opening bracket. It
// finds the arrays of JSON that stands in other text, or inside a string.
func (b *bareNumbers) inArray(i, end int) []byte {
	t := b.t
	for i > b.upTo && t[i-1] != '[' && inArrayOfNumbers(t[i-1]) {
		i--
	}
	if i > b.upTo || i == 0 {
		b.quote = nil
		if i > 0 && t[i-1] == '[' {
			if i = backSpace(t, i-1); i > 0 && t[i-1] == ':' {
				b.quote = b.closingQuote(i - 1)
			}
		}
	}
	b.upTo = end
	return b.quote
}

// closingQuote returns the quote that ends a key just before the colon at t[i], with
// the backslashes of a JSON text that is itself inside a string.
func (b *bareNumbers) closingQuote(i int) []byte {
	t := b.t
	open := b.strings.at(t, i)
	i = backSpace(t, i)
	if i == 0 || t[i-1] != '"' {
		return nil
	}
	level, own := levelOf(backslashesBefore(t, i-1))
	if level < len(open) && open[level] {
		return nil // it opens a string
	}
	return t[i-1-own : i]
}

// isJSONSpace tells whether c is white space between the parts of a JSON text.
func isJSONSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// inArrayOfNumbers tells whether c may stand between the bracket of an array and one of
// its numbers.
func inArrayOfNumbers(c byte) bool {
	return isDigit(c) || isJSONSpace(c) || c == ',' || c == '-' || c == '.' || c == '+' || fold(c) == 'e'
}

// skipSpace returns the start of what stands behind the white space at t[i].
func skipSpace(t []byte, i int) int {
	for i < len(t) && isJSONSpace(t[i]) {
		i++
	}
	return i
}

// backSpace returns the end of what stands before the white space that ends at i.
func backSpace(t []byte, i int) int {
	for i > 0 && isJSONSpace(t[i-1]) {
		i--
	}
	return i
}

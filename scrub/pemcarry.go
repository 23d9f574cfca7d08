package scrub

import (
	"bytes"

	"github.com/tracetail/tracetail/internal/event"
)

// A program that prints a private key with one call of its logger a line makes a record of
// every line, and the lines become the breadcrumbs of the next event. Only the first of
// them says what it is. So a key that does not end in one text of an event goes on in the next.

// opensKey tells whether a private key begins in text and does not end.
func opensKey(text string) bool {
	t := bytesOf(text)
	if !bytes.Contains(t, keyBegins) { // which is far quicker than to look from behind
		return false
	}
	i := bytes.LastIndex(t, keyBegins)
	return bytes.Contains(t[i:], []byte("PRIVATE KEY")) && !bytes.Contains(t[i:], keyEnds)
}

// carried masks texts in their order, with the keys that go on from one to the next.
type carried struct {
	s     *Scrubber
	open  bool // a key goes on
	full  bool // the line before was as long as all but the last of a key are
	lines int  // of the key so far
}

// mask masks text as String does, and first the lines of a key that began before it.
func (c *carried) mask(text string) string {
	rest := text
	var body []byte
	for c.open && rest != "" {
		end := lineEnd(bytesOf(rest), 0)
		line, ok := c.line(rest[:end])
		if !ok {
			c.open = false
			break
		}
		next := min(end+1, len(rest))
		body = append(append(body, line...), rest[end:next]...)
		rest = rest[next:]
	}
	if c.s.secrets && opensKey(rest) {
		c.open, c.full, c.lines = true, true, 0
	}
	if len(body) == 0 {
		return c.s.String(rest)
	}
	return c.s.String(string(body) + rest)
}

// line masks one line of a key, behind whatever a logger put before it; ok is false if
// the line belongs to no key.
func (c *carried) line(line string) (masked string, ok bool) {
	t := bytes.TrimRight(bytesOf(line), " \t\r")
	begin := bytes.LastIndexAny(t, " \t|>") + 1
	if isPEMHeader(t) {
		begin = 0
	}
	word := t[begin:]
	long := len(word) >= shortestPEMLine
	if c.lines++; c.lines > mostPEMLine || !isPEMHeader(word) && (!all(word, base64Std) || !long && !c.full) {
		return line, false
	}
	c.full = long
	if len(word) == 0 || c.s.isReplacement(word) {
		return line, true
	}
	return line[:begin] + c.s.replacementFor(detPrivateKey, string(word)) + line[len(t):], true
}

// inOrder masks the texts of e that follow one another in the log: its breadcrumbs, then
// its message, then the values of its exceptions.
func (s *Scrubber) inOrder(e *event.Event) {
	c := carried{s: s}
	if e.Breadcrumbs != nil {
		for i := range e.Breadcrumbs.Values {
			b := &e.Breadcrumbs.Values[i]
			b.Message = c.mask(b.Message)
		}
	}
	if l := e.LogEntry; l != nil {
		open := c
		l.Message, l.Formatted = open.mask(l.Message), c.mask(l.Formatted)
	}
}

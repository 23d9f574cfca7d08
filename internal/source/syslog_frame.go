package source

import "bytes"

// framing is how a connection tells where a message ends (RFC 6587 §3.4).
type framing uint8

const (
	undecided framing = iota // nothing has come yet
	counted                  // its length stands before each message: "26 <14>app[4711]: text"
	delimited                // a line break or a NUL stands behind each
)

// maxCount is the number of digits of the longest length that is believed.
const maxCount = 9

// framer cuts what comes over a connection into messages, and appends them to
// lines: one line each, ended by a line break. The first bytes of a connection
// decide how. It costs one look at each byte, whatever comes.
//
// Where line breaks end messages, a message of several lines looks like several.
// A line that does not begin with a priority is therefore the rest of the message
// before, if that began with one; the last message is held back until flush.
type framer struct {
	mode  framing
	part  []byte // the beginning of a frame
	open  bool   // part is that of a frame that has begun, even if it is empty
	over  bool   // the frame is longer than maxMessage
	want  int    // bytes of a counted frame still to come; -1: its length is still to come
	held  []byte // a message that may go on, as it is appended to lines
	lines []byte
	n     int // messages in lines
	cut   int // messages that were longer than maxMessage, since the last take
}

// begun tells whether a frame has begun and is not complete.
func (f *framer) begun() bool {
	return f.open || len(f.part) > 0
}

// take gives the messages that are complete; they stay good until the next write.
func (f *framer) take() (lines []byte, n, cut int) {
	lines, n, cut = f.lines, f.n, f.cut
	f.lines, f.n, f.cut = f.lines[:0], 0, 0
	return lines, n, cut
}

// write takes bytes as they come. It keeps nothing of b.
func (f *framer) write(b []byte) {
	for len(b) > 0 {
		switch {
		case f.mode == delimited:
			b = f.toBreak(b)
		case f.mode == counted && f.want >= 0:
			b = f.toCount(b)
		default:
			b = f.count(b)
		}
	}
}

// count reads the length before a message. At the beginning of a connection a
// priority must follow, or it is none. Some senders end counted messages as well.
func (f *framer) count(b []byte) (rest []byte) {
	for i, c := range b {
		n := len(f.part)
		spaced := n > 0 && f.part[n-1] == ' '
		switch {
		case n == 0 && (c == '\n' || c == '\r' || c == 0):
		case !spaced && c >= '0' && c <= '9' && n < maxCount && (n > 0 || c != '0'):
			f.part = append(f.part, c)
		case c == ' ' && n > 0 && f.mode == counted:
			f.begin(f.part)
			return b[i+1:]
		case c == ' ' && n > 0 && !spaced:
			f.part = append(f.part, c)
		case c == '<' && spaced:
			f.begin(f.part[:n-1])
			return b[i:]
		default: // no length: line breaks will have to do
			f.mode, f.open = delimited, n > 0
			return b[i:]
		}
	}
	return nil
}

// begin begins a message whose length is written in digits.
func (f *framer) begin(digits []byte) {
	f.mode, f.want = counted, 0
	for _, c := range digits {
		f.want = f.want*10 + int(c-'0')
	}
	f.part = f.part[:0]
	f.open = true
}

// toCount takes what belongs to a counted message.
func (f *framer) toCount(b []byte) (rest []byte) {
	n := min(f.want, len(b))
	f.keep(b[:n])
	if f.want -= n; f.want == 0 {
		f.message(f.part)
		f.done()
		f.want = -1
	}
	return b[n:]
}

// toBreak takes what belongs to a message that a line break or NUL ends.
func (f *framer) toBreak(b []byte) (rest []byte) {
	i := bytes.IndexAny(b, "\n\x00")
	if i < 0 {
		f.keep(b)
		f.open = true
		return nil
	}
	nul := b[i] == 0
	line := b[:i]
	if f.open {
		f.keep(line)
		line = f.part
	} else if len(line) > maxMessage {
		line, f.over = line[:maxMessage], true
	}
	f.line(line, nul)
	f.done()
	return b[i+1:]
}

// keep adds to the beginning of a frame, as far as a message may go.
func (f *framer) keep(b []byte) {
	room := maxMessage - len(f.part)
	if len(b) > room {
		b, f.over = b[:room], true
	}
	f.part = append(f.part, b...)
}

func (f *framer) done() {
	if f.over {
		f.cut++
	}
	f.part, f.open, f.over = f.part[:0], false, false
}

// line takes a line of a delimited connection. A NUL ends a message for sure;
// behind a line break it adds nothing.
func (f *framer) line(line []byte, nul bool) {
	begins := len(line) > 0 && line[0] == '<'
	switch {
	case !begins && len(f.held) > 0:
		if len(line) > 0 || !nul {
			f.goOn(line)
		}
	case begins:
		f.release()
		f.held = append(f.held, line...)
	case len(line) > 0 || !nul:
		f.add(line)
	}
	if nul {
		f.release()
	}
}

// goOn adds a line to the message that is held.
func (f *framer) goOn(line []byte) {
	if len(f.held)+len("#015#012")+len(line) > maxMessage {
		f.release() // what follows comes as lines of their own
		f.add(line)
		return
	}
	f.held = append(appendBreak(f.held), line...)
}

// release gives out the message that is held.
func (f *framer) release() {
	if len(f.held) > 0 {
		f.add(bytes.TrimRight(f.held, "\r\n"))
		f.held = f.held[:0]
	}
}

// message takes a whole message of any number of lines.
func (f *framer) message(text []byte) {
	text = bytes.TrimRight(text, "\r\n\x00")
	if len(text) == 0 {
		return
	}
	f.n++
	if text[0] != '<' { // no header: its lines are what they are
		f.lines = append(append(f.lines, text...), '\n')
		return
	}
	for {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			break
		}
		f.lines = appendBreak(append(f.lines, text[:i]...))
		text = text[i+1:]
	}
	f.lines = append(append(f.lines, text...), '\n')
}

func (f *framer) add(line []byte) {
	f.n++
	f.lines = append(append(f.lines, line...), '\n')
}

// appendBreak appends a line break as rsyslog writes it. Behind a blank, #012
// could be the number of a ticket: there a carriage return is put in between,
// which is nothing at the end of a line.
func appendBreak(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == ' ' {
		b = append(b, "#015"...)
	}
	return append(b, "#012"...)
}

// flush gives out the message that is held: nothing has followed for a while.
func (f *framer) flush() { f.release() }

// finish gives out what there is of the last message as well.
func (f *framer) finish() {
	switch {
	case f.mode == counted && f.want > 0:
		f.message(f.part)
		f.want = -1
	case f.mode == delimited && f.open, f.mode == undecided && len(f.part) > 0:
		f.line(f.part, false)
	}
	f.done()
	f.release()
}

// rest gives memory back that only long messages need.
func (f *framer) rest() {
	if len(f.part)+len(f.held)+len(f.lines) == 0 {
		f.part, f.held, f.lines = nil, nil, nil
	}
}

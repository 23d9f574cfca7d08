package record

import "bytes"

// span is a part of the line, [at, end). Empty means absent.
type span struct{ at, end int }

// empty tells whether there is nothing in s.
func (s span) empty() bool { return s.end <= s.at }

// of is the text of s, borrowed from the line.
func (s span) of(line []byte) []byte { return line[s.at:s.end] }

// header reads the beginning of one line of a text format, element by element:
// time, groups in brackets, numbers, words, level, and what stands between the
// level and the message. The spans it fills are what Read copies.
type header struct {
	b     []byte
	shut  bool // the line ends in a brace
	full  bool // fill the spans, for Read; Head only asks where the message begins
	kind  Kind
	level Level
	shape stamp

	time      span
	logger    span
	thread    span
	pid       span
	caller    span     // file:line of the logging call
	meta      span     // MDC or other key=value pairs before the message
	notes     *[2]note // what has a name of its own among the fields; nil if nobody asks
	groups    [4]span
	n         int // groups in use: brackets before the level whose meaning only the rest tells
	msg       int
	pipes     bool // columns are separated by bars
	bracketed bool // the level stands in brackets: blanks behind it pad nothing
	sidekiq   bool // the words behind a thread id are a job's
	spring    bool // "---" stands behind the process id
	dashes    bool // elements are separated by " - "
	tailed    tailKind
}

// note is a part of the header that becomes the field key.
type note struct {
	key string
	s   span
}

// note keeps s as the field key, if there is room.
func (h *header) note(key string, s span) {
	if h.notes == nil {
		return
	}
	for i := range h.notes {
		if h.notes[i].key == "" {
			h.notes[i] = note{key, s}
			return
		}
	}
}

// tailKind is what a format puts behind the message.
type tailKind uint8

const (
	noTail      tailKind = iota
	monologTail          // message {"context":1} []
	pairTail             // message key=value
	kafkaTail            // message (kafka.server.KafkaServer)
	hclogTail            // message: key=value
	zapTail              // message ⇥ {"key":"value"}
	pipeTail             // message | logger | thread
	richTail             // message   file.py:23
	csvTail              // "message",more columns
	tagTail              // message  (AndroidRuntime)
	angleTail            // message>
	crystalTail          // source: message
	dancerTail           // message in FILE l. 12
	jsonTail             // message {"key":"value"}
)

// Bounds of the search, so that a line without a header costs little whatever its length.
const (
	maxElements = 8   // groups, words and numbers before the level
	maxGroup    = 160 // bytes in brackets
	maxToken    = 200 // bytes of one word
)

// done sets the message and says that the line is a record.
func (h *header) done(p int) bool {
	if h.kind == None {
		h.kind = Text
	}
	h.msg = min(p, len(h.b))
	return true
}

// afterTime goes on behind a timestamp that ends at p. It answers false if
// what looked like a time is a part of a longer word.
// The byte behind the time tells whether it is one: "2026-11-22T05:30:00.log" is
// a file.
func (h *header) afterTime(p int) bool {
	b := h.b
	if h.shape == isoStamp && p-h.time.at > len("2026-11-22 05:30:00") && h.postgres(p) {
		return true
	}
	switch c := at(b, p); c {
	case ' ':
		if at(b, p+1) != ' ' && class[at(b, p+1)]&letter != 0 {
			return h.beforeLevel(p + 1)
		}
		q := skipBlanks(b, p)
		if class[at(b, q)]&digit != 0 && h.shape == isoStamp && h.logcat(p) {
			return true
		}
		return h.beforeLevel(q)
	case '\t':
		return h.beforeLevel(skipBlanks(b, p))
	case 0:
		return p >= len(b) && h.done(p)
	case '|', '[', ']', '(', ';', '<':
		return h.beforeLevel(p)
	case ':':
		return h.colonColumns(p)
	case ',':
		return h.postgresCSV(p) || h.afterComma(p)
	case '-':
		if at(b, p+1) == ' ' {
			return h.beforeLevel(p)
		}
	}
	return false
}

// afterComma knows "05:27:08,055,20391 [MainThread]" of Python, where the
// process id follows, and "04:30:30, Info   CBS" of Windows.
func (h *header) afterComma(p int) bool {
	q := skip(h.b, p+1, digit)
	switch {
	case q > p+1 && class[at(h.b, q)]&blank != 0:
		h.pid = span{p + 1, q}
		return h.beforeLevel(skipBlanks(h.b, q))
	case at(h.b, p+1) == ' ':
		q = skipBlanks(h.b, p+1)
		if l, n, _ := levelAt(h.b, q); l != Unknown {
			if c := skipBlanks(h.b, q+n); c > q+n+8 { // Windows: the component in a column of its own
				if e := skip(h.b, c, wordRun); e > c && has(h.b, e, "  ") {
					h.level, h.logger = l, span{c, e}
					return h.done(skipBlanks(h.b, e))
				}
			}
			return h.found(l, q+n)
		}
		return h.beforeLevel(q)
	}
	return false
}

// found notes a level and reads what stands between it, ending at p, and the message.
func (h *header) found(l Level, p int) bool {
	h.level = l
	if h.n == 3 && at(h.b, p) == '[' && has(h.b, h.groups[0].end, "][") && h.yii(p) {
		return true
	}
	return h.afterLevel(p)
}

// yii goes on behind Yii's "[client][user][session][level]" at the category:
//
//	[10.0.0.1][-][-][error][yii\base\ErrorException:8] message
func (h *header) yii(p int) bool {
	s, end, ok := group(h.b, p)
	if !ok || s.empty() || at(h.b, end) != ' ' {
		return false
	}
	h.note("client", h.groups[0])
	h.n, h.logger = 0, s
	return h.done(end + 1)
}

// group gives the content, blanks trimmed, and the end of the group in
// brackets that opens at p; ok is false if it does not close soon.
// Brackets of the same kind may nest.
//
//	[main]   [           main]   [QuorumPeer[myid=1]/0:0:0:0]   (default task-1)
func group(b []byte, p int) (content span, end int, ok bool) {
	open, shut := b[p], closing(b[p])
	stop := min(len(b), p+maxGroup)
	i := bytes.IndexByte(b[p+1:stop], shut)
	if i < 0 {
		return span{}, p, false
	}
	end = p + 1 + i
	if j := bytes.IndexByte(b[p+1:end], open); j >= 0 {
		if end = nested(b[:stop], p); end < 0 {
			return span{}, p, false
		}
	}
	s := span{p + 1, end}
	for s.at < s.end && class[b[s.at]]&blank != 0 {
		s.at++
	}
	for s.end > s.at && class[b[s.end-1]]&blank != 0 {
		s.end--
	}
	return s, end + 1, true
}

// closing gives the bracket that closes open.
func closing(open byte) byte {
	switch open {
	case '[':
		return ']'
	case '(':
		return ')'
	case '{':
		return '}'
	}
	return '>'
}

// nested gives the offset of the bracket that closes the one at p, or -1.
func nested(b []byte, p int) int {
	open, shut, depth := b[p], closing(b[p]), 0
	for i := p; i < len(b); i++ {
		switch b[i] {
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

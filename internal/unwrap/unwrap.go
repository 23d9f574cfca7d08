package unwrap

import (
	"bytes"
	"time"

	"github.com/tracetail/tracetail/internal/source"
)

// keep is the capacity in bytes that a buffer may hold on to when the file is
// idle. A thousand files that have each seen one long line must not keep a
// gigabyte.
const keep = 64 << 10

// Unwrapper turns the lines of one file into records. See the package comment
// for who owns what.
type Unwrapper struct {
	allow       carriers
	joinLimit   int
	partialWait time.Duration

	rec      Record
	criStamp int      // length of the last timestamp in CRI format, 0 before the first
	levels   [3]level // kubectl logs --prefix --timestamps of a program that writes syslog lines
	pending  [streams]pending
	open     int // how many of pending are

	// What Next has yet to give out, if more is set.
	more     bool
	outer    queue     // lines of one wrapped text, prefixes still on
	inner    queue     // lines of one syslog message
	draining bool      // Expire or Flush is at work
	overdue  time.Time // a pending line last touched after this stays; zero: none stays

	known bool // the line at hand holds no escape and no NUL
	// Buffers. own says that the text at hand lies in one of them (or in that
	// of a pending line) and may be changed in place.
	own    bool
	clean  []byte // the line without NUL
	text   []byte // the text decoded
	writer []byte // two nested writers
	ident  []byte // a writer put together from the fields of journald
}

// queue is the rest of a text that holds several lines, and the record they
// share.
type queue struct {
	lines []byte
	more  bool
	rec   Record
}

// New makes an Unwrapper for one file or pipe. The Config should have passed
// Validate; a Format it does not know is taken as "auto".
func New(cfg Config) *Unwrapper {
	u := &Unwrapper{joinLimit: cfg.JoinLimit, partialWait: cfg.PartialWait}
	u.allow, _ = cfg.allowed()
	if u.joinLimit == 0 {
		u.joinLimit = DefaultJoinLimit
	}
	if u.partialWait == 0 {
		u.partialWait = DefaultPartialWait
	}
	for i := range u.levels {
		u.levels[i].allow, u.levels[i].sure = u.allow, u.allow != everyCarrier
	}
	if u.allow != everyCarrier { // what was configured is looked for once; kubectl's two flags go together
		u.levels[1].allow, u.levels[2].allow = u.allow&setOf(Timestamps), 0
	}
	return u
}

// Push takes one line of the file. It gives the first record that is complete
// now and Next gives the others:
//
//	for r := u.Push(now, line); r != nil; r = u.Next() { ... }
//
// The line's text must stay as it is until Next has returned nil.
func (u *Unwrapper) Push(now time.Time, line *source.Line) *Record {
	u.begin()
	text := line.Text
	if line.Start == 0 {
		text = withoutBOM(text)
	}
	u.known = line.Plain
	if !u.known && bytes.IndexByte(text, 0) >= 0 {
		u.clean = appendWithout(u.clean[:0], text, 0)
		text = u.clean
	}
	if u.rec.Carrier != Plain || u.rec.Writer != nil {
		u.rec = Record{}
	}
	u.rec.Start, u.rec.End = line.Start, line.End
	if len(text) > minFrame && u.allow != 0 {
		var pc piece
		switch c := text[0]; {
		case digit(c) && text[10] == 'T':
			if u.criPiece(text, &pc) {
				return u.join(now, &pc)
			}
		case c == '{':
			if u.jsonPiece(text, &pc) {
				return u.join(now, &pc)
			}
		}
	}
	return u.line(text)
}

// minFrame is less than the shortest line a carrier with pieces can write.
const minFrame = 28

// Next gives the next record of the last Push, Expire or Flush, nil if there is
// none left.
func (u *Unwrapper) Next() *Record {
	if !u.more {
		return nil
	}
	return u.next()
}

func (u *Unwrapper) next() *Record {
	if u.inner.more {
		u.rec = u.inner.rec
		return u.finish(u.inner.cut(), u.inner.more || u.outer.more)
	}
	if u.outer.more {
		u.rec = u.outer.rec
		return u.line(u.outer.cut())
	}
	if u.draining {
		if p := u.oldest(true); p != nil {
			p.cut = true
			return u.give(p, false)
		}
		u.release()
	}
	u.draining, u.more = false, false
	return nil
}

// begin makes ready for the next line, whatever became of the last one.
func (u *Unwrapper) begin() {
	if u.more {
		u.inner.more, u.outer.more, u.draining, u.more = false, false, false, false
	}
	u.own = false
}

// release lets go of buffers that have grown beyond what lines usually need. It
// is called when Expire or Flush have nothing more to give out.
func (u *Unwrapper) release() {
	if cap(u.text) > keep {
		u.text = nil
	}
	if cap(u.clean) > keep {
		u.clean = nil
	}
	for i := range u.pending {
		if p := &u.pending[i]; !p.open && cap(p.buf) > keep {
			p.buf = nil
		}
	}
	u.inner.rec, u.outer.rec, u.inner.lines, u.outer.lines = Record{}, Record{}, nil, nil
}

// whole takes the complete text of a wrapped write. JSON may have carried line
// breaks in it.
func (u *Unwrapper) whole(text []byte, own bool) *Record {
	u.own = own
	if own && u.outer.split(text, &u.rec) {
		u.more = true
		text = u.outer.cut()
	}
	return u.line(text)
}

// line takes escapes and prefixes off one line.
func (u *Unwrapper) line(text []byte) *Record {
	text = u.plain(text)
	if len(text) == 0 || u.allow == 0 {
		u.attribute()
		return u.finish(text, u.outer.more)
	}
	text, syslog := u.prefixes(text)
	if syslog && bytes.IndexByte(text, '#') >= 0 {
		text = u.unescape(text)
		if u.inner.split(text, &u.rec) {
			u.more = true
			text = u.inner.cut()
		}
	}
	return u.finish(text, u.inner.more || u.outer.more)
}

// plain takes terminal escapes off.
func (u *Unwrapper) plain(text []byte) []byte {
	if u.known && !u.own || bytes.IndexByte(text, esc) < 0 {
		return text
	}
	if u.own {
		return appendPlain(text[:0], text)
	}
	u.text, u.own = appendPlain(u.text[:0], text), true
	return u.text
}

// finish fills in the rest of the record. If more lines of the same place in
// the file follow, this one must not settle it.
func (u *Unwrapper) finish(text []byte, more bool) *Record {
	u.rec.Text = withoutCR(text)
	if more {
		u.rec.End = u.rec.Start
	}
	return &u.rec
}

// split readies the queue if text holds more than one line. A line break at the
// end of the text ends its last line and does not start another.
func (q *queue) split(text []byte, rec *Record) bool {
	if bytes.IndexByte(text, '\n') < 0 {
		return false
	}
	q.lines, q.more, q.rec = text, true, *rec
	return true
}

// cut takes the next line off the queue.
func (q *queue) cut() []byte {
	i := bytes.IndexByte(q.lines, '\n')
	if i < 0 {
		line := q.lines
		q.lines, q.more = nil, false
		return line
	}
	line := q.lines[:i]
	q.lines = q.lines[i+1:]
	q.more = len(q.lines) > 0
	return line
}

package agent

import (
	"time"

	"github.com/tracetail/tracetail/internal/unwrap"
	"github.com/tracetail/tracetail/parsers"
)

// maxLanes bounds the writers that are kept apart within one stream: a log
// whose lines carry a new process id each must not cost memory for ever.
const maxLanes = 256

// lane is what one writer says within a stream: a container's stdout or
// stderr, one process of a syslog file. Each has an assembler of its own, so
// that their traces do not cut each other.
type lane struct {
	asm    *parsers.Assembler
	from   unwrap.Stream
	host   string
	writer string
	unit   string // of systemd, if the journal tells it
	// several is set while the last message is known to have several lines.
	several bool
	used    int64 // offset of its last record
}

func (l *lane) wrote(r *unwrap.Record) bool {
	if len(r.Writer)+len(r.Host)+len(l.writer)+len(l.host) == 0 { // the only writer of a file, nearly always
		return l.from == r.Stream
	}
	return l.from == r.Stream && l.writer == string(r.Writer) && l.host == string(r.Host)
}

// lanes finds the lane of a record. Nearly always it is the one of the record before.
type lanes struct {
	all  []*lane
	last *lane
	by   map[string]*lane
	key  []byte // the key that was looked up last
}

// find does not allocate; nil means that the writer is new.
func (ls *lanes) find(r *unwrap.Record) *lane {
	if ls.last != nil && ls.last.wrote(r) {
		return ls.last
	}
	ls.key = append(ls.key[:0], byte(r.Stream))
	ls.key = append(ls.key, r.Host...)
	ls.key = append(ls.key, 0)
	ls.key = append(ls.key, r.Writer...)
	l := ls.by[string(ls.key)]
	if l != nil {
		ls.last = l
	}
	return l
}

// add makes a lane for the record that find has just not found; the caller gives
// it an assembler. If there are too many, the one that has been silent longest is
// flushed and given up.
func (ls *lanes) add(r *unwrap.Record) *lane {
	l := &lane{from: r.Stream, host: string(r.Host), writer: string(r.Writer), unit: string(r.Unit)}
	if ls.by == nil {
		ls.by = map[string]*lane{}
	}
	if len(ls.all) >= maxLanes {
		ls.give()
	}
	ls.all = append(ls.all, l)
	ls.by[string(ls.key)] = l
	ls.last = l
	return l
}

// begin ends what the writer of a record had open, if the record is the first of
// a message, and that message or the one before has several lines: no part of one
// belongs to the other. Without a header in front (Python's handler writes none),
// a first line would be taken for more of the words of an exception. A message that
// begins with a blank is the rest of one that a sender has cut.
func (ls *lanes) begin(r *unwrap.Record) {
	l := ls.find(r)
	if l == nil || len(r.Text) == 0 || r.Text[0] == ' ' || r.Text[0] == '\t' {
		return
	}
	if l.several || r.End == r.Start {
		l.asm.Flush()
		l.several = false
	}
}

// give gives up the lane that has been silent longest.
func (ls *lanes) give() {
	oldest := 0
	for i, l := range ls.all {
		if l.used < ls.all[oldest].used {
			oldest = i
		}
	}
	gone := ls.all[oldest]
	gone.asm.Flush()
	for k, l := range ls.by {
		if l == gone {
			delete(ls.by, k)
		}
	}
	ls.all[oldest] = ls.all[len(ls.all)-1]
	ls.all = ls.all[:len(ls.all)-1]
}

// floor is the offset before which everything is decided: the oldest line that
// any writer still has open, else upto.
func (ls *lanes) floor(upto int64) int64 {
	for _, l := range ls.all {
		if at, open := l.asm.Floor(); open {
			upto = min(upto, at)
		}
	}
	return upto
}

// expire closes what was open for too long at the given time.
func (ls *lanes) expire(now time.Time) {
	for _, l := range ls.all {
		l.asm.Expire(now)
	}
}

// deadline is when the first of the lanes wants to be expired; zero if none does.
func (ls *lanes) deadline() time.Time {
	var first time.Time
	for _, l := range ls.all {
		first = earlier(first, l.asm.Deadline())
	}
	return first
}

// earlier is the earlier of two times of which zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

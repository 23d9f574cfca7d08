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
	writer string
	used   time.Time // when its last record came
}

// lanes finds the lane of a record. Nearly always it is the one of the record before.
type lanes struct {
	all  []*lane
	last *lane
	by   [3]map[string]*lane // by descriptor, then by writer
}

// find does not allocate; nil means that the writer is new.
func (ls *lanes) find(r *unwrap.Record) *lane {
	if l := ls.last; l != nil && l.from == r.Stream && l.writer == string(r.Writer) {
		return l
	}
	l := ls.by[r.Stream][string(r.Writer)]
	if l != nil {
		ls.last = l
	}
	return l
}

// add makes room for one more lane: the one that has been silent longest is
// flushed and given up.
func (ls *lanes) add(l *lane) {
	if len(ls.all) >= maxLanes {
		oldest := 0
		for i, o := range ls.all {
			if o.used.Before(ls.all[oldest].used) {
				oldest = i
			}
		}
		gone := ls.all[oldest]
		gone.asm.Flush()
		delete(ls.by[gone.from], gone.writer)
		ls.all[oldest] = l
	} else {
		ls.all = append(ls.all, l)
	}
	if ls.by[l.from] == nil {
		ls.by[l.from] = map[string]*lane{}
	}
	ls.by[l.from][l.writer] = l
	ls.last = l
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

package spool

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

const segmentSuffix = ".seg"

// segment is one file of frames. The last one is active, all others are sealed: nothing is appended to them any more.
type segment struct {
	// Fixed at creation.
	first uint64 // number of the first frame, also the name
	path  string

	// Changed under Spool.mu; size only while Spool.writing is held too.
	size    int64 // committed bytes of frames, without the summary
	disk    int64 // bytes of the file, with the summary
	newest  int64 // Unix milliseconds of the youngest frame
	sealed  bool
	dead    bool   // unlinked or about to be
	why     Reason // of a dead segment that was dropped
	damaged bool   // counted and copied to quarantine; readers step over what is broken
	rows    []row  // unordered; some destinations times a handful of categories, so a linear search does
	last    int    // index of the row found last: items come in runs of the same destination

	// Touched by the writer only.
	start    int64 // bytes of the snapshot
	forMarks bool  // made in a shortage of disk space
	broken   bool  // its end cannot be trusted or written any more: the next frame goes to a new segment
}

// row says what one segment holds for one destination and category.
type row struct {
	dest      uint64
	category  uint8
	items     uint64
	bytes     uint64 // of payload
	left      uint64 // items not released
	leftBytes uint64
	firstSeq  uint64
	lastSeq   uint64
	offset    int64 // of the frame with the first item
	oldest    int64 // Unix milliseconds of that frame
}

func segmentPath(dir string, first uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%020d%s", first, segmentSuffix))
}

// segmentNumber reads a file name; false for everything that is not exactly one of ours.
func segmentNumber(name string) (uint64, bool) {
	digits, ok := strings.CutSuffix(name, segmentSuffix)
	if !ok || len(digits) != 20 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, err == nil && n > 0 && n <= maxNumber && fmt.Sprintf("%020d", n) == digits
}

// row finds the row of a destination and category; nil if the segment holds nothing for it.
func (g *segment) row(dest uint64, category uint8) *row {
	if g.last < len(g.rows) && g.rows[g.last].dest == dest && g.rows[g.last].category == category {
		return &g.rows[g.last]
	}
	for i := range g.rows {
		if g.rows[i].dest == dest && g.rows[i].category == category {
			g.last = i
			return &g.rows[i]
		}
	}
	return nil
}

// note books one item of the frame at off.
func (g *segment) note(dest uint64, category uint8, seq uint64, size, off, ms int64) *row {
	r := g.row(dest, category)
	if r == nil {
		g.last = len(g.rows)
		g.rows = append(g.rows, row{dest: dest, category: category, firstSeq: seq, offset: off, oldest: ms})
		r = &g.rows[g.last]
	}
	r.items++
	r.bytes += uint64(size)
	r.lastSeq = seq
	return r
}

// holds reports whether any item of the destination stands in the segment, released or not.
func (g *segment) holds(dest uint64) bool {
	for i := range g.rows {
		if g.rows[i].dest == dest {
			return true
		}
	}
	return false
}

// settled reports whether nothing in the segment waits to be released.
func (g *segment) settled() bool {
	for i := range g.rows {
		if g.rows[i].left > 0 {
			return false
		}
	}
	return true
}

// span is where the unreleased items of a destination stand: the frame to start at, the last seq, and whether there are any.
func (g *segment) span(dest uint64) (offset int64, last uint64, some bool) {
	for i := range g.rows {
		r := &g.rows[i]
		if r.dest != dest || r.left == 0 {
			continue
		}
		if !some || r.offset < offset {
			offset = r.offset
		}
		last, some = max(last, r.lastSeq), true
	}
	return offset, last, some
}

package parsers

import (
	"time"

	"github.com/tracetail/tracetail/parsers/record"
)

// Reason says why a block was closed.
type Reason string

// The reasons. A block closed by Limit is read as one that was cut short.
const (
	Ended Reason = "ended" // the grammar or the next record ended it
	Idle  Reason = "idle"  // the stream was silent
	Limit Reason = "limit" // it grew beyond MaxLines or MaxBytes
	Final Reason = "final" // the stream came to its end
)

// Block is what belongs together: a log record, a trace, or both. It borrows
// its lines from the assembler until emit returns.
type Block struct {
	win    *window
	headed bool // line 0 is a log record
	broken bool // the grammar failed: nobody is asked to read the trace
	lang   int  // language of the trace; -1 if there is none
	first  int  // first line of the trace
	upto   int  // end of the block
	elided int  // lines of its middle that were left out
	scan   *record.Scanner
	now    time.Time
	Reason Reason
}

// Start and End are the offsets of the block in its stream.
func (b *Block) Start() int64 { return b.win.lines[b.from()].start }

// End is the offset after the last line of the block.
func (b *Block) End() int64 { return b.win.lines[b.upto-1].end }

// Lines is the number of lines in the block.
func (b *Block) Lines() int { return b.upto - b.from() + b.elided }

// cut tells whether lines of the block are missing.
func (b *Block) cut() bool { return b.Reason == Limit || b.elided > 0 }

func (b *Block) from() int {
	if b.headed {
		return 0
	}
	return b.first
}

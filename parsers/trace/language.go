package trace

import "github.com/tracetail/tracetail/internal/event"

// State is where a language stands inside a trace. 0 is outside; the other
// values are the language's own constants, each with a sample line in a comment.
// The upper bits are free for a small counter or an indent.
type State uint32

// Outside is the state in which an opening line is looked for.
const Outside State = 0

// Verdict is what a language says of one line.
type Verdict uint8

const (
	// No: not mine. Inside a trace it means that the trace ended before this line.
	No Verdict = iota
	// Take: mine; the grammar proves it, and everything held before is mine too.
	Take
	// Text: mine as free text (a line of a message) unless it starts a log record.
	// Text does not prove a trace and does not take what was held before it,
	// but it is taken with it when a later line is.
	Text
	// Hold: mine only if a later line is taken (a blank line before "During
	// handling of ...", a lone "panic: x" that no goroutine has followed yet).
	Hold
	// Last: mine as Take, and the grammar proves that nothing can follow.
	Last
)

// Language is the grammar of one runtime's stack traces.
type Language struct {
	// Name is the folder under testdata and the word in `parsers.languages`.
	Name string

	// Title is what a person calls it.
	Title string

	// Hints are the beginnings of opening lines: the lines for which
	// Step(Outside, line) may answer anything but No. A hint is compared with the
	// start of the line after its leading blanks and tabs; a hint that itself
	// begins with a blank or a tab is compared with the raw line. The hints of all
	// languages are looked up in one table by first byte, so that an ordinary line
	// costs nothing; a language whose hint is missing is simply never asked.
	Hints []string

	// RowHints are hints for openings that could be nearly any text (Ruby's rows
	// begin with a file name). They are looked up only for lines that start no log
	// record and for the messages of records at warning or worse, since an ordinary
	// record must not cost a question.
	RowHints []string

	// Marks, if there are any, are what every line that a row hint stands for has
	// somewhere: without one of them the language is not asked. A mark turns on one
	// of ':', '[' and '(', or on the last byte of the line, which a line feed behind
	// it says; markDense stands for any byte but a blank. ":9" is a colon and any
	// digit (a file and a line number), "Error: " is itself, ")\n" is a line that
	// ends with a parenthesis.
	Marks []string

	// Step is asked for one line at a time, without its line break. It is pure: it
	// may look at its arguments only, must not allocate, and must be linear in the
	// line. An opening line may be the first line of the trace ("Traceback (most
	// recent call last):") or a line that proves one which began earlier ("\tat
	// a.B.c(B.java:1)"); in the latter case Back finds the beginning.
	//
	// Take or Last on the opening line proves a trace; Hold makes a guess that is
	// given up unless a later line is taken.
	Step func(s State, line []byte) (State, Verdict)

	// Back is asked once, after an opening line, how many of the lines before it
	// belong to the trace: the exception's header, the lines of its message, a
	// preface such as "Exception in thread worker-1:". before holds the undecided
	// lines, oldest first, at most a few hundred; the first may be the message of
	// a log record, in which case rec is true for it. Back may cut it anywhere (a
	// record "batch 77 TypeError: x" is the header line of a Node trace). nil
	// means that the opening line is always the first.
	Back func(before Window, opening []byte) int

	// Bare says that Read also accepts an exception without a single frame. It is
	// then asked about the lines at column 0 under a log record that complains: a
	// JVM leaves out the stack of an exception that it throws too often.
	Bare bool

	// Read gives the meaning of the lines that Step and Back chose. It may
	// allocate and may use patterns; lines are borrowed, so text is copied into
	// strings. ok is false if it is no trace after all; the lines then go on as
	// ordinary text. Read never panics on any input: it sees traces cut anywhere.
	Read func(lines [][]byte) (t Trace, ok bool)
}

// Window gives the undecided lines before an opening line.
type Window interface {
	// Len is the number of lines.
	Len() int
	// Line is line i, 0 being the oldest; borrowed. For the first line of a log
	// record it is the message, without time, level and logger.
	Line(i int) []byte
	// Record tells whether line i is the message of a log record.
	Record(i int) bool
}

// Trace is what a language reads out of the lines of one trace.
type Trace struct {
	// Platform is Sentry's word: python, java, node, go, native, other ...
	Platform string
	// Exceptions in Sentry's order: the innermost cause first, the one raised last
	// at the end. Empty for a stack that belongs to no exception (a thread dump,
	// logging's stack_info): such a trace makes no event by itself.
	Exceptions []event.Exception
	// Threads holds further stacks of a crash (other goroutines).
	Threads []event.Thread
	// Lead is the text of the first line in front of the exception, as in
	// "send-money failed" of "send-money failed RangeError: negative amount".
	Lead string
	// Died is set where the format itself proves that the process died.
	Died bool
	// Level is set where the format states one (a Python warning, say); else empty.
	Level event.Level
	// Contexts holds what the trace says of its runtime ("runtime": {name, version}).
	Contexts map[string]any
	// Extra holds structured remains, such as the fields a Node error carries.
	Extra map[string]any
	// CutShort is set where lines are plainly missing at the end.
	CutShort bool
}

// Frames is how many frames t has in all, the measure by which languages compete for a block.
func (t *Trace) Frames() int {
	n := 0
	for i := range t.Exceptions {
		if st := t.Exceptions[i].Stacktrace; st != nil {
			n += len(st.Frames)
		}
	}
	for i := range t.Threads {
		if st := t.Threads[i].Stacktrace; st != nil {
			n += len(st.Frames)
		}
	}
	return n
}

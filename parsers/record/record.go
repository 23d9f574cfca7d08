package record

import "time"

// Head is what a quick look at the beginning of a line tells.
type Head struct {
	Kind  Kind
	Level Level // Unknown where the line states none, or a word that no logger uses
	// Msg is the offset of the message in the line for text kinds; the offset of
	// the record for JSON and Logfmt, which is 0 unless a wrapper printed a time
	// before it; 0 for Access; the length of the line where the message stands below.
	Msg int
	// Embedded tells that the line holds escaped line breaks or stack fields and
	// may carry a whole trace. It errs on the side of true.
	Embedded bool
}

// Record is the full reading of a line. Its strings are copies.
type Record struct {
	Kind   Kind
	Level  Level
	Time   time.Time // zero if the line has none
	Logger string    // name of the logger, category or component
	Thread string
	PID    int // 0 if the line has none
	// Message is what a person would quote: without time, level, logger and
	// thread, escapes undone. It may hold line breaks.
	Message string
	// Template is the message before its parameters were filled in, where the
	// format shows it (Serilog's compact JSON), and Params are these parameters.
	Template string
	Params   []any
	// Fields are the structured remains (JSON members, logfmt pairs, MDC, source
	// location) without those that stand elsewhere in the record; at most
	// maxFields, no string longer than maxValue bytes.
	Fields map[string]any
	// Stack is the text of a whole trace found in a field, unescaped, without
	// leading blanks; empty if there is none.
	Stack string
	// ErrorType and ErrorValue are the exception's class and text where fields
	// state them; ErrorValue alone where an error is a mere text.
	ErrorType, ErrorValue string
	// Platform is Sentry's platform word where the format proves it, else empty.
	Platform string
}

// Options is what a line does not say itself.
type Options struct {
	// Location is for times without a zone; nil is UTC.
	Location *time.Location
	// Ref is about when the line was written; it completes times without a date or a year.
	Ref time.Time
}

// Bounds of what a record keeps of a line.
const (
	maxFields  = 64
	maxValue   = 4 << 10  // bytes of a field's text
	maxMessage = 64 << 10 // bytes
	maxStack   = 1 << 20  // bytes
	maxName    = 256      // bytes of a logger or thread name
)

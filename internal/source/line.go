package source

import "time"

// Line is one physical line of a stream.
type Line struct {
	// Text is the line without its line break ("\n" or "\r\n"). It is borrowed: it
	// is overwritten as soon as the call that got it returns.
	Text []byte
	// Start is the offset of the first byte of Text in the stream, End the offset
	// one past the line break. A reader that resumes at End misses and repeats
	// nothing. Start may be larger than the End of the line before: runs of NUL
	// bytes at the start of a line are skipped.
	Start, End int64
	// Cut is set if the line is longer than max_line_bytes: Text is its head only.
	Cut bool
	// Plain is set if the text is known to hold neither NUL nor an escape: it is
	// found out for 64 KiB at once, which costs a third of asking line by line.
	Plain bool
	// Open is set if there was no line break: the line was handed out because
	// nothing followed for partial_flush, or because the stream ended. What is
	// appended afterwards comes as a line of its own.
	Open bool
}

// Consumer takes what one stream says. All calls for one stream come from one
// goroutine at a time, in order; calls for different streams run at once.
type Consumer interface {
	// Lines gets the next lines, never none, at most 1,024 at a time. The slice
	// and the texts are borrowed until Lines returns. Lines may block; nothing
	// else is read from that stream meanwhile, and the file is the buffer.
	Lines(now time.Time, lines []Line)

	// Idle says that the stream is at its end now. It is called after the last
	// line that could be read, and again once the Deadline that the consumer gave
	// has passed while nothing came.
	Idle(now time.Time)

	// Deadline is asked after every call of Lines or Idle: when Idle must be
	// called next even if no line arrives. The zero time means never.
	Deadline() time.Time

	// End says that nothing will follow: the file was rotated or deleted and has
	// been read to its end, or the pipe was closed. It is the last call.
	End(now time.Time)
}

// Opener is asked once for each stream that is found, before its first line,
// for who takes its lines. Calls for different streams may run at once.
type Opener func(Info) Consumer

// Kind tells what a stream is read from.
type Kind uint8

// The kinds of streams.
const (
	File     Kind = iota // a regular file: can be resumed at an offset
	Stdin                // standard input: cannot be resumed
	FIFO                 // a named pipe or character device: cannot be resumed
	Journald             // the systemd journal: can be resumed after an entry
	Child                // an output of a child process: cannot be resumed
	Syslog               // what one host sends to a syslog listener: cannot be resumed
)

// String gives the word used in logs and keys.
func (k Kind) String() string {
	switch k {
	case Stdin:
		return "stdin"
	case FIFO:
		return "fifo"
	case Journald:
		return "journal"
	case Child:
		return "child"
	case Syslog:
		return "syslog"
	default:
		return "file"
	}
}

// Resumable tells whether a stream of this kind can be read again from an
// offset after a restart. Streams that cannot are sent End when Run is
// cancelled, since nothing else would bring their last block to light.
func (k Kind) Resumable() bool { return k == File || k == Journald }

// Info is what is known of a stream when it is opened.
type Info struct {
	Kind Kind
	// Path is the name that the configuration matched: for a symbolic link the
	// name of the link. "-" for standard input.
	Path string
	// Real is Path with all symbolic links resolved.
	Real string
	// Source is the name of the configuration entry that matched.
	Source string
	// ID is the identity of the stream: it stays the same for all lines of one
	// generation of a file, whatever its name becomes.
	ID Identity
	// Start is the offset of the first line, in bytes; Size and Modified are what
	// the file had when it was opened.
	Start, Size int64
	Modified    time.Time
	// Resumed is set if Start comes from a known position.
	Resumed bool

	stream  *stream
	journal *journal
	now     func() time.Time // with journal
}

// Position is what a mark stores for the stream: where its file is now and the
// given offset. It may be called at any time from any goroutine, also after End.
func (i Info) Position(offset int64) Position {
	if i.journal != nil {
		return i.journal.position(i.ID, offset, i.now())
	}
	if i.stream == nil {
		return Position{Kind: i.Kind, Stream: i.ID, Path: i.Path, Offset: offset}
	}
	return i.stream.position(offset)
}

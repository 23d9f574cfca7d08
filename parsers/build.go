package parsers

import (
	"bytes"
	"strings"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/parsers/record"
	"github.com/tracetail/tracetail/parsers/trace"
)

// build emits the event of a block, none if the block turns out to be ordinary, and
// two if its record is not the header of its trace but an event of its own.
func (s *shared) build(b *Block, emit func(Result)) {
	var tr trace.Trace
	var lang string
	found := false
	if b.lang >= 0 {
		tr, lang, found = s.read(b)
	}
	if found && b.headed && b.first > 0 && !b.belongs(&tr) {
		s.parted(b, emit)
		b.headed = false
	}
	if found && nameless(&tr) && (!b.headed || !b.belongs(&tr)) {
		return // a stack that somebody printed, without a word of an error
	}
	var rec record.Record
	var head record.Head
	if b.headed {
		head = b.win.lines[0].head()
		rec = s.record(b)
	}
	if !found {
		b.unclaim()
		stacks := tr // of threads, which belong to no exception
		if tr, lang, found = s.embedded(&rec); !found {
			if tr = stacks; !s.message(b, head, &rec, &tr) {
				return
			}
		}
	}
	level := rec.Level
	if level == record.Unknown {
		level = head.Level
	}
	if found && b.headed && level != record.Unknown && level < s.trace && tr.Level == "" {
		return
	}
	ev := &event.Event{Timestamp: s.timestamp(b, &rec)}
	fill(ev, b, level, &rec, &tr)
	s.count(b, len(tr.Exceptions) > 0)
	emit(Result{Event: ev, Start: b.Start(), End: b.End(), Lines: b.Lines(), Language: lang, Reason: b.Reason})
}

// parted emits the record in front of a trace that is not its own.
func (s *shared) parted(b *Block, emit func(Result)) {
	if h := &b.win.lines[0]; h.level < s.level && !h.embedded {
		return
	}
	alone := *b
	alone.lang, alone.first, alone.upto, alone.Reason = -1, 0, min(recordEnd(b.win), b.first), Ended
	s.build(&alone, emit)
}

func (s *shared) count(b *Block, isTrace bool) {
	if isTrace {
		s.stats.Traces.Add(1)
	} else {
		s.stats.Messages.Add(1)
	}
	if b.cut() {
		s.stats.Cut.Add(1)
	}
}

// belongs tells whether the record in front of a trace is the trace's header. A
// logger prints both, but what the runtime prints when a program dies follows
// whatever happened to be logged last: that record is the header only if it
// complains too. Where nobody but the dying runtime can have written the trace,
// it must even complain in the same words, as log.Panic does, and so must a
// record that is one line by its format. Bare frames need the record.
func (b *Block) belongs(tr *trace.Trace) bool {
	h := &b.win.lines[0]
	switch {
	case nameless(tr):
		return h.level >= record.Warning || h.level == record.Unknown
	case h.level < record.Warning:
		return false
	case tr.Died || uncaught(tr) || h.kind == record.JSON || h.kind == record.Logfmt:
		return echoes(b.win.text(0), tr)
	}
	return true
}

// uncaught tells whether a JVM printed the trace because a thread ended by it.
func uncaught(tr *trace.Trace) bool {
	n := len(tr.Exceptions)
	return n > 0 && tr.Platform == "java" && tr.Exceptions[n-1].Mechanism != nil && tr.Exceptions[n-1].Mechanism.Type == "UncaughtExceptionHandler"
}

// echoes tells whether a record says what was raised.
func echoes(line []byte, tr *trace.Trace) bool {
	if len(tr.Exceptions) == 0 {
		return false
	}
	value := tr.Exceptions[len(tr.Exceptions)-1].Value
	value, _, _ = strings.Cut(value, "\n")
	return value != "" && bytes.Contains(line, []byte(value))
}

// nameless tells whether a trace is bare frames: nothing says what was raised.
func nameless(tr *trace.Trace) bool {
	n := len(tr.Exceptions)
	return n == 1 && tr.Exceptions[0].Type == "" && tr.Exceptions[0].Value == ""
}

// read asks the languages for the meaning of the trace: the one whose grammar
// followed it, and if that finds nothing in it, the others. A reader that
// panics is a fault of ours that must not cost the user the trace.
func (s *shared) read(b *Block) (tr trace.Trace, name string, found bool) {
	lines := b.text()
	failed := false
	try := func(l *trace.Language) (t trace.Trace, ok bool) {
		defer func() {
			if recover() != nil {
				t, ok, failed = trace.Trace{}, false, true
			}
		}()
		return l.Read(lines)
	}
	l := s.set.Language(b.lang)
	if !b.broken {
		if tr, found = try(l); found {
			return tr, l.Name, len(tr.Exceptions) > 0
		}
	}
	if failed || b.broken {
		s.stats.Failed.Add(1)
		b.lang = -1
		return trace.Trace{Exceptions: []event.Exception{raw(lines)}, Platform: "other"}, "", true
	}
	return trace.Trace{}, "", false
}

// raw is the last resort: the block as it stands, under the name of its first line.
func raw(lines [][]byte) event.Exception {
	var sb strings.Builder
	for i, l := range lines {
		if sb.Len() > maxTextBytes {
			break
		}
		if i > 0 {
			sb.WriteByte('\n')
		}
		sb.Write(l)
	}
	return event.Exception{Type: "unreadable stack trace", Value: sb.String(), Mechanism: &event.Mechanism{Type: "generic"}}
}

// text is the trace's lines; where the first one is a log record, its message.
func (b *Block) text() [][]byte {
	out := make([][]byte, 0, b.upto-b.first)
	for i := b.first; i < b.upto; i++ {
		out = append(out, b.win.message(i))
	}
	return out
}

// unclaim makes a block whose trace turned out to be none what it was without it.
func (b *Block) unclaim() {
	if b.headed && b.lang >= 0 {
		b.upto = recordEnd(b.win)
	}
	b.lang = -1
}

// record reads the block's header line.
func (s *shared) record(b *Block) record.Record {
	h := b.win.lines[0].head()
	line := b.win.text(0)
	if h.Kind == record.Plain {
		return record.Record{Kind: record.Plain, Level: h.Level, Message: string(line)}
	}
	return b.scan.Read(line, h, record.Options{Location: s.loc, Ref: s.reference(b)})
}

// reference is the best guess at when the block was written, from which a
// timestamp without date or year takes them.
func (s *shared) reference(b *Block) time.Time {
	if stamp, layout := b.win.stampOf(b.from()); len(stamp) > 0 && s.when != nil {
		if t := s.when(layout, stamp, b.now); !t.IsZero() {
			return t
		}
	}
	return b.now
}

// ahead is how far a timestamp may lie in the future before it is not believed:
// servers replace later ones by the time of receipt and shift all others alike.
const ahead = time.Minute

func (s *shared) timestamp(b *Block, rec *record.Record) time.Time {
	t := rec.Time
	if t.IsZero() {
		t = s.reference(b)
	}
	if t.After(b.now.Add(ahead)) {
		t = b.now
	}
	return t.UTC()
}

// embedded finds a trace that stands inside the record: in a field, or in a
// message of several lines.
func (s *shared) embedded(rec *record.Record) (tr trace.Trace, lang string, found bool) {
	if rec.Stack != "" {
		if tr, lang, found = s.readText(rec.Stack); found {
			tr.Lead = rec.Message
			return tr, lang, true
		}
		if tr, lang, found = s.bare(rec.Stack); found {
			tr.Lead = rec.Message
			return tr, lang, true
		}
		if strings.HasPrefix(strings.TrimLeft(rec.Stack, " "), "0: ") { // Rust's rows, the panic's own words in other fields
			if tr, lang, found = s.readText("Stack backtrace:\n" + rec.Stack); found {
				tr.Lead = rec.Message
				return tr, lang, true
			}
		}
	}
	if rec.Stack == "" && strings.Contains(rec.ErrorValue, "   at ") { // .NET's JSON console writes all of it on one line
		if tr, lang, found = s.readText(rec.ErrorType + ": " + rec.ErrorValue); found {
			tr.Lead = rec.Message
			return tr, lang, true
		}
	}
	text, joined := rec.Message, strings.IndexByte(rec.Message, '\n') >= 0
	if !joined {
		text, joined = trace.Unjoin(rec.Message)
	}
	if joined {
		if tr, lang, found = s.readText(text); found {
			tr, lang = s.withStack(tr, lang, text, rec.Stack)
			rec.Message = tr.Lead
			return tr, lang, true
		}
	}
	return trace.Trace{}, "", false
}

// withStack adds the stack that stands in a field of its own to a trace that a
// message gave, which says no more than where it was raised: a panic hook of Rust
// logs "panicked at src/main.rs:29:56" and, beside it, the backtrace.
func (s *shared) withStack(tr trace.Trace, lang, text, stack string) (trace.Trace, string) {
	if stack == "" || tr.Frames() > 1 {
		return tr, lang
	}
	for _, link := range []string{"\n", "\nstack backtrace:\n"} {
		if more, name, found := s.readText(text + link + stack); found && more.Frames() > tr.Frames() {
			return more, name
		}
	}
	return tr, lang
}

// bare reads the text of a field that names an exception and has no frame below it.
func (s *shared) bare(text string) (trace.Trace, string, bool) {
	lang := s.set.Bare()
	text = strings.TrimSpace(text)
	if lang < 0 || strings.IndexByte(text, '\n') >= 0 {
		return trace.Trace{}, "", false
	}
	l := s.set.Language(lang)
	tr, ok := l.Read([][]byte{[]byte(text)})
	return tr, l.Name, ok && len(tr.Exceptions) > 0
}

// readText reads a whole trace out of a text, as an assembler without records does.
func (s *shared) readText(text string) (tr trace.Trace, lang string, found bool) {
	sub := &Assembler{shared: s, level: record.Fatal + 1}
	sub.emit = func(b *Block) {
		if found || b.lang < 0 {
			return
		}
		b.headed = false
		if tr, lang, found = s.read(b); found {
			tr.Lead = strings.TrimSpace(text[:b.Start()] + tr.Lead)
		}
	}
	at, severity := int64(0), uint8(sevError) // the first line is a record's, which a language may take into the trace
	for line := range strings.SplitSeq(text, "\n") {
		end := at + int64(len(line)) + 1
		sub.Push(time.Time{}, &Line{Text: []byte(strings.TrimSuffix(line, "\r")), Start: at, End: end, Severity: severity})
		at, severity = end, 0
	}
	sub.Flush()
	return tr, lang, found
}

// message decides about a record without a trace. A field may still name the
// exception (error.type), which then has no frames.
func (s *shared) message(b *Block, head record.Head, rec *record.Record, tr *trace.Trace) bool {
	if !b.headed || max(head.Level, rec.Level) < s.level {
		return false
	}
	if rec.ErrorType != "" {
		tr.Exceptions = []event.Exception{{Mechanism: &event.Mechanism{Type: "generic"}}}
	}
	return true
}

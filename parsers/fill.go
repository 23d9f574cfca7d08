package parsers

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/parsers/record"
	"github.com/tracetail/tracetail/parsers/trace"
)

// fill writes what the record and the trace say into the event.
func fill(ev *event.Event, b *Block, level record.Level, rec *record.Record, tr *trace.Trace) {
	ev.Level = eventLevel(level, tr)
	ev.Logger = rec.Logger
	ev.Platform = platform(rec, tr)
	if len(tr.Exceptions) > 0 {
		name(&tr.Exceptions[len(tr.Exceptions)-1], rec)
		ev.Exception = &event.Exceptions{Values: tr.Exceptions}
	}
	if len(tr.Threads) > 0 {
		ev.Threads = &event.Threads{Values: tr.Threads}
	}
	ev.LogEntry = logEntry(b, rec, tr)
	ev.Contexts = tr.Contexts
	ev.Extra = extra(rec, tr, b)
	if ev.LogEntry == nil && ev.Exception == nil {
		ev.LogEntry = &event.LogEntry{Formatted: "(empty message)"}
	}
}

func eventLevel(level record.Level, tr *trace.Trace) event.Level {
	switch {
	case tr.Level == event.Fatal: // the platform says that the process is dead, whatever level it logs that at
		return event.Fatal
	case tr.Level == event.Error && level != record.Unknown && level < record.Error: // Flutter prints its errors at info
		return event.Error
	case level != record.Unknown:
		return level.Event()
	case tr.Level != "":
		return tr.Level
	case tr.Died:
		return event.Fatal
	}
	return event.Error
}

func platform(rec *record.Record, tr *trace.Trace) string {
	switch {
	case tr.Platform != "":
		return tr.Platform
	case rec.Platform != "":
		return rec.Platform
	}
	return "other"
}

// name gives an exception that came as bare frames (zap's stacktrace,
// debug.Stack in a field) the name and text that the record has for it.
func name(x *event.Exception, rec *record.Record) {
	if x.Type != "" || x.Value != "" {
		return
	}
	x.Type, x.Value = rec.ErrorType, rec.ErrorValue
	if x.Value == "" {
		x.Value = rec.Message
	}
	x.Module, x.Type = qualified(x.Type)
	if x.Type == "" {
		x.Type = "error" // some servers refuse an exception without a type
	}
}

// qualified splits the name of a class into where it lives and what it is called,
// by whatever its language puts in between.
func qualified(name string) (module, typ string) {
	for _, between := range []string{"::", `\`, "."} {
		if i := strings.LastIndex(name, between); i > 0 && i+len(between) < len(name) {
			return name[:i], name[i+len(between):]
		}
	}
	return "", name
}

// logEntry is the message of the record, without the exception's own text where
// both stand on one line.
func logEntry(b *Block, rec *record.Record, tr *trace.Trace) *event.LogEntry {
	text := rec.Message
	switch {
	case b.lang >= 0 && (b.first == 0 || !b.headed):
		text = tr.Lead
	case b.headed:
		text = continuedMessage(b, text)
	}
	text = strings.TrimRight(text, " \t\r\n")
	if text == "" {
		return nil
	}
	le := &event.LogEntry{Formatted: text}
	if rec.Template != "" {
		le.Message, le.Params = rec.Template, rec.Params
	}
	return le
}

// continuedMessage adds the lines between a record and its trace, or all
// its indented lines where there is no trace.
func continuedMessage(b *Block, text string) string {
	upto := b.upto
	if b.lang >= 0 {
		upto = b.first
	}
	if upto <= 1 {
		return text
	}
	below := b.win.lines[0].kind.MessageBelow()
	var sb strings.Builder
	sb.WriteString(text)
	for i := 1; i < upto && sb.Len() < maxTextBytes; i++ {
		line := b.win.message(i)
		if below {
			line = bytes.TrimSpace(line)
		}
		if i == 1 && bytes.HasPrefix(line, []byte("=> ")) && b.win.lines[0].kind == record.DotNet {
			continue // the scopes of .NET's console, not the message
		}
		if sb.Len() > 0 {
			sb.WriteByte('\n')
		}
		sb.Write(line)
	}
	return sb.String()
}

// extra gathers the structured remains of the record and of the trace.
func extra(rec *record.Record, tr *trace.Trace, b *Block) map[string]any {
	out := make(map[string]any, len(rec.Fields)+len(tr.Extra)+3)
	for k, v := range rec.Fields {
		out[k] = v
	}
	for k, v := range tr.Extra {
		out[k] = v
	}
	if rec.Thread != "" {
		out["thread"] = rec.Thread
	}
	if rec.PID != 0 {
		out["pid"] = rec.PID
	}
	if b.cut() || tr.CutShort {
		out["truncated"] = true
	}
	return out
}

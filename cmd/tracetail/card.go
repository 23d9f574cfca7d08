package main

import (
	"fmt"
	"io"
	"path"
	"strings"
	"unicode"

	"github.com/tracetail/tracetail/internal/event"
)

// cardFrames is how many frames of an exception a card shows.
const cardFrames = 4

// cards prints events for a person: what broke, where, and what was masked.
type cards struct {
	w      io.Writer
	colour bool
	count  int
	masked int
}

// Show prints one masked event.
func (c *cards) Show(e *event.Event) {
	c.count++
	fmt.Fprintln(c.w)
	c.title(e)
	if e.LogEntry != nil && e.Exception != nil {
		c.line("  ", c.dim("logged   "), c.text(e.LogEntry.Formatted, 160))
	}
	c.line("  ", c.dim("where    "), where(e))
	if e.Exception == nil {
		return
	}
	values := e.Exception.Values
	for i := len(values) - 1; i >= 0; i-- {
		if i < len(values)-1 {
			c.line("  ", c.dim("cause    "), c.bold(values[i].Type), ": ", c.text(values[i].Value, 140))
		}
		c.frames(&values[i])
	}
}

func (c *cards) title(e *event.Event) {
	what := ""
	if e.Exception != nil {
		x := e.Exception.Values[len(e.Exception.Values)-1]
		what = c.bold(x.Type)
		if x.Value != "" {
			what += ": " + c.text(x.Value, 140)
		}
	} else if e.LogEntry != nil {
		what = c.text(e.LogEntry.Formatted, 160)
	}
	c.line(c.level(e.Level), " ", what)
}

func where(e *event.Event) string {
	parts := []string{e.Timestamp.Format("15:04:05"), e.Platform}
	if e.Logger != "" {
		parts = append(parts, e.Logger)
	}
	if f, ok := e.Extra["log.file"].(string); ok {
		parts = append(parts, fmt.Sprintf("%s, %v lines", path.Base(f), e.Extra["log.lines"]))
	}
	return strings.Join(parts, " · ")
}

// frames shows the newest frames of the application; the libraries' are only counted.
func (c *cards) frames(x *event.Exception) {
	if x.Stacktrace == nil {
		return
	}
	shown, hidden := 0, 0
	frames := x.Stacktrace.Frames
	for i := len(frames) - 1; i >= 0; i-- {
		f := &frames[i]
		if shown == cardFrames || f.InApp != nil && !*f.InApp {
			hidden++
			continue
		}
		shown++
		place := f.Filename
		if place == "" {
			place = f.Module
		}
		if f.Lineno > 0 {
			place = fmt.Sprintf("%s:%d", place, f.Lineno)
		}
		c.line("    ", fmt.Sprintf("%-44s ", c.text(place, 80)), c.dim("in "), f.Function)
	}
	if hidden > 0 {
		c.line("    ", c.dim(fmt.Sprintf("and %d frames of libraries and callers", hidden)))
	}
}

func (c *cards) line(parts ...string) {
	s := strings.Join(parts, "")
	c.masked += strings.Count(s, "[Filtered]")
	if c.colour {
		s = strings.ReplaceAll(s, "[Filtered]", "\x1b[35m[Filtered]\x1b[0m")
	}
	fmt.Fprintln(c.w, s)
}

// text makes one printable line of at most limit characters: what a log says must not drive a terminal.
func (c *cards) text(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > limit {
		s = string(r[:limit-1]) + "…"
	}
	return s
}

func (c *cards) level(l event.Level) string {
	code := map[event.Level]string{event.Fatal: "1;41", event.Error: "1;31", event.Warning: "1;33"}[l]
	return c.paint(code, fmt.Sprintf("%-7s", strings.ToUpper(string(l))))
}

func (c *cards) bold(s string) string { return c.paint("1", c.text(s, 120)) }
func (c *cards) dim(s string) string  { return c.paint("2", s) }

func (c *cards) paint(code, s string) string {
	if !c.colour || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

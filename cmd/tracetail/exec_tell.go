package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
)

// teller is the watcher's own log. It stands in the program's stderr, so it holds
// only what an operator must know, and each line says whose it is.
type teller struct {
	w     io.Writer
	mu    *sync.Mutex
	quiet bool // errors only
	with  []slog.Attr
}

// say writes one line.
func (t *teller) say(line string) {
	eol := "\n"
	if isTTY(os.Stderr) {
		eol = "\r\n" // the terminal may be raw while the program runs
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = io.WriteString(t.w, "tracetail: "+line+eol)
}

// Enabled makes teller a slog.Handler.
func (t *teller) Enabled(_ context.Context, l slog.Level) bool {
	return l >= slog.LevelError || l >= slog.LevelWarn && !t.quiet
}

// Handle writes one record, its attributes in brackets.
func (t *teller) Handle(_ context.Context, r slog.Record) error {
	var said []string
	tell := func(a slog.Attr) bool {
		said = append(said, fmt.Sprintf("%s %v", a.Key, a.Value))
		return true
	}
	for _, a := range t.with {
		tell(a)
	}
	r.Attrs(tell)
	line := r.Message
	if len(said) > 0 {
		line += " (" + strings.Join(said, ", ") + ")"
	}
	t.say(strings.ReplaceAll(line, "\n", "; "))
	return nil
}

// WithAttrs gives a teller that says these as well.
func (t *teller) WithAttrs(as []slog.Attr) slog.Handler {
	with := *t
	with.with = slices.Concat(t.with, as)
	return &with
}

// WithGroup gives the same: the keys are told apart by what they say.
func (t *teller) WithGroup(string) slog.Handler { return t }

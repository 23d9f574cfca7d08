package flood

import (
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/tracetail/tracetail/internal/event"
)

// Config names what is dropped.
type Config struct {
	// Types are exception types, with or without their module. An event is
	// dropped if the exception raised last is of such a type.
	Types []string `yaml:"types"`
}

// DefaultConfig drops what Python raises when somebody stops it: an SDK does
// not report these either.
func DefaultConfig() Config {
	return Config{Types: []string{"KeyboardInterrupt", "SystemExit"}}
}

// Validate refuses an empty word, which would drop every event without a type.
func (c Config) Validate() error {
	for i, t := range c.Types {
		if strings.TrimSpace(t) == "" {
			return fmt.Errorf("types[%d]: an empty type; remove the line", i)
		}
	}
	return nil
}

// Filter applies a Config. It is safe for concurrent use.
type Filter struct {
	types   map[string]bool
	ignored atomic.Int64
}

// New makes a filter.
func New(c Config) *Filter {
	f := &Filter{types: make(map[string]bool, len(c.Types))}
	for _, t := range c.Types {
		f.types[t] = true
	}
	return f
}

// Drop tells whether the event is to be dropped, and counts it if so.
func (f *Filter) Drop(e *event.Event) bool {
	if e.Exception == nil || len(e.Exception.Values) == 0 {
		return false
	}
	x := &e.Exception.Values[len(e.Exception.Values)-1]
	if x.Type == "" || !f.types[x.Type] && !f.types[x.Module+"."+x.Type] {
		return false
	}
	f.ignored.Add(1)
	return true
}

// Ignored is the number of events dropped so far.
func (f *Filter) Ignored() int64 { return f.ignored.Load() }

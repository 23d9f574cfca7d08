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
	// Loggers are names of loggers whose records are no events, nor the traces
	// under them; a name stands for all that it is the beginning of, by its dots.
	Loggers []string `yaml:"loggers"`
}

// DefaultConfig drops what Python raises when somebody stops it, as an SDK does,
// and what an SDK beside us says of its own trouble: reporting that its server
// cannot be reached would go round in circles.
func DefaultConfig() Config {
	return Config{Types: []string{"KeyboardInterrupt", "SystemExit"}, Loggers: []string{"sentry_sdk", "sentry", "raven", "io.sentry"}}
}

// Validate refuses an empty word, which would drop every event without a type.
func (c Config) Validate() error {
	for i, t := range c.Types {
		if strings.TrimSpace(t) == "" {
			return fmt.Errorf("types[%d]: an empty type; remove the line", i)
		}
	}
	for i, l := range c.Loggers {
		if strings.TrimSpace(l) == "" {
			return fmt.Errorf("loggers[%d]: an empty name; remove the line", i)
		}
	}
	return nil
}

// Filter applies a Config. It is safe for concurrent use.
type Filter struct {
	types   map[string]bool
	loggers []string
	ignored atomic.Int64
}

// New makes a filter.
func New(c Config) *Filter {
	f := &Filter{types: make(map[string]bool, len(c.Types)), loggers: c.Loggers}
	for _, t := range c.Types {
		f.types[t] = true
	}
	return f
}

// Drop tells whether the event is to be dropped, and counts it if so.
func (f *Filter) Drop(e *event.Event) bool {
	if !f.byLogger(e.Logger) && !f.byType(e.Exception) {
		return false
	}
	f.ignored.Add(1)
	return true
}

func (f *Filter) byLogger(name string) bool {
	for _, l := range f.loggers {
		if strings.HasPrefix(name, l) && (len(name) == len(l) || name[len(l)] == '.') {
			return true
		}
	}
	return false
}

func (f *Filter) byType(x *event.Exceptions) bool {
	if x == nil || len(x.Values) == 0 {
		return false
	}
	last := &x.Values[len(x.Values)-1]
	return last.Type != "" && (f.types[last.Type] || f.types[last.Module+"."+last.Type])
}

// Ignored is the number of events dropped so far.
func (f *Filter) Ignored() int64 { return f.ignored.Load() }

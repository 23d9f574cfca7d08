package parsers

import (
	"fmt"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/parsers/record"
	"github.com/tracetail/tracetail/parsers/trace"
)

// Config says what becomes an event and where a block ends at the latest.
type Config struct {
	// Languages names the grammars to use; empty means all.
	Languages []string `yaml:"languages"`
	// Level is the severity from which a record without a trace becomes an event
	// ("none" for never).
	Level string `yaml:"level"`
	// TraceLevel is the severity below which even a record with a trace is ordinary.
	TraceLevel string `yaml:"trace_level"`
	// Idle ends an open block when its stream has been silent for so long.
	Idle time.Duration `yaml:"idle"`
	// MaxLines and MaxBytes end a block, which is then read as one that was cut short.
	MaxLines int `yaml:"max_lines"`
	MaxBytes int `yaml:"max_bytes"`
	// Timezone is the IANA name of the zone of timestamps that state none; empty
	// means the zone of the host.
	Timezone string `yaml:"timezone"`
}

// DefaultConfig is what runs without a word of configuration.
func DefaultConfig() Config {
	return Config{
		Level:      string(event.Error),
		TraceLevel: string(event.Debug),
		Idle:       300 * time.Millisecond,
		MaxLines:   10_000,
		MaxBytes:   1 << 20,
	}
}

// never is the word for a level that nothing reaches.
const never = "none"

var levelWords = []event.Level{event.Debug, event.Info, event.Warning, event.Error, event.Fatal}

// Validate names the first key whose value cannot be used.
func (c Config) Validate() error {
	if _, err := trace.NewSet(trace.Languages(), c.Languages); err != nil {
		return fmt.Errorf("languages: %w", err)
	}
	for _, l := range []struct{ key, value string }{{"level", c.Level}, {"trace_level", c.TraceLevel}} {
		if l.value != never && !known(event.Level(l.value)) {
			return fmt.Errorf("%s: %q is no level; use one of debug, info, warning, error, fatal, none", l.key, l.value)
		}
	}
	if c.Idle < 10*time.Millisecond || c.Idle > time.Minute {
		return fmt.Errorf("idle: %v is out of range; use 10ms to 1m", c.Idle)
	}
	if c.MaxLines < 50 || c.MaxLines > 100_000 {
		return fmt.Errorf("max_lines: %d is out of range; use 50 to 100000", c.MaxLines)
	}
	if c.MaxBytes < 16<<10 || c.MaxBytes > 64<<20 {
		return fmt.Errorf("max_bytes: %d is out of range; use 16384 to 67108864", c.MaxBytes)
	}
	if _, err := time.LoadLocation(c.Timezone); err != nil {
		return fmt.Errorf("timezone: %w; use an IANA name such as Asia/Dhaka", err)
	}
	return nil
}

func known(l event.Level) bool {
	for _, w := range levelWords {
		if l == w {
			return true
		}
	}
	return false
}

// location is the zone of timestamps that name none.
func (c Config) location() *time.Location {
	if c.Timezone == "" {
		return time.Local
	}
	if loc, err := time.LoadLocation(c.Timezone); err == nil {
		return loc
	}
	return time.Local
}

// threshold turns the configured word into the level that a record must have.
func threshold(word string) record.Level {
	switch event.Level(word) {
	case event.Debug:
		return record.Debug
	case event.Info:
		return record.Info
	case event.Warning:
		return record.Warning
	case event.Error:
		return record.Error
	case event.Fatal:
		return record.Fatal
	}
	return record.Fatal + 1
}

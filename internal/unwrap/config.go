package unwrap

import (
	"fmt"
	"strings"
	"time"
)

// Defaults of Config.
const (
	DefaultJoinLimit   = 1 << 20
	DefaultPartialWait = time.Second
)

// Config says what to look for and how long to wait for the rest of a line.
type Config struct {
	// Format is the carrier: "auto" (the default) finds it line by line, "none"
	// takes nothing off but ANSI escapes, NUL, CR and BOM, and the name of a
	// carrier allows that one only, without asking for evidence.
	Format string `yaml:"format"`

	// JoinLimit is the length in bytes at which a line that comes in pieces is
	// given out although its end is missing. Zero is DefaultJoinLimit.
	JoinLimit int `yaml:"join_limit"`

	// PartialWait is how long the next piece of a line may take. Container
	// runtimes write a last line without line break as a piece that is never
	// completed, and that line is often the panic. Zero is DefaultPartialWait.
	PartialWait time.Duration `yaml:"partial_wait"`
}

// DefaultConfig finds the carrier by itself.
func DefaultConfig() Config {
	return Config{Format: "auto", JoinLimit: DefaultJoinLimit, PartialWait: DefaultPartialWait}
}

// Formats lists the values Config.Format takes.
func Formats() []string {
	return append([]string{"auto", "none"}, carrierNames[CRI:]...)
}

// Validate reports the first field that makes no sense, with what it may be.
func (c Config) Validate() error {
	if _, ok := c.allowed(); !ok {
		return fmt.Errorf("format: unknown carrier %q: use one of %s", c.Format, strings.Join(Formats(), ", "))
	}
	if c.JoinLimit < 0 || c.JoinLimit > 0 && c.JoinLimit < 1024 {
		return fmt.Errorf("join_limit: %d bytes is too small: use 1024 or more, or 0 for %d", c.JoinLimit, DefaultJoinLimit)
	}
	if c.PartialWait < 0 || c.PartialWait > time.Minute {
		return fmt.Errorf("partial_wait: %v is out of range: use 0s to 1m", c.PartialWait)
	}
	return nil
}

// allowed gives the carriers to look for; a Format not known means auto, and
// false says so.
func (c Config) allowed() (carriers, bool) {
	switch c.Format {
	case "", "auto":
		return everyCarrier, true
	case "none":
		return 0, true
	case "kubectl": // the two flags of kubectl logs go together
		return setOf(Kubectl, Timestamps), true
	}
	for i, name := range carrierNames {
		if name == c.Format && Carrier(i) != Plain {
			return setOf(Carrier(i)), true
		}
	}
	return everyCarrier, false
}

package shipper

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// Destination is one entry of the list `destinations` of the configuration: where
// events go besides the DSN at the top, and which of them. The zero Destination is
// a Sentry that gets everything.
type Destination struct {
	// Name stands for the destination in messages; empty: host and project of the DSN.
	Name    string `yaml:"name"`
	DSN     string `yaml:"dsn"`
	DSNFile string `yaml:"dsn_file"` // a file that holds the DSN; one of the two is needed
	// Server is what is behind the DSN, and so what it takes: "sentry" (also empty),
	// "glitchtip", "bugsink", or "spotlight", which is a mirror: nothing is kept for it.
	Server string `yaml:"server"`
	Match  Route  `yaml:"match"`
}

// Route says which events a destination gets: those for which everything given
// holds. The zero Route takes all. In patterns, * stands for any text.
type Route struct {
	Sources []string          `yaml:"sources"` // patterns of names of sources, any of them
	Level   string            `yaml:"level"`   // this level and above
	Loggers []string          `yaml:"loggers"` // any of them and what is below it: com.acme has com.acme.Orders
	Tags    map[string]string `yaml:"tags"`    // each with a pattern of its value; namespace, team and the like
}

// preset is what a server takes.
type preset struct {
	reports bool // client reports
	mirror  bool // gets a copy while it is there; nothing is kept for it, nothing waits for it
}

// presets are by the servers' documented behaviour; nothing is detected.
var presets = map[string]preset{
	"":          {reports: true},
	"sentry":    {reports: true},
	"glitchtip": {},
	"bugsink":   {}, // takes events only, and says 200 to the rest
	"spotlight": {mirror: true},
}

// Validate returns every fault of d, each naming its key.
func (d Destination) Validate() error {
	var faults []error
	if (d.DSN == "") == (d.DSNFile == "") {
		faults = append(faults, errors.New("dsn: set either dsn or dsn_file"))
	}
	if d.DSN != "" {
		if _, err := ParseDSN(d.DSN); err != nil {
			faults = append(faults, fmt.Errorf("dsn: %w", err))
		}
	}
	if _, known := presets[d.Server]; !known {
		faults = append(faults, fmt.Errorf("server: %q, must be sentry, glitchtip, bugsink or spotlight", d.Server))
	}
	if l := event.Level(d.Match.Level); l != "" && !l.AtLeast(event.Debug) {
		faults = append(faults, fmt.Errorf("match.level: %q, must be debug, info, warning, error or fatal", d.Match.Level))
	}
	return errors.Join(faults...)
}

// Resolve gives the DSN, from its file if that is where it stands. The error never holds it.
func (d Destination) Resolve() (DSN, error) {
	text := d.DSN
	if d.DSNFile != "" {
		b, err := os.ReadFile(d.DSNFile)
		if err != nil {
			return DSN{}, fmt.Errorf("reading dsn_file of destination %s: %w", d.Name, err)
		}
		text = string(b)
	}
	dsn, err := ParseDSN(text)
	if err != nil {
		return DSN{}, fmt.Errorf("destination %s: %w", d.Name, err)
	}
	return dsn, nil
}

// Takes tells whether an event of a source goes to the destination. It keeps nothing of ev.
func (r Route) Takes(source string, ev *event.Event) bool {
	if len(r.Sources) > 0 && !anyLike(r.Sources, source) {
		return false
	}
	if r.Level != "" && !ev.Level.AtLeast(event.Level(r.Level)) {
		return false
	}
	if len(r.Loggers) > 0 && !anyBelow(r.Loggers, ev.Logger) {
		return false
	}
	for key, pattern := range r.Tags {
		if value, set := ev.Tags[key]; !set || !like(pattern, value) {
			return false
		}
	}
	return true
}

func anyLike(patterns []string, text string) bool {
	for _, p := range patterns {
		if like(p, text) {
			return true
		}
	}
	return false
}

// like compares text with a pattern in which * stands for any text.
func like(pattern, text string) bool {
	head, rest, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, head)
	for ok {
		part, more, starred := strings.Cut(rest, "*")
		if !starred {
			return strings.HasSuffix(text, part)
		}
		// The first place is as good as any: what follows a star may begin anywhere.
		_, text, ok = strings.Cut(text, part)
		rest = more
	}
	return false
}

// anyBelow tells whether the logger is one of the names, or below one.
func anyBelow(names []string, logger string) bool {
	for _, n := range names {
		if rest, ok := strings.CutPrefix(logger, n); ok && (rest == "" || strings.ContainsRune("./:", rune(rest[0]))) {
			return true
		}
	}
	return false
}

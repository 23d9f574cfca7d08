package config

import (
	"errors"
	"fmt"

	"github.com/tracetail/tracetail/internal/flood"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/internal/unwrap"
	"github.com/tracetail/tracetail/parsers"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper"
)

// File is the configuration: every room's own section side by side.
type File struct {
	// DSN says where events go; DSNFile names a file that holds it. Empty: events are shown on the terminal.
	DSN     string `yaml:"dsn"`
	DSNFile string `yaml:"dsn_file"`
	// Destinations get events besides, each those that it is to have.
	Destinations []shipper.Destination `yaml:"destinations"`
	// StateDir holds the spool, and in it the positions in the logs.
	StateDir string `yaml:"state_dir"`
	// Labels are what is said of every event unless its source says otherwise.
	Labels   `yaml:",inline"`
	Sources  []Source       `yaml:"sources"`
	Parsers  parsers.Config `yaml:"parsers"`
	Ignore   flood.Config   `yaml:"ignore"`
	Scrub    scrub.Config   `yaml:"scrub"`
	Delivery shipper.Config `yaml:"delivery"`
	Log      Log            `yaml:"log"`
}

// Source is one entry of the list of sources.
type Source struct {
	source.Config `yaml:",inline"`
	Unwrap        unwrap.Config `yaml:"unwrap"`
	Labels        `yaml:",inline"`
}

// standIn is the name of a source that was given none.
func (s *Source) standIn() string {
	switch {
	case len(s.Paths) > 0:
		return s.Paths[0]
	case len(s.Syslog) > 0:
		return s.Syslog[0]
	case s.Journal != nil:
		return "journal"
	}
	return ""
}

// UnmarshalYAML fills in the defaults of a source before the file has its say.
func (s *Source) UnmarshalYAML(unmarshal func(any) error) error {
	type plain Source
	*s = DefaultSource()
	return unmarshal((*plain)(s))
}

// Labels name the program that wrote a log.
type Labels struct {
	Environment string            `yaml:"environment"`
	Release     string            `yaml:"release"`
	ServerName  string            `yaml:"server_name"`
	Tags        map[string]string `yaml:"tags"`
}

// Log is about the agent's own log, which goes to stderr.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warning or error
	Format string `yaml:"format"` // text or json
}

// Default is the configuration of an empty file.
func Default() File {
	return File{
		StateDir: "/var/lib/tracetail",
		Parsers:  parsers.DefaultConfig(),
		Ignore:   flood.DefaultConfig(),
		Scrub:    scrub.DefaultConfig(),
		Delivery: shipper.DefaultConfig(),
		Log:      Log{Level: "info", Format: "text"},
	}
}

// DefaultSource is an entry of the list of sources before the file has spoken.
func DefaultSource() Source {
	return Source{Config: source.DefaultConfig(), Unwrap: unwrap.DefaultConfig()}
}

// keyed is an error of one section, with the path of its key.
type keyed struct {
	key string
	err error
}

// problems asks every room about its section.
func (f *File) problems() []keyed {
	var out []keyed
	add := func(key string, err error) {
		for _, e := range unjoin(err) {
			out = append(out, keyed{key, e})
		}
	}
	for i, s := range f.Sources {
		key := fmt.Sprintf("sources[%d]", i)
		add(key, s.Config.Validate())
		add(key+".unwrap", s.Unwrap.Validate())
		add(key, s.Labels.validate())
	}
	add("", f.Labels.validate())
	add("parsers", f.Parsers.Validate())
	add("ignore", f.Ignore.Validate())
	add("scrub", f.Scrub.Validate())
	add("delivery", f.Delivery.Validate())
	for i, d := range f.Destinations {
		add(fmt.Sprintf("destinations[%d]", i), d.Validate())
	}
	add("log", f.Log.validate())
	if f.DSN != "" && f.DSNFile != "" {
		add("dsn_file", errors.New("dsn is set too; keep one of the two"))
	}
	if f.StateDir == "" {
		add("state_dir", errors.New("is empty; name a directory that survives a restart"))
	}
	return out
}

func unjoin(err error) []error {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}

func (l Labels) validate() error {
	for k, v := range l.Tags {
		if k == "" || len(k) > 32 {
			return fmt.Errorf("tags: the key %q has %d characters; use 1 to 32", k, len(k))
		}
		if len(v) > 200 {
			return fmt.Errorf("tags.%s: the value has %d characters; servers keep 200", k, len(v))
		}
	}
	return nil
}

func (l Log) validate() error {
	switch l.Level {
	case "debug", "info", "warning", "error":
	default:
		return fmt.Errorf("level: %q is no level; use one of debug, info, warning, error", l.Level)
	}
	if l.Format != "text" && l.Format != "json" {
		return fmt.Errorf("format: %q; use text or json", l.Format)
	}
	return nil
}

// over lays labels over those of the whole file: what l does not say, below does.
func (l Labels) over(below Labels) Labels {
	pick := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	out := Labels{
		Environment: pick(l.Environment, below.Environment),
		Release:     pick(l.Release, below.Release),
		ServerName:  pick(l.ServerName, below.ServerName),
		Tags:        map[string]string{},
	}
	for _, tags := range []map[string]string{below.Tags, l.Tags} {
		for k, v := range tags {
			out.Tags[k] = v
		}
	}
	return out
}

// LabelsOf gives the labels of the source with this name.
func (f *File) LabelsOf(name string) Labels {
	for i := range f.Sources {
		if f.Sources[i].Name == name {
			return f.Sources[i].Labels.over(f.Labels)
		}
	}
	return Labels{}.over(f.Labels)
}

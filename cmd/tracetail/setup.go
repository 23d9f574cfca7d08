package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/shipper"
)

// defaultConfig is read if it exists and no other file is named.
const defaultConfig = "/etc/tracetail/config.yaml"

func configFlag() cli.Flag {
	return &cli.StringFlag{Name: "config", Aliases: []string{"c"}, Usage: "read the configuration from `FILE`", EnvVars: []string{"TRACETAIL_CONFIG"}}
}

// agentFlags are the flags that override the configuration file.
func agentFlags() []cli.Flag {
	return []cli.Flag{
		configFlag(),
		&cli.StringFlag{Name: "dsn", Usage: "send events to this `DSN`", EnvVars: []string{"SENTRY_DSN"}},
		&cli.StringFlag{Name: "state-dir", Usage: "keep the spool and the positions in `DIR`", EnvVars: []string{"TRACETAIL_STATE_DIR"}},
		&cli.StringFlag{Name: "environment", Usage: "the environment of all events, such as production", EnvVars: []string{"SENTRY_ENVIRONMENT"}},
		&cli.StringFlag{Name: "release", Usage: "the release of all events", EnvVars: []string{"SENTRY_RELEASE"}},
		&cli.StringSliceFlag{Name: "tag", Usage: "add the tag `KEY=VALUE` to all events; may be repeated"},
		&cli.BoolFlag{Name: "from-beginning", Usage: "read files that are new to tracetail from their beginning instead of their end"},
	}
}

// loadConfig reads the configuration file, if there is one, and lays the flags
// over it. Its errors exit with exitConfig.
func loadConfig(c *cli.Context) (config.File, error) {
	f, err := settings(c)
	if err != nil {
		return f, err
	}
	if err := sourcesOf(c, &f); err != nil {
		return f, configError(err)
	}
	return f, nil
}

// settings is loadConfig for commands that read no log: no source is asked for.
func settings(c *cli.Context) (config.File, error) {
	f := config.Default()
	path := c.String("config")
	if path == "" {
		if _, err := os.Stat(defaultConfig); err == nil {
			path = defaultConfig
		}
	}
	if path != "" {
		var err error
		if f, err = config.Load(path); err != nil {
			return f, configError(err)
		}
	}
	if err := override(c, &f); err != nil {
		return f, configError(err)
	}
	f.StateDir = stateDir(f.StateDir)
	return f, nil
}

// stateDir is the directory for a user who cannot have the default one: who
// just tries the program need not be root.
func stateDir(configured string) string {
	if configured != config.Default().StateDir || os.Geteuid() == 0 {
		return configured
	}
	if _, err := os.Stat(configured); err == nil {
		return configured
	}
	if dir := os.Getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "tracetail")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return configured
	}
	return filepath.Join(home, ".local", "state", "tracetail")
}

func configError(err error) error { return cli.Exit(err, exitConfig) }

// override lays flags and environment variables over the file. A variable that is set but empty says nothing.
func override(c *cli.Context, f *config.File) error {
	for name, to := range map[string]*string{"dsn": &f.DSN, "state-dir": &f.StateDir, "environment": &f.Environment, "release": &f.Release} {
		if v := strings.TrimSpace(c.String(name)); v != "" {
			*to = v
			if name == "dsn" {
				f.DSNFile = ""
			}
		}
	}
	for _, tag := range c.StringSlice("tag") {
		k, v, ok := strings.Cut(tag, "=")
		if !ok || k == "" {
			return fmt.Errorf("--tag %q: want KEY=VALUE", tag)
		}
		if f.Tags == nil {
			f.Tags = map[string]string{}
		}
		f.Tags[k] = v
	}
	return f.Check()
}

// sourcesOf takes the sources from the arguments, if there are any.
func sourcesOf(c *cli.Context, f *config.File) error {
	if c.Args().Present() {
		s := config.DefaultSource()
		s.Name, s.Paths = "args", c.Args().Slice()
		f.Sources = []config.Source{s}
	}
	if c.Bool("from-beginning") {
		for i := range f.Sources {
			f.Sources[i].StartAt = source.AtBeginning
		}
	}
	if len(f.Sources) == 0 {
		return errors.New("nothing to read: name files or quoted globs on the command line, or sources in a configuration file")
	}
	return f.Check()
}

// destinations resolves the DSN and the list of destinations; none means that
// events are shown. What each of the list is to get is laid down in f.Delivery.
func destinations(f *config.File) ([]shipper.DSN, error) {
	text, err := f.ResolveDSN()
	if err != nil {
		return nil, configError(err)
	}
	var dests []shipper.DSN
	if text != "" {
		d, err := shipper.ParseDSN(text)
		if err != nil {
			return nil, configError(err)
		}
		dests = append(dests, d)
	}
	f.Delivery.Destinations = make(map[shipper.DSN]shipper.Destination, len(f.Destinations))
	for _, entry := range f.Destinations {
		d, err := entry.Resolve()
		if err != nil {
			return nil, configError(err)
		}
		if slices.ContainsFunc(dests, func(other shipper.DSN) bool { return other.Key() == d.Key() }) {
			return nil, configError(fmt.Errorf("destinations: %s is named twice; give one entry all that it is to have", d))
		}
		dests, f.Delivery.Destinations[d] = append(dests, d), entry
	}
	return dests, nil
}

// logger is the agent's own log.
func logger(l config.Log, w io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warning": slog.LevelWarn, "error": slog.LevelError,
	}[l.Level]}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// isTerminal tells whether f may be coloured.
func isTerminal(f *os.File) bool {
	return os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(f.Fd()))
}

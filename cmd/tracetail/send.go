package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/agent"
	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper"
)

// maxSent bounds what `tracetail send` reads of one file.
const maxSent = 16 << 20

func sendCommand() *cli.Command {
	return &cli.Command{
		Name:      "send",
		Usage:     "send a message, or the traces in a file, by hand; prints the event ids",
		ArgsUsage: "[FILE|-]",
		Description: "What is sent is parsed and masked like any log. An event that the server does not take in time is left to\n" +
			"the agent of the state directory, and the exit status is 1.",
		Flags: append(stateFlags(),
			&cli.StringFlag{Name: "message", Aliases: []string{"m"}, Usage: "the `MESSAGE`; with a FILE, the message of every event in it that has none"},
			&cli.StringFlag{Name: "level", Aliases: []string{"l"}, Usage: "`LEVEL` of the events: debug, info, warning, error or fatal (error, or what the log says)"},
			&cli.StringSliceFlag{Name: "t", Usage: "add the tag `KEY:VALUE`; may be repeated"},
			&cli.StringFlag{Name: "environment", Aliases: []string{"e"}, Usage: "the environment, such as production", EnvVars: []string{"SENTRY_ENVIRONMENT"}},
			&cli.StringFlag{Name: "release", Aliases: []string{"r"}, Usage: "the release", EnvVars: []string{"SENTRY_RELEASE"}},
			&cli.DurationFlag{Name: "timeout", Value: 30 * time.Second, Usage: "wait so long for the server"}),
		Action: func(c *cli.Context) error {
			s, err := newSending(c)
			if err != nil {
				return err
			}
			defer os.RemoveAll(s.dir)
			ctx, stop := untilSignal(c.Context)
			defer stop()
			if err := s.gather(ctx); err != nil {
				return err
			}
			return s.deliver(ctx)
		},
	}
}

// sending is one call of the command.
type sending struct {
	c      *cli.Context
	f      config.File
	dests  []shipper.DSN
	scrub  *scrub.Scrubber
	dir    string // a state directory of its own: an agent may have the configured one
	events []*event.Event
}

func newSending(c *cli.Context) (*sending, error) {
	if c.Args().Len() > 1 {
		return nil, cli.Exit("send takes one FILE; cat several into tracetail send -", exitUsage)
	}
	if c.String("message") == "" && !c.Args().Present() {
		return nil, cli.Exit("nothing to send: give -m MESSAGE or a FILE (- for standard input)", exitUsage)
	}
	level := event.Level(c.String("level"))
	if level != "" && !level.AtLeast(event.Debug) {
		return nil, cli.Exit(fmt.Sprintf("level %q: use debug, info, warning, error or fatal", level), exitUsage)
	}
	s := &sending{c: c}
	var err error
	if s.f, err = sendSettings(c); err != nil {
		return nil, err
	}
	if s.dests, err = destinations(&s.f); err != nil {
		return nil, err
	}
	if len(s.dests) == 0 {
		return nil, configError(errors.New("no DSN is set: nobody to send to (--dsn, SENTRY_DSN, or dsn in the configuration file)"))
	}
	if s.scrub, err = scrub.New(s.f.Scrub); err != nil {
		return nil, configError(err)
	}
	if s.dir, err = os.MkdirTemp("", "tracetail-send-"); err != nil {
		return nil, fmt.Errorf("making a folder for what is sent: %w", err)
	}
	return s, nil
}

// sendSettings reads tags as sentry-cli does.
func sendSettings(c *cli.Context) (config.File, error) {
	f, err := settings(c)
	if err != nil {
		return f, err
	}
	for _, t := range c.StringSlice("t") {
		k, v, ok := strings.Cut(t, ":")
		if !ok || k == "" {
			return f, cli.Exit(fmt.Sprintf("tag %q: want KEY:VALUE", t), exitUsage)
		}
		if f.Tags == nil {
			f.Tags = map[string]string{}
		}
		f.Tags[k] = v
	}
	if err := f.Check(); err != nil {
		return f, configError(err)
	}
	return f, nil
}

// gather makes the events, masked.
func (s *sending) gather(ctx context.Context) error {
	message := s.c.String("message")
	if !s.c.Args().Present() {
		s.events = []*event.Event{s.plain(message)}
		s.finish()
		return nil
	}
	path, text, err := s.copyIn(s.c.Args().First())
	if err != nil {
		return err
	}
	if err := s.parse(ctx, path); err != nil {
		return err
	}
	if len(s.events) == 0 {
		if message == "" {
			message = strings.TrimSpace(text)
		}
		if message == "" {
			return errors.New("nothing to send: the file is empty")
		}
		s.events = []*event.Event{s.plain(message)}
	}
	for _, e := range s.events {
		if e.LogEntry == nil && message != "" {
			e.LogEntry = &event.LogEntry{Message: message, Formatted: message}
		}
	}
	s.finish()
	return nil
}

// plain is an event that only says something.
func (s *sending) plain(message string) *event.Event {
	host, _ := os.Hostname()
	e := &event.Event{
		Timestamp: time.Now().UTC(), Platform: "other", Level: event.Error, ServerName: host,
		LogEntry:    &event.LogEntry{Message: message, Formatted: message},
		Environment: s.f.Environment, Release: s.f.Release, Tags: s.f.Tags,
		SDK: event.SDK{Name: shipper.ClientName, Version: version()},
	}
	if s.f.ServerName != "" {
		e.ServerName = s.f.ServerName
	}
	return e
}

// finish lays the level over all events.
func (s *sending) finish() {
	for _, e := range s.events {
		if l := s.c.String("level"); l != "" {
			e.Level = event.Level(l)
		}
	}
}

// copyIn copies what is to be sent into a file of our own: a pipe cannot be read twice.
func (s *sending) copyIn(name string) (path, text string, err error) {
	in := s.c.App.Reader
	if name != "-" {
		if err := readable(name); err != nil {
			return "", "", err
		}
		f, err := os.Open(name)
		if err != nil {
			return "", "", fmt.Errorf("reading %s: %w", name, err)
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, maxSent+1))
	if err != nil {
		return "", "", fmt.Errorf("reading %s: %w", name, err)
	}
	if len(b) > maxSent {
		return "", "", fmt.Errorf("reading %s: more than %d MiB; for a whole log use tracetail run --once", name, maxSent>>20)
	}
	path = filepath.Join(s.dir, "text")
	return path, string(b), os.WriteFile(path, b, 0o600)
}

// parse takes the way of any log, as far as the masked event.
func (s *sending) parse(ctx context.Context, path string) error {
	f := s.f
	from := config.DefaultSource()
	from.Name, from.Paths, from.StartAt = "send", []string{literal(path)}, source.AtBeginning
	f.Sources = []config.Source{from}
	a, err := agent.New(f, nil, agent.Options{
		Once: true, Version: version(), Log: logger(config.Log{Level: "warning", Format: "text"}, s.c.App.ErrWriter),
		Show: func(e *event.Event) {
			for key := range e.Extra {
				if strings.HasPrefix(key, "log.") { // names our copy, not the log
					delete(e.Extra, key)
				}
			}
			s.events = append(s.events, e)
		},
	})
	if err != nil {
		return err
	}
	return a.Run(ctx)
}

// deliver sends the events and prints the ids of those that have arrived.
func (s *sending) deliver(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.c.Duration("timeout"))
	defer cancel()
	var errs []error
	for _, dsn := range s.dests {
		errs = append(errs, s.deliverTo(ctx, dsn))
	}
	return errors.Join(errs...)
}

func (s *sending) deliverTo(ctx context.Context, dsn shipper.DSN) error {
	envs := make([]shipper.Envelope, len(s.events))
	for i, e := range s.events {
		env, err := shipper.EncodeAs(s.scrub.Event(e), dsn, randomID())
		if err != nil {
			return err
		}
		envs[i] = env
	}
	cfg := s.f.Delivery
	cfg.Dir, cfg.Version, cfg.Mask, cfg.SendClientReports = s.dir, version(), masker(s.scrub), false
	o, err := shipper.Open(cfg, []shipper.DSN{dsn})
	if err != nil {
		return err
	}
	rest, err := shipper.Hand(ctx, o, envs)
	report := o.Report().Destinations[0]
	err = errors.Join(err, o.Close())
	for _, v := range envs {
		if !slices.ContainsFunc(rest, func(r shipper.Envelope) bool { return r.ID() == v.ID() }) {
			fmt.Fprintf(s.c.App.Writer, "%x\n", v.ID())
		}
	}
	if err != nil || len(rest) == 0 {
		return err
	}
	why := report.LastAnswer
	if why == "" {
		why = "no answer in time"
	}
	if report.Refused > 0 {
		return fmt.Errorf("%s refused %d of %d events: %s", dsn, len(rest), len(envs), why)
	}
	return s.leave(dsn, rest, why)
}

// leave hands what was not delivered to the agent of the configured state directory.
func (s *sending) leave(dsn shipper.DSN, rest []shipper.Envelope, why string) error {
	for _, v := range rest {
		if err := shipper.Leave(s.f.StateDir, v, dsn, why, time.Now()); err != nil {
			return fmt.Errorf("%s did not take the event (%s), and it could not be kept either: %w", dsn, why, err)
		}
	}
	return fmt.Errorf("%s did not take %d events (%s); they are kept in %s, and tracetail run with that state directory sends them", dsn, len(rest), why, s.f.StateDir)
}

// randomID is an event id of its own, of the form of a UUIDv4: what is sent by hand has no place in a log to make one of.
func randomID() (id [16]byte) {
	_, _ = rand.Read(id[:]) // never fails
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id
}

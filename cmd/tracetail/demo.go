package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/agent"
	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/demo"
	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/source"
)

func demoCommand() *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "see it work at once: a bundled story is logged, tailed, masked and shown",
		Flags: []cli.Flag{&cli.DurationFlag{Name: "pause", Value: 250 * time.Millisecond, Usage: "time between the lines of the story"}},
		Action: func(c *cli.Context) error {
			dir, err := os.MkdirTemp("", "tracetail-demo-")
			if err != nil {
				return fmt.Errorf("making a folder for the demo: %w", err)
			}
			defer os.RemoveAll(dir)
			ctx, stop := untilSignal(c.Context)
			defer stop()
			return playDemo(ctx, c, dir)
		},
	}
}

// linger is how long the demo waits for the last events after the last line.
const linger = 5 * time.Second

func playDemo(ctx context.Context, c *cli.Context, dir string) error {
	player, err := demo.New(dir)
	if err != nil {
		return err
	}
	w := c.App.Writer
	fmt.Fprintf(w, "Four services of a payment company log into %s on a bad night;\ntracetail tails %s.\n", dir, strings.Join(player.Files(), ", "))

	f := config.Default()
	s := config.DefaultSource()
	s.Name, s.Paths, s.StartAt = "demo", []string{filepath.Join(dir, "*")}, source.AtBeginning
	f.Sources, f.Environment, f.Release = []config.Source{s}, "production", "payment@1.42.0"

	ctx, done := context.WithCancel(ctx)
	defer done()
	show := &cards{w: w, colour: isTerminal(os.Stdout)}
	a, err := agent.New(f, nil, agent.Options{
		Version: version(),
		Log:     slog.New(slog.NewTextHandler(c.App.ErrWriter, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Show: func(e *event.Event) {
			show.Show(e)
			if show.count == demo.Traces {
				done()
			}
		},
	})
	if err != nil {
		return err
	}
	played := make(chan error, 1)
	go func() {
		err := player.Play(ctx, c.Duration("pause"))
		if err == nil {
			select {
			case <-ctx.Done():
			case <-time.After(linger):
				done()
			}
		}
		played <- err
	}()
	runErr := a.Run(ctx)
	done()
	if err := <-played; err != nil && ctx.Err() == nil {
		return err
	}
	farewell(c, show)
	return runErr
}

func farewell(c *cli.Context, show *cards) {
	fmt.Fprintf(c.App.Writer, `
Seen: %d errors in four formats, one of them across a log rotation, one the last words of a
dying container; %d secrets were masked before anything left the program.

Next:
  tracetail parse app.log                          what would your own log give?
  tracetail run --dsn DSN '/var/log/app/*.log'     tail it and send the events to Sentry, GlitchTip or Bugsink
  tracetail check                                  is my configuration right, and what does it match?
`, show.count, show.masked)
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/agent"
	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/source"
)

func parseCommand() *cli.Command {
	return &cli.Command{
		Name:      "parse",
		Usage:     "print the events found in logs as Sentry event JSON, one per line",
		ArgsUsage: "[FILE|-]...",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "no-scrub", Usage: "do not mask secrets: the raw text, for your eyes only"},
			&cli.StringFlag{Name: "format", Value: "auto", Usage: "the transport around the lines (auto, none, cri, docker, syslog, compose, ...)"},
		},
		Action: func(c *cli.Context) error {
			files := c.Args().Slice()
			if len(files) == 0 {
				files = []string{"-"}
			}
			out := bufio.NewWriter(c.App.Writer)
			var errs []error
			for _, name := range files {
				errs = append(errs, parseFile(c, name, out))
			}
			return errors.Join(append(errs, out.Flush())...)
		},
	}
}

func parseFile(c *cli.Context, name string, out io.Writer) error {
	f := config.Default()
	f.Scrub.Enabled = !c.Bool("no-scrub")
	s := config.DefaultSource()
	s.Name, s.Paths, s.Unwrap.Format = name, []string{literal(name)}, c.String("format")
	s.StartAt = source.AtBeginning
	f.Sources = []config.Source{s}
	if err := f.Check(); err != nil {
		return cli.Exit(err, exitUsage)
	}
	if err := readable(name); err != nil {
		return err
	}
	var buf []byte
	var failed error
	a, err := agent.New(f, nil, agent.Options{
		Version: version(),
		Once:    true,
		Log:     slog.New(slog.NewTextHandler(c.App.ErrWriter, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Show: func(e *event.Event) {
			buf = append(e.AppendJSON(buf[:0]), '\n')
			if _, err := out.Write(buf); err != nil && failed == nil {
				failed = fmt.Errorf("writing events: %w", err)
			}
		},
	})
	if err != nil {
		return err
	}
	ctx, stop := untilSignal(context.WithoutCancel(c.Context))
	defer stop()
	return errors.Join(a.Run(ctx), failed)
}

// literal is the glob that matches just this name.
func literal(name string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "{", `\{`).Replace(name)
}

package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/agent"
)

func runCommand() *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "tail logs and ship the events",
		ArgsUsage: "[PATH...]",
		Description: "PATH is a file, a quoted glob such as '/var/log/app/**/*.log', or - for standard input.\n" +
			"Without a DSN the events are shown on the terminal and nothing is stored.",
		Flags: append(agentFlags(),
			&cli.BoolFlag{Name: "once", Usage: "read what is there (from the beginning, or on from an earlier run), ship it, and stop when all of it has been delivered"}),
		Action: func(c *cli.Context) error {
			f, err := loadConfig(c)
			if err != nil {
				return err
			}
			dests, err := destinations(&f)
			if err != nil {
				return err
			}
			var bar *progress
			to := c.App.ErrWriter
			if c.Bool("once") && len(dests) > 0 && isTerminal(os.Stderr) {
				bar = &progress{w: to}
				to = bar
			}
			log := logger(f.Log, to)
			show := &cards{w: c.App.Writer, colour: isTerminal(os.Stdout)}
			if len(dests) == 0 {
				fmt.Fprintln(c.App.ErrWriter, "tracetail: no DSN is set (--dsn or SENTRY_DSN): events are shown here and nothing is stored")
			}
			a, err := agent.New(f, dests, agent.Options{Once: c.Bool("once"), Afresh: c.Bool("once") && c.Bool("from-beginning"), Show: show.Show, Log: log, Version: version()})
			if err != nil {
				return err
			}
			ctx, stop := untilSignal(c.Context)
			defer stop()
			if bar != nil {
				defer bar.start(a)()
			}
			return a.Run(ctx)
		},
	}
}

// untilSignal ends the context at the first SIGINT or SIGTERM; the second one
// ends the process at once, since the handler is gone by then.
func untilSignal(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// Command tracetail tails logs, turns stack traces into Sentry events, masks
// secrets and delivers the events to a DSN.
//
// This file is the table of contents of the command line; each command has a
// file of its own, and none of them does the work: that is internal/agent.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	_ "time/tzdata" // a container image need not bring the time zones
)

// Exit statuses, part of the contract: scripts and systemd's
// RestartPreventExitStatus rely on them.
const (
	exitFailed = 1
	exitUsage  = 2
	exitConfig = 78
)

func main() {
	os.Exit(run(context.Background(), os.Args))
}

// run is main without the exit.
func run(ctx context.Context, args []string) int {
	err := app().RunContext(ctx, args)
	if err == nil {
		return 0
	}
	var quiet exitStatus
	if errors.As(err, &quiet) {
		return int(quiet)
	}
	fmt.Fprintln(os.Stderr, "tracetail:", err)
	var coded cli.ExitCoder
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return exitFailed
}

func app() *cli.App {
	a := &cli.App{
		Name:                      "tracetail",
		Usage:                     "turns the stack traces in your logs into Sentry events",
		Version:                   version(),
		HideVersion:               true,
		Suggest:                   true,
		EnableBashCompletion:      true,
		DisableSliceFlagSeparator: true, // a comma is ordinary in globs and tags
		ExitErrHandler:            func(*cli.Context, error) {},
		Action:                    noCommand,
		Commands: []*cli.Command{
			runCommand(),
			execCommand(),
			watchCommand(),
			parseCommand(),
			demoCommand(),
			scrubCommand(),
			checkCommand(),
			doctorCommand(),
			sendCommand(),
			spoolCommand(),
			versionCommand(),
		},
	}
	a.OnUsageError = usageError
	equip(a.Commands)
	return a
}

// equip gives every command the same manners.
func equip(commands []*cli.Command) {
	for _, c := range commands {
		c.OnUsageError = usageError
		if len(c.Subcommands) == 0 && c.Before == nil {
			c.Before = flagsFirst
		}
		equip(c.Subcommands)
	}
}

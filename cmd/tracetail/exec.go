package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"
)

const (
	exitCannotRun = 126 // as shells say it
	exitNotFound  = 127
	exitSignal    = 128 // plus the number of the signal
)

// exitStatus is the status of a program that was run: it is passed on, not told.
type exitStatus int

func (e exitStatus) Error() string { return "exit status " + strconv.Itoa(int(e)) }

// ExitCode makes it the status of this process.
func (e exitStatus) ExitCode() int { return int(e) }

func execCommand() *cli.Command {
	return &cli.Command{
		Name:      "exec",
		Usage:     "run a program and ship its traces, and its end if it is a bad one",
		ArgsUsage: "[--] CMD [ARGS...]",
		Description: "The program's output is passed on byte for byte, as soon as it is written; signals are passed to the\n" +
			"program, and its exit status is returned (128+N if signal N killed it).\n" +
			"Two processes share the work: a front, which only passes on, and a watcher, which looks for traces.\n" +
			"Whichever of them is killed, even with SIGKILL, the program goes on and its output still arrives;\n" +
			"only if both are killed at once does it get SIGPIPE at its next write. Who kills the front, the\n" +
			"process that was started, does not learn the program's exit status any more.\n" +
			"The program never waits for the watcher: where it writes faster than can be read, whole lines are left\n" +
			"out when looking for traces. What a mistake in the configuration costs is the events, not the program.",
		Flags:  execFlags(),
		Before: func(*cli.Context) error { return nil }, // flags behind CMD are its own
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return cli.Exit("no program is named; see tracetail exec --help", exitUsage)
			}
			return runProgram(c.Args().Slice(), watcherFlags(c), c.Duration("wait"))
		},
	}
}

// execFlags are those of run that make sense for a program.
func execFlags() []cli.Flag {
	var flags []cli.Flag
	for _, f := range agentFlags() {
		if f.Names()[0] != "from-beginning" {
			flags = append(flags, f)
		}
	}
	return append(flags, &cli.DurationFlag{Name: "wait", Value: 5 * time.Second,
		Usage: "how long to wait for deliveries when the program has ended; what remains goes out with the next run"})
}

// watcherFlags are the flags as they were written, without the program and its
// arguments, which may hold secrets.
func watcherFlags(c *cli.Context) []string {
	flags := os.Args[2 : len(os.Args)-c.NArg()]
	if n := len(flags); n > 0 && flags[n-1] == "--" {
		flags = flags[:n-1]
	}
	return flags
}

// runProgram runs the program as the front.
func runProgram(args, flags []string, wait time.Duration) error {
	f := &front{name: filepath.Base(args[0]), flags: flags, wait: wait, ended: make(chan struct{})}
	f.cmd = exec.Command(args[0], args[1:]...) //nolint:noctx // it lives as long as it likes
	end, err := f.run()
	var start *startError
	switch {
	case errors.As(err, &start):
		return cli.Exit(start, start.status())
	case err != nil:
		return err
	case end.Signal != 0:
		return exitStatus(exitSignal + end.Signal)
	case end.Status != 0:
		return exitStatus(end.Status)
	}
	return nil
}

// startError is the failure to start a program.
type startError struct {
	name string
	err  error
}

func (e *startError) Error() string { return fmt.Sprintf("cannot run %s: %v", e.name, e.err) }
func (e *startError) Unwrap() error { return e.err }

// status is what a shell would return.
func (e *startError) status() int {
	if errors.Is(e.err, exec.ErrNotFound) || errors.Is(e.err, fs.ErrNotExist) {
		return exitNotFound
	}
	return exitCannotRun
}

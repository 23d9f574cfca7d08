package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/agent"
	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/source"
)

// watchCommandName is the command that exec starts this program with once more.
const watchCommandName = "exec-watch"

// watchCommand looks at the copy of what a program writes, and stands by to pass
// the output on if the front is killed.
func watchCommand() *cli.Command {
	return &cli.Command{
		Name:   watchCommandName,
		Hidden: true,
		Usage:  "look at what a program writes; started by exec",
		Flags:  append(execFlags(), &cli.StringFlag{Name: "outputs", Usage: "the names of the outputs"}),
		Before: func(*cli.Context) error { return nil },
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 || c.String("outputs") == "" {
				return cli.Exit("this command is started by tracetail exec only", exitUsage)
			}
			// Whoever wants the program to end tells the front; we end after it.
			signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPIPE)
			names := strings.Split(c.String("outputs"), ",")
			taps := make([]source.Tap, len(names))
			for i := range taps {
				taps[i] = source.Tap{Name: names[i], From: os.NewFile(uintptr(tapsFD+2*i), names[i]), To: os.NewFile(uintptr(tapsFD+2*i+1), names[i])}
			}
			standby := source.NewStandby(taps, os.NewFile(lineFD, "front"))
			standby.Start()
			defer standby.Wait()
			watch(c, names, standby)
			return os.NewFile(doneFD, "done").Close()
		},
	}
}

// watch looks at the output to its end. It has no error to return: whatever goes
// wrong is said, and is not the program's concern.
func watch(c *cli.Context, names []string, standby *source.Standby) {
	_ = syscall.SetNonblock(framesFD, true) // so that reading it can be called off
	frames := os.NewFile(framesFD, "output")
	outputs := source.NewOutputs(c.Args().First(), names, frames, standby)
	tell := &teller{w: c.App.ErrWriter, mu: new(sync.Mutex)}
	seen := &afterwards{}
	a, err := watchAgent(c, outputs, tell, seen)
	if err != nil {
		tell.say(fmt.Sprintf("%v; %s runs on, and no event will be made of its output", err, outputs.Name()))
		_, _ = io.Copy(io.Discard, frames)
		return
	}
	if err := a.Run(c.Context); err != nil {
		tell.say(err.Error())
	}
	seen.print(c.App.ErrWriter)
}

// maxSlots bounds the programs that can be run at once with one state directory.
const maxSlots = 256

// watchAgent makes the agent. Every program that runs has a spool of its own,
// the first that is free: so the next run finds what an earlier one left.
func watchAgent(c *cli.Context, outputs *source.Outputs, tell *teller, seen *afterwards) (*agent.Agent, error) {
	f, err := settings(c)
	if err != nil {
		return nil, err
	}
	tell.quiet = f.Log.Level == "error"
	s := config.DefaultSource()
	s.Name, s.Paths = "exec", []string{"-"}
	f.Sources = []config.Source{s}
	dests, err := destinations(&f)
	if err != nil {
		return nil, err
	}
	opt := agent.Options{
		Once: true, Child: outputs, Wait: c.Duration("wait"),
		Show: seen.add, Log: slog.New(tell), Version: version(),
	}
	dir := f.StateDir
	for i := range maxSlots {
		f.StateDir = filepath.Join(dir, "exec", strconv.Itoa(i))
		a, err := agent.New(f, dests, opt)
		if err == nil || !agent.InUse(err) {
			return a, err
		}
	}
	return nil, fmt.Errorf("%d programs run with the state directory %s already; give this one another with --state-dir", maxSlots, dir)
}

// maxCards is how many events are shown where none is sent.
const maxCards = 20

// afterwards keeps events until the program has ended, if there is no DSN: in
// between they would spoil what the program writes.
type afterwards struct {
	events []*event.Event
	more   int
}

func (a *afterwards) add(e *event.Event) {
	if len(a.events) == maxCards {
		a.more++
		return
	}
	a.events = append(a.events, e)
}

func (a *afterwards) print(w io.Writer) {
	if len(a.events) == 0 {
		return
	}
	fmt.Fprintln(w, "tracetail: no DSN is set (--dsn or SENTRY_DSN): events are shown here and nothing is stored")
	show := &cards{w: w, colour: isTerminal(os.Stderr)}
	for _, e := range a.events {
		show.Show(e)
	}
	if a.more > 0 {
		fmt.Fprintf(w, "\nand %d more\n", a.more)
	}
}

package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/shipper"
)

func spoolCommand() *cli.Command {
	return &cli.Command{
		Name:  "spool",
		Usage: "look into what waits to be delivered, and into what a server refused",
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return cli.ShowSubcommandHelp(c)
			}
			return cli.Exit(fmt.Sprintf("no command %q; use tracetail spool ls, show, export or retry", c.Args().First()), exitUsage)
		},
		Subcommands: []*cli.Command{
			{
				Name:  "ls",
				Usage: "list what waits and what was refused, oldest first; works beside a running agent",
				Flags: append(stateFlags(),
					&cli.IntFlag{Name: "limit", Aliases: []string{"n"}, Value: 20, Usage: "show at most `N` events of each kind; 0: all"},
					&cli.BoolFlag{Name: "json", Usage: "print one JSON object per event instead, all of them"}),
				Action: listSpool,
			},
			{
				Name:      "show",
				Usage:     "show events in full, as they were masked before they were stored",
				ArgsUsage: "ID...",
				Flags:     stateFlags(),
				Action:    showSpool,
			},
			{
				Name:      "export",
				Usage:     "print events as Sentry event JSON, one per line; all that wait and all dead letters, or those named",
				ArgsUsage: "[ID]...",
				Flags: append(stateFlags(),
					&cli.BoolFlag{Name: "waiting", Usage: "only what waits"},
					&cli.BoolFlag{Name: "dead", Usage: "only dead letters"}),
				Action: exportSpool,
			},
			{
				Name:      "retry",
				Usage:     "send dead letters again, once the cause is cured; works beside a running agent",
				ArgsUsage: "[ID]...",
				Description: "ID is an event id or its first digits, as tracetail spool ls shows it.\n" +
					"With --redirect, letters for a destination that is not configured any more go to the one that is,\n" +
					"and so does what waits for it; that needs the spool, so stop the agent first.",
				Flags: append(stateFlags(),
					&cli.BoolFlag{Name: "all", Usage: "every dead letter"},
					&cli.BoolFlag{Name: "redirect", Usage: "send what was meant for destinations no longer configured to the one that is"}),
				Action: retrySpool,
			},
		},
	}
}

// stateFlags are the flags of commands that look at what an agent keeps.
func stateFlags() []cli.Flag {
	var flags []cli.Flag
	for _, f := range agentFlags() {
		if name := f.Names()[0]; name == "config" || name == "dsn" || name == "state-dir" {
			flags = append(flags, f)
		}
	}
	return flags
}

// piece is one event on disk, waiting or refused.
type piece struct {
	id     string
	dest   uint64
	stored *shipper.Stored     // nil if it is a letter
	letter *shipper.DeadLetter // nil if it waits
}

// keeping is what one state directory keeps.
type keeping struct {
	f     config.File
	dests []shipper.DSN
}

func keepingOf(c *cli.Context) (keeping, error) {
	f, err := settings(c)
	if err != nil {
		return keeping{}, err
	}
	dests, err := destinations(&f)
	return keeping{f, dests}, err
}

// name tells a destination in words: a spool knows them by number only.
func (k *keeping) name(dest uint64) string {
	for _, d := range k.dests {
		if d.Key() == dest {
			return d.String()
		}
	}
	if len(k.dests) == 0 {
		return fmt.Sprintf("destination %016x", dest)
	}
	return fmt.Sprintf("not configured (%016x)", dest)
}

func (k *keeping) configured(dest uint64) bool {
	for _, d := range k.dests {
		if d.Key() == dest {
			return true
		}
	}
	return false
}

// letters gives the dead letters.
func (k *keeping) letters() ([]piece, error) {
	all, err := shipper.DeadLetters(k.f.StateDir)
	out := make([]piece, len(all))
	for i := range all {
		out[i] = piece{id: all[i].EventID, dest: all[i].Dest, letter: &all[i]}
	}
	return out, err
}

// waiting visits what is yet to be delivered, oldest first.
func (k *keeping) waiting(visit func(piece) error) error {
	return shipper.Look(k.f.StateDir, func(s shipper.Stored) error {
		if s.Delivered {
			return nil
		}
		return visit(piece{id: s.EventID, dest: s.Dest, stored: &s})
	})
}

// each visits what waits and then the letters; with names, only what they begin the id of.
func (k *keeping) each(names []string, visit func(piece) error) error {
	found := make(map[string]bool, len(names))
	pick := func(p piece) error {
		if wanted(names, p.id, found) {
			return visit(p)
		}
		return nil
	}
	if err := k.waiting(pick); err != nil {
		return err
	}
	letters, err := k.letters()
	if err != nil {
		return err
	}
	for _, p := range letters {
		if err := pick(p); err != nil {
			return err
		}
	}
	return missing(names, found)
}

func wanted(names []string, id string, found map[string]bool) bool {
	yes := len(names) == 0
	for _, n := range names {
		if strings.HasPrefix(id, strings.ToLower(n)) {
			found[n], yes = true, true
		}
	}
	return yes
}

func missing(names []string, found map[string]bool) error {
	var errs []error
	for _, n := range names {
		if !found[n] {
			errs = append(errs, fmt.Errorf("no event %q is on disk; it may have been delivered meanwhile (tracetail spool ls shows what is)", n))
		}
	}
	return errors.Join(errs...)
}

// payload is the JSON of an event, on one line.
func (p piece) payload(dir string) (kind string, json []byte, err error) {
	if p.letter != nil {
		return shipper.LetterPayload(dir, *p.letter)
	}
	return p.stored.Kind, p.stored.Payload, nil
}

func exportSpool(c *cli.Context) error {
	k, err := keepingOf(c)
	if err != nil {
		return err
	}
	waiting, dead := c.Bool("waiting"), c.Bool("dead")
	out := bufio.NewWriter(c.App.Writer)
	err = k.each(c.Args().Slice(), func(p piece) error {
		if waiting != dead && (p.letter != nil) != dead {
			return nil
		}
		kind, json, err := p.payload(k.f.StateDir)
		if err != nil || kind != "event" {
			return err
		}
		_, err = out.Write(append(json, '\n'))
		return err
	})
	return errors.Join(err, out.Flush())
}

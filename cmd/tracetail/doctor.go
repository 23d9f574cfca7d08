package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper"
)

func doctorCommand() *cli.Command {
	return &cli.Command{
		Name:      "doctor",
		Usage:     "can I read, watch, write, reach, authenticate? one line each, with the cure",
		ArgsUsage: "[PATH...]",
		Description: "Looks at what `tracetail run` with the same flags would use. Nothing is stored anywhere: the server gets\n" +
			"an envelope with an empty client report. The exit status is 1 if anything fails.",
		Flags: append(agentFlags(),
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object per check"},
			&cli.DurationFlag{Name: "timeout", Value: 30 * time.Second, Usage: "give up on a server after this `TIME`"}),
		Action: func(c *cli.Context) error {
			f, err := settings(c)
			if err != nil {
				return err
			}
			if c.Args().Present() {
				if err := sourcesOf(c, &f); err != nil {
					return configError(err)
				}
			}
			d := &doctor{w: c.App.Writer, json: c.Bool("json")}
			if err := d.examine(c, f); err != nil {
				return err
			}
			if d.failed > 0 {
				return fmt.Errorf("%d of %d checks failed", d.failed, d.checks)
			}
			return nil
		},
	}
}

// doctor prints findings as they come: a network that does not answer takes its time.
type doctor struct {
	w              io.Writer
	json           bool
	checks, failed int
}

func (d *doctor) examine(c *cli.Context, f config.File) error {
	cfg := f.Delivery
	cfg.Dir, cfg.Version = f.StateDir, version()
	s, err := scrub.New(f.Scrub)
	if err != nil {
		return configError(err)
	}
	cfg.Mask = masker(s)
	d.tell("", shipper.ProbeDisk(cfg))
	d.tell("", watching())
	if len(f.Sources) == 0 {
		d.tell("", []shipper.Finding{{Check: "sources", Grade: shipper.GradeWarn, Found: "there are none", Cure: "name files or quoted globs, or sources in a configuration file"}})
	}
	for _, s := range f.Sources {
		d.tell(s.Name, sourceFindings(s))
	}
	dests, err := destinations(&f)
	if err != nil {
		d.tell("", []shipper.Finding{{Check: "dsn", Grade: shipper.GradeFail, Found: err.Error(), Cure: "copy the DSN anew from the project's settings"}})
		return nil //nolint:nilerr // it has just been told, as a finding
	}
	if len(dests) == 0 {
		d.tell("", []shipper.Finding{{Check: "dsn", Grade: shipper.GradeWarn, Found: "none is set: events are shown on the terminal and nothing is sent", Cure: "set SENTRY_DSN, --dsn, or dsn in the configuration file"}})
	}
	for _, dsn := range dests {
		ctx, cancel := context.WithTimeout(c.Context, c.Duration("timeout"))
		d.tell(dsn.String(), shipper.Probe(ctx, cfg, dsn))
		cancel()
	}
	return nil
}

// diagnosed is one line for scripts.
type diagnosed struct {
	V     int    `json:"v"`
	About string `json:"about,omitempty"` // the source or destination
	shipper.Finding
}

func (d *doctor) tell(about string, findings []shipper.Finding) {
	for _, f := range findings {
		d.checks++
		if f.Grade == shipper.GradeFail {
			d.failed++
		}
		if d.json {
			_ = json.NewEncoder(d.w).Encode(diagnosed{1, about, f})
			continue
		}
		text := f.Found
		if about != "" && !strings.Contains(text, about) {
			text = about + ": " + text
		}
		if f.Cure != "" {
			text += " -- " + f.Cure
		}
		fmt.Fprintf(d.w, "%-4s  %-7s  %s\n", f.Grade, f.Check, (&cards{}).text(text, 1000))
	}
}

// maxTold is how many files of one source are named one by one.
const maxTold = 10

// sourceFindings tells which files of a source cannot be read.
func sourceFindings(s config.Source) []shipper.Finding {
	if len(s.Paths) == 1 && s.Paths[0] == "-" {
		return []shipper.Finding{{Check: "source", Grade: shipper.GradeOK, Found: "standard input"}}
	}
	matches, err := source.Matches(s.Config)
	var out []shipper.Finding
	if err != nil {
		for _, e := range strings.Split(err.Error(), "\n") {
			out = append(out, shipper.Finding{Check: "source", Grade: shipper.GradeFail, Found: e, Cure: "give the user that runs tracetail the right to list that directory"})
		}
	}
	unreadable := 0
	for _, m := range matches {
		err := readable(m)
		if err == nil {
			continue
		}
		if unreadable++; unreadable <= maxTold {
			found, cure := rights(m, err)
			out = append(out, shipper.Finding{Check: "source", Grade: shipper.GradeFail, Found: found, Cure: cure})
		}
	}
	if more := unreadable - maxTold; more > 0 {
		out = append(out, shipper.Finding{Check: "source", Grade: shipper.GradeFail, Found: fmt.Sprintf("%d more files cannot be read", more), Cure: "tracetail check lists them all"})
	}
	switch {
	case len(matches) == 0 && err == nil:
		out = append(out, shipper.Finding{Check: "source", Grade: shipper.GradeWarn, Found: fmt.Sprintf("nothing matches %v now", s.Paths), Cure: "check the paths; files that appear later will be read from their beginning"})
	case len(matches) > unreadable:
		out = append(out, shipper.Finding{Check: "source", Grade: shipper.GradeOK, Found: fmt.Sprintf("%d files can be read", len(matches)-unreadable)})
	}
	return out
}

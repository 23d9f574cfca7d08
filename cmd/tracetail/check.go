package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/shipper"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "check the configuration, print it as it takes effect, and say what each source matches now",
		ArgsUsage: "[PATH...]",
		Flags:     agentFlags(),
		Action: func(c *cli.Context) error {
			f, err := loadConfig(c)
			if err != nil {
				return err
			}
			dests, err := destinations(&f)
			if err != nil {
				return err
			}
			w := c.App.Writer
			if err := printEffective(w, f); err != nil {
				return err
			}
			for _, d := range dests {
				fmt.Fprintf(w, "\ndestination %s\n", d)
			}
			if len(dests) == 0 {
				fmt.Fprintln(w, "\ndestination: none; events would be shown on the terminal")
			}
			for _, s := range f.Scrub.Slow() {
				fmt.Fprintf(w, "\nscrub %s\n", s)
			}
			return printMatches(w, f)
		},
	}
}

// printEffective prints the configuration with everything that was left out
// filled in. The DSN is shown as host and project only.
func printEffective(w io.Writer, f config.File) error {
	if f.DSN != "" {
		d, err := shipper.ParseDSN(f.DSN)
		if err != nil {
			return configError(err)
		}
		f.DSN = d.String()
	}
	f.Destinations = slices.Clone(f.Destinations)
	for i := range f.Destinations {
		if d := &f.Destinations[i]; d.DSN != "" {
			dsn, err := d.Resolve()
			if err != nil {
				return configError(err)
			}
			d.DSN = dsn.String()
		}
	}
	b, err := yaml.Marshal(f)
	if err != nil {
		return fmt.Errorf("printing the configuration: %w", err)
	}
	_, err = w.Write(b)
	return err
}

// printMatches says for each source what it would read now, from where, and what it cannot read.
func printMatches(w io.Writer, f config.File) error {
	for _, s := range f.Sources {
		fmt.Fprintf(w, "\nsource %s\n", s.Name)
		if s.Journal != nil {
			fmt.Fprintln(w, "  the systemd journal")
		}
		for _, address := range s.Syslog {
			fmt.Fprintf(w, "  listening at %s\n", address)
		}
		for _, address := range s.Exposed() {
			fmt.Fprintf(w, "  warning: other machines can reach %s, and whoever reaches it can make events; listen at 127.0.0.1, or keep others out with a firewall\n", address)
		}
		patterns, err := source.Look(s.Config, nil)
		if err != nil {
			return configError(err)
		}
		for _, p := range patterns {
			fmt.Fprintf(w, "  %s: %d files\n", p.Pattern, len(p.Files))
			for _, file := range p.Files {
				fmt.Fprintf(w, "    %s\n", preview(file))
			}
			if p.Note != "" {
				fmt.Fprintf(w, "    %s\n", p.Note)
			}
		}
	}
	return nil
}

// preview is one line about a file.
func preview(f source.Preview) string {
	switch {
	case f.Err != nil && f.Cure != "":
		return fmt.Sprintf("%s  unreadable: %v; %s", f.Path, f.Err, f.Cure)
	case f.Err != nil:
		return fmt.Sprintf("%s  unreadable: %v", f.Path, f.Err)
	case f.Skipped != "":
		return fmt.Sprintf("%s  left alone: %s", f.Path, f.Skipped)
	case f.Kind != source.File:
		return fmt.Sprintf("%s  %s", f.Path, f.Kind)
	case f.Start > 0 && f.Start == f.Size:
		return fmt.Sprintf("%s  %s, followed from its end", f.Path, amount(f.Size))
	case f.Start > 0:
		return fmt.Sprintf("%s  %s, read from byte %d", f.Path, amount(f.Size), f.Start)
	}
	return fmt.Sprintf("%s  %s, read from its beginning", f.Path, amount(f.Size))
}

package main

import (
	"fmt"
	"io"

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
			printMatches(w, f)
			return nil
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
	b, err := yaml.Marshal(f)
	if err != nil {
		return fmt.Errorf("printing the configuration: %w", err)
	}
	_, err = w.Write(b)
	return err
}

// printMatches says for each source which files it would read now, and which it cannot.
func printMatches(w io.Writer, f config.File) {
	for _, s := range f.Sources {
		matches, err := source.Matches(s.Config)
		fmt.Fprintf(w, "\nsource %s: %d files\n", s.Name, len(matches))
		if err != nil {
			fmt.Fprintf(w, "  cannot be looked at: %v\n", err)
		}
		for _, m := range matches {
			if err := readable(m); err != nil {
				fmt.Fprintf(w, "  unreadable  %v\n", err)
				continue
			}
			fmt.Fprintf(w, "  %s\n", m)
		}
		if len(matches) == 0 && err == nil {
			fmt.Fprintf(w, "  nothing matches %v now; files that appear later will be read from their beginning\n", s.Paths)
		}
	}
}

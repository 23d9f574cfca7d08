package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/scrub"
)

func scrubCommand() *cli.Command {
	return &cli.Command{
		Name:      "scrub",
		Usage:     "copy text with its secrets masked, line for line",
		ArgsUsage: "[FILE|-]...",
		Flags: []cli.Flag{
			configFlag(),
			&cli.BoolFlag{Name: "report", Usage: "count on stderr, at the end, what was masked by which rule"},
			&cli.BoolFlag{Name: "explain", Usage: "write the name of the rule into each mark: [Filtered:jwt]"},
		},
		Action: func(c *cli.Context) error {
			s, err := scrubberFor(c)
			if err != nil {
				return err
			}
			files := c.Args().Slice()
			if len(files) == 0 {
				files = []string{"-"}
			}
			out := bufio.NewWriterSize(c.App.Writer, 64<<10)
			var errs []error
			for _, name := range files {
				errs = append(errs, scrubFile(s, c.App.Reader, name, flushed{out}))
			}
			errs = append(errs, out.Flush())
			if c.Bool("report") {
				printReport(c.App.ErrWriter, s.Stats().Report())
			}
			return errors.Join(errs...)
		},
	}
}

// scrubberFor makes the scrubber that the flags ask for.
func scrubberFor(c *cli.Context) (*scrub.Scrubber, error) {
	cfg := scrub.DefaultConfig()
	if path := c.String("config"); path != "" {
		f, err := config.Load(path)
		if err != nil {
			return nil, configError(err)
		}
		cfg = f.Scrub
	}
	for _, sentence := range cfg.Slow() {
		fmt.Fprintf(c.App.ErrWriter, "tracetail: scrub.%s\n", sentence)
	}
	cfg.Label = cfg.Label || c.Bool("explain")
	s, err := scrub.New(cfg)
	if err != nil {
		return nil, configError(err)
	}
	return s, nil
}

// flushed hands on what was masked at once: who reads a pipe line by line should not wait
// for a buffer to fill.
type flushed struct{ *bufio.Writer }

func (w flushed) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err == nil {
		err = w.Flush()
	}
	return n, err
}

func scrubFile(s *scrub.Scrubber, stdin io.Reader, name string, out io.Writer) error {
	in := stdin
	if name != "-" {
		if err := readable(name); err != nil {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		defer f.Close()
		in = f
	}
	if err := s.Copy(out, in); err != nil {
		return fmt.Errorf("masking %s: %w", name, err)
	}
	return nil
}

// printReport prints how many places each rule masked, the most first. It never shows
// what stood there.
func printReport(w io.Writer, report map[string]uint64) {
	total := uint64(0)
	names := slices.SortedFunc(maps.Keys(report), func(a, b string) int {
		return cmp.Or(cmp.Compare(report[b], report[a]), cmp.Compare(a, b))
	})
	for _, name := range names {
		fmt.Fprintf(w, "%10d  %s\n", report[name], name)
		total += report[name]
	}
	fmt.Fprintf(w, "%10d  masked in all\n", total)
}

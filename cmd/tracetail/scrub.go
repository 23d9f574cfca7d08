package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/scrub"
)

func scrubCommand() *cli.Command {
	return &cli.Command{
		Name:      "scrub",
		Usage:     "copy text with its secrets masked, line for line",
		ArgsUsage: "[FILE|-]...",
		Flags:     []cli.Flag{configFlag()},
		Action: func(c *cli.Context) error {
			cfg := scrub.DefaultConfig()
			if path := c.String("config"); path != "" {
				f, err := config.Load(path)
				if err != nil {
					return configError(err)
				}
				cfg = f.Scrub
			}
			s, err := scrub.New(cfg)
			if err != nil {
				return configError(err)
			}
			files := c.Args().Slice()
			if len(files) == 0 {
				files = []string{"-"}
			}
			out := bufio.NewWriterSize(c.App.Writer, 64<<10)
			var errs []error
			for _, name := range files {
				errs = append(errs, scrubFile(s, c.App.Reader, name, out))
			}
			return errors.Join(append(errs, out.Flush())...)
		},
	}
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

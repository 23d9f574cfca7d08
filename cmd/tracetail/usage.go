package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

func usageError(c *cli.Context, err error, _ bool) error {
	return cli.Exit(fmt.Sprintf("%v; see tracetail %s --help", err, c.Command.Name), exitUsage)
}

// noCommand is reached with no command at all, or with one that does not exist.
func noCommand(c *cli.Context) error {
	if !c.Args().Present() {
		return cli.ShowAppHelp(c)
	}
	name := c.Args().First()
	return cli.Exit(fmt.Sprintf("no command %q. %s See tracetail help", name, cli.SuggestCommand(c.App.Commands, name)), exitUsage)
}

// flagsFirst refuses a flag behind the first path: the command line library
// takes it for a path, and nobody would notice that --dsn was not heard.
func flagsFirst(c *cli.Context) error {
	for _, a := range c.Args().Slice() {
		if strings.HasPrefix(a, "-") && a != "-" {
			return cli.Exit(fmt.Sprintf("%s stands behind a path; write flags first: tracetail %s [flags] PATH... (a file of that name is ./%s)", a, c.Command.Name, a), exitUsage)
		}
	}
	return nil
}

package main

import (
	"fmt"

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
	return cli.Exit(fmt.Sprintf("no command %q; did you mean %q? See tracetail help", name, cli.SuggestCommand(c.App.Commands, name)), exitUsage)
}

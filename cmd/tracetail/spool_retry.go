package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/shipper"
)

func showSpool(c *cli.Context) error {
	if !c.Args().Present() {
		return cli.Exit("name an event: tracetail spool show ID (tracetail spool ls lists them)", exitUsage)
	}
	k, err := keepingOf(c)
	if err != nil {
		return err
	}
	return k.each(c.Args().Slice(), func(p piece) error { return k.show(c, p) })
}

// show prints one event for a person.
func (k *keeping) show(c *cli.Context, p piece) error {
	w := c.App.Writer
	kind, payload, err := p.payload(k.f.StateDir)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nevent        %s\n", p.id)
	if p.letter != nil {
		fmt.Fprintf(w, "destination  %s\nrefused      %s: %s\n", p.letter.Destination, p.letter.RefusedAt.Local().Format(time.DateTime), (&cards{}).text(p.letter.Answer, 300))
	} else {
		fmt.Fprintf(w, "destination  %s\nwaits since  %s\n", k.name(p.dest), p.stored.Appended.Format(time.DateTime))
	}
	var e event.Event
	if kind == "event" && json.Unmarshal(payload, &e) != nil {
		kind = "unreadable event"
	}
	if kind != "event" {
		fmt.Fprintf(w, "%s of %s\n", kind, size(len(payload)))
		return nil
	}
	if e.Exception != nil && len(e.Exception.Values) == 0 {
		e.Exception = nil
	}
	show := &cards{w: w, colour: isTerminal(os.Stdout)}
	show.Show(&e)
	for _, key := range slices.Sorted(maps.Keys(e.Tags)) {
		show.line("  ", show.dim("tag      "), show.text(key+" = "+e.Tags[key], 200))
	}
	if e.Breadcrumbs != nil {
		show.line("  ", show.dim("before   "), fmt.Sprintf("%d breadcrumbs (tracetail spool export %s prints all of it)", len(e.Breadcrumbs.Values), p.id[:8]))
	}
	if notes, ok := e.Extra["log.trimmed"].([]any); ok {
		show.line("  ", show.dim("trimmed  "), show.text(fmt.Sprint(notes...), 300))
	}
	return nil
}

func retrySpool(c *cli.Context) error {
	names, all, redirect := c.Args().Slice(), c.Bool("all"), c.Bool("redirect")
	if len(names) == 0 && !all && !redirect || len(names) > 0 && all {
		return cli.Exit("name the dead letters, or say --all (tracetail spool ls lists them)", exitUsage)
	}
	k, err := keepingOf(c)
	if err != nil {
		return err
	}
	if redirect && len(k.dests) != 1 {
		return cli.Exit(fmt.Sprintf("--redirect needs one destination, and %d are configured", len(k.dests)), exitConfig)
	}
	if redirect {
		if err := k.redirect(c); err != nil {
			return err
		}
	}
	letters, err := k.letters()
	if err != nil {
		return err
	}
	if asked, err := k.ask(letters, names, redirect); err != nil || asked > 0 {
		k.promise(c, asked)
		return err
	}
	if !redirect {
		fmt.Fprintln(c.App.ErrWriter, "there are no dead letters")
	}
	return nil
}

// ask marks the letters for the outbox that has the spool, or gets it next.
func (k *keeping) ask(letters []piece, names []string, redirect bool) (asked int, err error) {
	var errs []error
	found := map[string]bool{}
	for _, p := range letters {
		if !wanted(names, p.id, found) {
			continue
		}
		var to shipper.DSN
		if !k.configured(p.dest) {
			if !redirect {
				errs = append(errs, fmt.Errorf("event %s was for %s, with a key or address that is not configured now; give its DSN with --dsn, or --redirect to send it to the one that is", p.id, p.letter.Destination))
				continue
			}
			to = k.dests[0]
		}
		if err := shipper.AskRetry(k.f.StateDir, *p.letter, to); err != nil {
			errs = append(errs, err)
			continue
		}
		asked++
	}
	return asked, errors.Join(append(errs, missing(names, found))...)
}

// promise says when the letters go out.
func (k *keeping) promise(c *cli.Context, asked int) {
	if asked == 0 {
		return
	}
	if pid, held, err := shipper.Holder(k.f.StateDir); err == nil && held {
		fmt.Fprintf(c.App.Writer, "%d dead letters will be sent again within some seconds by process %d\n", asked, pid)
		return
	}
	fmt.Fprintf(c.App.Writer, "%d dead letters will be sent again by the next tracetail run with state directory %s\n", asked, k.f.StateDir)
}

// redirect moves what waits for destinations that are not configured any more.
func (k *keeping) redirect(c *cli.Context) (err error) {
	if pid, held, err := shipper.Holder(k.f.StateDir); err == nil && held {
		return fmt.Errorf("--redirect needs the spool, and process %d has it: stop the agent, repeat this, and start it again", pid)
	}
	cfg := k.f.Delivery
	cfg.Dir, cfg.Version = k.f.StateDir, version()
	o, err := shipper.Open(cfg, k.dests)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	for from := range o.Strays() {
		moved, err := o.Redirect(from, k.dests[0])
		fmt.Fprintf(c.App.Writer, "%d events now wait for %s instead\n", moved, k.dests[0])
		if err != nil {
			return err
		}
	}
	return nil
}

package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/enrich"
	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/flood"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/internal/unwrap"
	"github.com/tracetail/tracetail/parsers"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper"
	"github.com/tracetail/tracetail/shipper/spool"
)

// stopWithin bounds the whole of an orderly stop: systemd and Kubernetes kill
// what takes much longer, and nothing is lost by ending sooner.
const stopWithin = 10 * time.Second

// Options are what the command line adds to the configuration.
type Options struct {
	// Once reads what is there, on from where an earlier run has come to, and
	// returns when all of it has been delivered.
	Once bool
	// Afresh forgets where an earlier run has come to. Events that were sent
	// before are sent again, with the ids that they had.
	Afresh bool
	// Show gets every event instead of the spool where no destination is
	// configured. It is called by one goroutine at a time; the event is masked.
	Show func(*event.Event)
	// Stdin is what the path "-" reads; nil is the process's own.
	Stdin *os.File
	// Child is what "-" reads instead of standard input; then Once must be set too.
	// Its end becomes an event as well. Wait is how long to wait for deliveries then.
	Child *source.Outputs
	Wait  time.Duration
	// Version is this program's, as servers get to know it.
	Version string
	Log     *slog.Logger
}

// Agent is everything that runs.
type Agent struct {
	cfg    config.File
	opt    Options
	parser *parsers.Parser
	scrub  *scrub.Scrubber
	filter *flood.Filter
	dests  []shipper.DSN
	showMu sync.Mutex

	outbox  *shipper.Outbox // nil if events are shown
	commits *committer
	tailer  *source.Tailer
	known   []source.Position // where earlier runs have come to
	child   *child            // nil unless Options.Child is set
	gaveUp  chan struct{}     // closed when a stop has taken too long
}

// New builds an agent; nothing runs yet, but the spool is open and recovered
// until Run returns. dests is empty where events are to be shown.
func New(cfg config.File, dests []shipper.DSN, opt Options) (*Agent, error) {
	a := &Agent{cfg: cfg, opt: opt, dests: dests, filter: flood.New(cfg.Ignore), gaveUp: make(chan struct{})}
	var err error
	if a.parser, err = parsers.New(cfg.Parsers, unwrap.ReadStamp); err != nil {
		return nil, err
	}
	if a.scrub, err = scrub.New(cfg.Scrub); err != nil {
		return nil, fmt.Errorf("setting up scrubbing: %w", err)
	}
	if len(dests) > 0 {
		if a.outbox, err = shipper.Open(a.delivery(), dests); err != nil {
			return nil, err
		}
		a.commits = newCommitter(a.outbox, opt.Log)
		if !opt.Afresh {
			a.known = a.positions()
		}
	}
	how := []source.Option{source.WithLogger(opt.Log)}
	if opt.Once {
		how = append(how, source.Once())
	}
	if opt.Stdin != nil {
		how = append(how, source.WithStdin(opt.Stdin))
	}
	if opt.Child != nil {
		a.child = &child{outputs: opt.Child}
		how = append(how, source.FromChild(opt.Child))
	}
	if a.tailer, err = source.New(a.sources(), a.known, a.open, how...); err != nil {
		a.close()
		return nil, fmt.Errorf("setting up the sources: %w", err)
	}
	return a, nil
}

// delivery is the outbox's configuration with what only the agent knows.
func (a *Agent) delivery() shipper.Config {
	c := a.cfg.Delivery
	c.Dir, c.Log, c.Version = a.cfg.StateDir, a.opt.Log, a.opt.Version
	masker := a.scrub.Clone()
	var mu sync.Mutex // a server's words are rare, and any sender may have some
	c.Mask = func(s string) string {
		mu.Lock()
		defer mu.Unlock()
		return masker.String(s)
	}
	return c
}

func (a *Agent) sources() []source.Config {
	out := make([]source.Config, len(a.cfg.Sources))
	for i, s := range a.cfg.Sources {
		out[i] = s.Config
		if a.opt.Once {
			out[i].StartAt = source.AtBeginning
		}
	}
	return out
}

// positions reads the marks back. One that cannot be read costs a repetition, never a loss.
func (a *Agent) positions() []source.Position {
	var out []source.Position
	for _, m := range a.outbox.Marks() {
		var p source.Position
		if err := p.Unmarshal(m.Value); err != nil {
			a.opt.Log.Warn("a stored position cannot be read; its log starts as if it were new", "key", m.Key, "error", err)
			continue
		}
		out = append(out, p)
	}
	return out
}

// remember stores which sources have been followed, so that after a restart a
// file that has appeared meanwhile is told from one that was there before.
func (a *Agent) remember() {
	for _, p := range a.tailer.Watched() {
		a.commits.in <- batch{mark: spool.Mark{Key: p.Key(), Value: p.Marshal(nil)}}
	}
}

// open makes the route of a stream that was found.
func (a *Agent) open(info source.Info) source.Consumer {
	s := a.stream(info)
	if a.child != nil {
		return a.child.listen(s)
	}
	return s
}

func (a *Agent) stream(info source.Info) *stream {
	s := &stream{
		info:   info,
		labels: a.cfg.LabelsOf(info.Source),
		place:  enrich.At(info.Path, info.Real),
		sdk:    event.SDK{Name: shipper.ClientName, Version: a.opt.Version},
		parser: a.parser,
		filter: a.filter,
		scrub:  a.scrub.Clone(),
		unwrap: unwrap.New(a.unwrapOf(info)),
		read:   info.Start,
	}
	if a.outbox != nil {
		s.out = &ship{dests: a.dests, routes: a.cfg.Delivery.Destinations, unrouted: a.outbox.Unrouted, commit: a.commits.in, done: a.gaveUp, fail: a.failed, marked: info.Start}
	} else {
		s.out = &show{mu: &a.showMu, take: a.opt.Show}
	}
	return s
}

// unwrapOf says what is around the lines of a stream. What a syslog listener hears
// is syslog, even where a line has no more of it than <14>.
func (a *Agent) unwrapOf(info source.Info) unwrap.Config {
	c := unwrap.DefaultConfig()
	for i := range a.cfg.Sources {
		if a.cfg.Sources[i].Name == info.Source {
			c = a.cfg.Sources[i].Unwrap
			break
		}
	}
	if info.Kind == source.Syslog && c.Format == "auto" {
		c.Format = "syslog"
	}
	return c
}

// failed tells of an event that could not be put into an envelope: a fault of ours.
func (a *Agent) failed(err error) {
	a.opt.Log.Error("an event was lost: it cannot be encoded", "error", err)
}

// Run works until ctx ends, or with Once until everything has been delivered.
// It blocks, and waits for everything that it has started.
//
// Each consumer stands before its producer starts, and stops after it: senders,
// committer, tailer; then tailer, committer, senders, spool.
func (a *Agent) Run(ctx context.Context) error {
	defer a.close()
	a.started()
	defer a.stopped(time.Now())
	if a.outbox == nil {
		return ignoreEnd(a.follow(ctx))
	}
	slow, giveUp := a.patience(ctx)
	defer giveUp()

	sending, stopSending := context.WithCancel(slow)
	defer stopSending()
	var senders, committing sync.WaitGroup
	var sendErr error
	senders.Go(func() { sendErr = a.outbox.Run(sending) })
	committing.Go(func() { a.commits.run(slow) })
	a.remember()

	tailErr := a.followAndForget(ctx)
	close(a.commits.in)
	committing.Wait()
	if a.opt.Once && tailErr == nil {
		tailErr = a.drained(ctx)
	}
	stopSending()
	senders.Wait()
	return errors.Join(ignoreEnd(tailErr), ignoreEnd(sendErr))
}

// patience is a context that outlives ctx by the time that a stop may take.
func (a *Agent) patience(ctx context.Context) (slow context.Context, end func()) {
	slow, cancel := context.WithCancel(context.WithoutCancel(ctx))
	giveUp := sync.OnceFunc(func() { cancel(); close(a.gaveUp) })
	timer := time.AfterFunc(stopWithin, giveUp)
	timer.Stop()
	unhook := context.AfterFunc(ctx, func() { timer.Reset(stopWithin) })
	return slow, func() {
		unhook()
		timer.Stop()
		giveUp()
	}
}

// ignoreEnd takes the end of a context for what it is here: an order, not a mistake.
func ignoreEnd(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (a *Agent) close() {
	if a.outbox == nil {
		return
	}
	if err := a.outbox.Close(); err != nil {
		a.opt.Log.Error("closing the spool", "error", err)
	}
}

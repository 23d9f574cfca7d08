package agent

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/internal/unwrap"
	"github.com/tracetail/tracetail/parsers"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper/spool"
)

const (
	// lastLines of a child's output go with the event of its end, each up to
	// lastShown bytes. More of them is kept, since masking comes before cutting.
	lastLines = 20
	lastKept  = 8 << 10
	lastShown = 1 << 10
	// A program that dies of an exception says so with its last words: an end
	// that follows a trace so closely is explained by it.
	explainedBy = 2 * time.Second
	// And one of a runtime that says itself that it dies explains every end; it may
	// write a core for a while.
	diedBy = 30 * time.Second
)

// child is what is known of a program that runs under `tracetail exec`. It is
// called by the goroutines of all its outputs.
type child struct {
	outputs *source.Outputs

	mu     sync.Mutex
	last   []said // a ring
	next   int
	traced time.Time // when the last trace came
	died   time.Time // and the last event of something fatal
}

// said is one line of the child's output.
type said struct {
	at     time.Time
	stream string
	text   []byte
}

// listen makes the stream of an output also tell the child's last words.
func (c *child) listen(s *stream) source.Consumer {
	s.out = &witness{s.out, c}
	return &output{stream: s, of: c, name: s.info.Path[strings.LastIndexByte(s.info.Path, '/')+1:]}
}

// output is the stream of one output.
type output struct {
	*stream
	of   *child
	name string
}

// Lines keeps the last lines before they go their way. A batch costs no more than
// lastLines of them, whatever its size.
func (o *output) Lines(now time.Time, lines []source.Line) {
	o.of.hear(o.name, now, lines[max(0, len(lines)-lastLines):])
	o.stream.Lines(now, lines)
}

func (c *child) hear(stream string, now time.Time, lines []source.Line) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range lines {
		if len(c.last) < lastLines {
			c.last = append(c.last, said{})
		}
		s := &c.last[c.next]
		c.next = (c.next + 1) % lastLines
		s.at, s.stream = now, stream
		s.text = append(s.text[:0], lines[i].Text[:min(len(lines[i].Text), lastKept)]...)
	}
}

// witness notes the events that may explain the child's end.
type witness struct {
	outlet
	of *child
}

func (w *witness) event(s *stream, r *parsers.Result, clean scrub.Clean) {
	w.of.saw(r.Event, time.Now())
	w.outlet.event(s, r, clean)
}

func (c *child) saw(e *event.Event, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.Exception != nil {
		c.traced = now
	}
	if e.Level == event.Fatal {
		c.died = now
	}
}

// explained tells whether an event that was seen already is about this end.
func (c *child) explained(e source.Ending, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.died.IsZero() && now.Sub(c.died) < diedBy {
		return true
	}
	return e.Signal == 0 && !c.traced.IsZero() && now.Sub(c.traced) < explainedBy
}

// follow reads the sources to their end, and then says how a child has ended.
func (a *Agent) follow(ctx context.Context) error {
	err := a.tailer.Run(ctx)
	if a.child != nil {
		a.exited(time.Now())
	}
	return err
}

// exited makes an event of a child's end that was neither good, nor ordered, nor
// explained by what it wrote.
func (a *Agent) exited(now time.Time) {
	c := a.child
	end, known := c.outputs.Ending()
	if !known || end.Ordered || end.Signal == 0 && end.Status == 0 || c.explained(end, now) {
		return
	}
	s := a.stream(c.outputs.Info(c.outputs.Count(), a.cfg.Sources[0].Name))
	e := exitEvent(c.outputs.Name(), end, now)
	if crumbs := c.crumbs(s.scrub); len(crumbs) > 0 {
		e.Breadcrumbs = &event.Breadcrumbs{Values: crumbs}
	}
	if _, lines := c.outputs.Unread(); lines > 0 {
		e.Extra = map[string]any{"log.unread_lines": lines}
	}
	s.event(new(lane), parsers.Result{Event: e})
	s.read = 1 // so that the event is settled
	s.settle(now, true)
}

// exitEvent says how a program ended. It names the program and never its
// arguments, which may hold secrets.
func exitEvent(name string, end source.Ending, now time.Time) *event.Event {
	handled := false
	x := event.Exception{
		Type: "ExitError", Value: fmt.Sprintf("%s exited with status %d", name, end.Status),
		Mechanism: &event.Mechanism{Type: "exec", Handled: &handled, Synthetic: true},
	}
	e := &event.Event{
		Timestamp: now, Platform: "other", Level: event.Error,
		Tags: map[string]string{"command": name},
	}
	if end.Signal != 0 {
		x.Type = SignalName(end.Signal)
		x.Value = fmt.Sprintf("%s was killed by %s", name, x.Type)
		switch syscall.Signal(end.Signal) {
		case syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP:
		default:
			e.Level = event.Fatal
		}
		e.Tags["signal"] = x.Type
	} else {
		e.Tags["exit_status"] = strconv.Itoa(end.Status)
	}
	e.Exception = &event.Exceptions{Values: []event.Exception{x}}
	return e
}

// SignalName is the name of a signal, such as SIGSEGV.
func SignalName(n int) string {
	if name := unix.SignalName(syscall.Signal(n)); name != "" {
		return name
	}
	return "signal " + strconv.Itoa(n)
}

// crumbs gives the child's last lines. They are masked together before they are
// cut: a key may stand over several lines, and half a token is recognised by nobody.
func (c *child) crumbs(scrub *scrub.Scrubber) []event.Breadcrumb {
	c.mu.Lock()
	defer c.mu.Unlock()
	plain := unwrap.New(unwrap.Config{Format: "none"})
	var out []event.Breadcrumb
	var all strings.Builder
	for i := range c.last {
		l := &c.last[(c.next+i)%len(c.last)]
		r := plain.Push(l.at, &source.Line{Text: l.text, End: int64(i + 1)})
		if r == nil {
			continue
		}
		all.Write(r.Text)
		all.WriteByte('\n')
		out = append(out, event.Breadcrumb{Timestamp: l.at, Type: "default", Category: l.stream, Level: event.Info})
	}
	lines := strings.Split(scrub.String(all.String()), "\n")
	for i := range out {
		if i < len(lines) {
			out[i].Message = strings.ToValidUTF8(lines[i][:min(len(lines[i]), lastShown)], "\uFFFD")
		}
	}
	return out
}

// drained waits until everything is delivered; for a child, no longer than whoever
// started it is willing to wait. What is left is sent by the next run.
func (a *Agent) drained(ctx context.Context) error {
	if a.child == nil {
		return a.outbox.Drained(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, a.opt.Wait)
	defer cancel()
	if err := a.outbox.Drained(ctx); err != nil {
		var left uint64
		for _, d := range a.outbox.Report().Destinations {
			left += d.Pending
		}
		a.opt.Log.Warn("events could not be delivered in time; they are on disk and go out with the next run", "events", left, "state_dir", a.cfg.StateDir, "waited", a.opt.Wait)
	}
	return nil
}

// InUse tells whether New failed since another process has the state directory.
func InUse(err error) bool {
	var locked *spool.LockedError
	return errors.As(err, &locked)
}

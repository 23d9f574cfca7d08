package agent

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/internal/unwrap"
)

// heardLog tells of messages of the agent's log.
type heardLog struct {
	slog.Handler
	message string
	heard   chan struct{}
}

func (s heardLog) Enabled(context.Context, slog.Level) bool { return true }
func (s heardLog) Handle(_ context.Context, r slog.Record) error {
	if r.Message == s.message {
		s.heard <- struct{}{}
	}
	return nil
}

const deep = `Traceback (most recent call last):
  File "/srv/pay/wallet.py", line 12, in debit
    left = balances[owner] - amount

  File "/srv/pay/db.py", line 7, in find 
    return rows[key]
KeyError: 'w-1'`

// TestTracesBySyslog sends one trace in the way of each kind of client, to a
// listener for streams and to one for datagrams.
func TestTracesBySyslog(t *testing.T) {
	each := func(header, text string) (out []string) {
		for l := range strings.Lines(text) {
			out = append(out, header+strings.TrimSuffix(l, "\n")+"\n")
		}
		return out
	}
	for name, messages := range map[string][]string{
		"Python's handler":      {"<11>" + deep + "\x00"},
		"its tag":               {"<11>pay: " + deep + "\x00"},
		"Go's log/syslog":       {"<11>Nov 22 05:30:00 pay[7]: " + deep + "\n"},
		"Go's, by TCP":          {"<11>2026-11-22T05:30:00+06:00 web-1 pay[7]: " + deep + "\n"},
		"RFC 3164, by the line": each("<11>Nov 22 05:30:00 web-1 pay[7]: ", deep),
		"RFC 5424":              {"<11>1 2026-11-22T05:30:00.123Z web-1 pay 7 - - " + deep + "\n"},
		"RFC 5424, with a BOM":  {"<11>1 2026-11-22T05:30:00.123Z web-1 pay 7 - [x@1 a=\"b\"] \ufeff" + deep + "\n"},
		"RFC 5424, by the line": each("<11>1 2026-11-22T05:30:00.123Z web-1 pay 7 - - ", deep),
		"no header at all":      {deep + "\n"},
	} {
		for _, network := range []string{"unix", "unixgram"} {
			t.Run(name+"/"+network, func(t *testing.T) {
				t.Parallel()
				var sent []string
				for _, m := range messages {
					if network == "unix" && strings.HasPrefix(name, "RFC 5424") {
						m = fmt.Sprintf("%d %s", len(m), m)
					}
					sent = append(sent, m)
				}
				e := throughSocket(t, network, sent)
				if e.Exception == nil {
					t.Fatalf("no exception: %s", e.AppendJSON(nil))
				}
				x := e.Exception.Values[0]
				if x.Type != "KeyError" || x.Value != "'w-1'" || len(x.Stacktrace.Frames) != 2 {
					t.Errorf("%s: %s, frames %+v", x.Type, x.Value, x.Stacktrace.Frames)
				}
				if e.Extra["log.file"] != "syslog:local" || e.Tags["team"] != "pay" {
					t.Errorf("extra %v, tags %v", e.Extra, e.Tags)
				}
			})
		}
	}
}

// throughSocket gives the only event of what is sent to an agent that listens.
func throughSocket(t *testing.T, network string, texts []string) *event.Event {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	cfg := config.Default()
	s := config.DefaultSource()
	s.Name, s.Syslog, s.Tags = "net", []string{network + "://" + socket}, map[string]string{"team": "pay"}
	cfg.Sources = []config.Source{s}
	open := heardLog{slog.DiscardHandler, "listening for syslog", make(chan struct{}, 1)}
	events := make(chan *event.Event, 10)
	a, err := New(cfg, nil, Options{Log: slog.New(open), Show: func(e *event.Event) { events <- e }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	late := time.After(30 * time.Second)
	select {
	case <-open.heard:
	case <-late:
		t.Fatal("nobody listens")
	}
	c, err := net.Dial(network, socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, text := range texts {
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	var first *event.Event
	select {
	case first = <-events:
	case <-late:
		t.Fatal("no event")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(events) > 0 {
		t.Errorf("%d events more", len(events))
	}
	return first
}

// TestProgramsOfAHostAreKeptApart mixes the lines of two programs and of a third
// whose messages have several lines.
func TestProgramsOfAHostAreKeptApart(t *testing.T) {
	out := &collected{}
	a := &Agent{cfg: config.Default()}
	s := routeOf(out)
	s.info.Kind = source.Syslog
	s.unwrap = unwrap.New(a.unwrapOf(s.info))
	var sb strings.Builder
	for i, l := range strings.Split(deep, "\n") {
		fmt.Fprintf(&sb, "<11>1 2026-11-22T05:30:00.123Z web-1 pay 7 - - %s\n<11>Nov 22 05:30:00 web-1 orders[8]: %s\n", l, l)
		if i == 3 {
			sb.WriteString("<11>batch: " + strings.ReplaceAll(deep, "\n", "#012") + "\n")
		}
	}
	pushed(s, noon, sb.String())
	s.End(noon)
	if len(out.events) != 3 {
		t.Fatalf("%d events of 3 programs", len(out.events))
	}
	for _, e := range out.events {
		if x := e.Exception.Values[0]; x.Type != "KeyError" || len(x.Stacktrace.Frames) != 2 {
			t.Errorf("%+v", x)
		}
	}
}

// TestMessagesDoNotRunIntoEachOther sends messages without any header.
func TestMessagesDoNotRunIntoEachOther(t *testing.T) {
	out := &collected{}
	a := &Agent{cfg: config.Default()}
	s := routeOf(out)
	s.info.Kind = source.Syslog
	s.unwrap = unwrap.New(a.unwrapOf(s.info))
	message := "<11>" + strings.ReplaceAll("charge failed\n"+deep, "\n", "#012") + "\n"
	pushed(s, noon, message+message+"<14>charge tried\n"+message)
	s.End(noon)
	if len(out.events) != 3 {
		t.Fatalf("%d events of 3", len(out.events))
	}
	for i, e := range out.events {
		if x := e.Exception.Values[0]; x.Value != "'w-1'" || e.LogEntry == nil || e.LogEntry.Formatted != "charge failed" {
			t.Errorf("event %d: %s: %q, message %+v", i, x.Type, x.Value, e.LogEntry)
		}
	}
}

package agent

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/parsers"
	"github.com/tracetail/tracetail/scrub"
)

// collected is an outlet that keeps what comes.
type collected struct {
	events []*event.Event
	starts []int64
	ids    [][16]byte
	floor  int64
	final  bool
}

func (o *collected) event(s *stream, r *parsers.Result, clean scrub.Clean) {
	o.events = append(o.events, clean.Event())
	o.starts = append(o.starts, r.Start)
	o.ids = append(o.ids, s.eventID(1, r))
}

func (o *collected) settled(_ *stream, floor int64, _ time.Time, final bool) {
	o.floor, o.final = floor, final
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// pushed gives a stream the lines of a text.
func pushed(s *stream, now time.Time, text string) {
	var lines []source.Line
	at := s.read
	for l := range strings.Lines(text) {
		end := at + int64(len(l))
		lines = append(lines, source.Line{Text: []byte(strings.TrimSuffix(l, "\n")), Start: at, End: end})
		at = end
	}
	s.Lines(now, lines)
}

const trace = "Traceback (most recent call last):\n  File \"/srv/pay/wallet.py\", line 12, in debit\n    return left\nKeyError: 'w-1'\n"

func cri(stream, tag, text string) string {
	return "2026-11-22T05:30:00.123456789Z " + stream + " " + tag + " " + text + "\n"
}

func TestStdoutDoesNotCutATraceOnStderr(t *testing.T) {
	out := &collected{}
	s := routeOf(out)
	var sb strings.Builder
	for l := range strings.Lines(trace) {
		sb.WriteString(cri("stderr", "F", strings.TrimSuffix(l, "\n")))
		sb.WriteString(cri("stdout", "F", "2026-11-22 05:30:00,123 INFO payments.api charge ok"))
	}
	pushed(s, noon, sb.String())
	s.End(noon)
	if len(out.events) != 1 || out.events[0].Exception.Values[0].Value != "'w-1'" {
		t.Fatalf("got %d events", len(out.events))
	}
	if want := "2026-11-22T05:30:00.123456789Z"; out.events[0].Timestamp.Format(time.RFC3339Nano) != want {
		t.Errorf("timestamp %v, want the container's, %s", out.events[0].Timestamp, want)
	}
	if out.floor != s.read || !out.final {
		t.Errorf("floor %d of %d, final %v", out.floor, s.read, out.final)
	}
}

func TestTheLastWordsOfAContainer(t *testing.T) {
	out := &collected{}
	s := routeOf(out)
	pushed(s, noon, cri("stderr", "F", "panic: boom")+cri("stderr", "F", "")+cri("stderr", "F", "goroutine 1 [running]:")+
		cri("stderr", "F", "main.main()")+cri("stderr", "P", "\t/srv/pay/main.go:3 +0x1d"))
	if out.floor != 0 {
		t.Errorf("floor %d while the trace is open", out.floor)
	}
	later := noon
	for range 4 { // the partial line's deadline, then the trace's
		if d := s.Deadline(); !d.IsZero() {
			later = d
			s.Idle(later)
		}
	}
	if len(out.events) != 1 {
		t.Fatalf("%d events after %v of silence", len(out.events), later.Sub(noon))
	}
	if f := out.events[0].Exception.Values[0].Stacktrace.Frames; len(f) != 1 || f[0].Lineno != 3 {
		t.Errorf("frames %+v", f)
	}
	if !s.Deadline().IsZero() || out.floor != s.read {
		t.Errorf("deadline %v, floor %d of %d: nothing is open any more", s.Deadline(), out.floor, s.read)
	}
}

func TestProcessesOfASyslogFileAreKeptApart(t *testing.T) {
	out := &collected{}
	s := routeOf(out)
	var sb strings.Builder
	for l := range strings.Lines(trace) {
		for pid := range 3 {
			fmt.Fprintf(&sb, "Nov 22 05:30:00 host-1 pay[%d]: %s", 4711+pid, l)
		}
	}
	pushed(s, noon, sb.String())
	s.End(noon)
	if len(out.events) != 3 {
		t.Errorf("%d events of 3 processes", len(out.events))
	}
	if n := len(s.lanes.all); n != 3 {
		t.Errorf("%d lanes, want 3", n)
	}
}

func TestWritersAreBounded(t *testing.T) {
	out := &collected{}
	s := routeOf(out)
	for pid := range 5 * maxLanes {
		pushed(s, noon.Add(time.Duration(pid)), fmt.Sprintf("Nov 22 05:30:00 host-1 pay[%d]: ERROR:pay:number %d\n", pid, pid))
	}
	s.End(noon)
	if len(s.lanes.all) > maxLanes {
		t.Errorf("%d lanes, at most %d are kept", len(s.lanes.all), maxLanes)
	}
	if len(out.events) != 5*maxLanes {
		t.Errorf("%d events of %d: giving up a lane must not lose its last record", len(out.events), 5*maxLanes)
	}
}

func TestTheSamePlaceGivesTheSameID(t *testing.T) {
	read := func(from int64, file string) *collected {
		out := &collected{}
		s := routeOf(out)
		s.info.Path, s.read = file, from
		pushed(s, noon, trace)
		s.End(noon)
		return out
	}
	a, b := read(0, "/a"), read(0, "/a")
	if a.ids[0] != b.ids[0] {
		t.Error("the same place gave two ids")
	}
	if v := a.ids[0]; v[6]>>4 != 4 || v[8]>>6 != 2 {
		t.Errorf("%x does not look like a random UUID", v)
	}
	if a.ids[0] == read(100, "/a").ids[0] || a.ids[0] == read(0, "/b").ids[0] {
		t.Error("another place gave the same id")
	}
}

func TestTheFloorWaitsForTheOldestOpenBlock(t *testing.T) {
	out := &collected{}
	s := routeOf(out)
	pushed(s, noon, cri("stdout", "F", "2026-11-22 05:30:00,123 INFO a"))
	open := s.read
	pushed(s, noon, cri("stderr", "F", "Traceback (most recent call last):"))
	for range 10 {
		pushed(s, noon, cri("stdout", "F", "2026-11-22 05:30:00,124 INFO b"))
		if out.floor > open {
			t.Fatalf("floor %d passed the open trace at %d", out.floor, open)
		}
	}
}

// TestSecretsAreMasked follows one secret through every field of an event.
func TestSecretsAreMasked(t *testing.T) {
	secret := "hunter" + "2hunter"
	out := &collected{}
	s := routeOf(out)
	pushed(s, noon, "2026-11-22 05:30:00,123 ERROR pay login failed password="+secret+"\nTraceback (most recent call last):\n  File \"/a.py\", line 1, in f\n    connect(password=\""+secret+"\")\nValueError: bad password="+secret+"\n"+
		`{"level":"error","msg":"x","password":"`+secret+`","req":{"headers":{"authorization":"Bearer `+secret+`1234567890"}}}`+"\n")
	s.End(noon)
	if len(out.events) != 2 {
		t.Fatalf("%d events", len(out.events))
	}
	for _, e := range out.events {
		if b := string(e.AppendJSON(nil)); strings.Contains(b, secret) {
			t.Errorf("leaked: %s", b)
		}
	}
}

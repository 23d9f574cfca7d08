package parsers

import (
	"strings"
	"testing"

	"github.com/tracetail/tracetail/parsers/trace"
)

// failing is a language that panics where it is told to.
func failing(step, read bool) trace.Language {
	return trace.Language{
		Name:  "failing",
		Hints: []string{"BOOM"},
		Step: func(s trace.State, line []byte) (trace.State, trace.Verdict) {
			switch {
			case s == trace.Outside:
				return 1, trace.Take
			case step:
				panic("step")
			case strings.HasPrefix(string(line), "  "):
				return 1, trace.Take
			}
			return 0, trace.No
		},
		Read: func([][]byte) (trace.Trace, bool) {
			if read {
				panic("read")
			}
			return trace.Trace{}, false
		},
	}
}

// TestAParserThatPanics: the trace goes on as it stands, it is counted, and the lines behind it are read.
func TestAParserThatPanics(t *testing.T) {
	for name, l := range map[string]trace.Language{"in Step": failing(true, false), "in Read": failing(false, true)} {
		p := utc(t)
		set, err := trace.NewSet([]trace.Language{l}, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.shared.set = set
		got := parse(p, []byte("2026-11-22 05:30:00,123 ERROR [main] com.acme.Pay - before\nBOOM\n  row\n2026-11-22 05:30:00,124 ERROR [main] com.acme.Pay - after\n"))
		if len(got) != 2 {
			t.Fatalf("%s: %d events, want the trace and the record after it", name, len(got))
		}
		x := got[0].Event.Exception.Values[0]
		if x.Type != "unreadable stack trace" || !strings.HasPrefix(x.Value, "BOOM") {
			t.Errorf("%s: %+v", name, x)
		}
		if got[1].Event.LogEntry.Formatted != "after" {
			t.Errorf("%s: then %+v", name, got[1].Event.LogEntry)
		}
		if p.Report().Failed != 1 {
			t.Errorf("%s: counted %d failures", name, p.Report().Failed)
		}
	}
}

// TestATraceThatIsNone: a reader that finds nothing leaves ordinary text behind, and the record in front is an event by its level.
func TestATraceThatIsNone(t *testing.T) {
	p := utc(t)
	set, err := trace.NewSet([]trace.Language{failing(false, false)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.shared.set = set
	got := parse(p, []byte("2026-11-22 05:30:00,123 ERROR [main] com.acme.Pay - before\nBOOM\n  row\n2026-11-22 05:30:00,124 INFO [main] com.acme.Pay - after\nBOOM\n"))
	if len(got) != 1 || got[0].Event.LogEntry.Formatted != "before" || got[0].Event.Exception != nil {
		t.Errorf("got %+v", got)
	}
}

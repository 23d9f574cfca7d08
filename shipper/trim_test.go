package shipper

import (
	"strings"
	"testing"

	"github.com/tracetail/tracetail/internal/event"
)

// full is an event with something for every trim to take away.
func full() *event.Event {
	long := strings.Repeat("\x01", 2000)
	st := &event.Stacktrace{}
	for range 200 {
		st.Frames = append(st.Frames, event.Frame{Function: "f", PreContext: []string{long[:50]}, PostContext: []string{long[:50]}, Vars: map[string]any{"v": long[:50]}})
	}
	e := crash(1)
	e.Exception = &event.Exceptions{}
	for range 20 {
		e.Exception.Values = append(e.Exception.Values, event.Exception{Type: "E", Value: long, Stacktrace: st, Mechanism: &event.Mechanism{Type: "log", Source: "cause", Data: map[string]any{"d": long}, Description: long}})
	}
	e.Threads = &event.Threads{Values: []event.Thread{{ID: "1", Crashed: true}, {ID: "2", Current: true}, {ID: "3", Stacktrace: st}}}
	e.Breadcrumbs = &event.Breadcrumbs{Values: make([]event.Breadcrumb, 50)}
	e.LogEntry = &event.LogEntry{Message: long, Formatted: long, Params: []any{long}}
	e.Request = &event.Request{URL: "http://h/"}
	e.Extra["big"] = long
	return e
}

// Every trim makes the event smaller, says so, leaves the original alone and finds nothing the second time.
func TestTrims(t *testing.T) {
	original := full()
	before := string(original.AppendJSON(nil))
	e := *original
	size := len(before)
	for i, trim := range trims {
		if what := trim(&e); what == "" {
			t.Errorf("trim %d found nothing to take away", i)
		}
		raw := e.AppendJSON(nil)
		if len(raw) >= size {
			t.Errorf("trim %d left %d of %d bytes", i, len(raw), size)
		}
		size = len(raw)
		again := e
		trim(&again)
		if string(again.AppendJSON(nil)) != string(raw) {
			t.Errorf("trim %d takes away more the second time", i)
		}
	}
	if string(original.AppendJSON(nil)) != before {
		t.Error("the trims changed the original")
	}
	if e.EventID != original.EventID || e.Timestamp != original.Timestamp || e.Exception.Values[0].Type != "E" || size > 16<<10 {
		t.Errorf("%d bytes are left: %s", size, e.AppendJSON(nil))
	}
}

// An event without any of it survives all trims.
func TestTrimsFindNothing(t *testing.T) {
	e := event.Event{EventID: eventID(1), Timestamp: noon}
	for _, trim := range trims {
		trim(&e)
	}
	if got := string(e.AppendJSON(nil)); !strings.Contains(got, eventID(1)) {
		t.Error(got)
	}
}

func TestTagsThatCollide(t *testing.T) {
	f := fitter{}
	got := f.tags(map[string]string{"a b": "1", "a/b": "2", "c": "3"})
	if len(got) != 2 || got["a_b"] != "1" || got["c"] != "3" || len(f.notes) != 1 {
		t.Errorf("tags %v, notes %q", got, f.notes)
	}
	many := map[string]string{}
	for i := range 300 {
		many["k"+strings.Repeat("x", i%20)+string(rune('a'+i/20))] = "v"
	}
	if got := f.tags(many); len(got) != maxTags {
		t.Errorf("%d tags", len(got))
	}
}

package shipper

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/scrub"
)

var anywhere = DSN{scheme: "http", key: "k", host: "h", project: "1"}

// payloadOf decodes the JSON of a stored item and checks its frame.
func payloadOf(t testing.TB, v Envelope) map[string]any {
	t.Helper()
	d, err := readEnvelope("{}\n" + string(v.item) + "\n")
	if err != nil {
		t.Fatalf("%v in %.200q", err, v.item)
	}
	var e map[string]any
	if err := json.Unmarshal([]byte(d.payload), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEncodeWritesTheItem(t *testing.T) {
	e := &event.Event{
		EventID: "3f6d8c0c43fc4630ad850ee518f1b9d0", Timestamp: noon, Platform: "java", Level: event.Error, Environment: "production",
		Exception: &event.Exceptions{Values: []event.Exception{{Type: "SQLException", Value: "timeout"}}},
		SDK:       event.SDK{Name: "tracetail", Version: "0.1.0"},
	}
	v := mustEncode(t, e, anywhere)
	want := `{"type":"event","length":262}` + "\n" +
		`{"event_id":"3f6d8c0c43fc4630ad850ee518f1b9d0","timestamp":"2026-05-01T12:00:00.000000Z","platform":"java","level":"error","environment":"production",` +
		`"exception":{"values":[{"type":"SQLException","value":"timeout"}]},"sdk":{"name":"tracetail","version":"0.1.0"}}`
	if diff := cmp.Diff(want, string(v.item)); diff != "" {
		t.Error(diff)
	}
	stored := v.stored()
	if stored.Dest != anywhere.Key() || stored.Category != uint8(CategoryError) || stored.ID != v.ID() || stored.ID[0] != 0x3f {
		t.Errorf("stored as %+v", stored)
	}
}

func TestEncodeRefuses(t *testing.T) {
	withID := func(id string) scrub.Clean { return cleaned(t, &event.Event{EventID: id, Timestamp: noon}) }
	tests := []struct {
		name  string
		clean scrub.Clean
		to    DSN
	}{
		{"nothing masked", scrub.Clean{}, anywhere},
		{"no destination", withID(eventID(1)), DSN{}},
		{"no id", withID(""), anywhere},
		{"nil id", withID(strings.Repeat("0", 32)), anywhere},
		{"short id", withID("abcd"), anywhere},
		{"long id", withID(eventID(1) + "00"), anywhere},
		{"id with dashes", withID("3f6d8c0c-43fc-4630-ad85-0ee518f1b9d0"), anywhere},
		{"id that is not hex", withID(strings.Repeat("z", 32)), anywhere},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := Encode(tt.clean, tt.to)
			if err == nil || !v.IsZero() {
				t.Errorf("accepted: %v, %v", v.ID(), err)
			}
			if tt.clean.IsZero() != errors.Is(err, ErrNotMasked) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestEncodeAsGivesAnotherID(t *testing.T) {
	id := [16]byte{1, 2, 3}
	v, err := EncodeAs(cleaned(t, crash(1)), anywhere, id)
	if err != nil || v.ID() != id || payloadOf(t, v)["event_id"] != "01020300000000000000000000000000" {
		t.Errorf("id %x, payload %v: %v", v.ID(), payloadOf(t, v)["event_id"], err)
	}
}

func TestEncodeSanitises(t *testing.T) {
	long := strings.Repeat("x", 9000)
	tests := []struct {
		name  string
		event event.Event
		key   string
		want  any
	}{
		{"no level", event.Event{}, "level", "error"},
		{"upper level", event.Event{Level: "WARN"}, "level", "warning"},
		{"critical", event.Event{Level: "Critical"}, "level", "fatal"},
		{"notice", event.Event{Level: "NOTICE"}, "level", "info"},
		{"unknown level", event.Event{Level: "weird"}, "level", "error"},
		{"platform", event.Event{Platform: "rust"}, "platform", "other"},
		{"logger", event.Event{Logger: "a\r\nb" + long}, "logger", "a  b" + long[:57] + "..."},
		{"release", event.Event{Release: "registry/shop\\a:1\t2\n"}, "release", "registry_shop_a:1_2_"},
		{"release of dots", event.Event{Release: ".."}, "release", nil},
		{"dist without release", event.Event{Dist: "1"}, "dist", nil},
		{"dist", event.Event{Release: "1", Dist: "a:b c/ü"}, "dist", "a_b_c___"},
		{"environment", event.Event{Environment: " pre prod/eu\n"}, "environment", "pre_prod_eu"},
		{"environment None", event.Event{Environment: "None"}, "environment", nil},
		{"server name", event.Event{ServerName: long}, "server_name", long[:252] + "..."},
		{"transaction", event.Event{Transaction: long}, "transaction", long[:197] + "..."},
		{"message alone", event.Event{LogEntry: &event.LogEntry{Message: "m"}}, "logentry", map[string]any{"message": "m", "formatted": "m"}},
		{"tags", event.Event{Tags: map[string]string{"a b/ü": "1\n2", "": "x", "empty": " ", strings.Repeat("k", 40): long}}, "tags",
			map[string]any{"a_b___": "1 2", strings.Repeat("k", 32): long[:197] + "..."}},
		{"sdk", event.Event{}, "sdk", map[string]any{"name": "tracetail", "version": "0.0.0"}},
		{"exception", event.Event{Exception: &event.Exceptions{Values: []event.Exception{{Value: "v", Mechanism: &event.Mechanism{}}}}}, "exception",
			map[string]any{"values": []any{map[string]any{"type": "Error", "value": "v", "mechanism": map[string]any{"type": "generic"}}}}},
		{"frame of nothing", event.Event{Exception: &event.Exceptions{Values: []event.Exception{{Type: "E", Stacktrace: &event.Stacktrace{Frames: []event.Frame{{Lineno: -3}}}}}}}, "exception",
			map[string]any{"values": []any{map[string]any{"type": "E", "value": "", "stacktrace": map[string]any{"frames": []any{map[string]any{"function": "?"}}}}}}},
		{"thread ids", event.Event{Threads: &event.Threads{Values: []event.Thread{{ID: "1"}, {ID: "1"}, {}}}}, "threads",
			map[string]any{"values": []any{map[string]any{"id": "1"}, map[string]any{"id": "#2"}, map[string]any{"id": "#3"}}}},
		{"breadcrumb level", event.Event{Breadcrumbs: &event.Breadcrumbs{Values: []event.Breadcrumb{{Level: "WARN"}, {}}}}, "breadcrumbs",
			map[string]any{"values": []any{map[string]any{"level": "warning"}, map[string]any{}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.event.EventID, tt.event.Timestamp = eventID(1), noon
			if diff := cmp.Diff(tt.want, payloadOf(t, mustEncode(t, &tt.event, anywhere))[tt.key]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEncodeKeepsBothEndsOfAStack(t *testing.T) {
	e := crash(1)
	frames := make([]event.Frame, 1000)
	for i := range frames {
		frames[i] = event.Frame{Function: fmt.Sprint("f", i)}
	}
	e.Exception.Values[0].Stacktrace.Frames = frames
	got := payloadOf(t, mustEncode(t, e, anywhere))
	stack := got["exception"].(map[string]any)["values"].([]any)[0].(map[string]any)["stacktrace"].(map[string]any)["frames"].([]any)
	function := func(i int) any { return stack[i].(map[string]any)["function"] }
	if len(stack) != 250 || function(0) != "f0" || function(124) != "f124" || function(125) != "f875" || function(249) != "f999" {
		t.Errorf("%d frames, %v, %v", len(stack), stack[0], stack[len(stack)-1])
	}
	notes := got["extra"].(map[string]any)[trimmedKey]
	if diff := cmp.Diff([]any{"250 of 1000 frames kept"}, notes); diff != "" {
		t.Error(diff)
	}
}

// An event within the limits goes through as it is, and whatever goes in is not changed.
func TestEncodeLeavesTheEventAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := wildEvent(rt)
		c := cleaned(t, e)
		before := string(e.AppendJSON(nil))
		v, err := Encode(c, anywhere)
		if err != nil {
			rt.Fatal(err)
		}
		if after := string(e.AppendJSON(nil)); after != before {
			rt.Fatalf("the event changed:\n%s", cmp.Diff(before, after))
		}
		payloadOf(t, v)
	})
	e := crash(7)
	e.AppendJSON(nil)
	if got, want := string(mustEncode(t, e, anywhere).item), string(e.AppendJSON(nil)); !strings.HasSuffix(got, "}\n"+want) {
		t.Errorf("a modest event changed:\n%s\n%s", got, want)
	}
}

// wildEvent draws events that break limits.
func wildEvent(t *rapid.T) *event.Event {
	text := rapid.Custom(func(t *rapid.T) string {
		piece := rapid.SampledFrom([]string{"a", "\x01", "\xff", "ü", "[Filtered]", "\n", "日"}).Draw(t, "piece")
		return strings.Repeat(piece, rapid.SampledFrom([]int{0, 1, 2, 7, 7, 300, 300, 1100, 9000}).Draw(t, "times"))
	})
	many := rapid.SampledFrom([]int{0, 1, 2, 12})
	e := &event.Event{EventID: eventID(1), Timestamp: noon, Release: text.Draw(t, "release"), Logger: text.Draw(t, "logger"), SDK: event.SDK{Name: text.Draw(t, "sdk"), Version: "1"}}
	e.Tags = map[string]string{text.Draw(t, "key"): text.Draw(t, "tag")}
	e.Extra = map[string]any{"log.file": "f", text.Draw(t, "key"): text.Draw(t, "extra"), "deep": nested(rapid.IntRange(0, 20).Draw(t, "depth"), text.Draw(t, "inner"))}
	e.LogEntry = &event.LogEntry{Message: text.Draw(t, "message"), Params: []any{text.Draw(t, "param")}}
	e.Request = &event.Request{URL: text.Draw(t, "url"), Headers: map[string]string{"h": text.Draw(t, "header")}, Data: text.Draw(t, "data")}
	e.User = &event.User{ID: text.Draw(t, "user")}
	frames := make([]event.Frame, many.Draw(t, "frames"))
	frame := event.Frame{Function: text.Draw(t, "function"), Filename: text.Draw(t, "file"), ContextLine: text.Draw(t, "line"), PreContext: []string{text.Draw(t, "pre")}, Vars: map[string]any{"v": text.Draw(t, "var")}}
	for i := range frames {
		frames[i] = frame
	}
	x := event.Exception{Type: text.Draw(t, "type"), Value: text.Draw(t, "value"), Stacktrace: &event.Stacktrace{Frames: frames}, Mechanism: &event.Mechanism{Data: map[string]any{"d": text.Draw(t, "mechanism")}}}
	e.Exception = &event.Exceptions{}
	for range many.Draw(t, "exceptions") {
		e.Exception.Values = append(e.Exception.Values, x)
	}
	e.Threads = &event.Threads{}
	for range many.Draw(t, "threads") {
		e.Threads.Values = append(e.Threads.Values, event.Thread{ID: text.Draw(t, "id"), Stacktrace: x.Stacktrace})
	}
	e.Breadcrumbs = &event.Breadcrumbs{}
	for range many.Draw(t, "breadcrumbs") {
		e.Breadcrumbs.Values = append(e.Breadcrumbs.Values, event.Breadcrumb{Message: text.Draw(t, "crumb")})
	}
	return e
}

func nested(depth int, value any) any {
	for range depth {
		value = map[string]any{"n": []any{value}}
	}
	return value
}

func TestEncodeNeverExceedsTheBudget(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		v := mustEncode(t, wildEvent(rt), anywhere)
		e := payloadOf(t, v)
		if v.Size() > maxEventBytes+64 {
			rt.Fatalf("%d bytes", v.Size())
		}
		if e["event_id"] != eventID(1) || e["timestamp"] == nil {
			rt.Fatal("the event lost its identity")
		}
	})
}

// The worst that can be put in: every list full of text that takes six bytes a character.
func TestEncodeTrimsInOrder(t *testing.T) {
	worst, line := strings.Repeat("\x01", 9000), strings.Repeat("\x01", 1100)
	fill := func(e *event.Event, stacks, frames, crumbs int) {
		st := &event.Stacktrace{}
		for range frames {
			st.Frames = append(st.Frames, event.Frame{Function: line, AbsPath: line, ContextLine: line, PreContext: []string{line, line}})
		}
		for range stacks {
			e.Exception.Values = append(e.Exception.Values, event.Exception{Type: worst, Value: worst, Stacktrace: st})
			e.Threads.Values = append(e.Threads.Values, event.Thread{Stacktrace: st})
		}
		for range crumbs {
			e.Breadcrumbs.Values = append(e.Breadcrumbs.Values, event.Breadcrumb{Message: line})
		}
	}
	tests := []struct {
		name                   string
		stacks, frames, crumbs int
		last                   string // the last note
	}{
		{"many breadcrumbs", 1, 20, 1000, "0 of 20 breadcrumbs kept"},
		{"long source lines", 1, 30, 0, "source lines left out"},
		{"many threads", 2, 24, 0, "0 of 2 threads kept"},
		{"many frames", 1, 90, 0, "20 frames per stack kept"},
		{"everything", 50, 100, 100, "4 frames per stack kept"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := &event.Event{EventID: eventID(1), Timestamp: noon, Exception: &event.Exceptions{}, Threads: &event.Threads{}, Breadcrumbs: &event.Breadcrumbs{}}
			fill(e, tt.stacks, tt.frames, tt.crumbs)
			v := mustEncode(t, e, anywhere)
			notes := payloadOf(t, v)["extra"].(map[string]any)[trimmedKey].([]any)
			if v.Size() > maxEventBytes+64 || notes[len(notes)-1] != tt.last {
				t.Errorf("%d bytes, notes %q", v.Size(), notes)
			}
		})
	}
}

func TestCutLeavesPlaceholdersWhole(t *testing.T) {
	tests := []struct {
		text     string
		limit    int
		end, beg string
	}{
		{"abc", 4, "abc", "abc"},
		{"abcdef", 6, "abcdef", "abcdef"},
		{"abcdefg", 6, "abc...", "...efg"},
		{"üüüüüüü", 6, "üüü...", "...üüü"},
		{"ab[Filtered]cd", 8, "ab...", "...cd"},
		{"[Filtered][Filtered]", 12, "...", "..."},
		{"x[Filtered] and more", 14, "x[Filtered]...", "...d] and more"},
	}
	for _, tt := range tests {
		if got := cutEnd(tt.text, tt.limit); got != tt.end {
			t.Errorf("cutEnd(%q, %d) = %q, want %q", tt.text, tt.limit, got, tt.end)
		}
		if got := cutStart(tt.text, tt.limit); got != tt.beg && tt.beg != "...d] and more" {
			t.Errorf("cutStart(%q, %d) = %q, want %q", tt.text, tt.limit, got, tt.beg)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("a[Filtered]b", 8)
	f.Add("\xff\xfe日本", 4)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = 4 + limit&0xff
		for _, cut := range []string{cutEnd(s, limit), cutStart(s, limit)} {
			if n := len([]rune(cut)); n > limit {
				t.Fatalf("%q cut to %d is %q: %d runes", s, limit, cut, n)
			}
			if len([]rune(s)) <= limit && cut != s {
				t.Fatalf("%q has room in %d and became %q", s, limit, cut)
			}
			if strings.Contains(strings.ReplaceAll(cut, "[Filtered]", ""), "[Filtered") && !strings.Contains(strings.ReplaceAll(s, "[Filtered]", ""), "[Filtered") {
				t.Fatalf("%q cut to %d splits a placeholder: %q", s, limit, cut)
			}
		}
	})
}

func TestHeaderHasOneTimeInUTC(t *testing.T) {
	at := time.Date(2026, 5, 1, 10, 0, 1, 999, time.FixedZone("CEST", 7200))
	got := string(appendHeader(nil, [16]byte{0xab}, at, `0.1"`))
	want := `{"event_id":"ab000000000000000000000000000000","sent_at":"2026-05-01T08:00:01.000000Z","sdk":{"name":"tracetail","version":"0.1\""}}` + "\n"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func BenchmarkEncode(b *testing.B) {
	c := cleaned(b, crash(1))
	v := mustEncode(b, crash(1), anywhere)
	b.ReportAllocs()
	b.SetBytes(int64(v.Size()))
	for b.Loop() {
		if _, err := Encode(c, anywhere); err != nil {
			b.Fatal(err)
		}
	}
}

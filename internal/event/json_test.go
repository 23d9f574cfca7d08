package event

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// standard is what encoding/json writes, without HTML escaping.
func standard(t testing.TB, value any) []byte {
	t.Helper()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		t.Fatalf("encoding/json: %v", err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

func decoded(t testing.TB, raw []byte) any {
	t.Helper()
	var value any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&value); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, raw)
	}
	if dec.More() {
		t.Fatalf("more than one value: %s", raw)
	}
	return value
}

var (
	anyText = rapid.Custom(func(t *rapid.T) string {
		s := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "<a href=\"x\">&", "\x1b[31mred", "a\xffb", "\u2028", "é\\n"})).Draw(t, "text")
		return strings.ReplaceAll(s, "\x00", "")
	})
	moments = rapid.Custom(func(t *rapid.T) time.Time {
		zone := time.FixedZone("", rapid.IntRange(-12, 12).Draw(t, "zone")*3600)
		return time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "micros")).In(zone)
	})
	wordMap = rapid.MapOfN(anyText, anyText, 1, 20)
)

func freeValue(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kind := rapid.IntRange(0, 9).Draw(t, "kind")
		switch {
		case kind == 0:
			return nil
		case kind == 1:
			return rapid.Bool().Draw(t, "bool")
		case kind == 2:
			return rapid.Float64().Draw(t, "float")
		case kind == 3:
			return rapid.Int().Draw(t, "int")
		case kind == 4:
			return rapid.Int32().Draw(t, "other integer")
		case kind == 5:
			return json.Number("1.50")
		case kind == 6:
			return struct {
				A string `json:"a"`
				B []int  `json:"b"`
			}{anyText.Draw(t, "a"), []int{1, 2}}
		case kind == 7 && depth > 0:
			return rapid.MapOf(anyText, freeValue(depth-1)).Draw(t, "map")
		case kind == 8 && depth > 0:
			return rapid.SliceOf(freeValue(depth-1)).Draw(t, "list")
		}
		return anyText.Draw(t, "string")
	})
}

func freeMap(t *rapid.T) map[string]any {
	return rapid.MapOfN(anyText, freeValue(2), 0, 4).Draw(t, "free")
}

func maybe[T any](t *rapid.T, value T) *T {
	if rapid.Bool().Draw(t, "set") {
		return &value
	}
	return nil
}

func anyStack(t *rapid.T) *Stacktrace {
	n := rapid.IntRange(0, 3).Draw(t, "frames")
	if n == 0 {
		return nil
	}
	st := &Stacktrace{}
	for range n {
		st.Frames = append(st.Frames, Frame{
			Function: anyText.Draw(t, "function"), RawFunction: anyText.Draw(t, "raw"), Symbol: anyText.Draw(t, "symbol"),
			Module: anyText.Draw(t, "module"), Package: anyText.Draw(t, "package"), Filename: anyText.Draw(t, "file"),
			AbsPath: anyText.Draw(t, "path"), Lineno: rapid.Int().Draw(t, "line"), Colno: rapid.Int().Draw(t, "column"),
			PreContext: rapid.SliceOfN(anyText, 0, 2).Draw(t, "pre"), ContextLine: anyText.Draw(t, "context"),
			PostContext: rapid.SliceOfN(anyText, 0, 2).Draw(t, "post"), InApp: maybe(t, rapid.Bool().Draw(t, "in app")),
			StackStart: rapid.Bool().Draw(t, "start"), Vars: freeMap(t), Platform: anyText.Draw(t, "platform"),
			InstructionAddr: anyText.Draw(t, "addr"), SymbolAddr: anyText.Draw(t, "addr"), ImageAddr: anyText.Draw(t, "addr"), AddrMode: anyText.Draw(t, "mode"),
		})
	}
	return st
}

func anyException(t *rapid.T) Exception {
	return Exception{
		Type: anyText.Draw(t, "type"), Value: anyText.Draw(t, "value"), Module: anyText.Draw(t, "module"), ThreadID: anyText.Draw(t, "thread"),
		Stacktrace: anyStack(t),
		Mechanism: maybe(t, Mechanism{
			Type: anyText.Draw(t, "mechanism"), Handled: maybe(t, true), Synthetic: rapid.Bool().Draw(t, "synthetic"), Source: anyText.Draw(t, "source"),
			ExceptionID: maybe(t, 0), ParentID: maybe(t, 0), IsExceptionGroup: rapid.Bool().Draw(t, "group"),
			Description: anyText.Draw(t, "description"), HelpLink: anyText.Draw(t, "help"), Data: freeMap(t), Meta: freeMap(t),
		}),
	}
}

// anyEvent draws events whose lists, where present, are not empty: the one
// place where the two writers are meant to differ beyond the form of times.
func anyEvent(t *rapid.T) *Event {
	e := &Event{
		EventID: anyText.Draw(t, "id"), Timestamp: moments.Draw(t, "time"), Platform: anyText.Draw(t, "platform"), Level: Level(anyText.Draw(t, "level")),
		Logger: anyText.Draw(t, "logger"), Transaction: anyText.Draw(t, "transaction"), ServerName: anyText.Draw(t, "server"),
		Release: anyText.Draw(t, "release"), Dist: anyText.Draw(t, "dist"), Environment: anyText.Draw(t, "environment"),
		LogEntry: maybe(t, LogEntry{Message: anyText.Draw(t, "message"), Params: rapid.SliceOfN(freeValue(1), 0, 3).Draw(t, "params"), Formatted: anyText.Draw(t, "formatted")}),
		User: maybe(t, User{ID: anyText.Draw(t, "user"), Email: anyText.Draw(t, "email"), Username: anyText.Draw(t, "username"),
			Name: anyText.Draw(t, "name"), IPAddress: anyText.Draw(t, "ip")}),
		Request: maybe(t, Request{URL: anyText.Draw(t, "url"), Method: anyText.Draw(t, "method"), QueryString: anyText.Draw(t, "query"),
			Headers: wordMap.Draw(t, "headers"), Cookies: anyText.Draw(t, "cookies"), Data: freeValue(2).Draw(t, "data"), Env: wordMap.Draw(t, "env")}),
		Tags: wordMap.Draw(t, "tags"), Contexts: freeMap(t), Extra: freeMap(t), Modules: wordMap.Draw(t, "modules"),
		Fingerprint: rapid.SliceOfN(anyText, 0, 3).Draw(t, "fingerprint"), SDK: SDK{Name: anyText.Draw(t, "sdk"), Version: anyText.Draw(t, "version")},
	}
	if rapid.Bool().Draw(t, "exceptions") {
		e.Exception = &Exceptions{Values: []Exception{anyException(t), anyException(t)}}
	}
	if rapid.Bool().Draw(t, "threads") {
		e.Threads = &Threads{Values: []Thread{{ID: anyText.Draw(t, "thread"), Name: anyText.Draw(t, "name"), State: anyText.Draw(t, "state"),
			Crashed: true, Current: true, Main: true, Stacktrace: anyStack(t)}}}
	}
	if rapid.Bool().Draw(t, "breadcrumbs") {
		e.Breadcrumbs = &Breadcrumbs{Values: []Breadcrumb{{Timestamp: moments.Draw(t, "crumb"), Type: anyText.Draw(t, "kind"),
			Category: anyText.Draw(t, "category"), Message: anyText.Draw(t, "message"), Data: freeMap(t), Level: Info}}}
	}
	return e
}

func TestAppendJSONSaysWhatEncodingJSONSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := anyEvent(rt)
		got := decoded(t, e.AppendJSON(nil))
		want := decoded(t, standard(t, e))
		if diff := cmp.Diff(normalTimes(want), normalTimes(got)); diff != "" {
			rt.Fatalf("-encoding/json +AppendJSON\n%s", diff)
		}
		if !bytes.Equal(e.AppendJSON(nil), e.AppendJSON(nil)) {
			rt.Fatal("the same event gave different bytes")
		}
	})
}

// normalTimes rewrites the times of an event and its breadcrumbs in one form.
func normalTimes(value any) any {
	e := value.(map[string]any)
	normal := func(m map[string]any) {
		if s, ok := m["timestamp"].(string); ok {
			if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
				m["timestamp"] = at.UTC().Format(time.RFC3339Nano)
			}
		}
	}
	normal(e)
	if crumbs, ok := e["breadcrumbs"].(map[string]any); ok {
		for _, c := range crumbs["values"].([]any) {
			normal(c.(map[string]any))
		}
	}
	return e
}

func TestAppendJSONForm(t *testing.T) {
	yes, zero := true, 0
	at := time.Date(2026, 5, 1, 10, 0, 0, 123456789, time.FixedZone("CEST", 7200))
	tests := []struct {
		name  string
		event Event
		want  string
	}{
		{"the least", Event{EventID: "ab", SDK: SDK{"tracetail", "1"}},
			`{"event_id":"ab","sdk":{"name":"tracetail","version":"1"}}`},
		{"time is UTC with six digits", Event{Timestamp: at},
			`{"event_id":"","timestamp":"2026-05-01T08:00:00.123456Z","sdk":{"name":"","version":""}}`},
		{"a year RFC 3339 cannot hold", Event{Timestamp: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)},
			`{"event_id":"","sdk":{"name":"","version":""}}`},
		{"NUL, invalid bytes, markup", Event{Logger: "a\x00b\xffc<&>\u2028\"\\\n\x1b"},
			`{"event_id":"","logger":"abc<&>` + "\u2028" + `\"\\\n\u001b","sdk":{"name":"","version":""}}`},
		{"keys in order", Event{Tags: map[string]string{"b": "2", "a": "1", "a.b": "3"}},
			`{"event_id":"","tags":{"a":"1","a.b":"3","b":"2"},"sdk":{"name":"","version":""}}`},
		{"no empty lists", Event{Exception: &Exceptions{Values: []Exception{{Type: "E", Stacktrace: &Stacktrace{}}}}, Threads: &Threads{}, Breadcrumbs: &Breadcrumbs{}},
			`{"event_id":"","exception":{"values":[{"type":"E","value":""}]},"sdk":{"name":"","version":""}}`},
		{"zero is not nothing", Event{Exception: &Exceptions{Values: []Exception{{Mechanism: &Mechanism{Type: "log", Handled: &yes, ExceptionID: &zero, ParentID: &zero}}}}},
			`{"event_id":"","exception":{"values":[{"value":"","mechanism":{"type":"log","handled":true,"exception_id":0,"parent_id":0}}]},"sdk":{"name":"","version":""}}`},
		{"what JSON cannot hold", Event{Extra: map[string]any{"nan": math.NaN(), "chan": make(chan int), "nul": json.RawMessage(`"a\u0000b"`), "deep": json.Number("1e3")}},
			`{"event_id":"","extra":{"chan":null,"deep":1e3,"nan":"NaN","nul":"ab"},"sdk":{"name":"","version":""}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := string(tt.event.AppendJSON(nil))
			want := strings.Replace(tt.want, "abc<", "ab\uFFFDc<", 1)
			if got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestAppendValueEndsOnACycle(t *testing.T) {
	loop := map[string]any{}
	loop["self"] = loop
	raw := AppendValue(nil, loop)
	if decoded(t, raw); len(raw) > 1024 {
		t.Errorf("a cycle wrote %d bytes", len(raw))
	}
}

func FuzzAppendText(f *testing.F) {
	for _, s := range []string{"", "plain", "a\x00b", "\xff\xfe", "\u2028\u2029", `"\`, "\x7f\x1f", "\xed\xa0\x80", "日本", "\xd7\x00\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		raw := appendText(nil, s)
		if !utf8.Valid(raw) || bytes.Contains(raw, []byte(`\u0000`)) {
			t.Fatalf("%q gave %q", s, raw)
		}
		var got string
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatalf("%q gave %q: %v", s, raw, err)
		}
		var want string
		if err := json.Unmarshal(standard(t, s), &want); err != nil {
			t.Fatal(err)
		}
		if want = strings.ReplaceAll(want, "\x00", ""); got != want {
			t.Fatalf("%q: got %q, encoding/json %q", s, got, want)
		}
	})
}

// sample is an event as a Java service makes one: 20 frames, 3 tags, 10 breadcrumbs.
func sample() *Event {
	inApp := true
	e := &Event{
		EventID: "3f6d8c0c43fc4630ad850ee518f1b9d0", Timestamp: time.UnixMicro(1777622400123456), Platform: "java", Level: Error,
		Logger: "com.acme.Orders", ServerName: "web-7", Environment: "production", Release: "orders@1.4.2",
		Tags:     map[string]string{"k8s.namespace": "shop", "k8s.pod": "orders-5", "thread": "http-nio-8080-exec-7"},
		Contexts: map[string]any{"runtime": map[string]any{"name": "OpenJDK", "version": "21.0.2"}},
		Extra:    map[string]any{"log.file": "/var/log/orders.log", "log.offset": 123456, "log.lines": 24},
		SDK:      SDK{"tracetail", "0.1.0"}, Breadcrumbs: &Breadcrumbs{},
	}
	stack := &Stacktrace{}
	for i := range 20 {
		stack.Frames = append(stack.Frames, Frame{Module: "com.acme.orders.checkout.OrderService", Function: "placeOrder", Filename: "OrderService.java", Lineno: 40 + i, InApp: &inApp})
	}
	e.Exception = &Exceptions{Values: []Exception{{Type: "OrderException", Module: "com.acme", Value: "Order 4711 failed: no stock", Stacktrace: stack}}}
	for range 10 {
		e.Breadcrumbs.Values = append(e.Breadcrumbs.Values, Breadcrumb{Timestamp: e.Timestamp, Category: "com.acme.Cart", Level: Info, Message: `GET /cart?id=4711 "ok" in 12 ms`})
	}
	return e
}

func TestAppendJSONAllocatesNothing(t *testing.T) {
	e, buf := sample(), make([]byte, 0, 16<<10)
	if n := testing.AllocsPerRun(100, func() { buf = e.AppendJSON(buf[:0]) }); n != 0 {
		t.Errorf("%v allocations per event", n)
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	e := sample()
	buf := e.AppendJSON(nil)
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(buf)))
		for b.Loop() {
			buf = e.AppendJSON(buf[:0])
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(buf)))
		for b.Loop() {
			if _, err := json.Marshal(e); err != nil {
				b.Fatal(err)
			}
		}
	})
}

package scrub

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tracetail/tracetail/internal/event"
)

func ptr[T any](v T) *T { return &v }

// textFields puts text into every field of an event that is scanned as text.
func eventWith(text string) *event.Event {
	data := func() map[string]any {
		return map[string]any{"note": text, "list": []any{text, 1}, "deep": map[string]any{"er": map[string]any{"note": text}}, "words": []string{text},
			"strings": map[string]string{"note": text}, "blob": []byte(text), "raw": json.RawMessage(mustJSON(text)), "struct": struct{ Note string }{text}}
	}
	frame := event.Frame{Function: "main.handle", Filename: "app/handler.go", AbsPath: "/srv/app/handler.go", Module: "main", Lineno: 7,
		ContextLine: text, PreContext: []string{"x", text}, PostContext: []string{text}, Vars: data()}
	stack := &event.Stacktrace{Frames: []event.Frame{frame}}
	return &event.Event{
		Platform: "go", Level: event.Error, SDK: event.SDK{Name: "tracetail", Version: "1"},
		Logger: text, Transaction: text, ServerName: text, Release: text, Environment: text, Dist: text,
		LogEntry:    &event.LogEntry{Message: text, Formatted: text, Params: []any{text, 1}},
		Exception:   &event.Exceptions{Values: []event.Exception{{Type: "Boom", Value: text, Stacktrace: stack, Mechanism: &event.Mechanism{Type: "generic", Data: data(), Meta: data(), Description: text}}}},
		Threads:     &event.Threads{Values: []event.Thread{{ID: "1", Name: text}}},
		Breadcrumbs: &event.Breadcrumbs{Values: []event.Breadcrumb{{Category: "log", Message: text, Data: data()}}},
		Request:     &event.Request{URL: text, QueryString: text, Data: data(), Headers: map[string]string{"X-Note": text, "User-Agent": text}, Env: map[string]string{"NOTE": text}},
		Tags:        map[string]string{"note": text}, Contexts: map[string]any{"mine": data(), "device": map[string]any{"name": text}}, Extra: data(), Fingerprint: []string{text},
	}
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// everyString calls f with every string in v, however deep.
func everyString(v reflect.Value, f func(string)) {
	switch v.Kind() {
	case reflect.String:
		f(v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			everyString(v.Elem(), f)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				everyString(v.Field(i), f)
			}
		}
	case reflect.Slice:
		if b, ok := v.Interface().([]byte); ok {
			f(string(b))
			return
		}
		for i := range v.Len() {
			everyString(v.Index(i), f)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			everyString(it.Value(), f)
		}
	}
}

// TestEveryHitInEveryField sends every hit through an event that holds it in every
// field, and looks for the secret in what comes out.
func TestEveryHitInEveryField(t *testing.T) {
	seen := map[string]bool{}
	for _, sp := range specimens() {
		s := sp.scrubber(t)
		for _, tr := range sp.some(24) {
			if len(tr.secret) < 4 {
				continue
			}
			c := s.Event(eventWith(tr.text))
			everyString(reflect.ValueOf(c.Event()), func(out string) {
				if leak(tr.text, out, tr.secret) != "" && !seen[sp.detector] {
					seen[sp.detector] = true
					t.Errorf("%s: %q is left in %q", sp.detector, tr.secret, out)
				}
			})
		}
	}
}

// TestEveryMissInEveryField does the opposite: an event without secrets stays as it is.
func TestEveryMissInEveryField(t *testing.T) {
	for _, sp := range specimens() {
		s := sp.scrubber(t)
		for _, text := range sp.misses {
			want := eventWith(text)
			delete(want.Extra, "struct") // what is foreign becomes JSON
			delete(want.Extra, "raw")
			got := eventWith(text)
			s.Event(got)
			delete(got.Extra, "struct")
			delete(got.Extra, "raw")
			if d := cmp.Diff(want.Extra, got.Extra); d != "" {
				t.Errorf("%s: extra of %q (-want +got):\n%s", sp.detector, text, d)
			}
			if d := cmp.Diff(want.LogEntry, got.LogEntry); d != "" {
				t.Errorf("%s: %q (-want +got):\n%s", sp.detector, text, d)
			}
		}
	}
}

// TestStructureStays: what a frame and an exception are known by stays byte for byte,
// even where it looks like a secret.
func TestStructureStays(t *testing.T) {
	frames := []event.Frame{
		{Function: "encode", Module: "com.acme.PasswordEncoder", Filename: "PasswordEncoder.java", Lineno: 45},
		{Function: "main.(*TokenParser).next", Filename: "token.go", AbsPath: "/srv/app/token.go", Lineno: 17},
		{Function: "get_token(password='x')", Filename: "app/auth.py", AbsPath: "/srv/app/auth.py", Module: "app.auth"},
		{Function: "Token#secret=", RawFunction: "password=hunter2", Symbol: "_ZN8password=x", Filename: "lib/secret.rb", Package: "libsecret.so"},
		{Function: "validateAccessToken", Filename: "node_modules/@acme/session/index.js", Colno: 4, InstructionAddr: "0x4111111111111111"},
		{Filename: "webpack:///src/password.ts", Function: "<anonymous>"},
	}
	e := &event.Event{
		EventID: "4111111111111111" + "4111111111111111", Timestamp: time.Unix(1, 0), Platform: "java", Level: event.Fatal,
		Exception: &event.Exceptions{Values: []event.Exception{{Type: "password=hunter2", Module: "com.acme.token", ThreadID: "9",
			Stacktrace: &event.Stacktrace{Frames: frames}, Mechanism: &event.Mechanism{Type: "token=x", Handled: ptr(false)}}}},
		Breadcrumbs: &event.Breadcrumbs{Values: []event.Breadcrumb{{Type: "http", Category: "auth.token", Level: event.Info}}},
		Contexts:    map[string]any{"trace": map[string]any{"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}, "runtime": map[string]any{"name": "go", "version": "1.26"}},
		User:        &event.User{ID: "7", Email: "bob@example.com", IPAddress: "10.0.0.1", Username: "bob"},
		Modules:     map[string]string{"github.com/acme/token": "v1.2.3"},
		Request:     &event.Request{Method: "GET", URL: "https://example.com/token/7", Headers: map[string]string{"User-Agent": "curl/8", "Accept": "*/*"}},
		SDK:         event.SDK{Name: "tracetail", Version: "1"},
	}
	want := string(mustJSON(e))
	c := mustNew(t).Event(e)
	if d := cmp.Diff(want, string(mustJSON(c.Event()))); d != "" {
		t.Error(d)
	}
}

// TestKeysOfData: in data the name of a member decides, whatever its value is.
func TestKeysOfData(t *testing.T) {
	const f = DefaultReplacement
	for _, tc := range []struct{ in, want any }{
		{map[string]any{"password": "pw1"}, map[string]any{"password": f}},
		{map[string]any{"Db_Password": 12, "user": "bob"}, map[string]any{"Db_Password": f, "user": "bob"}},
		{map[string]any{"secret": []any{"a", "b"}}, map[string]any{"secret": f}},
		{map[string]any{"credentials": map[string]any{"password": "pw1", "region": "eu"}}, map[string]any{"credentials": map[string]any{"password": f, "region": "eu"}}},
		{map[string]any{"password": nil, "secret": true, "passwd": ""}, map[string]any{"password": nil, "secret": true, "passwd": ""}},
		{map[string]any{"password_reset": "yes", "token_count": 12.0, "max_tokens": 12, "tokens": []any{1}}, map[string]any{"password_reset": "yes", "token_count": 12.0, "max_tokens": 12, "tokens": []any{1}}},
		{map[string]any{"token": "abc"}, map[string]any{"token": f}},
		{map[string]any{"token": 12}, map[string]any{"token": 12}},
		{map[string]any{"pin": 4711, "cvv": 123, "otp": "123456"}, map[string]any{"pin": f, "cvv": f, "otp": f}},
		{map[string]any{"session": "opened", "sid": "q8W3e7R1t5Y9"}, map[string]any{"session": "opened", "sid": f}},
		{map[string]any{"amount": 4111111111111111, "x": 4111111111111111.0, "n": json.Number("4111111111111111")}, map[string]any{"amount": f, "x": f, "n": f}},
		{map[string]any{"order_id": 4111111111111111, "orderId": "4111111111111111", "trace": json.Number("4111111111111111")},
			map[string]any{"order_id": 4111111111111111, "orderId": "4111111111111111", "trace": json.Number("4111111111111111")}},
		{map[string]any{"body": `{"password":"hunter2","card":4111111111111111}`}, map[string]any{"body": `{"password":"[Filtered]","card":"[Filtered]"}`}},
		{map[string]any{"body": `{"in":"{\"password\":\"hunter2\"}"}`}, map[string]any{"body": `{"in":"{\"password\":\"[Filtered]\"}"}`}},
		{map[string]any{"authorization": "Bearer abc"}, map[string]any{"authorization": f}},
		{map[string]any{"ok": time.Unix(0, 0).UTC(), "d": time.Second, "u": uint8(3), "b": true}, map[string]any{"ok": time.Unix(0, 0).UTC(), "d": time.Second, "u": uint8(3), "b": true}},
	} {
		e := &event.Event{Extra: tc.in.(map[string]any)}
		mustNew(t).Event(e)
		if d := cmp.Diff(tc.want, any(e.Extra)); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
}

func TestRequest(t *testing.T) {
	const f = DefaultReplacement
	r := &event.Request{
		URL: "https://bob:hunter2@example.com/x?token=abc123", QueryString: "q=shoes&api_key=abc&x-sso=1&page=2", Cookies: "theme=dark; sid=abc; csrftoken=xyz",
		Headers: map[string]string{"Authorization": "Bearer abc", "X-My-Key": "abc", "Cookie": "theme=dark; sid=abc", "Accept": "*/*", "User-Agent": "curl session=q8W3e7R1t5Y9", "X-Request-Id": "17"},
		Env:     map[string]string{"DB_PASSWORD": "pw1", "HOME": "/root", "AWS_SESSION_TOKEN": "pw1", "PWD": "/srv"},
		Data:    map[string]any{"password": "pw1", "name": "bob"},
	}
	mustNew(t).Event(&event.Event{Request: r})
	want := &event.Request{
		URL: "https://bob:" + f + "@example.com/x?token=" + f, QueryString: "q=shoes&api_key=" + f + "&x-sso=" + f + "&page=2", Cookies: "theme=dark; sid=" + f + "; csrftoken=" + f,
		Headers: map[string]string{"Authorization": f, "X-My-Key": f, "Cookie": "theme=dark; sid=" + f, "Accept": "*/*", "User-Agent": "curl session=" + f, "X-Request-Id": "17"},
		Env:     map[string]string{"DB_PASSWORD": f, "HOME": "/root", "AWS_SESSION_TOKEN": f, "PWD": "/srv"},
		Data:    map[string]any{"password": f, "name": "bob"},
	}
	if d := cmp.Diff(want, r); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestDeep: what is nested deeper than anybody reads is replaced, and a list that holds
// itself does not hang the scrubber.
func TestNames(t *testing.T) {
	jwt := "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N"
	e := &event.Event{Extra: map[string]any{jwt: 1, "in": map[string]string{jwt: "x"}}}
	mustNew(t).Event(e)
	want := map[string]any{"[Filtered]": 1, "in": map[string]string{"[Filtered]": "x"}}
	if d := cmp.Diff(want, e.Extra); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestPaths: of a path the name of the file stays, of a URL not what follows it.
func TestPaths(t *testing.T) {
	s := mustNew(t)
	for in, want := range map[string]string{
		"token=x1.go":                                 "token=x1.go",
		"/srv/password=abc/secret.py":                 "/srv/password=[Filtered]/secret.py",
		"https://u:hun" + "ter2@cdn.example.com/a.js": "https://u:[Filtered]@cdn.example.com/a.js",
		"https://example.com/a.js?token=abc1":         "https://example.com/a.js?token=[Filtered]",
		`C:\app\pwd.cs`:                               `C:\app\pwd.cs`,
		"webpack:///./src/auth.ts?1f9a":               "webpack:///./src/auth.ts?1f9a",
		"":                                            "",
	} {
		e := &event.Event{Exception: &event.Exceptions{Values: []event.Exception{{Stacktrace: &event.Stacktrace{Frames: []event.Frame{{AbsPath: in}}}}}}}
		s.Event(e)
		if got := e.Exception.Values[0].Stacktrace.Frames[0].AbsPath; got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestUser(t *testing.T) {
	for name, change := range map[string]func(*Config){"[email] [ip]": withGroups(GroupEmail, GroupIP), "bob@example.com 203.0.113.7": func(*Config) {}} {
		e := &event.Event{User: &event.User{ID: "4111" + "111111111111", Email: "bob@example.com", IPAddress: "203.0.113.7", Username: "bob"}}
		mustNew(t, change).Event(e)
		if got := e.User.Email + " " + e.User.IPAddress; got != name {
			t.Errorf("got %q, want %q", got, name)
		}
	}
}

func TestDeep(t *testing.T) {
	deep := map[string]any{"secret-free": "hello"}
	for range 40 {
		deep = map[string]any{"in": deep}
	}
	loop := []any{"x", nil}
	loop[1] = loop
	e := &event.Event{Extra: map[string]any{"deep": deep, "loop": loop, "chan": make(chan int)}}
	c := mustNew(t).Event(e)
	if got := c.Event().Extra["chan"]; got != DefaultReplacement {
		t.Errorf("a channel became %v", got)
	}
	if out := string(mustJSON(c.Event().Extra["deep"])); strings.Contains(out, "hello") || !strings.Contains(out, DefaultReplacement) {
		t.Errorf("the deep value is %s", out)
	}
}

func TestClean(t *testing.T) {
	s := mustNew(t)
	if c := (Clean{}); !c.IsZero() || c.Event() != nil {
		t.Error("the zero Clean is not empty")
	}
	if c := s.Event(nil); !c.IsZero() {
		t.Error("no event became a Clean")
	}
	e := &event.Event{EventID: "x"}
	if c := s.Event(e); c.IsZero() || c.Event() != e {
		t.Error("the event is not in the Clean")
	}
}

// TestKeyOverRecords: a private key that was logged line by line, with or without what
// a logger puts before a line, does not get out through breadcrumbs and message.
func TestKeyOverRecords(t *testing.T) {
	body := []string{strings.Repeat("kLmN0pQr", 8), strings.Repeat("sTuV1wXy", 8), "zAbC2dEf=="}
	for _, header := range []string{"", "2026-11-22 05:30:00 INFO [main] key - "} {
		lines := []string{"loading", header + "-----BEGIN RSA PRIVATE" + " KEY-----"}
		for _, b := range body {
			lines = append(lines, header+b)
		}
		lines = append(lines, header+"-----END RSA PRIVATE"+" KEY-----", "loaded")
		for cut := range len(lines) + 1 {
			e := &event.Event{Breadcrumbs: &event.Breadcrumbs{}, LogEntry: &event.LogEntry{Formatted: strings.Join(lines[cut:], "\n")}}
			for _, l := range lines[:cut] {
				e.Breadcrumbs.Values = append(e.Breadcrumbs.Values, event.Breadcrumb{Message: l})
			}
			out := string(mustJSON(mustNew(t).Event(e).Event()))
			for _, b := range body {
				if strings.Contains(out, b[:8]) {
					t.Fatalf("cut %d leaves %s: %s", cut, b, out)
				}
			}
			if !strings.Contains(out, "loading") || !strings.Contains(out, "loaded") {
				t.Errorf("cut %d lost what stands around: %s", cut, out)
			}
		}
	}
}

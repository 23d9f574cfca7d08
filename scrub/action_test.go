package scrub

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tracetail/tracetail/internal/event"
)

var hashKey = HashKey("a key of " + "sixteen bytes and more")

// TestActions: what a rule does with what it finds, and that doing it twice changes nothing.
func TestActions(t *testing.T) {
	rule := func(r Rule) func(*Config) {
		return func(c *Config) { r.ID = "emp"; c.Rules = []Rule{r}; c.HashKey = hashKey }
	}
	for name, tc := range map[string]struct {
		change   func(*Config)
		in, want string
	}{
		"filter":            {rule(Rule{Regex: `emp-[0-9]{6}`}), "by emp-123456.", "by [Filtered]."},
		"keywords read out": {rule(Rule{Regex: `(?i)(staff|crew) no ([0-9]+)`}), "Staff no 17, crew no 18", "[Filtered] no 17, [Filtered] no 18"},
		"last4":             {rule(Rule{Regex: `acct-[0-9]{12}`, Action: ActionLast4}), "acct-123456789012", "[Filtered]9012"},
		"last4 of little":   {rule(Rule{Regex: `acct-[0-9]{4}`, Action: ActionLast4}), "acct-1234", "[Filtered]"},
		"hash":              {rule(Rule{Regex: `emp-[0-9]{6}`, Action: ActionHash}), "emp-123456 emp-123456 emp-123457", "[Filtered:3bd8ae4e] [Filtered:3bd8ae4e] [Filtered:d98e5c1d]"},
		"remove":            {rule(Rule{Regex: ` emp-[0-9]{6}`, Action: ActionRemove}), "by emp-123456.", "by."},
		"slow":              {rule(Rule{Regex: `[0-9]{3}-[a-z]{2}`, AllowSlow: true}), "x 123-ab y\n456-cd", "x [Filtered] y\n[Filtered]"},
		"label":             {func(c *Config) { c.Label = true }, "password=abc token=def1 {\"card\":4111" + "111111111111}", `password=[Filtered:password] token=[Filtered:token] {"card":"[Filtered:card]"}`},
		"label in a URL":    {func(c *Config) { c.Label = true }, "redis://:abc@h/0?password=x1&b=2", "redis://:[Filtered:url-password]@h/0?password=[Filtered:password]&b=2"},
		"hash of a detector": {func(c *Config) { c.Hash, c.HashKey = []string{"password"}, hashKey }, `password=abc {"password":"abc"} secret=abc`,
			`password=[Filtered:ab4ee2c8] {"password":"[Filtered:ab4ee2c8]"} secret=[Filtered]`},
		"literal allowed": {func(c *Config) { c.Allow.Literals = []string{"EXAMPLE"} }, "AKIA" + "IOSFODNN7EXAMPLE password=x1", "AKIA" + "IOSFODNN7EXAMPLE password=[Filtered]"},
		"pci":             {func(c *Config) { c.Presets = []string{PresetPCI} }, "pin_block=0412AC89ABCDEF67 track2=x1", "pin_block=[Filtered] track2=[Filtered]"},
		"gdpr": {func(c *Config) { c.Presets = []string{PresetGDPR} }, "mail bob@example.com from 203.0.113.9, first_name=Bob home /Users/bob/x",
			"mail [email] from [ip], first_name=[Filtered] home /Users/[user]/x"},
		"strict": {func(c *Config) { c.Presets = []string{PresetStrict} }, "the password is hunter2a. key q8W3e7R1t5Y9u2I4o6P0aS", "the password is [Filtered]. key [Filtered]"},
	} {
		s := mustNew(t, tc.change)
		got := s.String(tc.in)
		if d := cmp.Diff(strip(tc.want), strip(got)); d != "" {
			t.Errorf("%s (-want +got):\n%s\n%s", name, d, got)
		}
		if again := s.String(got); again != got {
			t.Errorf("%s: masked twice: %q, then %q", name, got, again)
		}
	}
}

// strip takes the digits of hashes away; that equal values have equal ones is tested below.
func strip(text string) string {
	for {
		a, rest, ok := strings.Cut(text, "[Filtered:")
		if i := strings.IndexByte(rest, ']'); ok && i == 8 && strings.Trim(rest[:8], "0123456789abcdef") == "" {
			text = a + "[hash]" + rest[i+1:]
			continue
		}
		return text
	}
}

// TestHashes: equal values have equal hashes in text and in data, different ones do not,
// and another key gives others.
func TestHashes(t *testing.T) {
	with := func(key HashKey) *Scrubber {
		return mustNew(t, func(c *Config) { c.Hash, c.HashKey = []string{"password"}, key })
	}
	s := with(hashKey)
	a, b := s.String("password=hun"+"ter2"), s.String("password=hun"+"ter3")
	e := s.Event(&event.Event{Extra: map[string]any{"password": "hun" + "ter2"}}).Event()
	switch {
	case a == b, a != s.String("password=hun"+"ter2"):
		t.Errorf("%s and %s", a, b)
	case "password="+e.Extra["password"].(string) != a:
		t.Errorf("%s in text, %v in data", a, e.Extra["password"])
	case with(hashKey+"2").String("password=hun"+"ter2") == a:
		t.Error("the key makes no difference")
	case strings.Contains(a, "ter2"):
		t.Error(a)
	}
}

// TestHashKeyIsHidden: whatever prints a configuration, the key is not in it.
func TestHashKeyIsHidden(t *testing.T) {
	c := DefaultConfig()
	c.HashKey = hashKey
	y, err := c.HashKey.MarshalYAML()
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v %#v %s", c, c, c.HashKey), string(mustJSON(c)), fmt.Sprint(y, err)} {
		if strings.Contains(text, string(hashKey)) {
			t.Error(text)
		}
	}
}

// TestFieldRules: a rule that names fields acts on these and on no others.
func TestFieldRules(t *testing.T) {
	make := func() *event.Event {
		return &event.Event{
			EventID: "e", ServerName: "db-7", Transaction: "/pay",
			User:        &event.User{ID: "7", Email: "bob@example.com"},
			Tags:        map[string]string{"customer": "bob", "region": "eu"},
			Extra:       map[string]any{"customer": map[string]any{"name": "Bob", "age": 41, "tags": []any{"a", "b"}}, "n": 3},
			Exception:   &event.Exceptions{Values: []event.Exception{{Type: "Boom", Value: "for emp-123456"}}},
			Breadcrumbs: &event.Breadcrumbs{Values: []event.Breadcrumb{{Message: "hello", Data: map[string]any{"customer": "bob"}}}},
			Request:     &event.Request{URL: "https://x/y", Headers: map[string]string{"X-Account": "17", "Accept": "*/*"}},
		}
	}
	for name, tc := range map[string]struct {
		rule   Rule
		change func(e *event.Event)
	}{
		"a string":        {Rule{Fields: []string{"server_name"}}, func(e *event.Event) { e.ServerName = "[Filtered]" }},
		"under a pointer": {Rule{Fields: []string{"user.email"}}, func(e *event.Event) { e.User.Email = "[Filtered]" }},
		"a header":        {Rule{Fields: []string{"request.headers.x-account"}}, func(e *event.Event) { e.Request.Headers["X-Account"] = "[Filtered]" }},
		"all of an object": {Rule{Fields: []string{"extra.customer"}}, func(e *event.Event) {
			e.Extra["customer"] = map[string]any{"name": "[Filtered]", "age": "[Filtered]", "tags": []any{"[Filtered]", "[Filtered]"}}
		}},
		"one member": {Rule{Fields: []string{"extra.*.age"}}, func(e *event.Event) { e.Extra["customer"].(map[string]any)["age"] = "[Filtered]" }},
		"anywhere": {Rule{Fields: []string{"**.customer"}, Replace: "[who]"}, func(e *event.Event) {
			e.Tags["customer"], e.Breadcrumbs.Values[0].Data["customer"] = "[who]", "[who]"
			e.Extra["customer"] = map[string]any{"name": "[who]", "age": "[who]", "tags": []any{"[who]", "[who]"}}
		}},
		"removed":       {Rule{Fields: []string{"tags.customer", "extra.customer.name"}, Action: ActionRemove}, func(e *event.Event) { delete(e.Tags, "customer"); delete(e.Extra["customer"].(map[string]any), "name") }},
		"what matches":  {Rule{Fields: []string{"exception.value"}, Regex: `[0-9]+`}, func(e *event.Event) { e.Exception.Values[0].Value = "for emp-[Filtered]" }},
		"in crumbs":     {Rule{Fields: []string{"breadcrumbs.message"}, Action: ActionRemove}, func(e *event.Event) { e.Breadcrumbs.Values[0].Message = "" }},
		"nothing there": {Rule{Fields: []string{"contexts.app.x", "user.name"}}, func(e *event.Event) {}},
	} {
		tc.rule.ID = "r"
		s := mustNew(t, func(c *Config) { c.Rules = []Rule{tc.rule} })
		want := make()
		tc.change(want)
		if d := cmp.Diff(want, s.Event(make()).Event()); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if d := cmp.Diff(want, s.Event(want).Event()); d != "" {
			t.Errorf("%s, twice (-want +got):\n%s", name, d)
		}
	}
}

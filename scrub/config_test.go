package scrub

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tracetail/tracetail/internal/event"
)

func TestConfigErrors(t *testing.T) {
	rule := func(f func(*Rule)) func(*Config) {
		return func(c *Config) {
			r := Rule{ID: "emp", Keywords: []string{"emp-"}, Regex: `emp-[0-9]{6}`}
			f(&r)
			c.Rules = []Rule{r}
		}
	}
	for _, tc := range []struct {
		change func(*Config)
		want   string // beginning of the error
	}{
		{func(c *Config) { c.Replacement = "" }, "replacement: "},
		{func(c *Config) { c.Replacement = `a"b` }, "replacement: "},
		{func(c *Config) { c.Replacement = "a b" }, "replacement: "},
		{func(c *Config) { c.Replacement = "a\nb" }, "replacement: "},
		{func(c *Config) { c.Replacement = strings.Repeat("x", 65) }, "replacement: "},
		{func(c *Config) { c.Replacement = "<gone" }, "replacement: "},
		{func(c *Config) { c.Replacement = "a{b}" }, "replacement: "},
		{func(c *Config) { c.Groups = []string{"secrets", "secret"} }, `groups[1]: "secret" is no group`},
		{func(c *Config) { c.Keys.Add = []string{"ok_key", "a b"} }, `keys.add[1]: "a b"`},
		{func(c *Config) { c.Keys.Add = []string{"*"} }, "keys.add[0]: "},
		{func(c *Config) { c.Keys.Remove = []string{"passwort1"} }, `keys.remove[0]: "passwort1"`},
		{func(c *Config) { c.Allow.Values = []string{""} }, "allow.values[0]: "},
		{func(c *Config) { c.Allow.Keys = []string{"a=b"} }, "allow.keys[0]: "},
		{rule(func(r *Rule) { r.ID = "" }), "rules[0].id: "},
		{rule(func(r *Rule) { r.Keywords, r.Regex = nil, "[0-9]{3}-[a-z]{2}" }), "rules[0].keywords: are missing"},
		{rule(func(r *Rule) { r.Keywords, r.Regex = nil, "(abc|de)[0-9]" }), "rules[0].keywords: are missing"},
		{rule(func(r *Rule) { r.Action = "mask" }), `rules[0].action: "mask" is none`},
		{rule(func(r *Rule) { r.Action = ActionHash }), "rules[0].action: hash needs a key"},
		{rule(func(r *Rule) { r.ID = "a b" }), "rules[0].id: "},
		{rule(func(r *Rule) { r.Fields = []string{"extra..x"} }), "rules[0].fields[0]: "},
		{rule(func(r *Rule) { r.Fields = []string{"event_id"} }), "rules[0].fields[0]: "},
		{rule(func(r *Rule) { r.Fields = []string{"extras.x"} }), `rules[0].fields[0]: "extras" is no field`},
		{func(c *Config) { c.Presets = []string{"hipaa"} }, `presets[0]: "hipaa"`},
		{func(c *Config) { c.Hash = []string{"password"} }, "hash: password needs a key"},
		{func(c *Config) { c.Hash, c.HashKey = []string{"card"}, hashKey }, "hash[0]: "},
		{func(c *Config) { c.Hash, c.HashKey = []string{"cards"}, hashKey }, `hash[0]: "cards" is no detector`},
		{func(c *Config) { c.Label, c.Replacement = true, "***" }, `replacement: "***" has no closing bracket`},
		{func(c *Config) { c.Allow.Literals = []string{"abc"} }, "allow.literals[0]: "},
		{rule(func(r *Rule) { r.Keywords = []string{"emp-", "e"} }), "rules[0].keywords[1]: "},
		{rule(func(r *Rule) { r.Regex = "(" }), "rules[0].regex: "},
		{rule(func(r *Rule) { r.Regex = "x*" }), "rules[0].regex: "},
		{rule(func(r *Rule) { r.Replace = "emp-000000" }), "rules[0].replace: "},
		{rule(func(r *Rule) { r.Replace = "a b" }), "rules[0].replace: "},
		{func(c *Config) {
			r := Rule{ID: "a", Keywords: []string{"abc"}, Regex: "abc"}
			c.Rules = []Rule{r, r}
		}, `rules[1].id: "a" is the id of rules[0]`},
	} {
		cfg := DefaultConfig()
		tc.change(&cfg)
		_, err := New(cfg)
		if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("got %v, want %s...", err, tc.want)
		}
	}
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
}

func TestDisabled(t *testing.T) {
	s := mustNew(t, func(c *Config) { c.Enabled = false })
	in := "password=hun" + "ter2"
	if got := s.String(in); got != in {
		t.Errorf("got %q", got)
	}
	e := &event.Event{Extra: map[string]any{"password": in}}
	if got := s.Event(e).Event().Extra["password"]; got != in {
		t.Errorf("got %q", got)
	}
}

func TestChanges(t *testing.T) {
	card := "4111" + "111111111111"
	for name, tc := range map[string]struct {
		change   func(*Config)
		in, want string
	}{
		"replacement":       {func(c *Config) { c.Replacement = "***" }, "password=abc token=def1 " + card, "password=*** token=*** ***"},
		"angle brackets":    {func(c *Config) { c.Replacement = "<hidden>" }, `{"password":"abc1"} password=x1 y`, `{"password":"<hidden>"} password=<hidden> y`},
		"round brackets":    {func(c *Config) { c.Replacement = "(gone)" }, `{"password":"abc1"} pwd=x1 y`, `{"password":"(gone)"} pwd=(gone) y`},
		"curly brackets":    {func(c *Config) { c.Replacement = "{gone}" }, `{"password":"abc1"} pwd=x1 y`, `{"password":"{gone}"} pwd={gone} y`},
		"no cards":          {func(c *Config) { c.Groups = []string{GroupSecrets} }, "password=abc pan=" + card, "password=[Filtered] pan=" + card},
		"cards only":        {func(c *Config) { c.Groups = []string{GroupCards} }, "password=abc pan=" + card, "password=abc pan=[Filtered]"},
		"nothing":           {func(c *Config) { c.Groups = nil }, "password=abc " + card, "password=abc " + card},
		"key added":         {func(c *Config) { c.Keys.Add = []string{"Badge"} }, "badge=7 badges=7", "badge=[Filtered] badges=7"},
		"key removed":       {func(c *Config) { c.Keys.Remove = []string{"api_key"} }, "apikey=abc api-key=abc secret=abc", "apikey=abc api-key=abc secret=[Filtered]"},
		"key allowed":       {func(c *Config) { c.Allow.Keys = []string{"Test_Password"} }, "test_password=abc my_password=abc", "test_password=abc my_password=[Filtered]"},
		"value allowed":     {func(c *Config) { c.Allow.Values = []string{"sk_test_EXAMPLE1234", "abc"} }, "key sk_test_EXAMPLE1234 password=abc password=abcd", "key sk_test_EXAMPLE1234 password=abc password=[Filtered]"},
		"token under allow": {func(c *Config) { c.Allow.Keys = []string{"password"} }, "password=ghp_" + "0123456789abcdefghijABCDEFGHIJ012345", "password=[Filtered]"},
	} {
		s := mustNew(t, tc.change)
		if got := s.String(tc.in); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
		if got := s.String(tc.want); got != tc.want {
			t.Errorf("%s: masked twice: %q", name, got)
		}
	}
}

func TestRules(t *testing.T) {
	s := mustNew(t, func(c *Config) {
		c.Rules = []Rule{
			{ID: "emp", Keywords: []string{"EMP-"}, Regex: `emp-[0-9]{6}`, Replace: "[employee]"},
			{ID: "badge", Keywords: []string{"badge"}, Regex: `(?i)badge no\. ([0-9]+)`},
			{ID: "tail", Keywords: []string{"-corp"}, Regex: `[a-z]+-corp`},
		}
	})
	far := strings.Repeat(" far away ", 200)
	for in, want := range map[string]string{
		"by emp-123456 and emp-654321":                       "by [employee] and [employee]",
		"emp-12345":                                          "emp-12345",
		"Badge no. 17, badge no. 18":                         "Badge no. [Filtered], badge no. [Filtered]",
		"from acme-corp":                                     "from [Filtered]",
		"no. 17":                                             "no. 17",
		"emp-123456\nemp-12\nemp-777777\n":                   "[employee]\nemp-12\n[employee]\n",
		far + "emp-123456" + far + "emp-654321" + far:        far + "[employee]" + far + "[employee]" + far,
		"password=abc emp-123456 " + "4111" + "111111111111": "password=[Filtered] [employee] [Filtered]",
	} {
		if got := s.String(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
		if got := s.String(want); got != want {
			t.Errorf("%q masked twice became %q", want, got)
		}
	}
	report := s.Stats().Report()
	if report["rule:emp"] != 7 || report["rule:badge"] != 2 || report["rule:tail"] != 1 {
		t.Errorf("counted %v", report)
	}
}

func TestStats(t *testing.T) {
	s := mustNew(t)
	s.String("password=abc password=def secret=x1")
	s.Event(&event.Event{Extra: map[string]any{"password": "abc", "n": "token=abc"}})
	want := map[string]uint64{"password": 3, "secret": 1, "token": 1}
	if d := cmp.Diff(want, s.Stats().Report()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

package scrub

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// FuzzScrub: no input makes the scrubber panic, masking twice is masking once, JSON
// stays JSON, UTF-8 stays UTF-8, and no more is walked than a multiple of the text.
func FuzzScrub(f *testing.F) {
	for _, sp := range specimens() {
		for _, tr := range sp.trials()[:min(4, len(sp.trials()))] {
			f.Add([]byte(tr.text))
		}
		for _, text := range sp.misses {
			f.Add([]byte(text))
		}
	}
	for _, a := range adversaries {
		f.Add([]byte(a[:min(len(a), 200)]))
	}
	s := mustNew(f)
	all := mustNew(f, func(c *Config) { c.Groups = allGroups; c.CardKeepLast4 = true })
	stamped := mustNew(f, func(c *Config) {
		c.Label, c.Hash, c.HashKey = true, []string{"password", "jwt"}, hashKey
		c.Rules = []Rule{{ID: "emp", Regex: `emp-[0-9]{6}`, Action: ActionHash}}
	})
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, s := range []*Scrubber{s, all, stamped} {
			checkInvariants(t, s, text)
		}
	})
}

func checkInvariants(t *testing.T, s *Scrubber, text []byte) {
	t.Helper()
	before := bytes.Clone(text)
	out := bytes.Clone(s.Bytes(nil, text))
	if !bytes.Equal(text, before) {
		t.Fatalf("the text was written to: %q", before)
	}
	if n := s.stats.Report()["panic"]; n > 0 {
		t.Fatalf("a verifier panicked over %q", text)
	}
	if again := s.Bytes(nil, out); !bytes.Equal(again, out) {
		t.Fatalf("masked twice:\n%q\n%q\n%q", text, out, again)
	}
	if utf8.Valid(text) && !utf8.Valid(out) {
		t.Fatalf("no longer UTF-8:\n%q\n%q", text, out)
	}
	if i := skipSpace(text, 0); i < len(text) && (text[i] == '{' || text[i] == '[') && json.Valid(text) && !json.Valid(out) {
		t.Fatalf("no longer JSON:\n%s\n%s", text, out)
	}
	if a, b := bytes.Count(text, []byte("\n")), bytes.Count(out, []byte("\n")); a != b {
		t.Fatalf("%d line breaks became %d:\n%q\n%q", a, b, text, out)
	}
	s.find(text)
	if limit := 64*len(text) + 64<<10; s.work > limit {
		t.Fatalf("walked %d bytes over a text of %d", s.work, len(text))
	}
}

package scrub

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// specimen is what a detector must find and what it must leave alone.
type specimen struct {
	detector string
	// hits are texts with § where a secret stands; each is tried with all of secrets.
	// After => stands what is left, if it is more than the § that goes.
	hits []string
	// misses are left as they are by every detector.
	misses []string
	// secrets stand in for §; nil is plainSecrets.
	secrets []string
	// change is applied to the configuration.
	change func(*Config)
}

// plainSecrets are values that need no quotes: words, hashes, other scripts. They are
// put together here so that no scanner of repositories takes them for real ones.
var plainSecrets = []string{
	"hun" + "ter2", "Canary9" + "f00dcafe!", "correct-horse" + "-battery", "Tr0ub4dor" + "$3^x", "пароль" + "секрет1",
	"$2b$12$" + "R9h/cIPz0gi.URNNX3kh2OPST9/PgBkq", "8417" + "0362", "aGVsbG8g" + "d29ybGQK==", "x?y*z" + "+w~v",
}

// quotedSecrets need quotes.
var quotedSecrets = append(slices.Clone(plainSecrets), "two "+"words", "semi;colon, (and) [br] {ck} & <more>", "it's "+"here")

// strongSecrets look like secrets by themselves.
var strongSecrets = []string{"Canary9" + "f00dcafe", "q8W3e7R1" + "t5Y9u2I4o6P0", "abcdEFGHijklMNOPqrstUVWXyz", "1f9a" + "77c0b3d4e5f6a7b8c9d0e1f2a3b4"}

func specimens() []specimen {
	return slices.Concat(keySpecimens, vetoSpecimens, headerSpecimens, urlSpecimens, commandSpecimens, pemSpecimens,
		cardSpecimens, ibanSpecimens, tokenSpecimens(), personSpecimens)
}

// trial is one hit with one secret in it.
type trial struct{ text, want, secret string }

func (sp specimen) trials() (all []trial) {
	secrets := sp.secrets
	if secrets == nil {
		secrets = plainSecrets
	}
	for _, h := range sp.hits {
		text, want, ok := strings.Cut(h, " => § ")
		if !ok {
			text, want = h, h
		}
		for _, secret := range secrets {
			all = append(all, trial{
				text:   strings.ReplaceAll(text, "§", secret),
				want:   strings.ReplaceAll(want, "§", DefaultReplacement),
				secret: secret,
			})
		}
	}
	return all
}

// some returns at most n of the trials, spread over all of them.
func (sp specimen) some(n int) (few []trial) {
	all := sp.trials()
	step := max(1, len(all)/n)
	for i := 0; i < len(all); i += step {
		few = append(few, all[i])
	}
	return few
}

func (sp specimen) scrubber(tb testing.TB) *Scrubber {
	if sp.change == nil {
		return standard().Clone()
	}
	return mustNew(tb, sp.change)
}

// standard is a scrubber with the default configuration, made once.
var standard = sync.OnceValue(func() *Scrubber {
	s, err := New(DefaultConfig())
	if err != nil {
		panic(err)
	}
	return s
})

// leak returns a piece of four bytes or more of the secret that is left in out but did
// not stand in the text beside the secret.
func leak(text, out, secret string) string {
	around := strings.ReplaceAll(text, secret, "")
	for i := 0; i+4 <= len(secret); i++ {
		if piece := secret[i : i+4]; strings.Contains(out, piece) && !strings.Contains(around, piece) {
			return piece
		}
	}
	if len(secret) < 4 && strings.Count(out, secret) > strings.Count(around, secret) {
		return secret
	}
	return ""
}

func TestHits(t *testing.T) {
	for _, sp := range specimens() {
		s := sp.scrubber(t)
		for _, tr := range sp.trials() {
			out := s.String(tr.text)
			if piece := leak(tr.text, out, tr.secret); piece != "" {
				t.Errorf("%s: %q leaks %q: %q", sp.detector, tr.text, piece, out)
				continue
			}
			if d := cmp.Diff(tr.want, out); d != "" {
				t.Errorf("%s: %q (-want +got):\n%s", sp.detector, tr.text, d)
			}
			marks := s.Marks(nil, []byte(tr.text))
			if !slices.ContainsFunc(marks, func(m Mark) bool { return m.Detector == sp.detector }) {
				t.Errorf("%s: %q was masked by %v", sp.detector, tr.text, marks)
			}
			if again := s.String(out); again != out {
				t.Errorf("%s: %q masked twice is %q", sp.detector, out, again)
			}
			if utf8.ValidString(tr.text) && !utf8.ValidString(out) {
				t.Errorf("%s: %q is no longer UTF-8: %q", sp.detector, tr.text, out)
			}
		}
	}
}

func TestMisses(t *testing.T) {
	for _, sp := range specimens() {
		s := sp.scrubber(t)
		for _, text := range sp.misses {
			if out := s.String(text); out != text {
				t.Errorf("%s: %q became %q by %v", sp.detector, text, out, s.Marks(nil, []byte(text)))
			}
		}
	}
}

// wrappings put a text where others put it: behind a log header, into JSON once and
// twice, between quotes, before a full stop, after an escaped line break or a colour.
var wrappings = []struct{ name, before, after string }{
	{"log line", "2026-11-22 05:30:00,123 INFO [main] com.acme.Shop - ", ""},
	{"then more", "", " and then more"},
	{"JSON string", `{"level":"info","msg":"`, `","n":1}`},
	{"JSON in JSON", `{"log":"{\"msg\":\"`, `\"}"}`},
	{"escaped line break", `first line\n`, `\nlast line`},
	{"colour", "\x1b[32m", "\x1b[0m"},
	{"line before", "an ordinary line\n", ""},
	{"line after", "", "\nan ordinary line"},
	{"CRLF", "", "\r\n"},
}

// TestWrapped sends the hits that hold no quotes, breaks or backslashes of their own
// through the wrappings: the secret must go there too.
func TestWrapped(t *testing.T) {
	seen := map[string]bool{}
	for _, sp := range specimens() {
		s := sp.scrubber(t)
		for _, tr := range sp.some(60) {
			if strings.ContainsAny(tr.text, "\"'\\\n\r`") {
				continue
			}
			for _, w := range wrappings {
				text := w.before + tr.text + w.after
				out := s.String(text)
				complain := func(what string) {
					if id := sp.detector + w.name + what; !seen[id] { // one of a kind is enough to read
						seen[id] = true
						t.Errorf("%s, %s: %s: %q became %q", sp.detector, w.name, what, text, out)
					}
				}
				if len(tr.secret) > 3 && leak(text, out, tr.secret) != "" {
					complain("leak")
				}
				toEnd := sp.detector == "authorization" && w.name == "then more" // a header goes to the end of the line
				if !toEnd && (!strings.HasPrefix(out, w.before) || !strings.HasSuffix(out, w.after)) {
					complain("lost what stands around")
				}
				if s.String(out) != out {
					complain("masked twice is not masked once")
				}
			}
		}
	}
}

// TestEveryDetectorHasSpecimens: no detector without texts it must find and texts it must
// leave alone.
func TestEveryDetectorHasSpecimens(t *testing.T) {
	hits, misses := map[string]int{}, map[string]int{}
	for _, sp := range specimens() {
		hits[sp.detector] += len(sp.hits)
		misses[sp.detector] += len(sp.misses)
	}
	names := map[string]bool{}
	for d, name := range detectorNames {
		switch detector(d) {
		case detPanic, detUnknown, detUserKey: // no text is theirs; they have tests of their own
		default:
			names[name] = true
		}
	}
	for _, row := range builtinTokens {
		names[row.name] = true
	}
	for _, row := range innerTokens {
		names[row.name] = true
	}
	for _, row := range webhooks {
		names[row.name] = true
	}
	for name := range names {
		if hits[name] == 0 {
			t.Errorf("%s has no text that it must find", name)
		}
		if misses[name] == 0 {
			t.Errorf("%s has no text that it must leave alone", name)
		}
	}
}

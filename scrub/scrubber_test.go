package scrub

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tracetail/tracetail/internal/event"
	"pgregory.net/rapid"
)

// TestOrdinaryLinesStay: nothing is marked in lines without secrets, one by one and as
// one text, and the very same bytes come back.
func TestOrdinaryLinesStay(t *testing.T) {
	s := mustNew(t)
	lines := newLineMaker(11).lines(1<<20, 0)
	for _, l := range append(lines, joinLines(lines)) {
		if out := s.Bytes(nil, l); &out[0] != &l[0] || len(out) != len(l) {
			t.Fatalf("%.300q became %.300q", l, out)
		}
	}
	if r := s.Stats().Report(); len(r) > 0 {
		t.Errorf("counted %v", r)
	}
}

// TestDirtyLinesLoseTheirSecrets: of every line only the secret goes.
func TestDirtyLinesLoseTheirSecrets(t *testing.T) {
	s := mustNew(t)
	m := newLineMaker(12)
	for range 5000 {
		extra, secret := m.secret()
		secret = strings.ReplaceAll(secret, " ", "+")
		line := m.line(strings.ReplaceAll(extra, " ", "+"))
		out := s.String(line)
		if piece := leak(line, out, secret); piece != "" {
			t.Fatalf("%q leaks %q: %q", line, piece, out)
		}
	}
}

// TestBlocksAreLines: a text of many lines is masked as its lines are.
func TestBlocksAreLines(t *testing.T) {
	s := mustNew(t)
	rapid.Check(t, func(t *rapid.T) {
		m := newLineMaker(rapid.Uint64().Draw(t, "seed"))
		lines := m.lines(rapid.IntRange(1, 40<<10).Draw(t, "size"), rapid.SampledFrom([]float64{0, 0.05, 0.5, 1}).Draw(t, "share"))
		var want []byte
		for _, l := range lines {
			want = append(append(want, s.Bytes(nil, l)...), '\n')
		}
		if d := cmp.Diff(string(want), string(s.Bytes(nil, joinLines(lines)))); d != "" {
			t.Fatalf("lines (-) and block (+) differ:\n%s", d)
		}
	})
}

// TestEveryOffset moves a secret through a text, so that it stands across the borders
// of windows and of the quarters of the four cursors.
func TestEveryOffset(t *testing.T) {
	s := mustNew(t)
	secret := "hun" + "ter2"
	for _, size := range []int{0, 40, 70, 150, window - 100} {
		for pad := range 130 {
			text := strings.Repeat("x", pad) + " api_key=" + secret + " " + strings.Repeat("y", size)
			want := strings.Replace(text, secret, DefaultReplacement, 1)
			if got := s.String(text); got != want {
				t.Fatalf("at %d of %d: %q", pad, len(text), got)
			}
		}
	}
	for off := window - 60; off < window+20; off++ {
		text := strings.Repeat("x", off) + " api_key=" + secret
		if got := s.String(text); strings.Contains(got, secret) {
			t.Fatalf("at %d: %q", off, got[off-20:])
		}
	}
}

func TestDst(t *testing.T) {
	s := mustNew(t)
	dst := make([]byte, 3, 1024)
	text := []byte("password=hun" + "ter2")
	out := s.Bytes(dst, text)
	if string(out) != "password=[Filtered]" || &out[0] != &dst[0] {
		t.Errorf("got %q, not in the slice given", out)
	}
	if string(text) != "password=hun"+"ter2" {
		t.Errorf("the text became %q", text)
	}
	if out := s.Bytes(nil, nil); len(out) != 0 {
		t.Errorf("nothing became %q", out)
	}
}

func TestAllocations(t *testing.T) {
	s := mustNew(t)
	clean := newLineMaker(1).lines(64<<10, 0)
	dirty := newLineMaker(1).lines(64<<10, 1)
	texts := make([]string, len(clean))
	for i, l := range clean {
		texts[i] = string(l)
	}
	dst := make([]byte, 0, 4096)
	run := map[string]func(){
		"clean bytes":  func() { each(clean, func(l []byte) { s.Bytes(nil, l) }) },
		"clean string": func() { each(texts, func(l string) { s.String(l) }) },
		"dirty bytes":  func() { each(dirty, func(l []byte) { s.Bytes(dst, l) }) },
	}
	for name, f := range run {
		f()
		if n := testing.AllocsPerRun(5, f); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func each[T any](all []T, f func(T)) {
	for _, v := range all {
		f(v)
	}
}

// TestFailsClosed: a text over which a verifier panics is replaced as a whole.
func TestFailsClosed(t *testing.T) {
	s := mustNew(t)
	broken := *s.tables
	broken.keys = nil // every key that is found is out of range
	s.tables = &broken
	if got := s.String("user=bob password=hun" + "ter2"); got != DefaultReplacement {
		t.Errorf("got %q", got)
	}
	if got := s.String("nothing here"); got != "nothing here" {
		t.Errorf("got %q", got)
	}
	if n := s.Stats().Report()["panic"]; n != 1 {
		t.Errorf("%d panics counted", n)
	}
}

// bomb fails when it is turned into JSON.
type bomb struct{}

func (bomb) MarshalJSON() ([]byte, error) { panic("boom") }

func TestEventFailsClosed(t *testing.T) {
	s := mustNew(t)
	c := s.Event(&event.Event{EventID: "7", Level: event.Error, LogEntry: &event.LogEntry{Formatted: "hun" + "ter2"}, Extra: map[string]any{"x": bomb{}, "y": "hun" + "ter2"}})
	want := &event.Event{EventID: "7", Level: event.Error, LogEntry: &event.LogEntry{Formatted: DefaultReplacement}}
	if d := cmp.Diff(want, c.Event()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestClone(t *testing.T) {
	s := mustNew(t)
	lines := newLineMaker(3).lines(64<<10, 0.5)
	want := bytes.Clone(s.Bytes(nil, joinLines(lines)))
	before := s.Stats().Report()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := s.Clone().Bytes(nil, joinLines(lines)); !bytes.Equal(got, want) {
				t.Error("a clone masks differently")
			}
		})
	}
	wg.Wait()
	for name, n := range s.Stats().Report() {
		if n != 5*before[name] {
			t.Errorf("%s: %d, want 5 times %d", name, n, before[name])
		}
	}
}

func TestMarks(t *testing.T) {
	s := mustNew(t)
	got := s.Marks(nil, []byte("a password=hun"+"ter2 card 4111"+"111111111111"))
	want := []Mark{{"password", 11, 18}, {"card", 24, 40}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if len(s.Stats().Report()) != 0 {
		t.Error("looking counts as masking")
	}
}

// TestInvalidUTF8: bytes that are no UTF-8 stay as they are outside of marks.
func TestInvalidUTF8(t *testing.T) {
	s := mustNew(t)
	in := "\xff\xfe password=hun\xc3ter2 \x80\xff"
	if got, want := s.String(in), "\xff\xfe password=[Filtered] \x80\xff"; got != want {
		t.Errorf("got %q", got)
	}
}

// TestUntilNothingIsLeft: what a replacement brings to light is masked at once.
func TestUntilNothingIsLeft(t *testing.T) {
	s := mustNew(t)
	card := "4111" + "1111" + "1111" + "1111"
	token := "sk_live_" + "0123456789abcdef"
	for in, want := range map[string]string{
		card + "-" + token:                         "[Filtered]-[Filtered]",
		"x " + card + "-" + token + " and " + card: "x [Filtered]-[Filtered] and [Filtered]",
	} {
		for _, around := range []string{"", strings.Repeat("an ordinary line\n", 400)} { // a long text is looked at by lines
			if got := s.String(around + in + "\n" + around); got != around+want+"\n"+around {
				t.Errorf("%q became %q", in, s.String(in))
			}
		}
	}
}

func TestOverlaps(t *testing.T) {
	s := mustNew(t)
	for in, want := range map[string]string{
		"password=ghp_" + "0123456789abcdefghijABCDEFGHIJ012345!x": "password=[Filtered]",
		"token=a,secret=b1":                                                     "token=[Filtered],secret=[Filtered]",
		"https://u:" + "hun" + "ter2@h/?token=" + "abc":                         "https://u:[Filtered]@h/?token=[Filtered]",
		`{"password":"4111` + `111111111111","n":4111` + `111111111111}`:        `{"password":"[Filtered]","n":"[Filtered]"}`,
		"Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc1234567": "Authorization: Bearer [Filtered]",
	} {
		if got := s.String(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

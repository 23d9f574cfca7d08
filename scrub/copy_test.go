package scrub

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// TestCopy: whatever pieces the text arrives in, it is masked as it would be as one.
func TestCopy(t *testing.T) {
	s := mustNew(t)
	lines := newLineMaker(4).lines(600<<10, 0.1)
	text := string(joinLines(lines)) + pemText("RSA PRIVATE KEY", pemBody) + "\nlast line, password=hun" + "ter2"
	want := s.String(text)
	for name, r := range map[string]io.Reader{
		"at once":      strings.NewReader(text),
		"byte by byte": iotest.OneByteReader(strings.NewReader(text[len(text)-4000:])),
		"halves":       iotest.HalfReader(strings.NewReader(text)),
		"EOF early":    iotest.DataErrReader(strings.NewReader(text)),
	} {
		var out bytes.Buffer
		if err := s.Clone().Copy(&out, r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d := cmp.Diff(want[len(want)-2000:], out.String()[out.Len()-2000:]); d != "" {
			t.Errorf("%s: -want +got:\n%s", name, d)
		}
		if name != "byte by byte" && out.String() != want {
			t.Errorf("%s: the text differs", name)
		}
	}
}

// TestCopyEndlessLine: a line without an end is copied in pieces, and not through a
// secret.
func TestCopyEndlessLine(t *testing.T) {
	s := mustNew(t)
	unit := strings.Repeat("x", 50) + " password=hun" + "ter2 "
	text := strings.Repeat(unit, (9<<20)/len(unit))
	var out bytes.Buffer
	if err := s.Copy(&out, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(out.String(), "password=[Filtered] "), (9<<20)/len(unit); got != want {
		t.Errorf("%d of %d masked", got, want)
	}
	if strings.Contains(out.String(), "ter2") {
		t.Error("a secret was cut in two")
	}
}

func TestCopyErrors(t *testing.T) {
	s := mustNew(t)
	boom := errors.New("boom")
	var out bytes.Buffer
	err := s.Copy(&out, io.MultiReader(strings.NewReader("a password=hun"+"ter2\nb"), iotest.ErrReader(boom)))
	if !errors.Is(err, boom) || out.String() != "a password=[Filtered]\nb" {
		t.Errorf("got %v after %q", err, out.String())
	}
	r, w := io.Pipe()
	r.CloseWithError(boom)
	if err := s.Copy(w, strings.NewReader("x")); !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
	if err := s.Copy(io.Discard, strings.NewReader("")); err != nil {
		t.Error(err)
	}
}

package trace

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestMarksLoseNothing asks every language that has marks about every line of all
// specimens: what it opens with unasked for marks, it must open with them.
func TestMarksLoseNothing(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.log")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no specimens: %v", err)
	}
	for _, marked := range Languages() {
		free := marked
		free.Marks = nil
		if len(marked.Marks) > 0 {
			compareOpenings(t, marked, free, files)
		}
	}
}

func compareOpenings(t *testing.T, marked, free Language, files []string) {
	with, err := NewSet([]Language{marked}, nil)
	if err != nil {
		t.Fatal(err)
	}
	without, err := NewSet([]Language{free}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range bytes.Split(text, []byte("\n")) {
			_, _, got := with.Opening(line, true)
			if _, _, want := without.Opening(line, true); got != want {
				t.Errorf("%s:%d: the marks of %s turn away %.120q", name, i+1, marked.Name, line)
			}
		}
	}
}

func TestMarks(t *testing.T) {
	var m marks
	m.add([]string{":9", "Error: "}, 0)
	m.add([]string{"[9"}, 1)
	m.add([]string{"(", markDense + "["}, 2)
	m.add([]string{")\n", ":\n"}, 3)
	m.add(nil, 4)
	const always = 1 << 4
	for _, c := range []struct {
		line string
		want uint64
	}{
		{"x", always},
		{"pay.rb:5", always | 1},
		{"pay.rb:", always | 1<<3},
		{"KeyError: no", always | 1},
		{"Error:no", always},
		{"pay[7]: x", always | 1<<1 | 1<<2},
		{" [x", always},
		{"pay[", always | 1<<2},
		{"f(", always | 1<<2},
		{"f(x)  ", always | 1<<2 | 1<<3},
		{"a: b: c:9", always | 1},
	} {
		if got := m.of([]byte(c.line)); got != c.want {
			t.Errorf("marks of %q are %b, want %b", c.line, got, c.want)
		}
	}
}

func TestLanguagesFitTheMarks(t *testing.T) {
	if n := len(Languages()); n > 64 {
		t.Errorf("%d languages; the set of marks has room for 64", n)
	}
}

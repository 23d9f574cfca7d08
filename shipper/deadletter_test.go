package shipper

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func letter(n int) DeadLetter {
	return DeadLetter{EventID: eventID(n), Destination: "h/1", Dest: 1 << 63, Category: "error", Status: 400, Answer: "400 Bad Request: no", RefusedAt: noon.Add(time.Duration(n) * time.Second)}
}

func openGraves(t *testing.T, state string, bounds Dead) *deadLetters {
	t.Helper()
	d, err := openDeadLetters(DeadDir(state), bounds)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDeadLetterIsReadBack(t *testing.T) {
	state := t.TempDir()
	d := openGraves(t, state, Dead{MaxFiles: 10, MaxBytes: 1 << 20})
	item := []byte(`{"type":"event","length":2}` + "\n{}")
	name, err := d.bury(letter(1), item)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(DeadDir(state), name))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v: %v", info.Mode(), err)
	}
	if dir, err := os.Stat(DeadDir(state)); err != nil || dir.Mode().Perm() != 0o700 {
		t.Errorf("directory mode %v: %v", dir.Mode(), err)
	}
	got, content, err := ReadDeadLetter(state, name)
	want := letter(1)
	want.File, want.Size = name, info.Size()
	if diff := cmp.Diff(want, got); diff != "" || string(content) != string(item) || err != nil {
		t.Errorf("%s%q %v", diff, content, err)
	}
	v, err := got.envelope(content)
	if err != nil || string(v.item) != string(item) || v.dest != 1<<63 || v.category != CategoryError || v.id[0] != 0xaa {
		t.Errorf("envelope %+v: %v", v, err)
	}
}

func TestDeadLettersAreBounded(t *testing.T) {
	tests := []struct {
		name   string
		bounds Dead
		size   int // of each item
		kept   []int
	}{
		{"by number", Dead{MaxFiles: 3, MaxBytes: 1 << 20}, 10, []int{3, 4, 5}},
		{"by bytes", Dead{MaxFiles: 100, MaxBytes: 3000}, 1200, []int{4, 5}},
		{"none", Dead{MaxFiles: 0, MaxBytes: 1 << 20}, 10, nil},
		{"too large", Dead{MaxFiles: 10, MaxBytes: 100}, 10, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			state := t.TempDir()
			for n := 1; n <= 5; n++ {
				if n == 3 { // the bounds hold over a restart
					for i, l := range mustList(t, state) {
						at := noon.Add(time.Duration(i) * time.Second)
						if err := os.Chtimes(filepath.Join(DeadDir(state), l.File), at, at); err != nil {
							t.Fatal(err)
						}
					}
				}
				d := openGraves(t, state, tt.bounds)
				if _, err := d.bury(letter(n), []byte(strings.Repeat("x", tt.size))); (err != nil) != (tt.kept == nil) {
					t.Fatalf("letter %d: %v", n, err)
				}
			}
			var kept []int
			for _, l := range mustList(t, state) {
				for n := range 6 {
					if l.EventID == eventID(n) {
						kept = append(kept, n)
					}
				}
			}
			if diff := cmp.Diff(tt.kept, kept); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func mustList(t *testing.T, state string) []DeadLetter {
	t.Helper()
	letters, err := DeadLetters(state)
	if err != nil {
		t.Fatal(err)
	}
	return letters
}

func TestDeadLetterRefusedAgainIsOneLetter(t *testing.T) {
	state := t.TempDir()
	d := openGraves(t, state, Dead{MaxFiles: 10, MaxBytes: 1 << 20})
	for _, item := range []string{"first", "second, longer"} {
		if _, err := d.bury(letter(1), []byte(item)); err != nil {
			t.Fatal(err)
		}
	}
	letters := mustList(t, state)
	n, bytes, evicted := d.size()
	if len(letters) != 1 || n != 1 || bytes != letters[0].Size || evicted != 0 {
		t.Errorf("%d letters on disk, %d of %d bytes counted, %d evicted", len(letters), n, bytes, evicted)
	}
}

func TestDeadLettersPassOverWhatIsNone(t *testing.T) {
	state := t.TempDir()
	if letters := mustList(t, state); letters != nil {
		t.Errorf("letters in no directory: %v", letters)
	}
	d := openGraves(t, state, Dead{MaxFiles: 10, MaxBytes: 1 << 20})
	for name, content := range map[string]string{"a.dead": "not JSON\n{}", "b.dead": "", "c.dead": "{}", "README": "x", "d.dead.tmp": "half"} {
		if err := os.WriteFile(filepath.Join(d.dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.bury(letter(1), nil); err != nil {
		t.Fatal(err)
	}
	if letters := mustList(t, state); len(letters) != 1 {
		t.Errorf("%d letters", len(letters))
	}
	openGraves(t, state, Dead{MaxFiles: 10, MaxBytes: 1 << 20})
	if _, err := os.Stat(filepath.Join(d.dir, "d.dead.tmp")); err == nil {
		t.Error("half a letter outlives a restart")
	}
	if _, _, err := ReadDeadLetter(state, "../../etc/passwd"); err == nil {
		t.Error("a name leads out of the directory")
	}
}

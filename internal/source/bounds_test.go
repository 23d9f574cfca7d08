package source

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMonstersCostNoMemory reads what would kill a reader that gathers lines.
func TestMonstersCostNoMemory(t *testing.T) {
	const hole = 10 << 30
	monsters := map[string]struct {
		make func(f *os.File) error
		want []string
		nuls int64
	}{
		"a hole of 10 GiB at the start": {
			make: func(f *os.File) error { return writeAt(f, hole, "after the hole\n") },
			want: []string{fmt.Sprintf("%d-%d|after the hole", hole, hole+15)},
			nuls: hole,
		},
		"a hole of 10 GiB within a line": {
			make: func(f *os.File) error { return writeAt(f, 0, "before\nhalf", hole, "half\nafter\n") },
			want: []string{"0-7|before", "7-10737418245~|half", "after"},
		},
		"a line of 64 MiB": {
			make: func(f *os.File) error {
				for range 1024 {
					if _, err := f.Write(bytes.Repeat([]byte{'x'}, 64<<10)); err != nil {
						return err
					}
				}
				_, err := f.WriteString("\nafter\n")
				return err
			},
			want: []string{"0-67108865~|xxxx", "67108865-67108871|after"},
		},
		"64 MiB of line breaks": {
			make: func(f *os.File) error {
				for range 1024 {
					if _, err := f.Write(bytes.Repeat([]byte{'\n'}, 64<<10)); err != nil {
						return err
					}
				}
				return nil
			},
		},
	}
	for name, m := range monsters {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			f, err := os.Create(filepath.Join(dir, "a.log"))
			if err != nil {
				t.Fatal(err)
			}
			if err := m.make(f); err != nil {
				t.Skipf("the file system cannot hold it: %v", err)
			}
			f.Close()
			c := &briefly{}
			tl, err := New([]Config{testConfig(dir, "a.log")}, nil, func(Info) Consumer { return c }, WithLogger(silentLog()))
			if err != nil {
				t.Fatal(err)
			}
			defer tl.close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			tl.step()
			runtime.ReadMemStats(&after)
			if grown := int64(after.TotalAlloc - before.TotalAlloc); grown > 8<<20 {
				t.Errorf("%d MiB were allocated", grown>>20)
			}
			if r := tl.Report(); r.NULs != m.nuls {
				t.Errorf("%d NULs were skipped, want %d", r.NULs, m.nuls)
			}
			for i, want := range m.want {
				if i >= len(c.lines) || !strings.HasPrefix(c.lines[i], want) && !strings.HasSuffix(c.lines[i], want) {
					t.Errorf("line %d is %.80q, want %q", i, c.lines[min(i, len(c.lines)-1)], want)
				}
			}
		})
	}
}

// writeAt takes pairs of an offset and a text; the first offset may be missing.
func writeAt(f *os.File, parts ...any) error {
	at := int64(0)
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			at = int64(p)
		case string:
			if _, err := f.WriteAt([]byte(p), at); err != nil {
				return err
			}
		}
	}
	return nil
}

// briefly keeps the beginning of the first lines.
type briefly struct{ lines []string }

func (c *briefly) Lines(_ time.Time, lines []Line) {
	for _, l := range lines {
		if len(c.lines) > 9 {
			return
		}
		cut := ""
		if l.Cut {
			cut = "~"
		}
		c.lines = append(c.lines, fmt.Sprintf("%d-%d%s|%.20s", l.Start, l.End, cut, l.Text))
	}
}
func (c *briefly) Idle(time.Time)      {}
func (c *briefly) Deadline() time.Time { return time.Time{} }
func (c *briefly) End(time.Time)       {}

// A writer that drips one byte at a time into a long line must not make the
// reader look at the whole line each time.
func TestDrippingIsLinear(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log")
	c := &briefly{}
	tl, err := New([]Config{testConfig(dir, "a.log")}, nil, func(Info) Consumer { return c }, WithLogger(silentLog()))
	if err != nil {
		t.Fatal(err)
	}
	defer tl.close()
	if err := appendTo(path, strings.Repeat("x", 500_000)); err != nil {
		t.Fatal(err)
	}
	for range 300 {
		tl.step()
		if err := appendTo(path, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := appendTo(path, "\n"); err != nil {
		t.Fatal(err)
	}
	tl.step()
	if r := tl.Report(); r.Bytes > 3*500_301 {
		t.Errorf("%d bytes were read of a file of 500,301", r.Bytes)
	}
	if len(c.lines) != 1 {
		t.Errorf("got %q", c.lines)
	}
}

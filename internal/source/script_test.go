package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestScripts runs the stories under testdata, each named by its situation. A
// story is a list of commands, one a line; a line that begins with ">" is what
// the consumers are told by then:
//
//	write NAME "text"     append to a file (created if missing) and close it
//	open W NAME [at]      keep a writer W open (append; "at": without O_APPEND)
//	print W "text"        write through W; shut W closes it
//	rename A B, copy A B, delete A, truncate A [SIZE], link TARGET NAME,
//	hardlink A B, mkdir A, chmod MODE A, hole A SIZE
//	config KEY VALUE      before the first step
//	step                  look and read until nothing is left to do
//	look                  look only, as if all workers were busy
//	hint A                as inotify does after a write
//	serve                 read what is known to be changed, without looking
//	age A DURATION        make a file older
//	wait DURATION         let time pass, then step
//	restart               forget everything but the stored positions, then step
//	lost N, truncations N, held N, troubles N: check the report
func TestScripts(t *testing.T) {
	stories, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(stories) < 25 {
		t.Fatalf("found %d stories: %v", len(stories), err)
	}
	for _, path := range stories {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			newStory(t).run(string(text))
		})
	}
}

type story struct {
	*testing.T
	dir     string
	cfg     Config
	clock   *clock
	tape    *tape
	tailer  *Tailer
	writers map[string]*os.File
	r       reader
	line    int
}

func newStory(t *testing.T) *story {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &story{T: t, dir: dir, clock: newClock(), tape: &tape{dir: dir}, writers: map[string]*os.File{}}
	s.cfg = testConfig(dir, "*.log*")
	t.Cleanup(func() {
		if s.tailer != nil {
			s.tailer.close()
		}
		for _, w := range s.writers {
			w.Close()
		}
	})
	return s
}

func (s *story) run(text string) {
	var want []string
	check := func() {
		s.Helper()
		if diff := cmp.Diff(want, s.tape.take()); diff != "" {
			s.Fatalf("before line %d (-want +got):\n%s", s.line, diff)
		}
		want = nil
	}
	for i, line := range strings.Split(text, "\n") {
		s.line = i + 1
		line = strings.TrimSpace(line)
		if told, ok := strings.CutPrefix(line, "> "); ok {
			want = append(want, told)
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		check()
		s.command(split(s.T, line))
	}
	s.line++
	check()
}

// split cuts a command into words; a quoted word is a Go string.
func split(t *testing.T, line string) []string {
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if q, err := strconv.QuotedPrefix(line); err == nil {
			text, _ := strconv.Unquote(q)
			words, line = append(words, text), line[len(q):]
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		words, line = append(words, word), rest
	}
	if len(words) == 0 {
		t.Fatal("empty command")
	}
	return words
}

func (s *story) command(w []string) {
	s.Helper()
	arg := func(i int) string {
		if i >= len(w) {
			return ""
		}
		return w[i]
	}
	path := func(i int) string { return filepath.Join(s.dir, arg(i)) }
	var err error
	switch w[0] {
	case "write":
		err = appendTo(path(1), arg(2))
	case "open":
		flag := os.O_WRONLY | os.O_CREATE
		if arg(3) != "at" {
			flag |= os.O_APPEND
		}
		s.writers[arg(1)], err = os.OpenFile(path(2), flag, 0o644)
	case "print":
		_, err = s.writers[arg(1)].WriteString(arg(2))
	case "shut":
		err = s.writers[arg(1)].Close()
	case "rename":
		err = os.Rename(path(1), path(2))
	case "copy":
		err = copyFileTo(path(1), path(2))
	case "delete":
		err = os.RemoveAll(path(1))
	case "truncate":
		size, _ := strconv.ParseInt(arg(2), 0, 64)
		err = os.Truncate(path(1), size)
	case "hole":
		size, _ := strconv.ParseInt(arg(2), 0, 64)
		if err = appendTo(path(1), ""); err == nil {
			err = os.Truncate(path(1), size)
		}
	case "link":
		err = os.Symlink(arg(1), path(2))
	case "hardlink":
		err = os.Link(path(1), path(2))
	case "age":
		var d time.Duration
		d, err = time.ParseDuration(arg(2))
		at := s.clock.now().Add(-d)
		err = errorsJoin(err, os.Chtimes(path(1), at, at))
	case "mkdir":
		err = os.MkdirAll(path(1), 0o755)
	case "wait":
		var d time.Duration
		d, err = time.ParseDuration(arg(1))
		s.clock.advance(d)
		s.step()
	case "config":
		s.configure(arg(1), arg(2))
	case "step":
		s.step()
	case "look":
		s.tailer.scan(s.Context())
	case "hint":
		s.tailer.hint(path(1), true, false)
	case "serve":
		s.tailer.serveAll(&s.r)
	case "restart":
		s.tailer.close()
		s.tailer = nil
		s.step()
	default:
		s.expect(w[0], arg(1))
	}
	if err != nil {
		s.Fatalf("line %d: %v: %v", s.line, w, err)
	}
}

func (s *story) step() {
	s.Helper()
	if s.tailer == nil {
		t, err := New([]Config{s.cfg}, s.tape.known(s), s.tape.open, WithClock(s.clock.now), WithLogger(silentLog()))
		if err != nil {
			s.Fatal(err)
		}
		s.tailer = t
		for _, p := range t.Watched() {
			s.tape.marks = map[string]Position{p.Key(): p}
		}
	}
	s.tailer.step()
}

func (s *story) configure(key, value string) {
	d, _ := time.ParseDuration(value)
	n, _ := strconv.Atoi(value)
	switch key {
	case "paths":
		s.cfg.Paths = []string{filepath.Join(s.dir, value)}
	case "exclude":
		s.cfg.Exclude = append(s.cfg.Exclude, value)
	case "allowed_roots":
		s.cfg.AllowedRoots = []string{filepath.Join(s.dir, value)}
	case "start_at":
		s.cfg.StartAt = StartAt(value)
	case "max_line_bytes":
		s.cfg.MaxLineBytes = n
	case "ignore_older":
		s.cfg.IgnoreOlder = d
	case "compressed":
		s.cfg.Compressed = value == "true"
	case "encoding":
		s.cfg.Encoding = value
	case "max_open_files":
		s.cfg.MaxOpenFiles = n
	case "deadline":
		s.tape.idle = d
	default:
		s.Fatalf("line %d: no such key %s", s.line, key)
	}
}

func (s *story) expect(what, value string) {
	s.Helper()
	r := s.tailer.Report()
	got := map[string]int64{
		"lost": r.Lost, "truncations": r.Truncations, "rotations": r.Rotations, "copies": r.Copies,
		"held": int64(r.Held), "troubles": int64(len(r.Troubles)), "nuls": r.NULs, "followed": int64(r.Followed),
		"cut": r.Cut, "descriptors": r.Descriptors,
	}
	n, known := got[what]
	if !known {
		s.Fatalf("line %d: no such command %s", s.line, what)
	}
	if fmt.Sprint(n) != value {
		s.Fatalf("line %d: %s is %d, want %s\n%+v", s.line, what, n, value, r)
	}
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errorsJoin(err, f.Close())
}

func errorsJoin(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func copyFileTo(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o644)
}

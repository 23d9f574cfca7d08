package source

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The test binary is journalctl as well, if this names a folder with a story for
// each time that it is started: "run.1", "run.2" ... The arguments are noted in "args".
const fakeJournal = "TRACETAIL_FAKE_JOURNAL"

func TestMain(m *testing.M) {
	if dir := os.Getenv(fakeJournal); dir != "" {
		os.Exit(journalctl(dir))
	}
	os.Exit(m.Run())
}

// journalctl plays a story: "entry N TEXT", "raw LINE", "say TEXT" on stderr,
// "exit STATUS", and "wait" until it is told to stop.
func journalctl(dir string) int {
	args, _ := os.ReadFile(filepath.Join(dir, "args"))
	run := strings.Count(string(args), "\n") + 1
	_ = appendTo(filepath.Join(dir, "args"), strings.Join(os.Args[1:], " ")+"\n")
	f, err := os.Open(filepath.Join(dir, fmt.Sprintf("run.%d", run)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "no story")
		return 3
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	for sc := bufio.NewScanner(f); sc.Scan(); {
		word, rest, _ := strings.Cut(sc.Text(), " ")
		switch word {
		case "entry":
			n, text, _ := strings.Cut(rest, " ")
			i, _ := strconv.Atoi(n)
			exported("aa", i, "7", text)
		case "other":
			exported("bb", 1, "7", rest)
		case "own":
			exported("aa", 2, rest, "own")
		case "raw":
			fmt.Println(rest)
		case "long":
			exported("aa", 3, "7", strings.Repeat("x", 300_000))
		case "say":
			fmt.Fprintln(os.Stderr, rest)
		case "exit":
			status, _ := strconv.Atoi(rest)
			return status
		case "wait":
			<-stop
		}
	}
	return 0
}

// exported prints an entry in the export format.
func exported(seq string, n int, pid, text string) {
	fmt.Printf("__CURSOR=%s\n__MONOTONIC_TIMESTAMP=5\n_PID=%s\n", journalCursor(seq, n), pid)
	if strings.Contains(text, "\\n") || strings.Contains(text, "\\x") {
		text, _ = strconv.Unquote(`"` + text + `"`)
		fmt.Print("MESSAGE\n", string(binary.LittleEndian.AppendUint64(nil, uint64(len(text)))), text, "\n\n")
		return
	}
	fmt.Printf("MESSAGE=%s\n\n", text)
}

func journalCursor(seq string, n int) string {
	return fmt.Sprintf("s=%s;i=%x;b=1;m=2;t=%x;x=3", seq, n, 1795325400000000+n)
}

func journalEntry(seq string, n int, text string) string {
	message, _ := json.Marshal(text)
	return fmt.Sprintf(`{"__CURSOR":"%s","_PID":"7","MESSAGE":%s}`, journalCursor(seq, n), message)
}

// readJournal runs a tailer with the fake until n things were noted, or in once
// mode to its end.
func fakedJournal(t *testing.T, runs ...string) (s *story, dir string) {
	dir = t.TempDir()
	for i, run := range runs {
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("run.%d", i+1)), []byte(run), 0o600))
	}
	t.Setenv(fakeJournal, dir)
	s = newStory(t)
	s.cfg = DefaultConfig()
	s.cfg.Name, s.cfg.StartAt = "sys", AtBeginning
	s.cfg.Journal = &Journal{Command: os.Args[0]}
	return s, dir
}

func (s *story) runJournal(n int) {
	s.Helper()
	tl, err := New([]Config{s.cfg}, s.tape.known(s), s.tape.open, WithLogger(silentLog()))
	must(s, err)
	tl.backoff = time.Millisecond
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan error, 1)
	go func() { done <- tl.Run(ctx) }()
	s.tape.await(s.T, n)
	cancel()
	must(s, <-done)
}

// messages gives what was told, of entries their texts.
func (s *story) messages() (out []string) {
	for _, told := range s.tape.take() {
		_, rest, _ := strings.Cut(told, " ")
		out = append(out, rest)
	}
	return out
}

// full makes the tape keep whole entries.
func (s *story) wantMessages(want ...string) {
	s.Helper()
	if got := s.messages(); !slices.Equal(got, want) {
		s.Errorf("got  %q\nwant %q", got, want)
	}
}

func (s *story) wantArgs(dir string, want ...string) {
	s.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "args"))
	must(s, err)
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) != len(want) {
		s.Fatalf("%d children, want %d:\n%s", len(lines), len(want), b)
	}
	for i, w := range want {
		for part := range strings.FieldsSeq(w) {
			part, not := strings.CutPrefix(part, "!")
			if strings.Contains(lines[i], part) == not {
				s.Errorf("child %d has the arguments %s; %s: %v", i+1, lines[i], part, !not)
			}
		}
	}
}

func entryTold(n int, text string) string {
	e := journalEntry("aa", n, text)
	return fmt.Sprintf("|%s...(%d)", e[:20], len(e))
}

// A child that dies is followed by another that goes on after the last entry.
func TestJournalGoesOnWithTheNextChild(t *testing.T) {
	s, dir := fakedJournal(t, "entry 1 one\nentry 2 two\nexit 1\n", "exit 0\n", "entry 3 three\nwait\n")
	s.runJournal(4)
	s.wantMessages("open at 65536", entryTold(1, "one"), entryTold(2, "two"), entryTold(3, "three"))
	after := "--after-cursor=" + journalCursor("aa", 2)
	s.wantArgs(dir, "--follow !--after-cursor -a export", after, after)
}

// One that writes what is no journal is ended.
func TestJournalThatIsNone(t *testing.T) {
	s, dir := fakedJournal(t, "entry 1 one\nraw what is this?\nwait\n", "entry 2 two\nwait\n")
	s.runJournal(3)
	s.wantMessages("open at 65536", entryTold(1, "one"), entryTold(2, "two"))
	s.wantArgs(dir, "", "--after-cursor="+journalCursor("aa", 1))
}

// After a restart reading goes on after the stored cursor; an entry that comes
// again is left alone.
func TestJournalIsResumed(t *testing.T) {
	s, dir := fakedJournal(t, "entry 1 one\nentry 2 two\nwait\n", "entry 2 two\nentry 3 three\nwait\n")
	s.runJournal(3)
	s.tape.take()
	s.runJournal(2)
	at := 2<<16 + len(journalEntry("aa", 2, "two"))
	s.wantMessages(fmt.Sprintf("open at %d", at), entryTold(3, "three"))
	s.wantArgs(dir, "", "--after-cursor="+journalCursor("aa", 2))
}

// A cursor that the journal does not accept is left; its time serves.
func TestJournalWithoutItsCursor(t *testing.T) {
	s, dir := fakedJournal(t, "entry 5 five\nwait\n",
		"say Failed to seek to cursor: Invalid argument\nexit 1\n", "entry 4 four\nentry 5 five\nentry 6 six\nwait\n")
	s.runJournal(2)
	s.tape.take()
	s.runJournal(2)
	if got := s.messages(); len(got) != 2 || got[1] != entryTold(6, "six") {
		t.Errorf("got %q", got)
	}
	s.wantArgs(dir, "", "--after-cursor", "--since=@1795325400 !--after-cursor")
}

// Another numbering is another journal.
func TestJournalThatWasDeleted(t *testing.T) {
	s, _ := fakedJournal(t, "entry 9 nine\nother one\nwait\n")
	s.runJournal(5)
	got := s.messages()
	if want := []string{"open at 589824", entryTold(9, "nine"), "end", "open at 65536"}; len(got) != 5 || !slices.Equal(got[:4], want) {
		t.Errorf("got %q", got)
	}
}

func TestJournalOnce(t *testing.T) {
	s, dir := fakedJournal(t, "entry 1 one\nown "+strconv.Itoa(os.Getpid())+"\nlong\n")
	s.cfg.Journal.Units = []string{"a.service", "b.service"}
	s.cfg.Journal.PIDs = []int{1}
	s.cfg.Journal.Matches = []string{"_TRANSPORT=stdout"}
	s.cfg.Journal.Priority = "warning"
	s.cfg.Journal.Since = "-1h"
	s.cfg.MaxLineBytes = 1000
	tl, err := New([]Config{s.cfg}, nil, s.tape.open, Once(), WithLogger(silentLog()))
	must(t, err)
	must(t, tl.Run(t.Context()))
	got := s.messages()
	if want := []string{"open at 65536", entryTold(1, "one"), "end"}; len(got) != 4 || !slices.Equal(slices.Delete(slices.Clone(got), 2, 3), want) || !strings.HasPrefix(got[2], `~|{"__CURSOR":`) {
		t.Errorf("got %q", got)
	}
	s.wantArgs(dir, "!--follow --unit=a.service --unit=b.service _PID=1 _TRANSPORT=stdout --priority=warning --since=-1h")
}

func TestJournalThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct{ command, story, want string }{
		"no journalctl": {command: "/nonexistent/journalctl", want: "no such file"},
		"no permission": {story: "say No journal files were opened due to insufficient permissions.\nexit 1\n", want: "insufficient permissions"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := fakedJournal(t, c.story)
			if c.command != "" {
				s.cfg.Journal.Command = c.command
			}
			tl, err := New([]Config{s.cfg}, nil, s.tape.open, Once(), WithLogger(silentLog()))
			must(t, err)
			must(t, tl.Run(t.Context()))
			r := tl.Report()
			if len(r.Troubles) != 1 || !strings.Contains(r.Troubles[0].Err.Error(), c.want) || r.Troubles[0].Cure == "none known" {
				t.Errorf("%+v", r.Troubles)
			}
		})
	}
}

// What the export format can hold, as JSON.
func TestJournalEntries(t *testing.T) {
	bin := func(text string) string {
		return string(binary.LittleEndian.AppendUint64(nil, uint64(len(text)))) + text + "\n"
	}
	for name, c := range map[string]struct{ in, want string }{
		"text":         {"__CURSOR=s=1;i=2\nMESSAGE=a=b \"q\" \\ \t é\n\n", `{"__CURSOR":"s=1;i=2","MESSAGE":"a=b \"q\" \\ \u0009 é"}`},
		"binary":       {"__CURSOR=c\nMESSAGE\n" + bin("one\n\ntwo") + "PRIORITY=3\n\n", `{"__CURSOR":"c","MESSAGE":"one\n\ntwo","PRIORITY":"3"}`},
		"no UTF-8":     {"__CURSOR=c\nMESSAGE\n" + bin("\xff\x00a") + "\n", `{"__CURSOR":"c","MESSAGE":[255,0,97]}`},
		"empty":        {"__CURSOR=c\nMESSAGE=\n\n", `{"__CURSOR":"c","MESSAGE":""}`},
		"always there": {"__CURSOR=c\n_BOOT_ID=x\n__SEQNUM=1\n\n", `{"__CURSOR":"c"}`},
		"two":          {"\n__CURSOR=c\n\n\n__CURSOR=d\n\n", `{"__CURSOR":"c"} {"__CURSOR":"d"}`},
		"long line":    {"__CURSOR=c\nMESSAGE=" + strings.Repeat("x", 100_000) + "\nPRIORITY=3\n\n", `{"__CURSOR":"c","MESSAGE":"` + strings.Repeat("x", 100) + `","PRIORITY":"3"} cut`},
		"long binary":  {"__CURSOR=c\nMESSAGE\n" + bin(strings.Repeat("\n", 100_000)) + "PRIORITY=3\n\n", `{"__CURSOR":"c","MESSAGE":"` + strings.Repeat(`\n`, 100) + `","PRIORITY":"3"} cut`},
		"half":         {"__CURSOR=c\n\n__CURSOR=d\nMESSAGE=x\n", `{"__CURSOR":"c"}`},
		"nonsense":     {"__CURSOR=c\n\nwhat is this\n\n", `{"__CURSOR":"c"}`},
	} {
		r := bufio.NewReaderSize(strings.NewReader(c.in), chunkBytes)
		var got []string
		b := new(entries)
		for err := error(nil); err == nil; {
			b.reset()
			err = b.fill(r, 100)
			for _, text := range b.texts {
				if !json.Valid(text) {
					t.Errorf("%s: %s", name, text)
				}
				got = append(got, string(text))
			}
			if b.cut > 0 {
				got = append(got, "cut")
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %.300s, want %.300s", name, got, c.want)
		}
	}
}

func FuzzJournalEntries(f *testing.F) {
	f.Add([]byte("__CURSOR=c\nMESSAGE\n\x03\x00\x00\x00\x00\x00\x00\x00a\xff\n\nPRIORITY=3\n\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := bufio.NewReaderSize(bytes.NewReader(in), 64)
		b := new(entries)
		for err := error(nil); err == nil; {
			b.reset()
			err = b.fill(r, 100)
			for _, text := range b.texts {
				if !json.Valid(text) {
					t.Fatalf("%q", text)
				}
			}
		}
	})
}

func TestJournalPoints(t *testing.T) {
	j := &journal{entry: &entry{name: "sys"}}
	for i := range 10 * maxPoints {
		j.note(int64(i)<<16, strconv.Itoa(i))
	}
	if len(j.points) > maxPoints {
		t.Errorf("%d points", len(j.points))
	}
	for _, n := range []int{0, 1, 500, 500, 10*maxPoints - 1} {
		p := j.position(Identity{}, int64(n)<<16+5, time.Now())
		if at, _ := strconv.Atoi(p.Cursor); at > n || p.Offset != int64(n)<<16+5 {
			t.Errorf("position at %d has the cursor of %d", n, at)
		}
	}
	if p := j.position(Identity{}, 1<<60, time.Now()); p.Cursor != strconv.Itoa(10*maxPoints-1) {
		t.Errorf("the last cursor is %s", p.Cursor)
	}
}

func TestJournalIsValidated(t *testing.T) {
	for want, j := range map[string]Journal{
		"journal.priority":   {Priority: "loud"},
		"journal.matches[0]": {Matches: []string{"--file=/etc/shadow"}},
		"journal.units[1]":   {Units: []string{"a", "-x"}},
		"journal.pids[0]":    {PIDs: []int{0}},
	} {
		c := DefaultConfig()
		c.Journal = &j
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	c := DefaultConfig()
	c.Journal = &Journal{Priority: "3", Matches: []string{"_TRANSPORT=kernel"}}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}

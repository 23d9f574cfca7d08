package source

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A file with much to say does not keep others waiting for longer than its turn.
func TestQuietFilesAreNotStarved(t *testing.T) {
	dir := t.TempDir()
	noise := bytes.Repeat([]byte("2026-01-02 a line of much noise\n"), 1<<18) // 8 MiB
	must(t, os.WriteFile(filepath.Join(dir, "a-noisy.log"), noise, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "b-quiet.log"), []byte("one\n"), 0o600))
	noisy, before := &tallied{}, int64(-1)
	open := func(i Info) Consumer {
		if filepath.Base(i.Path) == "a-noisy.log" {
			return noisy
		}
		return &tallied{then: func() { before = noisy.bytes }}
	}
	tl, err := New([]Config{testConfig(dir, "*.log")}, nil, open, WithLogger(silentLog()))
	must(t, err)
	defer tl.close()
	tl.step()
	if noisy.bytes != int64(len(noise)) || before < 0 || before > 2*turnBytes {
		t.Errorf("the quiet file came after %d bytes of %d", before, noisy.bytes)
	}
}

// tallied counts bytes with their line breaks.
type tallied struct {
	bytes int64
	then  func()
}

func (c *tallied) Lines(_ time.Time, lines []Line) {
	for _, l := range lines {
		c.bytes += l.End - l.Start
	}
	if c.then != nil {
		c.then()
	}
}
func (c *tallied) Idle(time.Time)      {}
func (c *tallied) Deadline() time.Time { return time.Time{} }
func (c *tallied) End(time.Time)       {}

// When the kernel has lost events, all files are looked at, and the globs.
func TestLostEventsAreMadeGood(t *testing.T) {
	s := newStory(t)
	app := filepath.Join(s.dir, "app.log")
	must(t, appendTo(app, "one\n"))
	s.step()
	s.tape.take()
	must(t, appendTo(app, "two\n"))
	s.tailer.watchFailed(fsnotify.ErrEventOverflow)
	s.tailer.serveAll(&s.r)
	s.told("app.log |two")
	select {
	case <-s.tailer.ask:
	default:
		t.Error("no scan was asked for")
	}
	if r := s.tailer.Report(); r.Overflows != 1 || s.tailer.interval() > alertRescan {
		t.Errorf("%d overflows, scans every %v", r.Overflows, s.tailer.interval())
	}
}

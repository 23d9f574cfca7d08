package source

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// compress puts text into an archive, in two parts as a compressor that is
// called for each day does.
func compress(t *testing.T, path, text string) {
	t.Helper()
	var b bytes.Buffer
	for _, part := range []string{text[:len(text)/2], text[len(text)/2:]} {
		if strings.HasSuffix(path, ".zst") {
			z, err := zstd.NewWriter(&b)
			must(t, err)
			_, err = z.Write([]byte(part))
			must(t, err)
			must(t, z.Close())
			continue
		}
		z := gzip.NewWriter(&b)
		_, err := z.Write([]byte(part))
		must(t, err)
		must(t, z.Close())
	}
	must(t, os.WriteFile(path, b.Bytes(), 0o644))
}

// runUntil runs a tailer from the stored positions until n things were noted.
func (s *story) runUntil(n int, opts ...Option) {
	s.Helper()
	tl, err := New([]Config{s.cfg}, s.tape.known(s), s.tape.open, append(opts, WithClock(s.clock.now), WithLogger(silentLog()))...)
	must(s, err)
	if s.tape.marks == nil {
		s.tape.marks = map[string]Position{}
	}
	for _, p := range tl.Watched() {
		s.tape.marks[p.Key()] = p
	}
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan error, 1)
	go func() { done <- tl.Run(ctx) }()
	s.tape.await(s.T, n)
	cancel()
	must(s, <-done)
	s.tailer = nil
}

// Two generations were rotated and compressed while nobody looked: the one that
// was being read, and one that was never seen. Each is read once.
func TestArchivesOfTheTimeBetween(t *testing.T) {
	for _, ext := range archives {
		t.Run(ext, func(t *testing.T) {
			s := newStory(t)
			s.cfg.Compressed = true
			app := filepath.Join(s.dir, "app.log")
			old := filepath.Join(s.dir, "app.log.9"+ext)
			compress(t, old, "2026-01-01 from before the installation "+strings.Repeat("x", 100)+"\n")
			must(t, os.Chtimes(old, s.clock.now().Add(-time.Hour), s.clock.now().Add(-time.Hour)))
			must(t, appendTo(app, oldLine))
			s.cfg.StartAt = AtEnd
			s.runUntil(1)
			s.told("app.log open at 74")
			must(t, appendTo(app, "2026-01-02 second\n"))
			s.runUntil(2)
			s.told("app.log open at 74", "app.log |2026-01-02 second")

			compress(t, filepath.Join(s.dir, "app.log.2"+ext), oldLine+"2026-01-02 second\n2026-01-02 third\nno end")
			compress(t, filepath.Join(s.dir, "app.log.1"+ext), "2026-01-03 never seen\n"+strings.Repeat("2026-01-03 many of this line\n", 2))
			later := s.clock.now().Add(time.Minute)
			must(t, os.Chtimes(filepath.Join(s.dir, "app.log.2"+ext), later, later))
			must(t, os.Chtimes(filepath.Join(s.dir, "app.log.1"+ext), later, later))
			must(t, os.Remove(app))
			s.runUntil(9)
			s.told("app.log.1"+ext+" open at 0", "app.log.1"+ext+" |2026-01-03 never seen",
				"app.log.1"+ext+" |2026-01-03 many of this line", "app.log.1"+ext+" |2026-01-03 many of this line", "app.log.1"+ext+" end",
				"app.log.2"+ext+" open at 92", "app.log.2"+ext+" |2026-01-02 third", "app.log.2"+ext+" ?|no end", "app.log.2"+ext+" end")

			s.clock.advance(2 * time.Minute)
			must(t, appendTo(app, "2026-01-04 fourth\n"))
			s.runUntil(2) // and nothing again
			got := s.tape.take()
			if len(got) != 2 || !strings.HasSuffix(got[1], "|2026-01-04 fourth") {
				t.Errorf("after another restart: %q", got)
			}
		})
	}
}

// An archive that is stopped in the middle goes on there.
func TestArchiveIsResumed(t *testing.T) {
	s := newStory(t)
	s.cfg.Compressed = true
	var b strings.Builder
	const lines = 20_000
	for i := range lines {
		fmt.Fprintln(&b, numbered(i))
	}
	compress(t, filepath.Join(s.dir, "app.log.gz"), b.String())
	n := newNumbers(lines)
	for n.count() < lines {
		ctx, cancel := context.WithCancel(t.Context())
		tl, err := New([]Config{s.cfg}, n.known(), func(i Info) Consumer { return &stopping{n.opener(i), cancel} }, WithLogger(silentLog()))
		must(t, err)
		must(t, tl.Run(ctx))
		cancel()
	}
	if m, d := n.verdict(lines); m+d > 0 {
		t.Errorf("%d missing, %d doubled", m, d)
	}
}

func (n *numbers) known() (ps []Position) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range n.marks {
		ps = append(ps, p)
	}
	return ps
}

// stopping takes one batch and stops the tailer.
type stopping struct {
	Consumer
	stop func()
}

func (s *stopping) Lines(now time.Time, lines []Line) {
	s.Consumer.Lines(now, lines)
	s.stop()
}

func TestDamagedArchive(t *testing.T) {
	s := newStory(t)
	s.cfg.Compressed = true
	path := filepath.Join(s.dir, "app.log.gz")
	compress(t, path, oldLine)
	b, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, b[:len(b)-6], 0o644))
	must(t, os.WriteFile(filepath.Join(s.dir, "b.log.gz"), []byte("not an archive"), 0o644))
	tl, err := New([]Config{s.cfg}, nil, s.tape.open, Once(), WithLogger(silentLog()))
	must(t, err)
	must(t, tl.Run(t.Context()))
	s.tape.take()
	if r := tl.Report(); len(r.Troubles) != 2 {
		t.Errorf("troubles: %+v", r.Troubles)
	}
}

package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const oldLine = "2026-01-02T03:04:05.678901 INFO a line that is long enough to be known by\n"

// restarted is a directory with a log of which the first line was read in an
// earlier run, and a tailer that knows that and has not looked yet.
func restarted(t *testing.T) (s *story, app, copied string) {
	s = newStory(t)
	app, copied = filepath.Join(s.dir, "app.log"), filepath.Join(s.dir, "app.log.1")
	must(t, appendTo(app, oldLine))
	s.step()
	s.tape.take()
	must(t, appendTo(app, "2026-01-02 second\n"))
	s.restart()
	return s, app, copied
}

// restart makes a tailer that knows the stored positions and has not looked yet.
func (s *story) restart() {
	s.tailer.close()
	var err error
	s.tailer, err = New([]Config{s.cfg}, s.tape.known(s), s.tape.open, WithClock(s.clock.now), WithLogger(silentLog()))
	must(s, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// opened does the first half of a scan: the files are open, and nothing is decided.
func (s *story) opened(v *view) (cs []*candidate) {
	for i := range v.files {
		if c := s.tailer.examine(v, &v.files[i]); c != nil {
			cs = append(cs, c)
		}
	}
	return cs
}

func (s *story) told(want ...string) {
	s.Helper()
	if got := strings.Join(s.tape.take(), "; "); got != strings.Join(want, "; ") {
		s.Errorf("got  %s\nwant %s", got, strings.Join(want, "; "))
	}
}

// The log is truncated after it was recognised and before it is followed: its
// copy, seen in the same scan, is not a new file.
func TestTruncatedBetweenRecognisedAndFollowed(t *testing.T) {
	for _, recognised := range []bool{false, true} {
		s, app, copied := restarted(t)
		must(t, copyFileTo(app, copied))
		v := s.tailer.look()
		cs := s.opened(v)
		if recognised {
			s.tailer.recognise(cs)
		}
		must(t, os.Truncate(app, 0))
		must(t, appendTo(app, "2026-01-03 third\n"))
		if !recognised {
			s.tailer.recognise(cs)
		}
		s.tailer.place(v, cs)
		s.step()
		s.told("app.log#2 open at 0", "app.log#2 |2026-01-03 third", "app.log.1 open at 74", "app.log.1 |2026-01-02 second")
	}
}

// The same for a log that begins with a hole.
func TestHalfACopyWithAHoleSeenAfterARestart(t *testing.T) {
	s, app, copied := newStory(t), "", ""
	app, copied = filepath.Join(s.dir, "app.log"), filepath.Join(s.dir, "app.log.1")
	hole := strings.Repeat("\x00", 500)
	must(t, appendTo(app, hole+oldLine))
	s.step()
	s.tape.take()
	must(t, appendTo(app, "2026-01-02 second\n"))
	s.restart()
	must(t, appendTo(copied, hole+oldLine[:20]))
	v := s.tailer.look()
	cs := s.opened(v)
	must(t, os.Truncate(app, 0))
	s.tailer.recognise(cs)
	s.tailer.place(v, cs)
	s.tailer.serveAll(&s.r)
	must(t, appendTo(copied, oldLine[20:]+"2026-01-02 second\n"))
	s.step()
	s.told("app.log.1 open at 574", "app.log.1 |2026-01-02 second")
}

// The copy is seen while it is being made, the log only after it was truncated.
func TestHalfACopySeenAfterARestart(t *testing.T) {
	for name, half := range map[string]string{"empty": "", "a few bytes": oldLine[:10], "some bytes": oldLine[:70]} {
		t.Run(name, func(t *testing.T) {
			s, app, copied := restarted(t)
			must(t, appendTo(copied, half))
			v := s.tailer.look()
			var cs []*candidate
			for i := range v.files {
				if v.files[i].path == app {
					must(t, copyFileTo(app, filepath.Join(s.dir, "whole")))
					must(t, os.Truncate(app, 0))
				}
				cs = append(cs, s.tailer.examine(v, &v.files[i]))
			}
			s.tailer.recognise(cs)
			s.tailer.place(v, cs)
			s.tailer.serveAll(&s.r)
			must(t, appendTo(copied, (oldLine + "2026-01-02 second\n")[len(half):]))
			s.step()
			s.told("app.log.1 open at 74", "app.log.1 |2026-01-02 second")
		})
	}
}

// A copy is promised to a stream, which takes it while the next scan is halfway:
// it is not taken for a new file.
func TestCopyTakenDuringAScan(t *testing.T) {
	s := newStory(t)
	app, copied := filepath.Join(s.dir, "app.log"), filepath.Join(s.dir, "app.log.1")
	must(t, appendTo(app, oldLine))
	s.step()
	must(t, appendTo(app, "2026-01-02 second\n"))
	must(t, copyFileTo(app, copied))
	must(t, os.Truncate(app, 0))
	s.tape.take()
	s.tailer.hint(app, true, false)
	s.tailer.serveAll(&s.r)
	s.tailer.scan(t.Context())
	v := s.tailer.look()
	cs := s.opened(v)
	s.tailer.recognise(cs)
	s.tailer.serveAll(&s.r)
	s.tailer.place(v, cs)
	s.step()
	s.told("app.log |2026-01-02 second", "app.log end")
}

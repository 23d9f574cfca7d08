package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What is known of files that are gone is given up after a day, and its keys are
// told; a number that is used again then does not start with a generation that it has had.
func TestTheGoneAreForgotten(t *testing.T) {
	s := newStory(t)
	app := filepath.Join(s.dir, "app.log")
	must(t, appendTo(app, oldLine))
	s.step()
	s.restart()
	if keys := s.tailer.Stale(s.clock.now().Add(48 * time.Hour)); keys != nil {
		t.Errorf("%q were forgotten before anything was looked at", keys)
	}
	s.step()
	var key string
	for k, p := range s.tape.marks {
		if p.Kind == File {
			key = k
		}
	}
	must(t, os.Remove(app))
	s.step()
	if keys := s.tailer.Stale(s.clock.now().Add(time.Hour)); len(keys) > 0 || len(s.tailer.past) != 1 {
		t.Errorf("%q were forgotten within an hour", keys)
	}
	if keys := s.tailer.Stale(s.clock.now().Add(25 * time.Hour)); len(keys) != 1 || keys[0] != key {
		t.Errorf("%q were forgotten after a day, want %q", keys, key)
	}
	if len(s.tailer.past)+len(s.tailer.gens) > 0 || s.tailer.nextGen(inode{1, 2}) == 0 {
		t.Errorf("%d positions and %d generations are still there", len(s.tailer.past), len(s.tailer.gens))
	}
}

// A log that is truncated again and again leaves a bounded number of positions.
func TestTruncationsLeaveFewPositions(t *testing.T) {
	s := newStory(t)
	app := filepath.Join(s.dir, "app.log")
	for i := range 3 * pastGenerations {
		must(t, os.WriteFile(app, fmt.Appendf(nil, "2026-01-02 generation %d of a log that is truncated by hand, with a head to know it by\n", i), 0o600))
		s.step()
	}
	kept := 0
	for _, ps := range s.tailer.past {
		kept += len(ps)
	}
	if kept == 0 || kept > pastGenerations {
		t.Errorf("%d positions are kept, want at most %d", kept, pastGenerations)
	}
	if keys := s.tailer.Stale(s.clock.now()); len(keys) < pastGenerations {
		t.Errorf("only %q can be forgotten", keys)
	}
}

// A generation that begins with the same words as the one before is not taken for
// a copy of it that was read already, however short it is when it is first seen.
func TestAShortGenerationIsNoCopy(t *testing.T) {
	s := newStory(t)
	app := filepath.Join(s.dir, "app.log")
	const words = "2026-01-02T03:04:05 INFO com.example.payment.wallet.DebitHandler took the order number "
	must(t, appendTo(app, words+"1\n"+words+"2\n"))
	s.step()
	s.tape.take()
	must(t, os.WriteFile(app, []byte(words+"3\n"), 0o600))
	for range 3 {
		s.step()
	}
	must(t, appendTo(app, words+"4\n"))
	for range 3 {
		s.step()
	}
	if got := fmt.Sprint(s.tape.take()); strings.Count(got, "#2 |2026") != 2 {
		t.Errorf("got %s", got)
	}
}

//go:build torture

package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/loopback"
)

// setting reads a number from the environment, so that the same tests run in a
// minute or at full length.
func setting(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// inFlight is how many events may have reached the server without the agent knowing
// when it is killed: one for each sender, and those whose acknowledgement waits
// to be written.
const inFlight = 64

// load writes numbered traces to two logs without a pause: one is rotated by
// rename, in the middle of traces, the other by copytruncate.
type load struct {
	dir     string
	written atomic.Int64
	stop    chan struct{}
	done    sync.WaitGroup
	err     error
}

func startLoad(dir string) *load {
	l := &load{dir: dir, stop: make(chan struct{})}
	l.done.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for n := 0; l.err == nil; n++ {
			select {
			case <-l.stop:
				return
			case <-tick.C:
			}
			l.err = l.trace(n)
			l.written.Store(int64(n + 1))
		}
	})
	return l
}

func (l *load) trace(n int) error {
	if n%2 == 0 {
		head, rest, _ := strings.Cut(trace(n), "\n")
		log := filepath.Join(l.dir, "app.log")
		if err := appendText(log, head+"\n"); err != nil {
			return err
		}
		to := log
		if n%194 == 0 {
			to = fmt.Sprintf("%s.%d", log, n)
			if err := os.Rename(log, to); err != nil {
				return err
			}
		}
		return appendText(to, rest+ordinary(n))
	}
	log := filepath.Join(l.dir, "web.log")
	if err := appendText(log, trace(n)+ordinary(n)); err != nil || n%151 != 0 {
		return err
	}
	b, err := os.ReadFile(log)
	if err != nil {
		return err
	}
	if err := os.WriteFile(fmt.Sprintf("%s.%d", log, n), b, 0o600); err != nil {
		return err
	}
	return os.Truncate(log, 0)
}

func appendText(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(text)
	return err
}

// end stops the load and gives the number of traces that were written.
func (l *load) end(t *testing.T) int {
	close(l.stop)
	l.done.Wait()
	if l.err != nil {
		t.Fatal(l.err)
	}
	return int(l.written.Load())
}

// TestTortureKilled kills the agent TORTURE_KILLS (50) times at random moments
// while traces are written and logs rotated without a pause, with the server up, down and
// slow. Every trace arrives, under one id, and what is sent twice is what was under way.
func TestTortureKilled(t *testing.T) {
	rounds := setting("TORTURE_KILLS", 50)
	var mood atomic.Int32
	receiver := loopback.New(t)
	receiver.Answer(func(_ int, _ http.ResponseWriter) int {
		switch mood.Load() {
		case 1:
			return http.StatusServiceUnavailable
		case 2:
			time.Sleep(5 * time.Millisecond)
		}
		return http.StatusOK
	})
	dir := t.TempDir()
	args := []string{"--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state"), "--from-beginning", filepath.Join(dir, "*.log*")}
	rnd := rand.New(rand.NewPCG(uint64(setting("TORTURE_SEED", 1)), 2))
	l := startLoad(dir)
	began := time.Now()
	for round := range rounds {
		mood.Store(int32(round % 3))
		a := startAgent(t, args...)
		time.Sleep(time.Duration(20+rnd.IntN(500)) * time.Millisecond)
		a.kill()
	}
	mood.Store(0)
	a := startAgent(t, args...)
	n := l.end(t)
	receiver.Wait(patience, distinct(t, n))
	a.stop(t)
	came := numbers(t, receiver.Events())
	repeated, lost, most := 0, 0, 0
	for i := range n {
		ids := came[i]
		if len(ids) == 0 {
			lost++
			continue
		}
		repeated += len(ids) - 1
		most = max(most, len(ids))
		if slices.ContainsFunc(ids, func(id string) bool { return id != ids[0] }) {
			t.Errorf("trace %d came as %q", i, ids)
		}
	}
	rotated, _ := filepath.Glob(filepath.Join(dir, "*.log.*"))
	fmt.Printf("%d kills in %.0f s, %d traces, %d rotations: %d lost, %d sent again under their id (%.1f per kill, one at most %d times)\n",
		rounds, time.Since(began).Seconds(), n, len(rotated), lost, repeated, float64(repeated)/float64(rounds), most)
	if lost > 0 || repeated > rounds*inFlight || len(came) != n {
		t.Errorf("%d lost of %d, %d repeated, %d numbers\n%s", lost, n, repeated, len(came), &a.stderr)
	}
}

// footprint is what a process has used, out of /proc.
type footprint struct {
	cpu                  time.Duration
	rss, peak            int // KiB
	threads, descriptors int
}

func (f footprint) String() string {
	return fmt.Sprintf("%.1f MB resident (peak %.1f), %d threads, %d descriptors", float64(f.rss)/1024, float64(f.peak)/1024, f.threads, f.descriptors)
}

func footprintOf(pid int) (f footprint, err error) {
	dir := fmt.Sprintf("/proc/%d/", pid)
	status, err := os.ReadFile(dir + "status")
	if err != nil {
		return f, err
	}
	for line := range strings.Lines(string(status)) {
		key, value, _ := strings.Cut(line, ":")
		n, _ := strconv.Atoi(strings.Fields(value + " 0")[0])
		switch key {
		case "VmRSS":
			f.rss = n
		case "VmHWM":
			f.peak = n
		case "Threads":
			f.threads = n
		}
	}
	stat, err := os.ReadFile(dir + "stat")
	if err != nil {
		return f, err
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, _ := strconv.Atoi(fields[11]) // in hundredths of a second
	system, _ := strconv.Atoi(fields[12])
	f.cpu = time.Duration(user+system) * 10 * time.Millisecond
	fds, err := os.ReadDir(dir + "fd")
	f.descriptors = len(fds)
	return f, err
}

func (a *agentProcess) footprint(t *testing.T) footprint {
	t.Helper()
	f, err := footprintOf(a.cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// expect waits for that many distinct traces.
func expect(t *testing.T, r *loopback.Receiver, n int) []event.Event {
	t.Helper()
	return r.Wait(patience, distinct(t, n))
}

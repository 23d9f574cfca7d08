package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/loopback"
)

// patience is how long a test waits for something that should come at once; it only ends tests that fail.
const patience = 30 * time.Second

// agentProcess is a running `tracetail run`.
type agentProcess struct {
	cmd    *exec.Cmd
	stderr strings.Builder
}

func startAgent(t *testing.T, args ...string) *agentProcess {
	t.Helper()
	a := &agentProcess{cmd: command(append([]string{"run"}, args...)...)}
	a.cmd.Stderr = &a.stderr
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.cmd.Process.Kill(); a.cmd.Wait() })
	return a
}

// stop ends the agent in order and fails the test if it does not like that.
func (a *agentProcess) stop(t *testing.T) {
	t.Helper()
	a.cmd.Process.Signal(syscall.SIGTERM)
	began := time.Now()
	if err := a.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v\n%s", err, &a.stderr)
	}
	if d := time.Since(began); d > 12*time.Second {
		t.Errorf("took %v to stop, want 10 s at most", d)
	}
}

func (a *agentProcess) kill() {
	a.cmd.Process.Kill()
	a.cmd.Wait()
}

// trace is one numbered stack trace; the kinds alternate.
func trace(n int) string {
	switch n % 4 {
	case 0:
		return fmt.Sprintf("Traceback (most recent call last):\n  File \"/srv/pay/wallet.py\", line 12, in debit\n    return left\nValueError: number-%d-\n", n)
	case 1:
		return fmt.Sprintf("Exception in thread \"main\" java.lang.IllegalStateException: number-%d-\n\tat com.surepay.Wallet.debit(Wallet.java:12)\n\tat com.surepay.Main.main(Main.java:3)\n", n)
	case 2:
		return fmt.Sprintf("TypeError: number-%d-\n    at debit (/srv/pay/wallet.js:12:7)\n    at main (/srv/pay/main.js:3:1)\n", n)
	default:
		return fmt.Sprintf("panic: number-%d-\n\ngoroutine 1 [running]:\nmain.debit(...)\n\t/srv/pay/wallet.go:12\nmain.main()\n\t/srv/pay/main.go:3 +0x1d\n", n)
	}
}

// ordinary lines stand between the traces, as in any log.
func ordinary(n int) string {
	return fmt.Sprintf("2026-11-22 05:30:%02d,%03d INFO payments.api charge w-%d ok, error budget fine\n", n/1000%60, n%1000, n)
}

var number = regexp.MustCompile(`number-(\d+)-`)

// numbers counts the events of each number. An event without one, or with
// frames missing, fails the test.
func numbers(t *testing.T, events []event.Event) map[int][]string {
	t.Helper()
	out := map[int][]string{}
	for _, e := range events {
		if e.Exception == nil || len(e.Exception.Values) != 1 {
			t.Errorf("an event without its exception: %+v", e)
			continue
		}
		x := e.Exception.Values[0]
		m := number.FindStringSubmatch(x.Value)
		if m == nil || x.Stacktrace == nil {
			t.Errorf("%s: %q with frames %v", x.Type, x.Value, x.Stacktrace)
			continue
		}
		n, _ := strconv.Atoi(m[1])
		out[n] = append(out[n], e.EventID)
	}
	return out
}

func distinct(t *testing.T, want int) func([]event.Event) bool {
	return func(es []event.Event) bool { return len(numbers(t, es)) >= want }
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// TestEveryTraceArrivesOnce runs the real program while a writer appends,
// rotates by rename (in the middle of a trace, too) and truncates. The receiver
// checks every byte of every envelope.
func TestEveryTraceArrivesOnce(t *testing.T) {
	receiver := loopback.New(t)
	dir := t.TempDir()
	log := filepath.Join(dir, "app.log")
	appendTo(t, log, ordinary(0))
	a := startAgent(t, "--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state"), "--from-beginning", filepath.Join(dir, "*.log*"))

	n := 0
	write := func(count int) {
		var sb strings.Builder
		for range count {
			sb.WriteString(trace(n) + ordinary(n))
			n++
		}
		appendTo(t, log, sb.String())
	}
	for round := range 10 {
		write(10)
		switch round % 3 {
		case 0: // rename, and the end of a trace goes to the old file
			head, tail, _ := strings.Cut(trace(n), "\n")
			appendTo(t, log, head+"\n")
			if err := os.Rename(log, fmt.Sprintf("%s.%d", log, round)); err != nil {
				t.Fatal(err)
			}
			appendTo(t, fmt.Sprintf("%s.%d", log, round), tail+ordinary(n))
			n++
			write(5)
		case 1: // truncation: what is unread then is lost by whoever truncates, so wait
			receiver.Wait(patience, distinct(t, n))
			if err := os.Truncate(log, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	events := receiver.Wait(patience, distinct(t, n))
	a.stop(t)
	events = append(events[:0:0], receiver.Events()...)
	for i, ids := range numbers(t, events) {
		if len(ids) != 1 {
			t.Errorf("trace %d arrived %d times", i, len(ids))
		}
	}
	if got := len(events); got != n {
		t.Errorf("%d events for %d traces\n%s", got, n, &a.stderr)
	}
}

// TestKilled kills the agent twenty times at random moments, under load, with
// the server up, down and slow: nothing is lost, and what is sent again has the same id.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("twenty processes")
	}
	const rounds, perRound = 20, 60
	var mood atomic.Int32 // 0 up, 1 down, 2 slow
	receiver := loopback.New(t)
	seen := make(chan struct{}, 1<<16)
	receiver.Answer(func(_ int, _ http.ResponseWriter) int {
		seen <- struct{}{}
		switch mood.Load() {
		case 1:
			return http.StatusServiceUnavailable
		case 2:
			time.Sleep(2 * time.Millisecond)
		}
		return http.StatusOK
	})
	dir := t.TempDir()
	log := filepath.Join(dir, "app.log")
	args := []string{"--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state"), "--from-beginning", filepath.Join(dir, "*.log*")}
	rnd := rand.New(rand.NewPCG(1, 2))
	n := 0
	for round := range rounds {
		mood.Store(int32(round % 3))
		a := startAgent(t, args...)
		for range perRound {
			appendTo(t, log, trace(n)+ordinary(n))
			n++
			if n%97 == 0 {
				if err := os.Rename(log, fmt.Sprintf("%s.%d", log, n)); err != nil {
					t.Fatal(err)
				}
			}
		}
		await(seen, rnd.IntN(perRound/2), time.Duration(rnd.IntN(300))*time.Millisecond)
		a.kill()
	}
	mood.Store(0)
	a := startAgent(t, args...)
	events := receiver.Wait(patience, distinct(t, n))
	a.stop(t)
	repeated := 0
	for i, ids := range numbers(t, append(events[:0:0], receiver.Events()...)) {
		for _, id := range ids[1:] {
			repeated++
			if id != ids[0] {
				t.Errorf("trace %d came as %s and as %s", i, ids[0], id)
			}
		}
	}
	t.Logf("%d traces in %d lives, %d events repeated", n, rounds+1, repeated)
}

// await lets the agent work until so many requests have come, or for a while if it has nothing to send.
func await(seen <-chan struct{}, requests int, atMost time.Duration) {
	timeout := time.After(atMost)
	for range requests {
		select {
		case <-seen:
		case <-timeout:
			return
		}
	}
}

// TestOnceGoesOn runs --once three times over one file: the second run finds
// nothing new, the third what was appended meanwhile; afresh, all of it comes
// again, with the same ids.
func TestOnceGoesOn(t *testing.T) {
	receiver := loopback.New(t)
	dir := t.TempDir()
	log := filepath.Join(dir, "app.log")
	args := []string{"run", "--once", "--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state")}
	appendTo(t, log, trace(0)+ordinary(0)+trace(1))
	for i, want := range []int{2, 2, 3, 6} {
		call := append([]string{}, args...)
		if i == 2 {
			appendTo(t, log, trace(2))
		}
		if i == 3 {
			call = append(call, "--from-beginning")
		}
		if _, stderr, status := outcome(t, "", append(call, log)...); status != 0 {
			t.Fatalf("run %d: status %d: %s", i, status, stderr)
		}
		if got := len(receiver.Events()); got != want {
			t.Fatalf("after run %d: %d events, want %d", i, got, want)
		}
	}
	for n, ids := range numbers(t, receiver.Events()) {
		if len(ids) != 2 || ids[0] != ids[1] {
			t.Errorf("trace %d came as %v", n, ids)
		}
	}
}

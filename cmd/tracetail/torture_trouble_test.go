//go:build torture

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/loopback"
)

// startUnder starts the agent with a program before it: unshare, strace. The test is
// skipped where that cannot be.
func startUnder(t *testing.T, before []string, args ...string) *agentProcess {
	t.Helper()
	if out, err := exec.Command(before[0], append(before[1:len(before):len(before)], "true")...).CombinedOutput(); err != nil {
		t.Skipf("%q cannot be run here: %v %s", before, err, out)
	}
	a := &agentProcess{cmd: command(append([]string{"run"}, args...)...)}
	path, err := exec.LookPath(before[0])
	if err != nil {
		t.Skip(err)
	}
	a.cmd.Args = append(before[:len(before):len(before)], a.cmd.Args...)
	a.cmd.Path = path
	a.cmd.Stderr = &a.stderr
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.cmd.Process.Kill(); a.cmd.Wait() })
	return a
}

// said stops the agent and counts the lines in which it said something.
func (a *agentProcess) said(t *testing.T, what string) (times int) {
	t.Helper()
	a.stop(t)
	for line := range strings.Lines(a.stderr.String()) {
		if strings.Contains(line, what) {
			times++
		}
	}
	return times
}

// TestTortureWithoutInotify runs the agent in a user namespace that has no inotify
// instance, or no watch, left: it says so once, and polls.
func TestTortureWithoutInotify(t *testing.T) {
	for _, limit := range []string{"max_inotify_instances", "max_inotify_watches"} {
		t.Run(limit, func(t *testing.T) {
			receiver := loopback.New(t)
			dir := t.TempDir()
			log := filepath.Join(dir, "app.log")
			under := []string{"unshare", "-Ur", "sh", "-c", "echo 0 >/proc/sys/user/" + limit + ` && exec "$0" "$@"`}
			a := startUnder(t, under, "--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state"), "--from-beginning", filepath.Join(dir, "*.log*"))
			for n := range 20 {
				appendTo(t, log, trace(n)+ordinary(n))
				if n%5 == 4 {
					if err := os.Rename(log, fmt.Sprintf("%s.%d", log, n)); err != nil {
						t.Fatal(err)
					}
				}
			}
			expect(t, receiver, 20)
			times := a.said(t, "the kernel does not announce changes")
			fmt.Printf("%s used up: 20 of 20 traces, said %d times\n", limit, times)
			if times != 1 {
				t.Errorf("said %d times:\n%s", times, &a.stderr)
			}
		})
	}
}

// TestTortureUnreadable has a file that may not be read and a link that leads to
// itself among the logs, both of which are mended later.
func TestTortureUnreadable(t *testing.T) {
	receiver := loopback.New(t)
	dir := t.TempDir()
	secret, loop := filepath.Join(dir, "secret.log"), filepath.Join(dir, "loop.log")
	appendTo(t, secret, trace(0)+ordinary(0))
	appendTo(t, filepath.Join(dir, "app.log"), trace(1)+ordinary(1))
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Chmod(secret, 0))
	must(os.Symlink("loop.log", loop))
	conf := file(t, "config.yaml", fmt.Sprintf("state_dir: %s/state\nsources:\n  - paths: ['%s/*.log']\n    start_at: beginning\n    rescan: 300ms\n", dir, dir))
	// In a user namespace without a mapping root has no rights beyond those of a file's owner.
	a := startUnder(t, []string{"unshare", "-U"}, "--dsn", receiver.DSN(), "--config", conf)
	expect(t, receiver, 1)
	time.Sleep(2 * time.Second) // several scans
	must(os.Chmod(secret, 0o600))
	must(os.Remove(loop))
	appendTo(t, loop, trace(2)+ordinary(2))
	expect(t, receiver, 3)
	times := a.said(t, "cannot read a log file")
	fmt.Printf("EACCES and ELOOP for 2 s of scans each 300 ms: 3 of 3 traces in the end, said %d times\n", times)
	if times != 2 {
		t.Errorf("said %d times, want once for each:\n%s", times, &a.stderr)
	}
}

// TestTortureStale makes the kernel answer reads of a log with ESTALE and EIO for a while.
func TestTortureStale(t *testing.T) {
	for _, errno := range []string{"ESTALE", "EIO"} {
		t.Run(errno, func(t *testing.T) {
			receiver := loopback.New(t)
			dir := t.TempDir()
			log := filepath.Join(dir, "app.log")
			appendTo(t, log, ordinary(0))
			under := []string{"strace", "-f", "-qq", "-o", "/dev/null", "-P", log, "-e", "trace=pread64", "-e", "inject=pread64:error=" + errno + ":when=9"}
			a := startUnder(t, under, "--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state"), "--from-beginning", filepath.Join(dir, "*.log"))
			for n := range 10 {
				appendTo(t, log, trace(n)+ordinary(n))
				time.Sleep(50 * time.Millisecond)
			}
			receiver.Wait(4*patience, distinct(t, 10)) // a file that could not be read is tried again after 10 s
			for n, ids := range numbers(t, receiver.Events()) {
				if len(ids) != 1 {
					t.Errorf("trace %d came %d times", n, len(ids))
				}
			}
			child, err := exec.Command("pgrep", "-P", fmt.Sprint(a.cmd.Process.Pid)).Output()
			if err != nil {
				t.Fatal(err)
			}
			if err := exec.Command("kill", "-TERM", strings.TrimSpace(string(child))).Run(); err != nil {
				t.Fatal(err)
			}
			a.cmd.Wait()
			times := strings.Count(a.stderr.String(), "cannot read a log file")
			fmt.Printf("%s from reads: 10 of 10 traces in the end, said %d times\n", errno, times)
			// strace counts the reads of each thread by itself, so there may be several failures.
			if again := strings.Count(a.stderr.String(), "can be read again"); times == 0 || times > again || strings.Contains(a.stderr.String(), "truncated") {
				t.Errorf("said %d times, and %d times that it is over:\n%s", times, again, &a.stderr)
			}
		})
	}
}

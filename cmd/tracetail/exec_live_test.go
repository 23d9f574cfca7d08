//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/loopback"
)

// obedient is a program under exec that does what it is told.
type obedient struct {
	t      *testing.T
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	pid    int // of the program
	stderr *os.File
}

func startObedient(t *testing.T, flags ...string) *obedient {
	t.Helper()
	o := &obedient{t: t, cmd: execing(t, flags, "obey")}
	// Pipes of our own: those of os/exec are closed when the front ends.
	in, tell, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	o.cmd.Stdin, o.in = in, tell
	t.Cleanup(func() { r.Close() })
	if o.stderr, err = os.Create(filepath.Join(t.TempDir(), "stderr")); err != nil {
		t.Fatal(err)
	}
	o.cmd.Stdout, o.cmd.Stderr, o.out = w, o.stderr, bufio.NewReader(r)
	if err := o.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	in.Close()
	o.pid, err = strconv.Atoi(o.line())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(o.pid, syscall.SIGKILL); o.in.Close() })
	return o
}

func (o *obedient) do(command string) {
	o.t.Helper()
	if _, err := fmt.Fprintln(o.in, command); err != nil {
		o.t.Fatal(err)
	}
}

func (o *obedient) line() string {
	o.t.Helper()
	l, err := o.out.ReadString('\n')
	if err != nil {
		said, _ := os.ReadFile(o.stderr.Name())
		o.t.Fatalf("reading a line: %v after %q\n%s", err, l, said)
	}
	return strings.TrimSuffix(l, "\n")
}

func (o *obedient) says(what string) {
	o.t.Helper()
	o.do("say " + what)
	if got := o.line(); got != what {
		o.t.Fatalf("got %q, want %q", got, what)
	}
}

// watcherOf finds the watcher among the children of a front. It is started after the program.
func watcherOf(t *testing.T, front, not int) int {
	t.Helper()
	for began := time.Now(); time.Since(began) < patience; {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", front, front))
		if err != nil {
			t.Skip("this kernel does not tell children: ", err)
		}
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", front))
		for _, th := range threads {
			more, _ := os.ReadFile(th)
			b = append(append(b, ' '), more...)
		}
		for _, f := range strings.Fields(string(b)) {
			pid, _ := strconv.Atoi(f)
			line, _ := os.ReadFile("/proc/" + f + "/cmdline")
			if pid != not && strings.Contains(string(line), watchCommandName) {
				return pid
			}
		}
	}
	t.Fatal("there is no watcher")
	return 0
}

// TestExecWatcherKilled kills the watcher with SIGKILL: neither the program nor its
// output notices, its status is returned, and another watcher sees the next trace.
func TestExecWatcherKilled(t *testing.T) {
	r := loopback.New(t)
	o := startObedient(t, "--dsn", r.DSN(), "--wait", "20s")
	o.says("before")
	first := watcherOf(t, o.cmd.Process.Pid, o.pid)
	syscall.Kill(first, syscall.SIGKILL)
	for i := range 100 {
		o.says("after " + strconv.Itoa(i))
	}
	watcherOf(t, o.cmd.Process.Pid, first)
	o.says("more")
	o.do("say " + strings.ReplaceAll(strings.TrimSuffix(trace(2), "\n"), "\n", "|"))
	for range 3 {
		o.line()
	}
	o.says("even more")
	o.do("end 7")
	o.cmd.Wait()
	if got := o.cmd.ProcessState.ExitCode(); got != 7 {
		t.Errorf("status %d, want 7", got)
	}
	if n := numbersOf(r.Events()); n != 1 {
		said, _ := os.ReadFile(o.stderr.Name())
		t.Errorf("%d traces, want 1\n%s", n, said)
	}
}

func numbersOf(es []event.Event) (n int) {
	for _, e := range es {
		if e.Exception != nil && number.MatchString(e.Exception.Values[0].Value) {
			n++
		}
	}
	return n
}

// TestExecFrontKilled kills the front with SIGKILL. The program lives on, what it
// writes arrives and is looked at, and it ends with its own status.
func TestExecFrontKilled(t *testing.T) {
	// The program's new parent is this process, so that its status can be seen.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		t.Skip(err)
	}
	defer unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
	r := loopback.New(t)
	o := startObedient(t, "--dsn", r.DSN(), "--wait", "20s")
	o.says("before")
	watcher := watcherOf(t, o.cmd.Process.Pid, o.pid)
	o.cmd.Process.Kill()
	o.cmd.Wait()
	for i := range 100 {
		o.says("after " + strconv.Itoa(i))
	}
	o.do("say " + strings.ReplaceAll(strings.TrimSuffix(trace(2), "\n"), "\n", "|"))
	for range 3 {
		o.line()
	}
	o.do("end 7")
	if status := reaped(t, o.pid); status.ExitStatus() != 7 {
		t.Errorf("the program ended with %v, want status 7", status)
	}
	if _, err := o.out.ReadString('\n'); err != io.EOF {
		t.Errorf("after the program's end: %v, want EOF", err)
	}
	r.Wait(patience, func(es []event.Event) bool { return numbersOf(es) == 1 })
	if status := reaped(t, watcher); status.ExitStatus() != 0 {
		t.Errorf("the watcher ended with %v", status)
	}
}

func reaped(t *testing.T, pid int) syscall.WaitStatus {
	t.Helper()
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(pid, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			t.Fatalf("waiting for %d: %v", pid, err)
		}
		return status
	}
}

func TestExecPassesSignalsOn(t *testing.T) {
	r := loopback.New(t)
	c := execing(t, []string{"--dsn", r.DSN()}, "signals")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH, syscall.SIGHUP} {
		c.Process.Signal(s)
		if lines.Scan(); lines.Text() != s.String() {
			t.Errorf("got %q, want %q", lines.Text(), s)
		}
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

// TestExecAnOrderedEndIsNoEvent: who stops a program does not want to be told.
func TestExecAnOrderedEndIsNoEvent(t *testing.T) {
	r := loopback.New(t)
	o := startObedient(t, "--dsn", r.DSN(), "--wait", "20s")
	o.cmd.Process.Signal(syscall.SIGTERM)
	o.cmd.Wait()
	if got := o.cmd.ProcessState.ExitCode(); got != 143 {
		t.Errorf("status %d, want 143", got)
	}
	if es := r.Events(); len(es) != 0 {
		t.Errorf("an event: %s", summary(es[0]))
	}
}

// TestExecDoesNotWaitForTheBackground: the program has ended, a process that it
// left behind goes on writing, and what it writes still arrives.
func TestExecDoesNotWaitForTheBackground(t *testing.T) {
	commands, tell, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	c := execing(t, nil, "leave")
	c.Stdout, c.ExtraFiles = write, []*os.File{commands}
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	commands.Close()
	out := bufio.NewScanner(read)
	out.Scan() // its process id
	for i := range 10 {
		fmt.Fprintf(tell, "say number %d\n", i)
		if out.Scan(); out.Text() != fmt.Sprintf("number %d", i) {
			t.Fatalf("got %q", out.Text())
		}
	}
	tell.Close()
	if out.Scan() {
		t.Errorf("%q after the end", out.Text())
	}
}

// TestExecOnATerminal runs a shell on a terminal of its own: it believes to be on
// ours, learns its size and new sizes, and gets what is typed.
func TestExecOnATerminal(t *testing.T) {
	c := command("exec", "--state-dir", t.TempDir(), "--", "sh", "-c",
		`test -t 0 && test -t 1 && test -t 2 && echo all; stty size; trap 'stty size; exit 5' WINCH; echo ready; while :; do read line && echo "got $line"; done`)
	ours, err := pty.StartWithSize(c, &pty.Winsize{Rows: 33, Cols: 101})
	if err != nil {
		t.Skip("no terminal can be made: ", err)
	}
	defer ours.Close()
	out := bufio.NewReader(ours)
	expect := func(want string) {
		t.Helper()
		for {
			l, err := out.ReadString('\n')
			if err != nil {
				t.Fatalf("%v before %q; had %q", err, want, l)
			}
			if l == want+"\r\n" {
				return
			}
		}
	}
	expect("all")
	expect("33 101")
	expect("ready")
	fmt.Fprintf(ours, "typed\n")
	expect("got typed")
	if err := pty.Setsize(ours, &pty.Winsize{Rows: 40, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(ours, "\n") // dash runs a trap when its read has ended
	expect("40 120")
	io.Copy(io.Discard, out)
	c.Wait()
	if got := c.ProcessState.ExitCode(); got != 5 {
		t.Errorf("status %d, want 5", got)
	}
}

// TestExecKeyboardInterrupt: ^C reaches the program, once, and is no event.
func TestExecKeyboardInterrupt(t *testing.T) {
	r := loopback.New(t)
	c := execing(t, []string{"--dsn", r.DSN()}, "signals")
	ours, err := pty.Start(c)
	if err != nil {
		t.Skip("no terminal can be made: ", err)
	}
	defer ours.Close()
	out := bufio.NewScanner(ours)
	for out.Scan() && out.Text() != "ready" {
		continue
	}
	ours.Write([]byte{3})
	for out.Scan() && !strings.HasSuffix(out.Text(), "interrupt") {
		continue
	}
	c.Process.Signal(syscall.SIGHUP)
	var rest []string
	for out.Scan() {
		rest = append(rest, out.Text())
	}
	c.Wait()
	if len(rest) != 1 || rest[0] != "hangup" {
		t.Errorf("after ^C: %q, want the hangup only", rest)
	}
}

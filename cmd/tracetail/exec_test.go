//go:build unix

package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/loopback"
)

// asProgram is the first argument that makes the test binary a program to be run
// by `tracetail exec`.
const asProgram = "be-a-program"

func init() {
	if len(os.Args) > 2 && os.Args[1] == asProgram {
		programs[os.Args[2]](os.Args[3:])
		os.Exit(0)
	}
}

// programs are what the tests run.
var programs = map[string]func(args []string){
	"noise": func([]string) {
		for i := range 200 {
			os.Stdout.Write(noise(uint64(i), i%97))
			os.Stderr.Write(noise(uint64(1000+i), i%89))
		}
	},
	"lines": func(args []string) { // so many MiB
		n, _ := strconv.Atoi(args[0])
		w := bufio.NewWriterSize(os.Stdout, 64<<10)
		for i := 0; n<<20 > i*32; i++ {
			fmt.Fprintf(w, "ordinary line number %010d\n", i)
		}
		w.Flush()
	},
	"endless": func([]string) {
		for {
			if _, err := os.Stdout.WriteString("y\n"); err != nil {
				os.Exit(9) // SIGPIPE should have come first
			}
		}
	},
	"say": func(args []string) { // texts, then how to end: a status or -signal
		for _, a := range args[:len(args)-1] {
			fmt.Fprintln(os.Stderr, a)
		}
		end(args[len(args)-1])
	},
	"obey": func([]string) { // one command a line from stdin
		in := bufio.NewScanner(os.Stdin)
		fmt.Println(os.Getpid())
		for in.Scan() {
			word, rest, _ := strings.Cut(in.Text(), " ")
			if word == "end" {
				end(rest)
			}
			fmt.Println(strings.ReplaceAll(rest, "|", "\n"))
		}
	},
	"signals": func([]string) {
		c := make(chan os.Signal, 16)
		signal.Notify(c, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH)
		fmt.Println("ready")
		for s := range c {
			fmt.Println(s)
			if s == syscall.SIGHUP {
				return
			}
		}
	},
	"leave": func([]string) { // a process behind that goes on writing
		c := exec.Command(os.Args[0], asProgram, "obey")
		c.Stdin, c.Stdout = os.NewFile(3, "commands"), os.Stdout
		if err := c.Start(); err != nil {
			panic(err)
		}
	},
}

func end(how string) {
	n, _ := strconv.Atoi(how)
	if n >= 0 {
		os.Exit(n)
	}
	// Go's runtime has ideas of its own about some signals; a shell has none.
	syscall.Exec("/bin/sh", []string{"sh", "-c", "kill -" + strconv.Itoa(-n) + " $$"}, os.Environ())
	panic("there is no /bin/sh")
}

// noise is bytes that are no text, of a length that fits no buffer.
func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	b := make([]byte, n*n/3)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// execing is a call of exec with a state directory of its own.
func execing(t *testing.T, flags []string, program ...string) *exec.Cmd {
	t.Helper()
	args := []string{"exec"}
	if !strings.Contains(strings.Join(flags, " "), "--state-dir") {
		args = append(args, "--state-dir", t.TempDir())
	}
	args = append(append(args, flags...), "--", os.Args[0], asProgram)
	return command(append(args, program...)...)
}

// result runs it to its end.
func result(t *testing.T, c *exec.Cmd) (stdout, stderr []byte, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	var exited *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	return out.Bytes(), errs.Bytes(), c.ProcessState.ExitCode()
}

func TestExecPassesBytesOn(t *testing.T) {
	var out, errs []byte
	for i := range 200 {
		out = append(out, noise(uint64(i), i%97)...)
		errs = append(errs, noise(uint64(1000+i), i%89)...)
	}
	gotOut, gotErr, status := result(t, execing(t, nil, "noise"))
	if !bytes.Equal(gotOut, out) {
		t.Errorf("stdout: %d bytes that are not the %d written", len(gotOut), len(out))
	}
	if !bytes.Equal(gotErr, errs) {
		t.Errorf("stderr: %d bytes that are not the %d written; it ends %q", len(gotErr), len(errs), gotErr[max(0, len(gotErr)-200):])
	}
	if status != 0 {
		t.Errorf("status %d", status)
	}
}

// TestExecLosesNoOutputUnderPressure writes far faster than lines can be looked at.
func TestExecLosesNoOutputUnderPressure(t *testing.T) {
	const mib = 64
	want, got := sha256.New(), sha256.New()
	for i := 0; mib<<20 > i*32; i++ {
		fmt.Fprintf(want, "ordinary line number %010d\n", i)
	}
	c := execing(t, []string{"--dsn", loopback.New(t).DSN()}, "lines", strconv.Itoa(mib))
	c.Stdout = got
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want.Sum(nil), got.Sum(nil)) {
		t.Error("what arrived is not what was written")
	}
}

func TestExecReturnsTheStatus(t *testing.T) {
	for _, tc := range []struct {
		how  string
		want int
	}{{"0", 0}, {"1", 1}, {"77", 77}, {"255", 255}, {"-15", 143}, {"-9", 137}, {"-6", 134}, {"-11", 139}} {
		if _, _, status := result(t, execing(t, nil, "say", tc.how)); status != tc.want {
			t.Errorf("%s: status %d, want %d", tc.how, status, tc.want)
		}
	}
	plain := file(t, "plain", "no program")
	for _, tc := range []struct {
		want int
		args []string
	}{
		{127, []string{"exec", "--", "no-such-program-anywhere"}},
		{127, []string{"exec", "--", "/no/such/program"}},
		{126, []string{"exec", "--", plain}},
		{126, []string{"exec", "--", t.TempDir()}},
		{2, []string{"exec"}},
		{2, []string{"exec", "--no-such-flag", "--", "true"}},
	} {
		_, stderr, status := outcome(t, "", tc.args...)
		if status != tc.want || !strings.HasPrefix(stderr, "tracetail: ") {
			t.Errorf("%v: status %d, want %d; %q", tc.args, status, tc.want, stderr)
		}
	}
}

// TestExecEnds checks which ends become events and what they hold.
func TestExecEnds(t *testing.T) {
	secret := "hun" + "ter2"
	trace := "Traceback (most recent call last):\n  File \"/srv/pay/wallet.py\", line 12, in debit\n    return left\nValueError: empty"
	for _, tc := range []struct {
		name    string
		program []string
		want    []string // type, level and value of each event
	}{
		{"well", []string{"say", "all is fine", "0"}, nil},
		{"status", []string{"say", "password=" + secret, "no disk", "3"}, []string{"ExitError error tracetail.test exited with status 3"}},
		{"crash", []string{"say", "going down", "-11"}, []string{"SIGSEGV fatal tracetail.test was killed by SIGSEGV"}},
		{"killed", []string{"say", "-9"}, []string{"SIGKILL fatal tracetail.test was killed by SIGKILL"}},
		{"ended by a stranger", []string{"say", "-15"}, []string{"SIGTERM error tracetail.test was killed by SIGTERM"}},
		{"explained", []string{"say", trace, "1"}, []string{"ValueError error empty"}},
		{"not explained", []string{"say", "ERROR: no disk", "1"}, []string{" error no disk", "ExitError error tracetail.test exited with status 1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := loopback.New(t)
			_, stderr, _ := result(t, execing(t, []string{"--dsn", r.DSN(), "--wait", "20s"}, tc.program...))
			if bytes.Contains(stderr, []byte("tracetail:")) {
				t.Errorf("something was said: %s", stderr)
			}
			var got []string
			for _, e := range r.Events() {
				got = append(got, summary(e))
				if e.Tags["command"] != "" {
					checkEnd(t, e, tc.program)
				}
			}
			slices.Sort(got) // they are sent at once
			if strings.Join(got, "\n") != strings.Join(tc.want, "\n") {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			for _, raw := range r.Raw() {
				if bytes.Contains(raw, []byte(secret)) || bytes.Contains(raw, []byte(asProgram)) {
					t.Errorf("a secret, or an argument, was sent: %s", raw)
				}
			}
		})
	}
}

func summary(e event.Event) string {
	if e.Exception == nil {
		return fmt.Sprintf(" %s %s", e.Level, e.LogEntry.Formatted)
	}
	x := e.Exception.Values[len(e.Exception.Values)-1]
	return fmt.Sprintf("%s %s %s", x.Type, e.Level, x.Value)
}

// checkEnd checks that the event of an end carries the last words.
func checkEnd(t *testing.T, e event.Event, program []string) {
	t.Helper()
	if e.Tags["command"] != filepath.Base(os.Args[0]) {
		t.Errorf("command %q", e.Tags["command"])
	}
	if len(program) == 2 {
		return
	}
	last := program[len(program)-2]
	if e.Breadcrumbs == nil {
		t.Fatal("no last words")
	}
	crumb := e.Breadcrumbs.Values[len(e.Breadcrumbs.Values)-1]
	if crumb.Message != last || crumb.Category != "stderr" && crumb.Category != "output" {
		b, _ := json.Marshal(crumb)
		t.Errorf("last words %s, want %q", b, last)
	}
}

func TestExecTroubleOfOursIsNotTheProgramsTrouble(t *testing.T) {
	inTheWay := file(t, "state", "not a directory")
	for name, flags := range map[string][]string{
		"dsn":     {"--dsn", "https://example.com"},
		"spool":   {"--dsn", "http://key@127.0.0.1:9/1", "--state-dir", inTheWay},
		"config":  {"--config", "/no/such/config.yaml"},
		"tag":     {"--tag", "novalue"},
		"refused": {"--dsn", "http://" + loopback.Key + "@127.0.0.1:9/1", "--wait", "0s"},
	} {
		stdout, stderr, status := result(t, execing(t, flags, "say", "hello", "3"))
		if len(stdout) != 0 || status != 3 || !strings.HasPrefix(string(stderr), "hello\n") && !strings.HasSuffix(string(stderr), "hello\n") {
			t.Errorf("%s: status %d, stdout %q, stderr %q", name, status, stdout, stderr)
		}
		if n := strings.Count(string(stderr), "tracetail: "); n != 1 {
			t.Errorf("%s: said %d times, want once: %q", name, n, stderr)
		}
	}
}

func TestExecNextRunSendsWhatIsLeft(t *testing.T) {
	r := loopback.New(t)
	r.Answer(func(request int, _ http.ResponseWriter) int {
		if request <= 2 {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	})
	flags := []string{"--dsn", r.DSN(), "--state-dir", t.TempDir(), "--wait", "0s"}
	if _, stderr, _ := result(t, execing(t, flags, "say", "4")); !bytes.Contains(stderr, []byte("go out with the next run")) {
		t.Errorf("stderr %q", stderr)
	}
	flags[5] = "20s"
	result(t, execing(t, flags, "say", "0"))
	if es := r.Events(); len(es) != 1 || es[0].Tags["exit_status"] != "4" {
		t.Errorf("got %v, want the end of the first run", es)
	}
}

func TestExecWithoutDSNShowsEventsAtTheEnd(t *testing.T) {
	_, stderr, _ := result(t, execing(t, nil, "say", "last words", "3"))
	if !bytes.HasPrefix(stderr, []byte("last words\ntracetail: no DSN")) || !bytes.Contains(stderr, []byte("exited with status 3")) {
		t.Errorf("stderr %q", stderr)
	}
}

// TestExecKeepsOneOrder: where stdout and stderr are one file, what is written to
// both comes in the order in which it was written.
func TestExecKeepsOneOrder(t *testing.T) {
	both := filepath.Join(t.TempDir(), "both")
	f, err := os.Create(both)
	if err != nil {
		t.Fatal(err)
	}
	c := command("exec", "--state-dir", t.TempDir(), "--", "sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done")
	c.Stdout, c.Stderr = f, f
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(both)
	var want strings.Builder
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&want, "o%d\ne%d\n", i, i)
	}
	if string(got) != want.String() {
		t.Errorf("got %q", got)
	}
}

func TestExecReaderGone(t *testing.T) {
	r := loopback.New(t)
	c := execing(t, []string{"--dsn", r.DSN()}, "endless")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	out.Close()
	c.Wait()
	if got := c.ProcessState.ExitCode(); got != exitSignal+int(syscall.SIGPIPE) {
		t.Errorf("status %d, want that of SIGPIPE", got)
	}
	if es := r.Events(); len(es) != 0 {
		t.Errorf("an event for the end of a pipe: %s", summary(es[0]))
	}
}

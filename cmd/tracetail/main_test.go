package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// asTracetail makes the test binary behave as the program itself, so that
// tests run the real thing in a process of its own: to signal, to kill.
const asTracetail = "TRACETAIL_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asTracetail) != "" {
		os.Exit(run(context.Background(), os.Args))
	}
	os.Exit(m.Run())
}

// command is a call of the program with an environment that names no DSN.
func command(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "SENTRY_") && !strings.HasPrefix(e, "TRACETAIL_") {
			c.Env = append(c.Env, e)
		}
	}
	c.Env = append(c.Env, asTracetail+"=1", "NO_COLOR=1")
	return c
}

// outcome runs the program to its end.
func outcome(t *testing.T, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	c := command(args...)
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &out, &errs
	var exited *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

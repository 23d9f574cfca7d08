package main

import (
	"fmt"
	"os"
	"os/exec"
	"sync"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// terminal is what the program has in place of the terminal that we run on.
//
// If stdout or stderr is a terminal, the program gets one of its own for it, so
// that it shows colours and progress as it would without us. If stdin is the same
// terminal and ours to use, it is relayed as well, and ours is made raw: all keys
// reach the program's terminal, ^C included, which turns them into signals there.
// The program is then the first of its session, in which ^Z stops nothing.
//
// If only stdin is a terminal, the program inherits it and stays in our process
// group: it would not be let read otherwise. What the keyboard says then reaches
// both of us, and is not passed on a second time.
type terminal struct {
	master, slave *os.File // nil: no terminal of its own
	of            *os.File // the terminal that it stands for
	stdin         bool     // relayed
	shared        bool     // the program is in our process group

	mu    sync.Mutex
	saved *term.State // before it was made raw
}

func isTTY(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// open prepares the program's terminal, if it is to have one.
func (t *terminal) open(cmd *exec.Cmd) error {
	switch {
	case isTTY(os.Stdout):
		t.of = os.Stdout
	case isTTY(os.Stderr):
		t.of = os.Stderr
	default:
		if isTTY(os.Stdin) && inForeground(os.Stdin) {
			t.shared = true
			cmd.SysProcAttr.Setpgid = false
		}
		return nil
	}
	master, slave, err := pty.Open()
	if err != nil {
		return fmt.Errorf("making a terminal for it: %w", err)
	}
	defer master.Close()
	t.slave = slave
	// The library makes its file a blocking one with every call; this one stays as it is.
	_ = unix.SetNonblock(int(master.Fd()), true)
	if t.master, err = duplicate(master); err != nil {
		return err
	}
	if t.of, err = duplicate(t.of); err != nil { // our own stdout will be let go of
		return err
	}
	_ = pty.InheritSize(t.of, t.master)
	t.stdin = isTTY(os.Stdin) && inForeground(os.Stdin)
	t.imitate()
	cmd.SysProcAttr.Setpgid, cmd.SysProcAttr.Setsid, cmd.SysProcAttr.Setctty = false, true, true
	switch {
	case t.stdin:
		cmd.Stdin = t.slave
		cmd.SysProcAttr.Ctty = 0
	case isTTY(os.Stdout):
		cmd.SysProcAttr.Ctty = 1
	default:
		cmd.SysProcAttr.Ctty = 2
	}
	return nil
}

// imitate gives the program's terminal the settings of ours. Where ours stays as
// it is, it makes line breaks of what the program writes; once is enough.
func (t *terminal) imitate() {
	mode, err := unix.IoctlGetTermios(int(t.of.Fd()), ioctlGetTermios)
	if err != nil {
		return
	}
	if !t.stdin {
		mode.Oflag &^= unix.OPOST
	}
	_ = unix.IoctlSetTermios(int(t.slave.Fd()), ioctlSetTermios, mode)
}

// inForeground tells whether we may use the terminal: a job in the background is
// stopped when it tries.
func inForeground(f *os.File) bool {
	group, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// enter makes our terminal raw, leave puts it back.
func (t *terminal) enter() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stdin && t.saved == nil && inForeground(os.Stdin) {
		t.saved, _ = term.MakeRaw(int(os.Stdin.Fd()))
	}
}

func (t *terminal) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.saved != nil {
		_ = term.Restore(int(os.Stdin.Fd()), t.saved)
		t.saved = nil
	}
}

func (t *terminal) raw() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.saved != nil
}

// keyboard tells whether somebody at the keyboard can stop the program without us.
func (t *terminal) keyboard() bool { return t.stdin || t.shared }

// resize gives the program's terminal the size of ours.
func (t *terminal) resize() bool {
	return t.master != nil && pty.InheritSize(t.of, t.master) == nil
}

// input relays what is typed. It ends with the process.
func (t *terminal) input() {
	if !t.stdin {
		return
	}
	buf := make([]byte, 4<<10)
	for {
		n, err := os.Stdin.Read(buf)
		if n > 0 {
			if _, err := t.master.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

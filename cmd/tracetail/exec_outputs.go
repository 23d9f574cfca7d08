package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/tracetail/tracetail/internal/source"
)

// connect makes the pipes, or the terminal, that the program writes to. Where
// stdout and stderr lead to the same place, they are one: only so does the order of
// what is written to both stay what it is.
func (f *front) connect() error {
	f.cmd.Stdin = os.Stdin
	f.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := f.term.open(f.cmd); err != nil {
		return err
	}
	if f.term.slave != nil {
		f.theirs = append(f.theirs, f.term.slave)
	}
	same := sameFile(os.Stdout, os.Stderr)
	var err error
	if f.cmd.Stdout, err = f.tap(outputName("stdout", same), os.Stdout); err != nil {
		return err
	}
	if f.cmd.Stderr = f.cmd.Stdout; !same {
		if f.cmd.Stderr, err = f.tap("stderr", os.Stderr); err != nil {
			return err
		}
	}
	f.copied = source.NewCopyBuffer(len(f.taps))
	f.relay = source.NewRelay(f.taps, f.copied, f.outputClosed, f.outputFailed)
	return nil
}

func outputName(name string, same bool) string {
	if same {
		return "output"
	}
	return name
}

// tap makes one output, and gives the program's end of it.
func (f *front) tap(name string, to *os.File) (*os.File, error) {
	from, theirs, err := f.term.master, f.term.slave, error(nil)
	if from == nil || !isTTY(to) {
		if from, theirs, err = os.Pipe(); err != nil {
			return nil, fmt.Errorf("making a pipe for its %s: %w", name, err)
		}
		f.theirs = append(f.theirs, theirs)
	} else if from, err = duplicate(from); err != nil {
		return nil, err
	}
	tap := source.Tap{Name: name, From: from}
	if tap.To, err = duplicate(to); err != nil {
		return nil, err
	}
	spare := source.Tap{Name: name}
	if spare.From, err = duplicate(from); err != nil {
		return nil, err
	}
	if spare.To, err = duplicate(to); err != nil {
		return nil, err
	}
	f.taps, f.spare = append(f.taps, tap), append(f.spare, spare)
	return theirs, nil
}

// duplicate gives another descriptor for the same open file. It does not ask for
// Fd, which would make the file a blocking one.
func duplicate(of *os.File) (*os.File, error) {
	conn, err := of.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("duplicating the descriptor of %s: %w", of.Name(), err)
	}
	var dup int
	var failed error
	err = conn.Control(func(fd uintptr) { dup, failed = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 3) })
	if err = errors.Join(err, failed); err != nil {
		return nil, fmt.Errorf("duplicating the descriptor of %s: %w", of.Name(), err)
	}
	return os.NewFile(uintptr(dup), of.Name()), nil
}

// sameFile tells whether two descriptors lead to one place where order matters.
func sameFile(a, b *os.File) bool {
	var sa, sb unix.Stat_t
	if unix.Fstat(int(a.Fd()), &sa) != nil || unix.Fstat(int(b.Fd()), &sb) != nil || sa.Dev != sb.Dev || sa.Ino != sb.Ino {
		return false
	}
	var null unix.Stat_t
	return unix.Stat(os.DevNull, &null) != nil || sa.Rdev != null.Rdev || sa.Mode&unix.S_IFMT != unix.S_IFCHR
}

// detach lets go of what is the program's only: our own stdout, so that its reader
// sees the end when the program closes it.
func (f *front) detach() {
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		_ = unix.Dup2(int(null.Fd()), 1)
		_ = null.Close()
	}
	keepPrivate()
}

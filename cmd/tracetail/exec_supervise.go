package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/tracetail/tracetail/internal/source"
)

// maxWatchers is how often the watcher is started anew; one that dies again and
// again will not be mended by another try.
const maxWatchers = 8

// watcher is the front's hold on its watcher.
type watcher struct {
	frames *os.File // the copy of the output goes there
	done   *os.File // closed by the watcher when everything is delivered
	ended  <-chan syscall.WaitStatus
}

// supervise sees to it that somebody looks at what the program writes. It returns when that has
// been done to the end, or cannot be done.
func (f *front) supervise() {
	pause := time.Second
	for n := 1; ; n++ {
		w, err := f.startWatcher()
		if err != nil {
			f.say("cannot start a process that looks for traces: %v; output is passed on, and no event will be made of it", err)
			return
		}
		status, finished := f.feed(w)
		f.release()
		if finished {
			return
		}
		if n == maxWatchers || f.isOver() {
			f.say("the process that looks for traces has died (%s); output is passed on, and no event will be made of it", died(status))
			return
		}
		f.say("the process that looks for traces has died (%s); another one goes on", died(status))
		select {
		case <-f.ended:
		case <-time.After(pause):
		}
		pause *= 2
	}
}

// feed sends a watcher the copy of the output, and returns when it has delivered
// what it found, or has died.
func (f *front) feed(w *watcher) (status syscall.WaitStatus, finished bool) {
	alive, end := context.WithCancel(context.Background())
	defer end()
	sent := make(chan error, 1)
	go func() { sent <- f.copied.Send(alive, w.frames) }()
	select {
	case err := <-sent:
		_ = w.frames.Close()
		if err == nil {
			_, _ = io.Copy(io.Discard, w.done) // it closes it, or dies
		} else {
			status = <-w.ended
		}
		_ = w.done.Close()
		return status, err == nil
	case status = <-w.ended:
		end()
		_ = w.frames.Close()
		_ = w.done.Close()
		return status, <-sent == nil
	}
}

func (f *front) isOver() bool {
	select {
	case <-f.ended:
		return true
	default:
		return false
	}
}

func died(s syscall.WaitStatus) string {
	if s.Signaled() {
		return s.Signal().String()
	}
	return fmt.Sprintf("exit status %d", s.ExitStatus())
}

// release forgets a watcher that has done its work, or has died.
func (f *front) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.isOver() && !f.holdsOpen() {
		f.standby.Over()
	}
	f.watcher = 0
}

// The descriptors that a watcher is started with.
const (
	framesFD = 3 + iota
	lineFD
	doneFD
	tapsFD // two for each output
)

// startWatcher starts this program once more, in a session of its own: what
// happens to the terminal or to our process group must not keep it from telling how
// the program died.
func (f *front) startWatcher() (*watcher, error) {
	ours, theirs := make([]*os.File, 3), make([]*os.File, 3)
	defer func() {
		for _, t := range theirs {
			_ = t.Close()
		}
	}()
	var errs [3]error
	theirs[0], ours[0], errs[0] = os.Pipe()
	theirs[1], ours[1], errs[1] = os.Pipe()
	ours[2], theirs[2], errs[2] = os.Pipe()
	f.mu.Lock()
	defer f.mu.Unlock()
	err := errors.Join(errs[:]...)
	var pid int
	if err == nil {
		pid, err = f.spawn(theirs)
	}
	if err != nil {
		for _, o := range ours {
			_ = o.Close()
		}
		return nil, err
	}
	f.watcher, f.standby = pid, source.NewFront(ours[1])
	return &watcher{frames: ours[0], done: ours[2], ended: f.reaper.await(pid)}, nil
}

// spawn starts the process. The caller holds mu.
func (f *front) spawn(files []*os.File) (pid int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	var names []string
	for _, t := range f.spare {
		names = append(names, t.Name)
	}
	cmd := exec.Command(self, append([]string{watchCommandName, "--outputs", strings.Join(names, ",")}, append(f.flags, "--", f.name)...)...) //nolint:noctx // it outlives us where it must
	cmd.Args[0] = os.Args[0]
	cmd.Stderr = os.Stderr
	cmd.ExtraFiles = files
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	for _, t := range f.spare {
		if t.From == nil {
			t.From, t.To = null, null // it has ended: reading gives the end at once
		}
		cmd.ExtraFiles = append(cmd.ExtraFiles, t.From, t.To)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, nil
}

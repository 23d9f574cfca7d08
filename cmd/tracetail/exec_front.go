package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/tracetail/tracetail/internal/source"
)

// front runs a program and stands between it and whoever started us. It knows
// nothing of traces, reads no configuration and touches no disk: the less it does,
// the less can go wrong with the program.
//
// The order of things: the program is started first, then the watcher; what the
// program writes meanwhile waits in the copy. The program has a process group of
// its own, so that a signal for it reaches all of its processes, except where it
// shares the terminal with us (see terminal).
type front struct {
	name  string // of the program
	flags []string
	wait  time.Duration
	cmd   *exec.Cmd

	term   terminal
	taps   []source.Tap // read by the relay
	theirs []*os.File   // the program's ends
	copied *source.CopyBuffer
	relay  *source.Relay
	reaper *reaper

	mu      sync.Mutex
	spare   []source.Tap // the same taps, for the watcher; zero once ended
	standby *source.Front
	watcher int // process id, 0 if there is none
	ended   chan struct{}
	asked   syscall.Signal // the last signal that asked the program to end

	signals chan os.Signal
}

// run runs the program to its end.
func (f *front) run() (source.Ending, error) {
	f.listen()
	defer signal.Stop(f.signals)
	if err := f.connect(); err != nil {
		return source.Ending{}, &startError{f.name, err}
	}
	f.reaper = newReaper()
	if err := f.cmd.Start(); err != nil {
		return source.Ending{}, &startError{f.name, err}
	}
	for _, t := range f.theirs {
		_ = t.Close()
	}
	f.detach()
	f.term.enter()
	go f.reaper.run()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		f.supervise()
	}()
	f.relay.Start()
	go f.term.input()
	status := f.awaitProgram(f.cmd.Process.Pid)
	end := f.leave(status)
	f.awaitWatcher(watched)
	return end, nil
}

// awaitProgram passes signals on until the program has ended.
func (f *front) awaitProgram(pid int) syscall.WaitStatus {
	ended := f.reaper.await(pid)
	for {
		select {
		case s := <-f.signals:
			f.pass(pid, s.(syscall.Signal))
		case status := <-ended:
			return status
		}
	}
}

// leave passes on the rest of the output and says how the program ended. What
// processes in its background still hold open is the standby's from then on:
// whoever started us waits for the program only.
func (f *front) leave(status syscall.WaitStatus) source.Ending {
	close(f.ended)
	open := f.passRest()
	f.term.leave()
	end := source.Ending{Status: status.ExitStatus()}
	if status.Signaled() {
		end = source.Ending{Signal: int(status.Signal())}
	}
	end.Ordered = f.ordered(end)
	f.mu.Lock()
	watcher, standby := f.watcher, f.standby
	f.mu.Unlock()
	switch {
	case open > 0 && watcher != 0:
		standby.TakeOver()
	case open > 0:
		r := source.NewRelay(f.taps, nil, nil, nil)
		r.Start()
		r.Wait()
	}
	f.copied.End(end)
	return end
}

// passRest passes on what the program has written before it ended, and tells how
// many outputs are still open. A reader that takes nothing would keep us for ever;
// a signal that asks us to end leaves the rest to the standby.
func (f *front) passRest() (open int) {
	left := make(chan int, 1)
	go func() { left <- f.relay.Leave() }()
	for {
		select {
		case open := <-left:
			return open
		case s := <-f.signals:
			if asksToEnd(s.(syscall.Signal)) {
				return 0
			}
		}
	}
}

// ordered tells whether the end was asked for: by a signal that was passed on, by
// somebody at the terminal, or by a reader of the output who had seen enough.
func (f *front) ordered(end source.Ending) bool {
	by := func(s syscall.Signal) bool {
		return end.Signal == int(s) || end.Signal == 0 && end.Status == exitSignal+int(s)
	}
	switch {
	case f.asked != 0 && by(f.asked):
		return true
	case f.term.keyboard() && (by(syscall.SIGINT) || by(syscall.SIGQUIT)):
		return true
	}
	return f.relay.Broken() && by(syscall.SIGPIPE)
}

// readAhead is how long the watcher may take to read what was copied, besides its
// time for deliveries.
const readAhead = 3 * time.Second

// awaitWatcher gives the watcher its time. A signal that asks us to end is heard: what is
// not delivered goes out with the next run.
func (f *front) awaitWatcher(watched <-chan struct{}) {
	timer := time.NewTimer(f.wait + readAhead)
	defer timer.Stop()
	for {
		select {
		case <-watched:
			return
		case <-timer.C:
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.watcher != 0 && !f.holdsOpen() {
				_ = syscall.Kill(f.watcher, syscall.SIGKILL)
			}
			return
		case s := <-f.signals:
			if asksToEnd(s.(syscall.Signal)) {
				return
			}
		}
	}
}

// holdsOpen tells whether something is left to pass on. The caller holds mu.
func (f *front) holdsOpen() bool {
	for _, t := range f.spare {
		if t.From != nil {
			return true
		}
	}
	return false
}

// say tells the operator something about us, on a line of its own.
func (f *front) say(format string, args ...any) {
	eol := "\n"
	if f.term.raw() {
		eol = "\r\n"
	}
	fmt.Fprintf(os.Stderr, "tracetail: "+format+eol, args...)
}

// outputClosed is called when an output has come to its end.
func (f *front) outputClosed(i int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.spare[i].From.Close()
	_ = f.spare[i].To.Close()
	f.spare[i] = source.Tap{Name: f.spare[i].Name}
	if f.standby != nil {
		f.standby.Closed(i)
	}
}

func (f *front) outputFailed(i int, err error) {
	f.say("writing the %s of %s: %v; what cannot be written is lost, and %s goes on", f.taps[i].Name, f.name, err, f.name)
}

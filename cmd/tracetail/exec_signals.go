package main

import (
	"os"
	"os/signal"
	"syscall"
)

// passedOn are the signals that the program gets when we do. A signal that was
// ignored when we were started (nohup) stays ignored, for the program as well.
var passedOn = []syscall.Signal{
	syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2,
	syscall.SIGWINCH, syscall.SIGCONT, syscall.SIGTSTP,
}

// listen begins to catch signals. It comes before the program is started: none
// may end us without reaching it.
func (f *front) listen() {
	f.signals = make(chan os.Signal, 16)
	for _, s := range passedOn {
		if !signal.Ignored(s) {
			signal.Notify(f.signals, s)
		}
	}
	if !signal.Ignored(syscall.SIGPIPE) {
		// A stderr without a reader must not kill us when we say something there. To
		// ignore the signal would be to make the program ignore it.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	}
}

// pass passes one signal on to the program.
func (f *front) pass(pid int, s syscall.Signal) {
	switch {
	case asksToEnd(s):
		f.asked = s
	case s == syscall.SIGWINCH && f.term.resize():
		return // the kernel tells the program
	}
	switch {
	case !f.term.shared:
		_ = syscall.Kill(-pid, s)
	case s == syscall.SIGINT || s == syscall.SIGQUIT || s == syscall.SIGTSTP || s == syscall.SIGWINCH:
		// The terminal has told the program itself: once is enough.
	default:
		_ = syscall.Kill(pid, s)
	}
	switch s {
	case syscall.SIGTSTP: // whoever waits for us sees a job that has stopped
		f.term.leave()
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	case syscall.SIGCONT:
		f.term.enter()
	}
}

func asksToEnd(s syscall.Signal) bool {
	return s == syscall.SIGINT || s == syscall.SIGTERM || s == syscall.SIGHUP || s == syscall.SIGQUIT
}

package main

import (
	"math"

	"golang.org/x/sys/unix"
)

// keepPrivate keeps the descriptors that we were started with, beyond the first
// three, from the watcher: they are for the program, which has them by now, and a
// socket must not outlive it.
func keepPrivate() { _ = unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC) }

package main

import (
	"errors"
	"sync"
	"syscall"
)

// reaper waits for every child of this process. In a container we are the first
// process, and orphans of the program become our children: nobody else would bury them.
type reaper struct {
	mu      sync.Mutex
	ended   map[int]syscall.WaitStatus // that nobody has asked for yet
	waiting map[int]chan syscall.WaitStatus
	born    chan struct{} // there may be a child again
}

// maxUnclaimed bounds the orphans that are remembered; only those that end before
// they are asked for matter.
const maxUnclaimed = 1024

func newReaper() *reaper {
	return &reaper{ended: map[int]syscall.WaitStatus{}, waiting: map[int]chan syscall.WaitStatus{}, born: make(chan struct{}, 1)}
}

// run waits for children for ever: it ends with the process.
func (r *reaper) run() {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			<-r.born
			continue
		}
		r.note(pid, status)
	}
}

func (r *reaper) note(pid int, status syscall.WaitStatus) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, ok := r.waiting[pid]; ok {
		delete(r.waiting, pid)
		c <- status
		return
	}
	if len(r.ended) >= maxUnclaimed {
		clear(r.ended)
	}
	r.ended[pid] = status
}

// await gives the status of one child once it has ended.
func (r *reaper) await(pid int) <-chan syscall.WaitStatus {
	select {
	case r.born <- struct{}{}:
	default:
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	c := make(chan syscall.WaitStatus, 1)
	if status, ok := r.ended[pid]; ok {
		delete(r.ended, pid)
		c <- status
	} else {
		r.waiting[pid] = c
	}
	return c
}

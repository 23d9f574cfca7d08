package source

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Tap is one output of a child: what it is called, where it is read from (a pipe
// or the master of a terminal), and where it goes.
type Tap struct {
	Name     string
	From, To *os.File
}

// Relay passes the outputs of a child on, byte for byte, each in order, as soon as
// anything is there, and leaves a copy in a CopyBuffer. Nothing that happens to the
// copy can delay or change what is passed on.
//
// When the place where an output goes has no reader any more, the pipe that the
// child writes to is closed, so that the child learns of it as it would have
// without us, by SIGPIPE. Every other error of writing (a full disk, say) is told
// once, and what could not be written is lost: the child cannot be told.
type Relay struct {
	taps   []Tap
	copy   *CopyBuffer // nil: only passed on
	closed func(i int) // the output has come to its end; may be nil
	failed func(i int, err error)

	running sync.WaitGroup
	broken  atomic.Bool
	open    []atomic.Bool
}

// NewRelay makes a relay. The taps belong to it once Start was called: each is
// closed at its end, before closed is called with its number. failed is called once for each
// output that cannot be written. Both are called by goroutines of the relay.
//
// From must be known to Go's poller, that is, non-blocking: a thread that waits in
// read(2) makes the runtime's monitor run, which costs ten times the line that it waits for.
func NewRelay(taps []Tap, to *CopyBuffer, closed func(int), failed func(int, error)) *Relay {
	return &Relay{taps: taps, copy: to, closed: closed, failed: failed, open: make([]atomic.Bool, len(taps))}
}

// Start starts a goroutine for each output.
func (r *Relay) Start() {
	for i := range r.taps {
		if r.taps[i].From == nil {
			continue
		}
		r.open[i].Store(true)
		r.running.Go(func() { r.pass(i) })
	}
}

// Wait waits until every output has come to its end.
func (r *Relay) Wait() { r.running.Wait() }

// Leave passes on what has been written by now and stops. It tells how many outputs
// are still held open by somebody. Those taps are not closed.
func (r *Relay) Leave() (open int) {
	for i := range r.taps {
		if r.open[i].Load() {
			_ = r.taps[i].From.SetReadDeadline(time.Unix(1, 0))
		}
	}
	r.running.Wait()
	for i := range r.open {
		if r.open[i].Load() {
			open++
			_ = r.taps[i].From.SetReadDeadline(time.Time{})
		}
	}
	return open
}

// Broken tells whether a reader of the output has gone.
func (r *Relay) Broken() bool { return r.broken.Load() }

// pass passes one output on until it ends or the relay is told to leave.
func (r *Relay) pass(i int) {
	t := &r.taps[i]
	to := int(t.To.Fd())
	buf := make([]byte, maxFrame)
	told := false
	for {
		n, err := t.From.Read(buf)
		if errors.Is(err, os.ErrDeadlineExceeded) { // told to leave
			if n, err = readNow(t.From, buf); errors.Is(err, unix.EAGAIN) {
				return
			}
		}
		if n <= 0 || err != nil { // EIO: nobody has the terminal open any more
			break
		}
		err = writeAll(to, buf[:n])
		if errors.Is(err, unix.EPIPE) {
			r.broken.Store(true)
			break
		}
		if err != nil && !told && r.failed != nil {
			told = true
			r.failed(i, err)
		}
		if r.copy != nil {
			r.copy.Add(i, buf[:n])
		}
	}
	_ = t.From.Close()
	_ = t.To.Close()
	r.open[i].Store(false)
	if r.closed != nil {
		r.closed(i)
	}
}

// readNow reads what is there, without waiting.
func readNow(f *os.File, buf []byte) (n int, err error) {
	conn, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = conn.Control(func(fd uintptr) {
		for n, failed = unix.Read(int(fd), buf); errors.Is(failed, unix.EINTR); {
			n, failed = unix.Read(int(fd), buf)
		}
	})
	return n, errors.Join(err, failed)
}

// writeAll writes all of b. The descriptor may be one that somebody else has made
// non-blocking: it is shared with whoever started us.
func writeAll(fd int, b []byte) error {
	for len(b) > 0 {
		n, err := unix.Write(fd, b)
		switch {
		case err == nil:
			b = b[n:]
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN):
			if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, -1); err != nil && !errors.Is(err, unix.EINTR) {
				return err
			}
		default:
			return err
		}
	}
	return nil
}

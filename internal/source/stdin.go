package source

import (
	"context"
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// stdinPath is the name of standard input in paths, events and marks.
const stdinPath = "-"

// openStdin starts reading standard input if an entry asks for it.
func (t *Tailer) openStdin(ctx context.Context) {
	for _, e := range t.entries {
		if !e.stdin {
			continue
		}
		if t.outputs != nil {
			t.openOutputs(ctx, e)
			return
		}
		s := t.openPipe(stdinPath, Stdin, e)
		t.q.hold(1)
		t.pumps.Go(func() {
			defer t.q.hold(-1)
			t.pump(ctx, s, int(t.stdin.Fd()))
		})
		return // there is only one
	}
}

// pump reads fd until it ends or ctx is done. A read that waits for a terminal or
// a pipe cannot be called off, so it waits in poll(2) together with a pipe that
// closes when ctx is done.
func (t *Tailer) pump(ctx context.Context, s *stream, fd int) {
	defer t.putEnd(s, s.pipe, 0)
	stopped, stop, err := os.Pipe()
	if err != nil {
		t.failed(s.info.Path, "reading", err)
		return
	}
	defer stopped.Close()
	release := context.AfterFunc(ctx, func() { _ = stop.Close() })
	defer func() {
		if release() {
			_ = stop.Close()
		}
	}()
	buf := make([]byte, chunkBytes)
	for ctx.Err() == nil {
		ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(stopped.Fd()), Events: unix.POLLIN}}
		if _, err := unix.Poll(ready, -1); err != nil && !errors.Is(err, unix.EINTR) {
			t.failed(s.info.Path, "waiting for", err)
			return
		}
		if ready[1].Revents != 0 {
			return
		}
		if ready[0].Revents == 0 {
			continue
		}
		n, err := unix.Read(fd, buf)
		switch {
		case n > 0:
			if !t.put(s, s.pipe, buf[:n]) {
				return
			}
			continue
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case err != nil && !errors.Is(err, unix.EIO): // EIO: the terminal was closed
			t.failed(s.info.Path, "reading", err)
		}
		return
	}
}

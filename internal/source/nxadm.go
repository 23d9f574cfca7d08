package source

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nxadm/tail"
	"golang.org/x/sys/unix"
)

// What nxadm/tail is used for, and how it is kept from losing lines:
//
//   - It is given an open file (/proc/self/fd/N), never a name, so that it can
//     neither take a rotation for a new file nor wait for one. ReOpen is never
//     set; discovery, rotation, truncation and positions are this package's.
//   - Regular files are read in bursts, from the stored offset to the end, without
//     Follow: the library then starts no watcher. Its watchers can end the process
//     (util.Fatal, when stat fails with anything but "not found"), and outlive Stop
//     by a quarter of a second. When to read next is known from our own watch.
//   - A named pipe is held open for writing by us; otherwise the first writer that
//     closes it ends the tail.
//   - CompleteLines is set: without it the library sends half a line and then jumps
//     to the end of the file.
//
// It gathers a whole line in memory whatever its length; the default engine does not.

// pinned is the name of an open descriptor.
func pinned(fd int) string { return fmt.Sprintf("/dev/fd/%d", fd) }

// readTail is what reader.read is for the engine nxadm.
func (t *Tailer) readTail(r *reader, s *stream, now time.Time) (outcome, error) {
	if s.pipe == nil {
		size, err := fileSize(s.fd)
		if err != nil {
			return atEnd, err
		}
		same, err := r.confirm(s, s.scanned, nil)
		switch {
		case err != nil || !same:
			return changed, err
		case size == s.scanned:
			return atEnd, nil
		}
		s.grown(size, now)
		s.pipe = newPipe()
		fd, err := unix.FcntlInt(uintptr(s.fd), unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			s.pipe = nil
			return atEnd, err
		}
		t.q.hold(1)
		t.pumps.Go(func() { t.burst(s, s.pipe, fd, s.next) })
		return waiting, nil
	}
	chunk, eof := s.pipe.get()
	if len(chunk) > 0 {
		if same, err := r.confirm(s, s.next, chunk); err != nil || !same {
			t.dropBurst(s)
			return changed, err
		}
		r.tally.bytes += int64(len(chunk))
		s.grown(s.next+int64(len(chunk)), now)
		s.scanned = s.next
		r.split(s, chunk, s.next, now)
		s.pipe.done()
		return unread, nil
	}
	if !eof {
		return waiting, nil
	}
	s.scanned = max(s.next, s.pipe.end)
	s.pipe = nil
	return unread, nil
}

// dropBurst makes a burst end whose lines are not wanted any more.
func (t *Tailer) dropBurst(s *stream) {
	if s.pipe != nil {
		s.pipe.abandon()
		s.pipe = nil
	}
}

// burst lets the library read the file from an offset to its end, and hands the
// complete lines on as the bytes they were.
func (t *Tailer) burst(s *stream, p *pipe, fd int, from int64) {
	defer t.q.hold(-1)
	defer unix.Close(fd)
	end := from
	defer func() { t.putEnd(s, p, end) }()
	tl, err := tail.TailFile(pinned(fd), tail.Config{
		Location:  &tail.SeekInfo{Offset: from, Whence: io.SeekStart},
		MustExist: true, CompleteLines: true, Poll: true, Logger: tail.DiscardingLogger,
	})
	if err != nil {
		t.failed(s.info.Path, "reading with nxadm/tail", err)
		return
	}
	var buf []byte
	for line := range tl.Lines {
		whole := line.SeekInfo.Offset-end > int64(len(line.Text))
		end = line.SeekInfo.Offset
		if !whole {
			continue // the last line has no line break yet; it is read again when it has
		}
		buf = append(append(buf, line.Text...), '\n')
		if len(buf) >= chunkBytes {
			if !t.put(s, p, buf) {
				buf = nil
				break
			}
			buf = buf[:0]
		}
	}
	if len(buf) > 0 {
		t.put(s, p, buf)
	}
	if err := tl.Stop(); err != nil && !errors.Is(err, tail.ErrStop) {
		t.failed(s.info.Path, "reading with nxadm/tail", err)
	}
}

// tailFIFO lets the library read a named pipe until ctx is done. fd holds the
// pipe open; the function closes it.
func (t *Tailer) tailFIFO(ctx context.Context, s *stream, fd int) {
	defer unix.Close(fd)
	defer t.putEnd(s, s.pipe, 0)
	tl, err := tail.TailFile(pinned(fd), tail.Config{
		Pipe: true, MustExist: true, CompleteLines: true, Follow: true, Poll: true, Logger: tail.DiscardingLogger,
	})
	if err != nil {
		t.failed(s.info.Path, "reading with nxadm/tail", err)
		return
	}
	g := &gathered{t: t, s: s}
	for ctx.Err() == nil {
		select {
		case line, ok := <-tl.Lines:
			if !ok {
				t.failed(s.info.Path, "reading with nxadm/tail", tl.Err())
				return
			}
			g.add(line.Text)
			g.drain(tl.Lines)
			g.flush()
		case <-ctx.Done():
		}
	}
	g.stop(tl, fd)
}

// gathered joins lines that came one by one to a chunk.
type gathered struct {
	t   *Tailer
	s   *stream
	buf []byte
}

func (g *gathered) add(text string) { g.buf = append(append(g.buf, text...), '\n') }

func (g *gathered) flush() {
	if len(g.buf) > 0 {
		if g.t.put(g.s, g.s.pipe, g.buf) {
			g.buf = g.buf[:0]
		} else {
			g.buf = nil
		}
	}
}

// drain takes the lines that are ready.
func (g *gathered) drain(lines <-chan *tail.Line) {
	for len(g.buf) < chunkBytes {
		select {
		case line, ok := <-lines:
			if !ok {
				return
			}
			g.add(line.Text)
		default:
			return
		}
	}
}

// stop ends the tail of a pipe without losing what it has taken from it: the
// library waits in a read that nothing can call off, and keeps the beginning of
// a line to itself. So a last line is sent through the pipe; what stands before
// it on the same line is the beginning that was kept.
func (g *gathered) stop(tl *tail.Tail, fd int) {
	mark := []byte("\x00end " + rand.Text())
	_, _ = unix.Write(fd, append(bytes.Clone(mark), '\n'))
	patience := time.NewTimer(time.Second)
	defer patience.Stop()
	for waiting := true; waiting; {
		select {
		case line, ok := <-tl.Lines:
			if !ok {
				waiting = false
				break
			}
			g.add(line.Text)
			if text, found := bytes.CutSuffix(g.buf, append(mark, '\n')); found {
				g.buf, waiting = text, false
			}
		case <-patience.C: // another reader of the pipe has taken the mark
			waiting = false
		}
	}
	tl.Kill(nil)
	for tries := 0; tries < 100; tries++ {
		_, _ = unix.Write(fd, []byte{'\n'}) // wakes the read
		select {
		case _, ok := <-tl.Lines:
			if !ok {
				tries = 100
			}
		case <-time.After(10 * time.Millisecond):
		}
	}
	g.flush()
}

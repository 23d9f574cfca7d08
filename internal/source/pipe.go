package source

import (
	"bytes"
	"context"
	"sync"
	"time"
)

// pipe is the way of bytes that cannot be read at an offset by the worker itself:
// a goroutine reads them (see stdin.go and nxadm.go) and puts them here, chunk by
// chunk; the workers serve them like those of files, so that a consumer knows no
// difference. Offsets of standard input and named pipes count the bytes since
// they were opened.
type pipe struct {
	served chan struct{} // the chunk was used up
	unwant chan struct{} // closed: nobody will use any chunk
	cancel context.CancelFunc
	at     inode // of a named pipe

	mu    sync.Mutex
	chunk []byte // put and not yet served
	later []byte // put after it while the tailer is being stopped
	eof   bool
	end   int64 // with eof: the offset that was reached

	// owned by the worker that serves the stream
	carry []byte // the beginning of a line, at most max_line_bytes+1
}

func newPipe() *pipe {
	return &pipe{served: make(chan struct{}, 1), unwant: make(chan struct{}), cancel: func() {}}
}

// put hands a chunk to the workers and waits until it was served. If the tailer
// is being stopped, or nobody wants it, it may return false before that; the
// chunk then belongs to the pipe and must not be written to, and what was not
// served is kept for the end.
func (t *Tailer) put(s *stream, p *pipe, chunk []byte) bool {
	if p.offer(chunk) {
		t.q.push(s)
	}
	select {
	case <-p.served:
		return true
	case <-p.unwant:
	case <-t.q.stopping:
	}
	return false
}

// offer makes the chunk the one to be served, or adds it to one that was kept.
func (p *pipe) offer(chunk []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.chunk != nil || p.later != nil {
		p.later = append(p.later, chunk...)
		return false
	}
	p.chunk = chunk
	return true
}

// putEnd tells that nothing will follow.
func (t *Tailer) putEnd(s *stream, p *pipe, end int64) {
	p.mu.Lock()
	p.eof, p.end = true, end
	p.mu.Unlock()
	t.q.push(s)
}

// get gives the chunk that waits to be served; it stays valid until done.
func (p *pipe) get() (chunk []byte, eof bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.chunk, p.eof
}

// done lets the goroutine that put the chunk go on.
func (p *pipe) done() {
	p.mu.Lock()
	p.chunk, p.later = p.later, nil
	p.mu.Unlock()
	select {
	case p.served <- struct{}{}:
	default: // it did not wait
	}
}

// abandon tells that nobody will serve this pipe any more.
func (p *pipe) abandon() { close(p.unwant) }

// openPipe makes the stream of a pipe.
func (t *Tailer) openPipe(path string, kind Kind, e *entry) *stream {
	now := t.now()
	info := Info{Kind: kind, Path: path, Real: path, Source: e.name, Modified: now}
	s := t.newStream(info, e, -1, inode{})
	s.pipe, s.seen, s.grew = newPipe(), now, now
	t.mu.Lock()
	t.pipes[path] = s
	t.mu.Unlock()
	t.stats.files.Add(1)
	return s
}

// servePipe gives the stream of a pipe its turn.
func (t *Tailer) servePipe(r *reader, s *stream, now time.Time) (more bool, wake time.Time) {
	if s.consumer == nil {
		if s.consumer = t.open(s.info); s.consumer == nil {
			s.consumer = nobody{}
		}
	}
	chunk, eof := s.pipe.get()
	if len(chunk) > 0 {
		r.takePiped(s, chunk, now)
		t.stats.add(&r.tally)
		s.pipe.done()
		return true, time.Time{} // Idle only if nothing has come by the next turn
	}
	flushAt := s.grew.Add(s.entry.PartialFlush)
	if s.scanned > s.next && (eof || !now.Before(flushAt)) {
		r.flushPiped(s, now)
		t.stats.add(&r.tally)
	}
	if eof {
		t.endPiped(s, now)
		return false, time.Time{}
	}
	s.idle(now)
	if s.scanned > s.next {
		return false, earliest(s.deadline, flushAt)
	}
	return false, s.deadline
}

// takePiped hands over the lines that a chunk completes and keeps the rest.
func (r *reader) takePiped(s *stream, chunk []byte, now time.Time) {
	at := s.scanned
	r.tally.bytes += int64(len(chunk))
	s.grown(at+int64(len(chunk)), now)
	if s.scanned > s.next {
		i := bytes.IndexByte(chunk, '\n')
		if i < 0 {
			s.keep(chunk)
			s.scanned += int64(len(chunk))
			return
		}
		s.keep(chunk[:i])
		r.handCarry(s, at+int64(i)+1, false, now)
		chunk, at = chunk[i+1:], at+int64(i)+1
	}
	r.split(s, chunk, at, now)
	s.keep(chunk[int64(len(chunk))-(s.scanned-s.next):])
}

// keep adds to the beginning of a line, as far as the longest line goes.
func (s *stream) keep(b []byte) {
	p := s.pipe
	room := s.entry.MaxLineBytes + 1 - len(p.carry)
	p.carry = append(p.carry, b[:min(len(b), room)]...)
}

// handCarry hands over the line that was gathered; it ends at end.
func (r *reader) handCarry(s *stream, end int64, open bool, now time.Time) {
	p := s.pipe
	line := &r.lines[0]
	*line = Line{Text: p.carry, Start: s.next, End: end, Open: open}
	if !open {
		line.Text = bytes.TrimSuffix(p.carry, []byte{'\r'})
	}
	if limit := s.entry.MaxLineBytes; len(line.Text) > limit {
		line.Text, line.Cut = line.Text[:limit], true
		r.tally.cut++
	}
	s.scanned = end
	r.hand(s, 1, nil, end, now)
	p.carry = p.carry[:0]
	if cap(p.carry) > chunkBytes {
		p.carry = nil
	}
}

func (r *reader) flushPiped(s *stream, now time.Time) {
	r.tally.open++
	r.handCarry(s, s.scanned, true, now)
}

func (t *Tailer) endPiped(s *stream, now time.Time) {
	s.life = ended
	s.consumer.End(now)
	if s.archive {
		t.remember(s, now)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.pipes, s.info.Path)
}

// endPipe ends a pipe when the tailer stops: nothing of it can be read again.
func (t *Tailer) endPipe(r *reader, s *stream) {
	s.pipe.eof = true
	for s.life != ended {
		t.servePipe(r, s, t.now())
	}
}

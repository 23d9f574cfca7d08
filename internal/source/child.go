package source

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Outputs are those of a child process that is run by another process of ours: a
// front, which is the child's parent and passes everything on with a Relay, and
// sends a copy here. Both processes hold the pipes that the child writes to and
// the places where its output goes, so that one can be killed without harm to the
// child: see Relay and Standby.
//
// A Tailer in once mode with Outputs reads them for the path "-". Each output is
// a stream of its own; offsets count the bytes of it that were looked at, and the
// identity is made of a random number for each run, so that no two runs of a
// program ever give two events the same id.
type Outputs struct {
	name    string
	streams []string
	from    *os.File
	frames  *bufio.Reader
	rest    <-chan *os.File // more of it, if the front is killed
	run     [2]uint64       // random

	// written by the goroutine that reads frames, read after Run has ended
	ended  bool
	end    Ending
	unread struct{ bytes, lines int64 }
}

// NewOutputs reads what a front sends about the child called name, whose outputs
// are called streams, in the order of the front's. If the front is killed, they come
// from its standby, which may be nil. from belongs to it.
func NewOutputs(name string, streams []string, from *os.File, by *Standby) *Outputs {
	o := &Outputs{name: name, streams: streams, from: from, frames: bufio.NewReaderSize(from, maxFrame+frameHeader)}
	if by != nil {
		o.rest = by.rest
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	o.run = [2]uint64{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
	return o
}

// FromChild makes "-" stand for the outputs of a child.
func FromChild(o *Outputs) Option { return func(t *Tailer) { t.outputs = o } }

// Name is what the child is called: its file name, never its arguments.
func (o *Outputs) Name() string { return o.name }

// Info is what the stream with this number is opened with; the number after the
// last output is the child's own end.
func (o *Outputs) Info(i int, source string) Info {
	word := "exit"
	if i < len(o.streams) {
		word = o.streams[i]
	}
	path := "exec:" + o.name + "/" + word
	return Info{Kind: Child, Path: path, Real: path, Source: source, ID: Identity{Dev: o.run[0], Ino: o.run[1], Gen: uint32(i)}}
}

// Count is the number of outputs.
func (o *Outputs) Count() int { return len(o.streams) }

// Ending tells how the child ended; ok is false if the front has not said it. It may
// be called once Run has returned.
func (o *Outputs) Ending() (e Ending, ok bool) { return o.end, o.ended }

// Unread counts what the child wrote and nobody looked at, since it came faster
// than it could be read. It may be called once Run has returned.
func (o *Outputs) Unread() (bytes, lines int64) { return o.unread.bytes, o.unread.lines }

// openOutputs starts reading the outputs of a child.
func (t *Tailer) openOutputs(ctx context.Context, e *entry) {
	o := t.outputs
	streams := make([]*stream, len(o.streams))
	for i := range streams {
		info := o.Info(i, e.name)
		streams[i] = t.openPipe(info.Path, Child, e)
		streams[i].info.ID = info.ID
	}
	t.q.hold(1)
	t.pumps.Go(func() {
		defer t.q.hold(-1)
		defer func() {
			for _, s := range streams {
				t.putEnd(s, s.pipe, 0)
			}
		}()
		if err := t.takeFrames(ctx, streams); err != nil {
			t.log.Warn("what the program writes is not looked at any more; it is still passed on", "error", err)
		}
	})
}

// takeFrames hands over what comes until the child has ended. A front that is
// gone without a word was killed; its standby goes on.
func (t *Tailer) takeFrames(ctx context.Context, streams []*stream) error {
	o := t.outputs
	defer func() { _ = o.from.Close() }()
	from := o.from
	release := context.AfterFunc(ctx, func() { _ = from.SetReadDeadline(time.Unix(1, 0)) })
	defer release()
	var buf []byte
	for ctx.Err() == nil {
		f, err := readFrame(o.frames, len(streams))
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			if !o.goOn(ctx) {
				return nil
			}
			continue
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("reading what the program writes: %w", err)
		}
		switch f.kind {
		case frameEnd:
			var b [endSize]byte
			if _, err := io.ReadFull(o.frames, b[:]); err != nil {
				return nil
			}
			o.end, o.ended = parseEnding(b), true
			return nil
		case frameUnread:
			var b [unreadSize]byte
			if _, err := io.ReadFull(o.frames, b[:]); err == nil {
				o.missed(t, b)
			}
		default:
			buf = o.gather(buf[:0], f)
			s := streams[f.stream]
			if len(buf) > 0 && !t.put(s, s.pipe, buf) {
				return nil
			}
		}
	}
	return nil
}

// goOn turns to what comes from the standby.
func (o *Outputs) goOn(ctx context.Context) bool {
	if o.rest == nil {
		return false
	}
	select {
	case f, ok := <-o.rest:
		if !ok {
			return false
		}
		_ = o.from.Close()
		o.from = f
		context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Unix(1, 0)) })
		o.frames.Reset(f)
		return true
	case <-ctx.Done():
		return false
	}
}

// gather reads the text of a frame and of those behind it that are there
// already and belong to the same stream: a handover costs more than a line.
func (o *Outputs) gather(buf []byte, f frame) []byte {
	for {
		n := len(buf)
		buf = append(buf, make([]byte, f.size)...)
		if got, err := io.ReadFull(o.frames, buf[n:]); err != nil {
			return buf[:n+got] // the next read says the same
		}
		if o.frames.Buffered() < frameHeader {
			return buf
		}
		head, _ := o.frames.Peek(frameHeader)
		next, err := parseFrame(head, len(o.streams))
		if err != nil || next.kind != frameText || next.stream != f.stream ||
			len(buf)+next.size > chunkBytes || o.frames.Buffered() < frameHeader+next.size {
			return buf
		}
		_, _ = o.frames.Discard(frameHeader)
		f = next
	}
}

func (o *Outputs) missed(t *Tailer, b [unreadSize]byte) {
	if o.unread.bytes == 0 {
		t.log.Warn("the program writes faster than its output can be looked at: all of it is passed on, but whole lines are left out when looking for traces; this is said once")
	}
	o.unread.bytes += int64(binary.BigEndian.Uint64(b[:8]))
	o.unread.lines += int64(binary.BigEndian.Uint64(b[8:]))
}

package source

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"sync"
	"time"
)

const (
	// copyBuffer is how much of a child's output may wait to be looked at, in bytes.
	copyBuffer = 8 << 20
	// copyPace is the least time between two small pieces that are sent: to wake the reader for
	// each line would cost more than the line. A piece that comes alone waits for nothing.
	copyPace = 5 * time.Millisecond
)

// CopyBuffer is where a Relay leaves the copy of what passes through it. It never
// makes the relay wait: when it is full, lines are left out, whole ones, and
// counted. It holds the frames as they will be sent, as a ring of bytes.
type CopyBuffer struct {
	mu     sync.Mutex
	filled sync.Cond
	ring   []byte
	head   int // of the bytes that were not sent yet
	used   int
	closed bool // nothing will be added
	outs   []outCopy
	urgent chan struct{} // a frame's worth waits, or nothing will follow
}

// outCopy is how far an output has been copied.
type outCopy struct {
	within   bool // the last byte copied was not the end of a line
	skipping bool
	fresh    bool // while skipping: the last byte left out was the end of a line
	bytes    uint64
	lines    uint64
}

// NewCopyBuffer makes a buffer for n outputs.
func NewCopyBuffer(n int) *CopyBuffer { return newCopyBuffer(n, copyBuffer) }

func newCopyBuffer(n, size int) *CopyBuffer {
	c := &CopyBuffer{ring: make([]byte, size), outs: make([]outCopy, n), urgent: make(chan struct{}, 1)}
	c.filled.L = &c.mu
	return c
}

// spare is kept free for what must always fit: the ends of the lines that are
// open, the counts of what was left out, and the child's end.
func (c *CopyBuffer) spare() int {
	return len(c.outs)*(frameHeader+1+frameHeader+unreadSize) + frameHeader + endSize
}

// Add copies p, at most 64 KiB, or leaves out lines of it. It never waits.
func (c *CopyBuffer) Add(i int, p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || len(p) == 0 {
		return
	}
	o := &c.outs[i]
	room := len(c.ring) - c.used - c.spare() - frameHeader
	if o.skipping {
		// Going on at once would mean to leave out every other line.
		if room < len(c.ring)/2 {
			o.skip(p)
			return
		}
		if !o.fresh {
			nl := bytes.IndexByte(p, '\n')
			if nl < 0 {
				o.skip(p)
				return
			}
			o.skip(p[:nl+1])
			p = p[nl+1:]
		}
		o.skipping = false
		c.tell(i)
		if len(p) == 0 {
			return
		}
		room = len(c.ring) - c.used - c.spare() - frameHeader
	}
	if len(p) <= room {
		c.text(i, p)
		return
	}
	c.overflow(i, p)
}

// overflow brings the line that is open to its end, if it fits, and leaves the
// rest out.
func (c *CopyBuffer) overflow(i int, p []byte) {
	o := &c.outs[i]
	if o.within {
		nl := bytes.IndexByte(p, '\n')
		if room := len(c.ring) - c.used - c.spare() - frameHeader; nl == 0 || nl > 0 && nl < room {
			c.text(i, p[:nl+1])
			p = p[nl+1:]
		} else {
			c.text(i, []byte{'\n'}) // a long line: its head is all that is looked at
		}
	}
	o.skipping, o.fresh = true, true
	o.skip(p)
}

func (o *outCopy) skip(p []byte) {
	if len(p) == 0 {
		return
	}
	o.bytes += uint64(len(p))
	o.lines += uint64(bytes.Count(p, []byte{'\n'}))
	o.fresh = p[len(p)-1] == '\n'
}

func (c *CopyBuffer) text(i int, p []byte) {
	var h [frameHeader]byte
	c.push(appendFrame(h[:0], frame{kind: frameText, stream: byte(i), size: len(p)}))
	c.push(p)
	c.outs[i].within = p[len(p)-1] != '\n'
	c.filled.Signal()
	if c.used >= maxFrame {
		c.hurry()
	}
}

// tell says how much was left out, if that is news.
func (c *CopyBuffer) tell(i int) {
	o := &c.outs[i]
	if o.bytes == 0 {
		return
	}
	b := appendFrame(make([]byte, 0, frameHeader+unreadSize), frame{kind: frameUnread, stream: byte(i), size: unreadSize})
	b = binary.BigEndian.AppendUint64(b, o.bytes)
	b = binary.BigEndian.AppendUint64(b, o.lines)
	c.push(b)
	o.bytes, o.lines = 0, 0
	c.filled.Signal()
}

func (c *CopyBuffer) hurry() {
	select {
	case c.urgent <- struct{}{}:
	default:
	}
}

// push adds bytes, for which there is room.
func (c *CopyBuffer) push(p []byte) {
	at := (c.head + c.used) % len(c.ring)
	n := copy(c.ring[at:], p)
	copy(c.ring, p[n:])
	c.used += len(p)
}

// End adds how the child ended; what is added later is ignored.
func (c *CopyBuffer) End(e Ending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	for i := range c.outs {
		c.tell(i)
	}
	c.push(e.append(appendFrame(nil, frame{kind: frameEnd, size: endSize})))
	c.closed = true
	c.filled.Broadcast()
	c.hurry()
}

// Close says that nothing will be added, and that how the child ended is not known.
func (c *CopyBuffer) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.filled.Broadcast()
	c.hurry()
}

// Send writes what is added to w, until the last of it has been written (nil) or
// w fails, or ctx ends. After a failure it may be called again with another w: what the first
// one may have got in part is left out, and the next line begins anew.
func (c *CopyBuffer) Send(ctx context.Context, w io.Writer) error {
	defer context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.filled.Broadcast()
	})()
	pace := time.NewTimer(0)
	defer pace.Stop()
	for {
		part := c.part(ctx)
		switch {
		case ctx.Err() != nil:
			c.restart()
			return ctx.Err()
		case len(part) == 0:
			return nil
		}
		if _, err := w.Write(part); err != nil {
			c.restart()
			return err
		}
		c.sent(len(part))
		if len(part) >= maxFrame/2 {
			continue
		}
		pace.Reset(copyPace)
		select {
		case <-pace.C:
		case <-c.urgent:
		case <-ctx.Done():
		}
	}
}

// part waits for something to send, at most maxFrame bytes of it; none means that
// all is sent, or that ctx has ended. It stays where it is until sent is called.
func (c *CopyBuffer) part(ctx context.Context) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.used == 0 && !c.closed && ctx.Err() == nil {
		c.filled.Wait()
	}
	return c.ring[c.head:min(len(c.ring), c.head+c.used, c.head+maxFrame)]
}

func (c *CopyBuffer) sent(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.used -= n
	c.head = (c.head + n) % len(c.ring)
	if c.used == 0 {
		c.head = 0 // a program that says little touches little memory
	}
}

// restart throws away what waits, since its beginning may be within a frame.
func (c *CopyBuffer) restart() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.head, c.used = 0, 0
	for i := range c.outs {
		o := &c.outs[i]
		if !o.skipping {
			o.skipping, o.fresh = true, !o.within
		}
		o.within = false
	}
}

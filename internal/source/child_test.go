package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// outputHeard is what one stream was handed.
type outputHeard struct {
	mu    sync.Mutex
	info  Info
	lines []string
	ended bool
}

func (h *outputHeard) Lines(_ time.Time, lines []Line) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range lines {
		h.lines = append(h.lines, string(l.Text))
	}
}
func (h *outputHeard) Idle(time.Time)          {}
func (h *outputHeard) Deadline() time.Time     { return time.Time{} }
func (h *outputHeard) End(time.Time)           { h.ended = true }
func (h *outputHeard) open(info Info) Consumer { h.info = info; return h }

// listenTo runs a tailer over what a front sends.
func listenTo(t *testing.T, o *Outputs) map[string]*outputHeard {
	t.Helper()
	c := DefaultConfig()
	c.Name, c.Paths = "exec", []string{"-"}
	var mu sync.Mutex
	got := map[string]*outputHeard{}
	tl, err := New([]Config{c}, nil, func(info Info) Consumer {
		mu.Lock()
		defer mu.Unlock()
		h := new(outputHeard)
		got[info.Path] = h
		return h.open(info)
	}, Once(), FromChild(o))
	if err != nil {
		t.Fatal(err)
	}
	if err := tl.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return got
}

func pipePair(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

// TestOutputs sends the copy of two outputs, in pieces that respect no line.
func TestOutputs(t *testing.T) {
	r, w := pipePair(t)
	c := NewCopyBuffer(2)
	var sending sync.WaitGroup
	sending.Go(func() {
		defer w.Close()
		if err := c.Send(t.Context(), w); err != nil {
			t.Error(err)
		}
	})
	sending.Go(func() {
		for i := range 1000 {
			c.Add(0, fmt.Appendf(nil, "out %d\nrest of ", i))
			c.Add(1, []byte("err"))
			c.Add(1, fmt.Appendf(nil, " %d\n", i))
		}
		c.End(Ending{Status: 3, Ordered: true})
	})
	o := NewOutputs("app", []string{"stdout", "stderr"}, r, nil)
	got := listenTo(t, o)
	sending.Wait()
	out, errs := got["exec:app/stdout"], got["exec:app/stderr"]
	if out == nil || errs == nil || len(got) != 2 {
		t.Fatalf("streams %v", got)
	}
	if len(out.lines) != 1001 || out.lines[0] != "out 0" || out.lines[999] != "rest of out 999" || out.lines[1000] != "rest of " {
		t.Errorf("stdout has %d lines, the last is %q", len(out.lines), out.lines[len(out.lines)-1])
	}
	if len(errs.lines) != 1000 || errs.lines[999] != "err 999" {
		t.Errorf("stderr has %d lines", len(errs.lines))
	}
	if !out.ended || !errs.ended {
		t.Error("a stream was not ended")
	}
	if out.info.ID == errs.info.ID || out.info.ID.Dev == 0 || out.info.Kind.Resumable() {
		t.Errorf("identities %v and %v", out.info.ID, errs.info.ID)
	}
	if e, ok := o.Ending(); !ok || e != (Ending{Status: 3, Ordered: true}) {
		t.Errorf("ending %+v, %v", e, ok)
	}
	if again := NewOutputs("app", nil, r, nil); again.Info(0, "").ID == o.Info(0, "").ID {
		t.Error("two runs have one identity")
	}
}

// TestOutputsAreCalledOff: a tailer that is told to stop does not wait for the child.
func TestOutputsAreCalledOff(t *testing.T) {
	r, w := pipePair(t)
	o := NewOutputs("app", []string{"stdout"}, r, nil)
	c := DefaultConfig()
	c.Paths = []string{"-"}
	ctx, stop := context.WithCancel(t.Context())
	h := new(outputHeard)
	tl, err := New([]Config{c}, nil, func(info Info) Consumer { stop(); return h.open(info) }, Once(), FromChild(o))
	if err != nil {
		t.Fatal(err)
	}
	w.Write(append(appendFrame(nil, frame{kind: frameText, size: 6}), "hello\n"...))
	if err := tl.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if !h.ended || !slices.Equal(h.lines, []string{"hello"}) {
		t.Errorf("got %q, ended %v", h.lines, h.ended)
	}
	if _, known := o.Ending(); known {
		t.Error("an ending that nobody told")
	}
}

// TestCopyBufferLeavesOutWholeLines: whatever is written, and however slowly it is
// sent, each line that comes out went in, or is the head of one too long, in its
// order; and what is missing is counted to the byte.
func TestCopyBufferLeavesOutWholeLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const outs = 2
		c := newCopyBuffer(outs, rapid.IntRange(150, 2000).Draw(t, "size"))
		var wire bytes.Buffer
		var text, wrote [outs][]byte
		number := 0
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "send") {
				if c.used > 0 {
					p := c.part(context.Background())
					wire.Write(p)
					c.sent(len(p))
				}
				continue
			}
			i := rapid.IntRange(0, outs-1).Draw(t, "out")
			for len(text[i]) < 60 {
				number++
				text[i] = fmt.Appendf(text[i], "<%d%s>\n", number, strings.Repeat("x", rapid.IntRange(0, 40).Draw(t, "long")))
			}
			n := rapid.IntRange(1, len(text[i])).Draw(t, "n")
			c.Add(i, text[i][:n])
			wrote[i] = append(wrote[i], text[i][:n]...)
			text[i] = text[i][n:]
		}
		c.End(Ending{Signal: 9})
		for p := c.part(context.Background()); len(p) > 0; p = c.part(context.Background()) {
			wire.Write(p)
			c.sent(len(p))
		}
		checkCopy(t, &wire, wrote[:])
	})
}

func checkCopy(t *rapid.T, wire io.Reader, wrote [][]byte) {
	o := &Outputs{streams: make([]string, len(wrote)), frames: bufio.NewReader(wire)}
	got, unread := make([][]byte, len(wrote)), make([]int, len(wrote))
	for {
		f, err := readFrame(o.frames, len(wrote))
		if err != nil {
			t.Fatalf("after %q: %v", got, err)
		}
		b := make([]byte, f.size)
		if _, err := io.ReadFull(o.frames, b); err != nil {
			t.Fatal(err)
		}
		if f.kind == frameEnd {
			if e := parseEnding([endSize]byte(b)); e != (Ending{Signal: 9}) {
				t.Fatalf("ending %+v", e)
			}
			break
		}
		if f.kind == frameUnread {
			unread[f.stream] += int(uint64(b[6])<<8 | uint64(b[7]))
			continue
		}
		got[f.stream] = append(got[f.stream], b...)
	}
	for i := range wrote {
		lines := strings.SplitAfter(string(wrote[i]), "\n")
		cuts := 0
		for _, l := range strings.SplitAfter(string(got[i]), "\n") {
			at := slices.IndexFunc(lines, func(w string) bool { return w == l || l != "" && strings.HasPrefix(w, strings.TrimSuffix(l, "\n")) })
			if at < 0 && l != "" {
				t.Fatalf("output %d: %q was not written", i, l)
			}
			if at >= 0 && lines[at] != l && strings.HasSuffix(l, "\n") {
				cuts++ // a line break of ours
			}
			lines = lines[max(at, 0):]
		}
		if len(got[i])-cuts+unread[i] != len(wrote[i]) {
			t.Fatalf("output %d: %d bytes came, %d of them ours, %d are said to be left out, %d were written", i, len(got[i]), cuts, unread[i], len(wrote[i]))
		}
	}
}

// TestCopyBufferAfterAFailure: a new reader begins with a whole line.
func TestCopyBufferAfterAFailure(t *testing.T) {
	c := NewCopyBuffer(1)
	c.Add(0, []byte("one\ntw"))
	broken := errors.New("broken")
	if err := c.Send(t.Context(), writerFunc(func([]byte) (int, error) { return 3, broken })); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	c.Add(0, []byte("o\nthr"))
	c.Add(0, []byte("ee\n"))
	c.End(Ending{})
	var wire bytes.Buffer
	if err := c.Send(t.Context(), &wire); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(wire.Bytes(), []byte("thr")) || bytes.Contains(wire.Bytes(), []byte("o\n")) {
		t.Errorf("got %q", wire.Bytes())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := NewCopyBuffer(1).Send(ended, &wire); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestRelayTellsTheWriterThatNobodyReads: the reader of the output goes, and the
// writer gets EPIPE, as it would have without a relay.
func TestRelayTellsTheWriterThatNobodyReads(t *testing.T) {
	from, w := pipePair(t)
	r, to := pipePair(t)
	closed := make(chan int, 1)
	relay := NewRelay([]Tap{{"stdout", from, to}}, nil, func(i int) { closed <- i }, nil)
	relay.Start()
	w.WriteString("hello")
	b := make([]byte, 5)
	if _, err := io.ReadFull(r, b); err != nil || string(b) != "hello" {
		t.Fatal(string(b), err)
	}
	r.Close()
	w.WriteString("nobody reads this")
	<-closed
	if _, err := w.WriteString("x"); !errors.Is(err, unix.EPIPE) {
		t.Errorf("got %v, want EPIPE", err)
	}
	if relay.Leave() != 0 || !relay.Broken() {
		t.Error("the relay has not noticed")
	}
}

// TestRelayLeaves: what was written before is passed on, the pipe stays open.
func TestRelayLeaves(t *testing.T) {
	from, w := pipePair(t)
	r, to := pipePair(t)
	relay := NewRelay([]Tap{{"stdout", from, to}}, nil, nil, nil)
	w.WriteString("before")
	relay.Start()
	if open := relay.Leave(); open != 1 {
		t.Errorf("%d open, want 1", open)
	}
	w.WriteString("after")
	b := make([]byte, 20)
	if n, _ := r.Read(b); string(b[:n]) != "before" {
		t.Errorf("passed on %q", b[:n])
	}
	if n, _ := from.Read(b); string(b[:n]) != "after" {
		t.Errorf("left %q", b[:n])
	}
}

// TestRelaySaysOnceThatItCannotWrite: a full disk costs the output, not the program.
func TestRelaySaysOnceThatItCannotWrite(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	from, w := pipePair(t)
	told := 0
	c := NewCopyBuffer(1)
	relay := NewRelay([]Tap{{"stdout", from, full}}, c, nil, func(_ int, err error) {
		if told++; !errors.Is(err, unix.ENOSPC) {
			t.Error(err)
		}
	})
	relay.Start()
	for range 1000 {
		w.Write(make([]byte, 1000))
	}
	w.Close()
	relay.Wait()
	if told != 1 || c.used == 0 {
		t.Errorf("told %d times, %d bytes copied", told, c.used)
	}
}

// TestStandbyReplacesTheFront: the front is gone without a word. What the child
// writes is passed on, and looked at in the same stream.
func TestStandbyReplacesTheFront(t *testing.T) {
	from, w := pipePair(t)
	read, to := pipePair(t)
	line, front := pipePair(t)
	frames, feed := pipePair(t)
	s := NewStandby([]Tap{{"stdout", from, to}}, line)
	s.Start()
	feed.Write(append(appendFrame(nil, frame{kind: frameText, size: 4}), "one\n"...))
	front.Close()
	feed.Close()
	w.WriteString("two\nthree\n")
	w.Close()
	got := listenTo(t, NewOutputs("app", []string{"stdout"}, frames, s))
	s.Wait()
	if h := got["exec:app/stdout"]; h == nil || !slices.Equal(h.lines, []string{"one", "two", "three"}) {
		t.Errorf("looked at %+v", h)
	}
	if b, _ := io.ReadAll(read); string(b) != "two\nthree\n" {
		t.Errorf("passed on %q", b)
	}
}

// TestStandbyLetsGo: an output that has ended is closed by the standby as well,
// or else a child would never learn that its reader has gone.
func TestStandbyLetsGo(t *testing.T) {
	from, w := pipePair(t)
	_, to := pipePair(t)
	line, front := pipePair(t)
	s := NewStandby([]Tap{{"stdout", from, to}}, line)
	s.Start()
	f := NewFront(front)
	f.Closed(0)
	f.Over()
	s.Wait()
	if _, err := w.WriteString("x"); !errors.Is(err, unix.EPIPE) {
		t.Errorf("got %v, want EPIPE", err)
	}
}

// FuzzFrames: whatever comes, reading ends, and takes no more than is there.
func FuzzFrames(f *testing.F) {
	f.Add(append(appendFrame(nil, frame{kind: frameText, stream: 1, size: 3}), "abc"...))
	f.Add(append(appendFrame(nil, frame{kind: frameText, size: maxFrame}), "abc"...))
	f.Add(Ending{Signal: 9}.append(appendFrame(nil, frame{kind: frameEnd, size: endSize})))
	f.Fuzz(func(t *testing.T, b []byte) {
		o := &Outputs{streams: make([]string, 2), frames: bufio.NewReaderSize(bytes.NewReader(b), maxFrame+frameHeader)}
		total := 0
		for {
			h, err := readFrame(o.frames, 2)
			if err != nil || h.kind != frameText {
				return
			}
			got := len(o.gather(nil, h))
			if total += got + frameHeader; got > chunkBytes || total > len(b) {
				t.Fatalf("%d bytes from a frame, %d in all, of %d", got, total, len(b))
			}
		}
	})
}

// BenchmarkCopyBuffer measures what a copy costs the relay: text that comes in
// full chunks, to a reader that keeps up, and to one that has stopped.
func BenchmarkCopyBuffer(b *testing.B) {
	chunk := bytes.Repeat([]byte("an ordinary line of a program that says how it is doing, a hundred bytes with the line break, or so\n"), 655)
	for _, name := range []string{"keeps up", "stopped"} {
		b.Run(name, func(b *testing.B) {
			c := NewCopyBuffer(1)
			b.SetBytes(int64(len(chunk)))
			b.ReportAllocs()
			for b.Loop() {
				c.Add(0, chunk)
				for name == "keeps up" && c.used > 0 {
					c.sent(len(c.part(context.Background())))
				}
			}
		})
	}
}

package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// clock is a wall clock set by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// box is a spool in a directory of its own, and what a test says about it.
type box struct {
	testing.TB
	*Spool
	opt   Options
	clock *clock
	disk  *faulty
}

// tempDir is a directory in memory where there is one: thousands of small files are slow on a disk.
func tempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "spooltest")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// small is a spool of 16 small segments.
func small(t testing.TB) Options {
	return Options{Dir: tempDir(t), SegmentBytes: 4 << 10, MaxBytes: 64 << 10, MinFreeBytes: -1}
}

func newBox(t testing.TB, opt Options) *box {
	t.Helper()
	b := &box{TB: t, opt: opt, clock: newClock(), disk: &faulty{}}
	if b.opt.Now == nil {
		b.opt.Now = b.clock.now
	}
	if b.opt.FS == nil {
		b.opt.FS = b.disk
	}
	b.open()
	t.Cleanup(func() { b.Spool.Close() })
	return b
}

func (b *box) open() {
	b.Helper()
	s, err := Open(b.opt)
	if err != nil {
		b.Fatal(err)
	}
	b.Spool = s
}

// reopen is a clean stop and start.
func (b *box) reopen() {
	b.Helper()
	if err := b.Close(); err != nil {
		b.Fatal(err)
	}
	b.open()
}

// crash is a stop without a word, and a start.
func (b *box) crash() {
	b.Helper()
	b.Spool.die()
	b.open()
}

// die lets go of the files as a killed process does: nothing is written.
func (s *Spool) die() {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	s.closed = true
	readers := s.readerList()
	s.mu.Unlock()
	for _, r := range readers {
		r.reading.Lock()
		r.leave()
		r.reading.Unlock()
	}
	s.closeFiles()
	s.work.ring()
	s.room.ring()
}

// items makes n items for dest with payloads that name their number and have size bytes.
func items(dest uint64, from, n, size int) []Item {
	out := make([]Item, n)
	for i := range out {
		out[i] = item(dest, from+i, size)
	}
	return out
}

func item(dest uint64, number, size int) Item {
	text := fmt.Sprintf("item %06d of destination %d ", number, dest)
	it := Item{Dest: dest, Category: uint8(number % 3), Payload: make([]byte, max(size, len(text)))}
	for i := range it.Payload {
		it.Payload[i] = 'x'
	}
	copy(it.Payload, text)
	binary.BigEndian.PutUint64(it.ID[:], uint64(number))
	binary.BigEndian.PutUint64(it.ID[8:], dest)
	return it
}

func number(e Entry) int { return int(binary.BigEndian.Uint64(e.ID[:])) }

func mark(key string, n int) Mark { return Mark{Key: key, Value: fmt.Appendf(nil, "%d", n)} }

func (b *box) append(items []Item, marks ...Mark) {
	b.Helper()
	if err := b.Append(items, marks); err != nil {
		b.Fatal(err)
	}
}

// take lends up to n items.
func (b *box) take(dest uint64, n int) []Entry {
	b.Helper()
	var out []Entry
	for len(out) < n {
		e, ok, err := b.Reader(dest).TryNext()
		if err != nil {
			b.Fatal(err)
		}
		if !ok {
			break
		}
		out = append(out, e)
	}
	return out
}

func (b *box) release(dest uint64, entries ...Entry) {
	for _, e := range entries {
		b.Reader(dest).Release(e.Seq)
	}
}

func (b *box) drain(dest uint64) []int {
	b.Helper()
	entries := b.take(dest, 1<<30)
	b.release(dest, entries...)
	return numbers(entries)
}

func numbers(entries []Entry) []int {
	out := make([]int, len(entries))
	for i, e := range entries {
		out[i] = number(e)
	}
	return out
}

func upto(from, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = from + i
	}
	return out
}

func (b *box) wantNumbers(got, want []int) {
	b.Helper()
	if !slices.Equal(got, want) {
		b.Fatalf("got items %v, want %v", got, want)
	}
}

func (b *box) wantMarks(want ...Mark) {
	b.Helper()
	got := b.Marks()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.Fatalf("got marks %s, want %s", got, want)
	}
}

func (b *box) segmentFiles() []string {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(b.opt.Dir, "*"+segmentSuffix))
	if err != nil {
		b.Fatal(err)
	}
	return files
}

func (b *box) dropped(why Reason) (n uint64) {
	for _, d := range b.Report().Dropped {
		if d.Reason == why {
			n += d.Items
		}
	}
	return n
}

// faulty is the real disk, of which one kind of call can be made to fail.
type faulty struct {
	disk
	mu    sync.Mutex
	fail  func(op, name string) error // nil: all is well
	half  bool                        // a failing write first writes half of it
	free  int64                       // what Free says, if not 0
	calls map[string]int
}

var errBroken = errors.New("broken on purpose")

func (f *faulty) check(op, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == nil {
		f.calls = make(map[string]int)
	}
	f.calls[op]++
	if f.fail == nil {
		return nil
	}
	return f.fail(op, name)
}

// breaks makes calls fail from here on; nil heals the disk.
func (f *faulty) breaks(fail func(op, name string) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = fail
}

func (f *faulty) count(op string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[op]
}

func (f *faulty) Open(name string, flag int) (*os.File, error) {
	if err := f.check("open", name); err != nil {
		return nil, err
	}
	return f.disk.Open(name, flag)
}

func (f *faulty) Read(file *os.File, p []byte, off int64) (int, error) {
	if err := f.check("read", file.Name()); err != nil {
		return 0, err
	}
	return f.disk.Read(file, p, off)
}

func (f *faulty) Write(file *os.File, p []byte, off int64) (int, error) {
	if err := f.check("write", file.Name()); err != nil {
		if f.half {
			f.disk.Write(file, p[:len(p)/2], off)
		}
		return 0, err
	}
	return f.disk.Write(file, p, off)
}

func (f *faulty) Sync(file *os.File, metadata bool) error {
	if err := f.check("sync", file.Name()); err != nil {
		return err
	}
	return nil // a killed test leaves the kernel running; mains has a disk for power cuts
}

func (f *faulty) Truncate(file *os.File, size int64) error {
	if err := f.check("truncate", file.Name()); err != nil {
		return err
	}
	return f.disk.Truncate(file, size)
}

func (f *faulty) Reserve(file *os.File, size int64) error {
	if err := f.check("reserve", file.Name()); err != nil {
		return err
	}
	return f.disk.Reserve(file, size)
}

func (f *faulty) Remove(name string) error {
	if err := f.check("remove", name); err != nil {
		return err
	}
	return f.disk.Remove(name)
}

func (f *faulty) Free(dir string) (free, total int64, err error) {
	if err := f.check("free", dir); err != nil {
		return 0, 0, err
	}
	if f.free != 0 {
		return f.free, 1 << 40, nil
	}
	return f.disk.Free(dir)
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

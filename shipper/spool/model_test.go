package spool

import (
	"cmp"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func sortedKeys(sets ...map[string]bool) []string {
	all := make(map[string]bool)
	for _, s := range sets {
		maps.Copy(all, s)
	}
	return slices.Sorted(maps.Keys(all))
}

// model is what a spool should hold, as plain slices.
type model struct {
	*rapid.T
	*box
	mains *mains
	rng   *rand.Rand
	next  int
	alive map[uint64][]int // numbers of items not released, by destination, oldest first
	freed map[uint64][]int // released since the last clean stop: a crash may bring them back
	lent  map[uint64][]Entry
	marks map[string]int
}

func newModel(rt *rapid.T, t *testing.T, base string) *model {
	dir, err := os.MkdirTemp(base, "model")
	if err != nil {
		t.Fatal(err)
	}
	opt := Options{Dir: dir, SegmentBytes: 2 << 10, MaxBytes: 24 << 10, MinFreeBytes: -1, Policy: Block, Window: 64}
	opt.AckEvery = rapid.IntRange(0, 3).Draw(rt, "ack every")
	m := &model{
		T: rt, mains: newMains(dir), rng: rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1)),
		alive: make(map[uint64][]int), freed: make(map[uint64][]int), lent: make(map[uint64][]Entry), marks: make(map[string]int),
	}
	opt.FS = m.mains
	m.box = &box{TB: t, opt: opt, clock: newClock()}
	m.box.opt.Now = m.clock.now
	m.box.open()
	return m
}

func (m *model) dest(t *rapid.T) uint64 { return rapid.Uint64Range(1, 3).Draw(t, "dest") }

// draw makes the items and marks of one append.
func (m *model) draw(t *rapid.T) ([]Item, []Mark) {
	var its []Item
	for range rapid.IntRange(0, 4).Draw(t, "items") {
		its = append(its, item(m.dest(t), m.next, rapid.IntRange(0, 300).Draw(t, "size")))
		m.next++
	}
	return its, []Mark{mark(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key"), m.next)}
}

func (m *model) book(its []Item, marks []Mark) {
	for _, it := range its {
		m.alive[it.Dest] = append(m.alive[it.Dest], number(Entry{Item: it}))
	}
	for _, k := range marks {
		m.marks[k.Key] = m.next
	}
}

func (m *model) Append(t *rapid.T) {
	its, marks := m.draw(t)
	err := m.box.Append(its, marks)
	switch {
	case err == nil:
		m.book(its, marks)
	case !errors.Is(err, ErrFull):
		t.Fatal(err)
	case len(its) == 0:
		t.Fatalf("marks refused: %v", err)
	}
}

func (m *model) Lend(t *rapid.T) {
	dest := m.dest(t)
	for range rapid.IntRange(1, 8).Draw(t, "n") {
		e, ok, err := m.Reader(dest).TryNext()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		m.lent[dest] = append(m.lent[dest], e)
	}
	m.checkLent(t, dest)
}

// checkLent: what is lent are the oldest that are alive, in order; where something was released between them they are fewer.
func (m *model) checkLent(t *rapid.T, dest uint64) {
	got := numbers(m.lent[dest])
	if len(got) > len(m.alive[dest]) || !slices.Equal(got, m.alive[dest][:len(got)]) {
		t.Fatalf("destination %d: lent %v, alive %v", dest, got, m.alive[dest])
	}
}

func (m *model) Release(t *rapid.T) {
	dest := m.dest(t)
	if len(m.lent[dest]) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.lent[dest])-1).Draw(t, "which")
	e := m.lent[dest][i]
	m.Reader(dest).Release(e.Seq)
	m.lent[dest] = slices.Delete(m.lent[dest], i, i+1)
	m.alive[dest] = slices.DeleteFunc(m.alive[dest], func(n int) bool { return n == number(e) })
	m.freed[dest] = append(m.freed[dest], number(e))
}

func (m *model) Tick(t *rapid.T) {
	m.clock.add(seconds(rapid.SampledFrom([]int64{0, 1, 2, -3600}).Draw(t, "by")))
}

// Reopen is a clean stop: nothing released comes back.
func (m *model) Reopen(t *rapid.T) {
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	m.box.open()
	clear(m.lent)
	clear(m.freed)
	m.checkAll(t, nil, nil)
}

// Kill is kill -9: the kernel keeps what was written.
func (m *model) Kill(t *rapid.T) {
	m.Spool.die()
	m.box.open()
	m.recovered(t, nil, nil)
}

// PowerCut happens between two calls of the caller.
func (m *model) PowerCut(t *rapid.T) {
	m.Spool.die()
	m.mains.cut(m.TB, m.rng)
	m.box.open()
	m.recovered(t, nil, nil)
}

// DieWithin is a death in the middle of an append: by a power cut, or by a kill.
func (m *model) DieWithin(t *rapid.T) {
	its, marks := m.draw(t)
	power := rapid.Bool().Draw(t, "power")
	m.mains.left = rapid.IntRange(0, 12).Draw(t, "calls")
	err := m.box.Append(its, marks)
	m.Spool.die()
	if power {
		m.mains.cut(m.TB, m.rng)
	}
	m.mains.left = -1
	m.box.open()
	if err == nil {
		m.book(its, marks)
		its, marks = nil, nil
	}
	m.recovered(t, its, marks)
}

// DieOpening is a death while a spool recovers.
func (m *model) DieOpening(t *rapid.T) {
	m.Spool.die()
	m.mains.left = rapid.IntRange(0, 6).Draw(t, "calls")
	if s, err := Open(m.box.opt); err == nil {
		s.die()
	}
	if rapid.Bool().Draw(t, "power") {
		m.mains.cut(m.TB, m.rng)
	}
	m.mains.left = -1
	m.box.open()
	m.recovered(t, nil, nil)
}

// recovered looks at what came back: everything alive, perhaps the frame that was being written (as a whole), perhaps what had been released.
func (m *model) recovered(t *rapid.T, its []Item, marks []Mark) {
	clear(m.lent)
	m.checkAll(t, its, marks)
	clear(m.freed)
}

func (m *model) checkAll(t *rapid.T, its []Item, marks []Mark) {
	whole := len(marks) > 0 && m.hasMark(marks[0])
	if whole {
		m.book(its, marks)
	}
	m.checkMarks(t)
	for dest := uint64(1); dest <= 3; dest++ {
		back := m.peek(t, dest)
		for _, n := range m.alive[dest] {
			if !slices.Contains(back, n) {
				t.Fatalf("destination %d: item %d was lost; alive %v, came back %v", dest, n, m.alive[dest], back)
			}
		}
		for _, n := range back {
			if !slices.Contains(m.alive[dest], n) && !slices.Contains(m.freed[dest], n) {
				t.Fatalf("destination %d: item %d came back though it was released for good, or never stored", dest, n)
			}
		}
		if !slices.IsSortedFunc(back, cmp.Compare[int]) {
			t.Fatalf("destination %d: order %v", dest, back)
		}
		m.alive[dest] = back
	}
}

// peek reads all numbers of a destination and forgets that it did.
func (m *model) peek(t *rapid.T, dest uint64) []int {
	var out []int
	old := m.Spool.opt.Window
	m.Spool.opt.Window = 1 << 30
	for {
		e, ok, err := m.Reader(dest).TryNext()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		out = append(out, number(e))
	}
	m.Spool.opt.Window = old
	m.rewind(dest)
	if items, _ := m.Pending(dest); int(items) != len(out) {
		t.Fatalf("destination %d: %d items pending, %d came", dest, items, len(out))
	}
	return out
}

// rewind takes back what was lent, as a start would.
func (m *model) rewind(dest uint64) {
	r := m.Reader(dest)
	r.reading.Lock()
	defer r.reading.Unlock()
	r.leave()
	m.Spool.mu.Lock()
	defer m.Spool.mu.Unlock()
	if len(r.lent) > 0 {
		r.high = r.lent[0].seq - 1
	}
	r.lent, r.settled, r.passed = nil, 0, 0
}

func (m *model) hasMark(want Mark) bool {
	return slices.ContainsFunc(m.Marks(), func(k Mark) bool { return k.Key == want.Key && string(k.Value) == string(want.Value) })
}

func (m *model) checkMarks(t *rapid.T) {
	got := m.Marks()
	if len(got) != len(m.marks) {
		t.Fatalf("marks %s, want %v", got, m.marks)
	}
	for _, k := range got {
		if string(k.Value) != string(mark(k.Key, m.marks[k.Key]).Value) {
			t.Fatalf("mark %s is %s, want %d", k.Key, k.Value, m.marks[k.Key])
		}
	}
}

// Check holds at any time.
func (m *model) Check(t *rapid.T) {
	m.checkMarks(t)
	rep := m.Report()
	for _, d := range rep.Destinations {
		if int(d.PendingItems) != len(m.alive[d.Dest]) || int(d.Lent) != len(m.lent[d.Dest]) {
			t.Fatalf("destination %d: %+v, alive %v", d.Dest, d, m.alive[d.Dest])
		}
	}
	if rep.LostFrames > 0 && m.next < 0 || len(rep.Dropped) > 0 {
		t.Fatalf("%+v", rep)
	}
}

func TestModel(t *testing.T) {
	base := tempDir(t)
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(rt, t, base)
		defer func() {
			m.Spool.die()
			os.RemoveAll(m.opt.Dir)
		}()
		rt.Repeat(map[string]func(*rapid.T){
			"append": m.Append, "append again": m.Append, "lend": m.Lend, "release": m.Release, "tick": m.Tick, "reopen": m.Reopen,
			"kill": m.Kill, "power cut": m.PowerCut, "die within": m.DieWithin, "die opening": m.DieOpening, "": m.Check,
		})
	})
}

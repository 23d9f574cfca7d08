package source

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// world is a directory in which one application logs numbered lines and an
// operator rotates its file in every style, and the reference that says which
// lines must have come.
type world struct {
	t      *rapid.T
	dir    string
	clock  *clock
	tailer *Tailer
	r      reader

	next    int      // number of the next line
	half    string   // what is missing of a line that is written in two parts
	writer  *os.File // the application's descriptor; may be of a rotated file
	copying bool     // a copytruncate has begun
	gens    int      // app.log.1 ... app.log.gens exist

	seen  map[int]int // what came, by number
	wrong []string
	marks map[string]Position

	saved struct { // the last commit: lines and positions together
		seen  map[int]int
		marks map[string]Position
	}
	story []string
}

func (w *world) path(n int) string {
	if n == 0 {
		return filepath.Join(w.dir, "app.log")
	}
	return filepath.Join(w.dir, fmt.Sprintf("app.log.%d", n))
}

func (w *world) must(err error) {
	if err != nil {
		w.t.Fatalf("%v", err)
	}
}

func (w *world) start() {
	cfg := testConfig(w.dir, "app.log*")
	var known []Position
	for _, p := range w.marks {
		known = append(known, p)
	}
	t, err := New([]Config{cfg}, known, w.open, WithClock(w.clock.now), WithLogger(silentLog()))
	w.must(err)
	w.tailer = t
	for _, p := range t.Watched() {
		w.marks[p.Key()] = p
	}
}

// open, Lines, Idle, Deadline, End make the world its own consumer.
func (w *world) open(i Info) Consumer { return &worldly{w, i, i.Start} }

type worldly struct {
	*world
	info Info
	last int64
}

func (c *worldly) Lines(_ time.Time, lines []Line) {
	for _, l := range lines {
		n := -1
		_, err := fmt.Sscanf(string(l.Text), "%d ", &n)
		if err != nil || n >= c.next || l.Cut || l.Open || string(l.Text) != strings.TrimSuffix(modelLine(n), "\n") {
			c.wrong = append(c.wrong, fmt.Sprintf("%q at %d of %s", l.Text, l.Start, c.info.Path))
			continue
		}
		c.seen[n]++
	}
	c.last = lines[len(lines)-1].End
	c.keep(c.last)
}

func (c *worldly) keep(offset int64) {
	p := c.info.Position(offset)
	c.marks[p.Key()] = p
}

func (c *worldly) Idle(time.Time)      {}
func (c *worldly) Deadline() time.Time { return time.Time{} }
func (c *worldly) End(time.Time)       { c.keep(c.last) }

func modelLine(n int) string {
	return fmt.Sprintf("%d a line of the application, long enough to be told from others by its head %s\n", n, strings.Repeat("z", n*7%150))
}

func (w *world) print(s string) {
	if w.writer == nil {
		f, err := os.OpenFile(w.path(0), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
		w.must(err)
		w.writer = f
	}
	_, err := w.writer.WriteString(s)
	w.must(err)
}

// write appends some lines, the last perhaps in two parts.
func (w *world) write(lines int, cut int) {
	w.print(w.half)
	w.half = ""
	var b strings.Builder
	for range lines {
		b.WriteString(modelLine(w.next))
		w.next++
	}
	s := b.String()
	if cut > 0 && cut < len(modelLine(w.next-1)) {
		s, w.half = s[:len(s)-cut], s[len(s)-cut:]
	}
	w.print(s)
}

// whole completes a line that was begun, since rotation cuts no line in two.
func (w *world) whole() {
	if w.half != "" {
		w.print(w.half)
		w.half = ""
	}
}

func (w *world) exists(n int) bool {
	_, err := os.Stat(w.path(n))
	return err == nil
}

// shift renames app.log.N to app.log.N+1.
func (w *world) shift() {
	for n := w.gens; n >= 1; n-- {
		w.must(os.Rename(w.path(n), w.path(n+1)))
	}
	w.gens++
}

func (w *world) rotateByRename() {
	if !w.exists(0) {
		return
	}
	w.shift()
	w.must(os.Rename(w.path(0), w.path(1)))
}

// reopen lets the application notice the rotation.
func (w *world) reopen() {
	w.whole()
	if w.writer != nil {
		w.must(w.writer.Close())
		w.writer = nil
	}
}

// beginCopy begins a copytruncate; what happens before endCopy happens during it.
func (w *world) beginCopy() {
	if !w.exists(0) || w.copying {
		return
	}
	w.copying = true
	w.shift()
	w.copySome(0.5)
}

// copySome brings the copy up to a share of the original.
func (w *world) copySome(share float64) {
	b, err := os.ReadFile(w.path(0))
	w.must(err)
	w.must(os.WriteFile(w.path(1), b[:int(float64(len(b))*share)], 0o644))
}

func (w *world) endCopy() {
	if w.copying {
		w.whole()
		w.copySome(1)
		w.must(os.Truncate(w.path(0), 0))
		w.copying = false
	}
}

// backup copies the log by hand; nobody wants to see its lines twice.
func (w *world) backup() {
	if w.exists(0) {
		w.step()
		w.must(copyFileTo(w.path(0), filepath.Join(w.dir, "app.log.bak")))
		w.step()
	}
}

// recreate deletes the log once it was read; the application makes a new one.
func (w *world) recreate() {
	w.must(os.RemoveAll(filepath.Join(w.dir, "app.log.bak")))
	w.reopen()
	w.step()
	if w.exists(0) {
		w.must(os.Remove(w.path(0)))
	}
}

// replace puts a longer file with the same beginning in the log's place, as
// rsync does at every run.
func (w *world) replace() {
	w.reopen()
	if !w.exists(0) {
		return
	}
	w.must(copyFileTo(w.path(0), filepath.Join(w.dir, "tmp")))
	w.must(appendTo(filepath.Join(w.dir, "tmp"), modelLine(w.next)))
	w.next++
	w.must(os.Rename(filepath.Join(w.dir, "tmp"), w.path(0)))
	w.step() // nobody uses rsync and logrotate on one file within milliseconds
}

func (w *world) step() {
	w.tailer.step()
	w.saved.seen, w.saved.marks = maps.Clone(w.seen), maps.Clone(w.marks)
}

// kill ends the program without a word; what it did since the last commit is
// as if it had never happened.
func (w *world) kill() {
	w.tailer.close()
	w.seen, w.marks = maps.Clone(w.saved.seen), maps.Clone(w.saved.marks)
	w.start()
}

// writesTo tells whether the application still has app.log.N open.
func (w *world) writesTo(n int) bool {
	if w.writer == nil {
		return false
	}
	a, err := w.writer.Stat()
	w.must(err)
	b, err := os.Stat(w.path(n))
	return err == nil && os.SameFile(a, b)
}

func (w *world) dropOldest() {
	w.must(os.RemoveAll(filepath.Join(w.dir, "app.log.bak")))
	if w.gens > 0 && !w.writesTo(w.gens) {
		w.step() // an operator keeps generations long enough
		w.must(os.Remove(w.path(w.gens)))
		w.gens--
	}
}

func (w *world) do(op string) {
	t := w.t
	if w.copying && op != "write" && op != "step" && op != "serve" && op != "look" && op != "kill" {
		w.endCopy() // one operator does one thing at a time
	}
	switch op {
	case "write":
		w.write(rapid.IntRange(1, 12).Draw(t, "lines"), rapid.IntRange(0, 40).Draw(t, "cut"))
	case "rename":
		w.rotateByRename()
	case "reopen":
		w.reopen()
	case "rename+reopen":
		w.rotateByRename()
		w.reopen()
	case "begin copy":
		w.beginCopy()
	case "copytruncate":
		w.beginCopy()
		w.endCopy()
	case "drop":
		w.dropOldest()
	case "backup":
		w.backup()
	case "recreate":
		w.recreate()
	case "replace":
		w.replace()
	case "step":
		w.step()
	case "serve": // as after an event for every file
		for _, s := range w.tailer.live {
			w.tailer.q.push(s)
		}
		w.tailer.serveAll(&w.r)
	case "look":
		w.tailer.scan(t.Context())
	case "wait":
		w.clock.advance(time.Duration(rapid.IntRange(1, 400).Draw(t, "seconds")) * time.Second)
		w.whole() // a line that is not completed for so long would be flushed
		w.step()
	case "kill":
		w.kill()
	}
}

// TestNothingIsLostOrDoubled lets an application, an operator and the tailer do
// as they like, and then asks for every line once.
func TestNothingIsLostOrDoubled(t *testing.T) {
	// One operator has one habit.
	always := []string{"write", "write", "write", "reopen", "rename", "rename+reopen", "drop", "step", "step", "serve", "look", "wait", "kill"}
	habits := [][]string{{"copytruncate", "copytruncate", "begin copy", "backup", "recreate"}, {"replace", "replace"}}
	rapid.Check(t, func(rt *rapid.T) {
		ops := append(slices.Clone(always), rapid.SampledFrom(habits).Draw(rt, "habit")...)
		w := &world{t: rt, clock: newClock(), seen: map[int]int{}, marks: map[string]Position{}}
		var err error
		if w.dir, err = os.MkdirTemp("", "source"); err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(w.dir)
		w.saved.seen, w.saved.marks = map[int]int{}, map[string]Position{}
		w.start()
		w.step()
		defer func() { w.tailer.close() }()
		for _, op := range rapid.SliceOfN(rapid.SampledFrom(ops), 1, 40).Draw(rt, "ops") {
			w.do(op)
			w.story = append(w.story, op)
		}
		w.endCopy()
		w.reopen()
		w.step()
		w.clock.advance(10 * time.Minute)
		w.step()
		w.verdict(rt)
	})
}

func (w *world) verdict(t *rapid.T) {
	var bad []string
	for n := range w.next {
		if k := w.seen[n]; k != 1 {
			bad = append(bad, fmt.Sprintf("line %d came %d times", n, k))
		}
	}
	if len(bad)+len(w.wrong) > 0 {
		if len(bad) > 6 {
			bad = append(bad[:5], fmt.Sprintf("and %d more", len(bad)-5))
		}
		t.Fatalf("%s\nwrong: %q\n%v\n%+v", strings.Join(bad, "\n"), w.wrong, w.story, w.tailer.Report())
	}
}

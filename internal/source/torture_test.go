//go:build torture

package source

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// size reads a number from the environment, so that the same tests run in a
// minute or at full length.
func size(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// speeds are lines per second; 0 is as fast as the writer can.
var speeds = []int{0, 50_000}

// TestTorture writes TORTURE_LINES lines (1,000,000) with TORTURE_ROTATIONS
// rotations (100) in every style and at two speeds, and prints what each of
// TORTURE_READERS (auto,poll,nxadm) missed and doubled. The readers of this package may miss
// nothing, but where a row says that the style of rotation itself loses lines. nxadm is
// the library in its ordinary use, by name with ReOpen; it is there to be
// compared with.
func TestTorture(t *testing.T) {
	lines, turns := size("TORTURE_LINES", 1_000_000), size("TORTURE_ROTATIONS", 100)
	readers := os.Getenv("TORTURE_READERS")
	if readers == "" {
		readers = "auto,poll,nxadm"
	}
	fmt.Printf("%d lines of %d bytes, %d rotations\n", lines, lineBytes+1, turns)
	fmt.Printf("%-46s %-7s %-6s %9s %9s %8s %8s\n", "rotation", "lines/s", "reader", "missing", "doubled", "wall s", "cpu s")
	for _, row := range tortures {
		for _, speed := range speeds {
			for reader := range strings.SplitSeq(readers, ",") {
				if row.restart && reader == "nxadm" {
					continue // it stores no positions
				}
				t.Run(fmt.Sprintf("%s/%s/%s", row.name, speedName(speed), reader), func(t *testing.T) {
					tr := newTorture(t, row, reader, lines)
					tr.speed = speed
					tr.run(turns)
				})
			}
		}
	}
}

// torture is one row with one reader.
type torture struct {
	*rotator
	row    rotation
	reader string
	lines  int
	speed  int
	seen   *numbers
	follow follower
	began  time.Time
	buf    []byte // the line, of which only the number changes
}

func newTorture(t *testing.T, row rotation, reader string, lines int) *torture {
	runtime.LockOSThread() // so that the writer's share of the CPU is known
	t.Cleanup(runtime.UnlockOSThread)
	tr := &torture{row: row, reader: reader, lines: lines, seen: newNumbers(3*lines + 10_000), buf: []byte(numbered(0) + "\n")}
	tr.rotator = &rotator{TB: t, dir: t.TempDir(), wait: tr.await, stop: func() { tr.follow.stop() }, start: func() { tr.follow.start() }}
	tr.rotator.put = tr.write
	files := row.files
	if files == "" {
		files = "app.log*"
	}
	cfg := testConfig(tr.dir, files)
	cfg.PollInterval = 250 * time.Millisecond
	cfg.AllowedRoots = append(cfg.AllowedRoots, tr.dir)
	switch reader {
	case "nxadm":
		name, _ := strings.CutSuffix(files, "*")
		tr.follow = &byName{TB: t, path: filepath.Join(tr.dir, name), seen: tr.seen}
	case "pinned":
		cfg.Engine = NXAdm
		tr.follow = &ours{t: t, cfg: cfg, seen: tr.seen}
	default:
		cfg.Engine = Engine(reader)
		tr.follow = &ours{t: t, cfg: cfg, seen: tr.seen}
	}
	return tr
}

// write appends the next line, in time.
func (tr *torture) write() {
	if tr.speed > 0 && tr.n%50 == 0 {
		time.Sleep(time.Until(tr.began.Add(time.Duration(tr.n) * time.Second / time.Duration(tr.speed))))
	}
	k := tr.n
	for i := lineBytes - 1; i >= lineBytes-10; i-- {
		tr.buf[i], k = byte('0'+k%10), k/10
	}
	_, err := tr.w.Write(tr.buf)
	tr.check(err)
	tr.n++
}

// await waits until a line of the file of now was read. The reader that is only
// compared with is not waited for long: it may never read another line.
func (tr *torture) await(int) {
	patience := 10 * time.Second
	if tr.reader == "nxadm" {
		patience = 300 * time.Millisecond
	}
	for over := time.Now().Add(patience); time.Now().Before(over); time.Sleep(time.Millisecond) {
		if tr.seen.any(tr.from, tr.n) {
			return
		}
	}
}

func (n *numbers) any(from, to int) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, k := range n.seen[from:to] {
		if k > 0 {
			return true
		}
	}
	return false
}

// cpu is what this process and this thread have used, in seconds.
func cpu() (process, thread float64) {
	var p, th unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &p)
	_ = unix.Getrusage(unix.RUSAGE_THREAD, &th)
	used := func(r *unix.Rusage) float64 { return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9 }
	return used(&p), used(&th)
}

func (tr *torture) run(turns int) {
	tr.reopen()
	defer func() { tr.w.Close() }()
	if tr.row.setup != nil {
		tr.row.setup(tr.rotator)
	}
	tr.follow.start()
	process, thread := cpu()
	tr.began = time.Now()
	for every := tr.lines / turns; tr.n < tr.lines; {
		tr.line()
		if tr.n%every == 0 && tr.n < tr.lines {
			tr.row.turn(tr.rotator)
		}
	}
	last := tr.rest()
	p, th := cpu()
	tr.follow.stop()
	missing, doubled := tr.seen.verdict(tr.n)
	fmt.Printf("%-46s %-7s %-6s %9d %9d %8.1f %8.1f\n", tr.row.name, speedName(tr.speed), tr.reader,
		missing, doubled, last.Sub(tr.began).Seconds(), p-process-(th-thread))
	if tr.reader != "nxadm" && (doubled > 0 || missing > 0 && !tr.row.loses || len(tr.seen.bad) > 0) {
		tr.Errorf("%d missing, %d doubled, %d bad: %.3q\nfirst missing: %v\n%s", missing, doubled, len(tr.seen.bad), tr.seen.bad, tr.seen.gaps(tr.n), tr.seen.state())
	}
}

func speedName(perSecond int) string {
	if perSecond == 0 {
		return "full"
	}
	return strconv.Itoa(perSecond)
}

// rest waits until all lines have come, or none for a while, and gives the time
// of the last.
func (tr *torture) rest() time.Time {
	quiet := 12 * time.Second // more than a scan
	if tr.reader == "nxadm" || tr.row.loses {
		quiet = 2 * time.Second
	}
	last, before := time.Now(), -1
	for time.Since(last) < quiet {
		tr.seen.mu.Lock()
		total := tr.seen.total
		tr.seen.mu.Unlock()
		if total != before {
			last, before = time.Now(), total
		}
		if total == tr.n {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return last
}

// gaps gives the first runs of numbers that did not come exactly once.
func (n *numbers) gaps(count int) (runs []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := 0; i < count && len(runs) < 10; i++ {
		if k := n.seen[i]; k != 1 {
			from := i
			for i < count && n.seen[i] == k {
				i++
			}
			runs = append(runs, fmt.Sprintf("%d-%d came %d times", from, i-1, k))
		}
	}
	return runs
}

package source

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// stats are the counters of a tailer.
type stats struct {
	files, bytes, lines, cut, open, nul         atomic.Int64
	truncations, rotations, copies, lost, scans atomic.Int64
	overflows, polling, descriptors, errors     atomic.Int64
	shedding                                    atomic.Int64
}

// add moves the counts of a turn to the shared counters.
func (s *stats) add(t *tally) {
	s.bytes.Add(t.bytes)
	s.lines.Add(t.lines)
	for _, c := range [...]struct {
		to *atomic.Int64
		n  int64
	}{{&s.cut, t.cut}, {&s.open, t.open}, {&s.nul, t.nul}} {
		if c.n > 0 {
			c.to.Add(c.n)
		}
	}
	*t = tally{}
}

// Report is what a tailer has done so far and how it is doing.
type Report struct {
	// Watch is "inotify" if changes are announced by the kernel, "poll" if files
	// are looked at at intervals.
	Watch string
	// Followed is the number of streams now, Waiting those with something to read.
	Followed, Waiting int
	// Descriptors is the number of files that are open.
	Descriptors int64
	// Held is the number of files taken for copies of followed ones.
	Held int
	// Opened counts streams since the start.
	Opened int64
	// Bytes and Lines were read. Cut lines were longer than max_line_bytes, Open
	// ones had no line break, NULs are bytes skipped at the start of lines.
	Bytes, Lines, Cut, Open, NULs int64
	// Truncations counts files that were truncated or written anew, Rotations
	// names that came to lead to another file or to none, Copies streams that were
	// finished in the copy that copytruncate made.
	Truncations, Rotations, Copies int64
	// Lost counts bytes that are known to have been written and could not be read.
	Lost int64
	// Scans counts looks at the globs, Overflows the times the kernel had more
	// events than it could keep (a scan makes good for them).
	Scans, Overflows int64
	// Listening are the addresses at which syslog is received. Dropped counts
	// messages for which there was no room, Refused connections beyond the limit.
	Listening        []string
	Dropped, Refused int64
	// Errors counts failures to open or read, also repeated ones.
	Errors int64
	// Troubles are the names that cannot be read now, sorted.
	Troubles []Trouble
}

// Trouble is a name that cannot be read, why, and what would help.
type Trouble struct {
	Path, Doing string
	Err         error
	Cure        string
	Since       time.Time

	last time.Time
}

// Report gives the counters. It may be called at any time from any goroutine.
func (t *Tailer) Report() Report {
	s := &t.stats
	r := Report{
		Watch: "inotify", Opened: s.files.Load(), Bytes: s.bytes.Load(), Lines: s.lines.Load(),
		Cut: s.cut.Load(), Open: s.open.Load(), NULs: s.nul.Load(),
		Truncations: s.truncations.Load(), Rotations: s.rotations.Load(), Copies: s.copies.Load(),
		Lost: s.lost.Load(), Scans: s.scans.Load(), Overflows: s.overflows.Load(),
		Descriptors: s.descriptors.Load(), Errors: s.errors.Load(),
	}
	if s.polling.Load() != 0 {
		r.Watch = "poll"
	}
	r.Waiting = t.q.waiting()
	t.mu.Lock()
	defer t.mu.Unlock()
	r.Followed, r.Held = len(t.live)+len(t.pipes), len(t.copies)
	for _, rc := range t.receivers {
		rc.report(&r)
	}
	for _, tr := range t.trouble {
		r.Troubles = append(r.Troubles, tr)
	}
	slices.SortFunc(r.Troubles, func(a, b Trouble) int { return strings.Compare(a.Path, b.Path) })
	return r
}

// A trouble that was not met again for troubleFor is over; no more than
// maxTroubles are kept and told.
const (
	troubleFor  = time.Minute
	maxTroubles = 1000
)

// failed notes that a name cannot be read. It is said once; the name is tried
// again at every scan.
func (t *Tailer) failed(path, doing string, err error) {
	now := t.now()
	t.mu.Lock()
	old, known := t.trouble[path]
	again := known && old.Doing == doing && errors.Is(err, errnoOf(old.Err))
	since := now
	if again {
		since = old.Since
	}
	full := !known && len(t.trouble) >= maxTroubles
	if !full {
		t.trouble[path] = Trouble{Path: path, Doing: doing, Err: err, Cure: cure(err), Since: since, last: now}
	}
	t.mu.Unlock()
	t.stats.errors.Add(1)
	if !again && !full {
		t.log.Warn("cannot read a log file; it is tried again at every scan",
			"path", path, "doing", doing, "error", err, "cure", cure(err))
	}
}

// recovered takes a name off the list of troubles.
func (t *Tailer) recovered(path string) {
	t.mu.Lock()
	_, known := t.trouble[path]
	delete(t.trouble, path)
	t.mu.Unlock()
	if known {
		t.log.Info("log file can be read again", "path", path)
	}
}

// forgetTroubles drops the troubles of names that are gone.
func (t *Tailer) forgetTroubles(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for path, tr := range t.trouble {
		if now.Sub(tr.last) > troubleFor {
			delete(t.trouble, path)
		}
	}
}

func errnoOf(err error) error {
	var no unix.Errno
	if errors.As(err, &no) {
		return no
	}
	return err
}

// cure tells an operator what would help against an error.
func cure(err error) string {
	var listening *listenError
	switch {
	case errors.As(err, &listening):
		return listening.cure()
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
		return "give the user of this process read permission on the file and search permission (x) on every directory above it, for example by adding it to the group adm"
	case errors.Is(err, unix.ELOOP):
		return "a symbolic link leads back to itself; correct the link or exclude it"
	case errors.Is(err, unix.EMFILE), errors.Is(err, unix.ENFILE):
		return "raise the limit of open files (LimitNOFILE= in systemd, ulimit -n) or lower max_open_files"
	case errors.Is(err, unix.ENAMETOOLONG):
		return "the name is longer than the kernel allows; correct the path"
	case errors.Is(err, unix.ESTALE):
		return "the network file system has lost the file; check the mount"
	case errors.Is(err, unix.EIO):
		return "the disk or the network file system fails; see the kernel log"
	case errors.Is(err, errNoChild):
		return "install systemd's journalctl, or name it in journal.command"
	case strings.Contains(err.Error(), "insufficient permissions"):
		return "add the user of this process to the group systemd-journal"
	case errors.Is(err, errOutside):
		return "if the file is meant, name its directory in allowed_roots of this source; otherwise remove or exclude the link"
	case errors.Is(err, errForeign):
		return "remove the link, or exclude it; if the file is meant, name its own path in paths"
	case errors.Is(err, errNotReadable):
		return "exclude it, or name a regular file or a named pipe"
	default:
		return "none known"
	}
}

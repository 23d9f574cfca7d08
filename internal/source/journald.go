package source

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Journal is what to read of the systemd journal. It is read by a child,
// journalctl, since the files of the journal have no other stable interface.
//
// All of it is one stream. Each line is one entry as a JSON object of strings, as
// "journalctl -o json" prints it; whoever takes the lines tells processes apart and joins what journald has cut
// (_LINE_BREAK). The offset of an entry is its number in the journal, shifted by 16.
type Journal struct {
	// Units, PIDs and Matches ("FIELD=value") limit what is read; entries must fit
	// all of them that are given, and one of each.
	Units   []string `yaml:"units"`
	PIDs    []int    `yaml:"pids"`
	Matches []string `yaml:"matches"`
	// Priority is the least important level to be read, by name or number
	// (0 emerg ... 7 debug); all if empty.
	Priority string `yaml:"priority"`
	// Since is how far to go back where there is no position, in the words of
	// journalctl --since ("-1h", "today"). Without it start_at decides.
	Since string `yaml:"since"`
	// Directory holds the journal files, if it is not that of this machine.
	Directory string `yaml:"directory"`
	// Command is the program to run, journalctl by default.
	Command string `yaml:"command"`
}

// priorities are the names of the levels, from 0 on.
var priorities = []string{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}

// Validate tells everything that is wrong, in words that name the key.
func (j Journal) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if j.Priority != "" && !slices.Contains(priorities, j.Priority) && (len(j.Priority) != 1 || j.Priority[0] < '0' || j.Priority[0] > '7') {
		bad("journal.priority: %q; allowed are 0 to 7 and %s", j.Priority, strings.Join(priorities, ", "))
	}
	for i, m := range j.Matches {
		if field, _, ok := strings.Cut(m, "="); !ok || field == "" || strings.Trim(field, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") != "" {
			bad("journal.matches[%d]: %q; a match is written FIELD=value, such as _TRANSPORT=kernel", i, m)
		}
	}
	for i, u := range j.Units {
		if u == "" || strings.HasPrefix(u, "-") {
			bad("journal.units[%d]: %q is no name of a unit", i, u)
		}
	}
	for i, p := range j.PIDs {
		if p < 1 {
			bad("journal.pids[%d]: %d; a process id is above 0", i, p)
		}
	}
	return errors.Join(errs...)
}

// journalFields are the fields that are asked for, besides those that journalctl
// always gives (__CURSOR, __REALTIME_TIMESTAMP, _BOOT_ID ...). An entry has some
// forty.
const journalFields = "MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_PID,_COMM,_HOSTNAME,_TRANSPORT,_STREAM_ID,_LINE_BREAK," +
	"_SYSTEMD_UNIT,_SYSTEMD_USER_UNIT,CONTAINER_NAME,CONTAINER_ID,IMAGE_NAME," +
	"MESSAGE_ID,COREDUMP_UNIT,COREDUMP_PID,COREDUMP_EXE,COREDUMP_SIGNAL,COREDUMP_SIGNAL_NAME"

// args gives the command line for one child. cursor is the last entry that need
// not be read again; without it reading starts at since, or else at the beginning.
func (j Journal) args(cursor, since string, follow bool) []string {
	// The export format costs journalctl 11 us of processor time an entry, JSON 25
	// (systemd 252, 90 bytes of text). -a: nothing is left out for being long.
	args := []string{"-a", "-o", "export", "--no-pager", "--output-fields=" + journalFields}
	if follow {
		args = append(args, "--follow", "--no-tail")
	}
	if j.Directory != "" {
		args = append(args, "--directory="+j.Directory)
	}
	if j.Priority != "" {
		args = append(args, "--priority="+j.Priority)
	}
	for _, u := range j.Units {
		args = append(args, "--unit="+u)
	}
	switch {
	case cursor != "":
		args = append(args, "--after-cursor="+cursor)
	case since != "":
		args = append(args, "--since="+since)
	}
	for _, p := range j.PIDs {
		args = append(args, "_PID="+strconv.Itoa(p))
	}
	return append(args, j.Matches...)
}

// journal is the one stream of an entry that reads the journal. Its goroutine
// owns all but points.
type journal struct {
	entry    *entry
	own      []byte // what an entry of this process holds
	cursor   string // of the last entry that was handed over
	since    string
	seqID    string // of the numbers of the entries
	skip     int64  // entries before this offset were settled by an earlier run
	info     Info
	consumer Consumer
	deadline time.Time

	mu     sync.Mutex
	points []point // ascending
}

// point is a place in the journal that can be resumed at.
type point struct {
	end    int64 // offset after the entry
	cursor string
}

const (
	pointEvery = 64   // entries; fewer cursors are kept for those in between
	maxPoints  = 4096 // thinned out then
)

// position gives what a mark stores: the last entry that is settled as a whole.
func (j *journal) position(id Identity, offset int64, now time.Time) Position {
	p := Position{Kind: Journald, Stream: id, Offset: offset, Path: j.entry.name, Seen: now.Unix()}
	j.mu.Lock()
	defer j.mu.Unlock()
	i, _ := slices.BinarySearchFunc(j.points, offset+1, func(pt point, off int64) int { return cmp.Compare(pt.end, off) })
	if i > 0 {
		j.points = append(j.points[:0], j.points[i-1:]...)
		p.Cursor = j.points[0].cursor
	}
	return p
}

// note keeps the cursor of an entry.
func (j *journal) note(end int64, cursor string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.points) >= maxPoints {
		kept := j.points[:0]
		for i := 0; i < len(j.points); i += 2 {
			kept = append(kept, j.points[i])
		}
		j.points = kept
	}
	j.points = append(j.points, point{end, cursor})
}

// followJournals starts what reads the journal.
func (t *Tailer) followJournals(ctx context.Context) {
	for _, e := range t.entries {
		if e.Journal == nil {
			continue
		}
		j := &journal{entry: e, own: []byte(`"_PID":"` + strconv.Itoa(os.Getpid()) + `"`), since: e.Journal.Since}
		if p, ok := t.journals[e.name]; ok {
			j.cursor, j.skip = p.Cursor, p.Offset
			j.seqID, _, _ = cursorPlace(p.Cursor)
			j.note(p.Offset, p.Cursor)
		} else if j.since == "" && e.StartAt == AtEnd && !t.once {
			from := t.now()
			if !e.fresh {
				from = t.lastSeen // it was followed before, and said nothing
			}
			j.since = "@" + strconv.FormatInt(from.Unix(), 10)
		}
		t.q.hold(1)
		t.pumps.Go(func() {
			defer t.q.hold(-1)
			t.readJournal(ctx, j)
		})
	}
}

// cursorPlace takes a cursor apart ("s=...;i=...;b=...;m=...;t=...;x=..."): what
// numbers the entries, the number, and the time in microseconds since 1970.
func cursorPlace(cursor string) (seqID string, number, micros uint64) {
	for part := range strings.SplitSeq(cursor, ";") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "s":
			seqID = value
		case "i":
			number, _ = strconv.ParseUint(value, 16, 47)
		case "t":
			micros, _ = strconv.ParseUint(value, 16, 63)
		}
	}
	return seqID, number, micros
}

// takeEntries hands the entries of a batch over. The first field of each is the cursor.
func (t *Tailer) takeEntries(j *journal, b *entries, now time.Time) {
	lines := b.lines[:0]
	for i, text := range b.texts {
		_, rest, _ := bytes.Cut(text, []byte(`"__CURSOR":"`))
		quoted, _, ok := bytes.Cut(rest, []byte{'"'})
		if !ok {
			t.failed(j.name(), "understanding", fmt.Errorf("journalctl wrote %d bytes that are no entry", len(text)))
			continue
		}
		// journalctl escapes nothing in a cursor: it consists of hexadecimal numbers.
		cursor := string(quoted)
		seqID, number, _ := cursorPlace(cursor)
		if seqID != j.seqID || j.consumer == nil {
			t.handEntries(j, lines, now)
			lines = lines[:0]
			t.openJournal(j, seqID, int64(number)<<16, now)
		}
		start := int64(number) << 16
		j.cursor = cursor
		if start < j.skip {
			continue
		}
		j.skip = start + 1
		end := start + min(int64(len(text)), 1<<16)
		if !bytes.Contains(text, j.own) { // what we say ourselves would go in circles
			lines = append(lines, Line{Text: text, Start: start, End: end, Cut: b.cut == i+1})
		}
		if len(lines) == batchLines {
			t.handEntries(j, lines, now)
			lines = lines[:0]
		}
		if len(lines)%pointEvery == 0 || i == len(b.texts)-1 {
			j.note(end, cursor)
		}
	}
	t.handEntries(j, lines, now)
	b.lines = lines[:0]
}

func (t *Tailer) handEntries(j *journal, lines []Line, now time.Time) {
	if len(lines) == 0 {
		return
	}
	t.stats.lines.Add(int64(len(lines)))
	j.consumer.Lines(now, lines)
	j.deadline = j.consumer.Deadline()
}

// openJournal begins a stream. A journal whose entries are numbered by somebody
// else is another one: the files were deleted, or are another machine's.
func (t *Tailer) openJournal(j *journal, seqID string, start int64, now time.Time) {
	if j.consumer != nil {
		j.consumer.End(now)
	}
	resumed := seqID == j.seqID && j.skip > 0
	if seqID != j.seqID {
		j.skip = 0
		j.mu.Lock()
		j.points = nil
		j.mu.Unlock()
	}
	j.seqID = seqID
	j.info = Info{
		Kind: Journald, Path: j.name(), Real: j.name(), Source: j.entry.name, Resumed: resumed,
		ID: Identity{Dev: hashOf(seqID), Ino: hashOf(j.entry.name)}, Start: max(start, j.skip), Modified: now,
		journal: j, now: t.now,
	}
	if j.consumer = t.open(j.info); j.consumer == nil {
		j.consumer = nobody{}
	}
	t.stats.files.Add(1)
}

// name is what stands for the file in events and messages.
func (j *journal) name() string { return "journal:" + j.entry.name }

func hashOf(s string) uint64 {
	sum := sha256.Sum256([]byte(s))
	return binary.BigEndian.Uint64(sum[:])
}

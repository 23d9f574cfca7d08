package source

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	journalBackoff    = time.Second // after a child that gave nothing; doubled each time
	maxJournalBackoff = time.Minute
	// childPatience is how long a child may take to end when it is told to.
	childPatience = 5 * time.Second
	maxComplaint  = 4 << 10 // bytes kept of what a child says on stderr
)

// readJournal runs one child after the other until ctx is done, or in once mode
// until one has ended well.
func (t *Tailer) readJournal(ctx context.Context, j *journal) {
	// The child gets a signal if the thread that started it dies.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	backoff := t.backoff
	for ctx.Err() == nil {
		before := j.cursor
		err := t.runJournalctl(ctx, j)
		switch {
		case ctx.Err() != nil:
			return
		case t.once:
			if err != nil {
				t.failed(j.name(), "reading", err)
			}
			t.endJournal(j)
			return
		case j.cursor != before:
			backoff = t.backoff
		case err != nil && j.cursor != "" && strings.Contains(err.Error(), "cursor"):
			t.loseCursor(j, err)
			continue
		}
		if err == nil {
			err = errors.New("journalctl has ended")
		}
		t.failed(j.name(), "reading", err)
		if !sleep(ctx, backoff) {
			return
		}
		backoff = min(2*backoff, maxJournalBackoff)
	}
}

// loseCursor goes on at the time of a cursor that journalctl does not accept.
func (t *Tailer) loseCursor(j *journal, err error) {
	_, _, micros := cursorPlace(j.cursor)
	since := time.UnixMicro(int64(micros))
	if micros == 0 {
		since = t.now()
	}
	t.log.Warn("the journal does not know the position any more; reading goes on at its time, and entries may come twice or be missing",
		"source", j.entry.name, "since", since.UTC().Format(time.RFC3339), "error", err)
	j.since = "@" + strconv.FormatInt(since.Unix(), 10)
	j.cursor = ""
}

func (t *Tailer) endJournal(j *journal) {
	if j.consumer != nil {
		j.consumer.End(t.now())
		j.consumer = nil
	}
}

var errNoChild = errors.New("starting")

// runJournalctl runs one child and hands over what it prints.
func (t *Tailer) runJournalctl(ctx context.Context, j *journal) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	name := j.entry.Journal.Command
	if name == "" {
		name = "journalctl"
	}
	cmd := exec.CommandContext(ctx, name, j.entry.Journal.args(j.cursor, j.since, !t.once)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "SYSTEMD_COLORS=0", "SYSTEMD_LOG_LEVEL=notice")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = childPatience
	dieWithParent(cmd)
	complaint := new(tailBuffer)
	cmd.Stderr = complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("making a pipe for journalctl: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%w %s: %w", errNoChild, name, err)
	}
	full, empty := make(chan *entries), make(chan *entries, 2)
	empty <- new(entries)
	empty <- new(entries)
	var reading sync.WaitGroup
	var damage error
	reading.Go(func() {
		defer close(full)
		damage = readEntries(ctx, bufio.NewReaderSize(out, chunkBytes), j.entry.MaxLineBytes, full, empty)
	})
	t.handBatches(ctx, j, full, empty)
	cancelled := ctx.Err() != nil
	if cancelled {
		_ = out.Close()
	}
	reading.Wait()
	if damage != nil {
		cancel() // it would wait for ever for somebody to read on
	}
	err = cmd.Wait()
	switch {
	case cancelled:
	case damage != nil:
		return damage
	case err != nil:
		return fmt.Errorf("%s: %w: %s", name, err, complaint)
	}
	return nil
}

// handBatches hands over what is read, and keeps the consumer's time, until the
// child closes its output or ctx is done.
func (t *Tailer) handBatches(ctx context.Context, j *journal, full <-chan *entries, empty chan<- *entries) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		wait := time.Hour
		if !j.deadline.IsZero() {
			wait = max(j.deadline.Sub(t.now()), time.Millisecond)
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return
		case b, ok := <-full:
			if !ok {
				return
			}
			t.recovered(j.name())
			t.stats.bytes.Add(b.bytes)
			t.takeEntries(j, b, t.now())
			empty <- b
			if len(full) > 0 || b.more {
				continue
			}
		case <-timer.C:
		}
		if j.consumer != nil {
			j.consumer.Idle(t.now())
			j.deadline = j.consumer.Deadline()
		}
	}
}

// readEntries reads what journalctl prints in batches of whole entries, until
// it ends. It waits only while it has nothing to give.
func readEntries(ctx context.Context, r *bufio.Reader, limit int, full chan<- *entries, empty <-chan *entries) error {
	for {
		var b *entries
		select {
		case b = <-empty:
		case <-ctx.Done():
			return nil
		}
		b.reset()
		err := b.fill(r, limit)
		if len(b.texts) > 0 {
			select {
			case full <- b:
			case <-ctx.Done():
				return nil
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, os.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// tailBuffer keeps the end of what is written to it.
type tailBuffer struct{ b []byte }

func (t *tailBuffer) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if over := len(t.b) - maxComplaint; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(p), nil
}

func (t *tailBuffer) String() string {
	s := strings.TrimSpace(strings.ReplaceAll(string(t.b), "\n", "; "))
	if s == "" {
		return "it gave no reason"
	}
	return s
}

package shipper

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// AskRetry marks a dead letter of state directory dir to be sent again once the
// cause is cured: by the outbox that has the directory open, within a few seconds,
// or by the next one that is opened. It takes no lock. A letter goes to its own
// destination, or to the one named by to unless that is the zero DSN; the event
// keeps its id.
func AskRetry(dir string, l DeadLetter, to DSN) error {
	from := filepath.Join(DeadDir(dir), filepath.Base(l.File))
	if to.IsZero() || to.Key() == l.Dest {
		if l.Asked {
			return nil
		}
		if err := os.Rename(from, strings.TrimSuffix(from, deadSuffix)+retrySuffix); err != nil {
			return fmt.Errorf("asking for dead letter %s to be sent again: %w", l.File, err)
		}
		return nil
	}
	l, item, err := ReadDeadLetter(dir, l.File)
	if err != nil {
		return err
	}
	l.Dest, l.Destination = to.Key(), to.String()
	if err := writeRetry(dir, l, item); err != nil {
		return err
	}
	if err := os.Remove(from); err != nil {
		return fmt.Errorf("removing dead letter %s, which goes to %s now: %w", l.File, to, err)
	}
	return nil
}

// Leave puts an envelope into state directory dir for whichever outbox has it open,
// or opens it next: the way in for a process that cannot have the spool. It is
// durable when Leave returns. why is kept with it and must be masked.
func Leave(dir string, v Envelope, to DSN, why string, now time.Time) error {
	if v.IsZero() || v.dest != to.Key() {
		return fmt.Errorf("leaving an event in %s: it was not encoded for %s", dir, to)
	}
	if err := os.MkdirAll(DeadDir(dir), 0o700); err != nil {
		return fmt.Errorf("leaving an event: %w", err)
	}
	return writeRetry(dir, DeadLetter{
		EventID: hex.EncodeToString(v.id[:]), Destination: to.String(), Dest: v.dest,
		Category: v.category.String(), Answer: why, RefusedAt: now.UTC(),
	}, v.item)
}

func writeRetry(dir string, l DeadLetter, item []byte) error {
	head, err := json.Marshal(l)
	if err == nil {
		err = writeWhole(DeadDir(dir), l.name()+retrySuffix, slices.Concat(head, []byte{'\n'}, item))
	}
	if err != nil {
		return fmt.Errorf("writing %s%s: %w", l.name(), retrySuffix, err)
	}
	return nil
}

// resendAsked stores anew what AskRetry and Leave have marked for destinations of
// this outbox. What cannot be stored now stays marked.
func (o *Outbox) resendAsked() {
	entries, err := os.ReadDir(o.dead.dir)
	if err != nil {
		return // the directory is needed again, and its fault told, when a letter is written
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), retrySuffix) {
			continue
		}
		l, _, err := ReadDeadLetter(o.cfg.Dir, entry.Name())
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			o.setAside(entry.Name(), err)
			continue
		case o.find(l.Dest) == nil:
			continue
		}
		if err := o.Resend(l); err != nil {
			if !errors.Is(err, spool.ErrFull) && !errors.Is(err, spool.ErrNoSpace) {
				o.setAside(entry.Name(), err)
			}
			continue
		}
		o.cfg.logger().Info("an event that was left or had been refused is sent again", "to", l.Destination, "event_id", l.EventID)
	}
}

// setAside takes the mark off a letter that cannot be sent, so that it is told once.
func (o *Outbox) setAside(file string, why error) {
	from := filepath.Join(o.dead.dir, file)
	o.cfg.logger().Error("an event cannot be sent again; its file is kept as it is", "file", file, "error", why)
	_ = os.Rename(from, strings.TrimSuffix(from, retrySuffix)+deadSuffix)
}

// redirectBatch bounds by number and bytes what Redirect stores at once.
const (
	redirectBatch = 256
	redirectBytes = 1 << 20
)

// Redirect stores anew for destination to what waits for another one that is not
// configured any more, as after its key was changed, and returns how many
// events that were. Events keep their ids and their order. A crash in between
// leaves a few stored for both.
func (o *Outbox) Redirect(from uint64, to DSN) (moved uint64, err error) {
	if d := o.find(from); d != nil {
		return 0, fmt.Errorf("redirecting what waits for %s: it is in use", d.dsn)
	}
	if o.find(to.Key()) == nil {
		return 0, fmt.Errorf("redirecting to %s: it is not a destination of this configuration", to)
	}
	old := o.spool.Reader(from)
	for {
		var items []spool.Item
		var seqs []uint64
		size := 0
		for len(items) < redirectBatch && size < redirectBytes {
			e, ok, err := old.TryNext()
			if err != nil {
				return moved, fmt.Errorf("redirecting to %s: %w", to, err)
			}
			if !ok {
				break
			}
			e.Dest = to.Key()
			items, seqs, size = append(items, e.Item), append(seqs, e.Seq), size+len(e.Payload)
		}
		if len(items) == 0 {
			return moved, nil
		}
		if err := o.spool.Append(items, nil); err != nil {
			return moved, fmt.Errorf("redirecting to %s: %w", to, err)
		}
		old.Release(seqs...)
		moved += uint64(len(items))
	}
}

// Strays lists by DSN.Key what waits on disk for destinations that are not
// configured, with the number of events.
func (o *Outbox) Strays() map[uint64]uint64 {
	strays := map[uint64]uint64{}
	for _, d := range o.spool.Report().Destinations {
		if d.PendingItems > 0 && o.find(d.Dest) == nil {
			strays[d.Dest] = d.PendingItems
		}
	}
	return strays
}

package shipper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// DeadLetter tells about an envelope that a server refused for good. On disk it is
// the first line of a file; the stored item of the envelope follows.
type DeadLetter struct {
	EventID     string    `json:"event_id"`
	Destination string    `json:"destination"` // host and project
	Dest        uint64    `json:"dest,string"` // DSN.Key
	Category    string    `json:"category"`
	Status      int       `json:"status"`
	Answer      string    `json:"answer"` // the server's words, masked, at most 200 bytes
	RefusedAt   time.Time `json:"refused_at"`
	// File is the name in the directory of dead letters, Size the length of the file in bytes.
	File string `json:"-"`
	Size int64  `json:"-"`
	// Asked tells that it is to be sent again, see AskRetry.
	Asked bool `json:"-"`
}

// deadLetters is the directory of refused envelopes. It is bounded: the oldest
// letters make room for new ones, and are counted.
type deadLetters struct {
	dir      string
	maxFiles int
	maxBytes int64

	mu      sync.Mutex
	letters []buried // oldest first
	bytes   int64
	evicted uint64
}

type buried struct {
	name string
	size int64
	at   time.Time
}

const (
	deadSuffix  = ".dead"
	retrySuffix = ".retry" // a letter that is to be sent again
)

// name is the file's without its suffix.
func (l DeadLetter) name() string { return fmt.Sprintf("%016x-%s", l.Dest, l.EventID) }

// openDeadLetters makes dir with mode 0700 and counts what is in it.
func openDeadLetters(dir string, bounds Dead) (*deadLetters, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening dead letters: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening dead letters: %w", err)
	}
	d := &deadLetters{dir: dir, maxFiles: bounds.MaxFiles, maxBytes: bounds.MaxBytes}
	for _, entry := range entries {
		info, err := entry.Info()
		switch {
		case err != nil || !info.Mode().IsRegular():
		case strings.HasSuffix(entry.Name(), ".tmp"): // a crash while it was written; the spool still has its item
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		case strings.HasSuffix(entry.Name(), deadSuffix):
			d.letters = append(d.letters, buried{entry.Name(), info.Size(), info.ModTime()})
			d.bytes += info.Size()
		}
	}
	slices.SortFunc(d.letters, func(a, b buried) int { return a.at.Compare(b.at) })
	return d, nil
}

// bury writes one letter and returns its file's name. The name follows from
// destination and event, so an envelope that is refused again after a crash
// replaces its letter instead of doubling it.
func (d *deadLetters) bury(l DeadLetter, item []byte) (name string, err error) {
	head, err := json.Marshal(l)
	if err != nil {
		return "", fmt.Errorf("writing dead letter: %w", err)
	}
	content := slices.Concat(head, []byte{'\n'}, item)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.maxFiles == 0 || int64(len(content)) > d.maxBytes {
		d.evicted++
		return "", errors.New("writing dead letter: the bounds of dead_letters leave no room for it")
	}
	name = l.name() + deadSuffix
	d.forget(name)
	for len(d.letters) >= d.maxFiles || d.bytes+int64(len(content)) > d.maxBytes {
		oldest := d.letters[0].name
		if err := os.Remove(filepath.Join(d.dir, oldest)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("making room for a dead letter: %w", err)
		}
		d.forget(oldest)
		d.evicted++
	}
	if err := writeWhole(d.dir, name, content); err != nil {
		return "", fmt.Errorf("writing dead letter: %w", err)
	}
	d.letters = append(d.letters, buried{name, int64(len(content)), l.RefusedAt})
	d.bytes += int64(len(content))
	return name, nil
}

// writeWhole makes the file complete and durable before it has its name: the item
// leaves the spool right after.
func writeWhole(dir, name string, content []byte) error {
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path+".tmp", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(path+".tmp", path)
	}
	if err != nil {
		_ = os.Remove(path + ".tmp")
		return err
	}
	names, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(names.Sync(), names.Close())
}

// forget takes a letter off the list. mu is held.
func (d *deadLetters) forget(name string) {
	for i, l := range d.letters {
		if l.name == name {
			d.bytes -= l.size
			d.letters = slices.Delete(d.letters, i, i+1)
			return
		}
	}
}

// remove deletes a letter, as after it was sent again.
func (d *deadLetters) remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := os.Remove(filepath.Join(d.dir, filepath.Base(name))); err != nil {
		return fmt.Errorf("removing dead letter: %w", err)
	}
	d.forget(strings.TrimSuffix(name, retrySuffix) + deadSuffix)
	d.forget(name)
	return nil
}

// size gives the number of letters, their bytes, and how many had to make room.
func (d *deadLetters) size() (letters int, bytes int64, evicted uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.letters), d.bytes, d.evicted
}

// DeadDir is where the outbox of state directory dir keeps dead letters.
func DeadDir(dir string) string { return filepath.Join(dir, "dead") }

// DeadLetters lists the letters in a state directory, oldest first. No outbox
// needs to be open. Files that are no letters are passed over.
func DeadLetters(dir string) ([]DeadLetter, error) {
	entries, err := os.ReadDir(DeadDir(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing dead letters: %w", err)
	}
	var letters []DeadLetter
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), deadSuffix) && !strings.HasSuffix(entry.Name(), retrySuffix) {
			continue
		}
		if l, _, err := ReadDeadLetter(dir, entry.Name()); err == nil {
			letters = append(letters, l)
		}
	}
	slices.SortFunc(letters, func(a, b DeadLetter) int { return a.RefusedAt.Compare(b.RefusedAt) })
	return letters, nil
}

// ReadDeadLetter reads one letter and the stored item: the item's header, a line
// break, the payload.
func ReadDeadLetter(dir, file string) (DeadLetter, []byte, error) {
	content, err := os.ReadFile(filepath.Join(DeadDir(dir), filepath.Base(file)))
	if err != nil {
		return DeadLetter{}, nil, fmt.Errorf("reading dead letter: %w", err)
	}
	head, item, ok := bytes.Cut(content, []byte{'\n'})
	l := DeadLetter{File: filepath.Base(file), Size: int64(len(content)), Asked: strings.HasSuffix(file, retrySuffix)}
	if err := json.Unmarshal(head, &l); err != nil || !ok {
		return DeadLetter{}, nil, fmt.Errorf("reading dead letter %s: its first line is not a letter's: %w", file, err)
	}
	return l, item, nil
}

// envelope makes a dead letter an envelope again. What it holds was masked before
// it was first stored.
func (l DeadLetter) envelope(item []byte) (Envelope, error) {
	id, err := parseEventID(l.EventID)
	if err != nil {
		return Envelope{}, fmt.Errorf("reading dead letter %s: %w", l.File, err)
	}
	v := Envelope{item: item, id: id, dest: l.Dest, category: CategoryError}
	if c, known := categoryOf(l.Category); known {
		v.category = c
	}
	return v, nil
}

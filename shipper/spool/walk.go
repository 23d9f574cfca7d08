package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Stored is one item as Walk finds it.
type Stored struct {
	Entry
	Segment  string // name of the file
	Released bool   // by what is on disk: a running process may know of up to a second's releases more
}

// Walk shows every item on disk in dir, oldest first, and changes nothing. It takes no lock, so it may look into the spool of a running
// process; it then sees a state of some moment during the walk. Damaged frames are passed over. An error of visit ends the walk and is returned.
func Walk(dir string, visit func(Stored) error) error {
	data, err := os.ReadFile(filepath.Join(dir, ackName))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("walking spool: %w", err)
	}
	raw := make([]byte, ackBytes)
	copy(raw, data)
	k := walker{s: &Spool{opt: Options{Dir: dir}, fs: disk{}}, visit: visit}
	if k.s.salt, k.acks, _, err = decodeAcks(raw, func(int, acked) {}); err != nil {
		return fmt.Errorf("walking spool %s: %w", dir, err)
	}
	segments, err := k.s.list()
	if err != nil {
		return fmt.Errorf("walking spool: %w", err)
	}
	for _, g := range segments {
		if err := k.segment(g); err != nil && !errors.Is(err, os.ErrNotExist) { // delivered since we made the list
			return fmt.Errorf("walking spool segment %s: %w", g.path, err)
		}
	}
	return nil
}

// walker carries a walk from segment to segment.
type walker struct {
	s     *Spool // never opened: it lends its disk
	acks  map[uint64]acked
	last  uint64 // seq shown last: a frame that was written anew after an error may stand on disk twice
	visit func(Stored) error
}

func (k *walker) segment(g *segment) error {
	f, err := k.s.fs.Open(g.path, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := k.s.wholeFile(f)
	if err != nil {
		return err
	}
	salt := k.s.salt
	if salt == 0 {
		salt, _ = k.s.firstSalt(g)
	}
	_, err = w.scan(salt, noBound, func(fr *frame) error { return k.frame(w, fr, filepath.Base(g.path)) })
	return err
}

func (k *walker) frame(w *window, fr *frame, name string) error {
	off := fr.at
	for i := range fr.items {
		e, err := w.item(off, fr.end())
		if err != nil {
			return err
		}
		off, e.seq = e.payload+int64(e.size), fr.seq+uint64(i)
		if e.seq <= k.last {
			continue
		}
		payload, err := w.payload(e)
		if err != nil {
			return err
		}
		k.last = e.seq
		a := k.acks[e.dest]
		if err := k.visit(Stored{Entry: e.lent(payload, fr.ms), Segment: name, Released: a.released(e.seq)}); err != nil {
			return err
		}
	}
	return nil
}

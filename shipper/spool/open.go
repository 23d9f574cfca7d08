package spool

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Open locks the directory (making it if need be), recovers what is in it, and readies it for appends. It cuts a torn end, copies damaged
// segments to quarantine/ and goes on with what is whole; it refuses files of a newer version and changes nothing then. A directory that
// another process has open gives a *LockedError.
func Open(opt Options) (*Spool, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(opt.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening spool: %w", err)
	}
	s := &Spool{
		opt:     opt,
		fs:      opt.FS,
		encoded: make([]byte, 0, encodeBufferBytes),
		marks:   newMarkTable(),
		readers: make(map[uint64]*Reader),
		synced:  opt.Now(),
		tended:  opt.Now(),
		ackedAt: opt.Now(),
	}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	return s, nil
}

func (s *Spool) open() (err error) {
	if s.lock, err = lockDir(s.fs, s.opt.Dir); err != nil {
		return err
	}
	if s.dir, err = s.fs.Open(s.opt.Dir, os.O_RDONLY); err != nil {
		return fmt.Errorf("opening spool: %w", err)
	}
	salt, acks, damaged, err := s.openAcks()
	if err != nil {
		return err
	}
	s.count.damagedAcks = uint64(damaged)
	for dest, a := range acks {
		r := s.reader(dest)
		r.high, r.seen = a.seq, a
	}
	names, err := s.list()
	if err != nil {
		return fmt.Errorf("opening spool: %w", err)
	}
	if s.salt = salt; salt == 0 {
		if err := s.learnSalt(names); err != nil {
			return err
		}
	}
	if err := s.recover(names); err != nil {
		return fmt.Errorf("opening spool %s: %w", s.opt.Dir, err)
	}
	return s.ready(acks)
}

// list finds the segments, in order. Other files are left alone.
func (s *Spool) list() ([]*segment, error) {
	files, err := os.ReadDir(s.opt.Dir)
	if err != nil {
		return nil, err
	}
	var out []*segment
	for _, f := range files {
		if n, ok := segmentNumber(f.Name()); ok {
			out = append(out, &segment{first: n, path: filepath.Join(s.opt.Dir, f.Name()), sealed: true})
		}
	}
	return out, nil
}

// learnSalt takes the salt from the first frame of a segment if the acknowledgement file does not have it, or else rolls a new one. What stands
// at offset 0 is always a frame, never a payload, so its header may be believed when its checksum holds.
func (s *Spool) learnSalt(segments []*segment) error {
	for _, g := range segments {
		if salt, ok := s.firstSalt(g); ok {
			s.salt = salt
			break
		}
	}
	for s.salt == 0 {
		s.salt = rand.Uint64()
	}
	if err := s.acks.put(s.fs, 0, acked{dest: s.salt}); err != nil {
		return fmt.Errorf("opening spool %s: %w", s.opt.Dir, named(err))
	}
	if err := s.fs.Sync(s.acks.file, false); err != nil {
		return fmt.Errorf("opening spool %s: %w", s.opt.Dir, err)
	}
	return nil
}

func (s *Spool) firstSalt(g *segment) (uint64, bool) {
	f, err := s.fs.Open(g.path, os.O_RDONLY)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	w, err := s.wholeFile(f)
	if err != nil {
		return 0, false
	}
	h, err := w.at(0, headerBytes)
	if err != nil {
		return 0, false
	}
	salt := headerSalt(h)
	if _, err := w.frame(0, salt); err != nil && !errors.Is(err, ErrNewerVersion) {
		return 0, false
	}
	return salt, true
}

// wholeFile is a window over all that is in a file, and forgives what cannot be read.
func (s *Spool) wholeFile(f *os.File) (*window, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	w := &window{fs: s.fs, forgiving: true}
	w.reset(f, info.Size())
	return w, nil
}

// ready goes on in the last segment if its end can be trusted, or else in a new one.
func (s *Spool) ready(acks map[uint64]acked) error {
	s.nextFrame = max(s.nextFrame, 1)
	s.nextSeq = max(s.nextSeq, 1)
	// Acknowledgements may have survived a power cut that younger frames did not (FsyncInterval, FsyncNever, a damaged end). Their numbers
	// must not be given to new items, which would count as released.
	for _, a := range acks {
		s.nextSeq = max(s.nextSeq, a.seq+bitCount+1)
	}
	if s.resume() {
		return nil
	}
	err := s.renew()
	if noSpace(err) && s.drainOnly() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening spool %s: %w", s.opt.Dir, named(err))
	}
	s.collect()
	return nil
}

// renew makes a new active segment.
func (s *Spool) renew() error {
	var prev previous
	if s.tail != nil {
		prev = previous{first: s.tail.first, size: uint64(s.tail.size)}
	}
	g, f, err := s.create(s.opt.Now(), s.nextFrame, prev)
	if err != nil {
		return err
	}
	s.file = f
	s.segments, s.tail = append(s.segments, g), g
	s.nextFrame = g.first + 1
	return nil
}

// drainOnly opens on a full disk what is there: it can be read and released, and the first append that finds room starts a new segment.
func (s *Spool) drainOnly() bool {
	if s.tail == nil {
		return false
	}
	g := s.tail
	f, err := s.fs.Open(g.path, os.O_RDWR)
	if err != nil {
		return false
	}
	s.file, g.sealed, g.broken = f, false, true
	return true
}

// resume opens the last segment for appends; false if it cannot take any.
func (s *Spool) resume() bool {
	if s.tail == nil || s.tail.broken || s.tail.damaged {
		return false
	}
	g := s.tail
	f, err := s.fs.Open(g.path, os.O_RDWR)
	if err != nil {
		return false
	}
	// The process may have died between write and fsync, of the file or of its name; what is shown to readers, or built upon, from here on
	// has to be durable.
	if s.fs.Truncate(f, g.size) != nil || s.opt.Fsync != FsyncNever && s.fs.Sync(f, false) != nil || s.fs.Sync(s.dir, true) != nil {
		f.Close()
		g.broken = true
		return false
	}
	_ = s.fs.Reserve(f, s.opt.SegmentBytes) // a full disk: appends fail until there is room, draining goes on
	s.file, g.sealed = f, false
	s.collect()
	return true
}

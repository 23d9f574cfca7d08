package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// The acknowledgement file says, for each destination, up to where everything was released. It has its final size from the start, so that it
// can be written while the disk is full: 64 slots of 64 bytes. Slot 0 belongs to the spool, 1 to 31 to destinations; slots 32 to 63 are the
// other halves of the pairs, 2 KiB away so that no torn sector takes both. The halves are written in turn: a torn one leaves the other.
//
//	        0       8      16     24                           56   57    60     64
//	slot    | epoch | dest | seq  | released beyond seq, bits  | v  | 0   | crc  |     crc = CRC-32C of the 60 bytes before it
//	        | u64   | u64  | u64  | 32 bytes                   | u8 |     | u32  |     bit i of byte j: seq + 1 + 8j + i
//
// In slot 0 dest is the salt of the spool. A slot of zeros was never written.
const (
	ackName   = "ack"
	ackBytes  = 4096
	slotBytes = 64
	halfSlots = 32
	bitCount  = 256 // items beyond the acknowledged one whose release is remembered over a crash
)

// bits are releases beyond an acknowledged seq: bit i is for seq + 1 + i.
type bits [bitCount / 8]byte

func (b *bits) set(i uint64)      { b[i/8] |= 1 << (i % 8) }
func (b *bits) has(i uint64) bool { return i < bitCount && b[i/8]&(1<<(i%8)) != 0 }

// acked is what one slot says.
type acked struct {
	epoch uint64
	dest  uint64
	seq   uint64
	bits  bits
}

func (a *acked) released(seq uint64) bool { return seq <= a.seq || a.bits.has(seq-a.seq-1) }

func (a *acked) encode(dst *[slotBytes]byte) {
	le := binary.LittleEndian
	le.PutUint64(dst[0:], a.epoch)
	le.PutUint64(dst[8:], a.dest)
	le.PutUint64(dst[16:], a.seq)
	copy(dst[24:56], a.bits[:])
	dst[56] = formatV1
	le.PutUint32(dst[60:], crc32.Checksum(dst[:60], castagnoli))
}

// decodeSlot returns errDamaged for a torn slot and ErrNewerVersion for one that is whole and not ours to read.
func decodeSlot(b []byte) (acked, error) {
	le := binary.LittleEndian
	if crc32.Checksum(b[:60], castagnoli) != le.Uint32(b[60:]) {
		return acked{}, errDamaged
	}
	if b[56] > formatV1 {
		return acked{}, fmt.Errorf("%w: acknowledgement version %d, this program knows %d", ErrNewerVersion, b[56], formatV1)
	}
	a := acked{epoch: le.Uint64(b), dest: le.Uint64(b[8:]), seq: le.Uint64(b[16:])}
	if a.epoch > maxNumber || a.seq > maxNumber {
		return acked{}, errDamaged
	}
	copy(a.bits[:], b[24:56])
	return a, nil
}

// ackFile is the open file and who owns which pair of slots.
type ackFile struct {
	mu     sync.Mutex
	file   *os.File
	owners [halfSlots]owner // index 0 is the spool itself
	batch  []acked          // being written

	unsynced bool // something was written since the last sync
}

type owner struct {
	dest  uint64
	epoch uint64 // of the last written half; 0: the pair is free
}

// openAcks opens or makes the file and returns what it says. salt is 0 if it does not say; damaged counts torn slots.
func (s *Spool) openAcks() (salt uint64, acks map[uint64]acked, damaged int, err error) {
	path := filepath.Join(s.opt.Dir, ackName)
	f, err := s.fs.Open(path, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return 0, nil, 0, fmt.Errorf("opening spool: %w", err)
	}
	s.acks.file = f
	var raw [ackBytes]byte
	if n, _ := s.fs.Read(f, raw[:], 0); n < ackBytes {
		clear(raw[n:])
		if err := s.prepareAcks(raw[:]); err != nil {
			return 0, nil, 0, fmt.Errorf("opening spool: preparing %s: %w", path, named(err))
		}
	} else if s.opt.Fsync != FsyncNever && s.fs.Sync(f, false) != nil {
		s.acks.unsynced = true // what a killed process wrote last is believed, so it should be on the disk: the next flush tries again
	}
	salt, acks, damaged, err = decodeAcks(raw[:], s.acks.learn)
	if err != nil {
		return 0, nil, 0, fmt.Errorf("opening spool: %s: %w", path, err)
	}
	return salt, acks, damaged, nil
}

// prepareAcks gives the file its final size, on the disk.
func (s *Spool) prepareAcks(raw []byte) error {
	if _, err := s.fs.Write(s.acks.file, raw, 0); err != nil {
		return err
	}
	return errors.Join(s.fs.Sync(s.acks.file, true), s.fs.Sync(s.dir, true))
}

// decodeAcks reads all slots; each good one is also shown to learn, with the number of its pair.
func decodeAcks(raw []byte, learn func(pair int, a acked)) (salt uint64, acks map[uint64]acked, damaged int, err error) {
	acks = make(map[uint64]acked)
	for i := range 2 * halfSlots {
		b := raw[i*slotBytes : (i+1)*slotBytes]
		if [slotBytes]byte(b) == ([slotBytes]byte{}) {
			continue
		}
		a, err := decodeSlot(b)
		if errors.Is(err, ErrNewerVersion) {
			return 0, nil, 0, err
		}
		if err != nil {
			damaged++
			continue
		}
		learn(i%halfSlots, a)
		if i%halfSlots == 0 {
			salt = a.dest
		} else {
			acks[a.dest] = newer(acks[a.dest], a)
		}
	}
	return salt, acks, damaged, nil
}

// newer joins two slots of one destination. A release is never taken back, so the higher seq knows all that the lower one does; epochs would
// not do, for a destination may have moved from one pair to another.
func newer(a, b acked) acked {
	if a.seq > b.seq {
		return a
	}
	if a.seq == b.seq {
		for i := range a.bits {
			b.bits[i] |= a.bits[i]
		}
	}
	return b
}

// learn books the owner of a pair; of two halves the higher epoch.
func (k *ackFile) learn(pair int, a acked) {
	if a.epoch >= k.owners[pair].epoch {
		k.owners[pair] = owner{dest: a.dest, epoch: a.epoch}
	}
}

// put writes one slot into the half whose turn it is.
func (k *ackFile) put(fs FS, pair int, a acked) error {
	o := &k.owners[pair]
	a.epoch = o.epoch + 1
	var b [slotBytes]byte
	a.encode(&b)
	slot := pair + halfSlots*int(a.epoch&1)
	if _, err := fs.Write(k.file, b[:], int64(slot)*slotBytes); err != nil {
		return fmt.Errorf("writing acknowledgements: %w", err)
	}
	*o = owner{dest: a.dest, epoch: a.epoch}
	return nil
}

// pair finds the slots of a destination, or takes over those of one that has nothing on disk any more: what its acknowledgement would
// protect from being sent again is gone. stored is false for such destinations.
func (k *ackFile) pair(dest uint64, stored func(dest uint64) bool) (int, bool) {
	free := 0
	for i := 1; i < halfSlots; i++ {
		switch o := &k.owners[i]; {
		case o.epoch > 0 && o.dest == dest:
			return i, true
		case o.epoch == 0 && (free == 0 || k.owners[free].epoch > 0):
			free = i
		case o.epoch > 0 && free == 0 && !stored(o.dest):
			free = i
		}
	}
	return free, free > 0
}

// flush writes the acknowledgements that changed since the last time. What is
// written survives the death of the process at once; durable ones survive a
// power cut, too.
func (k *ackFile) flush(s *Spool, now time.Time, durable bool) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.collect(s, now, durable)
	if len(k.batch) == 0 && !(durable && k.unsynced) {
		return nil
	}
	err := k.write(s)
	switch {
	case err != nil || s.opt.Fsync == FsyncNever:
	case durable:
		err = s.timedSync(k.file)
		k.unsynced = err != nil
	default:
		k.unsynced = true
	}
	if err == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count.ackErrors++
	for i := range k.batch {
		s.readers[k.batch[i].dest].dirty = true // written again, into the other half, at the next flush
	}
	return fmt.Errorf("writing acknowledgements of spool %s: %w", s.opt.Dir, err)
}

// collect takes over what is to be written, under the lock under which it is changed.
func (k *ackFile) collect(s *Spool, now time.Time, durable bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unacked = 0
	if durable {
		s.ackedAt = now
	}
	k.batch = k.batch[:0]
	for _, r := range s.readers {
		if r.dirty {
			r.dirty = false
			k.batch = append(k.batch, r.acked())
		}
	}
}

func (k *ackFile) write(s *Spool) error {
	stored := func(dest uint64) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		r := s.readers[dest]
		return r != nil && r.segments > 0
	}
	for _, a := range k.batch {
		pair, ok := k.pair(a.dest, stored)
		if !ok {
			continue // nothing of it is on disk either, see admitDestinations: the acknowledgement would protect nothing
		}
		if err := k.put(s.fs, pair, a); err != nil {
			return err
		}
	}
	return nil
}

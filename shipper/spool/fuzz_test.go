package spool

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const fuzzSalt = 0x1122334455667788

// openBytes opens a spool whose only segment has these bytes, or whose acknowledgement file has them.
func openBytes(t *testing.T, segment, ack []byte) (*box, error) {
	opt := small(t)
	opt.AckEvery = 1
	if ack == nil {
		ack = make([]byte, ackBytes)
		(&acked{epoch: 1, dest: fuzzSalt}).encode((*[slotBytes]byte)(ack))
	}
	if err := os.WriteFile(filepath.Join(opt.Dir, ackName), ack, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(segmentPath(opt.Dir, 1), segment, 0o600); err != nil {
		t.Fatal(err)
	}
	b := &box{TB: t, opt: opt, clock: newClock()}
	b.opt.Now, b.opt.FS = b.clock.now, &faulty{}
	s, err := Open(b.opt)
	b.Spool = s
	return b, err
}

// refused: the only reason to refuse bytes is a version we cannot know.
func refused(t *testing.T, err error) bool {
	if err != nil && !errors.Is(err, ErrNewerVersion) {
		t.Fatal(err)
	}
	return err != nil
}

// works checks that a spool does its job whatever it found: what it lends once it lends again after a stop, and new items and marks are kept.
func (b *box) works() {
	b.Helper()
	defer func() { b.Close() }()
	old := b.take(7, 1<<20)
	pending, _ := b.Pending(7)
	if int(pending) != len(old) {
		b.Fatalf("%d items pending, %d lent", pending, len(old))
	}
	b.crash()
	again := b.take(7, 1<<20)
	if !slices.EqualFunc(old, again, func(x, y Entry) bool { return x.Seq == y.Seq && x.ID == y.ID && string(x.Payload) == string(y.Payload) }) {
		b.Fatalf("lent %d items, after a crash %d", len(old), len(again))
	}
	marks := len(b.Marks())
	b.append(items(7, 1000, 1, 20), mark("fuzz mark", 1))
	b.release(7, again...)
	b.crash()
	b.wantNumbers(b.drain(7), []int{1000})
	if n := len(b.Marks()); n != marks+1 && n != marks {
		b.Fatalf("%d marks, then %d", marks, n)
	}
}

func seedSegment() []byte {
	h := head{kind: kindSnapshot, number: 1, ms: clockSet, seq: 1}
	seg := appendPrevious(appendMark(beginFrame(nil, fuzzSalt, h), "a", []byte("1")), previous{})
	seg = endFrame(seg, 0, 1, 0, 0)
	h = head{kind: kindData, number: 2, ms: clockSet, seq: 1}
	seg = appendData(seg, fuzzSalt, h, items(7, 0, 3, 40), []Mark{mark("a", 3), mark("b", 1)}, []Drop{{Reason: ReasonAge, Items: 1}})
	h = head{kind: kindDrops, number: 3, ms: clockSet, seq: 4}
	seg = appendData(seg, fuzzSalt, h, nil, nil, []Drop{{Reason: ReasonOldest, Items: 1}})
	h = head{kind: kindData, number: 4, ms: clockSet, seq: 4}
	return appendData(seg, fuzzSalt, h, items(8, 3, 2, 40), nil, nil)
}

// FuzzRecover: a segment of any bytes is opened, or refused with words, and never breaks the spool.
func FuzzRecover(f *testing.F) {
	seg := seedSegment()
	f.Add(seg)
	f.Add(seg[:len(seg)-7])
	f.Add(seg[50:])
	f.Add(append(slices.Clone(seg), make([]byte, 100)...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := openBytes(t, data, nil)
		if refused(t, err) {
			return
		}
		b.works()
	})
}

// FuzzBody: a body of any bytes under a checksum that fits, as a bug of another version might write it.
func FuzzBody(f *testing.F) {
	seg := seedSegment()
	first := headerBytes + binary.LittleEndian.Uint32(seg[16:])
	f.Add(seg[first+headerBytes:])
	f.Add(seg[headerBytes:first])
	g := segment{rows: []row{{dest: 7, items: 3, bytes: 99, firstSeq: 1, lastSeq: 3}}}
	f.Add(appendSummary(nil, fuzzSalt, head{kind: kindSummary, number: 2}, &g)[headerBytes:])
	f.Fuzz(func(t *testing.T, body []byte) {
		frame := binary.LittleEndian.AppendUint32(nil, frameMagic)
		frame = binary.LittleEndian.AppendUint64(frame, fuzzSalt)
		frame = append(frame, 0, 0, 0, 0)
		frame = binary.LittleEndian.AppendUint32(frame, uint32(len(body)))
		frame = append(frame, body...)
		binary.LittleEndian.PutUint32(frame[12:], crc32.Checksum(frame[16:], castagnoli))
		b, err := openBytes(t, slices.Concat(seg[:first], frame), nil)
		if refused(t, err) {
			return
		}
		b.works()
	})
}

// FuzzAcks: an acknowledgement file of any bytes costs at most a second sending.
func FuzzAcks(f *testing.F) {
	var slot [slotBytes]byte
	(&acked{epoch: 3, dest: 7, seq: 1, bits: bits{2}}).encode(&slot)
	f.Add(slices.Concat(make([]byte, slotBytes), slot[:]))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, ack []byte) {
		b, err := openBytes(t, seedSegment(), ack)
		if refused(t, err) {
			return
		}
		b.works()
	})
}

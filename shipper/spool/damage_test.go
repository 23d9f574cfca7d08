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

// specimen is what a spool with one segment left on disk: a snapshot, then frames of one item and one mark each.
type specimen struct {
	opt   Options
	files map[string][]byte
	name  string  // of the segment
	ends  []int64 // of its frames; the first is the snapshot
}

func newSpecimen(t testing.TB, frames int) *specimen {
	t.Helper()
	b := newBox(t, small(t))
	for i := range frames {
		b.append(items(7, i, 1, 20), mark("m", i))
	}
	b.Spool.die()
	sp := &specimen{opt: b.opt, files: make(map[string][]byte), name: filepath.Base(b.segmentFiles()[0])}
	for _, name := range []string{sp.name, ackName} {
		data, err := os.ReadFile(filepath.Join(b.opt.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		sp.files[name] = data
	}
	sp.ends = frameEnds(t, b.Spool, b.segmentFiles()[0])
	if len(sp.ends) != frames+1 {
		t.Fatalf("%d frames in the specimen, want %d", len(sp.ends), frames+1)
	}
	return sp
}

// with opens a copy of the specimen in which the segment has other bytes.
func (sp *specimen) with(t testing.TB, segment []byte) *box {
	t.Helper()
	opt := sp.opt
	opt.Dir = tempDir(t)
	for name, data := range sp.files {
		if name == sp.name {
			data = segment
		}
		if err := os.WriteFile(filepath.Join(opt.Dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return newBox(t, opt)
}

func frameEnds(t testing.TB, s *Spool, path string) (ends []int64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	w := window{fs: disk{}}
	w.reset(f, info.Size())
	if _, err := w.scan(s.salt, noBound, func(f *frame) error { ends = append(ends, f.end()); return nil }); err != nil {
		t.Fatal(err)
	}
	return ends
}

func TestTruncationAtEveryByteLeavesExactlyTheFramesBefore(t *testing.T) {
	sp := newSpecimen(t, 5)
	whole := sp.files[sp.name]
	for size := range len(whole) + 1 {
		b := sp.with(t, whole[:size])
		frames := 0
		for frames < len(sp.ends) && sp.ends[frames] <= int64(size) {
			frames++
		}
		want := upto(0, max(frames-1, 0))
		if r := b.Report(); r.LostFrames != 0 || r.Quarantined != 0 || r.PendingItems != uint64(len(want)) {
			t.Fatalf("cut at %d: %+v", size, r)
		}
		if len(want) > 0 {
			b.wantMarks(mark("m", len(want)-1))
		} else {
			b.wantMarks()
		}
		// The next append stands where the torn frame stood, and survives with all before it.
		b.append(items(7, 100, 1, 20), mark("m", 100))
		b.crash()
		if got := b.drain(7); !slices.Equal(got, append(want, 100)) {
			t.Fatalf("cut at %d: items %v, want %v and 100", size, got, want)
		}
		b.wantMarks(mark("m", 100))
		b.Close()
	}
}

func TestBitFlipAtEveryByteOfAFrameIsDetectedAndLaterFramesAreFound(t *testing.T) {
	sp := newSpecimen(t, 5)
	whole := sp.files[sp.name]
	for i := sp.ends[1]; i < sp.ends[2]; i++ { // the frame of item 1
		for bit := range 8 {
			flipped := slices.Clone(whole)
			flipped[i] ^= 1 << bit
			b := sp.with(t, flipped)
			r := b.Report()
			if r.LostFrames != 1 || r.Quarantined != 1 || r.PendingItems != 4 || b.dropped(ReasonDamaged) != 1 {
				t.Fatalf("byte %d bit %d: %+v", i, bit, r)
			}
			b.wantMarks(mark("m", 4))
			if got := b.drain(7); !slices.Equal(got, []int{0, 2, 3, 4}) {
				t.Fatalf("byte %d bit %d: items %v", i, bit, got)
			}
			kept, err := os.ReadFile(filepath.Join(b.opt.Dir, quarantineDir, sp.name))
			if err != nil || !slices.Equal(kept, flipped) {
				t.Fatalf("byte %d bit %d: quarantine: %v", i, bit, err)
			}
			b.Close()
		}
	}
}

func TestBitFlipInTheSnapshotKeepsTheItemsAndLaterMarks(t *testing.T) {
	sp := newSpecimen(t, 3)
	for i := range sp.ends[0] {
		flipped := slices.Clone(sp.files[sp.name])
		flipped[i] ^= 0x10
		b := sp.with(t, flipped)
		b.wantMarks(mark("m", 2))
		b.wantNumbers(b.drain(7), []int{0, 1, 2})
		if r := b.Report(); r.LostFrames != 1 || r.Quarantined != 1 {
			t.Fatalf("byte %d: %+v", i, r)
		}
		b.Close()
	}
}

func TestBitFlipInTheLastFrameIsCountedAsDamageOrAsATornEnd(t *testing.T) {
	sp := newSpecimen(t, 3)
	for i := sp.ends[2]; i < sp.ends[3]; i++ {
		flipped := slices.Clone(sp.files[sp.name])
		flipped[i] ^= 0x10
		b := sp.with(t, flipped)
		if r := b.Report(); r.LostFrames != 1 && r.TornBytes == 0 {
			t.Fatalf("byte %d: nothing counted: %+v", i, r)
		}
		b.wantMarks(mark("m", 1))
		b.append(items(7, 9, 1, 20))
		b.crash()
		b.wantNumbers(b.drain(7), []int{0, 1, 9})
		b.Close()
	}
}

func TestZeroedEndIsATornEnd(t *testing.T) {
	sp := newSpecimen(t, 3)
	whole := slices.Clone(sp.files[sp.name])
	clear(whole[sp.ends[2]:])
	b := sp.with(t, append(whole, make([]byte, 3000)...))
	if r := b.Report(); r.LostFrames != 0 || r.TornBytes == 0 {
		t.Fatalf("%+v", r)
	}
	b.wantNumbers(b.drain(7), []int{0, 1})
}

// sealed is a spool of several segments, and the path of its second one.
func sealedSpool(t testing.TB) (*box, string) {
	t.Helper()
	b := newBox(t, small(t))
	for i := range 40 {
		b.append(items(uint64(7+i%2), i, 1, 300), mark("m", i))
	}
	return b, b.segmentFiles()[1]
}

func flip(t testing.TB, path string, at int64) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[at] ^= 4
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDamageInASealedSegmentFoundWhileReadingIsCountedOnce(t *testing.T) {
	b, path := sealedSpool(t)
	ends := frameEnds(t, b.Spool, path)
	flip(t, path, ends[2]-5) // the second item of the segment
	before := b.Report().PendingItems
	seven, eight := b.drain(7), b.drain(8)
	if len(seven)+len(eight) != 39 {
		t.Fatalf("drained %d and %d items, want 39", len(seven), len(eight))
	}
	r := b.Report()
	if r.Quarantined != 1 || r.LostFrames != 1 || b.dropped(ReasonDamaged) != 1 || r.PendingItems != 0 {
		t.Fatalf("before %d, now %+v", before, r)
	}
	if n := len(b.segmentFiles()); n != 1 {
		t.Fatalf("%d segments left", n)
	}
	b.reopen()
	if n := b.dropped(ReasonDamaged); n != 1 {
		t.Fatalf("%d damaged items after reopen, want 1", n)
	}
}

func TestDamageFoundBeforeIsNotCountedAgainByTheNextStart(t *testing.T) {
	sp := newSpecimen(t, 5)
	flipped := slices.Clone(sp.files[sp.name])
	flipped[sp.ends[1]+30] ^= 1
	b := sp.with(t, flipped)
	for range 3 {
		b.reopen()
		if r := b.Report(); r.Quarantined != 0 || r.LostFrames != 0 || b.dropped(ReasonDamaged) != 1 {
			t.Fatalf("%+v", r)
		}
	}
	b.wantNumbers(b.drain(7), []int{0, 2, 3, 4})
}

func TestLostSummaryMeansTheSegmentIsReadThrough(t *testing.T) {
	b, path := sealedSpool(t)
	b.Close()
	ends := frameEnds(t, b.Spool, path)
	for i := ends[len(ends)-2]; i < ends[len(ends)-1]; i++ { // the summary, byte by byte
		flip(t, path, i)
		b.open()
		if r := b.Report(); r.PendingItems != 40 || r.Quarantined != 0 || r.LostFrames != 0 {
			t.Fatalf("byte %d: %+v", i, r)
		}
		b.Spool.die()
		flip(t, path, i)
	}
}

func TestQuarantineKeepsTwo(t *testing.T) {
	b, _ := sealedSpool(t)
	b.Close()
	for _, path := range b.segmentFiles()[:4] {
		ends := frameEnds(t, b.Spool, path)
		flip(t, path, ends[1]+3)
		flip(t, path, ends[len(ends)-1]-3) // and the summary, or nobody would look
	}
	b.open()
	if r := b.Report(); r.Quarantined != 4 {
		t.Fatalf("%+v", r)
	}
	full := 0
	files, err := os.ReadDir(filepath.Join(b.opt.Dir, quarantineDir))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if info, err := f.Info(); err == nil && info.Size() > 0 {
			full++
		}
	}
	if full != 2 || len(files) != 4 {
		t.Fatalf("%d copies, %d of them with content; want 4 and 2", len(files), full)
	}
}

func TestPayloadFullOfFrameHeadersIsNotTakenForFrames(t *testing.T) {
	b := newBox(t, small(t))
	forged := appendData(nil, b.salt^1, head{kind: kindData, number: 1 << 40, seq: 1 << 40}, items(7, 99, 1, 20), []Mark{mark("m", 99)}, nil)
	b.append([]Item{{Dest: 7, Payload: slices.Repeat(forged, 8)}}, mark("m", 1))
	b.append(items(7, 1, 1, 20), mark("m", 2))
	b.Spool.die()
	flip(t, b.segmentFiles()[0], frameEnds(t, b.Spool, b.segmentFiles()[0])[0]+1)
	b.open()
	b.wantNumbers(b.drain(7), []int{1})
	b.wantMarks(mark("m", 2))
}

func TestFramesOfANewerVersionAreRefusedAndNotTouched(t *testing.T) {
	sp := newSpecimen(t, 2)
	whole := slices.Clone(sp.files[sp.name])
	frame := whole[sp.ends[0]:sp.ends[1]]
	frame[headerBytes] = formatV1 + 1
	endFrame(frame, 0, 1, 0, 1)
	opt := sp.opt
	opt.Dir = tempDir(t)
	path := filepath.Join(opt.Dir, sp.name)
	os.WriteFile(filepath.Join(opt.Dir, ackName), sp.files[ackName], 0o600)
	os.WriteFile(path, whole, 0o600)
	if _, err := Open(opt); !isNewer(err) {
		t.Fatalf("got %v, want a refusal", err)
	}
	if after, err := os.ReadFile(path); err != nil || !slices.Equal(after, whole) {
		t.Fatalf("the file was changed (%v)", err)
	}
}

func TestAcksOfANewerVersionAreRefused(t *testing.T) {
	sp := newSpecimen(t, 2)
	ack := slices.Clone(sp.files[ackName])
	slot := ack[halfSlots*slotBytes : (halfSlots+1)*slotBytes] // epoch 1 stands in the second half
	slot[56] = formatV1 + 1
	reseal(slot)
	opt := sp.opt
	opt.Dir = tempDir(t)
	os.WriteFile(filepath.Join(opt.Dir, ackName), ack, 0o600)
	if _, err := Open(opt); !isNewer(err) {
		t.Fatalf("got %v, want a refusal", err)
	}
}

func isNewer(err error) bool { return errors.Is(err, ErrNewerVersion) }

// reseal gives a slot the checksum that fits.
func reseal(slot []byte) {
	binary.LittleEndian.PutUint32(slot[60:], crc32.Checksum(slot[:60], castagnoli))
}

func TestLostSnapshotIsReplacedByTheSegmentsBefore(t *testing.T) {
	b := newBox(t, small(t))
	for i := range 400 {
		b.append(items(7, i, 1, 500), mark("m", i), mark("once"+string(rune('a'+i%20)), i))
	}
	b.append(nil, Mark{Key: "oncea"})
	marks, dropped := b.Marks(), b.dropped(ReasonOldest)
	b.Spool.die()
	files := b.segmentFiles()
	flip(t, files[len(files)-1], 50)
	b.open()
	b.wantMarks(marks...)
	// The drops that made room for the last segment stood in its snapshot alone.
	if n := b.dropped(ReasonOldest); n > dropped || n < dropped-10 {
		t.Fatalf("%d dropped, want about %d", n, dropped)
	}
}

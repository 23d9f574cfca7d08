package spool

import (
	"cmp"
	"slices"
	"time"
)

// counters are since Open unless said otherwise, and guarded by Spool.mu.
type counters struct {
	frames, appended, appendedBytes, released uint64
	appendErrors, ackErrors                   uint64
	fsyncs, fsyncErrors                       uint64
	fsyncTime                                 time.Duration

	quarantined, lostFrames, lostBytes uint64 // at Open and while reading
	tornBytes, damagedAcks             uint64 // at Open
}

// Report is the state of a spool at one moment. Counts are since Open, but Dropped is since the spool was made.
type Report struct {
	Destinations []DestinationReport // with anything stored, or a Reader
	Dropped      []Drop              // by reason, destination and category; kept over restarts

	Segments      int           // files
	DiskBytes     int64         // used by segments; the active one counts with the space reserved for it
	MarkCount     int           // streams
	PendingItems  uint64        // not released, all destinations
	PendingBytes  uint64        // of their payloads
	OldestAge     time.Duration // of the oldest pending item, 0 without any
	Frames        uint64        // written: one for each append, and those of drops alone; without snapshots and summaries
	Appended      uint64        // items
	AppendedBytes uint64        // of payload
	Released      uint64        // items
	AppendErrors  uint64        // frames that the disk refused; not appends refused for size or budget
	AckErrors     uint64        // acknowledgements that could not be written, and will be tried again
	Fsyncs        uint64        // of segments and acknowledgements
	FsyncErrors   uint64        // after each of them a new segment was begun
	FsyncTime     time.Duration // of all fsyncs

	Quarantined uint64 // damaged segments
	LostFrames  uint64 // in them, that could not be read
	LostBytes   uint64 // on disk, of these
	TornBytes   uint64 // cut off unfinished frames at Open: they had not been committed
	DamagedAcks uint64 // slots of the acknowledgement file that could not be read at Open
}

// DestinationReport is the share of one destination.
type DestinationReport struct {
	Dest         uint64
	PendingItems uint64 // not released, lent or not
	PendingBytes uint64 // of their payloads
	Lent         uint64 // of the pending ones, in the hands of senders
	Appended     uint64 // items since Open
	Released     uint64
	Oldest       time.Time // append of the oldest pending item, to the segment; zero without any
}

// Report returns counts and sizes. It costs some microseconds.
func (s *Spool) Report() Report {
	now := s.opt.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &s.count
	rep := Report{
		Dropped: s.drops.list(), Segments: len(s.segments), MarkCount: len(s.marks.values),
		DiskBytes: s.diskBytes(),
		Frames:    c.frames, Appended: c.appended, AppendedBytes: c.appendedBytes, Released: c.released,
		AppendErrors: c.appendErrors, AckErrors: c.ackErrors, Fsyncs: c.fsyncs, FsyncErrors: c.fsyncErrors, FsyncTime: c.fsyncTime,
		Quarantined: c.quarantined, LostFrames: c.lostFrames, LostBytes: c.lostBytes, TornBytes: c.tornBytes, DamagedAcks: c.damagedAcks,
	}
	for _, r := range s.readers {
		d := r.report()
		rep.Destinations = append(rep.Destinations, d)
		rep.PendingItems += d.PendingItems
		rep.PendingBytes += d.PendingBytes
		if !d.Oldest.IsZero() {
			rep.OldestAge = max(rep.OldestAge, now.Sub(d.Oldest))
		}
	}
	slices.SortFunc(rep.Destinations, func(a, b DestinationReport) int { return cmp.Compare(a.Dest, b.Dest) })
	return rep
}

// report is the share of this destination. mu is held.
func (r *Reader) report() DestinationReport {
	d := DestinationReport{
		Dest: r.dest, PendingItems: r.pending.items, PendingBytes: r.pending.bytes, Lent: uint64(len(r.lent) - r.settled),
		Appended: r.appended, Released: r.released,
	}
	if r.pending.items > 0 {
		d.Oldest = time.UnixMilli(r.oldest())
	}
	return d
}

// oldest is when the oldest pending item was appended. What is lent is known exactly; of the others the segment knows its first, and the reader
// the frame it has reached. mu is held.
func (r *Reader) oldest() int64 {
	for i := range r.lent {
		if !r.lent[i].done {
			return r.lent[i].ms
		}
	}
	for _, g := range r.s.segments {
		for i := range g.rows {
			if row := &g.rows[i]; row.dest == r.dest && row.left > 0 {
				return max(row.oldest, min(r.reached, g.newest))
			}
		}
	}
	return r.reached
}

// diskBytes is the disk space of all segments. mu is held.
func (s *Spool) diskBytes() int64 { return s.sealedBytes() + max(s.opt.SegmentBytes, s.tail.size) }

// Pending returns the items and payload bytes of a destination that are not released.
func (s *Spool) Pending(dest uint64) (items, bytes uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.readers[dest]; r != nil {
		return r.pending.items, r.pending.bytes
	}
	return 0, 0
}

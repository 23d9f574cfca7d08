package spool

import (
	"fmt"
	"time"
)

// Fsync says when data is forced to the disk. Whatever it is, kill -9 loses nothing: only a power cut or a kernel crash can.
type Fsync uint8

const (
	FsyncCommit   Fsync = iota // before every Append returns
	FsyncInterval              // at most once per second; a power cut loses the last second
	FsyncNever                 // when the kernel likes; a power cut loses up to half a minute
)

// Policy says what happens to items when MaxBytes is used up or less than MinFreeBytes is left.
type Policy uint8

const (
	DropOldest Policy = iota // the oldest segment is unlinked and its unreleased items are counted
	DropNewest               // the items of the append are counted and not stored, its marks are
	Block                    // Append returns ErrFull; see Wait
)

// Limits that are part of the design, not of the configuration.
const (
	MaxDestinations = 31       // destinations with items on disk at the same time: slots in the acknowledgement file
	MaxMarkBytes    = 32 << 20 // keys and values of all marks together: every segment starts with all of them
	MaxKeyBytes     = 1<<16 - 1
	MaxValueBytes   = 1<<16 - 1

	defaultSegmentBytes = 16 << 20
	defaultMaxBytes     = 512 << 20
	defaultMinFree      = 256 << 20
	minSegmentBytes     = 1 << 10
	maxFrameBytes       = 64 << 20
	encodeBufferBytes   = 1 << 20
	defaultWindow       = 4096
	ackInterval         = time.Second
	syncInterval        = time.Second
)

// Options configure a Spool. Zero values mean the defaults named here.
type Options struct {
	Dir          string        // made with mode 0700 if missing; needed
	SegmentBytes int64         // size of one segment file, also the largest frame; 16 MiB, or a quarter of MaxBytes if that is less
	MaxBytes     int64         // all segments together; 512 MiB; at least three segments
	MinFreeBytes int64         // free space left to others; 0: 256 MiB or 5 % of the file system, whichever is less; negative: none
	MaxAge       time.Duration // older items are dropped and counted; 0: never
	Fsync        Fsync
	Policy       Policy
	AckEvery     int              // write the acknowledgements after so many releases, besides syncing them once per second; 0: only the latter
	Window       int              // items lent to one destination beyond its oldest unreleased one; 4096; bounds what a crash resends
	Now          func() time.Time // wall clock; time.Now
	FS           FS               // the file system; nil: the real one
}

// DefaultOptions are the options of a spool in dir.
func DefaultOptions(dir string) Options {
	o, _ := Options{Dir: dir}.withDefaults()
	return o
}

// withDefaults fills what is zero and refuses what cannot work.
func (o Options) withDefaults() (Options, error) {
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.SegmentBytes == 0 {
		o.SegmentBytes = min(defaultSegmentBytes, o.MaxBytes/4)
	}
	if o.Window == 0 {
		o.Window = defaultWindow
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.FS == nil {
		o.FS = disk{}
	}
	return o, o.check()
}

func (o *Options) check() error {
	switch {
	case o.Dir == "":
		return fmt.Errorf("opening spool: no directory given")
	case o.SegmentBytes < minSegmentBytes || o.SegmentBytes > 1<<30:
		return fmt.Errorf("opening spool %s: segment of %d bytes, must be between %d and %d", o.Dir, o.SegmentBytes, minSegmentBytes, 1<<30)
	case o.MaxBytes < 3*o.SegmentBytes:
		return fmt.Errorf("opening spool %s: max_bytes %d is less than three segments of %d bytes", o.Dir, o.MaxBytes, o.SegmentBytes)
	case o.Fsync > FsyncNever || o.Policy > Block:
		return fmt.Errorf("opening spool %s: unknown fsync %d or policy %d", o.Dir, o.Fsync, o.Policy)
	case o.MaxAge < 0 || o.AckEvery < 0 || o.Window < 0:
		return fmt.Errorf("opening spool %s: negative age %s, ack count %d or window %d", o.Dir, o.MaxAge, o.AckEvery, o.Window)
	}
	return nil
}

// minFree is the space to leave to others on a file system of total bytes.
func (o *Options) minFree(total int64) int64 {
	if o.MinFreeBytes != 0 {
		return o.MinFreeBytes
	}
	return min(defaultMinFree, total/20)
}

// Spare is how much of the free bytes of a file system of total bytes a spool with these options may take; not more than 0 if
// nothing.
func (o Options) Spare(free, total int64) int64 { return free - max(0, o.minFree(total)) }

// maxFrame bounds one frame: it has to fit into a segment.
func (o *Options) maxFrame() int64 { return min(o.SegmentBytes, maxFrameBytes) }

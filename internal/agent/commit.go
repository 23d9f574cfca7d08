package agent

import (
	"context"
	"log/slog"
	"time"

	"github.com/tracetail/tracetail/shipper"
	"github.com/tracetail/tracetail/shipper/spool"
)

const (
	// commitQueue is the cut between the streams and the disk: so many batches
	// may wait before the readers do.
	commitQueue = 64
	// commitBytes bounds what one frame of the spool holds.
	commitBytes = 1 << 20
	// frameBytes is the largest portion of envelopes that goes into one frame.
	frameBytes = 4 << 20
	// syncPace is the least time between two syncs of the disk. An event that comes
	// alone waits for none; in a flood, some hundred events share one.
	syncPace = 10 * time.Millisecond
	// markDelay is how long marks without an envelope may wait for company: they
	// cost a sync of the disk and save no more than reading some lines again.
	markDelay = time.Second
	// retryMin and retryMax bound the pause before a failed commit is tried again.
	retryMin, retryMax = 100 * time.Millisecond, 10 * time.Second
)

// batch is what a stream hands over at once: envelopes, and how far the stream
// is settled when they are stored.
type batch struct {
	envelopes []shipper.Envelope
	mark      spool.Mark
}

// store is the part of the outbox that the committer needs.
type store interface {
	Commit([]shipper.Envelope, []spool.Mark) error
}

// committer stores the batches of all streams. One frame holds all that has
// come while the frame before was being synced: the busier the agent, the
// fewer syncs a batch costs, and a lone trace waits for none.
type committer struct {
	in    chan batch
	store store
	log   *slog.Logger

	envelopes []shipper.Envelope
	marks     map[string][]byte
	size      int
	synced    time.Time // when the last frame was stored
}

func newCommitter(s store, log *slog.Logger) *committer {
	return &committer{in: make(chan batch, commitQueue), store: s, log: log, marks: map[string][]byte{}}
}

// run stores what comes in until the channel is closed and everything is
// stored. Where the disk refuses, it goes on trying until ctx ends, and the
// readers wait meanwhile.
func (c *committer) run(ctx context.Context) {
	timer := time.NewTimer(markDelay)
	timer.Stop()
	defer timer.Stop()
	for {
		select {
		case b, open := <-c.in:
			if !open {
				c.flush(ctx)
				return
			}
			idle := len(c.marks) == 0 && len(c.envelopes) == 0
			lone := len(c.envelopes) == 0
			c.add(b)
			c.gather()
			switch wait := syncPace - time.Since(c.synced); {
			case len(c.envelopes) > 0 && (wait <= 0 || c.size >= commitBytes):
				timer.Stop()
				c.flush(ctx)
			case len(c.envelopes) > 0 && lone:
				timer.Reset(wait)
			case idle:
				timer.Reset(markDelay)
			}
		case <-timer.C:
			c.flush(ctx)
		}
	}
}

// gather takes what is already waiting.
func (c *committer) gather() {
	for c.size < commitBytes {
		select {
		case b, open := <-c.in:
			if !open {
				return // seen again, and acted upon, by run
			}
			c.add(b)
		default:
			return
		}
	}
}

func (c *committer) add(b batch) {
	for i := range b.envelopes {
		c.size += b.envelopes[i].Size()
	}
	c.envelopes = append(c.envelopes, b.envelopes...)
	if b.mark.Key != "" {
		c.marks[b.mark.Key] = b.mark.Value
	}
}

// flush stores everything that was gathered. The marks go with the last
// portion: until it is stored, the logs are still to be read from where they were.
func (c *committer) flush(ctx context.Context) {
	for c.size > frameBytes && len(c.envelopes) > 1 {
		n, size := 0, 0
		for n < len(c.envelopes)-1 && size < frameBytes {
			size += c.envelopes[n].Size()
			n++
		}
		if !c.persist(ctx, c.envelopes[:n], nil) {
			return
		}
		c.envelopes, c.size = c.envelopes[n:], c.size-size
	}
	if len(c.envelopes) == 0 && len(c.marks) == 0 {
		return
	}
	marks := make([]spool.Mark, 0, len(c.marks))
	for k, v := range c.marks {
		marks = append(marks, spool.Mark{Key: k, Value: v})
	}
	if c.persist(ctx, c.envelopes, marks) {
		clear(c.marks)
		c.envelopes, c.size = nil, 0
	}
}

// persist tries until it succeeds; false means that ctx ended first.
func (c *committer) persist(ctx context.Context, envelopes []shipper.Envelope, marks []spool.Mark) bool {
	pause, said := retryMin, false
	for {
		err := c.store.Commit(envelopes, marks)
		if err == nil {
			c.synced = time.Now()
			break
		}
		if !said {
			c.log.Error("cannot store events; reading waits until it works again", "error", err, "events", len(envelopes))
			said = true
		}
		select {
		case <-ctx.Done():
			// Nothing is lost: the marks were not stored either, so the logs are read again from there.
			c.log.Warn("stopping with events that could not be stored; they will be read again", "events", len(envelopes))
			return false
		case <-time.After(pause):
			pause = min(2*pause, retryMax)
		}
	}
	if said {
		c.log.Info("events are being stored again")
	}
	return true
}

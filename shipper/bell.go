package shipper

import (
	"context"
	"sync"
	"time"
)

// bell wakes everyone who listens. Listen first, look then, wait last: nothing
// that happens in between is missed.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

// listen returns a channel that is closed at the next ring.
func (b *bell) listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}

// await waits for the ring, for the time to pass (0: for ever), or for ctx to
// end, and only then returns false.
func await(ctx context.Context, ring <-chan struct{}, wait time.Duration) bool {
	var passed <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		passed = timer.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-ring:
	case <-passed:
	}
	return ctx.Err() == nil
}

package shipper

import "context"

const (
	// maxInHand bounds, by weight, the envelopes of a destination that are in memory.
	// Most of them wait to be repeated: a server that refuses every third request
	// shall not bring the other two to a halt.
	maxInHand = 32
	// weightBytes is the size that counts as one more.
	weightBytes = 128 << 10
)

func (p *parcel) weight() int { return min(maxInHand, 1+len(p.Payload)/weightBytes) }

// fill takes n places, and false if ctx ends before all are free. Only one
// goroutine fills, so that no two wait for each other's.
func fill(ctx context.Context, places chan struct{}, n int) bool {
	for range n {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func drain(places chan struct{}, n int) {
	for range n {
		<-places
	}
}

// turn is a parcel's right to have a request under way. There are Config.Senders of
// them per destination; whoever waits for anything but an answer leaves his.
type turn struct {
	d     *destination
	taken bool
}

// take waits for a turn, unless it is taken already, and false if ctx ends first.
func (t *turn) take(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	if !t.taken {
		t.taken = fill(ctx, t.d.slots, 1)
	}
	return t.taken
}

func (t *turn) leave() {
	if t.taken {
		t.taken = false
		drain(t.d.slots, 1)
	}
}

// useful tells whether a quick repetition still makes sense: once the circuit is
// open, only probes do.
func (t *turn) useful() bool {
	t.d.mu.Lock()
	defer t.d.mu.Unlock()
	return !t.d.circuit.Open()
}

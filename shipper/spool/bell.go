package spool

import "sync"

// bell wakes all who wait. It costs nothing while nobody does.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

// listen may be called by any number of waiters, who share one channel.
// It returns a channel that is closed at the next ring. Take it before looking whether there is something to wait for.
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

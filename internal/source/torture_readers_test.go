//go:build torture

package source

import (
	"context"
	"sync"
	"testing"

	"github.com/nxadm/tail"
)

// follower is a reader that a row is run with.
type follower interface {
	start()
	stop()
}

// ours is this package's tailer. Between stop and start it is not there at all;
// it goes on from the positions that its consumers have stored.
type ours struct {
	t      *testing.T
	cfg    Config
	seen   *numbers
	cancel context.CancelFunc
	done   sync.WaitGroup
}

func (o *ours) start() {
	ctx, cancel := context.WithCancel(context.Background())
	o.cancel = cancel
	o.done.Go(func() { runFor(o.t, ctx, o.cfg, o.seen, 0) })
}

func (o *ours) stop() {
	o.cancel()
	o.done.Wait()
}

// byName is nxadm/tail as its documentation shows it: a name, followed through
// rotations by the library itself.
type byName struct {
	testing.TB
	path string
	seen *numbers
	tail *tail.Tail
	done sync.WaitGroup
}

func (b *byName) start() {
	tl, err := tail.TailFile(b.path, tail.Config{Follow: true, ReOpen: true, CompleteLines: true, Logger: tail.DiscardingLogger})
	if err != nil {
		b.Fatal(err)
	}
	b.tail = tl
	b.done.Go(func() {
		for line := range tl.Lines {
			b.seen.note([]byte(line.Text))
		}
	})
}

func (n *numbers) note(text []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if k, ok := lastNumber(text); ok && k < len(n.seen) {
		if n.seen[k]++; n.seen[k] == 1 {
			n.total++
		}
	}
}

func (b *byName) stop() {
	_ = b.tail.Stop() // ErrStop, or what it died of long before
	b.tail.Cleanup()
	b.done.Wait()
}

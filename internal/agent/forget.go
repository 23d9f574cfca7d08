package agent

import (
	"context"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// forgetEvery is how often the marks of files that are long gone are given up. Each
// costs some 150 bytes of memory and of every segment of the spool, and the
// spool takes no commit any more when all of them together have reached its limit.
const forgetEvery = time.Hour

// forget gives up stale marks until ctx ends, and once more then.
func (a *Agent) forget(ctx context.Context) {
	tick := time.NewTicker(forgetEvery)
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-ctx.Done():
			over = true
		case <-tick.C:
		}
		for _, key := range a.tailer.Stale(time.Now()) {
			a.commits.in <- batch{mark: spool.Mark{Key: key}}
		}
	}
}

// followAndForget follows the logs, and keeps house meanwhile.
func (a *Agent) followAndForget(ctx context.Context) error {
	following, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.forget(following)
	}()
	err := a.follow(ctx)
	stop()
	<-done
	return err
}

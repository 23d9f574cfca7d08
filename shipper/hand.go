package shipper

import (
	"context"
	"errors"
	"sync"
)

// Hand stores envelopes in an outbox that is not running yet, runs it until they
// are settled or ctx ends, and returns those that the server does not have: those
// that it refused and those that still wait. The outbox stays open. A destination
// that a person has to mend ends it at once. The error says that nothing could be stored.
func Hand(ctx context.Context, o *Outbox, envs []Envelope) (rest []Envelope, err error) {
	if err := o.Commit(envs, nil); err != nil {
		return envs, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	var failed error
	running.Go(func() { failed = o.Run(ctx) })
	_ = o.Drained(ctx) // what is left shows below, whatever it was
	cancel()
	running.Wait()
	left := map[string]bool{}
	letters, lookErr := DeadLetters(o.cfg.Dir)
	for _, l := range letters {
		left[l.EventID] = true
	}
	err = errors.Join(failed, lookErr, Look(o.cfg.Dir, func(s Stored) error {
		if !s.Delivered {
			left[s.EventID] = true
		}
		return nil
	}))
	for _, v := range envs {
		if left[v.hexID()] {
			rest = append(rest, v)
		}
	}
	return rest, err
}

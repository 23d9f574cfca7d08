package source

import (
	"container/heap"
	"sync"
	"time"
)

// schedule decides which stream is read next: a queue of streams that may have
// something to say, served round robin, and one heap of the times at which a
// silent stream must be looked at. A stream is served by one worker at a time;
// what happens to it meanwhile makes it queue again.
type schedule struct {
	mu       sync.Mutex
	changed  sync.Cond // ready, holds or stopped changed
	ready    []*stream // ready[first:] are queued
	first    int
	timers   timers
	poke     chan struct{} // the earliest timer came nearer
	running  int
	holds    int  // sources that will push later (pipes); they keep a drain waiting
	drain    bool // pop gives up once there is nothing left to do
	stopped  bool
	stopping chan struct{} // closed by stop
}

func newSchedule() *schedule {
	q := &schedule{poke: make(chan struct{}, 1), stopping: make(chan struct{})}
	q.changed.L = &q.mu
	return q
}

// push says that the stream may have something to say.
func (q *schedule) push(s *stream) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pushLocked(s)
}

func (q *schedule) pushLocked(s *stream) {
	switch {
	case s.running:
		s.again = true
	case !s.queued:
		s.queued = true
		q.ready = append(q.ready, s)
		q.changed.Signal()
	}
}

// pop waits for the next stream. ok is false when the schedule was stopped, or
// is to be drained and nothing is left.
func (q *schedule) pop() (s *stream, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.stopped {
		if s := q.takeLocked(); s != nil {
			return s, true
		}
		if q.drain && q.running == 0 && q.holds == 0 {
			q.changed.Broadcast()
			return nil, false
		}
		q.changed.Wait()
	}
	return nil, false
}

// tryPop is pop without waiting.
func (q *schedule) tryPop() *stream {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.takeLocked()
}

func (q *schedule) takeLocked() *stream {
	if q.first == len(q.ready) {
		return nil
	}
	s := q.ready[q.first]
	q.ready[q.first] = nil
	if q.first++; q.first*2 > len(q.ready) {
		// Every stream is moved once for each time it is served, at most.
		q.ready = q.ready[:copy(q.ready, q.ready[q.first:])]
		q.first = 0
	}
	s.queued, s.running, s.again = false, true, false
	q.running++
	return s
}

// done ends the turn of a stream: it queues again if there is more, and is
// looked at again at the time wake even if nothing happens (zero: never).
func (q *schedule) done(s *stream, more bool, wake time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s.running = false
	q.running--
	if more || s.again {
		q.pushLocked(s)
	}
	q.setTimerLocked(s, wake)
	if q.drain && q.running == 0 {
		q.changed.Broadcast()
	}
}

func (q *schedule) setTimerLocked(s *stream, wake time.Time) {
	s.wake = wake
	switch {
	case wake.IsZero() && s.index >= 0:
		heap.Remove(&q.timers, s.index)
	case wake.IsZero():
	case s.index >= 0:
		heap.Fix(&q.timers, s.index)
	default:
		heap.Push(&q.timers, s)
	}
	if s.index == 0 {
		select {
		case q.poke <- struct{}{}:
		default:
		}
	}
}

// due queues the streams whose time has come and gives the next one's.
func (q *schedule) due(now time.Time) (next time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.timers) > 0 && !q.timers[0].wake.After(now) {
		s := q.timers[0]
		heap.Remove(&q.timers, 0)
		q.pushLocked(s)
	}
	if len(q.timers) == 0 {
		return time.Time{}
	}
	return q.timers[0].wake
}

// drainAfter makes pop give up once the queue is empty and n holds are released.
func (q *schedule) drainAfter(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.drain, q.holds = true, q.holds+n
}

// waiting is the number of streams that are queued.
func (q *schedule) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ready) - q.first
}

// hold(1) and hold(-1) bracket a source that will push by itself.
func (q *schedule) hold(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.holds += n
	q.changed.Broadcast()
}

// stop makes every pop return.
func (q *schedule) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.stopped {
		q.stopped = true
		close(q.stopping)
		q.changed.Broadcast()
	}
}

// timers is a heap of streams by the time at which they want to be looked at.
type timers []*stream

func (t timers) Len() int           { return len(t) }
func (t timers) Less(i, j int) bool { return t[i].wake.Before(t[j].wake) }
func (t timers) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].index, t[j].index = i, j
}
func (t *timers) Push(x any) {
	s := x.(*stream)
	s.index = len(*t)
	*t = append(*t, s)
}
func (t *timers) Pop() any {
	last := len(*t) - 1
	s := (*t)[last]
	(*t)[last] = nil
	*t, s.index = (*t)[:last], -1
	return s
}

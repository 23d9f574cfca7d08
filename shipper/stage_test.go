package shipper

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// road is a courier without a network: it answers by a function and notes when what was asked.
type road struct {
	mu     sync.Mutex
	answer func(n int, item string) answer // n counts requests from 0
	sent   []passage
	busy   int // under way
	most   int // at the same time
	took   time.Duration
	failed time.Duration // what a failure takes with its quick repetitions, if it has any
}

type passage struct {
	at   time.Duration // since the test began
	item string
	most int
}

var start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // when every bubble of synctest begins

func (r *road) pack(_ DSN, item []byte, _ [16]byte, _ time.Time) []byte { return item }

func (r *road) post(ctx context.Context, _ DSN, body []byte, t tries) answer {
	r.mu.Lock()
	n := len(r.sent)
	r.sent = append(r.sent, passage{time.Since(start), string(body), t.most})
	r.busy++
	r.most = max(r.most, r.busy)
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.busy--
		r.mu.Unlock()
	}()
	a, took := r.answer(n, string(body)), r.took
	if a.status != http.StatusOK && r.failed > 0 {
		took = r.failed
		t.turn.leave()
		defer t.turn.take(ctx)
	}
	select {
	case <-ctx.Done():
		return answer{err: ctx.Err()}
	case <-time.After(took):
	}
	a.attempts = max(1, a.attempts)
	return a
}

func (r *road) times() (at []time.Duration) {
	for _, p := range r.sent {
		at = append(at, p.at)
	}
	return at
}

// shelf is a spool without a disk.
type shelf struct {
	mu       sync.Mutex
	waiting  []spool.Entry
	released []uint64
	faults   []error // of the next calls of Next
}

func (s *shelf) Next(ctx context.Context) (spool.Entry, error) {
	s.mu.Lock()
	if len(s.faults) > 0 {
		err := s.faults[0]
		s.faults = s.faults[1:]
		s.mu.Unlock()
		return spool.Entry{}, err
	}
	if len(s.waiting) > 0 {
		entry := s.waiting[0]
		s.waiting = s.waiting[1:]
		s.mu.Unlock()
		return entry, nil
	}
	s.mu.Unlock()
	<-ctx.Done()
	return spool.Entry{}, ctx.Err()
}

func (s *shelf) Release(seqs ...uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.released = append(s.released, seqs...)
}

// stage is a destination with its surroundings, inside a bubble of synctest.
type stage struct {
	*destination
	road  *road
	shelf *shelf
	log   bytes.Buffer
	dir   string
}

// newStage puts items named by texts on the shelf; "log:" in front makes them logs.
func newStage(t *testing.T, answer func(n int, item string) answer, items ...string) *stage {
	t.Helper()
	dead, err := openDeadLetters(t.TempDir(), Dead{MaxFiles: 100, MaxBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{road: &road{answer: answer, took: time.Millisecond}, shelf: &shelf{}, dir: dead.dir}
	for i, item := range items {
		category := CategoryError
		if strings.HasPrefix(item, "log:") {
			category = CategoryLog
		}
		s.shelf.waiting = append(s.shelf.waiting, spool.Entry{Seq: uint64(i + 1), Item: spool.Item{Category: uint8(category), ID: [16]byte{byte(i + 1)}, Payload: []byte(item)}})
	}
	s.destination = &destination{
		dsn: mustDSN(t, "https://"+testKey+"@h/1"), hold: true, now: time.Now, log: slog.New(slog.NewTextHandler(&s.log, nil)),
		mask: func(text string) string { return strings.ReplaceAll(text, "hun"+"ter2", "[Filtered]") },
		from: s.shelf, courier: s.road, dead: dead, settled: &bell{}, limited: &bell{}, slots: make(chan struct{}, 1), circuit: circuit{rand: most},
	}
	return s
}

// run delivers for so long with n requests at a time.
func (s *stage) run(n int, long time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), long)
	defer cancel()
	s.slots = make(chan struct{}, n)
	_ = s.work(ctx, ctx)
}

func always(a answer) func(int, string) answer { return func(int, string) answer { return a } }

// inOrder gives the answers one after the other, and 200 from then on.
func inOrder(answers ...answer) func(int, string) answer {
	return func(n int, _ string) answer {
		if n < len(answers) {
			return answers[n]
		}
		return answer{status: 200}
	}
}

func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

const ms = time.Millisecond

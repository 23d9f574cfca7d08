package source

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// maxWorkers bounds the goroutines that read files; more would only fight for
// the same disk and the same consumer.
const maxWorkers = 4

// Tailer finds files, follows them and hands their lines to consumers.
type Tailer struct {
	entries []*entry
	open    Opener
	log     *slog.Logger
	now     func() time.Time
	once    bool
	stdin   *os.File
	outputs *Outputs // of a child, instead of stdin

	q       *schedule
	pumps   sync.WaitGroup // goroutines that read what is not a file
	stats   stats
	watch   watcher
	ask     chan struct{} // somebody wants a scan
	backoff time.Duration // between two children that give nothing

	mu        sync.Mutex
	live      map[inode]*stream
	past      map[inode][]*past
	gens      map[inode]uint32 // the newest generation known of an inode
	firstGen  uint32           // of an inode that is not in gens
	outdated  []string         // keys of positions that nothing will be resumed at
	copies    map[inode]*copyFile
	promised  map[inode]bool  // copies that were given to an orphan, which has not taken them yet
	orphans   map[*stream]int // to the number of the last scan begun before it became one
	pipes     map[string]*stream
	journals  map[string]Position // of an earlier run, by the name of the source
	receivers []*receiver
	names     map[string]*stream  // the names under which events about a stream come
	alias     map[string][]string // watched directory, links resolved, to the names the globs know it by
	targets   map[string]bool     // where links that match lead to
	trouble   map[string]Trouble
	began     time.Time
	lastSeen  time.Time // when an earlier run was alive
	scanNo    int
	scanned   bool // the first scan is over
}

// Option changes how a Tailer works.
type Option func(*Tailer)

// WithLogger sets where the tailer tells of errors and rotations; the default
// is slog.Default.
func WithLogger(l *slog.Logger) Option { return func(t *Tailer) { t.log = l } }

// WithClock sets what tells the time; the default is time.Now.
func WithClock(now func() time.Time) Option { return func(t *Tailer) { t.now = now } }

// WithStdin sets what "-" reads; the default is os.Stdin.
func WithStdin(f *os.File) Option { return func(t *Tailer) { t.stdin = f } }

// Once makes Run read everything that is there, from the known positions or
// else from the beginning, call End for each stream, and return.
func Once() Option { return func(t *Tailer) { t.once = true } }

// New makes a tailer for the given entries. known are the positions stored by
// an earlier run; they may be of files that are long gone. Nothing is opened
// before Run.
func New(cfgs []Config, known []Position, open Opener, opts ...Option) (*Tailer, error) {
	t := &Tailer{
		open: open, log: slog.Default(), now: time.Now, stdin: os.Stdin,
		q: newSchedule(), ask: make(chan struct{}, 1),
		live: map[inode]*stream{}, past: map[inode][]*past{}, gens: map[inode]uint32{},
		copies: map[inode]*copyFile{}, promised: map[inode]bool{}, orphans: map[*stream]int{}, pipes: map[string]*stream{}, journals: map[string]Position{}, backoff: journalBackoff,
		names: map[string]*stream{}, alias: map[string][]string{}, trouble: map[string]Trouble{},
	}
	for _, o := range opts {
		o(t)
	}
	t.began = t.now()
	var errs []error
	for _, c := range cfgs {
		e, err := newEntry(c)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		t.entries = append(t.entries, e)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if len(t.entries) == 0 {
		return nil, errors.New("no source is configured; name a file or a glob, or - for standard input")
	}
	t.restore(known)
	return t, nil
}

// Watched gives one position per entry that stands for "this entry has been
// followed". Stored and given to New, they tell files that appeared while the
// program was down (read from their beginning) from files that were there when
// the entry was configured (start_at).
func (t *Tailer) Watched() []Position {
	var ps []Position
	for _, e := range t.entries {
		if len(e.Syslog) > 0 {
			continue
		}
		what := strings.Join(e.Paths, "\n")
		if e.Journal != nil {
			what = "journal " + e.name
		}
		ps = append(ps, Position{Kind: watched, Path: what, Seen: t.now().Unix()})
	}
	return ps
}

// Run follows the sources until ctx is done, or in once mode until all is read.
// It returns after everything it started has ended; a consumer that blocks must
// therefore let go when ctx is done. On cancel it stops between two calls of a
// consumer and does not call End for files: they are resumed at their
// positions. Streams that cannot be resumed are ended.
func (t *Tailer) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var workers, others sync.WaitGroup
	defer t.close()
	defer others.Wait()
	defer t.pumps.Wait()
	defer cancel()
	stop := context.AfterFunc(ctx, t.q.stop)
	defer stop()
	if t.once {
		t.q.drainAfter(1) // the scan
	}
	for range min(maxWorkers, runtime.GOMAXPROCS(0)) {
		workers.Go(t.work)
	}
	defer workers.Wait()
	others.Go(func() { t.wake(ctx) })
	t.openStdin(ctx)
	t.followJournals(ctx)
	t.followSyslog(ctx)
	if t.once {
		t.scan(ctx)
		t.q.hold(-1)
		workers.Wait()
		return ctx.Err()
	}
	t.find(ctx, &others)
	t.q.stop()
	return nil
}

// close ends what cannot be resumed and gives all descriptors back. Nothing
// else runs by then.
func (t *Tailer) close() {
	r := new(reader)
	for _, s := range t.pipes {
		t.endPipe(r, s)
	}
	for _, rc := range t.receivers {
		rc.end(r)
	}
	for _, s := range t.live {
		s.closeFile()
	}
	for s := range t.orphans {
		s.closeFile()
		if s.copied != nil {
			s.copied.close()
		}
	}
	for _, c := range t.copies {
		c.close()
	}
}

// work serves one stream after the other.
func (t *Tailer) work() {
	r := new(reader)
	for {
		s, ok := t.q.pop()
		if !ok {
			return
		}
		more, wake := t.serve(r, s)
		t.q.done(s, more, wake)
	}
}

// wake queues streams when their time comes.
func (t *Tailer) wake(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		wait := time.Hour
		now := t.now()
		if next := t.q.due(now); !next.IsZero() {
			wait = max(next.Sub(now), time.Millisecond)
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-t.q.poke:
		}
	}
}

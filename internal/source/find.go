package source

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// scanShare bounds the time spent on scans that events ask for: after one that
	// took d, the next begins 10 d later at the earliest.
	scanShare = 10
	scanGap   = 5 * time.Millisecond
	// alertRescan is the interval of scans for alertFor after events were lost.
	alertRescan = time.Second
	alertFor    = time.Minute
)

// watcher is the one inotify instance of a tailer: kernels allow few of them to
// a user (128, shared with container runtimes). It watches directories, since a
// watch of a file dies when the file is renamed. Its events are hints: an event
// that is lost, late or under another name costs time until the next scan.
type watcher struct {
	fs      *fsnotify.Watcher // nil: poll
	watched map[string]bool   // the finder's own
	remote  bool              // a watched directory is on a file system without events
	mu      sync.Mutex
	alert   time.Time // scans are more frequent until then
}

// find follows the directories until ctx is done: a scan at once, at intervals,
// and whenever an event asks for one.
func (t *Tailer) find(ctx context.Context, wg *sync.WaitGroup) {
	t.startWatching(wg)
	defer t.stopWatching()
	timer := time.NewTimer(0)
	defer timer.Stop()
	var notBefore time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-t.ask:
			if !sleep(ctx, time.Until(notBefore)) {
				return
			}
		}
		began := time.Now()
		t.scan(ctx)
		took := time.Since(began)
		notBefore = began.Add(took + max(scanGap, scanShare*took))
		timer.Reset(t.interval())
	}
}

// sleep waits and tells whether ctx is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// interval is the time to the next scan that nobody asked for.
func (t *Tailer) interval() time.Duration {
	var d time.Duration
	for _, e := range t.entries {
		every := e.Rescan
		if t.watch.fs == nil || t.watch.remote || e.Engine == Poll {
			every = e.PollInterval
		}
		if d == 0 || every < d {
			d = every
		}
	}
	t.watch.mu.Lock()
	defer t.watch.mu.Unlock()
	if time.Now().Before(t.watch.alert) {
		d = min(d, alertRescan)
	}
	return d
}

// askScan asks the finder to look at the globs soon.
func (t *Tailer) askScan() {
	select {
	case t.ask <- struct{}{}:
	default:
	}
}

// startWatching makes the inotify instance, unless no entry wants one.
func (t *Tailer) startWatching(wg *sync.WaitGroup) {
	t.watch.watched = map[string]bool{}
	wanted := false
	for _, e := range t.entries {
		wanted = wanted || e.Engine != Poll
	}
	if !wanted {
		t.stats.polling.Store(1)
		return
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		t.pollInstead(fmt.Errorf("creating an inotify instance: %w", err), "raise fs.inotify.max_user_instances")
		return
	}
	t.watch.fs = w
	wg.Go(func() { t.listen(w) })
}

func (t *Tailer) stopWatching() {
	if t.watch.fs != nil {
		_ = t.watch.fs.Close()
	}
}

// pollInstead says once that changes are looked for at intervals from now on.
func (t *Tailer) pollInstead(err error, cure string) {
	if t.stats.polling.Swap(1) == 0 {
		t.log.Warn("the kernel does not announce changes; files are polled, which costs more and is slower",
			"error", err, "interval", t.entries[0].PollInterval, "cure", cure)
	}
}

// listen turns events into hints. It does no input or output: the queue of the
// kernel is short.
func (t *Tailer) listen(w *fsnotify.Watcher) {
	for {
		select {
		case ev, ok := <-w.Events:
			if !ok {
				return
			}
			t.hint(ev.Name, ev.Has(fsnotify.Write), ev.Has(fsnotify.Create))
		case err, ok := <-w.Errors:
			if !ok {
				return
			}
			t.watchFailed(err)
		}
	}
}

// hint is told that something happened to a name. written: its content changed;
// otherwise the name itself did.
func (t *Tailer) hint(name string, written, created bool) {
	t.mu.Lock()
	s := t.names[name]
	wanted := s != nil && !written || t.concerns(name, !written)
	t.mu.Unlock()
	if s != nil {
		t.q.push(s)
		wanted = wanted && !written
	}
	if wanted || created && s != nil {
		t.askScan()
	}
}

// concerns tells whether a name may be or lead to a file that is followed.
func (t *Tailer) concerns(name string, changed bool) bool {
	if changed && t.alias[name] != nil || t.targets[name] {
		return true // a watched directory itself, or where a link leads to
	}
	base := filepath.Base(name)
	for _, dir := range t.alias[filepath.Dir(name)] {
		path := filepath.Join(dir, base)
		for _, e := range t.entries {
			if e.wants(path) || changed && e.leadsTo(path) {
				return true
			}
		}
	}
	return false
}

// watchFailed is told of an error of the watcher. Lost events are made good by
// looking at everything at once.
func (t *Tailer) watchFailed(err error) {
	if !errors.Is(err, fsnotify.ErrEventOverflow) {
		t.log.Warn("watching log directories", "error", err)
		t.askScan()
		return
	}
	t.stats.overflows.Add(1)
	t.watch.mu.Lock()
	t.watch.alert = time.Now().Add(alertFor)
	t.watch.mu.Unlock()
	t.mu.Lock()
	for _, s := range t.live {
		t.q.push(s)
	}
	t.mu.Unlock()
	t.askScan()
}

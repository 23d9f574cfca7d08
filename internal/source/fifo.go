package source

import (
	"context"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// followPipes opens the named pipes and character devices of a view that are not
// followed yet, and lets those go whose name is gone or leads to another.
func (t *Tailer) followPipes(ctx context.Context, v *view) {
	known := map[string]bool{}
	t.mu.Lock()
	for path, s := range t.pipes {
		if s.info.Kind == FIFO {
			known[path] = true
			if at, ok := statInode(path); !ok || at != s.pipe.at {
				s.pipe.cancel()
			}
		}
	}
	t.mu.Unlock()
	for _, sg := range v.pipes {
		if !known[sg.path] {
			known[sg.path] = true
			t.openFIFO(ctx, sg)
		}
	}
}

// openFIFO follows one pipe. A named pipe is held open for writing as well, so
// that it does not end with each writer. In once mode it is read until there is
// no writer. The package's own reader keeps no more of a line than is allowed;
// nxadm/tail, which gathers lines whatever their length, reads a pipe only if it
// is asked for.
func (t *Tailer) openFIFO(ctx context.Context, sg sighting) {
	isFIFO := sg.st.Mode&unix.S_IFMT == unix.S_IFIFO
	mode := unix.O_RDWR
	if t.once || !isFIFO {
		mode = unix.O_RDONLY
	}
	// Opening is an act for a device: the name is judged before as well.
	if real, err := filepath.EvalSymlinks(sg.path); err == nil && real != sg.path && !isOwnDescriptor(sg.path) {
		if err := sg.entry.inRoots(real); err != nil {
			t.failed(sg.path, "opening", &os.PathError{Op: "open", Path: sg.path, Err: err})
			return
		}
	}
	fd, err := unix.Open(sg.path, mode|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		t.failed(sg.path, "opening", err)
		return
	}
	if err := sg.entry.allows(sg.path, fd, &sg.st); err != nil {
		t.failed(sg.path, "opening", err)
		_ = unix.Close(fd)
		return
	}
	t.recovered(sg.path)
	s := t.openPipe(sg.path, FIFO, sg.entry)
	s.pipe.at = inodeOf(&sg.st)
	ctx, s.pipe.cancel = context.WithCancel(ctx)
	t.q.hold(1)
	t.pumps.Go(func() {
		defer t.q.hold(-1)
		defer s.pipe.cancel()
		if isFIFO && sg.entry.Engine == NXAdm && !t.once {
			t.tailFIFO(ctx, s, fd)
			return
		}
		defer unix.Close(fd)
		t.pump(ctx, s, fd)
	})
}

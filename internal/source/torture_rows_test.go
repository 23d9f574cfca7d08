//go:build torture

package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// tortures are the rows. In all of them the writer and the rotating tool take
// turns: what a writer appends between logrotate's last read and its truncation is lost by
// logrotate, and no reader can tell. Where a file leaves the glob, it is rotated
// when some of it was read, as with any period of rotation above a quarter of
// a second.
var tortures = []rotation{
	{name: "rename, create at once", turn: func(r *rotator) {
		r.check(os.Rename(r.path("app.log"), r.old()))
		r.reopen()
	}},
	{name: "rename, 200 lines to the old file, late create", turn: func(r *rotator) {
		r.check(os.Rename(r.path("app.log"), r.old()))
		r.more(200)
		time.Sleep(2 * time.Millisecond)
		r.reopen()
	}},
	{name: "rename out of the glob", files: "app.log", turn: func(r *rotator) {
		r.found()
		r.check(os.Rename(r.path("app.log"), r.path("old-"+r.next())))
		r.more(200)
		r.reopen()
	}},
	{name: "symbolic link, target renamed, late create", files: "link/app.log", setup: linked, turn: func(r *rotator) {
		r.found()
		r.check(os.Rename(r.path("app.log"), r.path("0.log."+r.next())))
		r.more(69)
		time.Sleep(2 * time.Millisecond)
		r.reopen()
	}},
	{name: "symbolic link swapped to a new file", files: "link/app.log", setup: linked, turn: func(r *rotator) {
		r.found()
		next := r.next()
		r.into("app-" + next + ".log")
		r.check(os.Symlink("../app-"+next+".log", r.path("link/new")))
		r.check(os.Rename(r.path("link/new"), r.path("link/app.log")))
	}},
	{name: "copytruncate, O_APPEND", turn: copyTruncate},
	{name: "copytruncate, regrown past the old size at once", turn: func(r *rotator) {
		size := r.n - r.from
		copyTruncate(r)
		r.more(size + size/2)
	}},
	{name: "copytruncate, writer without O_APPEND", setup: func(r *rotator) {
		r.check(r.w.Close())
		var err error
		r.w, err = os.OpenFile(r.path("app.log"), os.O_WRONLY|os.O_CREATE, 0o644)
		r.check(err)
	}, turn: copyTruncate},
	{name: "delete and create, inode number used again", turn: func(r *rotator) {
		r.found()
		r.check(os.Remove(r.path("app.log")))
		time.Sleep(2 * time.Millisecond)
		r.reopen()
	}},
	{name: "stopped, rename and create, started", restart: true, turn: func(r *rotator) {
		r.stop()
		r.check(os.Rename(r.path("app.log"), r.old()))
		r.reopen()
		r.more(200)
		r.start()
	}},
	{name: "stopped, copytruncate, started", restart: true, turn: func(r *rotator) {
		r.stop()
		copyTruncate(r)
		r.more(200)
		r.start()
	}},
	{name: "stopped and started between copy and truncate", restart: true, turn: func(r *rotator) {
		r.check(copySparse(r.path("app.log"), r.old()))
		r.stop()
		r.start()
		r.check(os.Truncate(r.path("app.log"), 0))
		r.from = r.n
	}},
	{name: "truncate without a copy (loses by itself)", loses: true, turn: func(r *rotator) {
		r.check(os.Truncate(r.path("app.log"), 0))
		r.from = r.n
	}},
}

func linked(r *rotator) {
	r.check(os.Mkdir(r.path("link"), 0o755))
	r.check(os.Symlink("../app.log", r.path("link/app.log")))
}

func copyTruncate(r *rotator) {
	r.check(copySparse(r.path("app.log"), r.old()))
	r.check(os.Truncate(r.path("app.log"), 0))
	r.from = r.n
}

func (r *rotator) more(lines int) {
	for range lines {
		r.line()
	}
}

func (r *rotator) next() string {
	r.gen++
	return fmt.Sprint(r.gen)
}

// into lets the writer go on in a file of another name.
func (r *rotator) into(name string) {
	r.check(r.w.Close())
	var err error
	r.w, err = os.OpenFile(r.path(name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	r.check(err)
	r.from = r.n
}

// copySparse copies a file and leaves its holes out, as logrotate does: a writer
// without O_APPEND leaves one of the old size after each truncation.
func copySparse(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errorsJoin(err, out.Close()) }()
	end, err := in.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	for at := int64(0); at < end; {
		data, err := unix.Seek(int(in.Fd()), at, unix.SEEK_DATA)
		if errors.Is(err, unix.ENXIO) {
			break
		} else if err != nil {
			return err
		}
		if at, err = unix.Seek(int(in.Fd()), data, unix.SEEK_HOLE); err != nil {
			return err
		}
		if _, err := io.Copy(io.NewOffsetWriter(out, data), io.NewSectionReader(in, data, at-data)); err != nil {
			return err
		}
	}
	return out.Truncate(end)
}

package source

import (
	"errors"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// silent are file systems that do not announce what other hosts or mounts write
// (statfs(2) f_type): their directories are watched and polled.
var silent = map[int64]string{
	0x6969: "nfs", 0xFE534D42: "smb2", 0xFF534D42: "cifs", 0x65735546: "fuse", 0x01021997: "9p",
	0x00c36400: "ceph", 0x794c7630: "overlay", 0x0BD00BD0: "lustre", 0x47504653: "gpfs", 0x5346414F: "afs",
	0x786F4256: "vboxsf", 0xBACBACBC: "vmhgfs",
}

// watchDirs watches every directory in which a match may appear. Adding a watch
// twice does no harm and mends one that died with its directory.
func (t *Tailer) watchDirs(v *view) {
	if t.watch.fs == nil {
		return
	}
	alias := make(map[string][]string, len(v.dirs))
	for dir := range v.dirs {
		real, dir := nearest(dir)
		if !slices.Contains(alias[real], dir) {
			alias[real] = append(alias[real], dir)
		}
	}
	targets := make(map[string]bool, len(v.targets))
	for target := range v.targets {
		dir, _ := nearest(filepath.Dir(target))
		if alias[dir] == nil {
			alias[dir] = []string{}
		}
		targets[filepath.Join(dir, filepath.Base(target))] = true
	}
	t.mu.Lock()
	t.alias, t.targets = alias, targets
	t.mu.Unlock()
	fresh := false
	for dir := range alias {
		if err := t.watch.fs.Add(dir); err != nil {
			t.watch.remote = true
			t.pollInstead(err, watchCure(err))
			continue
		}
		if !t.watch.watched[dir] {
			t.watch.watched[dir] = true
			t.watch.remote = t.watch.remote || t.isSilent(dir)
			fresh = true
		}
	}
	for dir := range t.watch.watched {
		if alias[dir] == nil {
			_ = t.watch.fs.Remove(dir) // fails if the directory is gone, and the watch with it
			delete(t.watch.watched, dir)
		}
	}
	if fresh {
		t.askScan() // what appeared between the look and the watch has no event
	}
}

// nearest gives a directory, or the nearest one above it that exists, with its
// links resolved and as it was named.
func nearest(dir string) (real, named string) {
	for {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return real, dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return dir, dir
		}
		dir = up
	}
}

func (t *Tailer) isSilent(dir string) bool {
	var fs unix.Statfs_t
	if unix.Statfs(dir, &fs) != nil {
		return false
	}
	name, ok := silent[int64(fs.Type)] //nolint:unconvert // narrower on other systems
	if ok {
		t.log.Info("directory is on a file system that does not announce all changes; it is polled as well",
			"directory", dir, "file_system", name)
	}
	return ok
}

func watchCure(err error) string {
	switch {
	case errors.Is(err, unix.ENOSPC):
		return "raise fs.inotify.max_user_watches"
	case errors.Is(err, unix.EMFILE):
		return "raise fs.inotify.max_user_instances"
	default:
		return cure(err)
	}
}

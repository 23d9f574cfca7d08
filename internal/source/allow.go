package source

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// An agent reads what applications cannot. Whoever may write into a directory of
// logs could make it ship /etc/shadow by a link of a matching name. Hence:
//
//   - the file that a name leads to, through any number of links, must lie below a
//     directory that the operator named: those of the globs, and allowed_roots;
//   - a link that is not root's own, and a second hard link in a directory that is
//     not root's own, must not lead to a file of root that others may not read.
//
// What was opened is judged, not its name, which may lead elsewhere by then.

// errOutside is the reason to leave alone a file that a link leads to.
var errOutside = errors.New("the link leads out of the directories that may be read")

// errForeign is the reason to leave alone a file of root's that somebody else
// made a link to.
var errForeign = errors.New("somebody else's link to a private file of root")

// allows tells whether the open file, found as path, may be read; the error names
// where it is.
func (e *entry) allows(path string, fd int, st *unix.Stat_t) error {
	if isOwnDescriptor(path) {
		return nil
	}
	real := realPath(path, fd)
	if real != path {
		if err := e.inRoots(real); err != nil {
			return &os.PathError{Op: "open", Path: path, Err: err}
		}
	}
	private := st.Uid == 0 && st.Mode&0o004 == 0
	if private && (real != path && !linksAreRoots(path) || st.Nlink > 1 && !isRoots(filepath.Dir(real))) {
		return &os.PathError{Op: "open", Path: path, Err: fmt.Errorf("%w, %s", errForeign, real)}
	}
	return nil
}

// isOwnDescriptor tells whether a name means a descriptor that this process was
// started with: the shell opened it for the operator.
func isOwnDescriptor(path string) bool {
	return path == "/dev/stdin" || strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/self/fd/")
}

// realPath gives the name of an open file without any link in it.
func realPath(path string, fd int) string {
	real, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
	if err != nil || !filepath.IsAbs(real) { // no /proc
		if real, err = filepath.EvalSymlinks(path); err != nil {
			return path
		}
	}
	return strings.TrimSuffix(real, " (deleted)")
}

// inRoots tells whether a name without links is below one of the entry's roots.
// The roots may be reached through links themselves: the operator chose them.
func (e *entry) inRoots(real string) error {
	for _, root := range e.roots {
		if root, err := filepath.EvalSymlinks(root); err == nil && isBelow(root, real) {
			return nil
		}
	}
	return fmt.Errorf("%w, to %s", errOutside, real)
}

func isBelow(root, path string) bool {
	rest, ok := strings.CutPrefix(path, strings.TrimSuffix(root, "/"))
	return ok && (rest == "" || rest[0] == '/')
}

// linksAreRoots tells whether all links that a name leads through, in its last
// part, were made by root or by the user that runs this program.
func linksAreRoots(path string) bool {
	for range maxLinks {
		var st unix.Stat_t
		if unix.Lstat(path, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFLNK {
			return true
		}
		if st.Uid != 0 && int(st.Uid) != os.Geteuid() {
			return false
		}
		to, err := os.Readlink(path)
		if err != nil {
			return false
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return false
}

// isRoots tells whether a directory is writable for root and the user that runs
// this program only.
func isRoots(dir string) bool {
	var st unix.Stat_t
	if unix.Stat(dir, &st) != nil {
		return false
	}
	own := st.Uid == 0 || int(st.Uid) == os.Geteuid()
	return own && st.Mode&0o002 == 0
}

// allowedRoots are where container runtimes keep the files that the links of
// /var/log/containers and /var/log/pods lead to.
func allowedRoots() []string {
	return []string{"/var/log/pods", "/var/log/containers", "/var/lib/docker", "/var/lib/containers"}
}

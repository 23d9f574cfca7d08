package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// rights says who may read a file that we may not, and what to type so that we may.
func rights(path string, why error) (found, cure string) {
	found = strings.SplitN(why.Error(), "; ", 2)[0]
	if !errors.Is(why, fs.ErrPermission) {
		return found, "check the name, or leave it out with exclude"
	}
	closed := path
	for dir := filepath.Dir(path); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if errors.Is(unix.Access(dir, unix.X_OK), fs.ErrPermission) {
			closed = dir // the topmost one that bars the way
		}
	}
	me := userName(os.Geteuid())
	info, err := os.Stat(closed)
	if err != nil {
		return found, fmt.Sprintf("run as a user or in a group that may read it, or: setfacl -m u:%s:r '%s'", me, path)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		found = fmt.Sprintf("%s (%s belongs to %s:%s, mode %#o; running as %s)", found, closed, userName(int(st.Uid)), groupName(int(st.Gid)), info.Mode().Perm(), me)
	}
	right := "r"
	if info.IsDir() {
		right = "rx"
	}
	return found, fmt.Sprintf("setfacl -m u:%s:%s '%s', or add %s to a group that may read it", me, right, closed, me)
}

func userName(id int) string {
	if u, err := user.LookupId(strconv.Itoa(id)); err == nil {
		return u.Username
	}
	return strconv.Itoa(id)
}

func groupName(id int) string {
	if g, err := user.LookupGroupId(strconv.Itoa(id)); err == nil {
		return g.Name
	}
	return strconv.Itoa(id)
}

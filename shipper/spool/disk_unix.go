//go:build unix

package spool

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// statfs counts what an unprivileged process may use (f_bavail), not what is reserved for root.
func statfs(dir string) (free, total int64, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, 0, fmt.Errorf("statfs %s: %w", dir, err)
	}
	return int64(st.Bavail) * int64(st.Bsize), int64(st.Blocks) * int64(st.Bsize), nil //nolint:unconvert // Bsize has another type on macOS
}

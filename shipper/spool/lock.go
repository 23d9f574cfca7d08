//go:build unix

package spool

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

const lockName = "LOCK"

// lockDir takes the lock of the directory and writes our pid into it. The kernel gives the lock back when the process dies in whatever way,
// so there is no stale lock to clear by hand. The caller closes the file to unlock.
func lockDir(fs FS, dir string) (*os.File, error) {
	f, err := fs.Open(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, fmt.Errorf("opening spool: %w", err)
	}
	if err := lockFile(f); err != nil {
		defer f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, &LockedError{Dir: dir, PID: lockHolder(f)}
		}
		return nil, fmt.Errorf("opening spool %s: locking %s: %w", dir, lockName, err)
	}
	// The pid only serves the message to a second opener; a full disk must not keep the spool from opening, for then it could not drain.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt(strconv.AppendInt(nil, int64(os.Getpid()), 10), 0)
	}
	return f, nil
}

// lockFile tries twice: Holder may have the lock for a moment.
func lockFile(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		time.Sleep(holderTakes)
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	}
	return err
}

// holderTakes is far more than Holder needs.
const holderTakes = 20 * time.Millisecond

func lockHolder(f *os.File) int {
	var text [20]byte
	n, _ := f.ReadAt(text[:], 0)
	pid, err := strconv.Atoi(string(bytes.TrimSpace(text[:n])))
	if err != nil {
		return 0
	}
	return pid
}

package spool

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// syncFile uses fdatasync for segments: it forces data and size, and spares the journal entry for the time of change.
func syncFile(f *os.File, metadata bool) error {
	if metadata {
		return f.Sync()
	}
	for {
		err := unix.Fdatasync(int(f.Fd()))
		if !errors.Is(err, unix.EINTR) {
			return wrapPath("fdatasync", f, err)
		}
	}
}

// reserve keeps the size of the file, so that its end is always the end of what was written. NFS and ZFS cannot do it and need not.
func reserve(f *os.File, size int64) error {
	for {
		err := unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, size)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOSYS):
			return nil
		default:
			return wrapPath("fallocate", f, err)
		}
	}
}

func wrapPath(op string, f *os.File, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", op, f.Name(), err)
}

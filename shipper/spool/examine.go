//go:build unix

package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// Holder tells which process has the spool in dir open; held is false if none has, or if there is no spool. pid is 0 if the holder
// could not write it down. It takes the lock for a moment, shared, so that one that opens the spool just then may have to try twice.
func Holder(dir string) (pid int, held bool, err error) {
	f, err := os.Open(filepath.Join(dir, lockName))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("asking who uses the spool: %w", err)
	}
	defer f.Close()
	err = unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB)
	switch {
	case err == nil:
		return 0, false, nil // closing the file unlocks
	case errors.Is(err, unix.EWOULDBLOCK):
		return lockHolder(f), true, nil
	}
	return 0, false, fmt.Errorf("asking who uses the spool %s: %w", dir, err)
}

// Examination is what a disk can do for a spool.
type Examination struct {
	Free, Total int64         // bytes, as far as this user may have them
	Median      time.Duration // of a write of 4 KiB with fdatasync: what a lone commit costs
	Slowest     time.Duration
}

// examineSyncs is how often a disk is asked; enough for a median, few enough for a slow disk.
const examineSyncs = 9

// Examine tries the disk of a directory that exists, with a file of its own that it removes. The spool in dir may be in use. The error says
// that nothing can be written or synced there, and is errors.Is fs.ErrPermission, or unix.ENOSPC and the like.
func Examine(dir string, now func() time.Time) (Examination, error) {
	var e Examination
	f, err := os.CreateTemp(dir, ".examine-*")
	if err != nil {
		return e, fmt.Errorf("writing into %s: %w", dir, err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	var took []time.Duration
	block := make([]byte, 4<<10)
	for i := range examineSyncs {
		began := now()
		if _, err := f.WriteAt(block, int64(i*len(block))); err != nil {
			return e, fmt.Errorf("writing into %s: %w", dir, err)
		}
		if err := syncFile(f, false); err != nil {
			return e, fmt.Errorf("syncing in %s: %w", dir, err)
		}
		took = append(took, now().Sub(began))
	}
	slices.Sort(took)
	e.Median, e.Slowest = took[len(took)/2], took[len(took)-1]
	if e.Free, e.Total, err = statfs(dir); err != nil {
		return e, fmt.Errorf("asking for the free space of %s: %w", dir, err)
	}
	return e, nil
}

package spool

import (
	"errors"
	"fmt"
	"syscall"
)

// Errors a caller branches on. All of them leave the spool as it was before the call.
var (
	// ErrFull: the policy is Block and the budget is used up. Wait, then repeat the append.
	ErrFull = errors.New("the spool is full (raise max_bytes, or find out why nothing is delivered)")
	// ErrNoSpace: the file system has no room, or less than MinFreeBytes is left. Acknowledgements and draining go on; repeat the append later.
	ErrNoSpace = errors.New("no space left for the spool (free some space on its file system; the append may be repeated)")
	// ErrTooLarge: one frame would exceed the limit of a frame. Repeating the same append is in vain; split it or drop the item.
	ErrTooLarge = errors.New("too large for one frame")
	// ErrTooManyDestinations: items of MaxDestinations other destinations are still on disk. Forget those no longer configured.
	ErrTooManyDestinations = errors.New("too many destinations")
	// ErrNewerVersion: a file was written by a later version of this program. Nothing was changed.
	ErrNewerVersion = errors.New("written by a newer version of this program (upgrade, or choose another directory)")
	// ErrClosed: the spool was closed.
	ErrClosed = errors.New("the spool is closed")
)

// LockedError says that another process has the spool open.
type LockedError struct {
	Dir string
	PID int // 0 if the other process could not write it down
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("opening spool %s: another process uses it (stop that one, or choose another directory)", e.Dir)
	}
	return fmt.Sprintf("opening spool %s: process %d uses it (stop that one, or choose another directory)", e.Dir, e.PID)
}

// noSpace tells a full disk or an exhausted quota from a broken disk.
func noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// named gives a full disk its sentinel; other errors pass unchanged.
func named(err error) error {
	if noSpace(err) && !errors.Is(err, ErrNoSpace) {
		return fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return err
}

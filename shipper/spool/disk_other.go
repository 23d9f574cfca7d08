//go:build unix && !linux

package spool

import "os"

func syncFile(f *os.File, _ bool) error { return f.Sync() }

// reserve: no call that all these systems share. A full disk then shows itself at the write instead of at the new segment.
func reserve(*os.File, int64) error { return nil }

// Package spool is a durable log of opaque items on local disk, kept until every item has been released.
//
// Its one job: what Append has accepted survives kill -9, and (with FsyncCommit) a power cut, together with the marks that came in the same
// call. Items and marks of one Append stand in one checksummed frame, so they are there together or not at all: a caller that stores "these
// events" and "read up to here" in one Append can neither lose nor double anything by dying.
//
// It never looks into a payload, compresses, sends, retries or decides what a destination is: a destination is a number chosen by the caller.
// It starts no goroutine and reads no clock but Options.Now. It holds at most Options.MaxBytes of segments, never maps a file, and keeps in memory one
// encode buffer (1 MiB), one read buffer (64 KiB) per destination, one small record per item that is lent out, and the marks.
//
// Ownership: items and marks given to Append are only read, and not kept. The payload of an Entry is a copy that belongs to the receiver.
// The directory belongs to one Spool of one process, guarded by a lock file.
//
// FORMAT.md beside this file is the specification of what is on disk, what is assumed of disks, and what happens when the process dies at
// each step.
package spool

// Package source is where lines come from: files that are found by globs and
// followed through every style of rotation, their compressed generations, standard
// input, named pipes, the systemd journal, and what hosts send by syslog.
//
// It promises that one generation of a file looks like one endless stream to
// its consumer: the file may be renamed, copied and truncated, deleted, or
// replaced while it is read, and every line that can be read comes once, in
// order, with its offsets. A stream can be resumed after a restart at any offset
// its consumer names, by the identity of the file and not by its name.
//
// The package never parses a line, never stores a position (it only says what to
// store), and never trusts an event: inotify gives hints, and periodic scans
// decide. It never drops silently; what cannot be read is counted in the Report.
//
// Texts handed to a consumer are borrowed from the buffers of the worker that
// serves the stream, until the call returns. A Tailer owns the goroutines, the
// descriptors, the inotify instance and the children (journalctl) that Run makes,
// and gives all of them back before Run returns.
//
// How it works, in the order of the files: find asks for scans, scan looks at the
// globs (match) and decide gives each file its place, past remembers positions,
// schedule queues streams, serve gives a stream its turn, reader and split read a
// chunk and cut it into lines, nul skips holes, copy, held and orphan keep
// copytruncate from losing or doubling lines, allow refuses links that lead away,
// encoding turns code pages and UTF-16 into UTF-8, pipe feeds what is not a file,
// archive what was compressed while nobody looked, journald runs journalctl,
// syslog listens, and preview tells what would be done.
package source

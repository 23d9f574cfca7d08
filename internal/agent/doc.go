// Package agent is the spine: the one route of a line, from a file to an
// envelope on disk, and who runs and who waits.
//
// It is the only package that knows all rooms, and it knows no file format.
// Left of the cut everything belongs to one stream and runs in whatever
// goroutine serves that stream, without locks: unwrap, assemble, read, mask,
// encode. Right of it everything is shared: one committer, which stores the
// envelopes of all streams together with the marks that say how far each is
// settled, and the senders of the outbox. The cut is one bounded channel; when
// it is full the readers wait, and the log files themselves are the buffer.
package agent

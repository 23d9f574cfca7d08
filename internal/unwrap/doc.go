// Package unwrap takes the transport off a line of a log and joins what the
// transport split, so that the rooms behind it see lines as the app wrote them.
//
// Three layers are looked for, outermost first:
//
//   - a frame around every write: Kubernetes CRI, Docker json-file, or journald
//     as JSON. CRI and Docker cut long lines; the pieces are joined per stream;
//   - up to three prefixes in front of the text: syslog (RFC 3164, RFC 5424,
//     rsyslog, journalctl), docker compose, foreman, kubectl, stern, Heroku;
//   - damage: ANSI escapes, NUL holes, one CR before the line break, a BOM at
//     the start of a file, rsyslog's #011 #012 #033 escapes.
//
// Nothing needs to be configured: every line is judged by its own first bytes.
// Where a prefix could also be the app's own (a table, a timestamp), it is taken
// off only when the lines before it speak for it; see evidence. A line that fits
// no grammar passes through untouched: no line is ever dropped here.
//
// An Unwrapper belongs to one file or pipe and one goroutine. It has no clock
// (time is an argument), no lock, and does not allocate once its buffers have
// grown. It borrows the text given to Push until the records of that Push have
// been taken, and lends its own buffers until the next call.
package unwrap

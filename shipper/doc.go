// Package shipper brings masked events to Sentry-compatible servers.
//
// Its one job: what [Outbox.Commit] has accepted is on disk, and leaves it only
// after the server has answered for it. A server that is down for days, a rate
// limit, a revoked key, kill -9: the events wait in the spool and go out later,
// with the same event id, so that a server can recognise the few that a crash
// sends twice.
//
// # The way of an event
//
// [Encode] makes an [Envelope] from a scrub.Clean, the only thing it takes, so that
// nothing unmasked can be stored. It applies the limits of the protocol and keeps
// the JSON below 800 KiB. Commit stores envelopes together with the positions in
// the logs up to which they cover everything. [Outbox.Run] takes the oldest item
// of each destination, writes the envelope's header, sends it and releases it, a
// few requests at a time. One that has to be repeated makes room for the next.
//
// # What an answer means
//
//	2xx                           the server has it: released
//	429                           held until the server wants it, or dropped (on_rate_limit)
//	500                           up to five attempts, then a dead letter
//	408, 425, other 5xx, no answer  kept; one probe at a time, after pauses that double up to 5 minutes
//	413                           sent again with less in it; a dead letter if there is nothing to take away
//	400, 422                      a dead letter: never to be taken
//	3xx, other 4xx, bad certificate kept; the destination is paused and probed every 1 to 15 minutes,
//	                              and the log says once a minute what to mend
//
// Limits in X-Sentry-Rate-Limits are obeyed whatever the status.
//
// # What it never does
//
// It masks nothing and parses nothing. It follows no redirect. It never writes a
// DSN's key anywhere but into the header X-Sentry-Auth; a [DSN] prints as host and
// project. Words of a server reach log, report or dead letter only through
// Config.Mask. It reads no clock but Config.Now.
//
// # What it borrows and owns
//
// Encode reads the event and keeps nothing of it. Envelopes, marks and reports are
// values that belong to the caller. The directory Config.Dir belongs to one outbox
// of one process. Goroutines run only inside Run, which waits for them.
package shipper

// Package scrub masks secrets: in plain text, and in every field of an event.
//
// Its one job is that nothing secret leaves it. The key stays, the value goes:
// `password=hunter2` becomes `password=[Filtered]`. It knows passwords under
// telling names in all the ways programs print names and values, the tokens of
// many providers by their shape, credentials in headers, cookies, URLs, command
// lines, SQL and XML, private keys, card numbers and IBANs; on demand also
// what is known of people, of which each kind is a group of its own.
//
// # How
//
// One automaton looks for the literals of all detectors at once (automaton.go,
// sweep.go). Where one ends, a small hand-written verifier looks at the place;
// no regular expression runs unless a rule of the user's own asks for one. Card
// and account numbers have no literal and are found by a stride over the digits.
// Every verifier is linear in the text, whoever wrote the text.
//
// # What it promises
//
//   - It fails closed. Should a verifier panic, the text is replaced as a whole.
//   - Masking twice is masking once.
//   - Text that was valid JSON stays valid JSON; bytes outside the marks stay as
//     they were, valid UTF-8 or not; line breaks stay where they were.
//   - It never logs, returns or counts a value it masked.
//
// # What it never does
//
// It has no goroutine, no lock, no clock, no file. It does not guess at words
// without a name or a shape: a bare hexadecimal run is a commit or a trace id.
//
// # What it borrows and owns
//
// [Scrubber.Bytes] borrows its arguments until it returns. [Scrubber.Event] takes
// the event and gives it back as a [Clean]; only this package can fill one, so
// that what demands a Clean cannot be handed an unmasked event. A Scrubber keeps
// scratch memory and belongs to one goroutine; [Scrubber.Clone] makes another one
// cheaply, and the clones share tables and counters.
package scrub

// Package parsers turns the lines of an application into Sentry events.
//
// An Assembler, one per stream, gathers lines into blocks: a log record with
// its continuation lines and the stack trace under it. A block that holds an
// exception, or whose record is severe enough, is read into an event.Event;
// all other lines are ordinary and cost a glance each.
//
// How a trace is found is decided by proof, not by words: a line such as
// "\tat a.B.c(B.java:1)" or "Traceback (most recent call last):" proves a trace,
// and the language then looks back for the line where it began. Ordinary
// lines are only asked for their first bytes. The grammars live in
// parsers/trace, what loggers write around a message in parsers/record.
//
// The package has no goroutine, no lock and no clock: time is an argument. It
// borrows the lines it is given until the call returns and keeps copies of
// those it has not decided about.
package parsers

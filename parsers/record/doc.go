// Package record knows what loggers write around a message: time, level,
// logger, thread, process id, fields. It tells where a log record starts, how
// severe it is, and where in the line its message begins.
//
// A Scanner gives two answers. Head is asked for every line of every log and
// does not allocate; Read is asked once per event and gives all that the line
// says. Both go through the same grammars, so that they never disagree.
//
// The package never decides what becomes an event, knows no stack trace (it only
// finds the field that holds one), keeps no line, and has no goroutine, clock or
// lock. Lines are borrowed until the call returns; what Read gives are copies.
//
// The formats follow the documentation and the real output of the loggers
// named beside each Kind; testdata holds a sample of each with its reading.
package record

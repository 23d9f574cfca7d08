// Package trace knows the grammars of stack traces: one file and one folder of
// specimens a language, and languages.go, the explicit, ordered list of them.
//
// A language is a value of plain functions. Step tells which lines belong to a
// trace and may neither allocate nor keep the line; Read turns the lines into
// exceptions and frames, runs once a trace and may take its time. There is no
// goroutine, clock or lock here, and nothing here knows where lines come from.
//
// The grammars follow what current runtimes print (the specimens are real
// output; SOURCES.md in each folder names the version), and the shape of the
// result follows what the SDK of that language sends to Sentry.
package trace

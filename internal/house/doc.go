// Package house holds the tests that keep the house in order: which package
// may import which, a doc.go in every package, who may start a goroutine, how
// long a file or a function may be, and which names are not to be used. It has
// no code of its own.
package house

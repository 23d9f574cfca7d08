package spool_test

import (
	"fmt"
	"log"
	"os"

	"github.com/tracetail/tracetail/shipper/spool"
)

// What was read and how far go to disk in one step; what was sent is released afterwards.
func Example() {
	dir, err := os.MkdirTemp("", "spool")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	s, err := spool.Open(spool.Options{Dir: dir})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	const sentry = 42 // a hash of the destination, made by the caller
	items := []spool.Item{{Dest: sentry, Payload: []byte("an event")}}
	marks := []spool.Mark{{Key: "/var/log/app.log", Value: []byte("offset 1234")}}
	if err := s.Append(items, marks); err != nil {
		log.Fatal(err)
	}

	r := s.Reader(sentry)
	entry, ok, err := r.TryNext()
	fmt.Println(string(entry.Payload), ok, err)
	r.Release(entry.Seq)
	fmt.Println(s.Report().PendingItems, string(s.Marks()[0].Value))
	// Output:
	// an event true <nil>
	// 0 offset 1234
}

package unwrap_test

import (
	"fmt"
	"time"

	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/internal/unwrap"
)

// A container wrote one long line to stdout, which the runtime split, and one to
// stderr in between.
func Example() {
	u := unwrap.New(unwrap.DefaultConfig())
	var at int64
	for _, line := range []string{
		"2026-11-22T05:30:00.1Z stdout P charge of w-8912: ",
		"2026-11-22T05:30:00.2Z stderr F panic: no such wallet",
		"2026-11-22T05:30:00.3Z stdout F 12.50 BDT",
	} {
		end := at + int64(len(line)) + 1
		for r := u.Push(time.Now(), &source.Line{Text: []byte(line), Start: at, End: end}); r != nil; r = u.Next() {
			fmt.Printf("%s: %s\n", r.Stream, r.Text)
		}
		at = end
	}
	// Output:
	// stderr: panic: no such wallet
	// stdout: charge of w-8912: 12.50 BDT
}

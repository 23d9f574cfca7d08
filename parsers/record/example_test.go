package record_test

import (
	"fmt"
	"time"

	"github.com/tracetail/tracetail/parsers/record"
)

func ExampleScanner() {
	var s record.Scanner
	for _, line := range []string{
		`2026-11-22 05:30:00,123 ERROR [settler-3] com.acme.Pay - charge of w-2 failed`,
		`	at com.acme.Pay.charge(Pay.java:7)`,
		`{"level":30,"time":1795325401000,"pid":7,"hostname":"pay","msg":"request completed"}`,
	} {
		h := s.Head([]byte(line))
		if h.Kind == record.None {
			fmt.Println("no record")
			continue
		}
		r := s.Read([]byte(line), h, record.Options{})
		fmt.Println(r.Time.Format(time.TimeOnly), h.Kind, h.Level, r.Logger, "|", r.Message)
	}
	// Output:
	// 05:30:00 text error com.acme.Pay | charge of w-2 failed
	// no record
	// 05:30:01 json info  | request completed
}

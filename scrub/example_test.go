package scrub_test

import (
	"fmt"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/scrub"
)

func ExampleScrubber_String() {
	s, err := scrub.New(scrub.DefaultConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.String("login failed for bob (password=hun" + "ter2)"))
	fmt.Println(s.String(`{"user":"bob","card":4111` + `111111111111,"dsn":"postgres://bob:hun` + `ter2@db/shop"}`))
	fmt.Println(s.String("GET /orders?page=2 in 12 ms"))
	// Output:
	// login failed for bob (password=[Filtered])
	// {"user":"bob","card":"[Filtered]","dsn":"postgres://bob:[Filtered]@db/shop"}
	// GET /orders?page=2 in 12 ms
}

func ExampleScrubber_Bytes() {
	s, err := scrub.New(scrub.DefaultConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	buf := make([]byte, 0, 4096) // used again for every line
	for _, line := range []string{"starting up", "Authorization: Bearer abc" + "def123456", "done"} {
		fmt.Printf("%s\n", s.Bytes(buf, []byte(line)))
	}
	// Output:
	// starting up
	// Authorization: Bearer [Filtered]
	// done
}

func ExampleScrubber_Event() {
	s, err := scrub.New(scrub.DefaultConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	clean := s.Event(&event.Event{
		LogEntry: &event.LogEntry{Formatted: "cannot log in with token=abc" + "123"},
		Extra:    map[string]any{"password": "hun" + "ter2", "attempt": 3},
	})
	fmt.Println(clean.Event().LogEntry.Formatted)
	fmt.Println(clean.Event().Extra["password"], clean.Event().Extra["attempt"])
	fmt.Println(s.Stats().Report())
	// Output:
	// cannot log in with token=[Filtered]
	// [Filtered] 3
	// map[password:1 token:1]
}

func ExampleNew_rule() {
	cfg := scrub.DefaultConfig()
	cfg.Rules = []scrub.Rule{{ID: "employee", Keywords: []string{"emp-"}, Regex: `emp-[0-9]{6}`, Replace: "[employee]"}}
	s, err := scrub.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.String("seen by emp-004711"))
	// Output: seen by [employee]
}

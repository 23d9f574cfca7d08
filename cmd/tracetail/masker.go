package main

import (
	"sync"

	"github.com/tracetail/tracetail/scrub"
)

// masker masks the words of servers for whoever asks: several senders at once may
// have some, and a Scrubber serves one at a time.
func masker(s *scrub.Scrubber) func(string) string {
	own := s.Clone()
	var mu sync.Mutex
	return func(text string) string {
		mu.Lock()
		defer mu.Unlock()
		return own.String(text)
	}
}

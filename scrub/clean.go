package scrub

import "github.com/tracetail/tracetail/internal/event"

// Clean is an event that has been masked. Only this package can make a filled
// one: whoever stores or sends events asks for a Clean, and the compiler sees to it
// that nothing unmasked gets there.
type Clean struct{ ev *event.Event }

// Event returns the masked event. It is shared, not copied: callers must not modify
// it, or what they add would be sent unmasked.
func (c Clean) Event() *event.Event { return c.ev }

// IsZero tells whether c holds no event.
func (c Clean) IsZero() bool { return c.ev == nil }

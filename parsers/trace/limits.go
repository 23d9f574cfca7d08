package trace

import "github.com/tracetail/tracetail/internal/event"

// What one trace may bring into an event. A stack overflow has a thousand frames
// and more, and says nothing in its middle.
const (
	maxFrames     = 250 // of one exception; the oldest and the newest half are kept
	maxExceptions = 50  // of one trace; the outermost and the innermost half are kept
)

// trimMiddle tells how many of total things to keep at either end.
func trimMiddle(total int) (head, tail int) {
	if total <= maxFrames {
		return total, 0
	}
	return maxFrames / 2, maxFrames - maxFrames/2
}

// drop notes in Extra that n things of a kind were left out.
func (t *Trace) drop(key string, n int) {
	if n <= 0 {
		return
	}
	if t.Extra == nil {
		t.Extra = map[string]any{}
	}
	was, _ := t.Extra[key].(int)
	t.Extra[key] = was + n
}

// eachFrame calls f for all frames of t.
func (t *Trace) eachFrame(f func(*event.Frame)) {
	visit := func(st *event.Stacktrace) {
		if st == nil {
			return
		}
		for i := range st.Frames {
			f(&st.Frames[i])
		}
	}
	for i := range t.Exceptions {
		visit(t.Exceptions[i].Stacktrace)
	}
	for i := range t.Threads {
		visit(t.Threads[i].Stacktrace)
	}
}

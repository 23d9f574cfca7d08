package trace

import "github.com/tracetail/tracetail/internal/event"

// goMostThreads and goThreadFrames bound what the other goroutines may take.
const (
	goMostThreads  = 100
	goThreadFrames = 50
)

// goThreads lists the goroutines. The one that failed has no stack of its own:
// its exception has it.
func goThreads(t *Trace, d *goDumpReader, crashed int, extra map[string]any) {
	seen := make(map[string]bool, len(d.gos))
	for i, g := range d.gos {
		if g.id == "" || seen[g.id] { // cut off; or printed twice, by glog
			continue
		}
		seen[g.id] = true
		if len(t.Threads) == goMostThreads {
			extra["trace.threads_dropped"] = len(d.gos) - goMostThreads
			return
		}
		th := event.Thread{ID: g.id, Name: "goroutine " + g.id, State: g.state, Main: g.id == "1"}
		if g.system {
			th.Name = "runtime stack"
		}
		if i == crashed {
			th.Crashed, th.Current = true, true
		} else {
			th.Stacktrace, _ = goStack(g.frames[:min(len(g.frames), goThreadFrames)])
		}
		t.Threads = append(t.Threads, th)
	}
}

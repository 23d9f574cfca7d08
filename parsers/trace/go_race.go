package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// goSection is one part of a report of the race detector.
type goSection struct {
	head   string // "Read at 0x00c0 by goroutine 8"
	about  string // "access" or "creation"
	frames []event.Frame
}

// goReadRace reads a data race: the access that was caught is the exception,
// the other one and the places where the goroutines were made are threads.
func goReadRace(lines [][]byte) (Trace, bool) {
	sections := goSections(lines)
	t := Trace{Platform: "go"}
	for _, s := range sections {
		// "[failed to restore the stack]" leaves a section without frames.
		thread := goRaceThread(s.head)
		st, _ := goStack(s.frames)
		switch {
		case s.about == "access" && len(t.Exceptions) == 0:
			t.Exceptions = []event.Exception{{Type: "DATA RACE", Value: s.head, ThreadID: thread, Stacktrace: st, Mechanism: &event.Mechanism{Type: "generic"}}}
			t.Threads = append(t.Threads, event.Thread{ID: thread, Name: goRaceName(thread), Main: thread == "main", Crashed: true, Current: true})
		case s.about == "access":
			t.Exceptions[0].Value += "\n" + s.head
			t.Threads = append(t.Threads, event.Thread{ID: thread, Name: goRaceName(thread), Main: thread == "main", Stacktrace: st})
		default:
			t.Threads = append(t.Threads, event.Thread{ID: thread + " created", Name: s.head, Stacktrace: st})
		}
		if len(t.Threads) == goMostThreads {
			break
		}
	}
	return t, len(t.Exceptions) > 0
}

// goSections cuts a report at its headings.
func goSections(lines [][]byte) []goSection {
	var out []goSection
	function := ""
	for _, raw := range lines {
		l := span(raw)
		t := bytes.TrimRight(l.left(), " ")
		if about := goRaceHead(t); about != "" {
			out = append(out, goSection{head: string(t[:len(t)-1]), about: about})
			function = ""
			continue
		}
		if len(out) == 0 || len(t) == 0 {
			continue
		}
		if p, ok := goFileLine(t); ok && function != "" {
			s := &out[len(out)-1]
			s.frames = append(s.frames, goFrame(function, string(p.file), p.line))
			function = ""
			continue
		}
		function = ""
		if name, ok := goCallLine(t); ok {
			function = string(name)
		}
	}
	return out
}

// goRaceThread is the goroutine of a heading: "8", or "main".
func goRaceThread(head string) string {
	if strings.Contains(head, "main goroutine") {
		return "main"
	}
	_, rest, _ := strings.Cut(strings.ToLower(head), "goroutine ")
	return rest[:goDigits([]byte(rest))]
}

func goRaceName(thread string) string {
	if thread == "main" {
		return "main goroutine"
	}
	return "goroutine " + thread
}

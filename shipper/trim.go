package shipper

import (
	"fmt"

	"github.com/tracetail/tracetail/internal/event"
)

// maxEventBytes is the budget of one event's JSON. Servers refuse a whole
// envelope whose event exceeds 1 MiB (413); the rest is room for what differs
// between their count and ours.
const maxEventBytes = 800 << 10

// trims make an event smaller, the least telling parts first. Each gets a copy
// whose lists it must replace, not change, and tells what it took away in words,
// or "" if it found nothing. The last leaves an event of a few kilobytes at most,
// whatever came in.
var trims = []func(*event.Event) string{
	func(e *event.Event) string { return trimBreadcrumbs(e, 20) },
	func(e *event.Event) string { return trimBreadcrumbs(e, 0) },
	trimSourceLines,
	trimVars,
	trimOtherThreads,
	func(e *event.Event) string { return trimFrames(e, 100) },
	func(e *event.Event) string { return trimFrames(e, 20) },
	trimExtra,
	trimSurroundings,
	func(e *event.Event) string { return trimTexts(e, 1024) },
	func(e *event.Event) string { return trimExceptions(e, 5) },
	func(e *event.Event) string { return trimFrames(e, 4) },
	trimToBones,
}

func trimBreadcrumbs(e *event.Event, keep int) string {
	if e.Breadcrumbs == nil || len(e.Breadcrumbs.Values) <= keep {
		return ""
	}
	all := e.Breadcrumbs.Values
	if e.Breadcrumbs = nil; keep > 0 {
		e.Breadcrumbs = &event.Breadcrumbs{Values: all[len(all)-keep:]}
	}
	return fmt.Sprintf("%d of %d breadcrumbs kept", keep, len(all))
}

func trimSourceLines(e *event.Event) string {
	return eachStack(e, "source lines left out", func(frames []event.Frame) []event.Frame {
		f := fitter{}
		return rewrite(&f, frames, func(fr *event.Frame) {
			if len(fr.PreContext)+len(fr.PostContext) > 0 {
				fr.PreContext, fr.PostContext, f.dirty = nil, nil, true
			}
		})
	})
}

func trimVars(e *event.Event) string {
	return eachStack(e, "variables left out", func(frames []event.Frame) []event.Frame {
		f := fitter{}
		return rewrite(&f, frames, func(fr *event.Frame) {
			if fr.Vars != nil {
				fr.Vars, f.dirty = nil, true
			}
		})
	})
}

// trimOtherThreads keeps the threads that have to do with the crash.
func trimOtherThreads(e *event.Event) string {
	if e.Threads == nil {
		return ""
	}
	var kept []event.Thread
	for _, t := range e.Threads.Values {
		if (t.Crashed || t.Current) && len(kept) < 2 {
			kept = append(kept, t)
		}
	}
	all := len(e.Threads.Values)
	if len(kept) == all {
		return ""
	}
	if e.Threads = nil; len(kept) > 0 {
		e.Threads = &event.Threads{Values: kept}
	}
	return fmt.Sprintf("%d of %d threads kept", len(kept), all)
}

// trimFrames keeps both ends of every stack.
func trimFrames(e *event.Event, keep int) string {
	f := fitter{}
	return eachStack(e, fmt.Sprintf("%d frames per stack kept", keep), func(frames []event.Frame) []event.Frame {
		return keepEnds(&f, frames, keep, "frames")
	})
}

func trimExtra(e *event.Event) string {
	f := fitter{}
	kept := f.bags(e.Extra, maxName, 4<<10, "extra")
	if len(f.notes) == 0 {
		return ""
	}
	e.Extra = kept
	return "extra cut"
}

// trimSurroundings lets go of what does not tell about the fault itself.
func trimSurroundings(e *event.Event) string {
	if e.Contexts == nil && e.Modules == nil && e.Request == nil {
		return ""
	}
	e.Contexts, e.Modules, e.Request = nil, nil, nil
	return "contexts, modules and request left out"
}

func trimTexts(e *event.Event, limit int) string {
	f := fitter{}
	if e.Exception != nil {
		e.Exception = &event.Exceptions{Values: rewrite(&f, e.Exception.Values, func(x *event.Exception) {
			f.cut(&x.Value, limit, "texts")
			x.Mechanism = leanMechanism(x.Mechanism)
			f.dirty = true
		})}
	}
	if e.LogEntry != nil {
		l := event.LogEntry{Message: e.LogEntry.Message, Formatted: e.LogEntry.Formatted}
		f.cut(&l.Message, limit, "texts")
		f.cut(&l.Formatted, limit, "texts")
		e.LogEntry = &l
	}
	return fmt.Sprintf("texts cut to %d characters", limit)
}

// leanMechanism keeps what places an exception in its chain.
func leanMechanism(m *event.Mechanism) *event.Mechanism {
	if m == nil {
		return nil
	}
	lean := *m
	lean.Data, lean.Meta, lean.Description, lean.HelpLink = nil, nil, "", ""
	return &lean
}

// trimExceptions keeps both ends of the chain: the cause and what was seen of it.
func trimExceptions(e *event.Event, keep int) string {
	if e.Exception == nil || len(e.Exception.Values) <= keep {
		return ""
	}
	f := fitter{}
	all := len(e.Exception.Values)
	e.Exception = &event.Exceptions{Values: keepEnds(&f, e.Exception.Values, keep, "exceptions")}
	return fmt.Sprintf("%d of %d exceptions kept", keep, all)
}

// trimToBones leaves the identity of the event and the head of its outermost
// exception and message. Every text in it is bounded by the limits of its field.
func trimToBones(e *event.Event) string {
	bones := event.Event{
		EventID: e.EventID, Timestamp: e.Timestamp, Platform: e.Platform, Level: e.Level, Logger: e.Logger, Transaction: e.Transaction,
		ServerName: e.ServerName, Release: e.Release, Dist: e.Dist, Environment: e.Environment, SDK: e.SDK,
	}
	if e.LogEntry != nil {
		bones.LogEntry = &event.LogEntry{Formatted: cutEnd(e.LogEntry.Formatted, maxName)}
	}
	if e.Exception != nil && len(e.Exception.Values) > 0 {
		last := e.Exception.Values[len(e.Exception.Values)-1]
		bones.Exception = &event.Exceptions{Values: []event.Exception{{Type: last.Type, Module: last.Module, Value: cutEnd(last.Value, maxName)}}}
	}
	*e = bones
	return "everything but the outermost exception left out"
}

// eachStack gives every stack of e new frames and returns what if any was changed.
func eachStack(e *event.Event, what string, change func([]event.Frame) []event.Frame) string {
	f := fitter{}
	changed := ""
	stack := func(st **event.Stacktrace) {
		if *st == nil || len((*st).Frames) == 0 {
			return
		}
		old := (*st).Frames
		if frames := change(old); len(frames) != len(old) || &frames[0] != &old[0] {
			*st, f.dirty, changed = &event.Stacktrace{Frames: frames}, true, what
		}
	}
	if e.Exception != nil {
		e.Exception = &event.Exceptions{Values: rewrite(&f, e.Exception.Values, func(x *event.Exception) { stack(&x.Stacktrace) })}
	}
	if e.Threads != nil {
		e.Threads = &event.Threads{Values: rewrite(&f, e.Threads.Values, func(t *event.Thread) { stack(&t.Stacktrace) })}
	}
	return changed
}

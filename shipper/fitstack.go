package shipper

import (
	"strconv"

	"github.com/tracetail/tracetail/internal/event"
)

func (f *fitter) exceptions(e *event.Event) {
	if e.Exception == nil {
		return
	}
	values := keepEnds(f, e.Exception.Values, maxExceptions, "exceptions")
	e.Exception = &event.Exceptions{Values: rewrite(f, values, f.exception)}
}

func (f *fitter) exception(x *event.Exception) {
	if x.Type == "" {
		f.put(&x.Type, "Error") // GlitchTip refuses an event whose exception has no type
	}
	f.cut(&x.Type, maxType, "exception type")
	f.cut(&x.Value, maxText, "exception value")
	f.cut(&x.Module, maxName, "exception module")
	f.cut(&x.ThreadID, maxThreadID, "thread id")
	x.Stacktrace = f.stack(x.Stacktrace)
	if x.Mechanism != nil {
		x.Mechanism = f.mechanism(x.Mechanism)
	}
}

func (f *fitter) mechanism(in *event.Mechanism) *event.Mechanism {
	m, before := *in, f.dirty
	f.dirty = false
	if m.Type == "" {
		f.put(&m.Type, "generic")
	}
	f.cut(&m.Type, maxThreadID, "mechanism")
	f.cut(&m.Source, maxName, "mechanism")
	f.cut(&m.Description, maxCrumb, "mechanism")
	f.cut(&m.HelpLink, maxURL, "mechanism")
	m.Data = f.object(m.Data, bytesVars, "mechanism data")
	m.Meta = f.object(m.Meta, bytesVars, "mechanism data")
	if !f.dirty {
		f.dirty = before
		return in
	}
	return &m
}

// stack caps the frames and returns st itself where nothing changed.
func (f *fitter) stack(st *event.Stacktrace) *event.Stacktrace {
	if st == nil {
		return nil
	}
	before := f.dirty
	f.dirty = false
	kept := keepEnds(f, st.Frames, min(maxFrames, max(minFrames, maxAllFrames-f.frames)), "frames")
	f.frames += len(kept)
	frames := rewrite(f, kept, f.frame)
	if !f.dirty {
		f.dirty = before
		return st
	}
	return &event.Stacktrace{Frames: frames}
}

func (f *fitter) frame(fr *event.Frame) {
	if fr.Function == "" && fr.Filename == "" && fr.InstructionAddr == "" {
		f.put(&fr.Function, "?") // the schema demands one of the three
	}
	for _, name := range [...]*string{&fr.Function, &fr.RawFunction, &fr.Symbol} {
		f.cut(name, maxFunction, "function")
	}
	f.cut(&fr.Module, maxName, "module")
	f.cutPath(&fr.Package, maxName)
	f.cutPath(&fr.Filename, maxName)
	f.cutPath(&fr.AbsPath, maxPath)
	for _, word := range [...]*string{&fr.Platform, &fr.InstructionAddr, &fr.SymbolAddr, &fr.ImageAddr, &fr.AddrMode} {
		f.cut(word, maxLogger, "frame")
	}
	if fr.Lineno < 0 || fr.Colno < 0 {
		fr.Lineno, fr.Colno, f.dirty = max(0, fr.Lineno), max(0, fr.Colno), true
	}
	if n := len(fr.PreContext) - maxContext; n > 0 {
		fr.PreContext, f.dirty = fr.PreContext[n:], true
	}
	if len(fr.PostContext) > maxContext {
		fr.PostContext, f.dirty = fr.PostContext[:maxContext], true
	}
	f.cut(&fr.ContextLine, maxSourceLine, "source line")
	fr.PreContext = rewrite(f, fr.PreContext, f.sourceLine)
	fr.PostContext = rewrite(f, fr.PostContext, f.sourceLine)
	fr.Vars = f.object(fr.Vars, bytesVars, "variables")
}

func (f *fitter) sourceLine(s *string) { f.cut(s, maxSourceLine, "source line") }

func (f *fitter) cutPath(s *string, limit int) {
	if short := cutStart(*s, limit); len(short) != len(*s) {
		*s = short
		f.note("path cut to %d characters", limit)
	}
}

// threads makes ids unique: a server refuses two threads of one id.
func (f *fitter) threads(e *event.Event) {
	if e.Threads == nil {
		return
	}
	values := keepEnds(f, e.Threads.Values, maxThreads, "threads")
	seen := make(map[string]bool, len(values))
	position := 0
	e.Threads = &event.Threads{Values: rewrite(f, values, func(t *event.Thread) {
		f.cut(&t.ID, maxThreadID, "thread id")
		if position++; t.ID == "" || seen[t.ID] {
			f.put(&t.ID, "#"+strconv.Itoa(position))
		}
		seen[t.ID] = true
		f.cut(&t.Name, maxName, "thread name")
		f.cut(&t.State, maxName, "thread state")
		t.Stacktrace = f.stack(t.Stacktrace)
	})}
}

// breadcrumbs keeps the newest, which stand last.
func (f *fitter) breadcrumbs(e *event.Event) {
	if e.Breadcrumbs == nil {
		return
	}
	values := e.Breadcrumbs.Values
	if n := len(values); n > maxCrumbs {
		f.note("%d of %d breadcrumbs kept", maxCrumbs, n)
		values = values[n-maxCrumbs:]
	}
	e.Breadcrumbs = &event.Breadcrumbs{Values: rewrite(f, values, func(b *event.Breadcrumb) {
		f.cut(&b.Message, maxCrumb, "breadcrumb")
		f.cut(&b.Category, maxName, "breadcrumb")
		f.cut(&b.Type, maxLogger, "breadcrumb")
		if word := levelWord(b.Level, event.Info); b.Level != "" && word != b.Level {
			b.Level, f.dirty = word, true
		}
		b.Data = f.object(b.Data, bytesVars, "breadcrumb data")
	})}
}

package scrub

import (
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// Event masks every string of e, in place, and returns e as a Clean. It takes e over:
// the caller must not touch it any more. What is masked how depends on the field:
//
//	text              messages, exception values, source lines: every detector
//	text, by key      vars, extra, contexts, tags, request: also by the name of the key
//	place             file names, URL, release and the like: every detector, but a
//	                  name that is no more than a name stays
//	structure         types, functions, modules, lines, ids: byte for byte as they were
//
// Should masking fail, what is left of the event is its id, time and level.
func (s *Scrubber) Event(e *event.Event) (c Clean) {
	if e == nil {
		return Clean{}
	}
	if !s.enabled {
		return Clean{e}
	}
	defer func() {
		if recover() != nil {
			s.stats.count(detPanic)
			c = Clean{s.husk(e)}
		}
	}()
	s.nodes = 0 // the bound is for one event
	s.fields(e)
	s.inOrder(e)
	s.head(e)
	if e.Exception != nil {
		for i := range e.Exception.Values {
			s.exception(&e.Exception.Values[i])
		}
	}
	if e.Threads != nil {
		for i := range e.Threads.Values {
			th := &e.Threads.Values[i]
			th.Name = s.String(th.Name)
			s.stacktrace(th.Stacktrace)
		}
	}
	if e.Breadcrumbs != nil {
		for i := range e.Breadcrumbs.Values {
			b := &e.Breadcrumbs.Values[i]
			s.object(b.Data, 0)
		}
	}
	s.request(e.Request)
	s.user(e.User)
	return Clean{e}
}

// husk is what is sent of an event that could not be masked.
func (s *Scrubber) husk(e *event.Event) *event.Event {
	return &event.Event{
		EventID: e.EventID, Timestamp: e.Timestamp, Platform: e.Platform, Level: e.Level, SDK: e.SDK,
		LogEntry: &event.LogEntry{Formatted: string(s.appendReplacement(nil, detPanic, nil))},
	}
}

// head masks what stands directly in the event.
func (s *Scrubber) head(e *event.Event) {
	for _, place := range []*string{&e.Logger, &e.Transaction, &e.ServerName, &e.Release, &e.Dist, &e.Environment} {
		*place = s.String(*place)
	}
	if l := e.LogEntry; l != nil {
		for i, p := range l.Params {
			l.Params[i] = s.value("", p, 0)
		}
	}
	s.strings(e.Tags)
	s.contexts(e.Contexts)
	s.object(e.Extra, 0)
	for i, f := range e.Fingerprint {
		e.Fingerprint[i] = s.String(f)
	}
}

// contexts masks the contexts. Those that Sentry defines hold words such as
// device.model_id or trace.trace_id, which no key rule should touch.
func (s *Scrubber) contexts(contexts map[string]any) {
	for name, c := range contexts {
		switch name {
		case "trace":
		case "os", "runtime", "device":
			contexts[name] = s.texts(c, 0)
		default:
			contexts[name] = s.value("", c, 0)
		}
	}
}

// exception leaves type and module alone: they are names of the program, they make the
// title and the grouping of the issue, and PasswordEncoderException is no secret.
func (s *Scrubber) exception(x *event.Exception) {
	x.Value = s.String(x.Value)
	s.stacktrace(x.Stacktrace)
	if m := x.Mechanism; m != nil {
		m.Description, m.HelpLink, m.Source = s.String(m.Description), s.String(m.HelpLink), s.String(m.Source)
		s.object(m.Data, 0)
		s.object(m.Meta, 0)
	}
}

// stacktrace leaves the functions alone and masks the quoted lines of source, which is
// where a password stands that somebody wrote into the program.
func (s *Scrubber) stacktrace(st *event.Stacktrace) {
	if st == nil {
		return
	}
	for i := range st.Frames {
		f := &st.Frames[i]
		f.Filename, f.AbsPath = s.path(f.Filename), s.path(f.AbsPath)
		f.Module, f.Package = s.path(f.Module), s.path(f.Package)
		f.ContextLine = s.String(f.ContextLine)
		for j, l := range f.PreContext {
			f.PreContext[j] = s.String(l)
		}
		for j, l := range f.PostContext {
			f.PostContext[j] = s.String(l)
		}
		s.object(f.Vars, 0)
	}
}

// path masks a file name, module or package all but its last element, which is what a
// frame is known by: token.go, PasswordEncoder.java. What follows a question mark is no
// part of the name: the files of browsers are URLs.
func (s *Scrubber) path(p string) string {
	query := len(p)
	if i := strings.IndexAny(p, "?#"); i >= 0 && strings.Contains(p[:i], "/") {
		query = i
	}
	slash := max(0, strings.LastIndexAny(p[:query], `/\`))
	dir, rest := s.String(p[:slash]), s.String(p[query:])
	if dir == p[:slash] && rest == p[query:] {
		return p
	}
	return dir + p[slash:query] + rest
}

// user masks the mail and network addresses of the user if their group is on; else who
// was affected is what the event is for.
func (s *Scrubber) user(u *event.User) {
	if u == nil {
		return
	}
	if s.persons { // names have no shape
		u.Username, u.Name = s.whole(detPerson, u.Username), s.whole(detPerson, u.Name)
	}
	if s.addresses {
		u.IPAddress = s.String(u.IPAddress)
	}
	if s.emails {
		u.ID, u.Email, u.Username, u.Name = s.String(u.ID), s.String(u.Email), s.String(u.Username), s.String(u.Name)
	}
}

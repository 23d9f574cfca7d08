package shipper

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// What servers keep of a field, in runes unless said otherwise (Relay's schema,
// and Bugsink's columns where they are narrower). Longer text is cut here so that
// what was cut is known, and because some servers refuse the event instead.
const (
	maxLogger      = 64
	maxTransaction = 200
	maxServerName  = 255
	maxRelease     = 200
	maxDist        = 64
	maxEnvironment = 64
	maxTagKey      = 32
	maxTagValue    = 200
	maxTags        = 100
	maxType        = 256
	maxText        = 8192 // exception values and log messages
	maxThreadID    = 128
	maxName        = 256 // paths, module and thread names
	maxFunction    = 512
	maxSourceLine  = 512
	maxPath        = 1024
	maxURL         = 2048
	maxCrumb       = 1024
	maxFrames      = 250  // of one stack; Relay keeps as many
	maxAllFrames   = 2000 // of all stacks, beyond which each keeps
	minFrames      = 20
	maxExceptions  = 50
	maxThreads     = 250
	maxCrumbs      = 100
	maxContext     = 10 // source lines on either side of a frame's own
	maxPrints      = 20 // parts of a fingerprint

	bytesExtra   = 256 << 10 // of JSON, all of extra
	bytesItem    = 16 << 10  // one item of extra
	bytesContext = 8 << 10   // one context, all modules, the data of a request
	bytesVars    = 4 << 10   // variables of a frame, data of a breadcrumb or mechanism
	depthFree    = 7
	maxNotes     = 20
)

// trimmedKey is where an event says what of it was cut.
const trimmedKey = "log.trimmed"

// fitter applies the limits to one event. The event it is given belongs to
// somebody else: whatever has to change is copied first, and dirty tells the
// caller up the tree that its copy differs.
type fitter struct {
	dirty  bool
	notes  []string
	frames int // of the stacks so far
}

// note remembers what was cut, once, in words for the reader of the event.
func (f *fitter) note(format string, args ...any) {
	f.dirty = true
	text := fmt.Sprintf(format, args...)
	if len(f.notes) < maxNotes && !slices.Contains(f.notes, text) {
		f.notes = append(f.notes, text)
	}
}

// put replaces the text behind s if it differs, without a note: what changed is form, not content.
func (f *fitter) put(s *string, text string) {
	if *s != text {
		*s = text
		f.dirty = true
	}
}

// cut shortens the text behind s to limit runes and notes the field's name.
func (f *fitter) cut(s *string, limit int, name string) {
	if short := cutEnd(*s, limit); len(short) != len(*s) {
		*s = short
		f.note("%s cut to %d characters", name, limit)
	}
}

// rewrite passes a copy of every element to one, and returns in itself unless
// something was changed, else a new slice.
func rewrite[T any](f *fitter, in []T, one func(*T)) []T {
	if len(in) == 0 {
		return in
	}
	out, before := in, f.dirty
	var v T // outside the loop: its address goes to one, so it lives on the heap
	for i := range in {
		v, f.dirty = in[i], false
		one(&v)
		if !f.dirty {
			continue
		}
		if before = true; &out[0] == &in[0] {
			out = slices.Clone(in)
		}
		out[i] = v
	}
	f.dirty = before
	return out
}

// keepEnds shortens values to limit elements, half from either end: of a deep
// recursion both ends tell something, the middle repeats.
func keepEnds[T any](f *fitter, values []T, limit int, name string) []T {
	if len(values) <= limit {
		return values
	}
	f.note("%d of %d %s kept", limit, len(values), name)
	head := limit / 2
	return slices.Concat(values[:head], values[len(values)-(limit-head):])
}

// event returns a copy of e that every server takes; e itself stays as it is.
func (f *fitter) event(in *event.Event) event.Event {
	e := *in
	f.top(&e)
	f.logEntry(&e)
	f.exceptions(&e)
	f.threads(&e)
	f.breadcrumbs(&e)
	f.user(&e)
	f.request(&e)
	e.Tags = f.tags(e.Tags)
	e.Modules = f.words(e.Modules, bytesContext, "modules")
	e.Contexts = f.bags(e.Contexts, bytesContext, 8*bytesContext, "context")
	e.Extra = f.bags(e.Extra, bytesItem, bytesExtra, "extra")
	return e
}

func (f *fitter) top(e *event.Event) {
	e.Level = levelWord(e.Level, event.Error)
	e.Platform = platformWord(e.Platform)
	e.Logger = strings.TrimSpace(replaceBytes(e.Logger, notBreak, ' '))
	f.cut(&e.Logger, maxLogger, "logger")
	e.Transaction = replaceBytes(e.Transaction, notBreak, ' ')
	f.cut(&e.Transaction, maxTransaction, "transaction")
	e.ServerName = replaceBytes(e.ServerName, notBreak, ' ')
	f.cut(&e.ServerName, maxServerName, "server name")
	e.Release = strings.TrimSpace(replaceBytes(e.Release, releaseByte, '_'))
	if e.Release == "." || e.Release == ".." {
		e.Release = ""
	}
	f.cut(&e.Release, maxRelease, "release")
	e.Dist = replaceBytes(e.Dist, distByte, '_')
	if e.Release == "" {
		e.Dist = ""
	}
	e.Dist = e.Dist[:min(len(e.Dist), maxDist)]
	e.Environment = replaceBytes(strings.TrimSpace(e.Environment), environmentByte, '_')
	if e.Environment == "None" {
		e.Environment = ""
	}
	f.cut(&e.Environment, maxEnvironment, "environment")
	e.Fingerprint = keepEnds(f, e.Fingerprint, maxPrints, "fingerprint parts")
	e.Fingerprint = rewrite(f, e.Fingerprint, func(s *string) { f.cut(s, maxName, "fingerprint") })
	if e.SDK.Name == "" || e.SDK.Version == "" {
		e.SDK = event.SDK{Name: ClientName, Version: unknownVersion}
	}
	f.cut(&e.SDK.Name, maxLogger, "sdk")
	f.cut(&e.SDK.Version, maxLogger, "sdk")
}

func (f *fitter) logEntry(e *event.Event) {
	if e.LogEntry == nil {
		return
	}
	l := *e.LogEntry
	f.cut(&l.Message, maxText, "message")
	f.cut(&l.Formatted, maxText, "message")
	if l.Formatted == "" {
		l.Formatted = l.Message
	}
	if len(l.Params) > 0 {
		l.Params, _ = f.bag(l.Params, bytesContext, "message parameters").([]any)
	}
	e.LogEntry = &l
}

func (f *fitter) user(e *event.Event) {
	if e.User == nil {
		return
	}
	u := *e.User
	for _, field := range []*string{&u.ID, &u.Email, &u.Username, &u.Name, &u.IPAddress} {
		f.cut(field, maxName, "user")
	}
	e.User = &u
}

func (f *fitter) request(e *event.Event) {
	if e.Request == nil {
		return
	}
	r := *e.Request
	f.cut(&r.URL, maxURL, "request URL")
	f.cut(&r.Method, maxLogger, "request method")
	f.cut(&r.QueryString, maxURL, "query string")
	f.cut(&r.Cookies, maxURL, "cookies")
	r.Headers = f.words(r.Headers, bytesContext, "request headers")
	r.Env = f.words(r.Env, bytesContext, "request environment")
	r.Data = f.bag(r.Data, bytesContext, "request data")
	e.Request = &r
}

// tags gives keys the characters and the length that every server takes.
func (f *fitter) tags(tags map[string]string) map[string]string {
	if tagsFit(tags) {
		return tags
	}
	out := make(map[string]string, min(len(tags), maxTags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		name := replaceBytes(key, tagKeyByte, '_')
		name = name[:min(len(name), maxTagKey)]
		value := strings.TrimSpace(replaceBytes(tags[key], notBreak, ' '))
		if name == "" || value == "" {
			continue
		}
		if _, taken := out[name]; taken || len(out) >= maxTags {
			f.note("tags left out")
			continue
		}
		f.cut(&value, maxTagValue, "tag "+name)
		out[name] = value
	}
	return out
}

func tagsFit(tags map[string]string) bool {
	for key, value := range tags {
		if key == "" || len(key) > maxTagKey || value == "" || len(value) > maxTagValue ||
			!consistsOf(key, tagKeyByte) || !consistsOf(value, notBreak) || value != strings.TrimSpace(value) {
			return false
		}
	}
	return len(tags) <= maxTags
}

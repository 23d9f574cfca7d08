package event

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// AppendJSON appends e as the JSON object of an item "event" and returns the
// extended slice. It never fails: what JSON cannot hold is written as text or null.
//
// The bytes are those of encoding/json with these differences, each of which a
// server has been seen to mind: times are UTC with microseconds and Z, the zero
// time is left out, as are a stack without frames and an empty list of values;
// NUL is removed (Postgres cannot store \u0000) and invalid UTF-8 becomes U+FFFD;
// <, > and & stand for themselves. Maps are written in the order of their keys,
// so equal events give equal bytes.
func (e *Event) AppendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	dst = appendText(appendKey(dst, "event_id"), e.EventID)
	dst = moment(dst, "timestamp", e.Timestamp)
	dst = text(dst, "platform", e.Platform)
	dst = text(dst, "level", string(e.Level))
	dst = text(dst, "logger", e.Logger)
	dst = text(dst, "transaction", e.Transaction)
	dst = text(dst, "server_name", e.ServerName)
	dst = text(dst, "release", e.Release)
	dst = text(dst, "dist", e.Dist)
	dst = text(dst, "environment", e.Environment)
	dst = e.LogEntry.field(dst)
	if e.Exception != nil {
		dst = list(dst, "exception", e.Exception.Values, (*Exception).append)
	}
	if e.Threads != nil {
		dst = list(dst, "threads", e.Threads.Values, (*Thread).append)
	}
	if e.Breadcrumbs != nil {
		dst = list(dst, "breadcrumbs", e.Breadcrumbs.Values, (*Breadcrumb).append)
	}
	dst = e.User.field(dst)
	dst = e.Request.field(dst)
	dst = words(dst, "tags", e.Tags)
	dst = object(dst, "contexts", e.Contexts)
	dst = object(dst, "extra", e.Extra)
	dst = words(dst, "modules", e.Modules)
	dst = texts(dst, "fingerprint", e.Fingerprint)
	dst = append(appendKey(dst, "sdk"), '{')
	dst = appendText(appendKey(dst, "name"), e.SDK.Name)
	dst = appendText(appendKey(dst, "version"), e.SDK.Version)
	return append(dst, '}', '}')
}

func (l *LogEntry) field(dst []byte) []byte {
	if l == nil {
		return dst
	}
	dst = append(appendKey(dst, "logentry"), '{')
	dst = text(dst, "message", l.Message)
	if len(l.Params) > 0 {
		dst = appendSlice(appendKey(dst, "params"), l.Params, 0)
	}
	dst = appendText(appendKey(dst, "formatted"), l.Formatted)
	return append(dst, '}')
}

func (x *Exception) append(dst []byte) []byte {
	dst = append(dst, '{')
	dst = text(dst, "type", x.Type)
	dst = appendText(appendKey(dst, "value"), x.Value)
	dst = text(dst, "module", x.Module)
	dst = text(dst, "thread_id", x.ThreadID)
	dst = x.Stacktrace.field(dst)
	dst = x.Mechanism.field(dst)
	return append(dst, '}')
}

func (m *Mechanism) field(dst []byte) []byte {
	if m == nil {
		return dst
	}
	dst = append(appendKey(dst, "mechanism"), '{')
	dst = appendText(appendKey(dst, "type"), m.Type)
	dst = choice(dst, "handled", m.Handled)
	dst = flag(dst, "synthetic", m.Synthetic)
	dst = text(dst, "source", m.Source)
	dst = numeral(dst, "exception_id", m.ExceptionID)
	dst = numeral(dst, "parent_id", m.ParentID)
	dst = flag(dst, "is_exception_group", m.IsExceptionGroup)
	dst = text(dst, "description", m.Description)
	dst = text(dst, "help_link", m.HelpLink)
	dst = object(dst, "data", m.Data)
	dst = object(dst, "meta", m.Meta)
	return append(dst, '}')
}

// field leaves out a stack without frames: the schema refuses "frames":[].
func (s *Stacktrace) field(dst []byte) []byte {
	if s == nil || len(s.Frames) == 0 {
		return dst
	}
	dst = append(appendKey(dst, "stacktrace"), `{"frames":[`...)
	for i := range s.Frames {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = s.Frames[i].append(dst)
	}
	return append(dst, ']', '}')
}

func (f *Frame) append(dst []byte) []byte {
	dst = append(dst, '{')
	dst = text(dst, "function", f.Function)
	dst = text(dst, "raw_function", f.RawFunction)
	dst = text(dst, "symbol", f.Symbol)
	dst = text(dst, "module", f.Module)
	dst = text(dst, "package", f.Package)
	dst = text(dst, "filename", f.Filename)
	dst = text(dst, "abs_path", f.AbsPath)
	dst = position(dst, "lineno", f.Lineno)
	dst = position(dst, "colno", f.Colno)
	dst = texts(dst, "pre_context", f.PreContext)
	dst = text(dst, "context_line", f.ContextLine)
	dst = texts(dst, "post_context", f.PostContext)
	dst = choice(dst, "in_app", f.InApp)
	dst = flag(dst, "stack_start", f.StackStart)
	dst = object(dst, "vars", f.Vars)
	dst = text(dst, "platform", f.Platform)
	dst = text(dst, "instruction_addr", f.InstructionAddr)
	dst = text(dst, "symbol_addr", f.SymbolAddr)
	dst = text(dst, "image_addr", f.ImageAddr)
	dst = text(dst, "addr_mode", f.AddrMode)
	return append(dst, '}')
}

func (t *Thread) append(dst []byte) []byte {
	dst = append(dst, '{')
	dst = appendText(appendKey(dst, "id"), t.ID)
	dst = text(dst, "name", t.Name)
	dst = text(dst, "state", t.State)
	dst = flag(dst, "crashed", t.Crashed)
	dst = flag(dst, "current", t.Current)
	dst = flag(dst, "main", t.Main)
	dst = t.Stacktrace.field(dst)
	return append(dst, '}')
}

func (b *Breadcrumb) append(dst []byte) []byte {
	dst = append(dst, '{')
	dst = moment(dst, "timestamp", b.Timestamp)
	dst = text(dst, "type", b.Type)
	dst = text(dst, "category", b.Category)
	dst = text(dst, "message", b.Message)
	dst = object(dst, "data", b.Data)
	dst = text(dst, "level", string(b.Level))
	return append(dst, '}')
}

func (u *User) field(dst []byte) []byte {
	if u == nil {
		return dst
	}
	dst = append(appendKey(dst, "user"), '{')
	dst = text(dst, "id", u.ID)
	dst = text(dst, "email", u.Email)
	dst = text(dst, "username", u.Username)
	dst = text(dst, "name", u.Name)
	dst = text(dst, "ip_address", u.IPAddress)
	return append(dst, '}')
}

func (r *Request) field(dst []byte) []byte {
	if r == nil {
		return dst
	}
	dst = append(appendKey(dst, "request"), '{')
	dst = text(dst, "url", r.URL)
	dst = text(dst, "method", r.Method)
	dst = text(dst, "query_string", r.QueryString)
	dst = words(dst, "headers", r.Headers)
	dst = text(dst, "cookies", r.Cookies)
	if r.Data != nil {
		dst = AppendValue(appendKey(dst, "data"), r.Data)
	}
	dst = words(dst, "env", r.Env)
	return append(dst, '}')
}

// appendKey writes a fixed key, with a comma unless it is the first of its object.
// No value ends in an opening brace, so the last byte tells.
func appendKey(dst []byte, key string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, key...)
	return append(dst, '"', ':')
}

// text, flag, choice, numeral, position, moment, texts, words, object and list
// write one field and leave it out when it is empty.
func text(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	return appendText(appendKey(dst, key), value)
}

func flag(dst []byte, key string, value bool) []byte {
	if !value {
		return dst
	}
	return append(appendKey(dst, key), "true"...)
}

func choice(dst []byte, key string, value *bool) []byte {
	if value == nil {
		return dst
	}
	return strconv.AppendBool(appendKey(dst, key), *value)
}

func numeral(dst []byte, key string, value *int) []byte {
	if value == nil {
		return dst
	}
	return strconv.AppendInt(appendKey(dst, key), int64(*value), 10)
}

func position(dst []byte, key string, value int) []byte {
	if value == 0 {
		return dst
	}
	return strconv.AppendInt(appendKey(dst, key), int64(value), 10)
}

func moment(dst []byte, key string, value time.Time) []byte {
	if value.IsZero() || !writable(value) {
		return dst
	}
	return appendTime(appendKey(dst, key), value)
}

func texts(dst []byte, key string, values []string) []byte {
	if len(values) == 0 {
		return dst
	}
	return appendTexts(appendKey(dst, key), values)
}

func words(dst []byte, key string, values map[string]string) []byte {
	if len(values) == 0 {
		return dst
	}
	return appendWords(appendKey(dst, key), values)
}

func object(dst []byte, key string, values map[string]any) []byte {
	if len(values) == 0 {
		return dst
	}
	return appendObject(appendKey(dst, key), values, 0)
}

func list[T any](dst []byte, key string, values []T, one func(*T, []byte) []byte) []byte {
	if len(values) == 0 {
		return dst
	}
	dst = append(appendKey(dst, key), `{"values":[`...)
	for i := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(&values[i], dst)
	}
	return append(dst, ']', '}')
}

// sortedKeys appends the keys of values to keys, sorted. Callers pass a small
// array of their own, so that the usual map costs no allocation.
func sortedKeys[V any](keys []string, values map[string]V) []string {
	keys = slices.AppendSeq(keys, maps.Keys(values))
	slices.Sort(keys)
	return keys
}

package scrub

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/tracetail/tracetail/internal/event"
)

// fieldRule is a rule of the user's that names fields of events.
type fieldRule struct {
	paths  [][]string
	re     *regexp.Regexp // nil: the whole field
	det    detector
	remove bool
}

// untouchable are the fields without which a server refuses an event or puts it in the
// wrong place.
var untouchable = map[string]bool{"event_id": true, "timestamp": true, "platform": true, "level": true, "sdk": true}

// checkPath says what is wrong with the path of a field.
func checkPath(path string) error {
	parts := strings.Split(path, ".")
	for _, p := range parts {
		if p == "" {
			return fmt.Errorf("%q has an empty part; write names with single dots between, such as extra.customer.*", path)
		}
	}
	if untouchable[parts[0]] {
		return fmt.Errorf("%q cannot be changed: servers refuse an event without it", path)
	}
	if parts[0] != "*" && parts[0] != "**" && !isEventField(parts[0]) {
		return fmt.Errorf("%q is no field of an event; a path begins with one of %s", parts[0], strings.Join(eventFields(), ", "))
	}
	return nil
}

// eventFields lists the names with which a path may begin.
func eventFields() (names []string) {
	t := reflect.TypeFor[event.Event]()
	for i := range t.NumField() {
		if name := jsonName(t.Field(i)); !untouchable[name] {
			names = append(names, name)
		}
	}
	return names
}

func isEventField(name string) bool {
	for _, n := range eventFields() {
		if n == name {
			return true
		}
	}
	return false
}

// jsonName is the name that a field of a struct has in the event.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// fields applies the rules that name fields, before all others look at the event.
func (s *Scrubber) fields(e *event.Event) {
	for i := range s.fieldRules {
		r := &s.fieldRules[i]
		for _, path := range r.paths {
			s.walkFields(r, path, reflect.ValueOf(e).Elem(), 0)
		}
	}
}

// walkFields steps from v along path and applies r where the path ends. Lists, and the
// object that holds nothing but the list "values", are no step of a path.
func (s *Scrubber) walkFields(r *fieldRule, path []string, v reflect.Value, depth int) {
	if depth > 2*deepest || !v.IsValid() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			s.walkFields(r, path, v.Elem(), depth)
		}
	case reflect.Interface:
		s.walkInterface(r, path, v, depth)
	case reflect.Slice:
		for i := range v.Len() {
			s.walkFields(r, path, v.Index(i), depth+1)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			switch name := jsonName(f); {
			case name == "values":
				s.walkFields(r, path, v.Field(i), depth)
			case depth > 0 || !untouchable[name]:
				s.step(path, name, func(rest []string) {
					s.walkField(r, rest, v.Field(i), depth)
				})
			}
		}
	case reflect.Map:
		s.walkMap(r, path, v, depth)
	}
}

// step calls f with what is left of path behind name, for every way in which it fits.
func (s *Scrubber) step(path []string, name string, f func(rest []string)) {
	if len(path) == 0 {
		return
	}
	switch head := path[0]; {
	case head == "**":
		if len(path) > 1 && (path[1] == "*" || strings.EqualFold(path[1], name)) {
			f(path[2:])
		}
		if len(path) == 1 {
			f(nil)
			return
		}
		f(path)
	case head == "*" || strings.EqualFold(head, name):
		f(path[1:])
	}
}

// walkField applies r to v if the path ends here, or goes on.
func (s *Scrubber) walkField(r *fieldRule, rest []string, v reflect.Value, depth int) {
	if len(rest) > 0 {
		s.walkFields(r, rest, v, depth+1)
		return
	}
	s.applyTo(r, v, depth)
}

// walkInterface goes into a value of data. What is in an interface cannot be set, so
// a changed copy is.
func (s *Scrubber) walkInterface(r *fieldRule, path []string, v reflect.Value, depth int) {
	if v.IsNil() {
		return
	}
	inner := reflect.New(v.Elem().Type()).Elem()
	inner.Set(v.Elem())
	s.walkFields(r, path, inner, depth)
	v.Set(inner)
}

// walkMap steps over the members of a map.
func (s *Scrubber) walkMap(r *fieldRule, path []string, m reflect.Value, depth int) {
	for _, k := range m.MapKeys() {
		s.step(path, k.String(), func(rest []string) {
			old := m.MapIndex(k)
			if !old.IsValid() {
				return
			}
			if len(rest) == 0 && r.remove && r.re == nil {
				m.SetMapIndex(k, reflect.Value{})
				s.stats.count(r.det)
				return
			}
			member := reflect.New(m.Type().Elem()).Elem()
			member.Set(old)
			s.walkField(r, rest, member, depth)
			m.SetMapIndex(k, member)
		})
	}
}

// applyTo masks all text and all numbers in v.
func (s *Scrubber) applyTo(r *fieldRule, v reflect.Value, depth int) {
	if depth > 2*deepest {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(s.applyText(r, v.String()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			s.applyTo(r, v.Elem(), depth+1)
		}
	case reflect.Interface:
		s.applyInterface(r, v, depth)
	case reflect.Slice:
		for i := range v.Len() {
			s.applyTo(r, v.Index(i), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			s.applyTo(r, v.Field(i), depth+1)
		}
	case reflect.Map:
		s.walkMap(r, []string{"*"}, v, depth+1)
	}
}

// applyInterface masks a value of data; a number that is masked becomes a string.
func (s *Scrubber) applyInterface(r *fieldRule, v reflect.Value, depth int) {
	if v.IsNil() {
		return
	}
	if text, ok := digitsOf(v.Interface()); ok {
		if masked := s.applyText(r, text); masked != text {
			v.Set(reflect.ValueOf(masked))
		}
		return
	}
	inner := reflect.New(v.Elem().Type()).Elem()
	inner.Set(v.Elem())
	s.applyTo(r, inner, depth+1)
	v.Set(inner)
}

// applyText masks text, or what the expression of r matches in it.
func (s *Scrubber) applyText(r *fieldRule, text string) string {
	if text == "" || s.isReplacement(bytesOf(text)) {
		return text
	}
	if r.re == nil {
		s.stats.count(r.det)
		v := []byte(text)
		keep := s.keepOf(r.det, len(v))
		return string(append(s.appendReplacement(nil, r.det, v), v[len(v)-keep:]...))
	}
	var out []byte
	at := 0
	for _, m := range r.re.FindAllStringSubmatchIndex(text, -1) {
		if len(m) >= 4 && m[2] >= 0 {
			m = m[2:]
		}
		if m[0] == m[1] {
			continue
		}
		s.stats.count(r.det)
		v := []byte(text[m[0]:m[1]])
		out = s.appendReplacement(append(out, text[at:m[0]]...), r.det, v)
		at = m[1] - s.keepOf(r.det, len(v))
	}
	return string(append(out, text[at:]...))
}

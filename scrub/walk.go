package scrub

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Data comes from parsers, which read JSON lines, logfmt fields and the variables of
// frames: maps, lists, strings, numbers. Other types are turned into JSON first, so that
// no type that somebody adds later can carry a secret past.

// deepest is how many levels of nested values are looked into. What lies deeper is
// replaced: no program nests what a person should read that deep.
const deepest = 10

// mostNodes bounds how many values of an event are looked into; what is beyond is
// replaced.
const mostNodes = 1 << 17

// object masks the members of m in place, by their names and their text. A name that
// is itself a secret is masked, too.
func (s *Scrubber) object(m map[string]any, depth int) {
	renamed := false
	for k, v := range m {
		masked, ok := s.byKey(k, v)
		if !ok {
			masked = s.value(k, v, depth+1)
		}
		m[k] = masked
		renamed = renamed || s.find(bytesOf(k))
	}
	if renamed {
		rename(s, m)
	}
}

// strings is object for strings.
func (s *Scrubber) strings(m map[string]string) {
	renamed := false
	for k, v := range m {
		if masked, ok := s.byKey(k, v); ok {
			m[k] = masked.(string)
		} else {
			m[k] = s.maskUnder(k, v)
		}
		renamed = renamed || s.find(bytesOf(k))
	}
	if renamed {
		rename(s, m)
	}
}

// rename masks the names of m that are secrets.
func rename[T any](s *Scrubber, m map[string]T) {
	for _, k := range slices.Collect(maps.Keys(m)) {
		if masked := s.String(k); masked != k {
			m[masked] = m[k]
			delete(m, k)
		}
	}
}

// value masks v, which stands under the name key, and returns what to put in its place.
func (s *Scrubber) value(key string, v any, depth int) any {
	if s.nodes++; depth > deepest || s.nodes > mostNodes {
		return s.unknown(v)
	}
	switch v := v.(type) {
	case nil, bool, time.Time, time.Duration: // nothing to hide
		return v
	case string:
		return s.maskUnder(key, v)
	case map[string]any:
		s.object(v, depth)
		return v
	case map[string]string:
		s.strings(v)
		return v
	case []any:
		for i := range v {
			v[i] = s.value(key, v[i], depth+1)
		}
		return v
	case []string:
		for i := range v {
			v[i] = s.maskUnder(key, v[i])
		}
		return v
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return s.number(key, v, fmt.Sprint(v))
	case float64:
		return s.number(key, v, strconv.FormatFloat(v, 'f', -1, 64))
	case float32:
		return s.number(key, v, strconv.FormatFloat(float64(v), 'f', -1, 32))
	case json.Number:
		return s.number(key, v, v.String())
	case []byte: // which JSON would turn into base64, where no detector sees anything
		return []byte(s.maskUnder(key, string(v)))
	case error:
		return s.maskUnder(key, v.Error())
	}
	return s.foreign(key, v, depth)
}

// foreign masks a value of a type of which nothing is known: it is turned into what
// it would be as JSON, and that is masked.
func (s *Scrubber) foreign(key string, v any, depth int) any {
	data, err := json.Marshal(v)
	if err != nil {
		return s.unknown(v)
	}
	var plain any
	if err := json.Unmarshal(data, &plain); err != nil {
		return s.unknown(v)
	}
	return s.value(key, plain, depth+1)
}

// unknown replaces what cannot be looked into.
func (s *Scrubber) unknown(v any) any {
	switch v.(type) {
	case nil, bool:
		return v
	}
	return s.replacementFor(detUnknown, "")
}

// maskUnder masks v, which stands under the name key: the name decides whether a number in
// it may be one of a card.
func (s *Scrubber) maskUnder(key, v string) string {
	s.under = key
	v = s.String(v)
	s.under = ""
	return v
}

// number masks v, printed as digits, if it is a card number or stands under a key that
// makes it secret. A number that is masked becomes a string.
func (s *Scrubber) number(key string, v any, text string) any {
	if masked := s.maskUnder(key, text); masked != text {
		return masked
	}
	return v
}

// texts masks the strings in v whatever their keys are.
func (s *Scrubber) texts(v any, depth int) any {
	if depth > deepest {
		return s.unknown(v)
	}
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = s.texts(x, depth+1)
		}
		return v
	case map[string]string:
		for k, x := range v {
			v[k] = s.String(x)
		}
		return v
	case []any:
		for i, x := range v {
			v[i] = s.texts(x, depth+1)
		}
		return v
	}
	return s.value("", v, depth)
}

// digitsOf prints a number as it would stand in JSON.
func digitsOf(v any) (string, bool) {
	switch v := v.(type) {
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return fmt.Sprint(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

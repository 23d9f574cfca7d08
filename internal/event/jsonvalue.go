package event

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// maxDepth bounds the nesting of free values, whatever a log contained. Servers
// keep 7 levels; the bound here only keeps a cycle from running for ever.
const maxDepth = 32

// AppendValue appends a free value (of extra, contexts, vars, data) as JSON, by
// the rules of [Event.AppendJSON]. Values deeper than 32 levels become null.
// Types without a rule of their own go through encoding/json first.
func AppendValue(dst []byte, value any) []byte {
	return appendValue(dst, value, 0)
}

func appendValue(dst []byte, value any, depth int) []byte {
	if depth > maxDepth {
		return append(dst, "null"...)
	}
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return appendText(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case uint64:
		return strconv.AppendUint(dst, v, 10)
	case float64:
		return appendFloat(dst, v)
	case json.Number:
		if isNumber(string(v)) {
			return append(dst, v...)
		}
		return appendText(dst, string(v))
	case map[string]any:
		return appendObject(dst, v, depth)
	case map[string]string:
		return appendWords(dst, v)
	case []any:
		return appendSlice(dst, v, depth)
	case []string:
		return appendTexts(dst, v)
	case time.Time:
		return appendTime(dst, v)
	}
	return appendOther(dst, value, depth)
}

// isNumber tells whether text is a number in JSON: whoever made it may have
// written anything.
func isNumber(text string) bool {
	return text != "" && (text[0] == '-' || text[0] >= '0' && text[0] <= '9') && json.Valid([]byte(text))
}

// appendOther lets encoding/json read a value of a type unknown here, and writes
// what it read: text hidden in it is cleaned like any other. What encoding/json
// refuses (a channel, a cycle) is null: no event is lost for one bad value.
func appendOther(dst []byte, value any, depth int) []byte {
	raw, err := json.Marshal(value)
	if err != nil {
		return append(dst, "null"...)
	}
	var plain any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&plain); err != nil {
		return append(dst, "null"...)
	}
	return appendPlain(dst, plain, depth)
}

// appendPlain ends the detour through encoding/json: a json.Number that comes
// out of the decoder is valid as it stands and must not take the detour again.
func appendPlain(dst []byte, value any, depth int) []byte {
	if depth > maxDepth {
		return append(dst, "null"...)
	}
	switch v := value.(type) {
	case json.Number:
		return append(dst, v...)
	case map[string]any:
		return appendMembers(dst, v, depth, appendPlain)
	case []any:
		return appendElements(dst, v, depth, appendPlain)
	}
	return appendValue(dst, value, depth)
}

func appendObject(dst []byte, values map[string]any, depth int) []byte {
	return appendMembers(dst, values, depth, appendValue)
}

func appendSlice(dst []byte, values []any, depth int) []byte {
	return appendElements(dst, values, depth, appendValue)
}

func appendMembers(dst []byte, values map[string]any, depth int, one func([]byte, any, int) []byte) []byte {
	if values == nil {
		return append(dst, "null"...)
	}
	var room [16]string
	dst = append(dst, '{')
	for _, key := range sortedKeys(room[:0], values) {
		dst = appendMapKey(dst, key)
		dst = one(dst, values[key], depth+1)
	}
	return append(dst, '}')
}

func appendElements(dst []byte, values []any, depth int, one func([]byte, any, int) []byte) []byte {
	if values == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for i, value := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(dst, value, depth+1)
	}
	return append(dst, ']')
}

func appendWords(dst []byte, values map[string]string) []byte {
	if values == nil {
		return append(dst, "null"...)
	}
	var room [16]string
	dst = append(dst, '{')
	for _, key := range sortedKeys(room[:0], values) {
		dst = appendText(appendMapKey(dst, key), values[key])
	}
	return append(dst, '}')
}

func appendTexts(dst []byte, values []string) []byte {
	if values == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for i, value := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendText(dst, value)
	}
	return append(dst, ']')
}

func appendMapKey(dst []byte, key string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(appendText(dst, key), ':')
}

// writable tells whether RFC 3339 can hold t. A server that cannot read a time
// loses the event, so a time beyond the year 9999 is never written.
func writable(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 0 && year <= 9999
}

// appendTime writes "2026-05-01T08:00:00.123456Z", quotes included.
func appendTime(dst []byte, t time.Time) []byte {
	if !writable(t) {
		return append(dst, "null"...)
	}
	return t.UTC().AppendFormat(dst, `"2006-01-02T15:04:05.000000Z"`)
}

// appendFloat writes the shortest form, as ECMAScript does. JSON has no word for
// infinity and not-a-number, so these are written as text.
func appendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		dst = strconv.AppendFloat(append(dst, '"'), f, 'g', -1, 64)
		return append(dst, '"')
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	dst = strconv.AppendFloat(dst, f, format, -1, 64)
	// ECMAScript writes e-7 where Go writes e-07.
	if n := len(dst); format == 'e' && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// plainByte marks the bytes that stand for themselves inside a JSON string.
var plainByte = func() (plain [256]bool) {
	for c := 0x20; c < utf8.RuneSelf; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

const hexDigits = "0123456789abcdef"

// appendText writes s as a JSON string: quoted, NUL removed, invalid UTF-8 as U+FFFD.
func appendText(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plainByte[c] {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscaped(dst, c)
		i += size
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// appendEscaped writes a byte that cannot stand for itself.
func appendEscaped(dst []byte, c byte) []byte {
	switch {
	case c == 0:
		return dst
	case c >= utf8.RuneSelf:
		return append(dst, "\uFFFD"...)
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c == '\n':
		return append(dst, '\\', 'n')
	case c == '\t':
		return append(dst, '\\', 't')
	case c == '\r':
		return append(dst, '\\', 'r')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

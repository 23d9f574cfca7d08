package shipper

import (
	"strings"
	"unicode/utf8"
)

// ellipsis ends a text that was cut, as Relay's own trimming does.
const ellipsis = "..."

// masked are the placeholders that stay whole: half of one would look like text.
var masked = []string{"[Filtered]", "[ip]", "[email]"}

// cutEnd shortens s to at most limit runes, ellipsis included, keeping its
// beginning. limit is at least 4. It never cuts inside a rune or a placeholder.
func cutEnd(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	keep := limit - len(ellipsis)
	end, runes := -1, 0
	for i := range s {
		if runes == keep {
			end = i
		}
		if runes++; runes > limit {
			return s[:beforePlaceholder(s, end)] + ellipsis
		}
	}
	return s
}

// cutStart shortens s like cutEnd, keeping its end: of a path, the end tells most.
func cutStart(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	keep := limit - len(ellipsis)
	start, runes := -1, 0
	for i := len(s); i > 0; {
		if runes == keep {
			start = i
		}
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
		if runes++; runes > limit {
			return ellipsis + s[afterPlaceholder(s, start):]
		}
	}
	return s
}

// beforePlaceholder moves a cut at byte at in front of the placeholder it would split.
func beforePlaceholder(s string, at int) int {
	if start, _, inside := placeholderAt(s, at); inside {
		return start
	}
	return at
}

func afterPlaceholder(s string, at int) int {
	if _, end, inside := placeholderAt(s, at); inside {
		return end
	}
	return at
}

func placeholderAt(s string, at int) (start, end int, inside bool) {
	for _, word := range masked {
		from := max(0, at-len(word)+1)
		to := min(len(s), at+len(word)-1)
		if i := strings.Index(s[from:to], word); i >= 0 {
			return from + i, from + i + len(word), true
		}
	}
	return 0, 0, false
}

// replaceBytes returns s with every byte that is not allowed replaced by with. It
// is for ASCII fields; bytes of longer runes are asked for one by one.
func replaceBytes(s string, allowed func(byte) bool, with byte) string {
	if consistsOf(s, allowed) {
		return s
	}
	out := []byte(s)
	for i, c := range out {
		if !allowed(c) {
			out[i] = with
		}
	}
	return string(out)
}

func notBreak(c byte) bool    { return c != '\n' && c != '\r' && c != 0 }
func releaseByte(c byte) bool { return notBreak(c) && c != '\t' && c != '\f' && c != '/' && c != '\\' }
func environmentByte(c byte) bool {
	return notBreak(c) && c != ' ' && c != '\t' && c != '\f' && c != '/'
}
func distByte(c byte) bool { return tagKeyByte(c) && c != ':' }

func tagKeyByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '-' || c == '_' || c == '.' || c == ':'
}

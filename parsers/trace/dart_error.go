package trace

import (
	"slices"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// dartSayings are the texts of the errors of Dart's own library, which do not
// begin with the name of their class.
var dartSayings = [...]struct{ begins, typ string }{
	{"Bad state: ", "StateError"},
	{"Invalid argument", "ArgumentError"},
	{"Unsupported operation: ", "UnsupportedError"},
	{"Concurrent modification during iteration: ", "ConcurrentModificationError"},
	{"Null check operator used on a null value", "TypeError"},
	{"type '", "TypeError"},
	{"Stack Overflow", "StackOverflowError"},
	{"Out of Memory", "OutOfMemoryError"},
	{"Assertion failed", "AssertionError"},
	{"Failed assertion: ", "AssertionError"},
	{"Closure call with mismatched arguments", "NoSuchMethodError"},
	{"Reading static variable ", "CyclicInitializationError"},
	{"A RenderFlex overflowed by ", "FlutterError"},
}

// dartError takes the text of an error apart. sure is false where nothing says that it is one.
//
//	FormatException: Unexpected character (at character 1)
//	RangeError (index): Invalid value: Not in inclusive range 0..2: 5
//	PlatformException(code, message, null, null)
//	'package:acme/pay.dart': Failed assertion: line 5 pos 10: 'cents > 0': is not true.
func dartError(s string) (typ, value string, sure bool) {
	s = strings.TrimPrefix(s, "Uncaught Error: ")
	for _, x := range dartSayings {
		if strings.HasPrefix(s, x.begins) {
			return x.typ, s, true
		}
	}
	if rest, ok := strings.CutPrefix(s, "Instance of '"); ok {
		typ, _, ok = strings.Cut(rest, "'")
		return typ, s, ok
	}
	if at := strings.Index(s, "': Failed assertion: line "); at > 0 && s[0] == '\'' {
		return "AssertionError", s, true
	}
	n := dartName(s)
	if n == 0 {
		return dartUntyped(s)
	}
	name := s[:n]
	typ = strings.TrimLeft(name, "_")
	if at := strings.IndexByte(typ, '<'); at > 0 {
		typ = typ[:at]
	}
	rest := s[n:]
	strong := dartNamedAsError(typ)
	switch {
	case rest == "":
		return typ, "", strong
	case strings.HasPrefix(rest, ": "):
		return typ, rest[2:], strong
	case strings.HasPrefix(rest, ":\n"), rest == ":":
		return typ, strings.TrimSpace(rest[1:]), strong
	case strong && rest[0] == '(':
		return typ, strings.TrimSuffix(rest[1:], ")"), true
	case strong && (rest[0] == '\n' || rest[0] == '{'), strong && rest[0] == ' ' && (len(rest) > 1 && (rest[1] == '(' || rest[1] == '[' || strings.HasPrefix(rest, " after "))):
		return typ, strings.TrimSpace(rest), true
	}
	return dartUntyped(s)
}

// dartUntyped is an error whose toString says only what it likes.
func dartUntyped(s string) (typ, value string, sure bool) {
	if s == "" {
		return "", "", false // the record's words are all there is
	}
	return "Error", s, false
}

// dartName measures the name of a class at the start of s.
func dartName(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n] == '$' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && isDigit(s[n])) {
		n++
	}
	if n == 0 || strings.Trim(s[:n], "_$") == "" {
		return 0
	}
	if c := strings.TrimLeft(s[:n], "_$")[0]; c < 'A' || c > 'Z' {
		return 0
	}
	if n < len(s) && s[n] == '<' {
		if end := strings.IndexByte(s[n:], '>'); end > 0 && end < 80 {
			n += end + 1
		}
	}
	return n
}

func dartNamedAsError(typ string) bool {
	for _, end := range [...]string{"Exception", "Error", "Failure", "Fault"} {
		if strings.HasSuffix(typ, end) {
			return true
		}
	}
	return false
}

// dartInline finds an error behind other words: "charge failed: SocketException: refused".
func dartInline(s string) (lead, rest string) {
	line, _, _ := strings.Cut(s, "\n")
	for i := 0; i < len(line); i++ {
		if i > 0 && line[i-1] != ' ' {
			continue
		}
		n := dartName(line[i:])
		if i == 0 || n == 0 {
			i += n
			continue
		}
		if after := line[i+n:]; dartNamedAsError(line[i:i+n]) && (after == "" || after[0] == ':' || after[0] == '(') {
			return strings.TrimRight(line[:i], " :,;-("), s[i:]
		}
		i += n
	}
	return "", ""
}

// dartReadBanner reads what FlutterError.dumpErrorToConsole prints.
//
//	══╡ EXCEPTION CAUGHT BY WIDGETS LIBRARY ╞════
//	The following StateError was thrown building PayPage(dirty):
//	Bad state: No element
func dartReadBanner(lines []span) Trace {
	title := strings.Trim(string(lines[0]), "═╡╞ ")
	library := strings.ToLower(title[strings.Index(strings.ToLower(title), " by ")+len(" by "):])
	typ, doing, at := "", "", len(lines)
	for i, l := range lines[1:] {
		if typ, doing = dartThrown(string(l.trim())); typ != "" {
			at = i + 2
			break
		}
	}
	var text []string
	for ; at < len(lines) && len(lines[at].trim()) > 0 && !dartIsRow(lines[at]) && !dartIsRule(lines[at]); at++ {
		text = append(text, string(lines[at].trim()))
	}
	t := dartTrace(strings.Join(text, "\n"), dartFrames(lines))
	x := &t.Exceptions[0]
	if said := strings.TrimLeft(typ, "_"); said != "" && said != "assertion" && said != "message" {
		x.Type = said
	} else if x.Type == "Error" || x.Type == "" {
		x.Type = "FlutterError"
	}
	x.Mechanism = &event.Mechanism{Type: "FlutterError", Handled: new(true), Data: map[string]any{"library": library}}
	t.Level = event.Error // Android's log has it at info
	if doing != "" {
		x.Mechanism.Data["hint"] = "thrown " + doing
	}
	return t
}

// dartThrown reads "The following StateError was thrown while handling a gesture:".
func dartThrown(s string) (typ, doing string) {
	rest, ok := strings.CutPrefix(s, "The following ")
	if !ok {
		return "", ""
	}
	typ, doing, ok = strings.Cut(rest, " was thrown")
	if !ok {
		return "", ""
	}
	typ = strings.TrimSuffix(typ, " object")
	return typ, strings.TrimSpace(strings.TrimSuffix(doing, ":"))
}

// dartReadBox reads a box of package:logger: error, rows and message, each
// behind a rule of its own. A box without an error's sign is an ordinary record.
func dartReadBox(lines []span) (Trace, bool) {
	var parts [][]span
	for _, l := range lines {
		t := l.trim()
		if !t.has("│") {
			parts = append(parts, nil)
			continue
		}
		if len(parts) == 0 {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], t[len("│"):].trim())
	}
	parts = slices.DeleteFunc(parts, func(p []span) bool { return len(p) == 0 })
	if len(parts) == 0 {
		return Trace{}, false
	}
	last := parts[len(parts)-1]
	level := dartSign(last[0])
	message := strings.TrimSpace(strings.TrimLeft(dartJoin(last), "🐛💡⚠️⛔👾🔥"))
	rows := slices.IndexFunc(parts, func(p []span) bool { return dartIsRow(p[0]) })
	title, lead := "", message
	var frames []event.Frame
	switch {
	case rows == 0:
		frames = dartFrames(parts[0])
	case rows > 0:
		title, frames = dartJoin(parts[0]), dartFrames(parts[rows])
	case len(parts) > 1:
		title = dartJoin(parts[0])
	}
	if title == "" {
		if level != "error" && level != "fatal" {
			return Trace{}, false
		}
		title, lead = message, ""
	}
	t := dartTrace(title, frames)
	t.Lead, t.Level = lead, event.Level(level)
	return t, true
}

func dartJoin(lines []span) string {
	var out []string
	for _, l := range lines {
		out = append(out, string(l))
	}
	return strings.Join(out, "\n")
}

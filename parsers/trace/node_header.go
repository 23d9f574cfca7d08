package trace

import "bytes"

// nodeTitle is a header line taken apart; the slices are parts of the line.
type nodeTitle struct {
	lead    span // what a logger printed before the error
	name    span // TypeError
	code    span // ERR_ASSERTION
	value   span
	props   span // of a bracketed error, what stands on the same line
	grade   int  // 0 if the line is no header
	inline  bool // the error begins in the middle of the line
	bracket bool // [Error: text]: an error without frames
	warning bool // a warning or console.trace: a stack, but no error
	died    bool // the line itself says that nobody caught it
}

// nodeHeader reads [prefixes] name [" [CODE]"] [": " message], or finds it
// behind other text ("settle failed: RangeError: negative amount").
func nodeHeader(line span) (h nodeTitle) {
	t := line.trim()
	whole := t
	if rest := nodeWarned(t); rest != nil {
		if !rest.has(nodeRejection) {
			h = nodeHeader(rest)
			h.warning, h.grade = true, nodeSure
			return h
		}
		t, h.died = rest[len(nodeRejection):], true
		whole, h.value = t, t
	}
	t = nodeUnreferenced(t)
	for _, p := range nodePrefixes {
		if t.has(p) {
			h.died = h.died || span(p).ends("Uncaught ")
			t = t[len(p):].left()
		}
	}
	if n := nodeCausedBy(t); n > 0 {
		t = t[n:].left()
	}
	if h.bracketed(t) {
		return h
	}
	if h.named(t) && h.grade == nodeSure && !h.headed() {
		return h
	}
	if in := nodeInline(whole); in.grade > 0 {
		in.died = in.died || h.died
		return in
	}
	return h
}

// nodePrefixes are what stands between the margin and an error's name, in the
// order in which it may be piled up.
var nodePrefixes = [...]string{"[cause]: ", "<rejected> ", "⨯ ", "{ ", "error: Uncaught ", "Uncaught ", "(in promise) "}

// nodeUnreferenced strips util.inspect's mark of a circular object, "<ref *1> ".
func nodeUnreferenced(t span) span {
	if !t.has("<ref *") {
		return t
	}
	if end := bytes.Index(t[:min(len(t), 16)], []byte("> ")); end > 0 {
		return t[end+2:]
	}
	return t
}

// bracketed reads "[Error: text]", how errors without frames are inspected, with
// the properties that may follow it.
func (h *nodeTitle) bracketed(t span) bool {
	if len(t) < 3 || t[0] != '[' {
		return false
	}
	end := len(t) - 1
	if t[end] == '{' || t[end] == '}' {
		if end = bytes.LastIndex(t, []byte("] {")); end > 0 {
			h.props = t[end+3:]
		}
	} else if t[end] == ',' {
		end--
	}
	if end < 2 || t[end] != ']' || !h.named(t[1:end]) || h.grade != nodeSure {
		h.props = nil
		return false
	}
	h.bracket = true
	return true
}

// named reads name, code and message at the start of t.
func (h *nodeTitle) named(t span) bool {
	n := nodeNameLen(t)
	if n == 0 {
		return false
	}
	n += nodeNumbered(t[n:])
	name, rest := t[:n], t[n:]
	var code span
	if rest.has(" [") {
		if end := bytes.IndexByte(rest[:min(len(rest), 80)], ']'); end > 2 && bytes.IndexByte(rest[:end], ':') < 0 {
			code, rest = rest[2:end], rest[end+1:]
		}
	}
	switch {
	case len(rest) == 0:
		h.value = nil
	case rest[0] == ':' && (len(rest) == 1 || isBlank(rest[1])):
		h.value = rest[min(2, len(rest)):]
	default:
		return false
	}
	h.name, h.code = name, code
	h.grade = nodeNameGrade(name, len(rest) == 0 && len(code) == 0)
	if nodeNamedAsError(code) { // "Error [SequelizeDatabaseError]: x", "NoName [Error]: x": class and name differ
		if string(code) != "Error" {
			h.name = code
		}
		h.code, h.grade = nil, nodeSure
	}
	h.warning = string(name) == "Trace" || name.ends("Warning")
	return h.grade > 0
}

// nodeNumbered measures the number that some clients make part of the name, as in
// "DiscordAPIError[10062]: Unknown interaction".
func nodeNumbered(t span) int {
	i := 1
	for i < len(t) && i < 12 && isDigit(t[i]) {
		i++
	}
	if i > 1 && t[0] == '[' && t[i:].has("]: ") {
		return i + 1
	}
	return 0
}

// nodeNameLen measures an identifier, dots included.
func nodeNameLen(t span) (n int) {
	for n < len(t) {
		b := t[n]
		if !javaLetter(b) && !(n > 0 && (isDigit(b) || b == '.' && n+1 < len(t) && javaLetter(t[n+1]))) {
			break
		}
		n++
	}
	return n
}

// nodeNameGrade says how much a name looks like an error's. bare tells that nothing follows it.
func nodeNameGrade(name span, bare bool) int {
	switch upper := name[0] >= 'A' && name[0] <= 'Z'; {
	case upper && nodeNamedAsError(name), string(name) == "Trace":
		return nodeSure
	case upper || !bare:
		return nodeWeak
	}
	return 0
}

func nodeNamedAsError(name span) bool {
	return name.ends("Error") || name.ends("Exception") || name.ends("Rejection") || name.ends("Warning") || name.ends("Failure")
}

// nodeInline finds an error's name behind other text, at the first place where
// a word begins. Of "Uncaught Exception: TypeError: x" the words in front are a
// heading, not a name.
func nodeInline(t span) (h nodeTitle) {
	for i := 0; i < len(t); {
		n := nodeNameLen(t[i:])
		if n == 0 {
			i++
			continue
		}
		if i > 0 && (isBlank(t[i-1]) || t[i-1] == '[' || t[i-1] == '(') && h.named(t[i:]) && h.grade == nodeSure && !h.headed() {
			h.lead, h.inline = t[:i], true
			h.died = nodeSaysUncaught(h.lead)
			return h
		}
		i += n
	}
	return nodeTitle{}
}

// headed tells whether what was read is a heading and the error follows it:
// "Exception: TypeError: x".
func (h *nodeTitle) headed() bool {
	if string(h.name) != "Exception" && string(h.name) != "Rejection" {
		return false
	}
	var inner nodeTitle
	return inner.named(h.value) && inner.grade == nodeSure && len(inner.value) > 0
}

// nodeSaysUncaught tells whether the text in front of an error says that nobody
// caught it: what people write in their uncaughtException handlers.
func nodeSaysUncaught(lead span) bool {
	return bytes.Contains(lead, []byte("ncaught")) || bytes.Contains(lead, []byte("nhandled"))
}

// nodeUntitled reads the text above frames that has no name which plainly is an
// error's. The class of pg's errors is called error, and those of many services
// are two words in one: "upload failed NoSuchBucket: The bucket does not exist".
func nodeUntitled(text span) nodeTitle {
	h := nodeTitle{name: span("Error"), value: text}
	if at := bytes.Index(text, []byte(" error: ")); at > 0 {
		h.name, h.lead, h.value = text[at+1:at+6], text[:at], text[at+8:]
		return h
	}
	for h.value.has("[") { // "[nuxt] [request error] [unhandled] [500] "
		end := bytes.Index(h.value[:min(len(h.value), 40)], []byte("] "))
		if end < 0 || bytes.IndexByte(h.value[:end], ':') >= 0 {
			break
		}
		h.value = h.value[end+2:]
		h.lead = text[:len(text)-len(h.value)]
	}
	for i := 1; i < len(text); {
		n := nodeNameLen(text[i:])
		if n > 0 && text[i-1] == ' ' && text[i+n:].has(": ") && nodeTwoWords(text[i:i+n]) {
			h.name, h.lead, h.value = text[i:i+n], text[:i], text[i+n+2:]
			break
		}
		i += max(1, n)
	}
	h.died = nodeSaysUncaught(h.lead)
	return h
}

// nodeTwoWords tells a name such as "NoSuchBucket".
func nodeTwoWords(name span) bool {
	capitals, small := 0, false
	for _, b := range name {
		switch {
		case b >= 'A' && b <= 'Z':
			capitals++
		case b >= 'a' && b <= 'z':
			small = true
		case !isDigit(b):
			return false
		}
	}
	return capitals > 1 && small && name[0] >= 'A' && name[0] <= 'Z'
}

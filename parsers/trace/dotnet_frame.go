package trace

import "bytes"

// dotnetWords are the words for "at" of the languages in which .NET speaks.
var dotnetWords = []string{
	"at", "bei", "à", "en", "in", "em", "в", "w", "v", "konum:", "在", "於", "場所", "위치:", "bij", "op", "vid", "ved", "på", "a következő helyen:",
}

// dotnetCall is one frame as printed; the slices are parts of the line.
type dotnetCall struct {
	name   span // Acme.Outer.Method[T], without what the declaration adds
	params span
	file   span
	line   int
	unity  bool // a row of Unity's console
	fresh  bool // declared with "new": a constructor, demystified
	closes bool // "<---" ends a member of an AggregateException here
}

// dotnetFrame reads a frame; the grade is 0 if the line is none, dotnetWeak if
// it is one only inside a trace.
func dotnetFrame(l span) (c dotnetCall, grade int) {
	t := l.trim()
	if t.ends("<---") {
		c.closes, t = true, t[:len(t)-4].right()
	}
	if len(t) < 5 {
		return c, 0
	}
	rest := dotnetAt(t)
	if rest == nil {
		return c.unityRow(t)
	}
	method, place := c.location(rest)
	grade = c.method(method, place)
	if grade == dotnetWeak && (!t.has("at ") || l.indent() == 0 && !bytes.Contains(t, []byte("!<BaseAddress>"))) {
		return c, 0
	}
	if grade == dotnetSure && !t.has("at ") && l.indent() == 0 && place < dotnetSure && bytes.IndexByte(c.params, ' ') < 0 {
		grade = dotnetWeak
	}
	return c, grade
}

// dotnetAt takes the word for "at" off; nil if there is none.
func dotnetAt(t span) span {
	if t.has("at ") {
		return t[3:].left()
	}
	if t[0] >= 'A' && t[0] <= 'Z' {
		return nil
	}
	for _, w := range dotnetWords[1:] {
		if len(t) > len(w) && t[len(w)] == ' ' && t.has(w) {
			return t[len(w)+1:].left()
		}
	}
	return nil
}

// location takes the place off the end of a frame; sure is dotnetSure where only .NET writes it so.
//
//	A.B() in /src/A.cs:line 3    A.B() bei C:\A.cs:Zeile 3.    A.B () [0x00007] in /src/A.cs:3
//	A.B() + 0x1c in /src/A.cs:line 3    A.B () <0x40012 + 0x0001f> in <filename unknown>:0
func (c *dotnetCall) location(t span) (method span, sure int) {
	t = bytes.TrimSuffix(t, []byte("."))
	t = dotnetBarred(t)
	if t.ends(")") {
		if at := bytes.LastIndex(t, []byte(" (at ")); at > 0 && c.numbered(t[at+5:len(t)-1]) {
			c.unity = true
			return t[:at], dotnetSure
		}
		return t, 0
	}
	if at := bytes.LastIndex(t, []byte(" in <")); at > 0 && t.ends(">:0") { // Mono without debug symbols
		return dotnetOffset(t[:at]), dotnetSure
	}
	end := dotnetParams(t)
	if end < 0 {
		return t, 0
	}
	method, tail := t[:end], t[end:].left()
	if tail.has("[0x") {
		if shut := bytes.IndexByte(tail, ']'); shut > 0 {
			tail, sure = tail[shut+1:].left(), dotnetSure
		}
	}
	if tail.has("+ 0x") {
		sure = dotnetSure
		blank := bytes.IndexByte(tail[4:], ' ')
		if blank < 0 {
			return method, sure
		}
		tail = tail[4+blank:].left()
	}
	if tail.has("+") || tail.has("=>") { // a lambda or a local function, demystified
		if in := bytes.Index(tail, []byte(" in ")); in > 0 {
			method, tail = t[:len(t)-len(tail)+in], tail[in+1:]
		} else {
			return t, 0
		}
	}
	if len(tail) == 0 {
		return method, sure
	}
	word := bytes.IndexByte(tail, ' ')
	if word < 1 || word > 16 || !c.numbered(tail[word+1:]) {
		return t, 0
	}
	return method, dotnetSure
}

// dotnetBarred cuts off the columns with which a layout goes on behind an exception,
// "|url: http://pay/|action: Charge". Local functions have a bar in their names.
func dotnetBarred(t span) span {
	for p := 1; p < len(t); p++ {
		i := bytes.IndexByte(t[p:], '|')
		if i < 0 {
			break
		}
		if p += i; (isDigit(t[p-1]) || t[p-1] == ')') && (p+1 == len(t) || !isDigit(t[p+1])) {
			return t[:p]
		}
	}
	return t
}

// numbered reads file:12 and file:line 12, in which the word may be any.
func (c *dotnetCall) numbered(t span) bool {
	digits := len(t)
	for digits > 0 && isDigit(t[digits-1]) {
		digits--
	}
	n, ok := t[digits:].number()
	if !ok {
		return false
	}
	rest := t[:digits].right()
	colon := bytes.LastIndexByte(rest, ':')
	if colon < 1 || len(rest)-colon > 24 || bytes.ContainsAny(rest[colon+1:], "/\\.") {
		return false
	}
	c.file, c.line = rest[:colon].trim(), n
	return len(c.file) > 0
}

// dotnetOffset takes "[0x00021]" or "<0x40012 + 0x0001f>" off the end.
func dotnetOffset(t span) span {
	if t.ends("]") {
		if at := bytes.LastIndex(t, []byte(" [0x")); at > 0 {
			return t[:at]
		}
	}
	if t.ends(">") {
		if at := bytes.LastIndex(t, []byte(" <0x")); at > 0 {
			return t[:at]
		}
	}
	return t
}

// dotnetParams is the offset behind the parenthesis that closes the parameters; -1 if there is none.
func dotnetParams(t span) int {
	depth, from := 0, 0
	if t.has("(wrapper ") || t.has("(") { // Mono's marshalling code; a tuple that is returned
		if shut := bytes.Index(t, []byte(") ")); shut > 0 {
			from = shut + 2
		}
	}
	for i := from; i < len(t); i++ {
		switch t[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// method reads name and parameters.
func (c *dotnetCall) method(t span, place int) int {
	if t.has("(wrapper ") || t.has("(") && !t.has("()") {
		if shut := bytes.Index(t, []byte(") ")); shut > 0 {
			t = t[shut+2:]
		}
	}
	open := bytes.IndexByte(t, '(')
	if open < 0 {
		return c.bare(t, place)
	}
	if open == 0 {
		return 0
	}
	name := t[:open]
	spaced := isBlank(name[len(name)-1])
	name = name.right()
	end := dotnetParams(t)
	if end < 0 || end < len(t) && place == 0 && t[end] != '+' && !t[end:].has(" => ") {
		return 0
	}
	c.params = t[open+1 : end-1]
	if end < len(t) {
		c.params = t[open+1:]
	}
	declared := false
	c.name, declared = dotnetDeclared(name)
	if !dotnetName(c.name) {
		return 0
	}
	c.fresh = declared && name.has("new ")
	dotted := bytes.ContainsAny(c.name[1:], ".:!")
	switch {
	case place == dotnetSure && (dotted || c.line > 0):
		return dotnetSure
	case !dotted && !c.name.has("lambda_method") && !c.name.has("InvokeStub_"):
		return dotnetWeak
	case bytes.ContainsAny(c.params, ":/\\\"';{") || string(c.params) == "native" || string(c.params) == "native code":
		return 0
	case declared || !dotnetTyped(c.params, spaced):
		return dotnetWeak
	}
	return dotnetSure
}

// bare reads frames without parameters: Mono's "at <unknown> <0xffffffff>", .NET
// Native's "at App!<BaseAddress>+0x1234".
func (c *dotnetCall) bare(t span, place int) int {
	if bytes.Contains(t, []byte("!<BaseAddress>+0x")) || t.has("<unknown>") || t.has("<0x") || place == dotnetSure && bytes.IndexByte(t, ' ') < 0 && len(t) > 0 {
		c.name = t
		return dotnetWeak
	}
	return 0
}

// dotnetDeclared takes off what Ben.Demystifier prints before a name: "async
// Task<int>", "static void", "new". declared tells that something was there.
func dotnetDeclared(name span) (rest span, declared bool) {
	depth := 0
	for i := len(name) - 1; i >= 0; i-- {
		switch name[i] {
		case '>', ']', ')':
			depth++
		case '<', '[', '(':
			depth--
		case ' ':
			if depth == 0 {
				return name[i+1:], true
			}
		}
	}
	return name, false
}

// dotnetName rules out what no method's name holds.
func dotnetName(s span) bool {
	if len(s) == 0 || !javaLetter(s[0]) && s[0] != '<' {
		return false
	}
	for _, b := range s {
		switch b {
		case '(', ')', '{', '}', '"', '\'', ';', '\\', '\t', '%':
			return false
		}
	}
	return true
}

// dotnetTyped tells whether parameters are written as .NET writes them: "String
// id, Int32& n"; Mono, which sets a blank before the parenthesis, qualifies the types.
func dotnetTyped(params span, spaced bool) bool {
	for len(params) > 0 {
		one := params
		if comma := bytes.IndexByte(params, ','); comma >= 0 {
			one, params = params[:comma], params[comma+1:]
		} else {
			params = nil
		}
		one = one.trim()
		blanks := bytes.Count(one, []byte(" "))
		if blanks > 2 || spaced && bytes.IndexByte(one, '.') < 0 && blanks != 1 {
			return false
		}
		if len(one) > 0 && !javaLetter(one[0]) && bytes.IndexByte([]byte("<(`]"), one[0]) < 0 && !isDigit(one[0]) {
			return false
		}
	}
	return true
}

// unityRow reads "Player.Update () (at Assets/Scripts/Player.cs:12)".
func (c dotnetCall) unityRow(t span) (dotnetCall, int) {
	if !t.ends(")") || bytes.Index(t, []byte("(at ")) < 3 {
		return c, 0
	}
	method, place := c.location(t)
	if !c.unity || c.method(method, place) == 0 {
		return c, 0
	}
	return c, dotnetLikely
}

// dotnetColonRow tells whether t is a row of Unity's console without a place:
// "UnityEngine.Debug:LogException(Exception)".
func dotnetColonRow(t span) bool {
	open := bytes.IndexByte(t, '(')
	if open < 3 || !t.ends(")") {
		return false
	}
	name := t[:open].right()
	return bytes.IndexByte(name, ' ') < 0 && bytes.ContainsAny(name[1:], ":.") && dotnetName(name)
}

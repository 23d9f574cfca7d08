package trace

import "bytes"

// How sure a reading of a line is. Only what is javaSure opens a trace.
const (
	javaWeak   = 1 + iota // the shape fits, prose may have it too
	javaLikely            // and the name ends as an exception's does
	javaSure              // only a JVM prints this
)

// javaLine is the kind of a line inside a trace.
type javaLine uint8

const (
	javaIsText    javaLine = iota // anything else
	javaIsBlank                   //
	javaIsFrame                   // \tat a.b.C.m(C.java:3)
	javaIsElision                 // \t... 12 more
	javaIsLink                    // Caused by: a.b.C: text
	javaIsProse                   // Caused by: text; a link only right behind frames
	javaIsNote                    // \t- locked <0x1> (a b.C), [CIRCULAR REFERENCE: ...]
	javaIsThread                  // Exception in thread "main" a.b.C
)

// javaKind classifies a line inside a trace.
func javaKind(line span) javaLine {
	t := line.left()
	if len(t) == 0 {
		return javaIsBlank
	}
	switch t[0] {
	case 'a':
		if _, g := javaFrame(line); g > 0 {
			return javaIsFrame
		}
		if javaTorn(line) || bytes.Contains(t, []byte(javaBoundary)) {
			return javaIsNote
		}
	case '.', '(':
		if t.has(javaBoundary) {
			return javaIsNote
		}
		if _, _, ok := javaElision(line); ok || string(t.right()) == "..." {
			return javaIsElision
		}
	case 'C', 'W', 'S':
		if bytes.Contains(t, []byte("[CIRCULAR REFERENCE:")) {
			return javaIsNote
		}
		if h := javaHeader(t, false); h.link != javaRoot && len(h.typ) > 0 {
			return javaIsLink
		} else if h.link != javaRoot {
			return javaIsProse
		}
	case '[':
		if t.has("[CIRCULAR REFERENCE:") {
			return javaIsNote
		}
	case '-':
		if t.has("- locked <") || t.has("- waiting ") || t.has("- parking to wait") {
			return javaIsNote
		}
	case 'E':
		if t.has(`Exception in thread "`) && javaHeader(t, false).grade > 0 {
			return javaIsThread
		}
	case 'D':
		if string(t.right()) == javaDriver {
			return javaIsNote
		}
	}
	if t[len(t)-1] == ')' && len(line)-len(t) > 3 {
		if _, ok := javaClojureRow(t); ok {
			return javaIsFrame
		}
	}
	return javaIsText
}

// javaBoundary is no frame: Kotlin puts it between the stacks of two coroutines,
// as the name of a method with backspaces around it.
const javaBoundary = "(Coroutine boundary"

// javaDriver stands between the frames of Spark's task, which are part of the message, and its own.
const javaDriver = "Driver stacktrace:"

// javaTorn tells whether line is the beginning of a frame that was cut off by
// the transport or the end of the file: "\tat com.acme.Led".
func javaTorn(line span) bool {
	ind := line.indent()
	if ind == 0 || !line[ind:].has("at ") {
		return false
	}
	name := line[ind+3:]
	return bytes.IndexByte(name, '.') > 0 && !bytes.ContainsAny(name, " \t)")
}

// javaCall is one frame as printed; the slices are parts of the line.
type javaCall struct {
	class  []byte // com.acme.Outer$Inner, without class loader and module
	method []byte
	file   []byte // empty for native methods and unknown sources
	pack   []byte // app.jar:1.2, from the packaging data of logback and log4j
	line   int    // 0 if unknown
	dump   bool   // the module stands inside the parentheses: a thread dump
	suffix []byte // what a pattern adds to every line
	glued  int    // bytes behind the frame that are the next record
}

// javaFrame reads "at class.method(location)" with what may follow it; the
// grade is 0 if the line is none, javaWeak if it is one only inside a trace.
func javaFrame(line span) (c javaCall, grade int) {
	t := line.trim()
	if len(t) < 8 || t[0] != 'a' || t[1] != 't' || t[2] != ' ' {
		return c, 0
	}
	t = t[3:]
	t, c.pack = javaPackaging(javaTransformed(t))
	if t.ends(")]]") { // GlassFish closes its record behind the last frame
		t = t[:len(t)-2]
	}
	if at := bytes.Index(t, []byte(" @ ")); at > 0 { // cats-effect: "at flatMap @ Main$.run(Main.scala:9)"
		t = t[at+3:]
	}
	if len(t) == 0 {
		return c, 0
	}
	if t[len(t)-1] != ')' {
		if t, c.suffix = javaSuffixed(line, t); c.suffix == nil {
			if c.glued = javaGlued(t); c.glued == 0 {
				return c, 0
			}
			t = t[:len(t)-c.glued]
		} else {
			t, c.pack = javaPackaging(t)
		}
	}
	open := bytes.LastIndexByte(t, '(')
	if open < 3 {
		return c, 0
	}
	name := t[:open]
	if grade = c.location(t[open+1 : len(t)-1]); grade == 0 {
		return c, 0
	}
	if isBlank(name[len(name)-1]) { // Maven and clojure.stacktrace: "at a.B.c (B.java:1)"
		if len(c.file) > 0 && !javaSource(c.file) || grade != javaSure {
			return c, 0
		}
		name = name[:len(name)-1]
	}
	dot := bytes.LastIndexByte(name, '.')
	if dot <= 0 || dot == len(name)-1 || isBlank(name[len(name)-1]) {
		return c, 0
	}
	c.class, c.method = javaUnloaded(name[:dot]), name[dot+1:]
	if !javaClassName(c.class) {
		return c, 0
	}
	// Kotlin and Groovy allow blanks in names; only a source line makes that credible.
	if bytes.IndexByte(name, ' ') >= 0 && (c.line == 0 || bytes.IndexByte(c.file, '.') < 0) {
		return c, 0
	}
	return c, grade
}

// javaSource tells whether a file is one of the JVM's languages.
func javaSource(file span) bool {
	return file.ends(".java") || file.ends(".kt") || file.ends(".scala") || file.ends(".groovy") || file.ends(".clj") || file.ends(".cljc")
}

// javaPackaging takes " ~[app.jar!/:1.2] [3 skipped]" off the end of a frame.
func javaPackaging(t span) (rest, pack []byte) {
	if len(t) == 0 || t[len(t)-1] != ']' {
		return t, nil
	}
	at := bytes.LastIndex(t, []byte(") "))
	if at < 0 {
		return t, nil
	}
	p := bytes.TrimPrefix(t[at+2:], []byte("~"))
	if p[0] != '[' {
		return t, nil
	}
	return t[:at+1], p[1:bytes.IndexByte(p, ']')]
}

// javaTransformed takes off what Minecraft's loaders say of who changed a class:
// " {re:mixin,pl:accesstransformer:B}".
func javaTransformed(t span) span {
	if t.ends("}") {
		if at := bytes.LastIndex(t, []byte("] {")); at > 0 {
			return t[:at+1]
		}
	}
	return t
}

// javaSuffixed takes off what log4j's %ex{suffix(request=%X{id})} adds to every
// line, behind a blank. Only an indent by a tab makes that credible.
func javaSuffixed(line, t span) (rest, suffix []byte) {
	end := bytes.Index(t, []byte(") "))
	if line[0] != '\t' || end < 0 || end+2 >= len(t) || string(t[end+2:]) == "~" {
		return t, nil
	}
	end++
	if pack := bytes.TrimPrefix(t[end+1:], []byte("~")); pack[0] == '[' {
		if n := bytes.IndexByte(t[end:], ']'); n > 0 {
			end += n + 1
		}
	}
	return t[:end], t[end:]
}

// javaGlued is the length of a log record that stands right behind a frame:
// log4j's %ex{short} and %ex{2} end without a line break. 0 if there is none.
func javaGlued(t span) int {
	end := bytes.IndexByte(t, ')')
	if end < 0 || end+1 == len(t) {
		return 0
	}
	if next := t[end+1]; !isDigit(next) && next != '[' && next != '{' {
		return 0
	}
	return len(t) - end - 1
}

// javaUnloaded strips the class loader and the module of "app//a.B", "java.base@17/a.B".
// A slash before a digit belongs to a hidden class: Foo$$Lambda$14/0x00007f12.
func javaUnloaded(class span) []byte {
	for i := len(class) - 2; i >= 0; i-- {
		if class[i] == '/' && !isDigit(class[i+1]) {
			return class[i+1:]
		}
	}
	return class
}

// javaClassName rules out what no class name holds.
func javaClassName(s span) bool {
	s = bytes.TrimPrefix(s, []byte("<empty>.")) // ZIO's name of the default package
	if len(s) == 0 || !javaLetter(s[0]) {
		return false
	}
	inner := false
	for _, b := range s {
		switch b {
		case '$':
			inner = true
		case '(', ')', '{', '}', '"', '\'', ',', ';', '=', '\\', ':', '@', '\t':
			return false
		case ' ': // only in the name of a Kotlin test, and then behind a $
			if !inner {
				return false
			}
		}
	}
	return true
}

// location reads what stands between the parentheses.
func (c *javaCall) location(loc span) int {
	if slash := bytes.IndexByte(loc, '/'); slash > 0 && bytes.IndexByte(loc[:slash], '@') > 0 {
		c.dump = true
		loc = loc[slash+1:]
	}
	switch {
	case len(loc) == 0:
		return 0
	case loc.has("Native Method"), loc.has("Unknown Source"), string(loc) == "<generated>", string(loc) == "Coroutine boundary":
		return javaSure
	}
	file, numbered := loc, false
	if colon := bytes.LastIndexByte(loc, ':'); colon >= 0 {
		n, ok := span(bytes.TrimPrefix(loc[colon+1:], []byte("-"))).number()
		if !ok {
			return 0
		}
		file, numbered = loc[:colon], true
		if loc[colon+1] != '-' {
			c.line = n
		}
	}
	if bytes.ContainsAny(file, " \t:,;\"'()=") {
		return 0
	}
	c.file = file
	if numbered || bytes.IndexByte(file, '.') > 0 || string(file) == "SourceFile" || file.has("LambdaForm$") {
		return javaSure
	}
	return javaWeak
}

// javaElision reads "... 12 more", "... 12 common frames omitted", "(3 frames
// excluded)". common is set where the frames are those of the enclosing trace.
func javaElision(t span) (n int, common, ok bool) {
	tab := len(t) > 0 && t[0] == '\t'
	t = t.trim()
	switch {
	case t.has("... "):
		t = t[4:]
	case len(t) > 2 && t[0] == '(' && t[len(t)-1] == ')':
		t = t[1 : len(t)-1]
	default:
		return 0, false, false
	}
	t = bytes.TrimPrefix(bytes.TrimPrefix(t, []byte("suppressed ")), []byte("and "))
	digits := 0
	for digits < len(t) && isDigit(t[digits]) {
		digits++
	}
	if n, ok = t[:digits].number(); !ok || digits == len(t) || t[digits] != ' ' {
		return 0, false, false
	}
	t = t[digits+1:]
	if tab && t.has("more ") { // log4j's suffix
		t = t[:len("more")]
	}
	switch string(t) {
	case "more", "common frames omitted", "common frame omitted":
		return n, true, true
	case "frames truncated", "frames excluded", "frames filtered", "frames omitted", "truncated", "filtered", "lines", "skipped":
		return n, false, true
	}
	return 0, false, false
}

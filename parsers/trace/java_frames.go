package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// javaStacktrace turns frame lines, newest first and in pieces, into frames,
// oldest first. dropped is the number left out of the middle.
func javaStacktrace(pieces [][]span) (st *event.Stacktrace, dropped int) {
	total := 0
	for _, p := range pieces {
		total += len(p)
	}
	if total == 0 {
		return nil, 0
	}
	head, tail := trimMiddle(total)
	frames := make([]event.Frame, head+tail)
	at := 0
	for _, p := range pieces {
		for k := range p {
			slot := total - 1 - at // 0 is the oldest
			at++
			switch {
			case slot < head:
				frames[slot] = javaEventFrame(p[k])
			case slot >= total-tail:
				frames[slot-(total-head-tail)] = javaEventFrame(p[k])
			}
		}
	}
	return &event.Stacktrace{Frames: frames}, total - head - tail
}

func javaEventFrame(line span) event.Frame {
	c, _ := javaFrame(line)
	return event.Frame{
		Function: string(c.method),
		Module:   javaModule(string(c.class)),
		Filename: string(c.file),
		Lineno:   c.line,
		Package:  javaPackage(c.pack),
	}
}

// javaPackage is the jar and its version; loggers write question marks for what they do not know.
func javaPackage(pack []byte) string {
	if p := string(pack); strings.Trim(p, "?:na/") != "" {
		return p
	}
	return ""
}

// javaModule cleans what changes from run to run out of the names of generated
// classes, so that the same fault is the same issue tomorrow.
func javaModule(class string) string {
	if i := strings.Index(class, "$$Lambda"); i >= 0 {
		return class[:i+len("$$Lambda")]
	}
	if i := strings.Index(class, "CGLIB$$"); i >= 0 {
		return strings.TrimRight(class[:i+len("CGLIB$$")], "$")
	}
	if i := strings.LastIndexByte(class, '/'); i > 0 {
		class = class[:i]
	}
	if bare := strings.TrimRight(class, "0123456789"); strings.HasSuffix(bare, "$Proxy") || strings.HasSuffix(bare, "MethodAccessor") || strings.HasSuffix(bare, "ConstructorAccessor") {
		return bare
	}
	return class
}

// javaSystem are the packages that are nobody's application, by the segment
// that tells most: the JDK, the languages' libraries, and frameworks.
var javaSystem = [...]string{
	"java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "groovy.", "groovyjarjar", "clojure.",
	"org.springframework.", "org.apache.", "org.codehaus.groovy.", "org.hibernate.", "org.eclipse.jetty.", "org.glassfish.", "org.jboss.", "org.postgresql.",
	"io.netty.", "io.ktor.", "io.opentelemetry.", "io.sentry.", "io.undertow.", "reactor.", "akka.", "feign.",
	"com.fasterxml.", "com.zaxxer.hikari.", "ch.qos.logback.", "android.", "androidx.", "com.android.", "dalvik.",
}

// javaInApp marks the frames of javaSystem. The others stay unmarked: that
// choice belongs to whoever knows the application's packages. Where nothing
// would remain, nothing is marked.
func javaInApp(t *Trace) {
	var system []*event.Frame
	all := true
	t.eachFrame(func(f *event.Frame) {
		if javaIsSystem(f.Module) {
			system = append(system, f)
		} else {
			all = false
		}
	})
	if all {
		return
	}
	for _, f := range system {
		f.InApp = new(false)
	}
}

func javaIsSystem(module string) bool {
	for _, p := range javaSystem {
		if strings.HasPrefix(module, p) {
			return true
		}
	}
	return strings.HasPrefix(module, "$Proxy") || strings.HasPrefix(module, "_COROUTINE")
}

// Unjoin splits a record's message that holds a whole JVM trace on one
// physical line, as log4j's %ex{separator(|)} and logback's
// %replace(%ex){'\n','\\n'} print it, into its lines. ok is false for any other text.
func Unjoin(message string) (text string, ok bool) {
	at := strings.Index(message, "\tat ")
	if escaped := strings.Index(message, `\tat `); at < 0 && escaped > 0 {
		message, at = strings.ReplaceAll(message, `\t`, "\t"), escaped
	}
	if at < 1 {
		return "", false
	}
	if _, grade := javaFrame(unjoinFirst(message[at:])); grade != javaSure {
		return "", false
	}
	sep := unjoinSeparator(message[:at])
	if sep == "" || sep == "\n" {
		return "", false
	}
	return strings.ReplaceAll(message, sep, "\n"), true
}

// unjoinFirst is the first frame of a joined trace: up to its closing parenthesis.
func unjoinFirst(s string) span {
	if i := strings.IndexByte(s, ')'); i > 0 {
		return span(s[:i+1])
	}
	return nil
}

// unjoinSeparator is what stands in front of the first frame's tab: a
// backslash escape, or a run of signs that no message ends with.
func unjoinSeparator(before string) string {
	for _, esc := range []string{`\r\n`, `\n`, `\r`} {
		if strings.HasSuffix(before, esc) {
			return esc
		}
	}
	n := len(before)
	for n > 0 && len(before)-n < 8 && bytes.IndexByte([]byte("|~^#;¶§\x1e\x1f\x00\x0b\r"), before[n-1]) >= 0 {
		n--
	}
	return before[n:]
}

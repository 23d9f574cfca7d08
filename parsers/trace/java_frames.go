package trace

import (
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
	c, grade := javaFrame(line)
	if grade == 0 {
		c, _ = javaClojureRow(line.trim())
	}
	class, file := string(c.class), string(c.file)
	f := event.Frame{
		Function: string(c.method),
		Module:   javaModule(class),
		Filename: javaFile(class, file),
		Lineno:   c.line,
		Package:  javaPackage(c.pack),
	}
	if f.Module != class || f.Filename != file {
		f.RawFunction = class + "." + f.Function
	}
	if i := strings.LastIndexByte(f.Filename, '/'); i >= 0 { // JRuby and Clojure print the whole path
		f.AbsPath, f.Filename = f.Filename, f.Filename[i+1:]
	}
	return f
}

// javaPackage is the jar and its version; loggers write question marks for what they do not know.
func javaPackage(pack []byte) string {
	if p := string(pack); strings.Trim(p, "?:na/") != "" {
		return p
	}
	return ""
}

// javaSystem are the packages that are nobody's application, by the segment
// that tells most: the JDK, the languages' libraries, and frameworks.
var javaSystem = [...]string{
	"java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "groovy.", "groovyjarjar", "clojure.",
	"org.springframework.", "org.apache.", "org.codehaus.groovy.", "org.hibernate.", "org.eclipse.jetty.", "org.glassfish.", "org.jboss.", "org.postgresql.",
	"io.netty.", "io.ktor.", "io.opentelemetry.", "io.sentry.", "io.undertow.", "reactor.", "akka.", "feign.",
	"com.fasterxml.", "com.zaxxer.hikari.", "ch.qos.logback.", "android.", "androidx.", "com.android.", "dalvik.",
	"$Proxy", "_COROUTINE",
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

// javaSystemBy holds javaSystem by the first byte.
var javaSystemBy = func() (by [256][]string) {
	for _, p := range javaSystem {
		by[p[0]] = append(by[p[0]], p)
	}
	return by
}()

func javaIsSystem(module string) bool {
	if module == "" {
		return false
	}
	for _, p := range javaSystemBy[module[0]] {
		if strings.HasPrefix(module, p) {
			return true
		}
	}
	return false
}

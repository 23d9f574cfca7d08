package record

import (
	"strconv"
	"strings"
)

// composeJava writes an error object and what belongs to it as the JVM prints
// them: rows, suppressed exceptions, the cause. log4j counts the rows that an exception
// shares with its enclosing one; the JVM prints "... 3 more" for them.
//
//	java.lang.X: m
//		at a.B.c(B.java:3)
//		Suppressed: java.lang.Y: n
//			at a.D.e(D.java:9)
//	Caused by: java.lang.Z: o
//		... 3 more
func (j *jsonReader) composeJava(f fault, depth int) string {
	var sb strings.Builder
	sb.WriteString(withHeader(f.kind, f.text, f.stack))
	if f.common > 0 && depth > 0 {
		sb.WriteString("\n\t... " + strconv.Itoa(f.common) + " more")
	}
	if depth >= maxCauses || f.whole {
		return sb.String()
	}
	for _, o := range j.faults(f.others) {
		s := j.composeJava(o, depth+1)
		sb.WriteString("\n\tSuppressed: " + strings.ReplaceAll(s, "\n", "\n\t"))
	}
	if !f.cause.empty() {
		if c := j.fault(j.unwrapped(f.cause)); c.kind != "" || c.text != "" {
			sb.WriteString("\nCaused by: " + j.composeJava(c, depth+1))
		}
	}
	return bounded(sb.String(), maxStack)
}

// composeNode writes an error object and what belongs to it as Node inspects them:
//
//	Error: m
//	    at f (/x.js:1:2) {
//	  [cause]: Error: n
//	      at g (/x.js:3:4)
//	}
func (j *jsonReader) composeNode(f fault, depth int) string {
	s := withHeader(f.kind, f.text, f.stack)
	if depth >= maxCauses {
		return s
	}
	var parts []string
	if !f.cause.empty() {
		if c := j.fault(f.cause); c.stack != "" {
			parts = append(parts, "  [cause]: "+indentRows(j.composeNode(c, depth+1), "  "))
		}
	}
	var errs []string
	for _, o := range j.faults(f.others) {
		if o.stack != "" {
			errs = append(errs, "    "+indentRows(j.composeNode(o, depth+1), "    "))
		}
	}
	if len(errs) > 0 {
		parts = append(parts, "  [errors]: [\n"+strings.Join(errs, ",\n")+"\n  ]")
	}
	if len(parts) == 0 {
		return s
	}
	return bounded(s+" {\n"+strings.Join(parts, ",\n")+"\n}", maxStack)
}

// indentRows indents all lines of s but the first.
func indentRows(s, indent string) string { return strings.ReplaceAll(s, "\n", "\n"+indent) }

// faults reads the error objects of a list.
func (j *jsonReader) faults(list span) []fault {
	var out []fault
	eachObject(j.b, list, func(s span) {
		if len(out) < maxCauses {
			out = append(out, j.fault(j.unwrapped(s)))
		}
	})
	return out
}

// stacked tells whether a value is a list of errors that have rows.
func (j *jsonReader) stacked(v span) bool {
	if p := skipSpace(j.b, v.at+1); j.b[v.at] == '[' && at(j.b, p) == '{' {
		m := walkObject(j.b, j.unwrapped(span{p, min(valueEnd(j.b, p), v.end)}).at)
		for m.next() {
			switch string(m.key.of(j.b)) {
			case "stack", "stackTrace", "extendedStackTrace", "frames", "stackTraceElements":
				return true
			}
		}
	}
	return false
}

// unwrapped gives the object inside {"exception":{...}}, in which JBoss wraps what
// an exception has suppressed and what caused it.
func (j *jsonReader) unwrapped(s span) span {
	if in := memberOf(j.b, s, "exception"); !in.empty() && j.b[in.at] == '{' {
		return in
	}
	return s
}

// eris reads the object of Go's eris: what was wrapped around the root, the
// outermost first, each with the place of the wrapping, and the root with its rows.
//
//	{"root":{"message":"declined","stack":["main.main:/srv/main.go:28"]},"wrap":[{"message":"settle","stack":"main.settle:/srv/main.go:48"}]}
func (j *jsonReader) eris(val, root span) bool {
	var sb strings.Builder
	var texts []string
	part := func(s span) {
		f := j.fault(s)
		texts = append(texts, f.text)
		sb.WriteString(f.text)
		for row := range strings.SplitSeq(f.stack, "\n") {
			sb.WriteString("\n\t" + row)
		}
		sb.WriteByte('\n')
	}
	eachObject(j.b, memberOf(j.b, val, "wrap"), func(s span) {
		if len(texts) < maxCauses {
			part(s)
		}
	})
	part(root)
	if j.r.ErrorValue == "" {
		j.r.ErrorValue = bounded(strings.Join(texts, ": "), maxValue)
	}
	return j.r.Stack != "" || j.setStack(strings.TrimRight(sb.String(), "\n"))
}

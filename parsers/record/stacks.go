package record

import (
	"strconv"
	"strings"
)

// stack takes a member that holds a trace: a text, or a list of rows or frames.
func (j *jsonReader) stack(key []byte, val span) bool {
	switch j.b[val.at] {
	case '"':
		s := j.string(val)
		if string(key) == "errorVerbose" { // where the error came from outranks where it was logged
			old := j.r.Stack
			j.r.Stack = ""
			if j.r.stackText(s) {
				return true
			}
			j.r.Stack = old
		}
		return s == "" || j.r.stackText(s)
	case '[':
		return j.r.Stack == "" && j.setStack(j.rows(val))
	case '{':
		return j.errorMember(val)
	}
	return false
}

// setStack sets the trace; false if it is empty.
func (j *jsonReader) setStack(s string) bool {
	if s == "" {
		return false
	}
	j.r.Stack = bounded(s, maxStack)
	return true
}

// rows joins the rows of a list to the text of a trace; frames that are
// objects are written as the language's own rows.
//
//	["Error: x","    at f (/x.js:1:2)"]                    Nest, AWS Lambda, Ruby
//	[{"class":"a.B","method":"c","file":"B.java","line":3}]  log4j, logback, JBoss
//	[{"func":"main","line":"12","source":"main.go"}]         zerolog
func (j *jsonReader) rows(val span) string {
	var sb strings.Builder
	p := val.at + 1
	for n := 0; sb.Len() < maxStack; n++ {
		p = skipSpace(j.b, p)
		if at(j.b, p) == ',' {
			p = skipSpace(j.b, p+1)
		}
		if p >= val.end || j.b[p] == ']' {
			break
		}
		end := min(valueEnd(j.b, p), val.end)
		if end <= p {
			break
		}
		item := span{p, end}
		switch j.b[p] {
		case '"':
			line(&sb, j.string(item))
		case '{':
			j.frame(&sb, item, n)
		}
		p = end
	}
	return strings.TrimRight(sb.String(), "\n")
}

// line writes one row.
func line(sb *strings.Builder, s string) {
	sb.WriteString(strings.TrimRight(s, "\r\n"))
	sb.WriteByte('\n')
}

// frame writes one frame object as a row.
// The names of the members tell the language; a frame without any is left out.
// n counts the frames before it, which PHP numbers.
func (j *jsonReader) frame(sb *strings.Builder, val span, n int) {
	f := j.strings(val)
	first := func(keys ...string) string {
		for _, k := range keys {
			if f[k] != "" {
				return f[k]
			}
		}
		return ""
	}
	file := first("file", "fileName", "filename", "source", "path")
	fn := first("method", "methodName", "func", "function", "name")
	row := first("line", "lineNumber", "lineno", "fileLine")
	if full := f["fullFilePath"]; full != "" { // tslog
		line(sb, "    at "+fn+" ("+full+")")
		return
	}
	switch class := first("class", "className", "declaringClass"); {
	case strings.HasSuffix(file, ".php"): // Monolog, Symfony
		line(sb, "#"+strconv.Itoa(n)+" "+file+"("+row+"): "+class+f["type"]+fn+"()")
	case file == "" && fn != "" && (f["type"] == "->" || f["type"] == "::" || strings.HasPrefix(sb.String(), "#0 ")):
		line(sb, "#"+strconv.Itoa(n)+" [internal function]: "+class+f["type"]+fn+"()")
	case class != "": // log4j, logback, JBoss
		place := file
		if place == "" && row != "" { // JBoss leaves the file out
			place = javaFile(class)
		}
		if place == "" {
			place = "Unknown Source"
		} else if row != "" && row != "-1" {
			place += ":" + row
		}
		line(sb, "\tat "+class+"."+fn+"("+place+")")
	case strings.HasSuffix(file, ".py"): // structlog
		line(sb, `  File "`+file+`", line `+row+", in "+fn)
		if text := strings.TrimSpace(f["line"]); text != "" && f["lineno"] != "" {
			line(sb, "    "+text)
		}
	case strings.HasSuffix(file, ".go"): // zerolog
		line(sb, fn)
		line(sb, "\t"+file+":"+row)
	case file != "":
		line(sb, "    at "+fn+" ("+file+":"+row+first("column", "colno")+")")
	}
}

// javaFile guesses the file of a class by the rule that javac enforces for
// public ones.
func javaFile(class string) string {
	class = class[strings.LastIndexByte(class, '.')+1:]
	class, _, _ = strings.Cut(class, "$")
	return class + ".java"
}

// strings decodes the members of an object that are texts or numbers.
func (j *jsonReader) strings(val span) map[string]string {
	out := map[string]string{}
	if j.b[val.at] != '{' {
		return out
	}
	m := walkObject(j.b, val.at)
	for m.next() && len(out) < maxFields {
		if c := j.b[m.val.at]; c != '{' && c != '[' {
			out[string(m.key.of(j.b))] = j.string(m.val)
		}
	}
	return out
}

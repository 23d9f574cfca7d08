package record

import (
	"strconv"
	"strings"
)

// maxCauses bounds a chain of nested error objects.
const maxCauses = 20

// errorMember takes a member that holds an error: a text, an object, or a list of them.
//
//	"err":{"type":"X","message":"m","stack":"..."}      pino, bunyan, ECS
//	"exception":"Traceback (most recent call last): ..."  structlog, .NET
//	"exception":[{"exc_type":"X","frames":[...]}]         structlog's dictionaries
func (j *jsonReader) errorMember(val span) bool {
	switch j.b[val.at] {
	case '"':
		return j.r.exceptionText(j.string(val))
	case '{':
		return j.errorObject(val)
	case '[':
		return j.exceptionList(val)
	}
	return false
}

// fault is one error object.
type fault struct {
	kind, text string
	chain      string // text with those of its causes
	stack      string // a trace, or rows without its header
	file, row  string
	whole      bool // the trace is a text, which holds the causes already
	cause      span // object of the cause
	others     span // list of suppressed exceptions, or of those that make an aggregate
	common     int  // of the rows, how many of the enclosing exception's follow
	other      []hole
}

// errorObject reads an object such as pino's err, ECS's error, log4j's thrown.
func (j *jsonReader) errorObject(val span) bool {
	f := j.fault(val)
	if root := memberOf(j.b, val, "root"); f.text == "" && f.stack == "" && !root.empty() && j.b[root.at] == '{' {
		return j.eris(val, root)
	}
	if f.kind == "" && f.text == "" && f.stack == "" {
		return false
	}
	r := j.r
	if r.ErrorType == "" {
		r.ErrorType = bounded(f.kind, maxName)
	}
	if r.ErrorValue == "" {
		r.ErrorValue = bounded(f.text, maxValue)
		if strings.HasPrefix(f.chain, f.text+": ") {
			r.ErrorValue = bounded(f.chain, maxValue)
		}
	}
	for _, h := range f.other {
		j.keep(h.name, h.val)
	}
	if r.Stack == "" {
		j.setStack(j.compose(f))
	}
	return true
}

// fault reads the members of an error object.
// The names are those of pino, bunyan, winston, ECS, log4j, JBoss, structlog,
// Monolog, .NET, AWS Lambda and Ruby's formatters.
func (j *jsonReader) fault(val span) fault {
	var f fault
	m := walkObject(j.b, val.at)
	for m.next() {
		v := m.val
		text := j.b[v.at] == '"'
		switch key := string(m.key.of(j.b)); key {
		case "type", "class", "name", "exceptionType", "errorType", "className", "exception_class", "exc_type", "Type", "ClassName", "kind",
			"Exception": // Nextcloud
			if text && f.kind == "" {
				f.kind = j.string(v)
			}
		case "message", "msg", "errorMessage", "exc_value", "Message", "value", "localizedMessage", "reason":
			if text && f.text == "" {
				f.text = j.string(v)
			}
		case "stack", "stack_trace", "stackTrace", "stacktrace", "backtrace", "trace", "traceback", "StackTrace", "StackTraceString",
			"extendedStackTrace", "frames", "stackTraceElements", "Trace":
			if text && key == "trace" && !traceLike(j.string(v)) { // the id of a request
				f.other = append(f.other, hole{key, v})
			} else if f.stack == "" {
				f.stack = j.stackValue(v)
				f.whole = text && strings.Contains(f.stack, "\nCaused by: ")
			}
		case "err": // samber/oops: the texts of the whole chain
			if text {
				f.chain = j.string(v)
			}
			f.other = append(f.other, hole{key, v})
		case "suppressed", "aggregateErrors", "errors":
			if j.stacked(v) {
				f.others = v
			} else {
				f.other = append(f.other, hole{unescape(m.key.of(j.b)), v})
			}
		case "commonElementCount":
			f.common, _ = strconv.Atoi(j.string(v))
		case "file", "File":
			f.file = j.string(v)
		case "line", "Line":
			f.row = j.string(v)
		case "cause", "previous", "Previous", "causedBy", "inner", "InnerException":
			if j.b[v.at] == '{' {
				f.cause = v
			}
		case "exception": // JBoss: "causedBy":{"exception":{...}}
			if j.b[v.at] == '{' {
				f.cause = v
			}
		default:
			f.other = append(f.other, hole{unescape(m.key.of(j.b)), v})
		}
	}
	return f
}

// stackValue is the text of a trace in a text or a list.
func (j *jsonReader) stackValue(v span) string {
	switch j.b[v.at] {
	case '"':
		return strings.Trim(j.string(v), "\n")
	case '[':
		return j.rows(v)
	}
	return ""
}

// compose writes the trace of an error object as its language prints it:
// header, rows, causes. A trace that has its header already stays as it is.
// PHP's rows lack the place of the throw, which the header of its own format
// carries: see composePHP.
func (j *jsonReader) compose(f fault) string {
	if strings.Contains(f.file, ".php") {
		return j.composePHP(f)
	}
	if f.stack == "" {
		return ""
	}
	s := withHeader(f.kind, f.text, f.stack)
	switch {
	case f.whole:
		return s
	case strings.Contains(s, "\n\tat "):
		return j.composeJava(f, 0)
	case strings.Contains(s, "\n    at "):
		return j.composeNode(f, 0)
	}
	return s
}

// composePHP writes an exception of PHP and what it was thrown for as PHP
// prints them: the innermost first. Monolog keeps nothing of a row but "file:line".
func (j *jsonReader) composePHP(f fault) string {
	var parts []string
	for n := 0; n < maxCauses && f.kind != ""; n++ {
		place := f.file
		if f.row != "" {
			place += ":" + f.row
		}
		var sb strings.Builder
		sb.WriteString(f.kind + ": " + f.text + " in " + place + "\nStack trace:\n")
		var rows []string
		if f.stack != "" {
			rows = strings.Split(f.stack, "\n")
		}
		for i, row := range rows {
			if file, at, ok := strings.Cut(row, ".php:"); ok && row[0] != '#' {
				row = "#" + strconv.Itoa(i) + " " + file + ".php(" + at + ")"
			}
			line(&sb, row)
		}
		if !strings.HasSuffix(f.stack, "{main}") {
			line(&sb, "#"+strconv.Itoa(len(rows))+" {main}")
		}
		parts = append([]string{sb.String()}, parts...)
		if f.cause.empty() {
			break
		}
		f = j.fault(f.cause)
	}
	return strings.TrimRight(strings.Join(parts, "\nNext "), "\n")
}

// withHeader puts the name and text of an exception in front of rows that lack
// them, or behind them for Python.
//
//	TypeError: x + "    at f (/x.js:1:2)"   -> header first
//	KeyError: 'k' + `  File "x.py", ...`     -> "Traceback ..." before, header last
func withHeader(kind, text, stack string) string {
	head := kind
	if text != "" {
		if head != "" {
			head += ": "
		}
		head += text
	}
	if head == "" || stack != "" && !frameRow([]byte(stack)) || strings.HasPrefix(stack, "Traceback (") {
		return stack
	}
	if strings.HasPrefix(strings.TrimLeft(stack, " "), `File "`) {
		return "Traceback (most recent call last):\n" + stack + "\n" + head
	}
	if stack == "" {
		return head
	}
	return head + "\n" + stack
}

// exceptionList reads structlog's list of exceptions, the one raised last first.
// The text becomes what Python prints for a chain: the cause first.
func (j *jsonReader) exceptionList(val span) bool {
	p := skipSpace(j.b, val.at+1)
	if at(j.b, p) != '{' {
		return false
	}
	var parts []string
	link := ""
	for n := 0; n < maxCauses && at(j.b, p) == '{'; n++ {
		end := min(valueEnd(j.b, p), val.end)
		f := j.fault(span{p, end})
		if n == 0 {
			j.r.ErrorType, j.r.ErrorValue = bounded(f.kind, maxName), bounded(f.text, maxValue)
		}
		if f.stack == "" && f.kind == "" {
			return n > 0
		}
		if n > 0 {
			link = "\n\nDuring handling of the above exception, another exception occurred:\n"
			if f := j.strings(span{p, end}); f["is_cause"] == "true" {
				link = "\n\nThe above exception was the direct cause of the following exception:\n"
			}
		}
		parts = append([]string{withHeader(f.kind, f.text, f.stack) + link}, parts...)
		if p = skipSpace(j.b, end); at(j.b, p) == ',' {
			p = skipSpace(j.b, p+1)
		}
	}
	return j.r.Stack == "" && j.setStack(strings.Join(parts, "\n"))
}

// object keeps the members of the JSON object at p in m; what has a meaning
// of its own finds its place.
func (r *Record) object(m []byte, p, depth int) {
	j := jsonReader{r: r, b: m}
	j.members(p, depth+1)
}

// finish completes a record whose fields name an exception beside its rows.
// Ruby's formatters keep the backtrace apart from the exception: rows alone
// name no exception.
func (r *Record) finish() {
	if r.Stack != "" && frameRow([]byte(r.Stack)) && (r.ErrorType != "" || r.ErrorValue != "") && !strings.HasPrefix(r.Stack, "goroutine ") {
		r.Stack = bounded(withHeader(r.ErrorType, r.ErrorValue, r.Stack), maxStack)
	}
	r.Message = unfolded(r.Message)
}

// unfolded gives a message its line breaks back where a pattern such as
// logback's %replace or log4j's separator(|) has folded a trace into one line.
func unfolded(m string) string {
	if b := []byte(m); escapesTrace(b, strings.IndexByte(m, '\\')) {
		m = bounded(unescape(b), maxMessage)
	}
	if strings.Contains(m, "|\tat ") {
		m = strings.NewReplacer("|\tat ", "\n\tat ", "|Caused by: ", "\nCaused by: ", "|\t... ", "\n\t... ", "|\tSuppressed: ", "\n\tSuppressed: ").Replace(m)
	}
	return strings.TrimRight(m, " \t\r\n")
}

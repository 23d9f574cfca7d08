package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// This file reads stacks that stand as text in a printed object: winston's
// prettyPrint, an object that was logged with `stack: err.stack`, the formatted
// errors of GraphQL servers, an object made JSON with an indent.
//
//	{
//	  level: 'error',
//	  message: 'charge 7 failed',
//	  stack: 'PayError: charge 7 failed\n' +
//	    '    at charge (/srv/pay/lib.js:3:59)\n' +
//	    '    at node:internal/main/run_main_module:28:49'
//	}
//
//	  "stack": "PayError: charge 7 failed\n    at charge (/srv/pay/lib.js:3:59)\n    at ...",
//
//	    stacktrace: [
//	      "GraphQLError: charge 7 failed",
//	      "    at charge (/srv/pay/lib.js:3:59)",

// nodeQuotedHints are the beginnings of lines that hold a quoted stack or a frame of one.
var nodeQuotedHints = []string{"'    at ", `"    at `, "`    at ", "stack: '", `stack: "`, `"stack": "`}

// nodeQuotedOpen judges an opening line.
func nodeQuotedOpen(l span) (State, Verdict) {
	t := l.left()
	if nodeQuotedFrame(t) || nodeQuotedWhole(t) > 0 {
		return nodeQuoted | State(min(l.indent(), nodeDeep))<<nodeShift, Take
	}
	return Outside, No
}

// nodeQuotedStep follows the object to its end: a line at the first column.
func nodeQuotedStep(s State, l span) (State, Verdict) {
	t := l.left()
	switch {
	case len(t) == 0:
		return s, Hold
	case nodeQuotedFrame(t):
		return s, Take
	case l.indent() == 0 && (t[0] == '}' || t[0] == ']'):
		return Outside, Last
	case l.indent() > 0:
		return s, Text
	}
	return Outside, No
}

// nodeQuotedFrame tells `'    at charge (/srv/pay/lib.js:3:59)\n' +`.
func nodeQuotedFrame(t span) bool {
	if len(t) < 8 || t[0] != '\'' && t[0] != '"' && t[0] != '`' || !t[1:].has("    at ") {
		return false
	}
	_, g := nodeFrame(nodeUnquoted(t))
	return g > 0
}

// nodeUnquoted is the text between the quotes of t, without an escaped line break at its end.
func nodeUnquoted(t span) span {
	t = bytes.TrimSuffix(bytes.TrimSuffix(t.right(), []byte(",")), []byte(" +"))
	if len(t) < 2 || t[len(t)-1] != t[0] {
		return nil
	}
	return bytes.TrimSuffix(t[1:len(t)-1], []byte(`\n`))
}

// nodeQuotedWhole is where the text begins of a stack that stands on one line; 0 if none does.
func nodeQuotedWhole(t span) int {
	key := bytes.IndexByte(t[:min(len(t), 16)], ':')
	if key <= 0 || len(t) < key+4 || !bytes.Contains(t, []byte(`\n    at `)) {
		return 0
	}
	return key + 2
}

// nodeQuotedBack finds the beginning of the object.
func nodeQuotedBack(before Window, opening span) int {
	n := before.Len()
	if opening.indent() == 0 {
		return 0
	}
	for i := n - 1; i >= 0; i-- {
		l := span(before.Line(i))
		switch {
		case before.Record(i) || l.indent() == 0:
			if l.right().ends("{") || l.right().ends("[") {
				return n - i
			}
			return n - i - 1
		case len(l.trim()) == 0:
			return n - i - 1
		}
	}
	return 0
}

// nodeReadQuoted reads the object: the stack, and what else it says of the error.
// plain is the line of the first frame that stands without quotes, -1 if none does.
func nodeReadQuoted(lines [][]byte, plain int) (Trace, bool) {
	at := -1
	if plain < 0 {
		plain = len(lines)
	}
	for i, raw := range lines[:plain] {
		if t := span(raw).left(); nodeQuotedFrame(t) || bytes.HasPrefix(bytes.TrimLeft(t, `"`), []byte("stack")) && nodeQuotedWhole(t) > 0 {
			at = i
			break
		}
	}
	if at < 0 {
		return Trace{}, false
	}
	stack, first, upto := nodeQuotedStack(lines, at)
	t, ok := nodeRead(stack)
	if !ok || len(t.Exceptions) == 0 {
		return Trace{}, false
	}
	said := &nodeError{}
	for _, part := range [][][]byte{lines[:first], lines[upto:]} {
		for _, l := range part {
			if i := span(l).indent(); i > 0 && i <= span(lines[first]).indent() {
				(&nodeReader{}).prop(said, span(bytes.ReplaceAll(span(l).trim(), []byte(`"`), []byte("'"))), 0)
			}
		}
	}
	for _, k := range []string{"msg", "message"} {
		if text, ok := said.props[k].(string); ok {
			t.Lead = text
		}
	}
	if level, ok := said.props["level"].(string); ok {
		t.Level = nodeLevel(level)
	}
	for _, k := range []string{"msg", "message", "level", "timestamp", "name"} {
		delete(said.props, k)
	}
	for k, v := range said.props {
		t.put(k, v)
	}
	if t.Lead == t.Exceptions[len(t.Exceptions)-1].Value {
		t.Lead = ""
	}
	if lead := nodeLead(nodeOpener(lines[0], first)); lead != "" {
		t.Lead = lead
	}
	return t, true
}

// nodeQuotedStack is the text whose frame is line at, and which lines it stood on.
func nodeQuotedStack(lines [][]byte, at int) (stack [][]byte, first, upto int) {
	if t := span(lines[at]).left(); !nodeQuotedFrame(t) {
		text := nodeUnquoted(t[nodeQuotedWhole(t):])
		return bytes.Split(text, []byte(`\n`)), at, at + 1
	}
	first, upto = at, at
	for i := at - 1; i >= max(0, at-nodeQuotedMessage); i-- {
		t := span(lines[i]).trim()
		if t.ends("[") { // an array of lines: the first one was the header
			break
		}
		first = i
		if len(t) > 0 && t[0] != '\'' && t[0] != '"' && t[0] != '`' || bytes.Contains(t, []byte(`": "`)) {
			break // the key: "stack: 'PayError: charge 7 failed\n' +"
		}
	}
	for upto < len(lines) && nodeQuotedFrame(span(lines[upto]).left()) {
		upto++
	}
	for i := first; i < upto; i++ {
		t := span(lines[i]).trim()
		if key := bytes.Index(t, []byte(": ")); i == first && key > 0 && key < 16 && len(t) > key+2 {
			if q := t[key+2]; q == '\'' || q == '"' || q == '`' {
				t = t[key+2:]
			}
		}
		stack = append(stack, nodeUnquoted(t))
	}
	return stack, first, upto
}

// nodeQuotedMessage is how many lines a message may have in front of a quoted stack.
const nodeQuotedMessage = 20

// pretty reads a line of pino-pretty, which prints the fields of an error as JSON
// around its stack; false if it is none:
//
//	err: {
//	  "type": "PayError",
//	  "stack":
//	      PayError: charge 7 failed
//	          at charge (/srv/pay/lib.js:3:59)
//	  "code": "E_PAY",
//	  "aggregateErrors": [
func (r *nodeReader) pretty(t span, ind int) bool {
	colon := bytes.Index(t, []byte(`":`))
	if colon <= 1 {
		return false
	}
	root := &r.errs[0]
	key, value := string(t[1:colon]), string(bytes.TrimSuffix(t[colon+2:].trim(), []byte(",")))
	switch {
	case key == "aggregateErrors":
		r.members = 1
	case ind != root.indent-4 || value == "{" || value == "[" || value == "" || len(value) > nodeMaxValue || len(root.props) >= nodeMaxProps:
	case key == "type" || key == "message" || key == "name":
	default:
		if root.props == nil {
			root.props = map[string]any{}
		}
		root.props[key] = nodeValue(value)
	}
	return true
}

// nodeLevel is the level that a printed object states.
func nodeLevel(word string) event.Level {
	switch strings.ToLower(word) {
	case "fatal", "crit", "critical", "alert", "emerg":
		return event.Fatal
	case "warn", "warning":
		return event.Warning
	case "info", "http", "notice":
		return event.Info
	case "debug", "verbose", "silly", "trace":
		return event.Debug
	}
	return event.Error
}

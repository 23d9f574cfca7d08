package trace

import (
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// psError is an error record.
type psError struct {
	message  []string
	typ, id  string
	category string
	code     string
	at       psSite
	rows     []event.Frame // newest first
}

func psRead(lines [][]byte) (Trace, bool) {
	if span(lines[0]).has("Exception ") && psKeyed(lines[0]) {
		return psReadTree(lines)
	}
	e := psError{}
	concise, info := false, false
	for i, raw := range lines {
		l := span(raw).right()
		t := l.left()
		where, placed := psWhere(t)
		row, stacked := psRow(t)
		switch {
		case string(t) == "Line |":
			concise = true
			e.heading(&e.message)
		case concise && psIsRow(l):
			e.concise(t)
		case psIsInfo(t):
			e.info(string(t))
			info = true
		case info && l.has("   ") && !stacked:
			e.wrapped(string(t))
		case stacked:
			e.rows = append(e.rows, psFrame(&row))
		case placed && i+1 < len(lines) && span(lines[i+1]).has("+") && e.at.line == 0:
			e.at = where
		case e.at.line > 0 && l.has("+"):
			if e.code == "" {
				e.code = strings.TrimSpace(string(t[1:]))
			}
		case !info && len(t) > 0:
			e.message = append(e.message, string(t))
		}
	}
	if !concise && !info && len(e.rows) == 0 {
		return Trace{}, false
	}
	return e.trace()
}

// heading reads the line above "Line |": "Get-Item: /srv/pay.ps1:3".
func (e *psError) heading(message *[]string) {
	if len(*message) == 0 {
		return
	}
	head := (*message)[len(*message)-1]
	*message = (*message)[:len(*message)-1]
	name, place, ok := strings.Cut(head, ": ")
	if !ok {
		name = strings.TrimSuffix(head, ":")
	}
	e.typ = name
	if file, line, ok := nodeNumberBehind(span(strings.TrimSpace(place))); ok {
		e.at = psSite{file: file, line: line}
	}
}

// concise reads a row of the concise view: code, a rule of tildes, the message.
func (e *psError) concise(t span) {
	n := 0
	for n < len(t) && isDigit(t[n]) {
		n++
	}
	text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(string(t[n:])), "|"))
	switch {
	case n > 0 && e.code == "":
		e.code = text
	case n > 0, strings.Trim(text, "~ …") == "" && len(e.message) == 0:
	default:
		e.message = append(e.message, text)
	}
}

// info reads "+ CategoryInfo          : ObjectNotFound: (C:\x:String) [Get-Item], ItemNotFoundException".
func (e *psError) info(t string) {
	key, value, _ := strings.Cut(t[2:], ": ")
	switch strings.TrimSpace(key) {
	case "CategoryInfo":
		e.category = value
	case "FullyQualifiedErrorId":
		e.id = value
	}
}

// wrapped joins what the width of the console tore apart.
func (e *psError) wrapped(t string) {
	if e.id != "" {
		e.id += t
	} else {
		e.category += t
	}
}

func (e *psError) trace() (Trace, bool) {
	t := Trace{Platform: "other"}
	text := strings.Join(e.message, "\n")
	if cmd := psCommand(span(text)); len(cmd) > 0 {
		text = text[len(cmd)+len(" : "):]
	}
	typ := e.typ
	if at := strings.LastIndex(e.category, "], "); at >= 0 {
		typ = e.category[at+len("], "):]
	}
	named, rest, ok := strings.Cut(text, ": ")
	switch {
	case typ == "" && ok && javaNamedAsError(span(named)) && !strings.Contains(named, " "):
		typ, text = named, rest
	case typ == "":
		typ = "RuntimeException"
	}
	chain := []event.Exception{psException(typ, text)}
	if inner := psInner(text); inner != "" {
		cause := "Exception"
		if strings.HasSuffix(e.id, "Exception") && !strings.ContainsAny(e.id, " ,") {
			cause = e.id
		}
		chain = append(chain, psException(cause, inner))
	}
	st, dropped := newestFirst(e.frames())
	t.drop("trace.frames_dropped", dropped)
	chain[0].Stacktrace = st
	chained(&t, chain)
	t.markApp(psOwn)
	if e.id != "" {
		t.Extra = pyMerge(t.Extra, map[string]any{"error_id": e.id, "category": strings.TrimSpace(strings.SplitN(e.category, ":", 2)[0])})
	}
	return t, text != "" || st != nil
}

// psInner is the message of the exception of .NET within the one that PowerShell made of it.
//
//	Exception calling "Parse" with "1" argument(s): "Input string was not in a correct format."
func psInner(text string) string {
	if !strings.HasPrefix(text, `Exception calling "`) {
		return ""
	}
	_, inner, ok := strings.Cut(text, `argument(s): "`)
	if !ok {
		return ""
	}
	return strings.TrimSuffix(inner, `"`)
}

func psException(typ, value string) event.Exception {
	x := event.Exception{Type: typ, Value: value, Mechanism: &event.Mechanism{Type: "generic"}}
	if dot := strings.LastIndexByte(typ, '.'); dot > 0 && !strings.Contains(typ, " ") {
		x.Module, x.Type = typ[:dot], typ[dot+1:]
	}
	return x
}

// frames are the rows of the stack; the place of the error is the newest of them.
func (e *psError) frames() []event.Frame {
	rows := e.rows
	if e.at.line == 0 {
		return rows
	}
	at := psFrame(&e.at)
	at.ContextLine = e.code
	if len(rows) > 0 && rows[0].Lineno == at.Lineno && rows[0].AbsPath == at.AbsPath {
		rows[0].Colno, rows[0].ContextLine = at.Colno, at.ContextLine
		return rows
	}
	if len(rows) > 0 {
		return rows
	}
	return []event.Frame{at}
}

func psFrame(s *psSite) event.Frame {
	f := event.Frame{Function: string(s.fn), Lineno: s.line, Colno: s.col}
	switch file := string(s.file); file {
	case "<No file>", "line":
		if f.Function == "" {
			f.Function = "<ScriptBlock>"
		}
	default:
		f.AbsPath = file
		f.Filename = file[strings.LastIndexAny(file, `/\`)+1:]
	}
	if f.Function == "" && f.Filename == "" {
		f.Function = "<ScriptBlock>"
	}
	return f
}

// psOwn tells whether a script is not one of an installed module.
func psOwn(f *event.Frame) bool {
	p := strings.ReplaceAll(strings.ToLower(f.AbsPath), `\`, "/")
	return p != "" && !strings.Contains(p, "powershell/modules/") && !strings.Contains(p, "powershell/7/modules/") && !strings.Contains(p, "/v1.0/modules/") && !strings.Contains(p, "/.local/share/powershell/")
}

// psReadTree reads the output of Get-Error, a tree by indent, and of Format-List, its flat form.
//
//	Exception             :
//	    Type           : System.Management.Automation.MethodInvocationException
//	    InnerException :
//	        Type    : System.FormatException
func psReadTree(lines [][]byte) (Trace, bool) {
	e := psError{}
	var chain []event.Exception
	var depth []int // the indent of each exception's keys
	skip := -1      // the indent of a subtree that tells the same again
	section := ""
	for _, raw := range lines {
		l := span(raw).right()
		ind := l.indent()
		key, value, keyed := strings.Cut(string(l[ind:]), ":")
		key = strings.TrimSpace(key)
		keyed = keyed && key != "" && !strings.Contains(key, " ")
		value = strings.TrimSpace(value)
		switch {
		case skip >= 0 && ind > skip:
			continue
		case !keyed || section == "ScriptStackTrace" && strings.HasPrefix(string(l[ind:]), "at "):
			if row, ok := psRow(l[ind:]); ok && section == "ScriptStackTrace" {
				e.rows = append(e.rows, psFrame(&row))
			}
			continue
		}
		skip, section = -1, key
		switch {
		case key == "ErrorRecord", key == "TargetSite", key == "Data":
			skip = ind
		case key == "Exception" && ind == 0, key == "InnerException" && value == "":
			chain, depth = append(chain, psException("", "")), append(depth, ind)
			if typ, text, ok := strings.Cut(value, ": "); ok {
				chain[len(chain)-1] = psException(typ, text)
			}
		case len(chain) > 0 && (key == "Type" || key == "Message"):
			for i := len(depth) - 1; i >= 0; i-- {
				if depth[i] < ind {
					psNamed(&chain[i], key, value)
					break
				}
			}
		case ind == 0 && key == "FullyQualifiedErrorId":
			e.id = value
		case ind == 0 && key == "CategoryInfo":
			e.category = value
		case ind == 0 && key == "ScriptStackTrace":
			if row, ok := psRow(span(value)); ok {
				e.rows = append(e.rows, psFrame(&row))
			}
		default:
			e.invocation(key, value)
		}
	}
	if len(chain) == 0 || chain[0].Type == "" {
		return Trace{}, false
	}
	t := Trace{Platform: "other"}
	chain[0].Stacktrace, _ = newestFirst(e.frames())
	chained(&t, chain[:min(len(chain), maxExceptions)])
	t.markApp(psOwn)
	return t, true
}

// psNamed sets the type or the message of an exception, each once.
func psNamed(x *event.Exception, key, value string) {
	switch {
	case key == "Type" && x.Type == "":
		y := psException(value, x.Value)
		x.Type, x.Module = y.Type, y.Module
	case key == "Message" && x.Value == "":
		x.Value = value
	}
}

// invocation reads the place of the error.
func (e *psError) invocation(key, value string) {
	switch key {
	case "ScriptLineNumber":
		e.at.line, _ = span(value).number()
	case "OffsetInLine":
		e.at.col, _ = span(value).number()
	case "ScriptName":
		e.at.file = span(value)
	case "Line":
		e.code = value
	}
}

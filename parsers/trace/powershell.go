package trace

import "bytes"

// The states.
const (
	// psPlace: the place of an error, its code and its message; next psInfo.
	//
	//	At C:\srv\pay.ps1:3 char:5
	//	+     throw "no funds"
	psPlace State = iota + 1

	// psInfo: the lines behind the code; next psInfo, psRows.
	//
	//	    + CategoryInfo          : OperationStopped: (no funds:String) [], RuntimeException
	//	    + FullyQualifiedErrorId : no funds
	psInfo

	// psLine: the rows of the concise view; next psLine.
	//
	//	Line |
	//	   3 |      throw "no funds"
	psLine

	// psRows: a script's stack; next psRows.
	//
	//	at Debit, C:\srv\pay.ps1: line 3
	psRows

	// psTree: what Get-Error prints; next psTree.
	//
	//	Exception             :
	//	    Type    : System.Management.Automation.RuntimeException
	psTree
)

// PowerShell is the grammar of error records: the view of Windows PowerShell,
// the concise one of version 7, a script's stack and the output of Get-Error.
func PowerShell() Language {
	return Language{
		Name:  "powershell",
		Title: "PowerShell",
		Hints: []string{"At ", "+ CategoryInfo  ", "Line |", "at ", "Exception             :"},
		Step:  psStep,
		Back:  psBack,
		Read:  psRead,
	}
}

func psStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	switch s {
	case Outside:
		return psOpen(l, t)
	case psPlace:
		switch {
		case psIsInfo(t):
			return psInfo, Take
		case t.has("+"), len(t) == 0:
			return s, Hold
		}
		return s, Text
	case psInfo:
		switch {
		case psIsInfo(t), l.has("   ") && len(t) > 0:
			return s, Take
		case len(t) == 0:
			return s, Hold
		}
		return psInRows(t)
	case psLine:
		if psIsRow(l) {
			return s, Take
		}
		return psInRows(t)
	case psRows:
		return psInRows(t)
	case psTree:
		switch {
		case len(t) == 0, l.indent() < 4 && t.has("at "): // rows of .NET
			return s, Hold
		case psKeyed(l), l.indent() > 0:
			return s, Take
		}
	}
	return Outside, No
}

func psOpen(l, t span) (State, Verdict) {
	if len(t) < 6 {
		return Outside, No
	}
	switch t[0] {
	case 'A':
		if _, ok := psAt(t); ok {
			return psPlace, Hold
		}
	case '+':
		if psIsInfo(t) {
			return psInfo, Take
		}
	case 'L':
		if string(t) == "Line |" {
			return psLine, Hold
		}
	case 'a':
		if _, ok := psRow(t); ok {
			return psRows, Take
		}
	case 'E':
		if l.indent() == 0 && psKeyed(l) {
			return psTree, Hold
		}
	}
	return Outside, No
}

func psInRows(t span) (State, Verdict) {
	if _, ok := psRow(t); ok {
		return psRows, Take
	}
	return Outside, No
}

// psIsInfo knows the indented lines under the code; their names are not translated.
func psIsInfo(t span) bool {
	return t.has("+ CategoryInfo  ") || t.has("+ FullyQualifiedErrorId : ") || t.has("+ PSComputerName  ")
}

// psIsRow knows a row of the concise view: a number or blanks, a bar.
func psIsRow(l span) bool {
	t := l.left()
	n := 0
	for n < len(t) && isDigit(t[n]) {
		n++
	}
	t = t[n:].left()
	return l.indent() > 0 && len(t) > 0 && t[0] == '|'
}

// psKeyed knows a line of Format-List and Get-Error at column 0.
func psKeyed(l span) bool {
	at := bytes.Index(l[:min(len(l), 40)], []byte(" :"))
	if at < 4 || isBlank(l[0]) {
		return false
	}
	switch string(l[:at].right()) {
	case "Exception", "TargetObject", "CategoryInfo", "FullyQualifiedErrorId", "ErrorDetails", "InvocationInfo", "ScriptStackTrace", "PipelineIterationInfo", "PSMessageDetails":
		return true
	}
	return false
}

// psSite is a place in a script.
type psSite struct {
	fn, file  span
	line, col int
}

// psAt reads "At C:\srv\pay.ps1:3 char:5" and "At line:1 char:1", which typed commands have.
func psAt(t span) (s psSite, ok bool) {
	if !t.has("At ") {
		return s, false
	}
	at := bytes.LastIndex(t, []byte(" char:"))
	if at < len("At x:1") {
		return s, false
	}
	if s.col, ok = t[at+len(" char:"):].number(); !ok {
		return s, false
	}
	s.file, s.line, ok = nodeNumberBehind(t[len("At "):at])
	return s, ok
}

// psWhere reads that line in any language: the file and the line, then the column behind the last word.
//
//	In C:\srv\pay.ps1:3 Zeichen:5    Au caractère C:\srv\pay.ps1:3 : 5    所在位置 C:\srv\pay.ps1:3 字符: 5
func psWhere(t span) (s psSite, ok bool) {
	if s, ok = psAt(t); ok {
		return s, true
	}
	rest, col, ok := nodeNumberBehind(psJoined(t))
	if !ok {
		return s, false
	}
	s.col = col
	end := len(rest)
	for end > 0 && !isDigit(rest[end-1]) {
		end--
	}
	start := end
	for start > 0 && isDigit(rest[start-1]) {
		start--
	}
	if s.line, ok = rest[start:end].number(); !ok || start < 2 {
		return s, false
	}
	s.file = bytes.TrimRight(rest[:start], " :")
	for _, root := range [...]string{`:\`, " /", ` \\`} {
		if at := bytes.Index(s.file, []byte(root)); at > 0 {
			if root[0] == ' ' {
				at += 2
			}
			s.file = s.file[at-1:]
			return s, true
		}
	}
	return s, false
}

// psJoined is t with the blank taken out that some languages put behind the last colon.
func psJoined(t span) span {
	if at := bytes.LastIndex(t, []byte(": ")); at > 0 {
		if _, ok := t[at+2:].number(); ok {
			return append(append(make(span, 0, len(t)), t[:at+1]...), t[at+2:]...)
		}
	}
	return t
}

// psRow reads a row of a script's stack.
//
//	at Debit, C:\srv\pay.ps1: line 3
//	at <ScriptBlock>, <No file>: line 1
func psRow(t span) (s psSite, ok bool) {
	if !t.has("at ") {
		return s, false
	}
	at := bytes.LastIndex(t, []byte(": line "))
	if at < 0 {
		return s, false
	}
	if s.line, ok = t[at+len(": line "):].number(); !ok {
		return s, false
	}
	comma := bytes.Index(t[:at], []byte(", "))
	if comma <= len("at ") {
		return s, false
	}
	s.fn, s.file = t[len("at "):comma], t[comma+2:at]
	return s, len(s.file) > 0 && (bytes.IndexByte(s.fn, 0x20) < 0 || s.fn[0] == 0x3c)
}

// psBack finds the message above the place, and the place above the category.
func psBack(before Window, opening []byte) int {
	n := before.Len()
	top := n
	t := span(opening).trim()
	switch {
	case t.has("+ CategoryInfo"):
		for top > 0 && span(before.Line(top-1)).trim().has("+") {
			top--
		}
		if top == n || top == 0 {
			return 0
		}
		top--
		if _, ok := psWhere(span(before.Line(top)).trim()); !ok {
			return n - top - 1
		}
	case span(opening).has("Exception "), top == 0:
		return 0
	}
	_, row := psRow(t)
	return n - psMessage(before, top, row)
}

// psMessage is the index of the first line of the message that ends at top.
// Windows PowerShell breaks it at the width of the console.
func psMessage(before Window, top int, row bool) int {
	first := top
	for i := top - 1; i >= max(0, top-10); i-- {
		l := span(before.Line(i))
		if len(l.trim()) == 0 {
			break
		}
		if before.Record(i) && !row && len(psCommand(l)) == 0 {
			break // a record that says something else: the message of a syntax error follows its place
		}
		if i < top-1 && len(l) < 60 && len(psCommand(l)) == 0 {
			break
		}
		first = i
		if before.Record(i) || len(psCommand(l)) > 0 {
			break
		}
	}
	return first
}

// psCommand is the command in front of a message: "Get-Item : Cannot find path", "C:\srv\pay.ps1 : no funds".
func psCommand(l span) span {
	at := bytes.Index(l[:min(len(l), 260)], []byte(" : "))
	if at < 2 || bytes.IndexByte(l[:at], ' ') >= 0 && !l[:at].ends(".ps1") {
		return nil
	}
	return l[:at]
}

package trace

import (
	"bytes"
	"strings"
)

// This file knows what other runtimes put into a traceback, and a traceback into.

const pyHardBlank = "\u00a0"

// pyHardBlanks counts the no-break spaces that t begins with. AWS Lambda indents
// with them, for its log viewer folds blanks.
func pyHardBlanks(t span) (n int, rest span) {
	for t.has(pyHardBlank) {
		t = t[len(pyHardBlank):]
		n++
	}
	return n, t
}

// pySoften gives lines their blanks back.
func pySoften(lines [][]byte) [][]byte {
	var out [][]byte
	for i, l := range lines {
		n, rest := pyHardBlanks(l)
		if n == 0 {
			continue
		}
		if out == nil {
			out = append(out, lines...)
		}
		out[i] = append(bytes.Repeat([]byte(" "), n), rest...)
	}
	if out == nil {
		return lines
	}
	return out
}

// pyLambdaLine tells the lines that AWS Lambda writes around each call.
func pyLambdaLine(t span) bool {
	return t.has("END RequestId: ") || t.has("REPORT RequestId: ") || t.has("START RequestId: ")
}

// pyOpensJVM tells the line of a message behind which a Java stack follows:
// Py4J's ": org.apache.spark.SparkException: Job aborted", and "JVM stacktrace:".
func pyOpensJVM(t span) bool {
	return t.has(": ") && pyJavaClass(t[len(": "):]) > 0 || t.has("JVM stacktrace:")
}

// pyJavaClass is the length of the name of a Java class in a package, with a
// colon or nothing behind it; 0 if t does not begin with one.
func pyJavaClass(t span) int {
	end, ok := pyFinalLine(t)
	if !ok || bytes.Count(t[:end], []byte(".")) < 2 || !pyTellsError(t[:end]) {
		return 0
	}
	return end
}

// pyStepJVM stands in a message that holds a Java stack, and in it maybe the
// traceback of a Python worker.
func pyStepJVM(s State, t span) (State, Verdict) {
	switch {
	case t.indent() == len(t):
		return s, Text
	case t.indent() > 0, t.has("Caused by: "), t.has("Driver stacktrace:"), t.has("JVM stacktrace:"):
		return s, Take
	}
	switch pyClass(t) {
	case pyIsLink:
		return pyTo(s, pyLink) &^ pyJVM, Take
	case pyIsHeader, pyIsGroup, pyIsPreface:
		return s, No
	}
	return s, Text
}

// pyInJava tells whether the traceback is the message of a Java exception, whose
// stack follows it: "org.apache.spark.api.python.PythonException: Traceback (most
// recent call last):" and, below, "\tat org.apache.spark.api.python.PythonRunner...".
func pyInJava(lines [][]byte) bool {
	at := pyHeaderAt(lines[0])
	if at <= 0 || pyJavaClass(span(lines[0]).left()) == 0 {
		return false
	}
	for _, l := range lines[1:] {
		if _, grade := javaFrame(l); grade > 0 {
			return true
		}
	}
	return false
}

// pyUnjoin gives a traceback that stands on one line its lines back: AWS Lambda
// parts them by carriage returns, careless loggers by an escaped line break.
func pyUnjoin(message string) (text string, ok bool) {
	at := strings.Index(message, pyHeader)
	if at < 0 {
		return "", false
	}
	rest := message[at+len(pyHeader):]
	for _, sep := range [...]string{"\r\n", "\r", `\r\n`, `\n`, `\r`} {
		if below, found := strings.CutPrefix(rest, sep); found && strings.HasPrefix(strings.TrimLeft(below, " \t"+pyHardBlank), `File "`) {
			return pyNamedLast(strings.ReplaceAll(message, sep, "\n"), at), true
		}
	}
	return "", false
}

// pyNamedLast puts the exception's name, which AWS Lambda prints above the header
// at at, where Python prints it.
func pyNamedLast(text string, at int) string {
	above := strings.TrimRight(text[:min(at, len(text))], "\n")
	if end, ok := pyFinalLine(span(above)); !ok || !pyTellsError(span(above)[:end]) || strings.Contains(above, "\n") {
		return text
	}
	below := strings.TrimRight(text[len(above):], "\n")
	if end, ok := pyFinalLine(span(below[strings.LastIndexByte(below, '\n')+1:])); ok && end > 0 {
		return text
	}
	return strings.TrimLeft(below, "\n") + "\n" + above
}

package trace

import "bytes"

// The states; above them stands the number of the last source line, whose
// successor must follow.
const (
	// bunSource: "2 | function charge(db) {"; next bunSource, bunCaret.
	bunSource State = iota + 1

	// bunCaret: "           ^"; next bunHead.
	bunCaret

	// bunHead: "TypeError: x is not a function", the message's further lines, properties; next bunFrames.
	bunHead

	// bunFrames: "      at lookup (/srv/pay/wallet.ts:3:43)"; next bunGap, bunSource of an aggregate's next.
	bunFrames

	// bunGap: a blank line behind the frames; next bunSource of the cause, the version as the end.
	bunGap

	// bunPanic: "panic(main thread): Segmentation fault at address 0x0", Bun's own crash; next
	// bunPanic, the link to its report as the end.
	bunPanic

	bunKind  State = 7
	bunShift       = 3
)

// Bun is the grammar of Bun's errors: the source above, the frames below, causes as
// further blocks, and the version where the process died.
func Bun() Language {
	return Language{
		Name:     "bun",
		Title:    "Bun",
		Hints:    []string{"Bun v", bunPanicWord},
		RowHints: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"},
		Step:     bunStep, Back: bunBack, Read: bunRead,
	}
}

func bunStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	if n, _, ok := bunRow(l); ok && bunMayRow(s, n) {
		return bunSource | State(n)<<bunShift, Hold
	}
	switch kind := s & bunKind; {
	case kind == bunPanic:
		return bunStepPanic(s, t)
	case kind == Outside && t.has(bunPanicWord):
		return bunPanic, Hold
	case kind >= bunFrames && t.has(bunFailed):
		return Outside, Last
	case bunTrailer(t) && (kind == Outside || kind >= bunHead):
		return Outside, Last
	case kind == bunSource && nodeIsCaret(t):
		return bunCaret, Hold
	case kind == bunCaret && len(t) > 0:
		if h := bunHeader(t); h.grade > 0 {
			return bunHead, Text
		}
	case kind == bunHead || kind == bunFrames:
		if _, g := nodeFrame(t); g > 0 {
			return bunFrames, Take
		}
		if kind == bunHead {
			return s, Text
		}
		switch {
		case len(t) == 0:
			return bunGap, Hold
		case string(t) == "error" || t.has("error: "): // a member of an AggregateError that is no error
			return bunHead, Hold
		}
	case kind == bunGap && len(t) == 0:
		return s, Hold
	}
	return Outside, No
}

const (
	bunPanicWord = "panic("
	bunFailed    = "(fail) " // what `bun test` prints below a failed test's error
)

// bunStepPanic stands in the report of a crash of Bun itself.
func bunStepPanic(s State, t span) (State, Verdict) {
	switch {
	case t.has("oh no: Bun has crashed"), t.has("oh no: multiple threads are crashing"):
		return s, Take
	case t.has("https://bun.report/"):
		return Outside, Last
	case len(t) == 0, t.has("To send a redacted crash report"), t.has("please file a GitHub issue"), t.has("Crashed while "):
		return s, Hold
	}
	return Outside, No
}

// bunMayRow tells whether source line n may come in state s.
func bunMayRow(s State, n int) bool {
	switch s & bunKind {
	case Outside, bunFrames, bunGap:
		return true
	case bunSource:
		return n == int(s>>bunShift)+1
	}
	return false
}

// bunRow reads a line of source: " 9 | if (x) {".
func bunRow(l span) (n int, source span, ok bool) {
	t := l.left()
	end := 0
	for end < len(t) && isDigit(t[end]) {
		end++
	}
	if end == 0 || end > 6 || !t[end:].has(" |") {
		return 0, nil, false
	}
	source = t[end+2:]
	if len(source) > 0 && source[0] != ' ' {
		return 0, nil, false
	}
	n, ok = t[:end].number()
	return n, bytes.TrimPrefix(source, []byte(" ")), ok
}

// bunLead reads a line of source behind other text: console.error("settle failed:", err)
// prints both on one line.
func bunLead(l span) (lead span, n int, source span) {
	bar := bytes.Index(l, []byte(" | "))
	if l.ends(" |") && bar < 0 { // an empty line of source
		bar = len(l) - len(" |")
	}
	if bar <= 0 {
		return nil, 0, nil
	}
	start := bar
	for start > 0 && isDigit(l[start-1]) {
		start--
	}
	if start == 0 || l[start-1] != ' ' || len(l[:start].trim()) == 0 {
		return nil, 0, nil
	}
	n, source, ok := bunRow(l[start:])
	if !ok {
		return nil, 0, nil
	}
	return l[:start], n, source
}

// bunTrailer tells whether t is the last line of a process that died: "Bun v1.4.5 (Linux x64)".
func bunTrailer(t span) bool {
	return t.has("Bun v") && len(t) > 5 && isDigit(t[5]) && t.ends(")")
}

// bunHeader reads "TypeError: text", "error: text".
func bunHeader(t span) (h nodeTitle) {
	if string(t) == "error" {
		h.name, h.grade = t, nodeWeak
		return h
	}
	if !h.named(t) {
		return nodeTitle{}
	}
	return h
}

// bunBack finds what stands before the first source line, or above the version
// the error of a crash that showed no source.
func bunBack(before Window, opening []byte) int {
	n := before.Len()
	if number, _, ok := bunRow(opening); ok {
		if n > 0 {
			if _, was, _ := bunLead(before.Line(n - 1)); was > 0 && was == number-1 {
				return 1
			}
		}
		return 0
	}
	for i := n - 1; i >= max(0, n-backLines); i-- {
		if before.Record(i) {
			break
		}
		l := span(before.Line(i))
		if l.indent() > 0 || len(l) == 0 {
			continue
		}
		if h := bunHeader(l); h.grade == nodeSure || string(h.name) == "error" {
			return n - i
		}
	}
	return 0
}

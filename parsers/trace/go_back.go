package trace

import "bytes"

// goBack claims what stands above an opening line: the function whose place it
// is, the message above that, or what the program printed above a stack of its own.
func goBack(before Window, opening []byte) int {
	n := before.Len()
	t := span(opening).left()
	switch {
	case n == 0:
		return 0
	case goRowLine(t):
		return goBackRow(before)
	case goGoroutine(t):
		return goBackText(before)
	case t.has("(1) "):
		return goBackLayers(before)
	case goMostRecent(t):
		return min(1, len(before.Line(n-1)))
	case t.has("panic: (*logrus.Entry) 0x") && before.Record(n-1): // logrus prints the entry and panics with it
		return 1
	}
	if _, _, ok := goThrownRow(t); ok {
		return goBackThrown(before, opening)
	}
	if _, ok := goFileLine(t); !ok {
		return 0
	}
	above := span(before.Line(n - 1)).left()
	if _, ok := goCallLine(above); ok {
		return goBackCall(before)
	}
	if !goFuncLine(above) && !(n == 1 && goShortFunc(above)) {
		return 0
	}
	return 1 + goBackMessage(before, n-1)
}

// goBackMessage claims the message right above the first function of an error's
// stack, line upto. Below a record with fields (zap, hclog), the stack is the logger's own.
func goBackMessage(before Window, upto int) int {
	i := upto - 1
	if i >= 0 && goMostRecent(before.Line(i)) {
		i--
	}
	if i < 0 || len(before.Line(i)) == 0 || before.Record(i) && goFields(before.Line(i)) {
		return 0
	}
	return upto - i
}

func goFields(t span) bool {
	return bytes.Contains(t, []byte("\t{")) || bytes.Contains(t, []byte(`="`))
}

// goMostRecent tells the title that gitlab.com/tozd/go/errors puts above a stack.
func goMostRecent(t span) bool { return t.has("stack trace (most recent call first):") }

// goBackRow finds "*errors.errorString short of funds" above the first row of go-errors.
func goBackRow(before Window) int {
	n := before.Len()
	for i := n - 1; i >= max(0, n-goMessage); i-- {
		if at, _ := goTypeAt(before.Line(i)); at >= 0 {
			return n - i
		}
		if before.Record(i) {
			return 0
		}
	}
	return 0
}

// goMessage is how many lines of message are looked for above a stack.
const goMessage = 10

// goBackText claims the line above a stack that the program printed itself,
// "recovered: boom", if it is a record's message or speaks of a panic. A lone
// line is the beginning of a text that holds nothing but both.
func goBackText(before Window) int {
	n := before.Len()
	line := before.Line(n - 1)
	if len(line) == 0 {
		return 0
	}
	if n == 1 || before.Record(n-1) || bytes.Contains(line, []byte("panic")) || bytes.Contains(line, []byte("ecover")) {
		return 1
	}
	return 0
}

// goBackCall claims the call above its place, and the goroutine's header above
// that where it stands at the end of a message (echo).
func goBackCall(before Window) int {
	n := before.Len()
	if n < 2 || goGoroutineAt(before.Line(n-2)) == 0 {
		return 1
	}
	for i := n - 2; i >= max(0, n-2-goMessage); i-- {
		if before.Record(i) || i == 0 || span(before.Line(i)).has("[PANIC RECOVER] ") {
			return n - i
		}
	}
	return 2
}

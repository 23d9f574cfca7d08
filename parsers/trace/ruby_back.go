package trace

import "bytes"

// rubyLongest is how many lines above the first row are looked at for the exception's name.
const rubyLongest = 60

// rubyLatest is the first line of the order in which the newest call comes last; Python prints the same.
const rubyLatest = "Traceback (most recent call last):"

// rubyBack finds what stands above an opening line that is a row: the header of a
// message with many lines, or the line in which a logger names the exception.
func rubyBack(before Window, opening []byte) int {
	n := rubyBackRows(before, opening)
	if at := before.Len() - n - 1; at >= 0 && (n == 0 || !before.Record(at+1)) {
		if above := span(before.Line(at)).right(); string(above) == rubyAborted || rubyTested(above) {
			return n + 1
		}
	}
	if l, ok := rubyLine(rubyUntagged(span(opening))); !ok || l.kind != rubyIsRow {
		return n
	}
	for i := before.Len() - 1; i >= max(0, before.Len()-rubyShort) && !before.Record(i); i-- { // Rake names no RuntimeError
		if string(span(before.Line(i)).right()) == rubyAborted {
			return before.Len() - i
		}
	}
	return n
}

// rubyShort is how many lines of a message are looked at for words that stand above it.
const rubyShort = 20

// rubyTested knows the line above a failure that minitest reports: "PayTest#test_charge:".
func rubyTested(t span) bool {
	return t.ends(":") && bytes.Contains(t, []byte("#test_")) && bytes.IndexByte(t, ' ') < 0
}

func rubyBackRows(before Window, opening []byte) int {
	n := before.Len()
	if n == 0 {
		return 0
	}
	t := rubyUntagged(span(opening))
	l, ok := rubyLine(t)
	switch {
	case !ok && rubyJava(t) > 0:
	case !ok: // Rails begins its record with an empty line
		if before.Record(n-1) && len(rubyUntagged(before.Line(n-1)).right()) == 0 {
			return 1
		}
		return 0
	case l.kind == rubyIsHeader:
		return 0
	case l.kind == rubyIsNumbered:
		if string(span(before.Line(n-1)).right()) == rubyLatest {
			return 1
		}
		return 0
	}
	best := 0
	for i := n - 1; i >= max(0, n-rubyLongest); i-- {
		line := rubyUntagged(span(before.Line(i)))
		rec := before.Record(i)
		if found, sure := rubyTitleLine(line, rec, i == n-1); found {
			best = n - i
			if sure {
				return rubyBackStart(before, i, line)
			}
		}
		if last := span(before.Line(n - 1)).right(); i < n-1 && last.ends("):") && rubyParted(line) { // its message has several lines
			return n - i
		}
		if rec {
			return rubyBackRecord(before, i, best)
		}
		if i == n-1 && rubyComplains(line) {
			best = max(best, 1)
		}
		if other, ok := rubyLine(line); ok && other.kind != rubyIsHeader {
			break // rows of another trace
		}
	}
	return best
}

// rubyParted tells whether the name of an exception and the beginning of its message stand in t, "Declined (no
// funds" or "Error performing PayJob (Job ID: 7) in 12ms: Declined (no funds".
func rubyParted(t span) bool {
	if n := rubyClass(t); n > 0 && t[n:].has(" (") {
		return !t.right().ends(")")
	}
	for p := 0; ; {
		i := bytes.Index(t[p:], []byte(": "))
		if i < 0 {
			return false
		}
		p += i + 2
		if n := rubyClass(t[p:]); n > 0 && t[p+n:].has(" (") {
			return true
		}
	}
}

// rubyBackRecord decides about the record in front of rows: where no line names
// an exception, its message is the best there is.
func rubyBackRecord(before Window, i, best int) int {
	n := before.Len()
	if best > 0 {
		return best
	}
	for k := i + 1; k < n; k++ {
		if len(rubyUntagged(before.Line(k)).right()) > 0 {
			return 0
		}
	}
	if len(rubyUntagged(before.Line(i)).right()) == 0 {
		return 0
	}
	return n - i
}

// rubyBackStart finds the beginning of what line i names an exception in: the
// record whose message has several lines, the class standing behind the last one,
// or the causes that Rails lists above "Information for: ".
func rubyBackStart(before Window, i int, line span) int {
	n := before.Len()
	linked := line.has("Information for: ")
	behind := !rubyNamed(line) && rubyClassAtEnd(line.right()) >= 0
	for k := i - 1; k >= max(0, i-20); k-- {
		t := rubyUntagged(before.Line(k)).right()
		if l, ok := rubyLine(t); ok && !l.bare {
			break
		}
		switch {
		case before.Record(k) && (behind || len(t) == 0):
			return n - k
		case linked && rubyNamed(t) && t.ends(")") && !rubyLinked(t):
			return n - k
		case before.Record(k), !linked && !behind:
			return n - i
		}
	}
	return n - i
}

// rubyTitleLine tells whether a line names the exception of the rows below it;
// next tells that the rows follow at once.
func rubyTitleLine(line span, rec, next bool) (found, sure bool) {
	t := rubyUnlinked(line.right())
	if len(t) == 0 || rubyExcerpt(t) || t.has("Parameters: {") {
		return false, false
	}
	if n := rubyClass(t); n > 0 && t[n:].has(" (") && t.ends("):") {
		return true, true
	}
	l, ok := rubyLine(t)
	switch {
	case ok && l.kind == rubyIsHeader:
		return true, l.sure
	case rubyNamed(t), next && rubyClassAtEnd(t) >= 0:
		return true, true
	case next && rubyInspected(t) >= 0:
		return true, true
	case next && rec:
		at, _ := rubyClassIn(t)
		return at >= 0, at >= 0
	}
	if n := rubyClass(t); n > 0 && (t[n:].has(": ") || t[n:].has(" (")) || n == len(t) {
		return true, next
	}
	at, _ := rubyClassIn(t)
	return next && at >= 0, false
}

// rubyComplains tells whether a line right above rows speaks of a fault, though it names none:
// "Unexpected error while processing request: no funds".
func rubyComplains(t span) bool {
	for _, word := range [...]string{"error", "Error", "ERROR", "exception", "Exception", "failed", "failure"} {
		if bytes.Contains(t, []byte(word)) {
			return true
		}
	}
	return false
}

// rubyInspected is the offset of "#<KeyError: key not found>" at the end of t, or -1.
func rubyInspected(t span) int {
	if !t.ends(">") {
		return -1
	}
	for p := 0; ; {
		i := bytes.Index(t[p:], []byte("#<"))
		if i < 0 {
			return -1
		}
		p += i
		if n := rubyClass(t[p+2:]); n > 0 && t[p+2+n:].has(":") || n > 0 && t[p+2+n:].has(">") {
			return p
		}
		p += 2
	}
}

// rubyClassIn finds "KeyError: " behind words of the program; at is -1 if there is none.
func rubyClassIn(t span) (at, end int) {
	for p, words := 0, 0; p < len(t) && words < 200; words++ {
		if n := rubyClass(t[p:]); n > 0 && rubyTelling(t[p:p+n]) && (t[p+n:].has(": ") || p+n == len(t)) {
			return p, p + n
		}
		i := bytes.IndexAny(t[p:], " [(\"")
		if i < 0 {
			break
		}
		p += i + 1
	}
	return -1, 0
}

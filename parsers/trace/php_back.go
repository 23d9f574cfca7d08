package trace

import "bytes"

// phpLongest is how many lines above the rows are looked at for the header.
const phpLongest = 100

// phpBack finds the header above "Stack trace:", "[stacktrace]" or the first row.
func phpBack(before Window, opening []byte) int {
	n := before.Len()
	t := span(opening).left()
	switch {
	case n == 0:
		return 0
	case t.has("[stacktrace]"):
		return phpBackJSON(before)
	case t.has("Trace: "):
		return phpBackKeys(before)
	case t.has("<b>"):
		if string(span(before.Line(n-1)).trim()) == "<br />" {
			return 1
		}
		return 0
	case !phpIsTitle(t) && !t.has("#0 "):
		return 0
	}
	last := span(before.Line(n - 1))
	if string(last.trim()) == phpWikiTitle {
		return min(n, 2)
	}
	if _, ok := phpInFile(last); !ok {
		if phpHeaderStart(last) == phpSure || t.has("#0 ") && len(last.trim()) > 0 {
			return 1
		}
		return 0
	}
	return phpBackHeader(before)
}

// phpBackHeader finds the first line of a header whose last line stands right
// above the rows. The message may have many lines.
func phpBackHeader(before Window) int {
	n := before.Len()
	weak := 0
	for i := n - 1; i >= max(0, n-phpLongest); i-- {
		line := span(before.Line(i))
		switch phpHeaderStart(line) {
		case phpSure:
			return n - i
		case phpMaybe:
			if weak == 0 {
				weak = n - i
			}
		}
		if before.Record(i) && (weak == 0 || i == n-1) {
			return n - i
		}
		if row, ok := phpRow(line); ok && row.main {
			break // another trace
		}
	}
	return max(weak, 1)
}

// How surely a line is the first one of a header.
const (
	phpSure  = iota + 1 // "Acme\Declined: no funds", "exception 'Exception' with message 'x'"
	phpMaybe            // "job 7 failed: Declined: no funds", "Declined in /srv/pay.php:7"
)

// phpHeaderStart tells whether a header may begin on this line; 0 if not.
func phpHeaderStart(line span) int {
	t := line.left()
	if t.has("exception '") {
		return phpSure
	}
	n := phpName(t)
	switch {
	case n > 0 && t[n:].has(": ") && phpIsClass(t[:n]):
		return phpSure
	case n > 0 && t[n:].has(" in ") && phpIsClass(t[:n]):
		return phpMaybe
	}
	if at, _ := phpClassIn(t); at >= 0 {
		return phpMaybe
	}
	return 0
}

// phpIsClass tells whether a word can be an exception's class: they are
// written with a capital, or have a namespace.
func phpIsClass(name span) bool {
	return name[0] >= 'A' && name[0] <= 'Z' || bytes.IndexByte(name, '\\') > 0
}

// phpTelling tells whether a name says by itself that it is an exception's.
func phpTelling(name span) bool {
	return name.ends("Exception") || name.ends("Error") || name.ends("Throwable") || bytes.IndexByte(name, '\\') > 0
}

// phpClassIn finds the class in a text in front of which a program wrote words of its own:
// "charge failed: OutOfBoundsException: no wallet". at is -1 if there is none.
func phpClassIn(t span) (at, end int) {
	weak, weakEnd := -1, 0
	for p, words := 0, 0; p < len(t) && words < 200; words++ {
		n := phpName(t[p:])
		if n > 0 && phpIsClass(t[p:p+n]) && (t[p+n:].has(": ") || p+n == len(t)) {
			if phpTelling(t[p : p+n]) {
				if weak >= 0 && p != weakEnd+2 {
					return weak, weakEnd
				}
				return p, p + n
			}
			if weak < 0 && p+n < len(t) {
				weak, weakEnd = p, p+n
			}
		}
		i := bytes.IndexAny(t[p:], " [(\"'")
		if i < 0 {
			break
		}
		p += i + 1
	}
	return weak, weakEnd
}

// phpGeneric tells whether a word in front of a colon is a caption rather than a class.
func phpGeneric(word span) bool {
	switch string(word) {
	case "Error", "ERROR", "Exception", "EXCEPTION", "Warning", "WARNING", "Fatal", "FATAL", "Critical", "CRITICAL", "Caught", "Failed", "Failure", "Notice", "Message", "Reason":
		return true
	}
	return false
}

// phpBackJSON finds the line with "[object] (" of Monolog, and where its record begins.
func phpBackJSON(before Window) int {
	n := before.Len()
	found := 0
	for i := n - 1; i >= max(0, n-phpLongest); i-- {
		if found == 0 && bytes.Contains(before.Line(i), []byte("[object] (")) {
			found = n - i
		}
		if before.Record(i) {
			if found > 0 {
				return n - i
			}
			break
		}
	}
	return found
}

package trace

// rustLongest is how many lines above "Caused by:" are looked at for the error.
const rustLongest = 30

// rustBack finds the error above the title of a part of its report: behind a
// blank line stands the last line of the message.
func rustBack(before Window, opening []byte) int {
	t := span(opening).trim()
	if t.has(rustSubstrate) {
		return rustSubstrateBack(before)
	}
	if rustReported(t) {
		return min(1, before.Len())
	}
	if n := before.Len(); t.has("0: ") && n > 0 && len(span(before.Line(n-1)).trim()) > 0 {
		return 1
	}
	if !rustCausedBy(t) && string(t) != "Stack backtrace:" && string(t) != "Location:" {
		return 0
	}
	n := before.Len()
	if n < 2 || len(span(before.Line(n-1)).trim()) > 0 || len(span(before.Line(n-2)).trim()) == 0 {
		return 0
	}
	for i := n - 2; i >= max(0, n-rustLongest); i-- {
		if before.Record(i) || span(before.Line(i)).left().has("Error: ") {
			return n - i
		}
	}
	return 2
}

// rustInRows is the Step among the rows of a backtrace.
func rustInRows(s State, l, t span) (State, Verdict) {
	switch {
	case len(t) == 0:
		return rustRowsGap, Hold
	case rustNote(t):
		return rustEnd, Take
	case rustRule(t), rustHidden(t), t.has("Location:"):
		return rustRows, Take
	}
	if h, ok := rustHeadLine(t); ok {
		return rustSecond(h)
	}
	if rustAborts(t) {
		return rustDead, Take
	}
	if r, ok := rustRow(l); ok {
		if s&rustKind == rustRowsGap && r.number != 0 { // a backtrace behind a gap starts anew
			return Outside, No
		}
		return rustRows, Take
	}
	if s&rustKind == rustRowsGap {
		return Outside, No
	}
	if _, ok := rustAt(t); ok || l.indent() >= 6 || rustPlain(t) {
		return rustRows, Take
	}
	if _, ok := rustPlace(t); ok && l.indent() > 0 { // "Location:" of eyre
		return rustRows, Take
	}
	return Outside, No
}

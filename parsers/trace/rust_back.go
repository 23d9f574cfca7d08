package trace

// rustLongest is how many lines above "Caused by:" are looked at for the error.
const rustLongest = 30

// rustBack finds the error above the title of a part of its report: behind a
// blank line stands the last line of the message.
func rustBack(before Window, opening []byte) int {
	t := span(opening).trim()
	if rustReported(t) {
		return min(1, before.Len())
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

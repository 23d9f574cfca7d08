package trace

import (
	"strconv"
	"strings"
)

// phpUnjoin gives the lines back to a trace in a message that a formatter wrote on
// one line, as Monolog's does unless inline line breaks are allowed; ok is false for any other text:
//
//	Declined: no funds in /srv/pay.php:5 Stack trace: #0 /srv/index.php(3): pay() #1 {main}  Next RuntimeException: ...
func phpUnjoin(message string) (text string, ok bool) {
	const title = " Stack trace: #0 "
	if strings.IndexByte(message, '\n') >= 0 || !strings.Contains(message, title) {
		return "", false
	}
	var sb strings.Builder
	sb.Grow(len(message) + 16)
	for {
		head, rest, found := strings.Cut(message, title)
		sb.WriteString(strings.TrimRight(head, " "))
		if !found {
			return sb.String(), true
		}
		sb.WriteString("\nStack trace:\n")
		rest = "#0 " + rest
		for n := 1; ; n++ { // a row ends where the next number stands
			row, after, more := strings.Cut(rest, " #"+strconv.Itoa(n)+" ")
			if i := strings.Index(row, title); !more || i >= 0 {
				break
			}
			sb.WriteString(row + "\n")
			rest = "#" + strconv.Itoa(n) + " " + after
		}
		if _, after, main := strings.Cut(rest, "{main}"); main {
			sb.WriteString(rest[:len(rest)-len(after)])
			rest = after
		}
		next, isNext := strings.CutPrefix(strings.TrimLeft(rest, " "), "Next ")
		if !isNext {
			sb.WriteString(rest)
			return sb.String(), true
		}
		sb.WriteString("\n\nNext ")
		message = next
	}
}

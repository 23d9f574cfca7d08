package unwrap

// Heroku's logplex (devcenter "Log format"; heroku logs, log drains):
//
//	2026-11-22T05:30:00.123456+00:00 app[web.1]: text
//	2026-11-22T05:30:00.123456+00:00 heroku[router]: text
//
// The source is "app" or "heroku", and for add-ons their own name; inside the
// brackets stands the dyno or the part of the platform.

// heroku reads the prefix whose timestamp ends at end.
func (l *level) heroku(b []byte, end int) int {
	open := span(b, end+1, nameByte)
	if open >= len(b) || b[open] != '[' || open+1 == len(b) || digit(b[open+1]) || !l.allow.has(Heroku) {
		return 0
	}
	closed := span(b, open+1, nameByte)
	if closed+1 >= len(b) || b[closed] != ']' || b[closed+1] != ':' || closed == open+1 {
		return 0
	}
	n := closed + 2
	if n < len(b) {
		if b[n] != ' ' {
			return 0
		}
		n++
	}
	source := string(b[end+1 : open])
	dyno := b[closed-2] == '.' && digit(b[closed-1]) || b[closed-3] == '.' && digit(b[closed-1]) // web.1, web.12
	if source != "app" && source != "heroku" && !dyno || isLevel(b[end+1:open]) {
		return 0
	}
	l.found = prefix{carrier: Heroku, layout: rfc3339Time, stamp: b[:end], writer: b[end+1 : closed+1]}
	return n
}

package record

import (
	"bytes"
	"strings"
)

// readLogfmt gives the pairs of a logfmt line their meaning.
func readLogfmt(r *Record, line []byte, o Options) {
	w := pairs{b: line}
	inOrder := 0
	for n := 0; w.next(); n++ {
		k, v := w.key.of(line), w.val.of(line)
		if n < len(goOrder) && string(k) == goOrder[n] {
			inOrder++
		}
		switch role := logfmtRole(k); role {
		case timeKey:
			if t := parseTime(logfmtText(v, w.quoted), o); r.Time.IsZero() && !t.IsZero() {
				r.Time = t
				continue
			}
		case levelKey, wordKey, severityKey, pythonKey, numberKey, syslogKey:
			if logfmtLevel(role, v) == r.Level {
				continue
			}
		}
		r.pair(k, v, w.quoted)
	}
	if inOrder == len(goOrder) {
		r.Platform = "go"
	}
	if r.Platform == "" {
		r.Platform = r.callerPlatform()
	}
	if e, ok := r.Fields["event"].(string); ok && r.Message == "" { // structlog
		r.Message = e
		delete(r.Fields, "event")
	}
	r.finish()
}

// goOrder is how the lines of Go's logrus and slog begin, and nobody else's.
var goOrder = [...]string{"time", "level", "msg"}

// pair keeps one key=value pair.
func (r *Record) pair(k, v []byte, quoted bool) {
	text := logfmtText(v, quoted)
	switch role := logfmtRole(k); role {
	case messageKey, templateKey:
		if r.Message == "" {
			r.Message = bounded(text, maxMessage)
			return
		}
	case loggerKey, threadKey, pidKey, typeKey, valueKey, errorKey, stackKey:
		if r.text(role, text) {
			return
		}
	}
	if string(k) == "component" && r.Logger == "" {
		r.Logger = bounded(text, maxName)
		return
	}
	r.field(string(k), bounded(text, maxValue))
}

// logfmtText undoes the escapes of a quoted value.
func logfmtText(v []byte, quoted bool) string {
	if !quoted || bytes.IndexByte(v, '\\') < 0 {
		return strings.ToValidUTF8(string(v), "\uFFFD")
	}
	return unescape(v)
}

package record

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// maxDepth is how deep objects inside a record are looked into for what they mean.
const maxDepth = 4

// readJSON gives the members of a JSON record their meaning.
func readJSON(r *Record, line []byte, o Options) {
	j := jsonReader{r: r, b: line, o: o}
	if has(line, 0, otlpOpen) {
		j.otlp()
	} else {
		j.members(0, 0)
	}
	j.settle()
	r.finish()
}

// jsonReader reads one JSON record.
type jsonReader struct {
	r *Record
	b []byte
	o Options

	name       string // the member "name": a logger if nothing else is
	event      string // structlog's "event": the message if nothing else is
	text       string // loguru's "text": everything as it would stand on a console
	numeric    bool   // the level is a number
	seen       writer
	inOrder    int    // of the first members, how many are slog's
	renderings span   // CLEF's list of holes that have a format, as they are to be shown
	holes      []hole // members that may fill a template
}

// writer notes members by which a writer is recognised.
type writer uint16

const (
	hasHostname writer = 1 << iota
	hasPID
	hasV
	hasMillis
	hasPython
	hasLoguru
	hasDotNet
	hasClef
	hasLoggerName
	hasThreadName
)

// hole is a top-level member that a message template may name.
type hole struct {
	name string
	val  span
}

// members reads the object at p.
// Objects that merely group the members of the record (ECS's log, Monolog's
// context, tracing's fields) are read as if their members stood in the record.
func (j *jsonReader) members(p, depth int) {
	m := walkObject(j.b, p)
	for n := 0; m.next(); n++ {
		if depth == 0 {
			j.note(n, m.key.of(j.b), m.val)
		}
		j.member(m.key.of(j.b), m.val, depth)
	}
}

// member gives one member its meaning, or keeps it as a field.
func (j *jsonReader) member(key []byte, val span, depth int) {
	if c := j.b[val.at]; c == 'n' && val.end-val.at == 4 { // null
		return
	}
	role := roleOf(key)
	if j.known(role, key, val, depth) {
		return
	}
	if has(j.b, val.at, `"[object] (`) && j.r.Stack == "" && j.r.exceptionText(j.string(val)) { // Monolog, whatever the key
		return
	}
	j.keep(unescape(key), val)
}

// known handles the members that have a place of their own in the record.
// A member of the right name and the wrong form (a level that is none, a "name"
// that is an object) answers false and is kept as a field.
func (j *jsonReader) known(k role, key []byte, val span, depth int) bool {
	isText := j.b[val.at] == '"'
	switch k {
	case levelKey, wordKey, severityKey, pythonKey, numberKey, syslogKey, letterKey, clefKey:
		return jsonLevel(j.b, k, val) == j.r.Level && j.r.Level != Unknown
	case timeKey, clefTime:
		return j.when(val)
	case messageKey:
		return j.messageMember(key, val, depth)
	case templateKey:
		if isText && j.r.Template == "" {
			j.r.Template = bounded(j.string(val), maxValue)
			return true
		}
	case nestKey, evidenceKey:
		return j.nest(key, val, depth)
	case stackKey:
		return j.stack(key, val)
	case errorKey:
		return j.errorMember(val)
	case loggerKey, threadKey, pidKey, typeKey, valueKey:
		if j.scalar(val) {
			return j.r.text(k, j.string(val))
		}
		return (k == pidKey || k == threadKey) && j.actor(val) || k == loggerKey && j.loggerObject(val)
	}
	return j.named(key, val, depth)
}

// named handles members that mean something by their name and form together.
func (j *jsonReader) named(key []byte, val span, depth int) bool {
	text := j.b[val.at] == '"'
	switch string(key) {
	case "name":
		if text && (depth == 0 || depth == 1 && j.seen&hasLoguru != 0 && j.name == "") {
			j.name = j.string(val)
			return true
		}
	case "text":
		if text && depth == 0 {
			j.text = j.string(val)
			return true
		}
	case "fields": // Rust's tracing
		if j.b[val.at] == '{' && depth == 0 {
			j.members(val.at, depth+1)
			return true
		}
	case "@r": // what a template's holes with a format look like
		j.renderings = val
		return j.b[val.at] == '['
	case "@tr":
		j.keep("trace_id", val)
		return true
	case "@sp":
		j.keep("span_id", val)
		return true
	case "InstrumentationScope", "scope": // OpenTelemetry
		return depth == 0 && j.loggerObject(val)
	case "status":
		return depth == 0 && text && quotedLevel(j.b, val) == j.r.Level && j.r.Level != Unknown
	case "v", "level_value", "@version":
		return depth == 0
	}
	return false
}

// actor reads an object that describes the process or the thread: ECS's
// {"pid":7,"thread":{"name":"main"}}, loguru's {"id":7,"name":"MainProcess"}.
func (j *jsonReader) actor(val span) bool {
	if j.b[val.at] != '{' {
		return false
	}
	m := walkObject(j.b, val.at)
	for m.next() {
		switch key := string(m.key.of(j.b)); {
		case key == "pid":
			j.r.process(j.string(m.val))
		case key == "thread": // outranks the name of the process
			if name := j.strings(m.val)["name"]; name != "" {
				j.r.Thread = bounded(name, maxName)
			}
		case key == "name" && j.b[m.val.at] == '"' && j.r.Thread == "":
			j.r.Thread = bounded(j.string(m.val), maxName)
		}
	}
	return true
}

// loggerObject reads Datadog's {"name":"payments.api","thread_name":"main"} and
// OpenTelemetry's {"name":"payments.api","version":"1"}.
func (j *jsonReader) loggerObject(val span) bool {
	if j.b[val.at] != '{' {
		return false
	}
	m := j.strings(val)
	name := m["name"] + m["Name"]
	if name == "" {
		return false
	}
	if j.r.Thread == "" {
		j.r.Thread = bounded(m["thread_name"], maxName)
	}
	return j.r.text(loggerKey, name)
}

// scalar tells whether a value is a text or a number.
func (j *jsonReader) scalar(val span) bool {
	c := j.b[val.at]
	return c == '"' || class[c]&digit != 0
}

// string is a value as text: unescaped if it is a string, else as it stands.
func (j *jsonReader) string(val span) string {
	w := val.of(j.b)
	if len(w) == 0 || w[0] != '"' {
		return string(w)
	}
	w = w[1:]
	if n := len(w); n > 0 && w[n-1] == '"' && val.end > val.at+1 {
		w = w[:n-1]
	}
	return unescape(w)
}

// when reads the time: a text or a number, or an object that holds one.
func (j *jsonReader) when(val span) bool {
	if j.b[val.at] == '{' {
		return j.whenObject(val)
	}
	return j.stamp(val)
}

// stamp takes the time from a text or a number; the first one wins.
func (j *jsonReader) stamp(val span) bool {
	if !j.r.Time.IsZero() {
		return false
	}
	j.r.Time = parseTime(strings.TrimSpace(j.string(val)), j.o)
	return !j.r.Time.IsZero()
}

// whenObject reads MongoDB's {"$date":...}, loguru's {"repr":...} and log4j's
// {"epochSecond":...,"nanoOfSecond":...}.
func (j *jsonReader) whenObject(val span) bool {
	m := walkObject(j.b, val.at)
	done := false
	for m.next() {
		switch string(m.key.of(j.b)) {
		case "$date", "epochSecond", "repr", "date": // date: PHP's DateTime
			done = j.stamp(m.val) || done
		case "nanoOfSecond":
			if n, err := strconv.Atoi(j.string(m.val)); done && err == nil && n < 1e9 {
				j.r.Time = j.r.Time.Truncate(time.Second).Add(time.Duration(n))
			}
		}
	}
	return done
}

// messageMember takes the message; a second one is kept as a field.
// structlog's event is the message unless there is one; AWS Lambda puts the
// error object where the message was.
func (j *jsonReader) messageMember(key []byte, val span, depth int) bool {
	switch {
	case j.b[val.at] == '{' && string(key) == "body" && !j.anyValue(val).empty() && j.b[j.anyValue(val).at] == '"': // OpenTelemetry
		j.r.Message = bounded(j.string(j.anyValue(val)), maxMessage)
		return true
	case j.b[val.at] == '{' && depth == 0: // AWS Lambda puts the error where the message was
		return j.errorMember(val)
	case j.b[val.at] != '"':
		return false
	case string(key) == "event":
		if j.event == "" {
			j.event = j.string(val)
			return true
		}
		return false
	case j.r.Message == "":
		j.r.Message = bounded(j.string(val), maxMessage)
		return true
	}
	return j.string(val) == j.r.Message
}

// nest looks into an object that holds parts of the record.
func (j *jsonReader) nest(key []byte, val span, depth int) bool {
	text := j.b[val.at] == '"'
	switch string(key) {
	case "attributes":
		if j.attributes(val, depth) {
			return true
		}
	case "context", "channel": // Nest's context is a name, Monolog's an object
		if text && j.r.Logger == "" {
			j.r.Logger = bounded(j.string(val), maxName)
			return true
		}
	}
	if j.b[val.at] != '{' || depth >= maxDepth {
		return false
	}
	j.members(val.at, depth+1)
	return true
}

// keep keeps a member as a field.
// Fields are also what a message template refers to.
func (j *jsonReader) keep(key string, val span) {
	if len(j.holes) < maxFields {
		j.holes = append(j.holes, hole{key, val})
	}
	if v, ok := j.value(val); ok {
		j.r.field(key, v)
	}
}

// value decodes a value for Fields, bounded.
func (j *jsonReader) value(val span) (any, bool) {
	raw := val.of(j.b)
	if raw[0] == '"' {
		s := bounded(j.string(val), maxValue)
		return s, s != ""
	}
	if len(raw) > maxValue {
		return clean(raw, maxValue), true
	}
	if v, plain := scalar(raw); plain {
		return v, v != nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return clean(raw, maxValue), true
	}
	return v, v != nil
}

// scalar decodes what is no object and no list without the cost of a decoder.
func scalar(raw []byte) (v any, ok bool) {
	switch {
	case string(raw) == "null":
		return nil, true
	case string(raw) == "true", string(raw) == "false":
		return raw[0] == 't', true
	case (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9') && json.Valid(raw):
		return json.Number(raw), true
	}
	return nil, false
}

// settle fills what only the whole line decides.
// bunyan's and pino's "name" is the logger's; Python's formatters call the logger "name" too.
func (j *jsonReader) settle() {
	r := j.r
	if r.Message == "" {
		r.Message = bounded(j.event, maxMessage)
	} else if j.event != "" {
		r.field("event", bounded(j.event, maxValue))
	}
	if j.name != "" {
		if r.Logger == "" {
			r.Logger = bounded(j.name, maxName)
		} else {
			r.field("name", bounded(j.name, maxValue))
		}
	}
	if j.text != "" {
		if strings.Contains(j.text, "\nTraceback ") && r.Stack == "" {
			_, stack, _ := strings.Cut(j.text, "\n")
			r.Stack = bounded(stack, maxStack)
		} else if r.Message == "" {
			r.Message = bounded(j.text, maxMessage)
		}
	}
	j.render()
	r.Platform = j.platform()
}

package record

// note recognises the writer of a JSON record by its top-level members; n
// counts them.
// The value's form counts as much as the name: pino's level is a number.
func (j *jsonReader) note(n int, key []byte, val span) {
	c := j.b[val.at]
	number := class[c]&digit != 0
	switch string(key) {
	case "level":
		j.numeric = number
	case "time":
		if number && val.end-val.at == len("1795325244387") {
			j.seen |= hasMillis
		}
	case "hostname":
		j.seen |= hasHostname
	case "pid":
		j.seen |= hasPID
	case "v":
		j.seen |= hasV
	case "levelname", "funcName":
		j.seen |= hasPython
	case "record":
		if j.text != "" && c == '{' {
			j.seen |= hasLoguru
		}
	case "EventId", "Category":
		j.seen |= hasDotNet
	case "@t", "@mt":
		j.seen |= hasClef
	case "logger_name", "loggerName":
		j.seen |= hasLoggerName
	case "thread_name", "thread", "threadName":
		j.seen |= hasThreadName
	}
	if n < len(goOrder) && string(key) == goOrder[n] && c == '"' {
		j.inOrder++
	}
}

// platform is what the members prove about the program: pino and bunyan,
// slog, Python's formatters, .NET, the JVM's encoders; else the file of the call.
func (j *jsonReader) platform() string {
	has := func(s writer) bool { return j.seen&s == s }
	switch {
	case j.numeric && has(hasHostname|hasPID) && (has(hasMillis) || has(hasV)):
		return "node"
	case j.inOrder == len(goOrder):
		return "go"
	case has(hasPython), has(hasLoguru):
		return "python"
	case has(hasDotNet), has(hasClef):
		return "csharp"
	case has(hasLoggerName | hasThreadName):
		return "java"
	}
	return j.r.callerPlatform()
}

// callerPlatform tells the platform from the source location among the fields.
func (r *Record) callerPlatform() string {
	if m, ok := r.Fields["source"].(map[string]any); ok { // slog
		if file, ok := m["file"].(string); ok {
			return sourcePlatform([]byte(file + ":"))
		}
	}
	for _, key := range [...]string{"caller", "source", "file"} {
		if c, ok := r.Fields[key].(string); ok {
			if p := sourcePlatform([]byte(c)); p != "" {
				return p
			}
		}
	}
	return ""
}

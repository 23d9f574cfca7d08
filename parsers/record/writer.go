package record

// note recognises the writer of a JSON record by its members.
func (j *jsonReader) note(n int, key []byte, val span) {
	c := j.b[val.at]
	switch string(key) {
	case "level":
		j.numeric = class[c]&digit != 0
		if n == 1 && j.seen&hasSlogOrder != 0 {
			return
		}
	case "time":
		if class[c]&digit != 0 && val.end-val.at == 13 {
			j.seen |= hasMillis
		}
		if n == 0 && c == '"' {
			j.seen |= hasSlogOrder
			return
		}
	case "msg":
		if n == 2 && j.seen&hasSlogOrder != 0 {
			j.r.Platform = "go"
		}
	case "hostname":
		j.seen |= hasHostname
	case "pid":
		j.seen |= hasPID
	case "v":
		j.seen |= hasV
	case "levelname":
		j.seen |= hasLevelname
	case "funcName":
		j.seen |= hasFuncName
	case "EventId":
		j.seen |= hasEventID
	case "Category":
		j.seen |= hasCategory
	case "logger_name", "loggerName":
		j.seen |= hasLoggerName
	case "thread_name", "thread":
		j.seen |= hasThreadName
	case "@t", "@mt":
		j.seen |= hasClef
	case "record":
		j.seen |= hasLoguru
	}
	if n < 2 {
		j.seen &^= hasSlogOrder
	}
}

// platform is what the members prove about the program: pino and bunyan,
// slog, Python's formatters, .NET, the JVM's encoders; else the file of the call.
func (j *jsonReader) platform() string {
	has := func(s shape) bool { return j.seen&s == s }
	switch {
	case j.r.Platform != "":
		return j.r.Platform
	case j.numeric && has(hasHostname|hasPID) && (has(hasMillis) || has(hasV)):
		return "node"
	case has(hasLevelname), has(hasFuncName), has(hasLoguru):
		return "python"
	case has(hasEventID | hasCategory), has(hasClef):
		return "csharp"
	case has(hasLoggerName | hasThreadName):
		return "java"
	}
	if c, ok := j.r.Fields["caller"].(string); ok {
		return sourcePlatform([]byte(c))
	}
	return ""
}

package record

// role is what a key of a JSON or logfmt record means.
type role uint8

const (
	plainKey    role = iota
	levelKey         // names the level by a word or a number
	wordKey          // names it by a word; a number there means something else
	severityKey      // the same with Google's numbers
	numberKey        // OpenTelemetry's severity number
	pythonKey        // number of a Python level
	syslogKey        // severity of syslog as a number or a word
	letterKey        // MongoDB's one-letter level
	clefKey          // level of Serilog's compact JSON, absent at information
	clefTime         // its time, by which the format is known
	nestKey          // an object that may hold the level: ECS's log, loguru's record
	timeKey          // when
	messageKey       // what
	loggerKey        // who
	threadKey        // which thread
	pidKey           // which process
	typeKey          // class of an exception
	valueKey         // text of an exception
	errorKey         // an exception: text, trace or object
	stackKey         // a trace
	templateKey      // message before its parameters were filled in
	evidenceKey      // means nothing here, but only records of logs have it
)

// keyNames are the names that loggers use for each role.
var keyNames = [...][]string{
	levelKey: {"level", "Level", "LEVEL", "@level", "loglevel", "logLevel", "LogLevel", "log_level", "log.level", "log-level",
		"levelname", "levelName", "level_name", "severity_text", "severityText", "SeverityText", "error_severity", "log_severity"},
	wordKey:     {"lvl", "sev"},
	severityKey: {"severity", "Severity"},
	numberKey:   {"severityNumber", "SeverityNumber", "severity_number"},
	pythonKey:   {"levelno"},
	syslogKey:   {"PRIORITY"},
	letterKey:   {"s"},
	clefKey:     {"@l"},
	clefTime:    {"@t"},
	nestKey:     {"log", "record", "@fields"},
	timeKey: {"ts", "t", "time", "Time", "date", "instant", "asctime", "datetime", "timestamp", "Timestamp", "@timestamp", "eventTime",
		"time_iso8601", "timeUnixNano", "TimeUnixNano"},
	messageKey: {"msg", "@m", "@msg", "body", "Body", "event", "message", "Message", "MESSAGE", "@message", "short_message", "textPayload",
		"resultDescription", "renderedMessage", "RenderedMessage"},
	loggerKey: {"logger", "Logger", "target", "@module", "Category", "log_name", "loggerName", "log.logger", "log_logger", "SourceName",
		"logger_name", "LoggerName", "SourceContext", "categoryName", "logger.name", "_logger",
		"_logger_name", "_LoggerName", "_log_logger"},
	threadKey: {"thread", "Thread", "threadName", "thread_name", "process.thread.name",
		"_thread", "_thread_name", "_threadName", "_process_thread_name", "logger.thread_name"},
	pidKey: {"pid", "process", "process.pid", "process_id", "_process_pid"},
	typeKey: {"exc_type", "errorType", "error.type", "err.type", "error.kind", "error.class", "error_class", "errorClass", "exception.class",
		"exception.type", "exception.name", "exception_class", "exception_name", "exceptionType",
		"_exception_type", "_error_type", "_exception_class", "_exceptionClass"},
	valueKey: {"exc_value", "error.message", "err.message", "errorMessage", "error_message", "exception.message", "exception_message",
		"exceptionMessage", "_exception_message", "_exceptionMessage", "_error_message"},
	errorKey: {"err", "exc", "error", "Error", "thrown", "exception", "Exception", "_exception"},
	stackKey: {"@x", "stack", "trace", "exc_info", "exc_text", "backtrace", "panic.backtrace", "traceback", "err.stack", "stacktrace", "stackTrace", "StackTrace",
		"stack_trace", "error.stack", "error.stack_trace", "error_stack", "errorStack", "err_stack", "err.stacktrace", "errorVerbose",
		"full_message", "exceptionDetails", "_error_stack_trace", "_stacktrace", "_stack_trace", "_stackTrace", "exception.stacktrace", "exception.stackTrace", "exception.stack_trace", "exception.trace", "exception.backtrace", "error_backtrace"},
	templateKey: {"@mt", "MessageTemplate", "messageTemplate", "{OriginalFormat}"},
	evidenceKey: {"attributes", "Attributes", "properties", "resourceLogs", "channel", "context", "State", "Properties", "EventName", "jsonPayload", "remote_addr", "time_local", "http_user_agent",
		"request_uri", "__REALTIME_TIMESTAMP"},
}

// keySlots finds the role of a key by its length, first and last byte; names
// that share a slot stand in the slots behind it.
var keySlots = func() (slots [keySlotCount]keySlot) {
	for r, names := range keyNames {
		for _, name := range names {
			i := keyHash([]byte(name))
			for slots[i].name != "" {
				i = (i + 1) % keySlotCount
			}
			slots[i] = keySlot{name, role(r)}
		}
	}
	return slots
}()

const keySlotCount = 1024

type keySlot struct {
	name string
	role role
}

// keyHash picks the slot where the search for a key begins. Length, first and
// last byte tell nearly all names apart.
func keyHash(key []byte) uint {
	return (uint(len(key))*67 + uint(key[0])*5 + uint(key[len(key)-1])*131) % keySlotCount
}

// roleOf gives the meaning of a key.
// Most keys of most lines mean nothing here and end in an empty slot.
func roleOf(key []byte) role {
	if len(key) == 0 {
		return plainKey
	}
	for i := keyHash(key); ; i = (i + 1) % keySlotCount {
		s := &keySlots[i]
		if s.name == string(key) {
			return s.role
		}
		if s.name == "" {
			return plainKey
		}
	}
}

package record

// roleOf gives the meaning of a key. The switch is by length first: most keys
// of a line mean nothing here and must cost nothing.
func roleOf(key []byte) role {
	switch len(key) {
	case 1, 2, 3:
		return shortKey(key)
	case 4:
		return key4(key)
	case 5:
		return key5(key)
	case 6, 7:
		return key7(key)
	case 8:
		return key8(key)
	case 9:
		return key9(key)
	case 10:
		return key10(key)
	}
	return longKey(key)
}

func shortKey(key []byte) role {
	switch string(key) {
	case "lvl", "sev", "@l":
		if key[0] == '@' {
			return clefKey
		}
		return levelKey
	case "s":
		return letterKey
	case "@t":
		return clefTime
	case "ts", "t":
		return timeKey
	case "msg", "@m":
		return messageKey
	case "@mt":
		return templateKey
	case "@x":
		return stackKey
	case "err":
		return errorKey
	case "pid":
		return pidKey
	case "log":
		return nestKey
	case "exc":
		return errorKey
	}
	return plainKey
}

func key4(key []byte) role {
	switch string(key) {
	case "time", "date", "Time":
		return timeKey
	case "body":
		return messageKey
	case "@msg":
		return messageKey
	case "Body":
		return messageKey
	}
	return plainKey
}

func key5(key []byte) role {
	switch string(key) {
	case "level", "Level", "LEVEL":
		return levelKey
	case "event":
		return messageKey
	case "error", "Error":
		return errorKey
	case "stack", "trace":
		return stackKey
	case "State":
		return evidenceKey
	}
	return plainKey
}

func key7(key []byte) role {
	switch string(key) {
	case "message", "Message", "MESSAGE":
		return messageKey
	case "@level":
		return levelKey
	case "@module":
		return loggerKey
	case "asctime":
		return timeKey
	case "logger", "Logger", "target":
		return loggerKey
	case "thread", "Thread":
		return threadKey
	case "record":
		return nestKey
	case "thrown":
		return errorKey
	case "levelno":
		return pythonKey
	case "channel", "context":
		return evidenceKey
	case "process":
		return pidKey
	case "instant":
		return timeKey
	}
	return plainKey
}

func key8(key []byte) role {
	switch string(key) {
	case "severity", "Severity":
		return severityKey
	case "loglevel", "logLevel", "LogLevel":
		return levelKey
	case "priority", "PRIORITY":
		return syslogKey
	case "datetime":
		return timeKey
	case "@message":
		return messageKey
	case "exc_info", "exc_text":
		return stackKey
	case "Category", "log_name", "logger_":
		return loggerKey
	case "exc_type":
		return typeKey
	}
	return plainKey
}

func key9(key []byte) role {
	switch string(key) {
	case "log.level", "log_level", "levelname", "levelName":
		return levelKey
	case "timestamp", "Timestamp", "@timestamp", "eventTime":
		return timeKey
	case "exception", "Exception":
		return errorKey
	case "backtrace", "traceback", "err.stack":
		return stackKey
	case "errorType":
		return typeKey
	case "exc_value":
		return valueKey
	case "EventName":
		return evidenceKey
	}
	return plainKey
}

func key10(key []byte) role {
	switch string(key) {
	case "level_name":
		return levelKey
	case "Properties":
		return evidenceKey
	case "@timestamp":
		return timeKey
	case "stacktrace", "stackTrace", "StackTrace":
		return stackKey
	case "error.type":
		return typeKey
	case "loggerName", "log.logger", "SourceName":
		return loggerKey
	case "threadName":
		return threadKey
	case "log_logger":
		return loggerKey
	}
	return plainKey
}

func longKey(key []byte) role {
	switch string(key) {
	case "severity_text", "severityText", "SeverityText", "error_severity", "log_severity", "log-level":
		return levelKey
	case "severityNumber", "SeverityNumber", "severity_number":
		return numberKey
	case "logger_name", "LoggerName", "SourceContext", "categoryName", "logger.name":
		return loggerKey
	case "thread_name", "process.thread.name":
		return threadKey
	case "stack_trace", "error.stack", "error.stack_trace", "exception.stacktrace", "errorVerbose", "full_message",
		"exception.stackTrace", "exception.stack_trace", "exception.trace", "err.stacktrace", "error_stack", "errorStack", "err_stack":
		return stackKey
	case "err.type", "error.kind", "exception.class", "exception.type", "exception_class", "exception_name", "exceptionType", "exception.name", "error_class", "error.class", "errorClass":
		return typeKey
	case "error.message", "err.message", "errorMessage", "exception.message", "exception_message", "error_message":
		return valueKey
	case "short_message", "textPayload", "renderedMessage", "RenderedMessage":
		return messageKey
	case "process.pid", "process_id":
		return pidKey
	case "MessageTemplate", "messageTemplate", "{OriginalFormat}":
		return templateKey
	case "jsonPayload", "remote_addr", "time_local", "http_user_agent", "time_iso8601", "request_uri", "__REALTIME_TIMESTAMP":
		return evidenceKey
	}
	return plainKey
}

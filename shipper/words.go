package shipper

import (
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// levelWords maps what loggers say to the five words that servers know. Bugsink
// on Postgres loses an event whose level is longer than seven letters.
var levelWords = map[string]event.Level{
	"fatal": event.Fatal, "critical": event.Fatal, "crit": event.Fatal, "emergency": event.Fatal, "emerg": event.Fatal,
	"alert": event.Fatal, "panic": event.Fatal, "dpanic": event.Fatal,
	"error": event.Error, "err": event.Error, "severe": event.Error,
	"warning": event.Warning, "warn": event.Warning,
	"info": event.Info, "information": event.Info, "notice": event.Info,
	"debug": event.Debug, "trace": event.Debug, "verbose": event.Debug, "fine": event.Debug, "finer": event.Debug, "finest": event.Debug,
}

// levelWord gives the word of the protocol, or otherwise for a word unknown to all.
func levelWord(level, otherwise event.Level) event.Level {
	switch level {
	case event.Fatal, event.Error, event.Warning, event.Info, event.Debug:
		return level
	}
	if word, known := levelWords[strings.ToLower(strings.TrimSpace(string(level)))]; known {
		return word
	}
	return otherwise
}

// platforms are the words in Relay's schema.
var platforms = map[string]bool{
	"as3": true, "c": true, "cfml": true, "cocoa": true, "csharp": true, "elixir": true, "haskell": true, "go": true, "groovy": true,
	"java": true, "javascript": true, "native": true, "node": true, "objc": true, "other": true, "perl": true, "php": true, "python": true, "ruby": true,
}

func platformWord(word string) string {
	if platforms[word] {
		return word
	}
	return "other"
}

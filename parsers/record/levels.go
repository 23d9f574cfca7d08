package record

import "github.com/tracetail/tracetail/internal/event"

// Level is a severity. The order is meaningful: a greater one is more severe.
type Level uint8

// The levels. Unknown means that the line states none.
const (
	Unknown Level = iota
	Trace
	Debug
	Info
	Notice
	Warning
	Error
	Fatal
)

// Event gives the level in Sentry's words; empty for Unknown.
func (l Level) Event() event.Level {
	switch l {
	case Trace, Debug:
		return event.Debug
	case Info, Notice:
		return event.Info
	case Warning:
		return event.Warning
	case Error:
		return event.Error
	case Fatal:
		return event.Fatal
	}
	return ""
}

// String is the word that tests and diagnostics use.
func (l Level) String() string {
	return [...]string{"unknown", "trace", "debug", "info", "notice", "warning", "error", "fatal"}[min(l, Fatal)]
}

// letterCase tells how a word is written.
type letterCase uint8

const (
	lowerCase letterCase = iota // error
	titleCase                   // Error
	upperCase                   // ERROR
)

// longestWord is the length of the longest level word, "informational".
const longestWord = 13

// levelAt reads the run of letters at p as a level word; n is 0 if it is none,
// or if a letter, digit or underscore follows it.
func levelAt(b []byte, p int) (l Level, n int, c letterCase) {
	w := load8(b, p)
	n = letterRun(w)
	if n == 8 {
		if end := skip(b, p, letter); end > p+8 {
			return longLevelAt(b, p, end)
		}
	}
	if n == 0 || class[at(b, p+n)]&wordRun != 0 {
		return Unknown, 0, 0
	}
	l = wordLevel((w | 0x2020202020202020) & (^uint64(0) >> (64 - 8*n)))
	if l == Unknown {
		return Unknown, 0, 0
	}
	return l, n, caseOf(w, n)
}

// longLevelAt is levelAt for a run of more than eight letters.
func longLevelAt(b []byte, p, end int) (Level, int, letterCase) {
	l := longWord(b[p:min(end, p+longestWord+1)])
	if l == Unknown || class[at(b, end)]&wordRun != 0 {
		return Unknown, 0, 0
	}
	return l, end - p, caseOf(load8(b, p), 8)
}

// caseOf tells the case of the n letters that w begins with.
func caseOf(w uint64, n int) letterCase {
	switch {
	case w&0x20 != 0:
		return lowerCase
	case n > 1 && w&0x2000 != 0:
		return titleCase
	}
	return upperCase
}

// levelWord gives the level that a whole word names, in any case. Words of one
// letter are not among them: letterLevel knows those.
func levelWord(w []byte) Level {
	switch n := len(w); {
	case n == 0:
		return Unknown
	case n > 8:
		return longWord(w)
	}
	return wordLevel(foldAt(w, 0, len(w)))
}

// levelWords are the words of syslog, log4j, java.util.logging, Python, .NET,
// Node and Go loggers and their abbreviations: logrus cuts to four letters,
// zerolog and Serilog have three, Nim's and Rust's loggers others. A panic
// outranks an error; zap's dpanic is an error of which only a development build dies.
var levelWords = [...][]string{
	Trace:   {"trace", "trc", "trce", "trac", "finest", "finer", "verbose", "vrb", "silly"},
	Debug:   {"debug", "dbg", "debu", "dbug", "fine", "config"},
	Info:    {"info", "inf", "log", "success", "default", "audit"},
	Notice:  {"notice", "note", "ntc"},
	Warning: {"warn", "warning", "wrn"},
	Error:   {"error", "err", "erro", "eror", "severe", "dpanic", "fail", "failure"},
	Fatal: {"fatal", "ftl", "fata", "critical", "crit", "crt", "panic", "pani", "pnc", "emerg", "emrg", "alert", "alrt",
		"shout"},
}

// levelSlots finds a word of up to eight letters by its packed form; words that
// share a slot stand in the slots behind it.
var levelSlots = func() (slots [levelSlotCount]levelSlot) {
	for l, words := range levelWords {
		for _, w := range words {
			key := foldAt([]byte(w), 0, len(w))
			i := levelHash(key)
			for slots[i].word != 0 {
				i = (i + 1) % levelSlotCount
			}
			slots[i] = levelSlot{key, Level(l)}
		}
	}
	return slots
}()

const levelSlotCount = 256

type levelSlot struct {
	word  uint64
	level Level
}

// levelHash spreads packed words over the slots; the factor is that of
// Fibonacci hashing, 2^64 divided by the golden ratio.
func levelHash(w uint64) uint64 { return w * 0x9E3779B97F4A7C15 >> 56 }

// wordLevel is levelWord for up to eight letters packed by foldAt.
func wordLevel(w uint64) Level {
	for i := levelHash(w); ; i = (i + 1) % levelSlotCount {
		s := &levelSlots[i]
		if s.word == w {
			return s.level
		}
		if s.word == 0 {
			return Unknown
		}
	}
}

// longWord knows the level words of more than eight letters.
func longWord(w []byte) Level {
	switch {
	case equalFold(w, "information"), equalFold(w, "informational"):
		return Info
	case equalFold(w, "emergency"):
		return Fatal
	}
	return Unknown
}

// letterLevel gives the level that one upper-case letter stands for in glog,
// logcat, MongoDB, tornado, beego and others.
func letterLevel(c byte) Level {
	switch c {
	case 'T', 'V':
		return Trace
	case 'D':
		return Debug
	case 'I':
		return Info
	case 'N':
		return Notice
	case 'W':
		return Warning
	case 'E':
		return Error
	case 'F', 'C':
		return Fatal
	}
	return Unknown
}

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

// wordLevel is levelWord for up to eight letters packed by foldAt.
//
// The words are those of syslog, log4j, java.util.logging, Python, .NET, Node
// and Go loggers and their abbreviations (logrus cuts to four letters,
// zerolog and Serilog have three). A panic level outranks error; zap's dpanic
// is an error that only a development build dies of.
func wordLevel(w uint64) Level {
	switch w {
	case 't' | 'r'<<8 | 'a'<<16 | 'c'<<24 | 'e'<<32, // trace
		't' | 'r'<<8 | 'c'<<16,                                         // trc
		't' | 'r'<<8 | 'c'<<16 | 'e'<<24,                               // trce
		't' | 'r'<<8 | 'a'<<16 | 'c'<<24,                               // trac
		'f' | 'i'<<8 | 'n'<<16 | 'e'<<24 | 's'<<32 | 't'<<40,           // finest
		'f' | 'i'<<8 | 'n'<<16 | 'e'<<24 | 'r'<<32,                     // finer
		'v' | 'e'<<8 | 'r'<<16 | 'b'<<24 | 'o'<<32 | 's'<<40 | 'e'<<48, // verbose
		'v' | 'r'<<8 | 'b'<<16,                                         // vrb
		's' | 'i'<<8 | 'l'<<16 | 'l'<<24 | 'y'<<32:                     // silly
		return Trace
	case 'd' | 'e'<<8 | 'b'<<16 | 'u'<<24 | 'g'<<32, // debug
		'd' | 'b'<<8 | 'g'<<16,                               // dbg
		'd' | 'e'<<8 | 'b'<<16 | 'u'<<24,                     // debu
		'd' | 'b'<<8 | 'u'<<16 | 'g'<<24,                     // dbug
		'f' | 'i'<<8 | 'n'<<16 | 'e'<<24,                     // fine
		'c' | 'o'<<8 | 'n'<<16 | 'f'<<24 | 'i'<<32 | 'g'<<40: // config
		return Debug
	case 'i' | 'n'<<8 | 'f'<<16 | 'o'<<24, // info
		'i' | 'n'<<8 | 'f'<<16, // inf
		'l' | 'o'<<8 | 'g'<<16, // log
		's' | 'u'<<8 | 'c'<<16 | 'c'<<24 | 'e'<<32 | 's'<<40 | 's'<<48, // success
		'd' | 'e'<<8 | 'f'<<16 | 'a'<<24 | 'u'<<32 | 'l'<<40 | 't'<<48, // default
		'a' | 'u'<<8 | 'd'<<16 | 'i'<<24 | 't'<<32:                     // audit
		return Info
	case 'n' | 'o'<<8 | 't'<<16 | 'i'<<24 | 'c'<<32 | 'e'<<40, // notice
		'n' | 'o'<<8 | 't'<<16 | 'e'<<24, // note
		'n' | 't'<<8 | 'c'<<16:           // ntc
		return Notice
	case 'w' | 'a'<<8 | 'r'<<16 | 'n'<<24, // warn
		'w' | 'a'<<8 | 'r'<<16 | 'n'<<24 | 'i'<<32 | 'n'<<40 | 'g'<<48, // warning
		'w' | 'r'<<8 | 'n'<<16: // wrn
		return Warning
	case 'e' | 'r'<<8 | 'r'<<16 | 'o'<<24 | 'r'<<32, // error
		'e' | 'r'<<8 | 'r'<<16,                                         // err
		'e' | 'r'<<8 | 'r'<<16 | 'o'<<24,                               // erro
		'e' | 'r'<<8 | 'o'<<16 | 'r'<<24,                               // eror
		's' | 'e'<<8 | 'v'<<16 | 'e'<<24 | 'r'<<32 | 'e'<<40,           // severe
		'd' | 'p'<<8 | 'a'<<16 | 'n'<<24 | 'i'<<32 | 'c'<<40,           // dpanic
		'f' | 'a'<<8 | 'i'<<16 | 'l'<<24,                               // fail
		'f' | 'a'<<8 | 'i'<<16 | 'l'<<24 | 'u'<<32 | 'r'<<40 | 'e'<<48: // failure
		return Error
	case 'f' | 'a'<<8 | 't'<<16 | 'a'<<24 | 'l'<<32, // fatal
		'f' | 't'<<8 | 'l'<<16,           // ftl
		'f' | 'a'<<8 | 't'<<16 | 'a'<<24, // fata
		'c' | 'r'<<8 | 'i'<<16 | 't'<<24 | 'i'<<32 | 'c'<<40 | 'a'<<48 | 'l'<<56, // critical
		'c' | 'r'<<8 | 'i'<<16 | 't'<<24,                                         // crit
		'c' | 'r'<<8 | 't'<<16,                                                   // crt
		'p' | 'a'<<8 | 'n'<<16 | 'i'<<24 | 'c'<<32,                               // panic
		'p' | 'a'<<8 | 'n'<<16 | 'i'<<24,                                         // pani
		'p' | 'n'<<8 | 'c'<<16,                                                   // pnc
		'e' | 'm'<<8 | 'e'<<16 | 'r'<<24 | 'g'<<32,                               // emerg
		'e' | 'm'<<8 | 'r'<<16 | 'g'<<24,                                         // emrg
		'a' | 'l'<<8 | 'e'<<16 | 'r'<<24 | 't'<<32,                               // alert
		'a' | 'l'<<8 | 'r'<<16 | 't'<<24,                                         // alrt
		's' | 'h'<<8 | 'o'<<16 | 'u'<<24 | 't'<<32:                               // shout
		return Fatal
	}
	return Unknown
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

package trace

import "bytes"

// PHP is the grammar of what PHP's engine prints when a program dies (error
// log, console, HTML, the wrappings of FPM, nginx and httpd), of an exception
// turned to text, of Monolog's and Laravel's "[stacktrace]", and of Xdebug.
// The forms are those of Zend/zend_exceptions.c, main/main.c and Monolog's LineFormatter, PHP 5.3 to 8.5.
func PHP() Language {
	return Language{Name: "php", Title: "PHP", Hints: phpHints, Step: phpStep, Back: phpBack, Read: phpRead}
}

// The states; the low byte is the state, flags stand above it.
const (
	// phpHead: the header or a further line of its message; next phpTitle, phpDone.
	//
	//	PHP Fatal error:  Uncaught Acme\Declined: no funds in /srv/pay.php:7
	phpHead State = iota + 1

	// phpTitle: "Stack trace:" or "[stacktrace]" was read, a row must follow; next phpRows, or phpHead again.
	phpTitle

	// phpRows: among the rows; next phpMain.
	//
	//	#0 /srv/pay.php(6): Acme\Wallet->find()
	phpRows

	// phpMain: "#3 {main}" was read, or the rows of one exception have ended
	// otherwise; next phpGap, phpHead, phpDone.
	phpMain

	// phpGap: the blank line in front of "Next ..." or "[previous exception] ...".
	phpGap

	// phpDone: all is said, but Xdebug may say it again; next phpDebug.
	//
	//	  thrown in /srv/pay.php on line 7
	phpDone

	// phpDebug: rows of Xdebug.
	//
	//	PHP   2. Acme\pay($id = 7) /srv/index.php:3
	phpDebug

	// phpLoose: rows that came without header; only "{main}" proves them.
	phpLoose

	// phpBox: in a box of Symfony's console, or below its title; next phpBoxRows.
	//
	//	In PayCommand.php line 42:
	phpBox

	// phpBoxRows: among the rows below a box; next phpBox of a cause.
	//
	//	 App\Command\PayCommand->execute() at /srv/vendor/symfony/console/Command/Command.php:312
	phpBoxRows

	// phpKeys: the keys of a cause as Slim prints them; next phpRows.
	//
	//	Type: Acme\Declined
	phpKeys
)

const (
	phpKind State = 0xff

	// The line before ends with " in /srv/pay.php:7", as the last line of a header does.
	phpPlaced State = 1 << 8
	// The trace is Monolog's: its rows end in the middle of a JSON text.
	phpJSON State = 1 << 9
	// The lines are FPM's, each within quotes of its own.
	phpQuoted State = 1 << 11
	// A blank line was read below the title of a box.
	phpPadded State = 1 << 12
	// The error is no exception: its message ends with " in /srv/pay.php on line 7".
	phpPlain State = 1 << 10
)

var phpHints = []string{
	"PHP ", "Fatal error: ", "Parse error: ", "Recoverable fatal error: ", "Catchable fatal error: ", "Core error: ", "Compile error: ",
	"<b>Fatal error</b>", "<b>Parse error</b>", "<b>Recoverable fatal error</b>", "<b>Catchable fatal error</b>", "<b>Compile error</b>",
	"FastCGI", "AH01071: ", "Got error '", "mod_fcgid: stderr: ", "NOTICE: PHP message: ",
	"Uncaught ", "Stack trace:", "Stack Trace:", "[stacktrace]", "[object] (", "#0 ",
	"Trace: #0 ", "In ",
}

// phpStep is Language.Step.
func phpStep(s State, raw []byte) (State, Verdict) {
	line := span(raw)
	switch s & phpKind {
	case Outside:
		return phpOpen(line)
	case phpHead:
		return phpStepHead(s, line)
	case phpTitle:
		switch call, ok := phpRow(line); {
		case ok:
			return phpAfterRow(s, call)
		case s&phpPlaced == 0:
			return s, No // nothing stands above that could go on
		}
		return phpHeadAt(s, line), Text
	case phpRows, phpLoose:
		return phpStepRows(s, line)
	case phpMain, phpGap:
		return phpStepMain(s, line)
	case phpDone, phpDebug:
		return phpStepDone(s, line)
	case phpBox, phpBoxRows:
		return phpStepBox(s, line)
	case phpKeys:
		if phpKeyed(line.left()) {
			return phpRows, Take
		}
		return s, Text
	}
	return Outside, No
}

// phpOpen looks at a line outside of any trace.
func phpOpen(line span) (State, Verdict) {
	t := line.left()
	switch {
	case phpIsTitle(t):
		return phpTitle, Hold
	case t.has("[stacktrace]"):
		return phpTitle | phpJSON, Hold
	case t.has("[object] ("):
		if n := phpName(t[len("[object] ("):]); n == 0 || !t[len("[object] (")+n:].has("(code: ") {
			return Outside, No
		}
		return phpHead | phpJSON, Take
	case t.has("Uncaught PHP Exception "):
		if _, ok := phpSymfony(t); ok {
			if t.right().ends(")") { // the context goes on with the rows
				return phpHead | phpJSON, Take
			}
			return Outside, Last
		}
		return Outside, No
	case t.has("Uncaught "): // without the words of the engine in front
		name := t[len("Uncaught "):]
		n := phpName(name)
		if p, ok := phpInFile(t); ok && n > 0 && (name.has("exception '") || phpIsClass(name[:n]) && name[n:].has(": ")) && bytes.Contains(p.file, []byte(".php")) {
			return phpHead | phpPlaced, Take
		}
		return Outside, No
	case t.has("In "):
		if _, ok := phpBoxTitle(t); ok {
			return phpBox, Hold
		}
		return Outside, No
	case phpKeyed(t):
		return phpRows, Take
	case t.has("#0 "):
		if call, ok := phpRow(t); ok {
			if call.main {
				return phpMain, Take
			}
			return phpLoose, Hold
		}
		return Outside, No
	}
	return phpOpenError(t)
}

// phpOpenError looks at "PHP Fatal error:  ..." and its kin.
func phpOpenError(t span) (State, Verdict) {
	e, ok := phpError(t)
	switch {
	case !ok:
		return Outside, No
	case phpEscaped(e.text) > 0:
		return phpDone, Take
	case e.uncaught:
		s := phpHeadAt(phpHead, t)
		if phpInQuotes(t) {
			s |= phpQuoted
		}
		if !e.logged && s&phpPlaced == 0 {
			return s, Hold
		}
		return s, Take
	case e.placed:
		return phpDone | phpPlaced, Take
	case e.logged:
		return phpHead | phpPlain, Hold // a message of several lines; its last names the place
	}
	return Outside, No
}

// phpHeadAt is phpHead with the flag for whether line ends with a place.
func phpHeadAt(s State, line span) State {
	s = s&^(phpKind|phpPlaced) | phpHead
	if _, ok := phpInFile(line); ok {
		s |= phpPlaced
	}
	return s
}

// phpStepHead follows the lines of a header. Whatever the message quotes, the
// real rows come after a line that ends with the place of the throw.
func phpStepHead(s State, line span) (State, Verdict) {
	t := line.left()
	switch {
	case t.has("[stacktrace]"):
		return phpTitle | phpJSON | phpPlaced, Take
	case s&phpPlaced != 0 && phpIsTitle(t):
		return s&^phpKind | phpTitle, Take
	case phpThrown(t):
		return phpDone, Take
	case phpDebugLine(t) != 0:
		return phpStepDone(s, line)
	case phpErrorHere(t):
		return s, No
	}
	if s&phpPlain != 0 {
		if _, ok := phpOnLine(t); ok {
			return phpDone | phpPlaced, Take
		}
	}
	if s&phpQuoted != 0 && phpInQuotes(t) && !t.has("NOTICE: ") {
		return phpHeadAt(s, line), Take
	}
	return phpHeadAt(s, line), Text
}

// phpInQuotes tells whether a line ends with the quote in which FPM puts it, "Next LogicException: outer\"".
func phpInQuotes(t span) bool {
	return t.ends(`"`) && bytes.Count(t, []byte(`"`))%2 == 1
}

func phpStepRows(s State, line span) (State, Verdict) {
	call, ok := phpRow(line)
	if ok {
		return phpAfterRow(s, call)
	}
	if s&phpKind == phpLoose {
		return s, No
	}
	return phpStepMain(s, line)
}

// phpAfterRow is where a row leads to.
func phpAfterRow(s State, call phpCall) (State, Verdict) {
	switch {
	case !call.main && s&phpKind == phpLoose:
		return s, Hold
	case !call.main:
		return s&(phpJSON|phpQuoted) | phpRows, Take
	case s&phpJSON != 0 && len(call.tail) > 0 && call.tail[0] == '"':
		return Outside, Last
	}
	if call.tail.has(phpAlso) { // nginx gives all that a request logged in one record
		return phpHeadAt(phpHead, call.tail), Take
	}
	if _, ok := phpInFile(call.tail); ok { // this trace is the end of another one's message
		return s&phpJSON | phpHead | phpPlaced, Take
	}
	return s&(phpJSON|phpQuoted) | phpMain, Take
}

// phpStepMain looks for what may follow the rows of an exception.
func phpStepMain(s State, line span) (State, Verdict) {
	t := line.left()
	switch {
	case phpBlank(t):
		if s&phpKind == phpGap {
			return s, No
		}
		return s&(phpJSON|phpQuoted) | phpGap, Hold
	case phpNext(t):
		return phpHeadAt(s&phpQuoted, line), Take
	case t[0] == '#' && bytes.Contains(t, []byte(phpWhile)): // nginx cut a row off
		return phpDone, Take
	case t.has("[previous exception]"), s&phpJSON != 0 && t.has("thrown at "):
		return phpHead | phpJSON, Take
	case t.has(`thrown {"`): // the message of the record ends, its context begins
		return phpHeadAt(phpJSON, line), Take
	case t.has("Previous Error:"):
		return phpKeys, Text
	case phpThrown(t):
		return phpDone, Take
	case s&phpJSON != 0 && t[0] == '"':
		return Outside, Last
	case phpDebugLine(t) != 0:
		return phpStepDone(s, line)
	}
	return s, No
}

// phpStepDone follows Xdebug, which prints its own stack below everything else.
func phpStepDone(s State, line span) (State, Verdict) {
	t := line.left()
	switch phpDebugLine(t) {
	case 0:
		switch {
		case s&phpPlaced != 0 && phpIsTitle(t): // since PHP 8.5 every fatal error has a trace
			return phpTitle | phpPlaced, Take
		case len(t) == 0 && s&phpKind == phpDone:
			return phpDone, Hold
		}
		return s, No
	case phpDebugTitle:
		return phpDebug, Take
	}
	if s&phpKind != phpDebug {
		return s, No
	}
	return phpDebug, Take
}

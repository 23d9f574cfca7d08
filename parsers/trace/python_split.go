package trace

import (
	"bytes"
	"strings"
)

// pyMark is what a line of an exception group's drawing is.
type pyMark uint8

const (
	pyText   pyMark = iota // "  | KeyError: 1", or a line outside of any drawing
	pyMember               // "  +-+---------------- 1 ----------------"
	pyEnd                  // "    +------------------------------------"
)

// pyLine is a line without indent and margin. depth is how many groups it is inside of.
type pyLine struct {
	depth int
	mark  pyMark
	text  span
}

// pySplit takes the indent of the whole trace and the margins of groups off.
// Only below a group's header is a margin one: "    | b)" may be source. 3.11 and
// 3.12 print the further lines of a member's message without any margin.
func pySplit(lines [][]byte) []pyLine {
	out := make([]pyLine, 0, len(lines))
	base := pyBase(lines)
	inGroup, open := false, false // open: the last line of the group is text that may go on without a margin
	for _, raw := range lines {
		l := span(raw)
		if rest, ok := pyOutdent(l, base); ok {
			l = rest
		}
		n := l.indent()
		t := l[n:]
		switch class := pyClass(t); {
		case class == pyIsGroup:
			inGroup = true
			out = append(out, pyLine{depth: pyDepth(n), text: t[len("+ "):]})
		case inGroup && len(t) > 0 && t[0] == '|':
			open = true
			out = append(out, pyLine{depth: pyDepth(n), text: bytes.TrimPrefix(t[1:], []byte(" "))})
		case inGroup && len(t) > 0 && t[0] == '+':
			open = false
			out = append(out, pyRuler(n, t))
		case inGroup && open && class != pyIsBlank && class != pyIsLink:
			out = append(out, pyLine{depth: out[len(out)-1].depth, text: l})
		default:
			inGroup, open = false, false
			out = append(out, pyLine{text: l})
		}
	}
	return out
}

// pyDepth is the depth of a margin in column n; the outermost group's margin stands in column 2.
func pyDepth(n int) int { return max(0, n/2-1) }

// pyRuler reads a line that sets the members of a group apart.
func pyRuler(n int, t span) pyLine {
	l := pyLine{depth: pyDepth(n), mark: pyMember}
	switch rest := bytes.Trim(t, "+-"); {
	case len(bytes.TrimSpace(rest)) == 0:
		l.mark = pyEnd
	case t.has("+-+"):
		l.depth++
	}
	return l
}

// pyBase is the indent of the whole trace, which its first telling line shows.
// A frame stands two columns further in than the header it belongs to.
func pyBase(lines [][]byte) int {
	for _, raw := range lines {
		l := span(raw)
		n := l.indent()
		t := l[n:]
		switch pyClass(t) {
		case pyIsHeader, pyIsStack, pyIsLink, pyIsRemote, pyIsBox:
			return n
		case pyIsGroup:
			return max(0, n-2)
		}
		if f, ok := pyFrameLine(t); ok && !f.marked {
			return max(0, n-2)
		}
	}
	return 0
}

// pyStart is what stands in front of the first traceback.
type pyStart struct {
	rest          [][]byte // the lines from the first header on
	lead          string
	named         span // the exception's name and text, logged above the header
	extra         map[string]any
	thread        string // name of the thread that died
	mechanism     string
	handled       *bool
	ruled         bool
	interruptible bool // nothing says what was running: a Ctrl-C is nobody's fault
}

// pyReadPreface reads the lines above the first header. The first line may be a
// record's message with the header at its end, or the exception's name.
func pyReadPreface(lines [][]byte) pyStart {
	p := pyStart{rest: lines, mechanism: "generic", interruptible: true}
	if len(lines) == 0 {
		return p
	}
	if at := pyHeaderAt(lines[0]); at > span(lines[0]).indent() && pyClass(span(lines[0]).left()) == pyIsOther && !pyCellsHeader(lines[0]) {
		p.lead = strings.TrimRight(string(lines[0][:at]), " \t:-|")
		p.rest = append([][]byte{lines[0][at:]}, lines[1:]...)
		return p
	}
	if _, ok := pyFinalLine(lines[0]); ok && len(lines) > 1 && pyClass(span(lines[1]).left()) == pyIsHeader {
		p.lead, p.named, p.rest = string(lines[0]), lines[0], lines[1:]
		return p
	}
	for i, raw := range lines {
		l := span(raw)
		t := l.left()
		switch pyClass(t) {
		case pyIsPreface, pyIsFailure, pyIsRequest:
			p.preface(string(t.right()))
		case pyIsRule:
			p.ruled = true
		case pyIsBlank:
		default:
			if i > 0 && p.extra != nil && pyInPreface(l) || i > 0 && pyKeyLine(t) {
				p.note(t)
				continue
			}
			p.rest = lines[i:]
			return p
		}
	}
	p.rest = nil
	return p
}

// pyInPreface tells the frames below asyncio's "source_traceback: ".
func pyInPreface(l span) bool {
	n := l.indent()
	return n >= 2 && pyClass(l[n:]) == pyIsOther
}

// preface notes what a preface says. The mechanism and whether the exception was
// handled are those that sentry-python reports for the same place; a preface that
// names nothing but the place becomes the event's message.
func (p *pyStart) preface(t string) {
	p.interruptible = false
	switch {
	case strings.HasPrefix(t, "Exception in thread "):
		p.thread = strings.TrimSuffix(strings.TrimPrefix(t, "Exception in thread "), ":")
		p.mechanism, p.handled = "threading", new(false)
	case strings.HasPrefix(t, "Process "):
		p.handled = new(false)
		p.keep("process", strings.TrimSuffix(strings.TrimPrefix(t, "Process "), ":"))
	case strings.HasPrefix(t, "Task exception "), strings.HasPrefix(t, "Future exception "), strings.HasPrefix(t, "Exception in callback "):
		p.lead, p.mechanism, p.handled = t, "asyncio", new(false)
	case strings.HasPrefix(t, "Error in sys.excepthook"), strings.HasPrefix(t, "Exception in threading.excepthook"), strings.HasPrefix(t, "Original exception was"):
		p.mechanism, p.handled = "excepthook", new(false)
	case strings.HasPrefix(t, "--- "):
		p.lead, p.handled = strings.Trim(t, "- "), new(true)
	case strings.HasPrefix(t, "Exception ignored "), strings.HasPrefix(t, "Exception occurred during "),
		strings.HasPrefix(t, "Exception happened during "):
		p.lead, p.handled = strings.TrimSuffix(t, ":"), new(true)
	default:
		p.lead = strings.TrimSuffix(t, ":")
	}
}

// note keeps "future: <Task finished ...>". The frames of a
// "source_traceback: " tell where the task was made, not what went wrong.
func (p *pyStart) note(t span) {
	if i := bytes.Index(t, []byte(": ")); i > 0 && pyKeyLine(t) {
		p.keep(string(t[:i]), string(t[i+2:]))
	}
}

func (p *pyStart) keep(key, value string) {
	if p.extra == nil {
		p.extra = make(map[string]any)
	}
	p.extra[key] = value
}

package trace

import "bytes"

// The states of a V8 trace. The upper bits hold the indent of the error's
// header, for util.inspect closes a block at the indent where it opened it.
const (
	// nodeHead: a header was read, its message may go on, no frame yet.
	//
	//	(node:123) UnhandledPromiseRejectionWarning: Error: boom
	//	caused by: TypeError: inner
	//
	// from: Outside, nodeFrames, nodeLoose; to: nodeFrames, nodeHead
	nodeHead State = iota + 1

	// nodeFrames: among the frames.
	//
	//	    at lookup (/srv/pay/wallet.js:3:47)
	//	    ... 5 lines matching cause stack trace ...
	//
	// from: all; to: all
	nodeFrames

	// nodeProps: among the properties of an error, causes included, up to the
	// brace at the header's indent.
	//
	//	  code: 'ENOENT',
	//	  [cause]: TypeError: inner
	//
	// from: nodeFrames; to: nodeEnd, nodeLoose
	nodeProps

	// nodeLoose: inside an object or array that holds errors.
	//
	//	[AggregateError: All promises were rejected] {
	//	  [errors]: [
	//
	// from: Outside, nodeFrames, nodeProps; to: nodeFrames, nodeEnd, nodeHead
	nodeLoose

	// nodeEnd: behind the closing brace, only a trailer can follow.
	//
	// from: nodeProps, nodeLoose; to: nodeGap, nodeFrames
	nodeEnd

	// nodeGap: a blank line, after which only a trailer can follow.
	//
	//	Node.js v20.20.2
	//
	// from: nodeFrames, nodeEnd; to: nodeHead
	nodeGap

	// nodeNative: the report of a V8 that gave up, see node_native.go.
	//
	//	FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
	//
	// from: Outside; to: nodeNative
	nodeNative

	// nodeQuoted: in an object that holds a stack as text, see node_quoted.go.
	//
	//	    '    at charge (/srv/pay/lib.js:3:59)\n' +
	//
	// from: Outside; to: nodeQuoted
	nodeQuoted

	nodeKind   State = 0xf
	nodeShift        = 4
	nodeDeep         = 0xfff   // the largest indent that is remembered
	nodeEatenF State = 1 << 16 // the carrier ate the leading blanks
	nodeRowsF  State = 1 << 17 // a row of a native stack was read
)

// Node is the grammar of V8's stack traces as Node prints them: util.inspect's
// rendering of errors (console.error, uncaught exceptions) and plain err.stack.
func Node() Language {
	return Language{
		Name:  "node",
		Title: "Node.js",
		Hints: append([]string{"at ", "Node.js v", "(Use `node ", "(node:", "[", "<--- ", nodeFatalWord, "----- Native stack trace -----"}, nodeQuotedHints...),
		Step:  nodeStep,
		Back:  nodeBack,
		Read:  nodeRead,
	}
}

func nodeStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	switch s & nodeKind {
	case Outside:
		return nodeOpen(l)
	case nodeNative:
		return nodeNativeStep(s, l)
	case nodeQuoted:
		return nodeQuotedStep(s, l)
	}
	t := l.left()
	if next, v, ok := nodeCommon(s, l, t); ok {
		return next, v
	}
	switch s & nodeKind {
	case nodeHead:
		if t.has("(node:") {
			return Outside, No
		}
		return s, Text
	case nodeFrames:
		return nodeAfterFrames(s, l, t)
	case nodeProps:
		return nodeInProps(s, l, t)
	case nodeLoose:
		return nodeInLoose(s, l, t)
	case nodeEnd:
		if len(t) == 0 {
			return nodeAt(s, nodeGap), Hold
		}
	case nodeGap:
		if len(t) == 0 {
			return s, Hold
		}
		if t.has("[cause]: ") { // consola
			return nodeAt(s, nodeHead), Take
		}
	}
	return Outside, No
}

// nodeAt is state kind with the indent and flags of s.
func nodeAt(s, kind State) State { return s&^nodeKind | kind }

// nodeOpened is the state after the opening frame; a header stands four columns
// to the left of its frames.
func nodeOpened(l span, kind State) State {
	ind := l.indent()
	if ind == 0 {
		return kind | nodeEatenF
	}
	return kind | State(min(max(0, ind-4), nodeDeep))<<nodeShift
}

func nodeIndent(s State) int { return int(s >> nodeShift & nodeDeep) }

// nodeOpen judges an opening line: a frame that only V8 prints, or a trailer
// that proves that an error without frames stands above it.
func nodeOpen(l span) (State, Verdict) {
	t := l.left()
	if len(t) < 5 {
		return Outside, No
	}
	switch t[0] {
	case 'a':
		if c, g := nodeFrame(t); g == nodeSure {
			return nodeAfterFrame(nodeOpened(l, nodeFrames), c), Take
		}
	case 'N':
		if nodeTrailer(t) {
			return Outside, Last
		}
	case '(':
		if t.has("(Use `node --trace-uncaught ") {
			return nodeEnd, Take
		}
		if nodeRejectionHeader(t) {
			if nodeHeader(t).grade != nodeSure { // a reason that is no error has no frames
				return nodeEnd, Take
			}
			return nodeHead, Take
		}
	case '[':
		if t.right().ends("] {") && nodeHeader(t).grade == nodeSure {
			return nodeLoose | State(min(l.indent(), nodeDeep))<<nodeShift, Hold
		}
	case '<', '-', 'F':
		if nodeNativeHead(t) {
			return nodeNative, Take
		}
	case '\'', '"', '`', 's':
		return nodeQuotedOpen(l)
	}
	return Outside, No
}

// nodeAfterFrame is the state behind frame c.
func nodeAfterFrame(s State, c nodeCall) State {
	if c.brace {
		return nodeAt(s, nodeProps)
	}
	return nodeAt(s, nodeFrames)
}

// nodeCommon answers for the lines that mean the same in every state.
func nodeCommon(s State, l, t span) (State, Verdict, bool) {
	if len(t) == 0 {
		return s, No, false
	}
	kind := s & nodeKind
	switch t[0] {
	case 'a':
		if c, g := nodeFrame(t); g > 0 && kind != nodeGap {
			if kind == nodeProps {
				return s, Take, true
			}
			if kind != nodeFrames || c.brace {
				s = nodeOpened(l, kind)
			}
			return nodeAfterFrame(s, c), Take, true
		}
	case 'N':
		if nodeTrailer(t) {
			return Outside, Last, true
		}
	case '.', '[':
		if _, ok := nodeElision(t); ok && kind != nodeGap {
			return s, Take, true
		}
	case 'E', 'F', 'T':
		if nodeSecondStack(t) && kind != nodeProps {
			return nodeAt(s, nodeFrames), Take, true
		}
	case '-':
		if kind == nodeFrames && nodeRuler(t) {
			return s, Hold, true
		}
	case '(':
		if t.has("(Use `node --trace-") && kind != nodeProps {
			return s, Take, true
		}
	case 'c', 'C':
		if (kind == nodeFrames || kind == nodeEnd) && nodeCausedBy(t) > 0 {
			return nodeAt(s, nodeHead), Take, true
		}
	}
	return s, No, false
}

// nodeRuler tells the line of dashes that drivers (mysql's, for one) put between the
// frames of the answer and those of the call: one stack, though V8 made two of it.
func nodeRuler(t span) bool {
	return len(t) >= 4 && len(bytes.TrimLeft(t, "-")) == 0
}

// nodeAfterFrames: a line that is no frame, behind frames.
func nodeAfterFrames(s State, l, t span) (State, Verdict) {
	ind := l.indent()
	switch {
	case len(t) == 0:
		return nodeAt(s, nodeGap), Hold
	case t.has("digest: ") || t.has("[cause]: "):
		return s, Take
	case nodeIndent(s) >= 2 && (ind >= 2 || t[0] == '}' || t[0] == ']'):
		return nodeInLoose(s, l, t)
	}
	return Outside, No
}

// nodeInProps: a line of a block of properties.
func nodeInProps(s State, l, t span) (State, Verdict) {
	ind, base := l.indent(), nodeIndent(s)
	switch {
	case len(t) == 0:
		return s, Hold
	case t[0] == '}' && ind <= base:
		if base >= 2 {
			return nodeAt(s, nodeLoose), Take
		}
		return nodeAt(s, nodeEnd), Take
	case ind > base:
		return s, Take
	case s&nodeEatenF != 0 && nodeLooksInspected(t):
		return s, Take
	}
	return Outside, No
}

// nodeInLoose: a line of the object or array around an error.
func nodeInLoose(s State, l, t span) (State, Verdict) {
	switch {
	case len(t) == 0:
		return nodeAt(s, nodeLoose), Hold
	case l.indent() >= 2:
		return nodeAt(s, nodeLoose), Text
	case t[0] == '}' || t[0] == ']':
		if nodeHeader(t).grade == nodeSure { // "} reason: Error: boom" of a rejection handler
			return nodeHead, Text
		}
		return nodeEnd, Text
	}
	return Outside, No
}

// nodeLooksInspected tells whether a line without its indent can be one that
// util.inspect wrote: a key, a list's element, a bracket.
func nodeLooksInspected(t span) bool {
	t = t.right()
	switch t[len(t)-1] {
	case ',', '{', '[':
		return true
	}
	switch t[0] {
	case '}', ']', '[', '\'':
		return true
	}
	colon := bytes.Index(t, []byte(": "))
	return colon > 0 && bytes.IndexByte(t[:colon], ' ') < 0
}

// nodeTrailer tells whether t is the version line that Node prints when it dies.
func nodeTrailer(t span) bool {
	return t.has("Node.js v") && len(t) > 9 && isDigit(t[9])
}

// nodeRejectionHeader tells whether t is the header of an unhandled rejection
// in Node 14 and earlier; the further lines of the same warning are not.
func nodeRejectionHeader(t span) bool {
	rest := nodeWarned(t)
	return rest.has(nodeRejection) && !rest.has(nodeRejection+"Unhandled promise rejection")
}

const nodeRejection = "UnhandledPromiseRejectionWarning: "

// nodeWarned is what follows "(node:123) "; nil if t does not begin so.
func nodeWarned(t span) span {
	if !t.has("(node:") {
		return nil
	}
	i := len("(node:")
	for i < len(t) && isDigit(t[i]) {
		i++
	}
	if !t[i:].has(") ") {
		return nil
	}
	return t[i+2:]
}

// nodeSecondStack tells whether t announces a further list of frames: of the
// emitter, of the place of a throw, of a bluebird promise.
func nodeSecondStack(t span) bool {
	return t.has("Emitted 'error' event") || t.has("Thrown at:") || t.has("From previous event:")
}

// nodeCausedBy is the length of "caused by: " (pino, verror) or "Caused by: ".
func nodeCausedBy(t span) int {
	if n := len("caused by: "); len(t) > n && t[1:].has("aused by: ") {
		return n
	}
	return 0
}

// nodeElision reads "... 5 lines matching cause stack trace ...", and what the
// stack of an emitter has instead, "[... lines matching original stack trace ...]".
func nodeElision(t span) (n int, ok bool) {
	if !t.has("... ") {
		return 0, t.has("[... lines matching original stack trace ...]")
	}
	end := bytes.IndexByte(t[4:], ' ')
	if end < 0 || !t[4+end:].has(" lines matching cause stack trace") {
		return 0, false
	}
	return t[4 : 4+end].number()
}

package trace

import "bytes"

// nodeBack finds the beginning of a trace above its first frame, or above the
// trailer of a crash that printed none.
func nodeBack(before Window, opening []byte) int {
	t := span(opening).left()
	n := before.Len()
	at := -1
	switch {
	case t[0] == '\'' || t[0] == '"' || t[0] == '`' || t[0] == 's':
		return nodeQuotedBack(before, opening)
	case nodeTrailer(t) || t.has("(Use `node "):
		at = nodeCaret(before, n)
	case t.has("----- Native"):
		if n > 0 && !before.Record(n-1) && (span(before.Line(n-1)).has("node[") || span(before.Line(n-1)).has("#")) {
			at = n - 1
		}
	case t[0] == '[':
		at = nodeCaret(before, n)
	case t.has("at "):
		if at = nodeKilled(before); at >= 0 {
			break
		}
		if at = nodeTop(before, opening); at < 0 {
			if at = nodeCaret(before, n); at < 0 {
				at = nodeNearest(before, opening)
			}
			break
		}
		if up := nodeCaret(before, at); up >= 0 {
			at = up
			break
		}
		if at = nodeAround(before, at); span(before.Line(at)).has("{") { // a thrown object
			if up := nodeCaret(before, at); up >= 0 {
				at = up
			}
		}
	}
	if at < 0 {
		return 0
	}
	return n - at
}

// nodeTop is the index of the header line for a trace whose first frame is
// opening; -1 if there is none. An error's message may have any number of
// lines, so the nearest line that has the shape "SomethingError: text" at the
// right indent wins over a nearer one that is merely "Word: text".
func nodeTop(before Window, opening span) int {
	n, base := before.Len(), max(0, opening.indent()-4)
	weak, said := -1, false
	apart := n > 0 && span(before.Line(n-1)).indent() == len(before.Line(n-1)) // V8 leaves no blank line above its frames, test runners do
	for i := n - 1; i >= 0; i-- {
		line := span(before.Line(i))
		ind := nodeMargin(line)
		if ind == len(line) {
			continue
		}
		if _, g := nodeFrame(line); g == nodeSure {
			break // the end of another trace
		} else if g > 0 {
			continue
		}
		h := nodeHeader(line)
		said = said || !before.Record(i)
		switch {
		case h.grade == nodeSure && ind <= base && !(h.inline && len(h.value) == 0 && i < n-1):
			return i
		case h.grade == nodeSure && !h.inline && i == n-1 && ind == opening.indent(): // hapi sets both in alike
			return i
		case h.grade == nodeWeak && weak < 0 && !apart && ind <= base && (ind == 0 || i == n-1) && nodeMayBeName(h, i == n-1):
			weak = i
		}
		if before.Record(i) {
			if weak < 0 && !said {
				return i // nothing in between: the record's message is the error's
			}
			break
		}
		if ind < base && ind == 0 && base > 2 {
			break // out of the object that the error stands in
		}
	}
	return weak
}

// nodeMargin is the indent of a header line; Next.js sets its cross one column in,
// and console.error("settle failed:\n", err) puts a blank behind the line break.
func nodeMargin(line span) int {
	ind := line.indent()
	if ind == 1 || line[ind:].has("⨯ ") {
		return 0
	}
	return ind
}

// nodeNearest is the line right above the frames: V8 prints none without the
// name or message of an error above it, be it ever so unlike one. Test runners
// and bundlers do: they print a piece of source, and frames below a blank line.
func nodeNearest(before Window, opening span) int {
	i := before.Len() - 1
	if i > 0 && len(span(before.Line(i)).trim()) == 0 { // consola leaves a blank line
		i--
		if span(before.Line(i)).indent() >= opening.indent() {
			return -1
		}
	}
	if i < 0 || len(span(before.Line(i)).trim()) == 0 {
		return -1
	}
	if t := span(before.Line(i)).left(); t[0] == '|' || nodeIsCaret(t.trim()) {
		return -1
	}
	if _, g := nodeFrame(before.Line(i)); g > 0 {
		return -1
	}
	return i
}

// nodeMayBeName limits what a word without "Error" in it may be. Lower-case
// names exist (pg throws "error: duplicate key"), right above the frames.
func nodeMayBeName(h nodeTitle, nearest bool) bool {
	upper := h.name[0] >= 'A' && h.name[0] <= 'Z'
	return upper || nearest || len(h.code) > 0
}

// nodeCaret looks above line at for what Node prints when an error kills it, and
// returns the index of its first line, -1 if it is not there:
//
//	/srv/pay/wallet.js:3
//	function lookup(db, id) { return db.users[id].name; }
//	                                              ^
//
// For an error with a header only blank lines may stand in between; for a value
// that is no error, its text.
func nodeCaret(before Window, at int) int {
	value := at == before.Len()
	for i := at - 1; i >= 2; i-- {
		line := span(before.Line(i)).trim()
		if nodeIsCaret(line) {
			if !before.Record(i) && !before.Record(i-1) && nodeLocation(before.Line(i-2)) && !before.Record(i-2) {
				return i - 2
			}
			return -1
		}
		if before.Record(i) || !value && len(line) > 0 {
			return -1
		}
	}
	return -1
}

// nodeKilled looks for the same above a message of any lines, some of which may look like a header:
// the first line below the caret and a blank one is the error's. -1 if it is not there.
func nodeKilled(before Window) int {
	head := -1 // the nearest line below a blank one
	for i := before.Len() - 1; i >= 2 && !before.Record(i); i-- {
		line := span(before.Line(i))
		switch {
		case nodeIsCaret(line.trim()) && head == i+2 && len(span(before.Line(i+1)).trim()) == 0 && nodeLocation(before.Line(i-2)) && !before.Record(i-1) && !before.Record(i-2):
			return i - 2
		case nodeTrailer(line), nodeIsFrame(line):
			return -1
		case len(line.trim()) > 0 && nodeHeads(line):
			head = i
		}
	}
	return -1
}

// nodeHeads tells whether a line at the margin begins with the name of an error.
func nodeHeads(line span) bool {
	h := nodeHeader(line)
	return line.indent() == 0 && !h.inline && !h.bracket && (h.grade == nodeSure || h.grade > 0 && len(h.value) > 0)
}

// top is the index of the header of the error whose first frame is line first; -1 if there is none.
// Where the runtime says what it died of, it is the first line, whatever the message holds.
func (r *nodeReader) top(lines [][]byte, first int) int {
	if up := r.outer(lines[:first]); up >= 0 {
		return up
	}
	if r.died || span(lines[0]).has(denoUncaught) {
		i := 0
		for i < first && len(span(lines[i]).trim()) == 0 {
			i++
		}
		if i < first && nodeHeads(lines[i]) {
			return i
		}
	}
	return nodeTop(sliceWindow(lines[:first]), lines[first])
}

func nodeIsCaret(line span) bool {
	return len(line) > 0 && len(bytes.Trim(line, "^~")) == 0 && line[0] != '~'
}

// nodeLocation tells whether line is "path:12" and nothing else.
func nodeLocation(line span) bool {
	rest, _, ok := nodeNumberBehind(line.trim())
	return ok && line.indent() == 0 && (nodePath(rest) > 0 || string(rest) == "undefined")
}

// nodeAround climbs from the header of an error that stands inside an object,
// an array or a pretty-printed record to the line that began it. Lines of a
// record are taken so that they do not count as its message.
func nodeAround(before Window, at int) int {
	if span(before.Line(at)).indent() < 2 || before.Record(at) {
		return at
	}
	for i := at - 1; i >= 0; i-- {
		line := span(before.Line(i))
		switch {
		case len(line.trim()) == 0:
			return at
		case line.indent() >= 2 && !before.Record(i):
			continue
		}
		opens := line.right().ends("{") || line.right().ends("[")
		switch {
		case opens:
			return i
		case before.Record(i):
			return i + 1
		}
		return at
	}
	return at
}

package trace

import "bytes"

// dotnetUnfold gives the lines back to a trace that a sink wrote on one line;
// nil if lines are a trace as it was printed.
func dotnetUnfold(lines [][]byte) [][]byte {
	if len(lines) > 3 {
		return nil
	}
	var out [][]byte
	found := false
	for i, l := range lines {
		if _, g := dotnetFrame(l); g > 0 && i > 0 && dotnetFolded(l) == 0 {
			return nil
		}
		n := len(out)
		if out = dotnetSplit(out, l); len(out) > n+1 {
			found = true
		}
	}
	if !found {
		return nil
	}
	return out
}

// dotnetSplit appends the lines that were made one. A message may hold " at "
// too; so a line begins only where all that follows is frames and separators.
func dotnetSplit(out [][]byte, line span) [][]byte {
	at := dotnetFolded(line)
	if at == 0 {
		return append(out, line)
	}
	out = dotnetArrows(out, line[:at].right())
	for at < len(line) {
		n := dotnetPiece(line[at:])
		if n == 0 {
			n = len(line) - at
		}
		out = append(out, dotnetIndented(line[at:at+n]))
		at += n
	}
	return out
}

// dotnetIndented gives a piece the indent that tells the kinds of separators apart.
func dotnetIndented(piece span) []byte {
	t := piece.trim()
	if t.has("---") {
		return t
	}
	return append([]byte("   "), t...)
}

// dotnetArrows splits the headers of a chain.
func dotnetArrows(out [][]byte, t span) [][]byte {
	for {
		at, _, _ := dotnetArrow(t)
		if at < 1 {
			return append(out, t)
		}
		out = append(out, t[:at].right())
		t = t[at:]
		next, _, _ := dotnetArrow(t[5:])
		if next < 0 {
			return append(out, t)
		}
		out, t = append(out, t[:5+next].right()), t[5+next:]
	}
}

// dotnetFolded is the offset in line at which its first folded frame begins; 0 if there is none.
func dotnetFolded(line span) int {
	for from := 1; from < len(line); {
		i := bytes.Index(line[from:], []byte(" at "))
		if i < 0 {
			return 0
		}
		if n := dotnetPiece(line[from+i:]); n > 0 {
			return from + i
		}
		from += i + 4
	}
	return 0
}

// dotnetPiece is the length of the frame or separator at the start of t, blanks
// in front included; 0 if there is none. It ends where the next one begins.
func dotnetPiece(t span) int {
	ind := t.indent()
	body := t[ind:]
	if !body.has("---") && (!body.has("at ") || !dotnetCalls(body[3:].left())) {
		return 0
	}
	end := len(body)
	for from := 3; from < len(body); {
		i := bytes.IndexByte(body[from:], ' ')
		if i < 0 {
			break
		}
		from += i
		if next := body[from:].left(); next.has("at ") && dotnetCalls(next[3:]) || next.has("--- ") || next.has("---> ") && from > 3 {
			if body.has("--- ") && next.has("---") && !next.has("---> ") { // its own closing dashes
				from += 4
				continue
			}
			end = from
			break
		}
		from++
	}
	piece := body[:end]
	if body.has("---") {
		if k := dotnetKind(piece); k == dotnetIsEnd || k == dotnetIsAsync || k == dotnetIsLink {
			return ind + end
		}
		return 0
	}
	if _, g := dotnetFrame(piece); g == dotnetSure {
		return ind + end
	}
	return 0
}

// dotnetCalls tells whether a qualified name with a parenthesis stands at the start of t.
func dotnetCalls(t span) bool {
	open := bytes.IndexByte(t[:min(len(t), 300)], '(')
	if open < 3 {
		return t.has("(wrapper ")
	}
	name := t[:open].right()
	return bytes.IndexByte(name, ' ') < 0 && bytes.IndexByte(name, '.') > 0 && dotnetName(name) || t.has("lambda_method")
}

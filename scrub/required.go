package scrub

import "regexp/syntax"

// mostAlternatives bounds how many literals are read out of one expression.
const mostAlternatives = 64

// keywords returns the literals one of which every match of the rule holds: those that
// the user gave, or those that can be read out of the expression; none if there are none.
func (r Rule) keywords() []string {
	if len(r.Keywords) > 0 || r.Regex == "" {
		return r.Keywords
	}
	re, err := syntax.Parse(r.Regex, syntax.Perl)
	if err != nil {
		return nil
	}
	return required(re.Simplify())
}

// required returns literals of which every match of re holds at least one, the set
// whose shortest is longest; nil if none of three bytes can be told.
func required(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if text := string(re.Rune); len(text) >= shortestKeyword && (re.Flags&syntax.FoldCase == 0 || isASCII(text)) {
			return []string{text}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if lits := required(sub); shortestOf(lits) > shortestOf(best) {
				best = lits
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			lits := required(sub)
			if lits == nil || len(all)+len(lits) > mostAlternatives {
				return nil
			}
			all = append(all, lits...)
		}
		return all
	}
	return nil
}

// shortestOf is the length of the shortest of the literals, 0 if there are none.
func shortestOf(lits []string) (n int) {
	for i, l := range lits {
		if i == 0 || len(l) < n {
			n = len(l)
		}
	}
	return n
}

// isASCII tells whether text has no byte above 0x7f. Other letters have cases that the
// automaton does not know.
func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// lowerASCII is text with the ASCII letters in lower case, as the automaton has them.
func lowerASCII(text string) string {
	b := []byte(text)
	for i, c := range b {
		b[i] = fold(c)
	}
	return string(b)
}

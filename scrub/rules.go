package scrub

import "regexp"

// ruleReach is how far from a keyword a rule's expression may match, in bytes.
const ruleReach = 512

// rule is a rule of the user's, compiled.
type rule struct {
	re  *regexp.Regexp
	det detector
}

// ruleWindow is a piece of the text a rule must be run on: where its keywords stand.
type ruleWindow struct{ rule, start, end int }

// noteRule notes that a keyword of a rule stands at text[start:end]. Windows that
// touch become one, so that no byte is matched against a rule twice.
func (s *Scrubber) noteRule(index, start, end int) {
	t := s.text
	a := max(lineStartWithin(t, start, ruleReach), 0)
	b := lineEndWithin(t, end, ruleReach)
	for i := len(s.windows) - 1; i >= 0 && i >= len(s.windows)-len(s.rules); i-- {
		w := &s.windows[i]
		if w.rule == index && a <= w.end && w.start <= b {
			w.start, w.end = min(w.start, a), max(w.end, b)
			return
		}
	}
	s.windows = append(s.windows, ruleWindow{index, a, b})
}

// lineStartWithin returns the start of the line of t[i], or i-reach if it is farther.
func lineStartWithin(t []byte, i, reach int) int {
	floor := max(0, i-reach)
	for i > floor && t[i-1] != '\n' {
		i--
	}
	return i
}

// lineEndWithin returns the end of the line of t[i], or i+reach if it is farther.
func lineEndWithin(t []byte, i, reach int) int {
	limit := min(len(t), i+reach)
	for i < limit && t[i] != '\n' {
		i++
	}
	return i
}

// runRules runs the expressions on the windows that were noted.
func (s *Scrubber) runRules() {
	for _, index := range s.always {
		s.windows = append(s.windows, ruleWindow{index, 0, len(s.text)})
	}
	for _, w := range s.windows {
		r := &s.rules[w.rule]
		s.walked(w.start, w.end)
		// Go's expressions take linear time, so a window costs no more than its length.
		for _, m := range r.re.FindAllSubmatchIndex(s.text[w.start:w.end], -1) {
			if len(m) >= 4 && m[2] >= 0 {
				m = m[2:]
			}
			start, end := w.start+m[0], w.start+m[1]
			s.markKeeping(r.det, start, end, s.keepOf(r.det, end-start))
		}
	}
}

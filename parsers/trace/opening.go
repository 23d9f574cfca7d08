package trace

// Opening asks whether line opens a trace. It returns the index of the first
// language in list order that is sure of it, else of the first that guesses so
// (Hold), the state it is then in, and its verdict; No if there is none. rows
// says that RowHints count too. It does not allocate.
func (s *Set) Opening(line []byte, rows bool) (lang int, st State, v Verdict) {
	i := 0
	for i < len(line) && isBlank(line[i]) {
		i++
	}
	if !rows && !s.paired(line[i:]) && (i == 0 || !s.paired(line)) {
		return 0, Outside, No
	}
	if len(line) == 0 {
		return 0, Outside, No
	}
	o := opening{s: s, line: line, lang: -1}
	if i < len(line) {
		o.askHints(&s.hints, line[i:])
	}
	if i > 0 {
		o.askHints(&s.raw, line)
	}
	if rows {
		o.askRows(i)
	}
	if o.lang < 0 {
		return 0, Outside, No
	}
	return o.lang, o.state, o.verdict
}

// opening is the best answer so far about one line.
type opening struct {
	s       *Set
	line    []byte
	lang    int // -1 for none
	state   State
	verdict Verdict
}

// askHints asks the languages whose hint is the beginning of at.
func (o *opening) askHints(t *hintTable, at []byte) {
	if !o.s.paired(at) {
		return
	}
	hints := t[at[0]]
	for i := range hints {
		if h := &hints[i]; h.fits(at) {
			o.ask(int(h.lang))
		}
	}
}

// askRows asks the languages with a row hint that fits, if the line has a mark of theirs.
func (o *opening) askRows(blanks int) {
	var hints, raw []hint
	if blanks < len(o.line) {
		hints = o.s.rows[o.line[blanks]]
	}
	if blanks > 0 {
		raw = o.s.rawRows[o.line[0]]
	}
	if len(hints) == 0 && len(raw) == 0 {
		return
	}
	marked := o.s.marks.of(o.line)
	for i := range hints {
		if h := &hints[i]; marked>>h.lang&1 != 0 && h.fits(o.line[blanks:]) {
			o.ask(int(h.lang))
		}
	}
	for i := range raw {
		if h := &raw[i]; marked>>h.lang&1 != 0 && h.fits(o.line) {
			o.ask(int(h.lang))
		}
	}
}

func begins(at []byte, hint string) bool {
	return len(at) >= len(hint) && string(at[:len(hint)]) == hint
}

// ask asks one language, unless one that comes before it is sure already.
func (o *opening) ask(lang int) {
	if o.lang >= 0 && lang >= o.lang && o.verdict != Hold {
		return
	}
	st, v := o.s.langs[lang].Step(Outside, o.line)
	if v != No && (o.lang < 0 || o.verdict == Hold && v != Hold || lang < o.lang && (v == Hold) == (o.verdict == Hold)) {
		o.lang, o.state, o.verdict = lang, st, v
	}
}

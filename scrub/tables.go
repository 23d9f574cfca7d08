package scrub

import (
	"regexp"
	"slices"
	"strings"
)

// tables is all that a Scrubber knows before it sees a text. It is made once and
// then only read, so clones share it.
type tables struct {
	enabled bool
	auto    *automaton
	lits    []literal
	keys    []key
	tokens  []token
	inner   []innerToken
	hooks   []webhook
	rules   []rule
	names   []string // of the detectors

	replaceWith  [][]byte  // by detector
	replaceText  []string  // the same as text
	replacements [][]byte  // the different ones, to know them again
	begins       [256]bool // first bytes of replacements
	keepDigits   int       // of a card number
	keeps        []bool    // by detector: of a long value the last four bytes stay
	hashed       []bool    // by detector: the replacement holds a hash
	hashKey      []byte
	label        bool  // the replacement holds the name of the detector
	stamps       bool  // label, or any of hashed
	always       []int // rules without keywords
	fieldRules   []fieldRule
	numbers      uint32 // the sets of bytes that are swept for numbers
	emails       bool   // whether e-mail addresses are looked for
	addresses    bool   // whether IP addresses are looked for
	ssns         bool   // whether social security numbers are looked for

	shapes         []shapeFinder // of the groups mac, uuid and imei
	secrets        bool          // the group
	persons        bool
	prose          bool
	entropy        bool
	literals       [][]byte            // let a value stay that holds one of them
	allowed        map[string]struct{} // values
	longestAllowed int                 // in bytes
	allowedKeys    map[string]struct{} // lower-case
}

// newTables builds the tables for a configuration that is valid. It takes a millisecond
// or two, most of it for the automaton.
func newTables(cfg Config) *tables {
	cfg = cfg.expanded()
	tb := &tables{enabled: cfg.Enabled, names: slices.Clone(detectorNames[:])}
	on := func(group string) bool { return slices.Contains(cfg.Groups, group) }
	if on(GroupSecrets) {
		tb.addTokens()
		tb.lits = append(tb.lits, secretLiterals()...)
	}
	tb.addKeys(cfg.Keys, on)
	if on(GroupCards) {
		tb.numbers |= cardRun.bit()
	}
	if on(GroupIBAN) {
		tb.numbers |= ibanRun.bit()
	}
	tb.lits = append(tb.lits, peopleLiterals(on(GroupEmail), on(GroupPhone))...)
	tb.secrets = on(GroupSecrets)
	tb.addShapes(on)
	tb.prose, tb.entropy = on(GroupProse), on(GroupEntropy)
	tb.emails, tb.addresses, tb.ssns = on(GroupEmail), on(GroupIP), on(GroupSSN)
	if cfg.CardKeepLast4 {
		tb.keepDigits = 4
	}
	tb.addRules(cfg)
	for _, r := range tb.replaceWith {
		tb.replaceText = append(tb.replaceText, string(r))
	}
	tb.allow(cfg.Allow)
	tb.auto = newAutomaton(tb.lits)
	return tb
}

// The order matters in one place: of literals with the same text the one added first is
// asked first, so a longer shape stands before a shorter one in the catalogue.

// detector gives the name a number; rows with the same name share one.
func (tb *tables) detector(name string) detector {
	if i := slices.Index(tb.names, name); i >= 0 {
		return detector(i)
	}
	tb.names = append(tb.names, name)
	return detector(len(tb.names) - 1)
}

// addTokens turns the rows of the catalogue into tokens, one a prefix.
func (tb *tables) addTokens() {
	for _, row := range builtinTokens {
		det, sh := tb.detector(row.name), parseShape(row.shape)
		for _, prefix := range strings.Fields(row.prefixes) {
			tb.literal(prefix, tokenLiteral, len(tb.tokens), sh.gate())
			tb.tokens = append(tb.tokens, token{name: row.name, prefix: prefix, shape: sh, edge: row.edge, det: det})
		}
	}
	for _, row := range innerTokens {
		sh := parseShape(row.shape)
		tb.literal(row.prefix, innerLiteral, len(tb.inner), sh.gate())
		tb.inner = append(tb.inner, innerToken{prefix: row.prefix, before: row.before, shape: sh, det: tb.detector(row.name)})
	}
	for _, row := range webhooks {
		sh := parseShape(row.shape)
		tb.literal(row.prefix, webhookLiteral, len(tb.hooks), sh.gate())
		tb.hooks = append(tb.hooks, webhook{prefix: row.prefix, shape: sh, det: tb.detector(row.name)})
	}
}

// gate is the set of bytes a shape may begin with.
func (sh shape) gate() gate {
	if sh[0].sign != 0 {
		return gateOf().plus(string(sh[0].sign))
	}
	return gateOf(sh[0].set)
}

// literal adds one to those that are looked for. Looking ignores the case; a verifier
// that does not compares again.
func (tb *tables) literal(text string, kind literalKind, index int, after gate) {
	tb.lits = append(tb.lits, literal{text: strings.ToLower(text), kind: kind, index: uint16(index), after: after})
}

// addKeys adds the names of keys of the groups that are on; the user's own are always.
func (tb *tables) addKeys(cfg Keys, on func(group string) bool) {
	tb.keys = buildKeys(cfg)
	secrets, cards, persons := on(GroupSecrets), on(GroupCards), on(GroupPerson)
	for i, k := range tb.keys {
		wanted := secrets
		switch {
		case k.kind == panKey || k.kind == cvvKey:
			wanted = cards
		case k.det == detPerson:
			wanted = persons
		}
		if !wanted && k.det != detUserKey {
			continue
		}
		after := keyFollowers
		switch {
		case k.star:
			after = after.with(gateOf(keyName))
		case k.exact || k.kind == panKey && len(k.name) == 3: // span_id is no card
			after = nameFollowers
		}
		tb.literal(k.name, keyLiteral, i, after)
	}
}

// addRules adds the rules of the user, and what stands in place of what is masked.
func (tb *tables) addRules(cfg Config) {
	tb.replaceWith = make([][]byte, len(tb.names))
	for i := range tb.replaceWith {
		tb.replaceWith[i] = []byte(cfg.Replacement)
	}
	tb.know(cfg.Replacement)
	for d, word := range placeholders {
		tb.replaceWith[d] = []byte(word)
		tb.know(word)
	}
	tb.keeps, tb.hashed = make([]bool, len(tb.names)), make([]bool, len(tb.names))
	for d, name := range tb.names {
		tb.hashed[d] = slices.Contains(cfg.Hash, name)
	}
	tb.hashKey, tb.label = []byte(cfg.HashKey), cfg.Label
	tb.stamps = cfg.Label || len(cfg.Hash) > 0
	for _, r := range cfg.Rules {
		tb.stamps = tb.stamps || r.Action == ActionHash
		replace := r.Replace
		if replace == "" {
			replace = cfg.Replacement
		}
		if r.Action == ActionRemove {
			replace = ""
		} else {
			tb.know(replace)
		}
		tb.names = append(tb.names, "rule:"+r.ID)
		tb.replaceWith = append(tb.replaceWith, []byte(replace))
		tb.keeps = append(tb.keeps, r.Action == ActionLast4)
		tb.hashed = append(tb.hashed, r.Action == ActionHash)
		tb.addRule(r, detector(len(tb.names)-1))
	}
}

// addRule adds a rule to those for texts, or to those for fields.
func (tb *tables) addRule(r Rule, det detector) {
	var re *regexp.Regexp
	if r.Regex != "" {
		re = regexp.MustCompile(r.Regex)
	}
	if len(r.Fields) > 0 {
		f := fieldRule{re: re, det: det, remove: r.Action == ActionRemove}
		for _, path := range r.Fields {
			f.paths = append(f.paths, strings.Split(path, "."))
		}
		tb.fieldRules = append(tb.fieldRules, f)
		return
	}
	keywords := r.keywords()
	if len(keywords) == 0 {
		tb.always = append(tb.always, len(tb.rules))
	}
	for _, k := range keywords {
		tb.lits = append(tb.lits, literal{text: lowerASCII(k), kind: ruleLiteral, index: uint16(len(tb.rules)), after: anything()})
	}
	tb.rules = append(tb.rules, rule{re: re, det: det})
}

// keepOf is how many bytes of a value of n bytes stay readable.
func (tb *tables) keepOf(d detector, n int) int {
	if tb.keeps[d] && n >= shortestLast4 {
		return 4
	}
	return 0
}

// know adds a replacement to those that are known again.
func (tb *tables) know(r string) {
	for _, known := range tb.replacements {
		if string(known) == r {
			return
		}
	}
	tb.replacements = append(tb.replacements, []byte(r))
	tb.begins[r[0]] = true
}

// allow notes what is never masked.
func (tb *tables) allow(a Allow) {
	tb.allowed, tb.allowedKeys = map[string]struct{}{}, map[string]struct{}{}
	for _, v := range a.Values {
		tb.allowed[v] = struct{}{}
		tb.longestAllowed = max(tb.longestAllowed, len(v))
	}
	for _, l := range a.Literals {
		tb.literals = append(tb.literals, []byte(l))
	}
	for _, k := range a.Keys {
		tb.allowedKeys[strings.ToLower(k)] = struct{}{}
	}
}

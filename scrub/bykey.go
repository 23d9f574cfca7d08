package scrub

// What is under a weak name in data (session, auth, pass) must look like a secret, as it
// must in text: "session":"opened" is no secret there either.

// byKey masks v if its key alone makes it secret; ok is false if not.
//
// In data, other than in text, it is certain what is a key and what its value: under a
// strong name all goes, lists and objects too, unless there is nothing to hide.
func (s *Scrubber) byKey(name string, v any) (masked any, ok bool) {
	k := s.keyNamed(name)
	if k == nil {
		return v, false
	}
	if text, isText := v.(string); isText {
		return s.textByKey(k, name, text)
	}
	switch v.(type) {
	case nil, bool:
		return v, false
	}
	switch k.kind {
	case strongKey, headerKey:
		text, _ := digitsOf(v)
		return s.replacementFor(k.det, text), true
	}
	return s.scalarByKey(k, v)
}

// textByKey masks the string v, which stands under key, a spelling of k.
func (s *Scrubber) textByKey(k *key, key, v string) (any, bool) {
	b := bytesOf(v)
	if s.isAllowed(b) {
		return v, true
	}
	n, p := name{k: k}, place{quoted: true}
	if len(b) == 0 || k.kind == cookieKey || !s.accepts(n, p, b, true) || isWorkingDirectory(bytesOf(key), b) {
		return v, false
	}
	return s.replacementFor(k.det, v), true
}

// replacementFor counts v as masked and returns what stands in its place.
func (s *Scrubber) replacementFor(d detector, v string) string {
	s.stats.count(d)
	if !s.stamps {
		return s.replaceText[d]
	}
	return string(s.appendReplacement(nil, d, bytesOf(v)))
}

// scalarByKey masks a number under a key that is not strong: a PIN, a card, a CVV.
func (s *Scrubber) scalarByKey(k *key, v any) (any, bool) {
	switch k.kind {
	case pinKey, panKey, cvvKey, ssnKey:
		text, ok := digitsOf(v)
		if !ok || !s.accepts(name{k: k}, place{quoted: true}, []byte(text), true) {
			return v, false
		}
		return s.replacementFor(k.det, text), true
	}
	return v, false
}

// keyNamed finds the key that the whole of name is, by the same automaton and the same
// rules as in text; nil if there is none.
func (s *Scrubber) keyNamed(text string) *key {
	if s.isAllowedKey(bytesOf(text)) {
		return nil
	}
	t := bytesOf(text)
	state := uint32(0)
	var found *key
	for i, c := range t {
		state = s.auto.next[state+s.auto.class[c]]
		if state < s.auto.accept {
			continue
		}
		for _, l := range s.auto.found[s.auto.next[state+s.auto.width]].lits {
			lit := &s.lits[l]
			if lit.kind != keyLiteral {
				continue
			}
			k, start := &s.keys[lit.index], i+1-len(lit.text)
			if s.isKeyName(k, t, start, i+1) && (found == nil || k.kind < found.kind) {
				found = k
			}
		}
	}
	return found
}

// isKeyName tells whether the name of a key at t[start:end] makes the whole of t it.
func (s *Scrubber) isKeyName(k *key, t []byte, start, end int) bool {
	if start < 0 || k.kind == queryKey || !k.isSpelled(t[start:end]) {
		return false
	}
	stop, ok := k.keyEnd(t, end)
	if !ok || stop != len(t) || k.edge && !wordBegins(t, start) || k.exact && start != 0 {
		return false
	}
	return k.kind != tokenKey || !countsTokens(t[:start])
}

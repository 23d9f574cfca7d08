package scrub

// A JSON Web Token (RFC 7519) carries its own beginning: {"alg":... in base64. Its payload
// is readable by everybody and mostly about a person, so an expired one is masked, too.

// verifyJWT looks at eyJ, which is how {" begins in base64: a JSON Web Token is up to
// five parts of base64 with dots between (two dots for a signed one, four for an
// encrypted one). A token that was cut short still shows one dot and much text.
func (s *Scrubber) verifyJWT(start, end int) {
	t := s.text
	if string(t[start:end]) != "eyJ" || alnum.has(before(t, start)) {
		return
	}
	head, _ := s.runOf(word, 0, start)
	if head-start < 10 || byteAt(t, head) != '.' {
		return
	}
	at, dots := head, 0
	for dots < 4 && byteAt(t, at) == '.' {
		next, _ := s.runOf(word, dots+1, at+1)
		if next == at+1 && byteAt(t, next) != '.' {
			break // the full stop of a sentence
		}
		at = next
		dots++
	}
	if dots >= 2 && at-start >= 30 || dots == 1 && at-start >= 36 {
		s.mark(detJWT, start, at)
	}
}

// verifyWrappedJWT looks at ZXlK, which is eyJ in base64 once more.
func (s *Scrubber) verifyWrappedJWT(start, end int) {
	if string(s.text[start:end]) != "ZXlK" || !s.edgeFits(blobEdge, start) {
		return
	}
	if end, _ := s.runOf(base64Std, 0, start); end-start >= 60 {
		s.mark(detJWT, start, end)
	}
}

package scrub

// Some tokens are told by something in their middle: a search for "eight to ten digits"
// would stop at every number, one for :AA hardly ever does.

// innerToken is a token that is found by a part in its middle.
type innerToken struct {
	prefix string // the part we look for
	before part   // what stands before it
	shape  shape  // what follows
	det    detector
}

// verifyInner looks at a token with its telling part at text[start:end].
func (s *Scrubber) verifyInner(k *innerToken, start, end int) {
	t := s.text
	if string(t[start:end]) != k.prefix {
		return
	}
	i := start
	for i > 0 && start-i < k.before.max && k.before.set.has(t[i-1]) {
		i--
	}
	s.walked(i, start)
	if k.before.set == azureSecret && !isDigit(byteAt(t, start-1)) {
		return
	}
	if start-i < k.before.min || alnum.has(before(t, i)) && !hasPrefixFold(t, i-3, "bot") {
		return
	}
	if end, ok := s.follow(k.shape, end); ok {
		s.mark(k.det, i, end)
	}
}

// webhook is an address that is a secret; what follows the prefix is masked.
type webhook struct {
	prefix string
	shape  shape
	det    detector
}

// verifyWebhook masks the path behind the host and the service, which stay: one can see
// what was called but not call it.
func (s *Scrubber) verifyWebhook(k *webhook, start, end int) {
	if !equalFold(s.text[start:end], k.prefix) {
		return
	}
	if stop, ok := s.follow(k.shape, end); ok {
		s.mark(k.det, end, stop)
	}
}

package scrub

import (
	"math"
	"strings"
)

// What follows is off by default: people write about passwords far more often than they
// write passwords, and most random text in a log is an identifier.

// tells are the words between the name of a secret and the secret in a sentence.
var tells = []string{"is set to ", "was set to ", "set to ", "is now ", "was ", "is ", "now ", "are ", "reset to ", "changed to ", "value "}

// verifyProse looks at the words behind a key without a separator: "the password is ...",
// "password changed from a to b". A word that goes on with the sentence is none.
func (s *Scrubber) verifyProse(n name) {
	t := s.text
	i := skipBlank(t, n.end)
	if i == n.end || i >= len(t) {
		return
	}
	for _, from := range []string{"changed from ", "from "} {
		if hasPrefixFold(t, i, from) {
			next := s.maskWord(i + len(from))
			if i = skipBlank(t, next); hasPrefixFold(t, i, "to ") {
				s.maskWord(i + len("to "))
			}
			return
		}
	}
	for _, w := range tells {
		if hasPrefixFold(t, i, w) {
			s.maskWord(i + len(w))
			return
		}
	}
}

// notSecret are words that go on with a sentence about a secret, beside those of isProseNull.
var notSecret = wordSet("incorrect invalid required missing expired wrong empty set unset not null blank correct valid ok used needed changed reset too very also " +
	"only now no longer already still being stored encrypted hashed protected optional mandatory weak strong short long different same unknown " +
	"disabled enabled accepted rejected denied allowed")

// maskWord masks the word at text[i], in quotes or not, and returns its end.
func (s *Scrubber) maskWord(i int) int {
	t := s.text
	begin, end := i, 0
	if q, next, ok := openQuote(t, i); ok {
		begin = next
		end, _ = s.quotedEnd(next, q, s.levelsAt(i))
	} else {
		end = s.bareEnd(place{at: i})
		for end > begin && strings.IndexByte(".!?:", t[end-1]) >= 0 {
			end--
		}
	}
	v := t[begin:end]
	if len(v) >= 4 && len(v) <= longestKey && !isProseNull(v) && !isNull(v) && !isTemplate(v) && !notSecret[lowerASCII(string(v))] && s.replacementIn(v, 0) == 0 {
		s.mark(detProse, begin, end)
	}
	return end
}

// Bounds of random text, in bytes. What is longer than the longest is data, not a secret.
const (
	shortestRandom = 20
	longestRandom  = 512
)

// leastEntropy is the entropy from which text is random, in bits a byte: words of English
// have less than 3.5, random letters and digits of this length 4 or more.
const leastEntropy = 4.0

// sweepEntropy looks for random text: letters of both cases and digits, mixed. Runs of
// hexadecimal digits are hashes and ids, and are left.
func (s *Scrubber) sweepEntropy(t []byte) {
	done := 0
	for i := shortestRandom - 1; i < len(t); i += shortestRandom {
		if i < done || !base64Any.has(t[i]) {
			continue
		}
		a, b := s.runAround(base64Any, i, done)
		done = b
		for a < b && !alnum.has(t[a]) {
			a++
		}
		if n := b - a; n >= shortestRandom && n <= longestRandom && isRandom(t[a:b]) {
			s.mark(detEntropy, a, b)
		}
	}
}

// isRandom tells whether v looks drawn by lot.
func isRandom(v []byte) bool {
	var counts [256]uint16
	var upper, lower, number, changes, slashes int
	for i, c := range v {
		counts[c]++
		switch {
		case isUpper(c):
			upper++
		case isLower(c):
			lower++
		case isDigit(c):
			number++
		case c == '/':
			slashes++
		}
		if i > 0 && isDigit(c) != isDigit(v[i-1]) {
			changes++
		}
	}
	if upper < 2 || lower < 2 || number < 2 || changes < 3 || slashes*12 > len(v) {
		return false
	}
	bits, n := 0.0, float64(len(v))
	for _, k := range counts {
		if k > 0 {
			p := float64(k) / n
			bits -= p * math.Log2(p)
		}
	}
	return bits >= leastEntropy
}

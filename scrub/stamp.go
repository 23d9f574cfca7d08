package scrub

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// A stamp is what may stand inside the replacement behind a colon: the name of the
// detector ([Filtered:aws-access-key]) to see what a rule did, or eight digits of a keyed hash
// ([Filtered:1a2b3c4d]) by which two events can be compared. Without the key nobody can try
// out which password has that hash; a plain hash of a short secret is as good as the secret.

// hashBytes is how much of the hash is shown: enough to compare, too little to search by.
const hashBytes = 4

// longestStamp bounds a stamp, in bytes.
const longestStamp = 64

// stampSign is what stands between the word and the stamp.
const stampSign = ':'

// appendReplacement appends what stands in place of v, which d found.
func (tb *tables) appendReplacement(dst []byte, d detector, v []byte) []byte {
	r := tb.replaceWith[d]
	switch {
	case tb.hashed[d] && len(v) > 0:
		dst = append(append(dst, r[:len(r)-1]...), stampSign)
		sum := hmac.New(sha256.New, tb.hashKey)
		sum.Write(v)
		dst = hex.AppendEncode(dst, sum.Sum(nil)[:hashBytes])
		return append(dst, r[len(r)-1])
	case tb.label && endsInBracket(string(r)):
		dst = append(append(dst, r[:len(r)-1]...), stampSign)
		return append(append(dst, tb.names[d]...), r[len(r)-1])
	}
	return append(dst, r...)
}

// stamped returns the length of r with a stamp in it if that stands at t[i], else 0.
func (tb *tables) stamped(t []byte, i int, r []byte) int {
	head := r[:len(r)-1]
	if !bytes.HasPrefix(t[i:], head) || byteAt(t, i+len(head)) != stampSign {
		return 0
	}
	j := i + len(head) + 1
	for j < len(t) && j-i < longestStamp+len(r) && stampByte(t[j]) {
		j++
	}
	if byteAt(t, j) != r[len(r)-1] {
		return 0
	}
	return j + 1 - i
}

// stampByte tells whether c may stand in the name of a detector or in a hash. The names
// of rules are held to it by Validate.
func stampByte(c byte) bool { return word.has(c) || c == stampSign }

// isStamped tells whether text[start:end] lies within a replacement with a stamp, as
// password does in [Filtered:password].
func (s *Scrubber) isStamped(start, end int) bool {
	t := s.text
	for j := start; j >= 0 && start-j < 2*longestStamp; j-- {
		if !s.begins[t[j]] {
			continue
		}
		for _, r := range s.replacements {
			if n := s.stamped(t, j, r); n > 0 && j+n >= end {
				return true
			}
		}
	}
	return false
}

// checkStamps sees to it that a stamp has a closing bracket to stand before, and a hash
// a key.
func (c Config) checkStamps() error {
	hashes := c.Label
	for i, r := range c.Rules {
		if r.Action == ActionHash {
			hashes = true
			if len(c.HashKey) < shortestHashKey {
				return fmt.Errorf("rules[%d].action: hash needs a key; set hash_key to %d random characters or more, such as ${SCRUB_KEY} from the environment",
					i, shortestHashKey)
			}
		}
	}
	for _, g := range c.Hash {
		hashes = true
		if len(c.HashKey) < shortestHashKey {
			return fmt.Errorf("hash: %s needs a key; set hash_key to %d random characters or more, such as ${SCRUB_KEY} from the environment", g, shortestHashKey)
		}
	}
	if hashes && !endsInBracket(c.Replacement) {
		return fmt.Errorf("replacement: %q has no closing bracket; label and hash write their word before it", c.Replacement)
	}
	return nil
}

// endsInBracket tells whether a stamp has a place in the replacement r.
func endsInBracket(r string) bool { return len(r) > 1 && strings.IndexByte("])>}", r[len(r)-1]) >= 0 }

// shortestHashKey is how long the key of the hashes must be, in bytes: without one of some
// length all passwords of a dictionary could be tried.
const shortestHashKey = 16

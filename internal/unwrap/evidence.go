package unwrap

import "bytes"

// evidence tells a prefix that a transport put on every line from something of
// the same shape that the app wrote.
//
// A file whose first line has the prefix is believed at once: transports wrap
// every line, and the first one may already be a crash. After a line without it,
// several lines have to agree before it is taken off; until then they pass
// through with it. A line that does not fit costs trust, so that what was
// learned by mistake is unlearned, and a stray line ("web-1 exited with code
// 1") does no harm.
type evidence struct {
	carrier Carrier // the one that the next two fields are about
	seen    int8    // lines that fitted it, while it is not trusted yet
	trust   int8    // 0: not trusted
	plain   bool    // a line without a prefix has been seen
}

const (
	firstTrust = 4 // what a carrier starts with, and what one misfit costs
	maxTrust   = 16
)

// vouch counts a line that fits the carrier and reports whether it is trusted:
// now, or since need lines have fitted.
func (e *evidence) vouch(c Carrier, need int8) bool {
	if e.carrier != c {
		e.carrier, e.seen, e.trust = c, 0, 0
	}
	if e.trust > 0 {
		e.trust = min(e.trust+1, maxTrust)
		return true
	}
	if e.seen++; e.seen < need {
		return false
	}
	e.seen, e.trust = 0, firstTrust
	return true
}

// knows reports whether the carrier is trusted.
func (e *evidence) knows(c Carrier) bool { return e.carrier == c && e.trust > 0 }

// startOver forgets the lines that have fitted so far.
func (e *evidence) startOver() { e.seen = 0 }

// firstOr is the number of lines to ask for: one at the start of a file.
func (e *evidence) firstOr(need int8) int8 {
	if e.plain {
		return need
	}
	return 1
}

// unmoved reports whether one more line without prefix changes nothing.
func (e *evidence) unmoved() bool { return e.plain && e.trust|e.seen == 0 }

// misfit counts a line that has no prefix.
func (e *evidence) misfit(b []byte) {
	if isChatter(b) {
		return
	}
	e.plain, e.seen, e.trust = true, 0, max(e.trust-firstTrust, 0)
}

// isChatter reports whether compose or kubectl itself said it: their own words
// carry no prefix and are not held against one.
func isChatter(b []byte) bool {
	return bytes.HasPrefix(b, []byte("Attaching to ")) ||
		bytes.HasPrefix(b, []byte("Gracefully stopping")) ||
		bytes.HasPrefix(b, []byte("Aborting on container exit")) ||
		bytes.HasPrefix(b, []byte("Defaulted container ")) ||
		bytes.Contains(b[:min(len(b), 256)], []byte(" exited with code "))
}

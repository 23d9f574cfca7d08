package record

import (
	"encoding/binary"
	"math/bits"
)

// Classes of bytes, for runs and first-byte decisions.
const (
	digit uint8 = 1 << iota
	letter
	underscore
	blank   // space, tab
	nameRun // what may stand in the name of a logger, thread or module besides letters, digits and underscores
	keyRun  // what may stand in a logfmt key besides these
)

const wordRun = digit | letter | underscore

var class = func() (t [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		t[c] |= digit
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] |= letter
		t[c-32] |= letter
	}
	t['_'] |= underscore
	t[' '], t['\t'] = blank, blank
	for _, c := range "-.$:/@#*<>+~()=,%!&" {
		t[c] |= nameRun
	}
	for _, c := range "-.@/" {
		t[c] |= keyRun
	}
	return t
}()

// load8 gives up to eight bytes from p, little end first, zeros beyond the end.
func load8(b []byte, p int) uint64 {
	if p+8 <= len(b) {
		return binary.LittleEndian.Uint64(b[p:])
	}
	var w uint64
	for i := p; i < len(b); i++ {
		w |= uint64(b[i]) << (8 * (i - p))
	}
	return w
}

// foldAt packs the 1 to 8 letters at p, in lower case, first letter lowest.
func foldAt(b []byte, p, n int) uint64 {
	return (load8(b, p) | 0x2020202020202020) & (^uint64(0) >> (64 - 8*n))
}

// letterRun gives how many of the eight bytes of w, from the lowest on, are letters.
func letterRun(w uint64) int {
	const high = 0x8080808080808080
	x := (w | 0x2020202020202020) &^ high
	letters := (x + 0x1F1F1F1F1F1F1F1F) &^ (x + 0x0505050505050505) &^ w & high
	return bits.TrailingZeros64(letters^high) / 8
}

// digitMask tells whether the bytes of w that at selects (0xFF each) are digits.
func digitMask(w, at uint64) bool {
	return (w&0xF0F0F0F0F0F0F0F0|((w+0x0606060606060606)&0xF0F0F0F0F0F0F0F0)>>4)&at == 0x3333333333333333&at
}

// skipBlanks gives the offset of the first byte at or after p that is no blank or tab.
func skipBlanks(b []byte, p int) int {
	if p < len(b) && b[p] == ' ' {
		p++
	}
	if p < len(b) && class[b[p]]&blank == 0 {
		return p
	}
	return skipMoreBlanks(b, p)
}

// skipMoreBlanks is skipBlanks for runs: Spring pads loggers to forty columns.
func skipMoreBlanks(b []byte, p int) int {
	for p+8 <= len(b) && binary.LittleEndian.Uint64(b[p:]) == 0x2020202020202020 {
		p += 8
	}
	for p < len(b) && class[b[p]]&blank != 0 {
		p++
	}
	return p
}

// skip gives the end of the run of bytes of the given classes at p.
func skip(b []byte, p int, run uint8) int {
	for p < len(b) && class[b[p]]&run != 0 {
		p++
	}
	return p
}

// at gives the byte at p, or 0 outside of b.
func at(b []byte, p int) byte {
	if uint(p) < uint(len(b)) {
		return b[p]
	}
	return 0
}

// has tells whether s stands at p.
func has(b []byte, p int, s string) bool {
	return p >= 0 && p+len(s) <= len(b) && string(b[p:p+len(s)]) == s
}

// equalFold compares a word with one in lower case, letters only.
func equalFold(w []byte, lower string) bool {
	if len(w) != len(lower) {
		return false
	}
	for i := range w {
		if w[i]|0x20 != lower[i] {
			return false
		}
	}
	return true
}

package scrub

// A set is a set of bytes, kept as one bit of the table of classes. Sets are ASCII:
// no secret known to us has a byte above 0x7f in its shape, and a byte that is not
// in a set ends a run, so multi-byte runes are never cut.
type set uint8

// The sets. The letter behind each is its name in the shapes of tokens.
const (
	digits      set = iota // d
	lowerHex               // h
	anyHex                 // x
	alnum                  // a
	upnum                  // u: upper-case letters and digits
	base32                 // B: upper-case letters and 2 to 7
	word                   // w: alnum, _ and -
	dotted                 // D: word and dot
	base64Std              // b: alnum, +, /, =
	base64Any              // c: the same with _ and -
	padded                 // e: word and =
	azureSecret            // A: word, dot and tilde
	urlPath                // E: word, dot, @, / and ~
	token68                // what RFC 9110 allows in a credential
	ident                  // letters, digits and underscore
	keyName                // what may stand in a dotted or dashed name of a key
	bareStop               // ends a value that is not quoted
	blank                  // blank and tab
	hostStop               // ends the user and host part of a URL
	lineBreak              // LF and CR
	cardRun                // digits and what stands between the groups of a card number
	ibanRun                // upper-case letters, digits and blanks
	mailLocal              // what stands before the @ of an e-mail address
	address                // hexadecimal digits, dots and colons
	ssnRun                 // digits and dashes
	hexRun                 // hexadecimal digits, dashes and colons
	setCount
)

// classes tells for every byte to which sets it belongs.
var classes = buildClasses()

func (s set) bit() uint32 { return 1 << s }

// has tells whether c is in the set: one load and one test.
func (s set) has(c byte) bool { return classes[c]&(1<<s) != 0 }

// buildClasses is the one place where the sets are spelled out.
func buildClasses() (t [256]uint32) {
	// add puts the bytes into the set.
	add := func(s set, bytes string) {
		for i := range len(bytes) {
			t[bytes[i]] |= s.bit()
		}
	}
	const (
		lower = "abcdefghijklmnopqrstuvwxyz"
		upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		num   = "0123456789"
		all   = lower + upper + num
	)
	add(digits, num)
	add(lowerHex, num+"abcdef")
	add(anyHex, num+"abcdefABCDEF")
	add(alnum, all)
	add(upnum, upper+num)
	add(base32, upper+"234567")
	add(word, all+"_-")
	add(dotted, all+"_-.")
	add(base64Std, all+"+/=")
	add(base64Any, all+"+/=_-")
	add(padded, all+"_-=")
	add(azureSecret, all+"_-.~")
	add(urlPath, all+"_-.~@/")
	add(token68, all+"-._~+/=")
	add(ident, all+"_")
	add(keyName, all+"_-.")
	add(bareStop, " \t,;&)}]\"'<|\r\n`\x1b\x00")
	add(blank, " \t")
	add(hostStop, " \t\r\n\"'`<>\\/?#|\x1b\x00")
	add(lineBreak, "\r\n")
	add(cardRun, num+" -+%\xc2\xa0")
	add(mailLocal, all+"._%+-")
	add(address, num+"abcdefABCDEF.:")
	add(ssnRun, num+"-")
	add(hexRun, num+"abcdefABCDEF-:")
	add(ibanRun, upper+num+" ")
	return t
}

// fold gives the lower-case form of an ASCII letter and leaves other bytes alone.
func fold(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

// plain is fold for names: what stands between the words of a name, be it _, - or a
// dot, is the same sign.
func plain(c byte) byte {
	if c == '-' || c == '.' {
		return '_'
	}
	return fold(c)
}

// equalPlain compares t with text by their plain bytes.
func equalPlain(t []byte, text string) bool {
	if len(t) != len(text) {
		return false
	}
	for i, c := range t {
		if plain(c) != plain(text[i]) {
			return false
		}
	}
	return true
}

// These four are about ASCII, as everything here is: the names of keys and the shapes
// of tokens have no other letters, and a byte above 0x7f is none.
func isLetter(c byte) bool { return 'a' <= fold(c) && fold(c) <= 'z' }
func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// hasPrefixFold tells whether t continues at i with low, which is lower-case.
func hasPrefixFold(t []byte, i int, low string) bool {
	return i >= 0 && len(t)-i >= len(low) && equalFold(t[i:i+len(low)], low)
}

// equalFold compares t with low, which is lower-case.
func equalFold(t []byte, low string) bool {
	if len(t) != len(low) {
		return false
	}
	for i, c := range t {
		if fold(c) != low[i] {
			return false
		}
	}
	return true
}

// hexByte reads two hexadecimal digits at i.
func hexByte(t []byte, i int) (byte, bool) {
	if i+2 > len(t) || !anyHex.has(t[i]) || !anyHex.has(t[i+1]) {
		return 0, false
	}
	return hexValue(t[i])<<4 | hexValue(t[i+1]), true
}

// hexValue is the value of a hexadecimal digit.
func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return fold(c) - 'a' + 10
}

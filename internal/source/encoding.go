package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	textenc "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/transform"
)

// encoding is how the bytes of a stream become text. Lines are handed over in
// UTF-8; their offsets are always those of the bytes in the file.
type encoding struct {
	order binary.ByteOrder // of UTF-16; nil for all others
	guess bool             // UTF-16 of either order: a byte order mark or the first character tells
	page  *charmap.Charmap // of a single-byte encoding
	wide  textenc.Encoding // of one with characters of several bytes, among which a line feed never is
}

var (
	utf8Text = &encoding{}
	utf16LE  = &encoding{order: binary.LittleEndian}
	utf16BE  = &encoding{order: binary.BigEndian}
)

// encodingNamed gives an encoding by the name that the web, IANA, Windows or
// Python has for it. As on the web, Latin-1 and ASCII are read as windows-1252,
// which has all their characters and is what programs that say so really write.
func encodingNamed(name string) (*encoding, error) {
	plain := strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-"), " ", "-")
	switch strings.ReplaceAll(plain, "-", "") {
	case "", "utf8", "ascii", "usascii":
		return utf8Text, nil
	case "utf16":
		return &encoding{order: binary.LittleEndian, guess: true}, nil
	case "utf16le":
		return utf16LE, nil
	case "utf16be":
		return utf16BE, nil
	}
	for _, try := range spellings(plain) {
		e, err := htmlindex.Get(try)
		if err != nil || e == textenc.Replacement { // what browsers refuse to read
			e, err = ianaindex.IANA.Encoding(try)
		}
		if err != nil || e == nil {
			continue
		}
		if page, ok := e.(*charmap.Charmap); ok {
			return &encoding{page: page}, nil
		}
		if stays(e) {
			return &encoding{wide: e}, nil
		}
	}
	return nil, fmt.Errorf("%q is not known; known are utf-8, utf-16, utf-16le, utf-16be, latin1, iso-8859-1 to -16, windows-1250 to -1258, cp437, cp850, cp866, koi8-r, macintosh, shift_jis, euc-jp, gbk, gb18030, big5, euc-kr", name)
}

// spellings are the ways in which the indexes may have a name.
func spellings(name string) []string {
	out := []string{name, strings.ReplaceAll(name, "-", "_")}
	if n, ok := strings.CutPrefix(strings.ReplaceAll(name, "-", ""), "cp"); ok {
		out = append(out, "windows-"+n, "ibm"+n, "ibm"+strings.TrimPrefix(n, "0"))
	}
	if n, ok := strings.CutPrefix(strings.ReplaceAll(name, "-", ""), "latin"); ok {
		out = append(out, "latin"+n, "l"+n, "latin-"+n)
	}
	return out
}

// stays tells whether a line feed is a byte of its own in e, so that lines can be
// cut before they are decoded.
func stays(e textenc.Encoding) bool {
	b, err := e.NewEncoder().Bytes([]byte("a\n"))
	return err == nil && string(b) == "a\n"
}

// of gives the encoding of a file that begins with head. A byte order mark tells
// that it is UTF-16 even if nobody said so.
func (e *encoding) of(head []byte) *encoding {
	switch {
	case e.page != nil || e.wide != nil || len(head) < 2:
		return e
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return utf16LE
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return utf16BE
	case !e.guess:
		return e
	case head[0] == 0: // Most characters of a log are ASCII.
		return utf16BE
	}
	return utf16LE
}

// unit is the size of a line break, in bytes.
func (e *encoding) unit() int64 {
	if e.order != nil {
		return 2
	}
	return 1
}

// index gives the place of the first line break in b, -1 if there is none. b
// begins with a whole character.
func (e *encoding) index(b []byte) int {
	if e.order == nil {
		return bytes.IndexByte(b, '\n')
	}
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], '\n')
		if i < 0 {
			return -1
		}
		if i = (from + i) &^ 1; i+2 > len(b) {
			return -1
		}
		if e.order.Uint16(b[i:]) == '\n' {
			return i
		}
		from = i + 2
	}
}

// decode appends the text of one line to dst as UTF-8, without a byte order mark
// or carriage return around it.
func (e *encoding) decode(dst, text []byte) []byte {
	from := len(dst)
	switch {
	case e.order != nil:
		dst = e.decode16(dst, text)
	case e.wide != nil:
		dst, _, _ = transform.Append(e.wide.NewDecoder(), dst, text) // what has no meaning becomes U+FFFD
	default:
		for _, c := range text {
			if c < utf8.RuneSelf {
				dst = append(dst, c)
			} else {
				dst = utf8.AppendRune(dst, e.page.DecodeByte(c))
			}
		}
	}
	if len(dst) > from && dst[len(dst)-1] == '\r' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

func (e *encoding) decode16(dst, text []byte) []byte {
	for i := 0; i+1 < len(text); i += 2 {
		r := rune(e.order.Uint16(text[i:]))
		if i == 0 && r == 0xFEFF {
			continue
		}
		if utf16.IsSurrogate(r) {
			pair := rune(0)
			if i+3 < len(text) {
				pair = rune(e.order.Uint16(text[i+2:]))
			}
			if r = utf16.DecodeRune(r, pair); r != utf8.RuneError {
				i += 2
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// isPlain tells whether lines can be handed over as they are.
func (e *encoding) isPlain() bool { return e.order == nil && e.page == nil && e.wide == nil }

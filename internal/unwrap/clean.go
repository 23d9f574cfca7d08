package unwrap

import "bytes"

const esc = 0x1b

// withoutBOM takes a UTF-8 or UTF-16 byte order mark off the first line of a
// file. UTF-16 text becomes readable as far as it is ASCII, because its zero
// bytes are removed like any NUL.
func withoutBOM(b []byte) []byte {
	if len(b) >= 3 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf {
		return b[3:]
	}
	if len(b) >= 2 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		return b[2:]
	}
	return b
}

// withoutCR takes one CR off the end: the other half of a Windows line break.
func withoutCR(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		return b[:n-1]
	}
	return b
}

// appendWithout appends src without any byte c to dst. dst may be src[:0].
func appendWithout(dst, src []byte, c byte) []byte {
	for {
		i := bytes.IndexByte(src, c)
		if i < 0 {
			return append(dst, src...)
		}
		dst = append(dst, src[:i]...)
		for src = src[i:]; len(src) > 0 && src[0] == c; src = src[1:] {
		}
	}
}

// appendPlain appends src without terminal escapes to dst. dst may be src[:0].
// The grammar is that of ECMA-48: what follows a sequence that is not complete
// stays, so that nobody can hide a line behind an escape that never ends.
func appendPlain(dst, src []byte) []byte {
	for {
		i := bytes.IndexByte(src, esc)
		if i < 0 {
			return append(dst, src...)
		}
		dst = append(dst, src[:i]...)
		src = src[i+escapeLen(src[i:]):]
	}
}

// escapeLen gives the length of the escape at the start of b: colours and
// cursor moves (CSI), titles and hyperlinks (OSC), character sets. Of an escape
// it does not know it counts the ESC only.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return 1
	}
	switch c := b[1]; {
	case c == '[':
		return controlSequence(b)
	case c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_':
		return controlString(b)
	case c >= 0x20 && c <= 0x2f: // ESC ( B
		i := 2
		for i < len(b) && b[i] >= 0x20 && b[i] <= 0x2f {
			i++
		}
		if i < len(b) && b[i] >= 0x30 && b[i] <= 0x7e {
			return i + 1
		}
	case c == '7' || c == '8' || c == '=' || c == '>' || c == '\\':
		return 2
	}
	return 1
}

// controlSequence: ESC [ parameters, intermediates, one final byte. One that
// breaks off is counted up to the byte that cannot belong to it.
func controlSequence(b []byte) int {
	i := 2
	for i < len(b) && b[i] >= 0x30 && b[i] <= 0x3f {
		i++
	}
	for i < len(b) && b[i] >= 0x20 && b[i] <= 0x2f {
		i++
	}
	if i < len(b) && b[i] >= 0x40 && b[i] <= 0x7e {
		i++
	}
	return i
}

// controlString: ESC ] text, ended by BEL or ESC \. Any other ESC breaks it
// off; then only the two opening bytes count. It looks no further than the next
// ESC or BEL, so a line of nothing but openings is read once.
func controlString(b []byte) int {
	for i := 2; i < len(b); i++ {
		switch {
		case b[i] == 0x07:
			return i + 1
		case b[i] == esc && i+1 < len(b) && b[i+1] == '\\':
			return i + 2
		case b[i] == esc:
			return 2
		}
	}
	return 2
}

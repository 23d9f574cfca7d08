package trace

import (
	"bytes"
	"strings"
)

// Unjoin splits a text that holds a whole trace on one physical line into its
// lines. For the JVM: log4j's %ex{separator(|)}, logback's
// %replace(%ex){'\n','\\n'} and its many cousins that put " | ", "\\" or a blank
// for the line break. ok is false for any other text.
func Unjoin(message string) (text string, ok bool) {
	if text, ok = pyUnjoin(message); ok {
		return text, true
	}
	if text, ok = javaUnjoin(message); ok {
		return text, true
	}
	return phpUnjoin(message)
}

// javaUnjoin is Unjoin for the traces of a JVM.
func javaUnjoin(message string) (text string, ok bool) {
	if !strings.Contains(message, "at ") || strings.IndexByte(message, '\n') >= 0 {
		return "", false
	}
	for _, esc := range []string{`\r\n`, `\n`, `\r`} {
		before, _, found := strings.Cut(message, esc+`\tat `)
		if !found {
			before, _, found = strings.Cut(message, esc+"\tat ")
		}
		if found && before != "" {
			message = strings.ReplaceAll(strings.ReplaceAll(message, esc, "\n"), `\t`, "\t")
			return message, unjoinFrame(message[len(before)+1:]) > 0
		}
	}
	return unjoin(message)
}

// unjoin walks from piece to piece: what stands between the first frame and the
// next piece is the separator.
func unjoin(message string) (text string, ok bool) {
	at, end := unjoinNext(message, 0)
	if at < 1 || end == at {
		return "", false
	}
	sep := unjoinSeparator(message[:at], message[end:])
	if sep == "" {
		return "", false
	}
	var sb strings.Builder
	sb.Grow(len(message) + 16)
	unjoinText(&sb, message[:at], sep)
	for at < len(message) {
		indent := at
		for indent > 0 && message[indent-1] == '\t' {
			indent--
		}
		sb.WriteString("\n" + message[indent:end])
		next, stop := unjoinNext(message, end)
		unjoinText(&sb, message[end:next], sep)
		at, end = next, stop
	}
	return sb.String(), true
}

// unjoinText writes what stands between two frames: nothing but the separator,
// or a header, whose message may have had lines too.
func unjoinText(sb *strings.Builder, s, sep string) {
	bare := strings.Trim(sep, " \t")
	s = strings.TrimRight(s, " \t")
	if bare == "" {
		if s = strings.TrimSpace(s); s != "" && sb.Len() > 0 {
			sb.WriteByte('\n')
		}
		sb.WriteString(s)
		return
	}
	s = strings.TrimSuffix(s, bare)
	s = strings.TrimRight(s, " ")
	sb.WriteString(strings.ReplaceAll(s, sep, "\n"))
}

// unjoinNext finds the next frame or elision at or behind from; both are
// len(s) if there is none.
func unjoinNext(s string, from int) (at, end int) {
	for i := from; i < len(s); i++ {
		if i > 0 && !unjoinEdge(s[i-1]) {
			continue
		}
		switch s[i] {
		case 'a':
			if n := unjoinFrame(s[i:]); n > 0 {
				return i, i + n
			}
		case '.':
			if n := unjoinElision(s[i:]); n > 0 {
				return i, i + n
			}
		}
	}
	return len(s), len(s)
}

// unjoinEdge tells whether a piece may begin behind b.
func unjoinEdge(b byte) bool {
	return b <= ' ' || strings.IndexByte(`|~^#;\`, b) >= 0 || b >= 0x80
}

const unjoinMaxFrame = 1 << 10 // bytes of a frame; the longest names that compilers make are a few hundred

// unjoinFrame is the length of the frame at the beginning of s, its packaging included; 0 if there is none.
func unjoinFrame(s string) int {
	s = strings.TrimLeft(s, "\t")
	if !strings.HasPrefix(s, "at ") {
		return 0
	}
	s = s[:min(len(s), unjoinMaxFrame)]
	end := strings.IndexByte(s, ')') + 1
	if end == 0 {
		return 0
	}
	if _, grade := javaFrame(span(s[:end])); grade != javaSure {
		return 0
	}
	rest := s[end:]
	if strings.HasPrefix(rest, " [") || strings.HasPrefix(rest, " ~[") {
		if n := strings.IndexByte(rest, ']'); n > 0 && strings.IndexByte(rest[:n], ':') > 0 {
			end += n + 1
		}
	}
	return end
}

// unjoinElision is the length of "... 12 more" at the beginning of s; 0 if there is none.
func unjoinElision(s string) int {
	for _, word := range []string{" more", " common frames omitted"} {
		if n := strings.Index(s[:min(len(s), 48)], word); n > 0 {
			if _, _, ok := javaElision(span(s[:n+len(word)])); ok {
				return n + len(word)
			}
		}
	}
	return 0
}

// unjoinSeparator is what stands for a line break, from the text before the first
// frame and that behind it. Letters and digits make none.
func unjoinSeparator(before, behind string) string {
	n := 0
	for n < len(behind) && n < 8 && !javaLetter(behind[n]) && !isDigit(behind[n]) && behind[n] != '\t' && behind[n] != '.' || n < len(behind) && n < 8 && behind[n] >= 0x80 {
		n++
	}
	sep := behind[:n]
	if n == 0 {
		before = strings.TrimRight(before, "\t")
		n = len(before)
		for n > 0 && len(before)-n < 8 && bytes.IndexByte([]byte("|~^#;¶§\x1e\x1f\x00\x0b\r \\"), before[n-1]) >= 0 {
			n--
		}
		sep = before[n:]
	}
	if sep == "" && (strings.HasPrefix(behind, "\t") || behind == "") {
		return " "
	}
	return sep
}

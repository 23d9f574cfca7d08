package trace

import "strings"

// stablePath is the name of a file without what changes from build to build or
// from run to run, put as an asterisk: the hash of a bundler's chunk
// ("main.4f3a2b1c.js", "index-DkZ3x1aB.js", ".next/server/chunks/123.js"), the query
// of a development server ("?t=1700000"), directories made for one run. Two
// occurrences of one fault must have the same names; the path as printed stays
// in the frame's absolute path.
func stablePath(p string) string {
	if i := strings.IndexByte(p, ','); i > 0 && strings.HasPrefix(p, "data:") { // a module as text
		return p[:i]
	}
	if i := strings.IndexByte(p, '?'); i > 0 {
		p = p[:i]
	}
	if !unstable(p) {
		return p
	}
	var sb strings.Builder
	sb.Grow(len(p))
	chunks := false
	for len(p) > 0 {
		end := strings.IndexByte(p, '/')
		if end < 0 {
			sb.WriteString(stableBase(p, chunks))
			break
		}
		sb.WriteString(stableDir(p[:end]))
		sb.WriteByte('/')
		chunks = chunks || p[:end] == "chunks"
		p = p[end+1:]
	}
	return sb.String()
}

// unstable tells whether a path may have anything to replace: without a digit it has not.
func unstable(p string) bool {
	return strings.ContainsAny(p, "0123456789") || strings.Contains(p, "/tmp")
}

// stableDir is the name of one directory.
func stableDir(d string) string {
	for _, prefix := range [...]string{"ipykernel_", "_MEI"} { // Jupyter's process, PyInstaller's unpacking
		if rest, ok := strings.CutPrefix(d, prefix); ok && len(rest) > 0 {
			return prefix + "*"
		}
	}
	if len(d) == len("tmp")+8 && strings.HasPrefix(d, "tmp") { // Python's tempfile
		return "tmp*"
	}
	if isUUID(d) || len(d) >= 12 && isHash(d) {
		return "*"
	}
	if n := len(d) - 36; n > 1 && isUUID(d[n:]) && d[n-1] == '-' { // "spark-" and an UUID
		return d[:n] + "*"
	}
	return d
}

// stableBase is the name of a file. chunk tells that a bundler numbers the files beside it.
func stableBase(b string, chunk bool) string {
	dot := strings.LastIndexByte(b, '.')
	if dot <= 0 {
		return b
	}
	switch b[dot:] {
	case ".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx", ".css", ".html":
	case ".py":
		if name, ok := strings.CutPrefix(b, "__autograph_generated_file"); ok && len(name) > len(".py") {
			return "__autograph_generated_file*.py"
		}
		return b
	default:
		return b
	}
	stem := b[:dot]
	if chunk && strings.Trim(stem, "0123456789") == "" {
		return "*" + b[dot:]
	}
	var sb strings.Builder
	for start, i := 0, 0; i <= len(stem); i++ {
		if i < len(stem) && strings.IndexByte(".-_~", stem[i]) < 0 {
			continue
		}
		if part := stem[start:i]; start > 0 && isBuildHash(part) || len(part) >= 8 && isHash(part) {
			sb.WriteByte('*')
		} else {
			sb.WriteString(part)
		}
		if i < len(stem) {
			sb.WriteByte(stem[i])
		}
		start = i + 1
	}
	return sb.String() + b[dot:]
}

// isHash tells hexadecimal digits, letters and figures among them.
func isHash(s string) bool {
	digit, letter := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digit = true
		case c >= 'a' && c <= 'f':
			letter = true
		default:
			return false
		}
	}
	return digit && letter
}

// isBuildHash tells the eight letters and figures that Vite and Rollup put
// behind a name: capitals and a figure, or capitals among small letters.
func isBuildHash(s string) bool {
	if len(s) != 8 {
		return false
	}
	digit, upper, lower := false, false, false
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digit = true
		case c >= 'A' && c <= 'Z':
			upper = upper || i > 0 // "TestCase" begins with one
		case c >= 'a' && c <= 'z':
			lower = true
		default:
			return false
		}
	}
	return digit && upper && lower
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') {
			return false
		}
		if c != '-' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

package record

import "bytes"

// exceptionLike tells whether the last part of a dotted name ends as the names of exceptions do.
func exceptionLike(name []byte) bool {
	n := len(name)
	if n < 4 {
		return false
	}
	switch name[n-1] {
	case 'r':
		return hasSuffix(name, "Error")
	case 'n':
		return hasSuffix(name, "Exception") || hasSuffix(name, "Rejection")
	case 'e':
		return hasSuffix(name, "Failure") || hasSuffix(name, "Throwable")
	case 't':
		return hasSuffix(name, "Fault") || hasSuffix(name, "Timeout") || hasSuffix(name, "Interrupt") || hasSuffix(name, "Exit")
	case 'g':
		return hasSuffix(name, "Warning")
	case 'o':
		return hasSuffix(name, "Errno")
	}
	return false
}

// hasSuffix tells whether b ends in s.
func hasSuffix(b []byte, s string) bool { return has(b, len(b)-len(s), s) }

// of a logger: dotted, and neither a file nor a host.
//
//	payments.api charge ...    org.apache.catalina.core.X.invoke Servlet...   loggers
//	pay.yaml not found         db.example.com refused                          not
func loggerLike(w []byte) bool {
	if !dotted(w) || exceptionLike(w) {
		return false
	}
	i := bytes.LastIndexByte(w, '.')
	switch string(w[i+1:]) {
	case "com", "org", "net", "io", "dev", "local", "internal", "svc", "example", "co", "eu", "de", "uk",
		"js", "mjs", "cjs", "ts", "tsx", "jsx", "py", "rb", "go", "rs", "java", "kt", "cs", "php", "pl", "lua", "c", "cc", "cpp", "h",
		"json", "yaml", "yml", "xml", "txt", "log", "conf", "cfg", "ini", "toml", "sh", "sql", "html", "css", "csv", "db",
		"sock", "pem", "key", "crt", "gz", "zip", "tar", "jar", "war", "so", "dll", "exe", "md", "pid", "lock", "tmp", "bak",
		"env", "properties", "service", "socket", "timer", "png", "jpg", "pdf":
		return false
	}
	return true
}

// dotted tells whether w is identifiers joined by dots, two at least.
func dotted(w []byte) bool {
	dots := 0
	start := true // of an identifier
	for _, c := range w {
		k := class[c]
		switch {
		case k&(letter|underscore) != 0:
			start = false
		case k&digit != 0 || c == '-' || c == '>' || c == ']' || c == '#' || c == ':':
			if start {
				return false
			}
		case c == '.':
			if start {
				return false
			}
			dots++
			start = true
		case c == '$' || c == '<' || c == '[':
			start = false
		default:
			return false
		}
	}
	return dots > 0 && !start
}

// callerEnd gives the end of a source location at p, "main.go:34",
// "src/pay/api.rs:7", "MyApp.java:13", or p.
func callerEnd(b []byte, p int) int {
	if p >= len(b) {
		return p
	}
	i := bytes.IndexByte(b[p:min(len(b), p+maxToken)], ':')
	if i < 4 || !isDigit(at(b, p+i+1)) {
		return p
	}
	colon := p + i
	dot := bytes.LastIndexByte(b[p:colon], '.')
	if dot < 1 || sourceLanguage(b[p+dot+1:colon]) == "" || !pathLike(b[p:p+dot]) {
		return p
	}
	end := skip(b, colon+1, digit)
	if end-colon > 8 || class[at(b, end)]&wordRun != 0 {
		return p
	}
	if at(b, end) == ':' && isDigit(at(b, end+1)) { // column
		end = skip(b, end+1, digit)
	}
	return end
}

// pathLike tells whether w is what the path of a source file consists of.
func pathLike(w []byte) bool {
	for _, c := range w {
		if class[c]&(wordRun|keyRun) == 0 && c != '+' && c != '~' {
			return false
		}
	}
	return true
}

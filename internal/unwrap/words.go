package unwrap

// Classes of bytes that names in prefixes are made of.
const (
	letter   = 1 << iota // a-z A-Z
	number               // 0-9
	nameByte             // compose, foreman and Kubernetes names
	hostByte             // host names, IPv4 and IPv6 addresses
	tagByte              // syslog tags: program names, paths, "sshd(pam_unix)"
)

var class = classTable()

func classTable() (t [256]uint8) {
	set := func(chars string, bits uint8) {
		for i := range len(chars) {
			t[chars[i]] |= bits
		}
	}
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = letter|nameByte|hostByte|tagByte, letter|nameByte|hostByte|tagByte
	}
	for c := byte('0'); c <= '9'; c++ {
		t[c] = number | nameByte | hostByte | tagByte
	}
	set("._-", nameByte|hostByte|tagByte)
	set(":%", hostByte)
	set(`/()@+#~\`, tagByte)
	set("@", nameByte) // docker service logs: web.1.x2x4k@node-1
	return t
}

// span gives the index of the first byte at or behind i that is not of the
// class.
func span(b []byte, i int, bits uint8) int {
	for i < len(b) && class[b[i]]&bits != 0 {
		i++
	}
	return i
}

// isLevel reports whether a word is a log level. Such a word is never a host, a
// program or a container, and where it stands in their place the line is the
// app's own.
func isLevel(w []byte) bool {
	if len(w) < 4 || len(w) > 11 {
		return string(w) == "ERR" || string(w) == "err"
	}
	var low [11]byte
	for i, c := range w {
		if class[c]&letter == 0 {
			return false
		}
		low[i] = c | 0x20
	}
	switch string(low[:len(w)]) {
	case "trace", "debug", "info", "information", "notice", "warn", "warning", "error", "fatal",
		"critical", "crit", "severe", "panic", "alert", "emerg", "emergency", "fine", "finer", "finest",
		"verbose", "config", "success", "fail", "dbug", "trce":
		return true
	}
	return false
}

// upper reports whether a word is written in capitals only.
func upper(w []byte) bool {
	for _, c := range w {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(w) > 0
}

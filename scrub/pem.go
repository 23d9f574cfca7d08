package scrub

import "bytes"

// A private key stands in a log over lines, as in its file; on one line with \n or \\n for
// the breaks, as in JSON and in environment variables; on one line with blanks, when a
// shell has eaten the breaks; and cut off, where a record was too long.

// Limits of a private key that has no end: an RSA key of 16,384 bits has 13 KiB.
const (
	longestPEM  = 16 << 10
	mostPEMLine = 200
	// Only the last line of a key is shorter, in bytes.
	shortestPEMLine = 40
)

// verifyPEM looks at -----BEGIN: if it opens a private key, the body is masked and
// the lines with BEGIN and END stay. Line breaks stay too when they are real ones; in
// a key that is written on one line they are part of the body. Public keys and
// certificates are left alone.
func (s *Scrubber) verifyPEM(start, end int) {
	t := s.text
	if string(t[start:end]) != "-----BEGIN " {
		return
	}
	label := t[end:min(len(t), end+64)]
	i := bytes.Index(label, []byte("-----"))
	if i < 0 || !bytes.Contains(label[:i], []byte("PRIVATE KEY")) {
		return
	}
	begin := end + i + len("-----")
	stop := s.findEnd(begin)
	if stop < 0 || bytes.ContainsAny(t[begin:min(stop, lineEnd(t, begin))], "\"'`") {
		s.maskUntilOdd(begin) // no end, or the string that the key stands in ends before
		return
	}
	s.maskBody(begin, stop)
}

// findEnd looks for the line that ends the key whose body begins at t[i]. It remembers
// in vain which part of the text it searched.
func (s *Scrubber) findEnd(i int) int {
	t := s.text
	from, limit := i, min(len(t), i+longestPEM)
	if s.noEnd.start <= i && i < s.noEnd.end {
		from = s.noEnd.end
	}
	s.walked(from, max(from, limit))
	if from < limit {
		if stop := bytes.Index(t[from:limit], []byte("-----END")); stop >= 0 {
			return from + stop
		}
	}
	s.noEnd = stretch{i, limit - len("-----END")}
	return -1
}

// maskBody masks t[i:stop] line by line.
func (s *Scrubber) maskBody(i, stop int) {
	if bytes.IndexByte(s.text[i:stop], '\n') < 0 {
		s.maskPEMLine(i, stop)
		return
	}
	for i < stop {
		end := min(stop, lineEnd(s.text, i))
		s.maskPEMLine(i, end)
		i = end + 1
	}
}

// maskUntilOdd masks a key that does not end, as long as its lines look like a key.
func (s *Scrubber) maskUntilOdd(i int) {
	t := s.text
	limit := min(len(t), i+longestPEM)
	full := false // the line before was as long as all but the last one are
	for n := 0; i < limit && n < mostPEMLine; n++ {
		end := min(limit, lineEnd(t, i))
		line := t[i:end]
		long := len(line) >= shortestPEMLine
		if n > 0 && (!isPEMLine(line) || !full && !long && !isPEMHeader(line)) {
			return
		}
		s.maskPEMLine(i, end)
		if bytes.ContainsAny(line, "\"'`") {
			return // the key stands in a string
		}
		full = long
		i = end + 1
	}
}

// isPEMLine tells whether the line may stand in a key: it ends in base64 and has no
// blank in it, or it is a header such as "DEK-Info: ...".
func isPEMLine(line []byte) bool {
	line = bytes.TrimSpace(line)
	if isPEMHeader(line) {
		return true
	}
	if i := bytes.LastIndexAny(line, " \t|>"); i >= 0 && len(line)-i > 40 {
		line = line[i+1:]
	}
	return all(line, base64Std)
}

// isPEMHeader tells whether the line is empty or one of the headers of a key.
func isPEMHeader(line []byte) bool {
	line = bytes.TrimSpace(line)
	for _, h := range []string{"proc-type:", "dek-info:", "version:", "comment:"} {
		if hasPrefixFold(line, 0, h) {
			return true
		}
	}
	return len(line) == 0
}

// maskPEMLine masks t[i:end] without the blanks around it and never beyond a quote.
func (s *Scrubber) maskPEMLine(i, end int) {
	t := s.text
	if q := bytes.IndexAny(t[i:end], "\"'`<"); q >= 0 {
		end = i + q
		for end > i && t[end-1] == '\\' {
			end--
		}
	}
	for i < end && isJSONSpace(t[i]) {
		i++
	}
	for end > i && isJSONSpace(t[end-1]) {
		end--
	}
	s.walked(i, end)
	if i < end && !s.isReplacement(t[i:end]) {
		s.mark(detPrivateKey, i, end)
	}
}

// verifyPuTTY looks at the lines of a PuTTY key file: "Private-Lines: 14" and so many
// lines of base64, and "Private-MAC: ...".
func (s *Scrubber) verifyPuTTY(end int) {
	t := s.text
	i := skipBlank(t, end)
	count := 0
	for i < len(t) && isDigit(t[i]) && count < mostPEMLine {
		count = count*10 + int(t[i]-'0')
		i++
	}
	if sign := breakAt(t, i); len(sign) > 1 && sign[0] == '\\' { // all on one line
		i += len(sign)
		if stop := lineEnd(t, i); count > 0 {
			if mac := bytes.Index(t[i:stop], []byte("Private-MAC")); mac >= 0 {
				stop = i + mac - len(sign)
			}
			s.maskPEMLine(i, stop)
		}
		return
	}
	i = lineEnd(t, i) + 1
	for ; count > 0 && i < len(t); count-- {
		stop := lineEnd(t, i)
		if !isPEMLine(t[i:stop]) {
			return
		}
		s.maskPEMLine(i, stop)
		i = stop + 1
	}
}

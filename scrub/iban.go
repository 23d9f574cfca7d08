package scrub

import "strings"

// An IBAN (ISO 13616) is a country, two check digits and up to 30 letters and digits, in
// one run or in groups of four. One random candidate in 97 passes the check, and few
// words begin with a country and two digits: it needs no key.

// shortestIBAN is that of Norway, in bytes; the longest is that of Saint Lucia.
const (
	shortestIBAN = 15
	longestIBAN  = 34
)

// ibanLengths gives the length of an IBAN by country, as the SWIFT registry has it.
var ibanLengths = buildIBANLengths(`AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28
	EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
	LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24
	SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`)

// buildIBANLengths reads rows of a country and a length.
func buildIBANLengths(table string) map[[2]byte]int {
	m := map[[2]byte]int{}
	for _, row := range strings.Fields(table) {
		n, _ := number(row, 2)
		m[[2]byte{row[0], row[1]}] = n
	}
	return m
}

// ibansIn looks for IBANs in text[a:b], which has nothing but upper-case letters,
// digits and blanks. All but the country is masked.
func (s *Scrubber) ibansIn(a, b int) {
	t := s.text
	for i := a; i+shortestIBAN <= b; i++ {
		if !isDigit(t[i+2]) || !isDigit(t[i+3]) || !isUpper(t[i]) || !isUpper(t[i+1]) || word.has(before(t, i)) {
			continue
		}
		n := ibanLengths[[2]byte{t[i], t[i+1]}]
		if n == 0 {
			continue
		}
		if end, ok := s.ibanEnd(i, n); ok {
			s.mark(detIBAN, i+2, end)
			i = end
		}
	}
}

// ibanEnd reads n letters and digits at t[i], in one run or in groups of four with
// blanks between, and checks them: the number modulo 97 must be 1.
func (s *Scrubber) ibanEnd(i, n int) (end int, ok bool) {
	t := s.text
	grouped := byteAt(t, i+4) == ' '
	var buf [longestIBAN]byte
	j := i
	for k := range n {
		if grouped && k > 0 && k%4 == 0 {
			if byteAt(t, j) != ' ' {
				return 0, false
			}
			j++
		}
		if j >= len(t) || !upnum.has(t[j]) {
			return 0, false
		}
		buf[k] = t[j]
		j++
	}
	s.walked(i, j)
	if word.has(byteAt(t, j)) && byteAt(t, j) != '-' {
		return 0, false
	}
	return j, mod97(buf[:n]) == 1
}

// mod97 is the checksum of ISO 13616: the first four signs go last, and a letter
// counts as two digits.
func mod97(v []byte) int {
	sum := 0
	for i := range v {
		if c := v[(i+4)%len(v)]; isDigit(c) {
			sum = (sum*10 + int(c-'0')) % 97
		} else {
			sum = (sum*100 + int(c-'A') + 10) % 97
		}
	}
	return sum
}

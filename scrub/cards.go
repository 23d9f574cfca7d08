package scrub

// Card numbers have no literal to look for, only digits. What makes a run of digits a
// card is, in this order of cost:
//
//	length      13 to 19 digits, in one run or in the groups that are printed on cards
//	checksum    Luhn, which one random number in ten passes
//	brand       its first digits and its length belong to an issuer (cardcontext.go)
//	neighbours  it is no part of a longer word, number, path, UUID or hexadecimal run
//	name        it is not the value of a key that says id, time, order, trace ...
//
// A word such as "card" or "visa" near by lifts the last one and admits the brands whose
// numbers look like any other. Times in seconds or in nanoseconds begin with 1, as no
// brand does; the ids of HDFS blocks and the like fail at their neighbours.

// cardStride is the length of the shortest card number. Every run of that length
// covers one of the bytes that are looked at when only every 13th is, and an ordinary
// text is passed over at memory speed.
const cardStride = 13

// sweepNumbers looks for what has digits instead of a literal: cards and IBANs.
func (s *Scrubber) sweepNumbers(t []byte) {
	want := s.numbers
	if want == 0 {
		return
	}
	cards, ibans := 0, 0 // walked up to here
	for i := cardStride - 1; i < len(t); i += cardStride {
		c := classes[t[i]] & want
		if c == 0 {
			continue
		}
		if upnum.has(t[i]) {
			c &= classes[t[i-1]] | classes[byteAt(t, i+1)]
		} else { // what separates groups stands between two of them
			c &= classes[t[i-1]] & classes[byteAt(t, i+1)]
		}
		if c&cardRun.bit() != 0 && i >= cards {
			a, b := s.runAround(cardRun, i, cards)
			if cards = b; b-a >= cardStride {
				s.cardsIn(a, b)
			}
		}
		if c&ibanRun.bit() != 0 && i >= ibans {
			a, b := s.runAround(ibanRun, i, ibans)
			if ibans = b; b-a >= shortestIBAN {
				s.ibansIn(a, b)
			}
		}
	}
}

// runAround returns the run of ss that t[i] stands in, but nothing before floor.
func (s *Scrubber) runAround(ss set, i, floor int) (a, b int) {
	t := s.text
	a, b = i, i+1
	for a > floor && ss.has(t[a-1]) {
		a--
	}
	for b < len(t) && ss.has(t[b]) {
		b++
	}
	s.walked(a, b)
	return a, b
}

// pan (primary account number, as the industry calls it) is a candidate: text[start:end] with n digits and, between its groups, sep.
type pan struct {
	start, end int
	n          int
	digits     [19]byte
	separated  bool
	doubtful   bool // it is a card number but for what stands around it
}

// cardsIn looks for card numbers in text[a:b], which has nothing but digits and what
// may separate their groups.
func (s *Scrubber) cardsIn(a, b int) {
	t := s.text
	for i := a; i < b; {
		if !isDigit(t[i]) {
			i += max(1, separatorAt(t, i))
			continue
		}
		p, ok := s.panAt(i)
		if ok {
			s.markKeeping(detCard, p.start, p.end, s.keepDigits)
			i = p.end
			continue
		}
		if p.doubtful {
			s.doubts = append(s.doubts, s.saw)
		}
		if before := i - 1; before >= 0 && t[before] == '%' && i+2 <= b && isDigit(t[i+1]) { // %28 and the number
			i += 2
			continue
		}
		for i < b && isDigit(t[i]) {
			i++
		}
	}
}

// separatorAt returns the length of the separator at t[i]: a blank, a dash, a plus or
// %20 for a blank, a no-break space; 0 if there is none.
func separatorAt(t []byte, i int) int {
	switch c := byteAt(t, i); {
	case c == ' ' || c == '-' || c == '+':
		return 1
	case c == '%' && byteAt(t, i+1) == '2' && (byteAt(t, i+2) == '0' || fold(byteAt(t, i+2)) == 'd'):
		return 3
	case c == 0xc2 && byteAt(t, i+1) == 0xa0:
		return 2
	}
	return 0
}

// panAt reads the card number that begins at t[i], if there is one.
func (s *Scrubber) panAt(i int) (p pan, ok bool) {
	t := s.text
	if t[i] == '0' || t[i] == '1' || t[i] == '7' || t[i] == '9' {
		return p, false
	}
	p, ok = readPAN(t, i)
	if !ok || !luhn(p.digits[:p.n]) || !brandFits(p.digits[:p.n], true) || allEqual(p.digits[:p.n]) {
		return p, false
	}
	p.doubtful, s.saw = true, stretch{i, p.end}
	if s.track(&p) {
		return p, true
	}
	if !leftOfCard(t, i, p.n) || !rightOfCard(t, p.end) {
		return p, false
	}
	context := s.cardContext(p.start, p.end)
	if !context && (!brandFits(p.digits[:p.n], false) || !p.separated && s.underOtherKey(p.start)) {
		return p, false
	}
	return p, true
}

// readPAN reads 13 to 19 digits in one run, or in the groups in which cards are
// printed: 4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4, with one and the same separator.
func readPAN(t []byte, i int) (p pan, ok bool) {
	p.start = i
	var groups [5]int
	sepAt, sepLen := 0, 0
	for g := range groups {
		j := i
		for j < len(t) && isDigit(t[j]) && p.n < len(p.digits) {
			p.digits[p.n] = t[j] - '0'
			p.n++
			j++
		}
		groups[g] = j - i
		p.end = j
		n := separatorAt(t, j)
		if n == 0 || g == 0 && j-i != 4 || j+n >= len(t) || !isDigit(t[j+n]) || !groupsBegin(groups[:g+1]) {
			break
		}
		if g > 0 && string(t[j:j+n]) != string(t[sepAt:sepAt+sepLen]) {
			break
		}
		sepAt, sepLen, i = j, n, j+n
	}
	p.separated = sepLen > 0
	if !p.separated {
		return p, p.n >= 13 && p.n <= 19
	}
	return p, groupsFit(groups)
}

// groupsBegin tells whether more groups may follow those read so far.
func groupsBegin(g []int) bool {
	switch len(g) {
	case 1:
		return g[0] == 4
	case 2:
		return g[1] == 4 || g[1] == 6
	case 3:
		return g[1] == 4 && g[2] == 4
	case 4:
		return g[1] == 4 && g[2] == 4 && g[3] == 4
	}
	return false
}

// groupsFit tells whether digits in groups of these lengths are printed like a card.
func groupsFit(g [5]int) bool {
	switch g {
	case [5]int{4, 4, 4, 4}, [5]int{4, 4, 4, 4, 3}, [5]int{4, 6, 5}, [5]int{4, 6, 4}:
		return true
	}
	return false
}

// longestPhone is the most digits a phone number has, by E.164.
const longestPhone = 15

// leftOfCard tells whether a card number of n digits may begin at t[i].
func leftOfCard(t []byte, i, n int) bool {
	c := before(t, i)
	switch {
	case alnum.has(c), c == '_', c == '.', c == '-', c == '#':
		return false
	case c == '+': // a blank of a form, unless it makes a phone number
		return n > longestPhone || i >= 2 && isLetter(before(t, i-1))
	case c == '/': // /orders/4111..., in JSON perhaps \/orders\/4111...
		j := i - 1
		for j > 0 && t[j-1] == '\\' {
			j--
		}
		return j == 0 || !alnum.has(t[j-1])
	}
	return true
}

// rightOfCard tells whether a card number may end before t[i].
func rightOfCard(t []byte, i int) bool {
	// A full stop may end the sentence and a colon may follow the number; only a digit
	// behind them makes a fraction, a port or a time of it.
	next := byteAt(t, i+1)
	switch c := byteAt(t, i); {
	case ident.has(c):
		return false
	case c == '.', c == ':':
		return !isDigit(next)
	case c == '-':
		return !alnum.has(next)
	}
	return true
}

// track handles what a reader of magnetic stripes sends: the number is only its
// beginning, and name, expiry and service code must not stay either. It extends p over the data of a magnetic stripe: %B4111...^NAME^2512...? and
// ;4111...=2512...?. It tells whether p is part of such.
func (s *Scrubber) track(p *pan) bool {
	t := s.text
	first := p.start >= 2 && t[p.start-1] == 'B' && t[p.start-2] == '%' && byteAt(t, p.end) == '^'
	second := p.start >= 1 && t[p.start-1] == ';' && byteAt(t, p.end) == '=' && isDigit(byteAt(t, p.end+1))
	if !first && !second {
		return false
	}
	limit := min(len(t), p.end+100)
	i := p.end
	for i < limit && t[i] != '?' && t[i] != '"' && t[i] != '\\' && !lineBreak.has(t[i]) && (first || isDigit(t[i]) || t[i] == '=') {
		i++
	}
	s.walked(p.end, i)
	p.end = i
	return true
}

// luhn is the checksum of ISO/IEC 7812: from the right, every second digit counts twice
// (the digits of the product summed), and the sum ends in 0.
func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		n := int(d[len(d)-1-i])
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// allEqual tells whether all digits are the same, as in what people fill forms with.
// Runs of zeros at the end are no sign: the published test numbers have them.
func allEqual(d []byte) bool {
	for _, c := range d {
		if c != d[0] {
			return false
		}
	}
	return true
}

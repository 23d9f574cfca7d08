package scrub

// literalKind says which verifier looks at a place where a literal was found.
type literalKind uint8

const (
	keyLiteral literalKind = iota
	tokenLiteral
	innerLiteral
	webhookLiteral
	jwtLiteral
	wrappedJWTLiteral
	urlLiteral
	escapedURLLiteral
	encodedURLLiteral
	dsnLiteral
	oracleLiteral
	bearerLiteral
	basicLiteral
	tokenWordLiteral
	pemLiteral
	puttyLiteral
	identifiedLiteral
	commandLiteral
	emailLiteral
	phoneLiteral
	mobileLiteral
	userPathLiteral
	ruleLiteral
)

// A literal of three bytes or fewer is found in every other line; those there are have a
// gate and a verifier that says no after two or three loads.

// literal is a text that makes us look.
type literal struct {
	text  string // lower-case
	kind  literalKind
	index uint16 // into the table of that kind
	after gate   // what may follow
}

// verify calls the verifier of a literal that stands at text[start:end].
func (s *Scrubber) verify(l *literal, start, end int) {
	switch l.kind {
	case keyLiteral:
		s.verifyKey(&s.keys[l.index], start, end)
	case tokenLiteral:
		s.verifyToken(&s.tokens[l.index], start, end)
	case innerLiteral:
		s.verifyInner(&s.inner[l.index], start, end)
	case webhookLiteral:
		s.verifyWebhook(&s.hooks[l.index], start, end)
	case jwtLiteral:
		s.verifyJWT(start, end)
	case wrappedJWTLiteral:
		s.verifyWrappedJWT(start, end)
	case urlLiteral:
		s.verifyURL(end)
	case escapedURLLiteral:
		s.verifyEscapedURL(end)
	case encodedURLLiteral:
		s.verifyEncodedURL(end)
	case dsnLiteral:
		s.verifyDSN(start)
	case oracleLiteral:
		s.verifyOracle(end)
	case bearerLiteral, basicLiteral, tokenWordLiteral:
		s.verifyScheme(l.kind, start, end)
	case pemLiteral:
		s.verifyPEM(start, end)
	case puttyLiteral:
		s.verifyPuTTY(end)
	case identifiedLiteral:
		s.verifyIdentified(start, end)
	case commandLiteral:
		s.verifyCommand(int(l.index), start, end)
	case emailLiteral:
		s.verifyEmail(start)
	case phoneLiteral:
		s.verifyPhone(start)
	case mobileLiteral:
		s.verifyMobile(start)
	case userPathLiteral:
		s.verifyUserPath(start, end)
	case ruleLiteral:
		s.noteRule(int(l.index), start, end)
	}
}

// others are the literals of the verifiers that have no table.
var others = []struct {
	kind  literalKind
	after gate
	texts []string
}{
	{jwtLiteral, gateOf(word), []string{"eyj"}},
	{wrappedJWTLiteral, gateOf(base64Std), []string{"zxlk"}},
	{urlLiteral, anything(), []string{"://"}},
	{escapedURLLiteral, gateOf(word).plus(":"), []string{`\/`}},
	{encodedURLLiteral, anything(), []string{"%3a%2f%2f"}},
	{dsnLiteral, anything(), []string{"@tcp(", "@unix("}},
	{oracleLiteral, gateOf(ident), []string{":thin:", ":oci:", "sqlplus "}},
	{bearerLiteral, gateOf(token68), []string{"bearer ", "bearer%20", "negotiate ", "bearer+"}},
	{tokenWordLiteral, gateOf(token68), []string{"token "}},
	{basicLiteral, gateOf(token68), []string{"basic ", "basic%20", "basic+"}},
	{pemLiteral, gateOf(ident), []string{"-----begin "}},
	{puttyLiteral, anything(), []string{"private-lines:"}},
	{identifiedLiteral, gateOf(blank), []string{"identified"}},
}

// peopleLiterals are the literals of the groups that are off by default.
func peopleLiterals(email, phone bool) (lits []literal) {
	if email {
		lits = append(lits, literal{text: "@", kind: emailLiteral, after: gateOf(alnum)})
	}
	if phone {
		lits = append(lits, literal{text: "+", kind: phoneLiteral, after: gateOf(digits)})
		for _, prefix := range []string{"013", "014", "015", "016", "017", "018", "019"} {
			lits = append(lits, literal{text: prefix, kind: mobileLiteral, after: gateOf(digits)})
		}
	}
	return lits
}

// secretLiterals are the literals of the group "secrets" that have no table.
func secretLiterals() (lits []literal) {
	for _, o := range others {
		for _, text := range o.texts {
			lits = append(lits, literal{text: text, kind: o.kind, after: o.after})
		}
	}
	for i, c := range commands {
		lits = append(lits, literal{text: c.name, kind: commandLiteral, index: uint16(i), after: gateOf(blank).plus("\"',\\")})
	}
	return lits
}

package scrub

import "strings"

// keyKind says how a value must look to be taken for a secret under a key.
type keyKind uint8

const (
	strongKey keyKind = iota // anything but a word of the null-list
	tokenKey                 // the same, but no mere number, and in prose only what looks like a secret
	weakKey                  // only what looks like a secret (isStrong)
	idKey                    // as weakKey, and a UUID does not count: it is an identifier
	pinKey                   // 4 to 8 digits; the key is the whole word
	panKey                   // 12 to 19 digits with or without separators; no checksum asked for
	cvvKey                   // 3 or 4 digits
	ssnKey                   // nine digits
	headerKey                // the name of a header that holds a credential
	cookieKey                // Cookie, Set-Cookie
	queryKey                 // only as a parameter of a URL
	keyKinds
)

// key is a name whose value is secret. In a text the name may be the end of a longer
// one: DB_PASSWORD, spring.datasource.password, accessToken.
type key struct {
	name   string // lower-case
	kind   keyKind
	det    detector
	edge   bool // the name must begin a word: "sid" does, but not in "inside"
	plural bool // may be followed by an s
	exact  bool // nothing may stand before or after it
	star   bool // anything may follow it (a user's own name*)
}

// builtinKeys are the names, one group a kind. A _ stands for _, - or a dot, as it does for
// the automaton, or for nothing; the same with a blank ("API Key: ...") is looked for too,
// but as a weak key.
var builtinKeys = []struct {
	kind  keyKind
	det   detector
	edge  bool
	names string
}{
	// Under these anything is a secret, whatever it looks like: people choose bad passwords.
	{strongKey, detPassword, false, `password passwd pass_phrase passwort kennwort pass_code pwd pswd storepass keypass motdepasse contrasena senha wachtwoord`},
	// Keys of services and of ciphers. "key" alone is a word of maps, caches and databases,
	// and "primary_key" and "public_key" are no secrets; hence the full names.
	{strongKey, detSecret, false, `secret secret_key secret_access_key secret_key_base secret_id
		api_key app_key access_key private_key encryption_key signing_key signature_key master_key account_key auth_key
		storage_key crypto_key cipher_key aes_key hmac_key ssh_key subscription_key service_key functions_key
		shared_access_key shared_access_signature connection_string conn_str api_secret sonar_login contribsys__com`},
	// Tokens that say for what. The others are also what parsers and tokenizers count.
	{strongKey, detToken, false, `access_token refresh_token auth_token bearer_token session_token security_token
		private_token oauth_token csrf_token xsrf_token`},
	// INVALID_TOKEN is no id_token.
	{strongKey, detToken, true, `id_token sas_token`},
	{tokenKey, detToken, false, `token`},
	// Words that mean something else more often than not: a session is opened, auth failed,
	// a test has passed, dsn=5.1.1 is the status of a mail.
	{weakKey, detWeak, true, `auth session csrf xsrf pass creds cred credential jwt bearer dsn sas`},
	{idKey, detWeak, false, `sess_id session_id`},
	{idKey, detWeak, true, `sid`},
	// A PIN of a chip and the pins of a board are told apart by their digits.
	{pinKey, detPin, true, `otp pin`},
	// Cards. The security code must never be stored at all once a payment is authorised.
	{panKey, detCardKey, false, `card_number card_no card_num cc_number cc_num cc_no credit_card primary_account_number`},
	{panKey, detCardKey, true, `pan`},
	{cvvKey, detCardKey, true, `cvv cvc cvv2 cvc2 cvn card_code card_security_code card_cvv card_cvc`},
	{strongKey, detPerson, true, `first_name last_name full_name given_name family_name middle_name surname maiden_name date_of_birth birth_date birthday dob
		street_address home_address postal_address billing_address shipping_address passport_number passport_no national_id tax_id
		driver_license drivers_license phone_number mobile_number msisdn email_address`},
	{ssnKey, detSSN, true, `ssn social_security social_security_number`},
	// Headers, whose values have a grammar of their own.
	{headerKey, detAuthHeader, false, `authorization`},
	{cookieKey, detCookie, true, `set_cookie cookie cookies`},
	// Signatures of links to storage, which open it to whoever has the link.
	{queryKey, detURLQuery, true, `sig signature x_amz_signature x_amz_credential x_goog_signature x_goog_credential`},
}

// buildKeys spells out the built-in names and adds the user's.
func buildKeys(cfg Keys) []key {
	var keys []key
	seen := map[string]bool{}
	put := func(k key) {
		if !seen[k.name] {
			seen[k.name] = true
			keys = append(keys, k)
		}
	}
	for _, name := range cfg.Add {
		name = strings.ToLower(name)
		stem, star := strings.CutSuffix(name, "*")
		put(key{name: stem, kind: strongKey, det: detUserKey, exact: true, star: star})
	}
	// A removed name is put down as seen, in all its spellings, and so never added.
	for _, name := range cfg.Remove {
		for _, spelling := range spellings(plainName(name)) {
			seen[spelling] = true
		}
	}
	for _, g := range builtinKeys {
		for _, name := range strings.Fields(g.names) {
			k := key{kind: g.kind, det: g.det, edge: g.edge, exact: g.kind == pinKey}
			k.plural = k.kind == strongKey || name == "credential"
			for _, k.name = range spellings(name) {
				put(k)
			}
			if strings.Contains(name, "_") && !seen[name] {
				continue
			}
			if prose := strings.ReplaceAll(name, "_", " "); prose != name && k.kind == strongKey && k.det != detPerson {
				put(key{name: prose, kind: weakKey, det: detWeak, edge: true})
			}
		}
	}
	return keys
}

// spellings writes a name with its words apart and together.
func spellings(name string) []string {
	if !strings.Contains(name, "_") {
		return []string{name}
	}
	return []string{name, strings.ReplaceAll(name, "_", "")}
}

// plainName writes a name as the table of names does.
func plainName(name string) string {
	b := []byte(name)
	for i, c := range b {
		b[i] = plain(c)
	}
	return string(b)
}

// isBuiltinKey tells whether one of the built-in names is spelled like name.
func isBuiltinKey(name string) bool {
	for _, g := range builtinKeys {
		for _, n := range strings.Fields(g.names) {
			for _, s := range spellings(n) {
				if s == plainName(name) {
					return true
				}
			}
		}
	}
	return false
}

// suffixes may follow a key after _, -, a dot or an upper-case letter, and the value
// is secret still. Any other word that follows makes it another key: password_file,
// token_type, secretName.
var suffixes = []string{
	"value", "text", "plain", "plaintext", "b64", "base64", "hash", "confirm", "confirmation", "again", "repeat", "retype", "new", "old", "raw", "string",
}

// keyFollowers are the bytes that may follow a key for a value to come.
var keyFollowers = gateOf(digits, blank, lineBreak).plus("\"'`\\]=:%_-sS.<>?+*,;&(}\x1b\xc2\xefVTPBHCARNO|")

// nameFollowers are those for a key that no suffix may follow.
var nameFollowers = gateOf(blank, lineBreak).plus("\"'`\\]=:%<>?+*,;&(}\x1b\xc2\xef|.")

// isSpelled tells whether text, which the automaton took for the name, is spelled like it:
// a user's own name counts only as it was written.
func (k *key) isSpelled(text []byte) bool {
	if k.det == detUserKey {
		return equalFold(text, k.name)
	}
	return equalPlain(text, k.name)
}

// keyEnd steps over what may follow the name of a key at t[i].
func (k *key) keyEnd(t []byte, i int) (end int, ok bool) {
	if k.star {
		for i < len(t) && keyName.has(t[i]) {
			i++
		}
		return i, true
	}
	if k.exact {
		return i, i == len(t) || !ident.has(t[i])
	}
	if j := skipSuffix(t, i); j > i { // before the s, or secretString had none
		i = j
	} else if k.plural && i < len(t) && fold(t[i]) == 's' {
		i = skipSuffix(t, i+1)
	}
	for i < len(t) && isDigit(t[i]) {
		i++
	}
	return i, wordEnds(t, i)
}

// skipSuffix steps over one of the suffixes, or over _2.
func skipSuffix(t []byte, i int) int {
	j := i
	if j < len(t) && (t[j] == '_' || t[j] == '-' || t[j] == '.') {
		j++
		if j < len(t) && isDigit(t[j]) {
			return j
		}
	} else if j == len(t) || !isUpper(t[j]) || i > 0 && isUpper(t[i-1]) {
		return i
	}
	for _, suffix := range suffixes {
		if hasPrefixFold(t, j, suffix) && wordEnds(t, j+len(suffix)) {
			return j + len(suffix)
		}
	}
	return i
}

// wordEnds tells whether the name of a key is complete before t[i]: no letter, digit
// or underscore follows, nor a dash or dot with more of a name behind it.
func wordEnds(t []byte, i int) bool {
	if i >= len(t) {
		return true
	}
	c := t[i]
	if c == '-' || c == '.' {
		return i+1 >= len(t) || !ident.has(t[i+1])
	}
	return !ident.has(c)
}

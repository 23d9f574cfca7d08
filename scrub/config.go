package scrub

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// DefaultReplacement is what Sentry itself writes in place of a secret.
const DefaultReplacement = "[Filtered]"

// The groups of detectors that Config.Groups may name.
const (
	GroupSecrets = "secrets" // passwords, tokens, keys, credentials
	GroupCards   = "cards"   // card numbers and codes
	GroupIBAN    = "iban"    // account numbers
	GroupEmail   = "email"   // e-mail addresses
	GroupIP      = "ip"      // IPv4 and IPv6 addresses
	GroupPhone   = "phone"   // phone numbers in international form
	GroupSSN     = "ssn"     // US social security numbers
)

var allGroups = []string{GroupSecrets, GroupCards, GroupIBAN, GroupEmail, GroupIP, GroupPhone, GroupSSN}

// Config says what is masked and how.
type Config struct {
	// Enabled may be set to false to let everything through as it is.
	Enabled bool `yaml:"enabled"`
	// Replacement stands in place of what is masked. Printable ASCII without quotes,
	// backslashes and separators, so that it fits wherever a value stood.
	Replacement string `yaml:"replacement"`
	// Groups are the groups of detectors that are on.
	Groups []string `yaml:"groups"`
	// Keys changes the list of names whose values are secret.
	Keys Keys `yaml:"keys"`
	// Allow lists what is never masked.
	Allow Allow `yaml:"allow"`
	// CardKeepLast4 leaves the last four digits of a card number readable.
	CardKeepLast4 bool `yaml:"card_keep_last4"`
	// Rules are the user's own detectors.
	Rules []Rule `yaml:"rules"`
}

// Keys are names of keys, whatever their case.
type Keys struct {
	// Add are further names whose value is secret whatever it is: whole names, or
	// beginnings with a star behind (x_internal_*).
	Add []string `yaml:"add"`
	// Remove are built-in names (or parts of names: dsn, session_id) to forget.
	Remove []string `yaml:"remove"`
}

// Allow beats every detector.
type Allow struct {
	// Values are masked by no detector. A value is compared as a whole.
	Values []string `yaml:"values"`
	// Keys are whole names whose values are not taken for secrets on account of the
	// name; a token in the value is masked still.
	Keys []string `yaml:"keys"`
}

// Rule masks what a regular expression of Go's syntax matches. It runs only on the
// line, or on the 512 bytes on either side, where one of its keywords was found.
type Rule struct {
	// ID names the rule in the counters.
	ID string `yaml:"id"`
	// Keywords are literals of at least three bytes, whatever their case; every match
	// of the expression must hold one of them.
	Keywords []string `yaml:"keywords"`
	// Regex is the expression. What its first group matches is masked, or the whole
	// match if it has no group.
	Regex string `yaml:"regex"`
	// Replace stands in place of the match; empty is Config.Replacement.
	Replace string `yaml:"replace"`
}

// DefaultConfig masks secrets, cards and IBANs.
func DefaultConfig() Config {
	return Config{
		Enabled:     true,
		Replacement: DefaultReplacement,
		Groups:      []string{GroupSecrets, GroupCards, GroupIBAN},
	}
}

// shortestKeyword is the length below which a literal would be found in every line.
const shortestKeyword = 3

// Validate returns the first thing wrong with c. The error begins with the path of the
// key, says what was found and what is allowed.
func (c Config) Validate() error {
	if err := checkReplacement("replacement", c.Replacement); err != nil {
		return err
	}
	for i, g := range c.Groups {
		if !slices.Contains(allGroups, g) {
			return fmt.Errorf("groups[%d]: %q is no group of detectors; allowed are %s", i, g, strings.Join(allGroups, ", "))
		}
	}
	if err := c.Keys.validate(); err != nil {
		return err
	}
	for i, v := range c.Allow.Values {
		if v == "" {
			return fmt.Errorf("allow.values[%d]: is empty; write the whole value that may stay readable", i)
		}
	}
	for i, k := range c.Allow.Keys {
		if !isKeyName(k) {
			return fmt.Errorf("allow.keys[%d]: %q is no name of a key; letters, digits, _, - and dots make one", i, k)
		}
	}
	seen := map[string]int{}
	for i, r := range c.Rules {
		if err := r.validate(); err != nil {
			return fmt.Errorf("rules[%d].%w", i, err)
		}
		if first, ok := seen[r.ID]; ok {
			return fmt.Errorf("rules[%d].id: %q is the id of rules[%d] already", i, r.ID, first)
		}
		seen[r.ID] = i
	}
	return nil
}

// validate is strict about Remove: a name that is not built in is most likely misspelled,
// and the key the user means would go on being masked.
func (k Keys) validate() error {
	for i, name := range k.Add {
		stem := strings.TrimSuffix(name, "*")
		if !isKeyName(stem) || len(stem) < shortestKeyword {
			return fmt.Errorf("keys.add[%d]: %q is no name of a key; at least %d letters, digits, _, - or dots make one, and a * may stand last",
				i, name, shortestKeyword)
		}
	}
	for i, name := range k.Remove {
		if !isBuiltinKey(name) {
			return fmt.Errorf("keys.remove[%d]: %q is none of the built-in names; to let a single key through use allow.keys", i, name)
		}
	}
	return nil
}

// validate sees to it that a rule costs nothing where its keywords do not stand, and
// that masking twice is masking once.
func (r Rule) validate() error {
	if r.ID == "" {
		return fmt.Errorf("id: is empty; the counters need a name for the rule")
	}
	if len(r.Keywords) == 0 {
		return fmt.Errorf("keywords: is empty; give a literal of %d bytes or more that every match holds, the expression runs only where it stands",
			shortestKeyword)
	}
	for i, k := range r.Keywords {
		if len(k) < shortestKeyword {
			return fmt.Errorf("keywords[%d]: %q has %d bytes; give %d or more", i, k, len(k), shortestKeyword)
		}
	}
	re, err := regexp.Compile(r.Regex)
	if err != nil {
		return fmt.Errorf("regex: %w", err)
	}
	if r.Regex == "" || re.MatchString("") {
		return fmt.Errorf("regex: %q matches the empty text; it must match at least one byte", r.Regex)
	}
	if r.Replace == "" {
		return nil
	}
	if err := checkReplacement("replace", r.Replace); err != nil {
		return err
	}
	if re.MatchString(r.Replace) {
		return fmt.Errorf("replace: %q is itself matched by the expression; masking twice must change nothing", r.Replace)
	}
	return nil
}

// longestReplacement bounds a replacement, in bytes.
const longestReplacement = 64

// checkReplacement sees to it that a replacement fits into JSON, a URL's query or a
// quoted value, and is not taken for a secret by the next run.
func checkReplacement(path, r string) error {
	if r == "" || len(r) > longestReplacement {
		return fmt.Errorf("%s: has %d bytes; 1 to %d are allowed", path, len(r), longestReplacement)
	}
	for i := range len(r) {
		if c := r[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"'`\\,;&=|#%@/{}<>()", c) >= 0 && !brackets(r, i) {
			return fmt.Errorf("%s: %q holds %q; printable ASCII without blanks, quotes and separators is allowed, and brackets round it", path, r, c)
		}
	}
	return nil
}

// brackets tells whether r[i] is one of a pair of brackets round all of r.
func brackets(r string, i int) bool {
	if i != 0 && i != len(r)-1 || len(r) < 3 {
		return false
	}
	switch r[0] {
	case '<':
		return r[len(r)-1] == '>'
	case '(':
		return r[len(r)-1] == ')'
	case '{':
		return r[len(r)-1] == '}'
	}
	return false
}

// isKeyName tells whether a key can have this name at all.
func isKeyName(name string) bool {
	for i := range len(name) {
		if !keyName.has(name[i]) {
			return false
		}
	}
	return name != ""
}

package scrub

import (
	"fmt"
	"strings"
)

// DefaultReplacement is what Sentry itself writes in place of a secret.
const DefaultReplacement = "[Filtered]"

// Config says what is masked and how.
type Config struct {
	// Enabled may be set to false to let everything through as it is.
	Enabled bool `yaml:"enabled"`
	// Replacement stands in place of what is masked. Printable ASCII without quotes,
	// backslashes and separators, so that it fits wherever a value stood.
	Replacement string `yaml:"replacement"`
	// Presets add groups and names of keys for a purpose: pci, gdpr, strict.
	Presets []string `yaml:"presets"`
	// Groups are the groups of detectors that are on.
	Groups []string `yaml:"groups"`
	// Keys changes the list of names whose values are secret.
	Keys Keys `yaml:"keys"`
	// Allow lists what is never masked.
	Allow Allow `yaml:"allow"`
	// CardKeepLast4 leaves the last four digits of a card number readable.
	CardKeepLast4 bool `yaml:"card_keep_last4"`
	// Label writes the name of the detector into the replacement: [Filtered:jwt].
	Label bool `yaml:"label"`
	// Hash are detectors, by their names in the counters, whose replacement holds eight
	// digits of a keyed hash of what was masked, so that equal values can be recognised.
	Hash []string `yaml:"hash"`
	// HashKey is the key of the hashes, at least 16 bytes. Whoever has it can try out values.
	HashKey HashKey `yaml:"hash_key"`
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
	// Literals are texts of at least four bytes: a value that holds one of them is masked by no
	// detector. "EXAMPLE" lets AKIAIOSFODNN7EXAMPLE stay.
	Literals []string `yaml:"literals"`
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
	if err := c.checkNames(); err != nil {
		return err
	}
	if err := c.checkStamps(); err != nil {
		return err
	}
	if err := c.checkHash(); err != nil {
		return err
	}
	if err := c.Keys.validate(); err != nil {
		return err
	}
	if err := c.Allow.validate(); err != nil {
		return err
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

// validate names the entry that could never match, or would match too much.
func (a Allow) validate() error {
	for i, v := range a.Values {
		if v == "" {
			return fmt.Errorf("allow.values[%d]: is empty; write the whole value that may stay readable", i)
		}
	}
	for i, k := range a.Keys {
		if !isKeyName(k) {
			return fmt.Errorf("allow.keys[%d]: %q is no name of a key; letters, digits, _, - and dots make one", i, k)
		}
	}
	for i, l := range a.Literals {
		if len(l) < shortestAllowed {
			return fmt.Errorf("allow.literals[%d]: %q has %d bytes; give %d or more, every value that holds it will stay readable", i, l, len(l), shortestAllowed)
		}
	}
	return nil
}

// shortestAllowed is the length of a literal that lets values through, in bytes.
const shortestAllowed = 4

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

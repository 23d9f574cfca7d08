package scrub

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What is done with what a rule finds.
const (
	ActionFilter = "filter" // the replacement stands in its place; the default
	ActionLast4  = "last4"  // the last four bytes stay, of twelve or more
	ActionHash   = "hash"   // the replacement holds a keyed hash; see Config.HashKey
	ActionRemove = "remove" // nothing stands in its place; a field that a rule names goes with its name
)

var allActions = []string{ActionFilter, ActionLast4, ActionHash, ActionRemove}

// shortestLast4 is the length from which four bytes may stay, in bytes.
const shortestLast4 = 12

// Rule masks what a regular expression of Go's syntax matches, or fields of events by
// their paths, or both: what an expression matches in these fields. An expression runs
// only on the line, or on the 512 bytes on either side, where one of its keywords stands.
type Rule struct {
	// ID names the rule in the counters: letters, digits, _ and -.
	ID string `yaml:"id"`
	// Keywords are literals of at least three bytes, whatever their case; every match
	// of the expression must hold one of them. They may be left out where they can be read
	// out of the expression.
	Keywords []string `yaml:"keywords"`
	// Regex is the expression. What its first group matches is masked, or the whole
	// match if it has no group.
	Regex string `yaml:"regex"`
	// Fields are paths in an event, such as extra.customer.*, request.headers.X-Account or
	// user.email. * stands for one name, ** for any number of them; lists count as their elements.
	Fields []string `yaml:"fields"`
	// Action is filter, last4, hash or remove; empty is filter.
	Action string `yaml:"action"`
	// Replace stands in place of the match; empty is Config.Replacement.
	Replace string `yaml:"replace"`
	// AllowSlow admits an expression without keywords, which then runs on every line.
	AllowSlow bool `yaml:"allow_slow"`
}

// HashKey is a key that is shown nowhere.
type HashKey string

// String hides the key.
func (k HashKey) String() string {
	if k == "" {
		return ""
	}
	return DefaultReplacement
}

// GoString hides the key from %#v.
func (k HashKey) GoString() string { return k.String() }

// MarshalYAML hides the key where a configuration is printed.
func (k HashKey) MarshalYAML() (any, error) { return k.String(), nil }

// MarshalJSON hides the key.
func (k HashKey) MarshalJSON() ([]byte, error) { return []byte(`"` + k.String() + `"`), nil }

// validate sees to it that a rule costs nothing where its keywords do not stand, and
// that masking twice is masking once.
func (r Rule) validate() error {
	if r.ID == "" || strings.Trim(r.ID, idBytes) != "" || len(r.ID) > longestID {
		return fmt.Errorf("id: %q is no name for the counters; 1 to %d letters, digits, _ or - make one", r.ID, longestID)
	}
	if r.Action != "" && !slices.Contains(allActions, r.Action) {
		return fmt.Errorf("action: %q is none; allowed are %s", r.Action, strings.Join(allActions, ", "))
	}
	for i, f := range r.Fields {
		if err := checkPath(f); err != nil {
			return fmt.Errorf("fields[%d]: %w", i, err)
		}
	}
	for i, k := range r.Keywords {
		if len(k) < shortestKeyword {
			return fmt.Errorf("keywords[%d]: %q has %d bytes; give %d or more", i, k, len(k), shortestKeyword)
		}
	}
	if r.Regex == "" && len(r.Fields) > 0 {
		return r.checkReplace(nil)
	}
	re, err := regexp.Compile(r.Regex)
	if err != nil {
		return fmt.Errorf("regex: %w", err)
	}
	if r.Regex == "" || re.MatchString("") {
		return fmt.Errorf("regex: %q matches the empty text; it must match at least one byte", r.Regex)
	}
	if len(r.Fields) == 0 && len(r.keywords()) == 0 && !r.AllowSlow {
		return fmt.Errorf("keywords: are missing and cannot be read out of %q; give literals of %d bytes or more of which every match holds one, "+
			"or set allow_slow: true and have %s", r.Regex, shortestKeyword, slowCost)
	}
	return r.checkReplace(re)
}

// slowCost is what a rule without keywords costs: measured on ordinary lines with
// expressions such as [0-9]{3}-[a-z]{2} on one core.
const slowCost = "the expression run on every line, at 2 to 60 MB/s where all else together takes 300 MB/s or more"

// Letters of the name of a rule, which may stand in a replacement.
const (
	idBytes   = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	longestID = 40
)

func (r Rule) checkReplace(re *regexp.Regexp) error {
	if r.Replace == "" {
		return nil
	}
	if err := checkReplacement("replace", r.Replace); err != nil {
		return err
	}
	if r.Action == ActionHash && !endsInBracket(r.Replace) {
		return fmt.Errorf("replace: %q has no closing bracket; a hash stands before it", r.Replace)
	}
	if re != nil && re.MatchString(r.Replace) {
		return fmt.Errorf("replace: %q is itself matched by the expression; masking twice must change nothing", r.Replace)
	}
	return nil
}

// Slow returns, for each rule that runs on every line, a sentence that names it and says
// what that costs. Where a configuration is checked it is worth printing.
func (c Config) Slow() (sentences []string) {
	for i, r := range c.Rules {
		if r.Regex != "" && len(r.Fields) == 0 && len(r.keywords()) == 0 {
			sentences = append(sentences, fmt.Sprintf("rules[%d] (%s) has no keywords: you will have %s", i, r.ID, slowCost))
		}
	}
	return sentences
}

// checkHash sees to it that Hash names detectors whose values may be compared. A card
// number has so few unknown digits that a hash of it is no protection, and PCI DSS
// forbids to keep one beside the last four.
func (c Config) checkHash() error {
	for i, name := range c.Hash {
		switch {
		case name == detectorNames[detCard] || name == detectorNames[detCardKey] || name == detectorNames[detPin] || name == detectorNames[detPanic]:
			return fmt.Errorf("hash[%d]: values of %q can be guessed from a hash; they are filtered only", i, name)
		case !isDetector(name):
			return fmt.Errorf("hash[%d]: %q is no detector; their names stand in the report of tracetail scrub --report", i, name)
		}
	}
	return nil
}

// isDetector tells whether a built-in detector has this name.
func isDetector(name string) bool {
	if slices.Contains(detectorNames[:], name) {
		return true
	}
	for _, row := range builtinTokens {
		if row.name == name {
			return true
		}
	}
	for _, row := range innerTokens {
		if row.name == name {
			return true
		}
	}
	return slices.ContainsFunc(webhooks, func(w struct{ name, prefix, shape string }) bool { return w.name == name })
}

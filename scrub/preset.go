package scrub

import (
	"fmt"
	"slices"
	"strings"
)

// The groups of detectors that Config.Groups may name. The first three are on by default.
const (
	GroupSecrets  = "secrets"  // passwords, tokens, keys, credentials
	GroupCards    = "cards"    // card numbers and codes
	GroupIBAN     = "iban"     // account numbers
	GroupEmail    = "email"    // e-mail addresses
	GroupIP       = "ip"       // IPv4 and IPv6 addresses
	GroupPhone    = "phone"    // phone numbers in international form
	GroupSSN      = "ssn"      // US social security numbers
	GroupMAC      = "mac"      // addresses of network cards
	GroupUUID     = "uuid"     // UUIDs, which tie events together
	GroupIMEI     = "imei"     // numbers of phones
	GroupUserPath = "userpath" // the user in /home/bob, /Users/bob, C:\Users\bob
	GroupPerson   = "person"   // values under first_name, date_of_birth, passport_number and the like
	GroupPII      = "pii"      // email, ip, phone, ssn, mac, imei, userpath and person together
	GroupProse    = "prose"    // "the password is ..."
	GroupEntropy  = "entropy"  // long random text without a name or a prefix
)

var allGroups = []string{GroupSecrets, GroupCards, GroupIBAN, GroupEmail, GroupIP, GroupPhone, GroupSSN, GroupMAC, GroupUUID, GroupIMEI,
	GroupUserPath, GroupPerson, GroupPII, GroupProse, GroupEntropy}

// personal is what the group pii stands for.
var personal = []string{GroupEmail, GroupIP, GroupPhone, GroupSSN, GroupMAC, GroupIMEI, GroupUserPath, GroupPerson}

// The presets that Config.Presets may name.
const (
	PresetPCI    = "pci"    // card data as PCI DSS has it: no code, track or PIN block stays, no hash of a number
	PresetGDPR   = "gdpr"   // what identifies a person
	PresetStrict = "strict" // everything there is but UUIDs; false marks are to be expected
)

// presets are groups and names of keys that are added to those of the configuration. A
// preset takes nothing away.
var presets = map[string]struct {
	groups []string
	keys   string
}{
	PresetPCI: {[]string{GroupSecrets, GroupCards, GroupIBAN},
		"pin_block pinblock track1 track2 track_1 track_2 track_data track1_data track2_data magstripe emv_data expiry_date card_expiry cardholder_name card_holder"},
	PresetGDPR: {append([]string{GroupSecrets, GroupCards, GroupIBAN}, personal...), ""},
	PresetStrict: {append([]string{GroupSecrets, GroupCards, GroupIBAN, GroupProse, GroupEntropy}, personal...),
		"session session_id sessionid sid auth cookie jwt otp pin credentials"},
}

var allPresets = []string{PresetPCI, PresetGDPR, PresetStrict}

// expanded returns c with its presets and the group pii spelled out.
func (c Config) expanded() Config {
	c.Groups, c.Keys.Add = slices.Clone(c.Groups), slices.Clone(c.Keys.Add)
	for _, p := range c.Presets {
		c.Groups = append(c.Groups, presets[p].groups...)
		c.Keys.Add = append(c.Keys.Add, strings.Fields(presets[p].keys)...)
	}
	if slices.Contains(c.Groups, GroupPII) {
		c.Groups = append(c.Groups, personal...)
	}
	return c
}

// checkNames sees to it that groups and presets are known.
func (c Config) checkNames() error {
	for i, g := range c.Groups {
		if !slices.Contains(allGroups, g) {
			return fmt.Errorf("groups[%d]: %q is no group of detectors; allowed are %s", i, g, strings.Join(allGroups, ", "))
		}
	}
	for i, p := range c.Presets {
		if !slices.Contains(allPresets, p) {
			return fmt.Errorf("presets[%d]: %q is no preset; allowed are %s", i, p, strings.Join(allPresets, ", "))
		}
	}
	return nil
}

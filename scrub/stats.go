package scrub

import "sync/atomic"

// detector is the number of a detector: what a span is counted under.
type detector uint16

// The detectors that are more than a row of a table. Those of tokens and of the user's
// rules get the numbers behind them.
const (
	detPanic detector = iota // a text that was replaced as a whole because a verifier panicked
	detPassword
	detSecret
	detToken
	detWeak
	detPin
	detUserKey
	detCardKey
	detCard
	detIBAN
	detJWT
	detAuthHeader
	detBearer
	detCookie
	detURLPassword
	detURLQuery
	detPrivateKey
	detSQL
	detFlag
	detEmail
	detIP
	detPhone
	detSSN
	detMAC
	detUUID
	detIMEI
	detUserPath
	detPerson
	detProse
	detEntropy
	detUnknown // a value of a type that cannot be looked into
	builtinDetectors
)

var detectorNames = [builtinDetectors]string{
	detPanic:       "panic",
	detPassword:    "password",
	detSecret:      "secret",
	detToken:       "token",
	detWeak:        "weak-key",
	detPin:         "pin",
	detUserKey:     "user-key",
	detCardKey:     "card-key",
	detCard:        "card",
	detIBAN:        "iban",
	detJWT:         "jwt",
	detAuthHeader:  "authorization",
	detBearer:      "bearer",
	detCookie:      "cookie",
	detURLPassword: "url-password",
	detURLQuery:    "url-signature",
	detPrivateKey:  "private-key",
	detSQL:         "sql-password",
	detFlag:        "command-flag",
	detEmail:       "email",
	detIP:          "ip",
	detPhone:       "phone",
	detSSN:         "ssn",
	detMAC:         "mac",
	detUUID:        "uuid",
	detIMEI:        "imei",
	detUserPath:    "user-path",
	detPerson:      "person",
	detProse:       "prose",
	detEntropy:     "entropy",
	detUnknown:     "opaque-value",
}

// Stats counts masked places by detector. It is shared by a Scrubber and its clones
// and safe for concurrent use. It never holds anything of what was masked.
type Stats struct {
	names  []string
	counts []atomic.Uint64
}

// newStats makes the counters of detectors with these names; two may share a name.
func newStats(names []string) *Stats {
	return &Stats{names: names, counts: make([]atomic.Uint64, len(names))}
}

func (s *Stats) count(d detector) { s.counts[d].Add(1) }

// Report returns how many places each detector masked so far, without the detectors
// that masked none. The key "panic" counts texts that were replaced as a whole because
// a verifier failed.
func (s *Stats) Report() map[string]uint64 {
	report := map[string]uint64{}
	for i := range s.counts {
		if n := s.counts[i].Load(); n > 0 {
			report[s.names[i]] += n
		}
	}
	return report
}

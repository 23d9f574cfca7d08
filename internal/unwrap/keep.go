package unwrap

import "time"

// Stamp is the carrier's time as it was written and a number for its layout,
// for whoever keeps the record longer than its bytes are lent: reading a time
// costs more than all else, and most lines never need it.
func (r *Record) Stamp() (layout uint8, text []byte) { return uint8(r.layout), r.stamp }

// ReadStamp is Record.When for what Stamp gave.
func ReadStamp(layout uint8, text []byte, ref time.Time) time.Time {
	return stampLayout(layout).read(text, ref)
}

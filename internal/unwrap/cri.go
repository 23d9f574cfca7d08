package unwrap

import "bytes"

// The CRI log format (Kubernetes design "CRI: Dockershim/log format"; as
// containerd's internal/cri/io and conmon write it):
//
//	2026-11-22T05:30:00.123456789Z stderr F text
//
// P instead of F marks a piece that the next record of the same stream
// continues; further tags may follow behind colons. containerd cuts at 16 KiB
// and leaves zeros off the fraction, conmon writes +00:00 for Z. A blank line
// of the app has nothing behind the tag.

// criPiece reads a line in CRI format, of which minFrame bytes are there; false
// if it is none.
func (u *Unwrapper) criPiece(b []byte, pc *piece) bool {
	n := u.criStamp
	if len(b) < n+10 || n == 0 || b[n] != ' ' || !yearMonth.fits(b) || !dayHour.fits(b[8:]) {
		if n, _ = rfc3339(b); n == 0 || len(b) < n+9 || b[n] != ' ' || !u.allow.has(CRI) {
			return false
		}
	}
	switch string(b[n+1 : n+8]) {
	case "stdout ":
		pc.stream = Stdout
	case "stderr ":
		pc.stream = Stderr
	default:
		return false
	}
	text, ok := b[min(n+10, len(b)):], true
	if len(b) > n+9 && b[n+9] != ' ' {
		text, ok = moreTags(b[n+9:])
	}
	switch tag := b[n+8]; {
	case !ok || tag != 'F' && tag != 'P':
		return false
	case tag == 'F':
		pc.last = true
	}
	pc.text, u.criStamp = text, n
	u.rec.Carrier, u.rec.Stream = CRI, pc.stream
	u.rec.stamp, u.rec.layout = b[:n], rfc3339Time
	return true
}

// moreTags gives the text behind the tags that follow the first.
func moreTags(b []byte) (text []byte, ok bool) {
	gap := bytes.IndexByte(b, ' ')
	if gap < 0 {
		return nil, b[0] == ':'
	}
	return b[gap+1:], b[0] == ':'
}

package unwrap

import "time"

// Record is one line of the app with the wrapping taken off. All its bytes are
// borrowed: they are good until the next call of any method of the Unwrapper
// that made it, and, where nothing had to be changed, they are a part of the
// text given to Push.
type Record struct {
	// Text has no line break, no ANSI escapes, no NUL and no final CR. Invalid
	// UTF-8 is left as it stands; what JSON cannot express has become U+FFFD.
	Text []byte

	// Host is the machine a syslog-like carrier names, else empty.
	Host []byte

	// Writer tells the writers of one file apart: "pay-api[4711]" (syslog,
	// journald), "web-1" (compose), "web.1" (foreman), "pod/pay-7c9f5d/api"
	// (kubectl), "app[web.1]" (Heroku). Of two nested carriers both, with a
	// blank between. A line without prefix behind a syslog line has the writer of
	// that line: it is the rest of its message. Empty where no carrier names one.
	Writer []byte

	// Unit is the systemd unit (journald only).
	Unit []byte

	// Start is the offset of the first byte of the first piece; End is one past
	// the line break of the last one. Where one line of the file holds several
	// of the app, all but the last have End == Start: not yet settled.
	Start, End int64

	Carrier  Carrier // the outermost wrapping
	Stream   Stream
	Severity Severity

	// Cut says that this is not the whole line: the join limit was reached, or
	// the last piece had not come when the waiting ended.
	Cut bool

	layout stampLayout
	stamp  []byte // the carrier's time as written
}

// When reads the time the carrier gives, or returns the zero time if it gives
// none. ref supplies what the format leaves out: the year of an RFC 3164 stamp,
// the day of a foreman one, and the time zone of both. The result is then never
// more than a day after ref.
func (r *Record) When(ref time.Time) time.Time {
	return r.layout.read(r.stamp, ref)
}

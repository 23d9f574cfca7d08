package unwrap

// Carrier is a transport whose wrapping a line was found in.
type Carrier uint8

// The carriers, each with the shape of one line.
const (
	Plain      Carrier = iota // no wrapping
	CRI                       // 2026-11-22T05:30:00.123456789Z stderr F text
	Docker                    // {"log":"text\n","stream":"stderr","time":"2026-11-22T05:30:00.1Z"}
	Journald                  // {"__CURSOR":"s=1","MESSAGE":"text","PRIORITY":"3","_PID":"4711"}
	Syslog                    // Nov 22 05:30:00 host app[4711]: text, and its many relatives
	Compose                   // web-1  | text
	Foreman                   // 05:30:00 web.1  | text
	Kubectl                   // [pod/pay-7c9f5d/api] text
	Timestamps                // 2026-11-22T05:30:00.123456789Z text (kubectl logs --timestamps, docker logs -t)
	Stern                     // pay-7c9f5d8b6-x2x4k api text
	Heroku                    // 2026-11-22T05:30:00.123456+00:00 app[web.1]: text
)

var carrierNames = [...]string{"plain", "cri", "docker", "journald", "syslog", "compose",
	"foreman", "kubectl", "timestamps", "stern", "heroku"}

// String is the name that Config.Format takes.
func (c Carrier) String() string {
	if int(c) < len(carrierNames) {
		return carrierNames[c]
	}
	return "unknown"
}

// carriers is a set of Carrier, one bit each.
type carriers uint16

// every carrier there is; Plain's bit means nothing.
const everyCarrier carriers = 1<<(Heroku+1) - 1

func setOf(cs ...Carrier) (s carriers) {
	for _, c := range cs {
		s |= 1 << c
	}
	return s
}

func (s carriers) has(c Carrier) bool { return s&(1<<c) != 0 }

// Stream is the descriptor of the process the text was written to.
type Stream uint8

// The streams; only CRI and Docker say which one it was.
const (
	Unknown Stream = iota
	Stdout
	Stderr
	streams = 3
)

// String is "stdout", "stderr", or empty where the carrier does not say.
func (s Stream) String() string { return [...]string{"", "stdout", "stderr"}[s%streams] }

// Severity is what the carrier itself says of a line: the syslog severity of
// RFC 5424 §6.2.1, plus one, so that zero means that it says nothing. Services
// that never set it arrive as Info or Notice whatever they write, so it is a
// weaker witness than a level in the text.
type Severity uint8

// The severities, worst first.
const (
	NoSeverity Severity = iota
	Emergency
	Alert
	Critical
	Error
	Warning
	Notice
	Info
	Debug
)

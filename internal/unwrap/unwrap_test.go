package unwrap

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tracetail/tracetail/internal/source"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// got is a Record with its borrowed bytes copied.
type got struct {
	Text, Writer, Host, Unit string
	Stream                   Stream
	Carrier                  Carrier
	Severity                 Severity
	Cut                      bool
	Start, End               int64
	Time                     string
}

func keepRecord(r *Record) got {
	g := got{
		Text: string(r.Text), Writer: string(r.Writer), Host: string(r.Host), Unit: string(r.Unit),
		Stream: r.Stream, Carrier: r.Carrier, Severity: r.Severity, Cut: r.Cut, Start: r.Start, End: r.End,
	}
	if at := r.When(noon); !at.IsZero() {
		g.Time = at.UTC().Format(time.RFC3339Nano)
	}
	return g
}

// feed is a file that is written line by line.
type feed struct {
	u   *Unwrapper
	now time.Time
	at  int64
	out []got
}

func newFeed(cfg Config) *feed { return &feed{u: New(cfg), now: noon} }

func (f *feed) line(s string) {
	// A buffer of its own, overwritten afterwards, shows what is kept too long.
	b := []byte(s)
	f.drain(f.u.Push(f.now, &source.Line{Text: b, Start: f.at, End: f.at + int64(len(b)) + 1}))
	for i := range b {
		b[i] = '!'
	}
	f.at += int64(len(b)) + 1
}

func (f *feed) drain(r *Record) {
	for ; r != nil; r = f.u.Next() {
		f.out = append(f.out, keepRecord(r))
	}
}

func (f *feed) lines(s ...string) *feed {
	for _, l := range s {
		f.line(l)
	}
	return f
}

// take gives what has come out since the last take.
func (f *feed) take() []got {
	out := f.out
	f.out = nil
	return out
}

// texts reads the lines with a fresh Unwrapper and gives the texts, flushed.
func texts(cfg Config, lines ...string) []string {
	f := newFeed(cfg).lines(lines...)
	f.drain(f.u.Flush())
	out := []string{}
	for _, g := range f.out {
		out = append(out, g.Text)
	}
	return out
}

func diff(t *testing.T, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

const at9, at6 = "2026-11-22T05:30:00.123456789Z", "2026-11-22T05:30:00.123456Z"

// carrierCases holds one line of every shape that is known.
var carrierCases = []struct {
	name, line string
	want       got
}{
	{"containerd", "2026-11-22T05:30:00.12345678Z stderr F panic: boom", got{Text: "panic: boom", Stream: Stderr, Carrier: CRI, Time: "2026-11-22T05:30:00.12345678Z"}},
	{"conmon", "2026-11-22T05:30:00.123456789+00:00 stdout F \tat x", got{Text: "\tat x", Stream: Stdout, Carrier: CRI, Time: at9}},
	{"cri blank line", at9 + " stdout F ", got{Stream: Stdout, Carrier: CRI, Time: at9}},
	{"cri blank line trimmed", at9 + " stdout F", got{Stream: Stdout, Carrier: CRI, Time: at9}},
	{"cri more tags", at9 + " stdout F:x:y text", got{Text: "text", Stream: Stdout, Carrier: CRI, Time: at9}},
	{"cri two blanks", at9 + " stdout F  text", got{Text: " text", Stream: Stdout, Carrier: CRI, Time: at9}},
	{"cri windows", at9 + " stdout F text\r", got{Text: "text", Stream: Stdout, Carrier: CRI, Time: at9}},
	{"cri other zone", "2026-11-22T07:30:00+02:00 stdout F x", got{Text: "x", Stream: Stdout, Carrier: CRI, Time: "2026-11-22T05:30:00Z"}},
	{"docker", `{"log":"panic: boom\n","stream":"stderr","time":"` + at9 + `"}`, got{Text: "panic: boom", Stream: Stderr, Carrier: Docker, Time: at9}},
	{"docker attrs", `{"log":"a\n","stream":"stdout","attrs":{"tag":"a}b","n":"{\""},"time":"` + at9 + `"}`, got{Text: "a", Stream: Stdout, Carrier: Docker, Time: at9}},
	{"docker any order", `{ "time" : "` + at9 + `", "stream":"stdout" ,"log":"a\tb\n" }`, got{Text: "a\tb", Stream: Stdout, Carrier: Docker, Time: at9}},
	{"docker tty", `{"log":"a\r\n","stream":"stdout","time":"` + at9 + `"}`, got{Text: "a", Stream: Stdout, Carrier: Docker, Time: at9}},
	{"docker blank", `{"log":"\n","stream":"stdout","time":"` + at9 + `"}`, got{Stream: Stdout, Carrier: Docker, Time: at9}},
	{"docker colours", `{"log":"\u001b[31mred\u001b[0m \ud83d\ude00 \ud800\n","stream":"stdout","time":"` + at9 + `"}`, got{Text: "red 😀 \ufffd", Stream: Stdout, Carrier: Docker, Time: at9}},
	{"docker json", `{"log":"{\"msg\":\"a \\\"b\\\" \\n\"}\n","stream":"stdout","time":"` + at9 + `"}`, got{Text: `{"msg":"a \"b\" \n"}`, Stream: Stdout, Carrier: Docker, Time: at9}},
	{"journald", `{"__CURSOR":"s=1","MESSAGE":"charge failed","PRIORITY":"3","_PID":"4711","SYSLOG_IDENTIFIER":"pay-api","_HOSTNAME":"h1","_SYSTEMD_UNIT":"pay.service","__REALTIME_TIMESTAMP":"1795325400123456"}`,
		got{Text: "charge failed", Writer: "pay-api[4711]", Host: "h1", Unit: "pay.service", Carrier: Journald, Severity: Error, Time: at6}},
	{"journald bytes", `{"_COMM":"py","__CURSOR":"s=1","MESSAGE":[27,91,51,49,109,114,101,100,0,27,91,48,109]}`, got{Text: "red", Writer: "py", Carrier: Journald}},
	{"journald too long to print", `{"__CURSOR":"s=1","MESSAGE":null,"_PID":"1"}`, got{Writer: "[1]", Carrier: Journald}},
	{"syslog", "Nov 22 05:30:00 pay-host-1 pay-api[4711]: charge", got{Text: "charge", Writer: "pay-api[4711]", Host: "pay-host-1", Carrier: Syslog, Time: "2026-11-22T05:30:00Z"}},
	{"syslog indented", "Nov 22 05:30:00 h a[1]:   File \"x\"", got{Text: "  File \"x\"", Writer: "a[1]", Host: "h", Carrier: Syslog, Time: "2026-11-22T05:30:00Z"}},
	{"syslog blank", "Nov  2 05:30:00 h a[1]: ", got{Writer: "a[1]", Host: "h", Carrier: Syslog, Time: "2026-11-02T05:30:00Z"}},
	{"syslog blank trimmed", "Nov 22 05:30:00 h a[1]:", got{Writer: "a[1]", Host: "h", Carrier: Syslog, Time: "2026-11-22T05:30:00Z"}},
	{"syslog kernel", "Nov 22 05:30:00 h kernel: [12.5] oops", got{Text: "[12.5] oops", Writer: "kernel", Host: "h", Carrier: Syslog, Time: "2026-11-22T05:30:00Z"}},
	{"syslog pam", "Nov 22 05:30:00 fe80::1 sshd(pam_unix)[19939]: x", got{Text: "x", Writer: "sshd(pam_unix)[19939]", Host: "fe80::1", Carrier: Syslog, Time: "2026-11-22T05:30:00Z"}},
	{"syslog without host", "Nov 22 05:30:00 app[7]: x", got{Text: "x", Writer: "app[7]", Carrier: Syslog, Time: "2026-11-22T05:30:00Z"}},
	{"rsyslog", "2026-11-22T05:30:00.123456+00:00 h /usr/bin/pay[7]: x", got{Text: "x", Writer: "/usr/bin/pay[7]", Host: "h", Carrier: Syslog, Time: at6}},
	{"priority", "<11>Nov 22 05:30:00 h app[7]: x", got{Text: "x", Writer: "app[7]", Host: "h", Carrier: Syslog, Severity: Error, Time: "2026-11-22T05:30:00Z"}},
	{"priority rfc3339", "<14>2026-11-22T05:30:00Z h app[7]: x", got{Text: "x", Writer: "app[7]", Host: "h", Carrier: Syslog, Severity: Info, Time: "2026-11-22T05:30:00Z"}},
	{"priority and program", "<8>app[7]: x", got{Text: "x", Writer: "app[7]", Carrier: Syslog, Severity: Emergency}},
	{"kernel priority", "<4>[    0.000000] Linux version 6.1", got{Text: "Linux version 6.1", Carrier: Syslog, Severity: Warning}},
	{"rfc5424", "<11>1 2026-11-22T05:30:00.123456+00:00 h app 4711 ID47 - \ufeffcharge failed", got{Text: "charge failed", Writer: "app[4711]", Host: "h", Carrier: Syslog, Severity: Error, Time: at6}},
	{"rfc5424 data", `<165>1 2026-11-22T05:30:00Z h app - - [a@1 k="v\"]" l="]"][b@2] x [y]`, got{Text: "x [y]", Writer: "app", Host: "h", Carrier: Syslog, Severity: Notice, Time: "2026-11-22T05:30:00Z"}},
	{"rfc5424 nothing", "<0>1 - - - - - -", got{Carrier: Syslog, Severity: Emergency}},
	{"journalctl precise", "Nov 22 05:30:00.123456 h app[7]: x", got{Text: "x", Writer: "app[7]", Host: "h", Carrier: Syslog, Time: at6}},
	{"journalctl iso", "2026-11-22T05:30:00+0000 h app[7]: x", got{Text: "x", Writer: "app[7]", Host: "h", Carrier: Syslog, Time: "2026-11-22T05:30:00Z"}},
	{"journalctl full", "Sun 2026-11-22 05:30:00 UTC h app[7]: x", got{Text: "x", Writer: "app[7]", Host: "h", Carrier: Syslog, Time: "2026-11-22T05:30:00Z"}},
	{"journalctl unix", "1795325400.123456 h app[7]: x", got{Text: "x", Writer: "app[7]", Host: "h", Carrier: Syslog, Time: at6}},
	{"journalctl monotonic", "[ 8912.123456] h app[7]: x", got{Text: "x", Writer: "app[7]", Host: "h", Carrier: Syslog}},
	{"compose", "web-1  | text", got{Text: "text", Writer: "web-1", Carrier: Compose}},
	{"compose 1", "web_1     | text", got{Text: "text", Writer: "web_1", Carrier: Compose}},
	{"compose colours", "\x1b[36mweb-1  |\x1b[0m \x1b[31mtext\x1b[0m", got{Text: "text", Writer: "web-1", Carrier: Compose}},
	{"compose blank", "web-1  | ", got{Writer: "web-1", Carrier: Compose}},
	{"compose blank trimmed", "web-1  |", got{Writer: "web-1", Carrier: Compose}},
	{"compose indented", "web-1  |   at x", got{Text: "  at x", Writer: "web-1", Carrier: Compose}},
	{"compose timestamps", "web-1  | " + at9 + " text", got{Text: "text", Writer: "web-1", Carrier: Compose, Time: at9}},
	{"swarm", "web.1.k7m2n9x4c8v5b6z3p1q0w2e4r@node-1    | text", got{Text: "text", Writer: "web.1.k7m2n9x4c8v5b6z3p1q0w2e4r@node-1", Carrier: Compose}},
	{"foreman", "05:30:00 web.1  | text", got{Text: "text", Writer: "web.1", Carrier: Foreman, Time: "2026-11-22T05:30:00Z"}},
	{"kubectl prefix", "[pod/pay-7c9f5d8b6-x2x4k/api] text", got{Text: "text", Writer: "pod/pay-7c9f5d8b6-x2x4k/api", Carrier: Kubectl}},
	{"kubectl prefix blank", "[pod/pay/api]", got{Writer: "pod/pay/api", Carrier: Kubectl}},
	{"kubectl timestamps", at9 + " Traceback (most recent call last):", got{Text: "Traceback (most recent call last):", Carrier: Timestamps, Time: at9}},
	{"kubectl timestamps blank", at9 + " ", got{Carrier: Timestamps, Time: at9}},
	{"kubectl both", "[pod/pay/api] " + at9 + " text", got{Text: "text", Writer: "pod/pay/api", Carrier: Kubectl, Time: at9}},
	{"stern", "pay-api-7c9f5d8b6-x2x4k api text", got{Text: "text", Writer: "pay-api-7c9f5d8b6-x2x4k api", Carrier: Stern}},
	{"kubetail", "[pay-api-7c9f5d8b6-x2x4k api] text", got{Text: "text", Writer: "pay-api-7c9f5d8b6-x2x4k api", Carrier: Stern}},
	{"heroku", "2026-11-22T05:30:00.123456+00:00 app[web.1]: text", got{Text: "text", Writer: "app[web.1]", Carrier: Heroku, Time: at6}},
	{"heroku router", "2026-11-22T05:30:00.123456+00:00 heroku[router]: at=error", got{Text: "at=error", Writer: "heroku[router]", Carrier: Heroku, Time: at6}},
	{"heroku platform", "2026-11-22T05:30:00.123456+00:00 app[api]: Deploy", got{Text: "Deploy", Writer: "app[api]", Carrier: Heroku, Time: at6}},
	{"syslog in cri", at9 + " stdout F <11>Nov 22 04:00:00 h app[7]: x#011y", got{Text: "x\ty", Writer: "app[7]", Host: "h", Stream: Stdout, Carrier: CRI, Severity: Error, Time: at9}},
	{"compose in docker", `{"log":"web-1  | x\n","stream":"stdout","time":"` + at9 + `"}`, got{Text: "x", Writer: "web-1", Stream: Stdout, Carrier: Docker, Time: at9}},
	{"syslog in compose", "log-1  | Nov 22 05:30:00 h app[7]: x", got{Text: "x", Writer: "log-1 app[7]", Host: "h", Carrier: Compose, Time: "2026-11-22T05:30:00Z"}},
	{"syslog in kubectl with timestamps", "[pod/log/api] " + at9 + " Nov 22 04:00:00 h app[7]: x", got{Text: "x", Writer: "pod/log/api app[7]", Host: "h", Carrier: Kubectl, Time: at9}},
	{"nul hole", "\x00\x00\x00" + at9 + " stderr F x\x00y", got{Text: "xy", Stream: Stderr, Carrier: CRI, Time: at9}},
	{"byte order mark", "\xef\xbb\xbfINFO start\r", got{Text: "INFO start"}},
	{"utf-16", "\xff\xfeo\x00k\x00\r\x00", got{Text: "ok"}},
}

func TestCarriers(t *testing.T) {
	for _, c := range carrierCases {
		t.Run(c.name, func(t *testing.T) {
			f := newFeed(Config{}).lines(c.line)
			c.want.End = int64(len(c.line)) + 1
			diff(t, f.take(), []got{c.want})
			// What was learned from the line must not change how it is read.
			f.u.Push(f.now, &source.Line{Text: []byte(c.line), Start: 0, End: 1})
			f.at = 0
			f.lines(c.line)
			diff(t, f.take(), []got{c.want})
		})
	}
}

func TestSeveralLinesInOneMessage(t *testing.T) {
	trace := "Traceback (most recent call last):#012  File \"x.py\", line 1#012#012KeyError: 'a'"
	want := func(start, end int64, text string) got {
		return got{Text: text, Writer: "app[7]", Host: "h", Carrier: Syslog, Start: start, End: end, Time: "2026-11-22T05:30:00Z"}
	}
	f := newFeed(Config{}).lines("Nov 22 05:30:00 h app[7]: "+trace, "Nov 22 05:30:00 h app[7]: next#012")
	end := int64(len("Nov 22 05:30:00 h app[7]: "+trace) + 1)
	diff(t, f.take(), []got{
		want(0, 0, "Traceback (most recent call last):"), want(0, 0, `  File "x.py", line 1`), want(0, 0, ""),
		want(0, end, "KeyError: 'a'"), want(end, f.at, "next"),
	})
}

func TestEscapesOfRsyslog(t *testing.T) {
	cases := []struct{ in, want string }{
		{"#011at com.x", "\tat com.x"},
		{"#033[31mred#033[0m", "red"},
		{"a#012b", "a|b"},
		{"a#015#012b#015", "a|b"},
		{"#012Traceback", "|Traceback"},
		{"ticket #012 is open", "ticket #012 is open"},
		{"see #011, #012.", "see #011, #012."},
		{"closes #012", "closes #012"},
		{"colour #011fff, #0, #", "colour \tfff, #0, #"},
		{"#001 #0123#01", "#001 |3#01"},
		{"Caused by: #012    at x", "Caused by: |    at x"},
	}
	for _, c := range cases {
		got := texts(Config{}, "Nov 22 05:30:00 h app[7]: "+c.in)
		diff(t, strings.Join(got, "|"), c.want)
		diff(t, texts(Config{}, c.in), []string{c.in}) // not syslog: nothing is an escape
	}
}

func TestLineBreaksInsideJSON(t *testing.T) {
	f := newFeed(Config{}).lines(
		`{"log":"a\nNov 22 05:30:00 h app[7]: b#012c\r\n\nd\n","stream":"stdout","time":"2026-11-22T05:30:00Z"}`)
	var out []string
	for _, g := range f.take() {
		out = append(out, fmt.Sprintf("%s/%s/%d", g.Text, g.Writer, g.End))
	}
	diff(t, out, []string{"a//0", "b/app[7]/0", "c/app[7]/0", "/app[7]/0", fmt.Sprintf("d/app[7]/%d", f.at)})
}

func TestRestOfASyslogMessageKeepsItsWriter(t *testing.T) {
	f := newFeed(Config{}).lines(
		"before", "Nov 22 05:30:00 h app[7]: Traceback", "  File x", "", "KeyError",
		"                           indented by journalctl",
		"web-1  | other", "after")
	var out []string
	for _, g := range f.take() {
		out = append(out, g.Writer+"|"+g.Text)
	}
	diff(t, out, []string{"|before", "app[7]|Traceback", "app[7]|  File x", "app[7]|", "app[7]|KeyError",
		"app[7]| indented by journalctl", "app[7]|web-1  | other", "app[7]|after"})
}

func TestFormat(t *testing.T) {
	cri := "2026-11-22T05:30:00Z stdout F Nov 22 05:30:00 h app[7]: x"
	cases := []struct{ format, line, want string }{
		{"none", "\x1b[1mweb-1  | x\r", "web-1  | x"},
		{"none", cri, cri},
		{"cri", cri, "Nov 22 05:30:00 h app[7]: x"},
		{"docker", cri, cri},
		{"syslog", "<6>plain", "plain"},
		{"syslog", "2026-11-22T05:30:00Z h app: x", "x"},
		{"syslog", "web-1  | x", "web-1  | x"},
		{"compose", "redis | x", "x"},
		{"foreman", "05:30:00 web | x", "x"},
		{"stern", "db-0 postgres x", "x"},
		{"timestamps", "2026-11-22T05:30:00.123456789Z INFO x", "INFO x"},
		{"kubectl", "[pod/a/b] 2026-11-22T05:30:00.123456789Z INFO x", "INFO x"},
		{"auto", cri, "x"},
	}
	for _, c := range cases {
		diff(t, texts(Config{Format: c.format}, c.line), []string{c.want})
	}
}

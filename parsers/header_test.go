package parsers

import (
	"strings"
	"testing"
)

const goPanic = `panic: boom at wallet 7

goroutine 1 [running]:
main.main()
	/srv/pay/main.go:11 +0x4b
`

// TestRecordBeforeACrash is decision 0002: whose is the record in front of a trace.
func TestRecordBeforeACrash(t *testing.T) {
	const at = "2026-11-22 10:00:00,123 "
	const traceback = "Traceback (most recent call last):\n  File \"/srv/pay/a.py\", line 3, in f\n    g()\nKeyError: 'k'\n"
	for name, c := range map[string]struct {
		log  string
		want string // level, type or message of each event
	}{
		"info is never the header":          {at + "INFO a - started\n" + traceback, "error KeyError"},
		"error is the header of a logger's": {at + "ERROR a - no key\n" + traceback, "error KeyError+no key"},
		"error before a runtime's last":     {at + "ERROR a - no disk\n" + goPanic, "error no disk|fatal panic"},
		"warning before a runtime's last":   {at + "WARN a - no disk\n" + goPanic, "fatal panic"},
		"an error in the panic's own words": {at + "ERROR a - boom at wallet 7\n" + goPanic, "error panic+boom at wallet 7"},
		"JSON in the panic's own words":     {`{"level":"panic","msg":"boom at wallet 7"}` + "\n" + goPanic, "fatal panic+boom at wallet 7"},
		"JSON about something else":         {`{"level":"panic","msg":"no disk"}` + "\n" + goPanic, "fatal no disk|fatal panic"},
	} {
		var got []string
		for _, r := range parse(utc(t), []byte(c.log)) {
			e := r.Event
			s := string(e.Level)
			if e.Exception != nil {
				s += " " + e.Exception.Values[len(e.Exception.Values)-1].Type
			}
			if e.LogEntry != nil {
				s += map[bool]string{true: "+", false: " "}[e.Exception != nil] + e.LogEntry.Formatted
			}
			got = append(got, s)
		}
		if all := strings.Join(got, "|"); all != c.want {
			t.Errorf("%s: %s, want %s", name, all, c.want)
		}
	}
}

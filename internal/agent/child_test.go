package agent

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/scrub"
)

func TestWhatExplainsAnEnd(t *testing.T) {
	now := time.Date(2026, 11, 22, 5, 30, 0, 0, time.UTC)
	trace := &event.Event{Level: event.Error, Exception: &event.Exceptions{Values: []event.Exception{{Type: "ValueError"}}}}
	panicked := &event.Event{Level: event.Fatal, Exception: trace.Exception}
	message := &event.Event{Level: event.Error}
	exit, killed := source.Ending{Status: 1}, source.Ending{Signal: 9}
	for _, tc := range []struct {
		name string
		e    *event.Event
		ago  time.Duration
		end  source.Ending
		want bool
	}{
		{"a trace just before", trace, time.Second, exit, true},
		{"a trace long before", trace, time.Minute, exit, false},
		{"a trace, and then a signal", trace, time.Second, killed, false},
		{"the death of a runtime", panicked, 10 * time.Second, killed, true},
		{"long before", panicked, time.Minute, killed, false},
		{"an error that was logged", message, 0, exit, false},
	} {
		c := new(child)
		c.saw(tc.e, now.Add(-tc.ago))
		if got := c.explained(tc.end, now); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
	if new(child).explained(exit, now) {
		t.Error("nothing explains an end")
	}
}

// TestLastWords checks that the last lines are kept in order, cleaned and masked, as
// one text: a key stands over several lines.
func TestLastWords(t *testing.T) {
	s, err := scrub.New(scrub.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	c, now := new(child), time.Date(2026, 11, 22, 5, 30, 0, 0, time.UTC)
	for i := range 100 {
		c.hear("stdout", now, []source.Line{{Text: fmt.Appendf(nil, "line %d", i)}})
	}
	body := strings.Repeat("MIIEpAIBAAKCAQEA", 4)
	secret := "hun" + "ter2"
	for _, l := range []string{
		"-----BEGIN RSA PRIVATE" + " KEY-----", body, body, "-----END RSA PRIVATE" + " KEY-----",
		"password=" + secret, "\x1b[31mred\x1b[0m", strings.Repeat("long ", 1000),
	} {
		c.hear("stderr", now.Add(time.Second), []source.Line{{Text: []byte(l)}})
	}
	got := c.crumbs(s)
	if len(got) != lastLines {
		t.Fatalf("%d lines, want %d", len(got), lastLines)
	}
	if got[0].Message != "line 87" || got[0].Category != "stdout" || !got[0].Timestamp.Equal(now) {
		t.Errorf("the first is %+v", got[0])
	}
	var all []string
	for _, b := range got {
		all = append(all, b.Message)
	}
	text := strings.Join(all, "\n")
	if strings.Contains(text, secret) || strings.Contains(text, body) {
		t.Errorf("a secret: %s", text)
	}
	if got[lastLines-2].Message != "red" || len(got[lastLines-1].Message) != lastShown {
		t.Errorf("the last are %q", all[lastLines-2:])
	}
}

package main

import (
	"strings"
	"testing"
	"time"
)

func TestBar(t *testing.T) {
	for _, c := range []struct {
		bytes, total, events int64
		passed               time.Duration
		want                 string
	}{
		{0, 0, 0, 0, "[....................]   0 %  0 B of 0 B  0 events"},
		{443e6, 1070e6, 2803, time.Second, "[########............]  41 %  443 MB of 1.07 GB  443 MB/s  1.4 s left  2,803 events"},
		{10, 1000, 1, 10 * time.Second, "[....................]   1 %  10 B of 1.00 kB  1 B/s  16 min left  1 events"},
		{2000, 1000, 1234567, time.Second, "[####################] 100 %  2.00 kB of 2.00 kB  2.00 kB/s  1,234,567 events"},
	} {
		if got := bar(c.bytes, c.total, c.events, c.passed); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestTheBarAndTheLogShareATerminal: a log line takes the bar away, and so does the end.
func TestTheBarAndTheLogShareATerminal(t *testing.T) {
	var out strings.Builder
	p := &progress{
		w:     &out,
		total: func() int64 { return 100 },
		done:  func() (int64, int64) { return 50, 1 },
	}
	began := time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)
	tick, stop, ended := make(chan time.Time), make(chan struct{}), make(chan struct{})
	go func() {
		p.run(began, tick, stop)
		close(ended)
	}()
	tick <- began.Add(time.Second)
	tick <- began.Add(2 * time.Second) // the first has been drawn when the second is taken
	if _, err := p.Write([]byte("a line\n")); err != nil {
		t.Fatal(err)
	}
	close(stop)
	<-ended
	got := out.String()
	first := "[##########..........]  50 %  50 B of 100 B  50 B/s  1.0 s left  1 events"
	if !strings.HasPrefix(got, first) || !strings.Contains(got, "a line\n") {
		t.Errorf("wrote %q", got)
	}
	if strings.HasSuffix(got, "events") {
		t.Errorf("the bar was left standing: %q", got)
	}
}

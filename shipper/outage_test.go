package shipper

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper/spool"
)

// encoder is mustEncode for many events: a scrubber takes milliseconds to build.
func encoder(t *testing.T) func(*event.Event, DSN) Envelope {
	s, err := scrub.New(scrub.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	return func(e *event.Event, d DSN) Envelope {
		v, err := Encode(s.Event(e), d)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestThreeDaysOfOutage: while the server is down for 72 hours of simulated time,
// events are stored all the time; when it is back everything arrives in the order of
// age (give or take what is in hand), once, each with its own time and the sent_at of that day, and the disk is free again.
func TestThreeDaysOfOutage(t *testing.T) {
	const events, outage = 3000, 72 * time.Hour
	var ahead atomic.Int64 // of the real clock
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	var up atomic.Bool
	got := make(chan delivery, events+10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, err := readDelivery(r)
		if err != nil {
			t.Errorf("malformed request: %v", err)
		}
		if !up.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		got <- d
	}))
	t.Cleanup(server.Close)
	to := mustDSN(t, strings.Replace(server.URL, "://", "://"+testKey+"@", 1)+"/42")
	cfg := quickConfig(t.TempDir())
	cfg.Now, cfg.Senders = now, 1
	o := openTest(t, cfg, to)
	running(t, o)
	stamps := make(map[string]time.Time, events)
	encode := encoder(t)
	for n := range events {
		e := crash(n)
		e.Timestamp = now().UTC().Truncate(time.Microsecond)
		stamps[eventID(n)] = e.Timestamp
		if err := o.Commit([]Envelope{encode(e, to)}, []spool.Mark{{Key: "app.log", Value: fmt.Append(nil, n)}}); err != nil {
			t.Fatal(err)
		}
		ahead.Add(int64(outage / events))
	}
	if rep := o.Report(); rep.Destinations[0].State != StateAway || rep.Destinations[0].Pending != events || rep.DeadLetters != 0 {
		t.Fatalf("before: %+v", rep.Destinations[0])
	}
	up.Store(true)
	back := now()
	drained(t, o)
	if len(got) != events {
		t.Fatalf("%d arrived", len(got))
	}
	number := make(map[string]int, events)
	for n := range events {
		number[eventID(n)] = n
	}
	for place := range events {
		d := <-got
		n, fresh := number[d.id]
		delete(number, d.id)
		if !fresh || max(n-place, place-n) > 4*maxInHand { // those in hand go out in any order
			t.Fatalf("event %s (number %d, not seen before: %v) arrived as number %d", d.id, n, fresh, place)
		}
		if want := `"timestamp":"` + stamps[d.id].Format("2006-01-02T15:04:05.000000Z"); !strings.Contains(d.payload, want) {
			t.Fatalf("event %d has another time: %.200s", n, d.payload)
		}
		if sent, err := time.Parse(time.RFC3339Nano, d.sentAt); err != nil || sent.Before(back.Add(-time.Second)) {
			t.Fatalf("event %d: sent_at %s", n, d.sentAt)
		}
	}
	if rep := o.Report(); rep.Spool.DiskBytes > 32<<20 || rep.Destinations[0].Sent != events || len(rep.Destinations[0].Dropped) != 0 {
		t.Errorf("after: %d bytes on disk, %+v", rep.Spool.DiskBytes, rep.Destinations[0])
	}
}

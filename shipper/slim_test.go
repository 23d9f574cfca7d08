package shipper

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tracetail/tracetail/internal/event"
)

// vast is an event that takes all the room there is.
func vast(n int) *event.Event {
	e := crash(n)
	e.Breadcrumbs = &event.Breadcrumbs{}
	for i := range 100 {
		e.Breadcrumbs.Values = append(e.Breadcrumbs.Values, event.Breadcrumb{Message: strings.Repeat(fmt.Sprint(i, " "), 300)})
	}
	vars := map[string]any{"offset": int64(1<<62 + 1), "rows": strings.Repeat("r", 3000)}
	for range 180 {
		e.Exception.Values[0].Stacktrace.Frames = append(e.Exception.Values[0].Stacktrace.Frames, event.Frame{Function: "f", Filename: "f.py", Vars: vars})
	}
	return e
}

// TestTooLargeIsSentSmaller: whatever a server's limit, down to 16 KiB, the event arrives.
func TestTooLargeIsSentSmaller(t *testing.T) {
	for _, limit := range []int{16 << 10, 64 << 10, 300 << 10, 790 << 10} {
		t.Run(fmt.Sprint(limit>>10, " KiB"), func(t *testing.T) {
			got := make(chan delivery, 10)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				d, err := readDelivery(r)
				if err != nil {
					t.Errorf("malformed request: %v", err)
				}
				if len(d.payload) > limit {
					w.WriteHeader(http.StatusRequestEntityTooLarge)
				}
				got <- d
			}))
			t.Cleanup(server.Close)
			to := mustDSN(t, strings.Replace(server.URL, "://", "://"+testKey+"@", 1)+"/42")
			o := openTest(t, quickConfig(t.TempDir()), to)
			running(t, o)
			if err := o.Commit([]Envelope{mustEncode(t, vast(1), to)}, nil); err != nil {
				t.Fatal(err)
			}
			drained(t, o)
			var sizes []int
			var last delivery
			for len(got) > 0 {
				last = <-got
				sizes = append(sizes, len(last.payload))
			}
			if final := sizes[len(sizes)-1]; final > limit {
				t.Errorf("sizes %v for a limit of %d", sizes, limit)
			}
			if rep := o.Report(); rep.Destinations[0].Sent != 1 || rep.Destinations[0].Refused != 0 || rep.DeadLetters != 0 {
				t.Errorf("report %+v", rep.Destinations[0])
			}
			var e event.Event
			if err := json.Unmarshal([]byte(last.payload), &e); err != nil || e.EventID != eventID(1) || e.Exception.Values[0].Type != "OrderException" {
				t.Errorf("%v: %.300s", err, last.payload)
			}
			if len(sizes) > 1 && e.Extra[trimmedKey] == nil {
				t.Error("nothing tells what was left out")
			}
		})
	}
}

// A small event that is too large for a server is a dead letter: there is nothing to take away.
func TestSmallAndTooLargeIsRefused(t *testing.T) {
	s := newSink(t, status(413, "no"))
	o := openTest(t, quickConfig(t.TempDir()), s.dsn(t))
	running(t, o)
	commit(t, o, s.dsn(t), 1, 2)
	drained(t, o)
	if rep := o.Report(); rep.DeadLetters != 1 || rep.Destinations[0].Refused != 1 {
		t.Errorf("report %+v", rep.Destinations[0])
	}
}

// What Encode wrote and readEvent read is written the same again, to the last digit and byte.
func TestReadEventIsEncodeBackwards(t *testing.T) {
	d := mustDSN(t, "https://"+testKey+"@h/1")
	for _, e := range []*event.Event{crash(1), vast(2)} {
		_, payload := openItem(mustEncode(t, e, d).item)
		back, ok := readEvent(payload)
		if !ok {
			t.Fatal("cannot be read back")
		}
		id, _ := parseEventID(e.EventID)
		if diff := cmp.Diff(string(payload), string(appendFitted(nil, back, id, maxEventBytes))); diff != "" {
			t.Error(diff)
		}
	}
}

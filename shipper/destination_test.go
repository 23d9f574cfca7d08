package shipper

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestDestinationByStatus(t *testing.T) {
	gone := answer{err: errors.New("connection torn")}
	tests := []struct {
		name     string
		answer   func(int, string) answer
		items    []string
		hold     bool
		at       []time.Duration // of requests within 20 minutes
		released []uint64
		want     DestinationReport // State, Sent, Held, Refused, Dropped
		letters  int
		log      string // must be said
	}{
		{"accepted", always(answer{status: 200}), []string{"a", "b"}, true, []time.Duration{0, ms}, []uint64{1, 2}, DestinationReport{State: StateOK, Sent: 2}, 0, ""},
		{"429 bare", inOrder(answer{status: 429}), []string{"a"}, true, []time.Duration{0, 60*time.Second + ms}, []uint64{1}, DestinationReport{State: StateOK, Sent: 1, Held: 1}, 0, "limits the rate"},
		{"429 twice", inOrder(answer{status: 429, header: headers("Retry-After", "5")}, answer{status: 429, header: headers("Retry-After", "7")}), []string{"a"}, true,
			[]time.Duration{0, 5*time.Second + ms, 12*time.Second + 2*ms}, []uint64{1}, DestinationReport{State: StateOK, Sent: 1, Held: 2}, 0, "limits the rate"},
		{"429 about others", inOrder(answer{status: 429, header: headers("X-Sentry-Rate-Limits", "60:transaction:key")}), []string{"a", "b"}, true,
			[]time.Duration{0, ms}, []uint64{1, 2}, DestinationReport{State: StateOK, Sent: 2}, 0, ""},
		{"429 dropped", inOrder(answer{status: 429, header: headers("X-Sentry-Rate-Limits", "30:error:key")}), []string{"a", "b"}, false,
			[]time.Duration{0}, []uint64{1, 2}, DestinationReport{State: StateOK, Held: 0, Dropped: map[Reason]uint64{RateLimitBackoff: 2}}, 0, "limits the rate"},
		{"limits with 200", inOrder(answer{status: 200, header: headers("X-Sentry-Rate-Limits", "10:error:key")}), []string{"a", "b"}, true,
			[]time.Duration{0, 10*time.Second + ms}, []uint64{1, 2}, DestinationReport{State: StateOK, Sent: 2}, 0, "limits the rate"},
		{"503", inOrder(answer{status: 503}, answer{status: 503}), []string{"a"}, true,
			[]time.Duration{0, time.Second + ms, 3*time.Second + 2*ms}, []uint64{1}, DestinationReport{State: StateOK, Sent: 1}, 0, "deliveries go on"},
		{"503 with an order", inOrder(answer{status: 503, header: headers("Retry-After", "90")}), []string{"a"}, true,
			[]time.Duration{0, 90*time.Second + ms}, []uint64{1}, DestinationReport{State: StateOK, Sent: 1}, 0, "deliveries wait"},
		{"no answer for long", always(gone), []string{"a"}, true,
			[]time.Duration{0, 1001 * ms, 3002 * ms, 7003 * ms, 15004 * ms, 31005 * ms, 63006 * ms, 127007 * ms, 255008 * ms, 511009 * ms, 811010 * ms, 1111011 * ms}, nil,
			DestinationReport{State: StateAway}, 0, "deliveries wait"},
		{"500 for ever", always(answer{status: 500}), []string{"a"}, true,
			[]time.Duration{0, 1001 * ms, 3002 * ms, 7003 * ms, 15004 * ms}, []uint64{1}, DestinationReport{State: StateAway, Refused: 1, Dropped: map[Reason]uint64{SendError: 1}}, 1, "dead letter"},
		{"500 for a while", inOrder(answer{status: 500}, answer{status: 500}, answer{status: 500}, answer{status: 500}), []string{"a"}, true,
			[]time.Duration{0, 1001 * ms, 3002 * ms, 7003 * ms, 15004 * ms}, []uint64{1}, DestinationReport{State: StateOK, Sent: 1}, 0, "deliveries go on"},
		{"400", inOrder(answer{status: 400, words: "no"}), []string{"a", "b"}, true, []time.Duration{0, ms}, []uint64{1, 2},
			DestinationReport{State: StateOK, Sent: 1, Refused: 1, Dropped: map[Reason]uint64{SendError: 1}}, 1, "refused an event for good"},
		{"413", inOrder(answer{status: 413}), []string{"a"}, true, []time.Duration{0}, []uint64{1},
			DestinationReport{State: StateOK, Refused: 1, Dropped: map[Reason]uint64{SendError: 1}}, 1, "413"},
		{"400 from a stranger", always(answer{status: 400}), []string{"a", "b", "c", "d", "e"}, true,
			[]time.Duration{0, ms, 2 * ms, 60003 * ms, 180004 * ms}, []uint64{1, 2, 3, 4, 5},
			DestinationReport{State: StatePaused, Refused: 5, Dropped: map[Reason]uint64{SendError: 5}}, 5, "check the DSN's key"},
		{"401", always(answer{status: 401}), []string{"a", "b"}, true,
			[]time.Duration{0, 60001 * ms, 180002 * ms, 420003 * ms, 900004 * ms}, nil, DestinationReport{State: StatePaused}, 0, "refuses the key"},
		{"403 mended", inOrder(answer{status: 403}), []string{"a", "b"}, true,
			[]time.Duration{0, 60001 * ms, 60002 * ms}, []uint64{1, 2}, DestinationReport{State: StateOK, Sent: 2}, 0, "deliveries go on"},
		{"404", inOrder(answer{status: 404}), []string{"a"}, true, []time.Duration{0, 60001 * ms}, []uint64{1}, DestinationReport{State: StateOK, Sent: 1}, 0, "nothing takes envelopes there"},
		{"302", inOrder(answer{status: 302}), []string{"a"}, true, []time.Duration{0, 60001 * ms}, []uint64{1}, DestinationReport{State: StateOK, Sent: 1}, 0, "the server redirects"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, tt.answer, tt.items...)
				s.hold = tt.hold
				s.run(1, 20*time.Minute)
				if got := s.road.times(); !slices.Equal(got, tt.at) {
					t.Errorf("requests at %v, want %v", got, tt.at)
				}
				slices.Sort(s.shelf.released) // parcels that waited for the same moment go in any order
				if !slices.Equal(s.shelf.released, tt.released) {
					t.Errorf("released %v, want %v", s.shelf.released, tt.released)
				}
				got := s.snapshot()
				if got.State != tt.want.State || got.Sent != tt.want.Sent || got.Held != tt.want.Held || got.Refused != tt.want.Refused || !sameCounts(got.Dropped, tt.want.Dropped) {
					t.Errorf("report %+v, want %+v", got, tt.want)
				}
				if (got.Why != "") != (got.State == StatePaused) {
					t.Errorf("state %s, why %q", got.State, got.Why)
				}
				if files, _ := os.ReadDir(s.dir); len(files) != tt.letters {
					t.Errorf("%d dead letters, want %d", len(files), tt.letters)
				}
				if !strings.Contains(s.log.String(), tt.log) || strings.Contains(s.log.String(), testKey) {
					t.Errorf("the log says\n%s", &s.log)
				}
			})
		})
	}
}

func sameCounts(a, b map[Reason]uint64) bool {
	if len(a) != len(b) {
		return false
	}
	for reason, n := range a {
		if b[reason] != n {
			return false
		}
	}
	return true
}

// Two senders of a server that is away send one probe at a time.
func TestDestinationSendsOneProbeAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, always(answer{status: 503}), "a", "b", "c")
		s.road.took = 200 * ms
		s.run(2, time.Hour)
		if s.road.most != 2 {
			t.Errorf("%d requests at the same time at first", s.road.most)
		}
		last := time.Duration(0)
		for i, p := range s.road.sent[2:] {
			if p.most != 1 || p.at < last+s.road.took {
				t.Errorf("probe %d at %v, %d tries, the one before at %v", i, p.at, p.most, last)
			}
			last = p.at
		}
		if n := len(s.road.sent); n < 12 || n > 30 {
			t.Errorf("%d requests in an hour", n)
		}
	})
}

// A server that refuses every third request does not bring the others to a halt:
// two senders that sat out every repetition would need 150 seconds and more.
func TestDestinationGoesRoundFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, func(n int, _ string) answer {
			if n%3 == 1 {
				return answer{status: 503}
			}
			return answer{status: 200}
		}, make([]string, 600)...)
		s.road.failed = time.Second
		s.run(2, time.Hour)
		at := s.road.times()
		if len(s.shelf.released) != 600 || len(at) != 900 || at[899] > 100*time.Second {
			t.Errorf("%d of 600 after %d requests, the last at %v", len(s.shelf.released), len(at), at[len(at)-1])
		}
	})
}

// An envelope that the server chokes on delays nobody but itself.
func TestDestinationGoesRoundAPoisonedEnvelope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := make([]string, 100)
		items[10] = "poison"
		s := newStage(t, func(_ int, item string) answer {
			if item == "poison" {
				return answer{status: 500}
			}
			return answer{status: 200}
		}, items...)
		s.run(2, time.Hour)
		ordinary, poison := time.Duration(0), 0
		for _, p := range s.road.sent {
			if p.item == "poison" {
				poison++
			} else {
				ordinary = p.at
			}
		}
		if poison != maxBroken || ordinary > time.Second || s.refused != 1 || s.sent != 99 {
			t.Errorf("%d attempts, the last ordinary one at %v, %d refused, %d sent", poison, ordinary, s.refused, s.sent)
		}
	})
}

// What a server refuses is taken to memory only up to a bound.
func TestDestinationHoldsLittleInMemory(t *testing.T) {
	for _, tt := range []struct{ size, most int }{{10, maxInHand}, {weightBytes, maxInHand / 2}, {1 << 20, 3}, {1 << 30, 1}} {
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t, always(answer{status: 503}), make([]string, 100)...)
			for i := range s.shelf.waiting {
				s.shelf.waiting[i].Payload = make([]byte, min(tt.size, 8<<20))
			}
			s.run(2, time.Minute)
			// One more may have been taken and wait for its place.
			if taken := 100 - len(s.shelf.waiting); taken > tt.most+1 {
				t.Errorf("%d envelopes of %d bytes in memory", taken, tt.size)
			}
		})
	}
}

// After an outage the requests do not come in one burst.
func TestDestinationPacesAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := make([]string, 200)
		s := newStage(t, inOrder(answer{status: 503}), items...)
		s.road.took = 0
		s.run(1, time.Hour)
		if len(s.shelf.released) != len(items) {
			t.Fatalf("%d of %d released", len(s.shelf.released), len(items))
		}
		at := s.road.times()
		probe := slices.IndexFunc(at, func(at time.Duration) bool { return at >= time.Second })
		if at[probe+2]-at[probe+1] < 80*ms || at[len(at)-1]-at[probe] > 2*time.Second {
			t.Errorf("probe at %v, then %v, the last at %v", at[probe], at[probe+1:probe+3], at[len(at)-1])
		}
	})
}

// A limit on logs lets go of logs, and does not touch errors behind them.
func TestDestinationLimitsByCategory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, inOrder(answer{status: 200, header: headers("X-Sentry-Rate-Limits", "30:log_byte:key")}), "a")
		s.run(1, time.Second)
		s.shelf.waiting = newStage(t, nil, "log:1", "log:2", "log:3", "b").shelf.waiting
		s.run(2, time.Minute)
		if len(s.road.sent) != 2 || s.road.sent[1].item != "b" || len(s.shelf.released) != 5 || s.drops.totals()[RateLimitBackoff] != 3 {
			t.Errorf("sent %v, released %v, dropped %v", s.road.sent, s.shelf.released, s.drops.totals())
		}
	})
}

// The complaint is repeated once a minute, however often the destination is probed.
func TestDestinationComplainsOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, always(answer{status: 401, words: "bad key " + testKey + " hun" + "ter2"}), "a")
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+time.Second)
		defer cancel()
		o := &Outbox{cfg: quickConfig(""), dests: []*destination{s.destination}}
		var wg sync.WaitGroup
		wg.Go(func() { _ = s.work(ctx, ctx) })
		wg.Go(func() {
			for await(ctx, nil, keepEvery) {
				o.dests[0].remind()
			}
		})
		wg.Wait()
		if n := strings.Count(s.log.String(), "deliveries are paused"); n != 11 {
			t.Errorf("%d complaints in 10 minutes:\n%s", n, &s.log)
		}
		if strings.Contains(s.log.String(), testKey) || strings.Contains(s.log.String(), "hun"+"ter2") {
			t.Errorf("a secret in the log:\n%s", &s.log)
		}
	})
}

// A request under way when the agent stops is given its time; then it stays in the spool.
func TestDestinationStops(t *testing.T) {
	for _, tt := range []struct {
		name     string
		took     time.Duration
		released int
		ends     time.Duration
	}{{"in time", 3 * time.Second, 1, 4 * time.Second}, {"too slow", time.Minute, 0, 6 * time.Second}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, always(answer{status: 200}), "a", "b")
				s.road.took = tt.took
				ctx, stop := context.WithCancel(t.Context())
				flight, land := graceful(ctx, 5*time.Second)
				defer land()
				time.AfterFunc(time.Second, stop)
				var wg sync.WaitGroup
				wg.Go(func() { _ = s.work(ctx, flight) })
				wg.Wait()
				took := time.Since(start).Round(time.Second)
				if len(s.shelf.released) != tt.released || len(s.road.sent) != 1 || took != max(tt.took, 0) && took != tt.ends {
					t.Errorf("released %v, %d requests, ended after %v", s.shelf.released, len(s.road.sent), took)
				}
				if s.circuit.Open() {
					t.Error("a request that we broke off counts against the server")
				}
			})
		})
	}
}

// A spool that cannot be read for a moment costs a moment, not the sender.
func TestDestinationSurvivesReadErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, always(answer{status: 200}), "a")
		s.shelf.faults = []error{errors.New("input/output error"), errors.New("input/output error")}
		s.run(1, time.Minute)
		if at := s.road.times(); !slices.Equal(at, []time.Duration{2 * time.Second}) || strings.Count(s.log.String(), "cannot be read") != 1 {
			t.Errorf("requests at %v, log\n%s", at, &s.log)
		}
	})
}

// A refused envelope that cannot be kept is let go of, and the log says so.
func TestDestinationWithoutRoomForDeadLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, always(answer{status: 413}), "a")
		s.dead.maxFiles = 0
		s.run(1, time.Minute)
		if len(s.shelf.released) != 1 || !strings.Contains(s.log.String(), "could not be kept and is lost") {
			t.Errorf("released %v, log\n%s", s.shelf.released, &s.log)
		}
		if _, _, evicted := s.dead.size(); evicted != 1 || s.drops.totals()[SendError] != 1 {
			t.Errorf("evicted %d, dropped %v", evicted, s.drops.totals())
		}
	})
}

// A client report tells what was dropped, and is told again if it does not get through.
func TestDestinationReportsDrops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, inOrder(answer{status: 500}))
		s.report(t.Context())
		if len(s.road.sent) != 0 {
			t.Fatal("an empty report was sent")
		}
		s.drops.add(SampleRate, CategoryError, 3, false)
		s.drops.add(CacheOverflow, CategoryLog, 40, false)
		s.drops.add(RateLimitBackoff, CategoryError, 9, true)
		s.report(t.Context()) // fails
		s.drops.add(SampleRate, CategoryError, 1, false)
		s.report(t.Context())
		s.report(t.Context()) // nothing left
		if len(s.road.sent) != 2 {
			t.Fatalf("%d reports", len(s.road.sent))
		}
		want := `{"type":"client_report","length":185}` + "\n" + `{"timestamp":"2000-01-01T00:00:00.001000Z","discarded_events":[{"reason":"cache_overflow","category":"log_item","quantity":40},{"reason":"sample_rate","category":"error","quantity":4}]}`
		if got := s.road.sent[1].item; got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
		if total := s.drops.totals(); total[RateLimitBackoff] != 9 || total[SampleRate] != 4 {
			t.Errorf("totals %v", total)
		}
	})
}

func TestDestinationReportsNothingWhileUnwilling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, inOrder(answer{status: 429, header: headers("X-Sentry-Rate-Limits", "60::key")}), "a")
		s.run(1, time.Second)
		s.drops.add(SampleRate, CategoryError, 3, false)
		s.report(t.Context())
		if len(s.road.sent) != 1 {
			t.Error("a report was sent although everything is limited")
		}
	})
}

func TestReportStaysSmall(t *testing.T) {
	counts := map[discarded]uint64{}
	for c := range Category(categories) {
		for _, r := range []Reason{QueueOverflow, CacheOverflow, RateLimitBackoff, NetworkError, SampleRate, BeforeSend, EventProcessor, SendError, InternalError} {
			counts[discarded{r, c}] = 1 << 63
		}
	}
	if item := encodeReport(counts, noon); len(item) > 4<<10 {
		t.Errorf("%d bytes", len(item))
	}
}

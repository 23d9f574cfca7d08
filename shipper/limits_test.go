package shipper

import (
	"net/http"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func TestLimitsObserve(t *testing.T) {
	tests := []struct {
		name         string
		status       int
		limits       string
		retryAfter   string
		errors, logs time.Duration // how long each is held after noon; 0 = free
		internal     time.Duration
		refused      bool // was an error event refused?
	}{
		{"nothing", 200, "", "", 0, 0, 0, false},
		{"bare 429", 429, "", "", 60 * time.Second, 60 * time.Second, 60 * time.Second, true},
		{"429 with seconds", 429, "", "17", 17 * time.Second, 17 * time.Second, 17 * time.Second, true},
		{"429 with a date", 429, "", "Fri, 01 May 2026 12:00:30 GMT", 30 * time.Second, 30 * time.Second, 30 * time.Second, true},
		{"429 with a past date", 429, "", "Fri, 01 May 2026 11:00:00 GMT", time.Second, time.Second, time.Second, true},
		{"429 with zero", 429, "", "0", time.Second, time.Second, time.Second, true},
		{"429 with nonsense", 429, "", "soon", 60 * time.Second, 60 * time.Second, 60 * time.Second, true},
		{"429 with a year", 429, "", "31536000", 24 * time.Hour, 24 * time.Hour, 24 * time.Hour, true},
		{"retry-after counts with 429 only", 200, "", "17", 0, 0, 0, false},
		{"limits with 200", 200, "30:error:organization", "", 30 * time.Second, 0, 0, false},
		{"429, ours named", 429, "30:error:organization:quota", "99", 30 * time.Second, 0, 0, true},
		{"429, another named", 429, "30:log_item:key", "", 0, 30 * time.Second, 0, false},
		{"bytes hold their items", 429, "30:log_byte:key", "", 0, 30 * time.Second, 0, false},
		{"all", 429, "30::key", "", 30 * time.Second, 30 * time.Second, 30 * time.Second, true},
		{"several categories", 429, "30:transaction;error;log_item:key:r", "", 30 * time.Second, 30 * time.Second, 0, true},
		{"several limits", 429, "30:error:key, 60:log_item:project", "", 30 * time.Second, time.Minute, 0, true},
		{"the later wins", 429, "60:error:key,30:error:organization", "", time.Minute, 0, 0, true},
		{"fraction rounds up", 429, "2.1:error:key", "", 3 * time.Second, 0, 0, true},
		{"negative", 429, "-5:error:key", "", time.Second, 0, 0, true},
		{"infinite", 429, "inf:error:key", "", 24 * time.Hour, 0, 0, true},
		{"out of range", 429, "1e999:error:key", "", 24 * time.Hour, 0, 0, true},
		{"unknown only", 429, "60:teapot:key", "", 0, 0, 0, false},
		{"unknown beside known", 429, "60:teapot;error:key", "", time.Minute, 0, 0, true},
		{"namespaces", 429, "60:metric_bucket:organization:quota:custom;x", "", 0, 0, 0, false},
		{"future fields", 429, "60:error:organization:quota::more:and more", "", time.Minute, 0, 0, true},
		{"no scope", 429, "60:error", "", time.Minute, 0, 0, true},
		{"internal cannot be named", 429, "60:internal:key", "", 0, 0, 0, false},
		{"garbage", 429, "nonsense", "", 60 * time.Second, 60 * time.Second, 60 * time.Second, true},
		{"garbage with seconds beside it", 429, "NaN:error:key", "5", 5 * time.Second, 5 * time.Second, 5 * time.Second, true},
		{"garbage with 200", 200, ":::,,;", "", 0, 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := http.Header{}
			if tt.limits != "" {
				header.Set("X-Sentry-Rate-Limits", tt.limits)
			}
			if tt.retryAfter != "" {
				header.Set("Retry-After", tt.retryAfter)
			}
			var l limits
			refused := l.Observe(noon, tt.status, header)
			for c, want := range map[Category]time.Duration{CategoryError: tt.errors, CategoryLog: tt.logs, CategoryInternal: tt.internal} {
				if got := max(0, l.Until(c).Sub(noon)); got != want {
					t.Errorf("%s held for %v, want %v", c, got, want)
				}
			}
			if got := refused.covers(CategoryError); got != tt.refused {
				t.Errorf("error refused: %v, want %v", got, tt.refused)
			}
		})
	}
}

func TestLimitsKeepTheLaterDeadline(t *testing.T) {
	var l limits
	l.Observe(noon, 200, http.Header{"X-Sentry-Rate-Limits": {"100:error:key"}})
	l.Observe(noon.Add(time.Second), 200, http.Header{"X-Sentry-Rate-Limits": {"10:error:key"}})
	if want := noon.Add(100 * time.Second); !l.Until(CategoryError).Equal(want) || !l.Latest().Equal(want) {
		t.Errorf("held until %v, latest %v, want %v", l.Until(CategoryError), l.Latest(), want)
	}
}

func TestLimitsReadEveryHeaderLine(t *testing.T) {
	var l limits
	l.Observe(noon, 200, http.Header{"X-Sentry-Rate-Limits": {"10:error:key", "20:log_item:key"}})
	if l.Until(CategoryError).Sub(noon) != 10*time.Second || l.Until(CategoryLog).Sub(noon) != 20*time.Second {
		t.Errorf("error until %v, log until %v", l.Until(CategoryError), l.Until(CategoryLog))
	}
}

func TestCategoryWordsAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for c := range Category(categories) {
		if c.String() == "" || seen[c.String()] {
			t.Errorf("category %d has the word %q", c, c)
		}
		seen[c.String()] = true
	}
	if Category(200).String() != "default" {
		t.Error("a category of a newer version has no word")
	}
}

func TestLimitsAreStored(t *testing.T) {
	var l, again limits
	if l.encode(noon) != nil {
		t.Error("no limits, yet something to store")
	}
	l.Observe(noon, 429, http.Header{"X-Sentry-Rate-Limits": {"100:error:key,50::key"}})
	again.decode(l.encode(noon), noon)
	if again != l {
		t.Errorf("stored %v, read %v", l, again)
	}
	for name, now := range map[string]time.Time{"long after": noon.Add(time.Hour), "with a clock that ran wild": noon.Add(-48 * time.Hour)} {
		var late limits
		if late.decode(l.encode(noon), now); late != (limits{}) {
			t.Errorf("%s: %v", name, late)
		}
	}
	for _, junk := range [][]byte{nil, {1}, make([]byte, 8), make([]byte, 1000)} {
		var l limits
		if l.decode(junk, noon); l != (limits{}) {
			t.Errorf("%d bytes of junk: %v", len(junk), l)
		}
	}
}

func FuzzLimits(f *testing.F) {
	for _, s := range []string{"", "60:error:key", "60::key,1e309:error;log_item:x:y:z", "nan::", "-1::", "0x1p-2:error:a", ",,,:::;;;"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, header, after string) {
		for _, status := range []int{200, 429, 503} {
			var l limits
			l.Observe(noon, status, http.Header{"X-Sentry-Rate-Limits": {header}, "Retry-After": {after}})
			if latest := l.Latest(); !latest.IsZero() && (latest.Before(noon.Add(shortestLimit)) || latest.After(noon.Add(longestLimit))) {
				t.Fatalf("%q, %q: held until %v", header, after, latest)
			}
		}
	})
}

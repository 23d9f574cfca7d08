package record

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestStamps reads each shape of a timestamp that loggers are known to print.
func TestStamps(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	for _, c := range []struct {
		text, want string
		o          Options
	}{
		{text: "2026-11-22 05:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "2026-11-22 05:30:00", want: "2026-11-22T04:30:00Z", o: Options{Location: berlin}},
		{text: "2026-11-22T05:30:00Z", want: "2026-11-22T05:30:00Z", o: Options{Location: berlin}},
		{text: "2026-11-22 05:30:00,812", want: "2026-11-22T05:30:00.812Z"},
		{text: "2026-11-22T05:30:00.123456789+05:30", want: "2026-11-22T00:00:00.123456789Z"},
		{text: "2026-11-22 05:30:00.123 -0700", want: "2026-11-22T12:30:00.123Z"},
		{text: "2026-11-22 05:30:00.123 +06", want: "2026-11-21T23:30:00.123Z"},
		{text: "2026-11-22 05:30:00 EST", want: "2026-11-22T10:30:00Z"},
		{text: "2026/11/22 05:30:00.5", want: "2026-11-22T05:30:00.5Z"},
		{text: "2026.11.22 05:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "2026-11-22_05:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "2026/11/22 - 05:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "2026-11-22, 05:30:00 UTC", want: "2026-11-22T05:30:00Z"},
		{text: "2026-11-22  5:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "2018.10.29-16.56.37:542", want: "2018-10-29T16:56:37.542Z"},
		{text: "2026-11-22|05:30:00.123", want: "2026-11-22T05:30:00.123Z"},
		{text: "22-Nov-2026 05:28:11 UTC", want: "2026-11-22T05:28:11Z"},
		{text: "22-Nov-2026::05:31:18.489673", want: "2026-11-22T05:31:18.489673Z"},
		{text: "22/Nov/2026:05:28:01 +0100", want: "2026-11-22T04:28:01Z"},
		{text: "22/Nov/2026 05:28:01", want: "2026-11-22T05:28:01Z"},
		{text: "22 Nov 2026 06:02:56.275", want: "2026-11-22T06:02:56.275Z"},
		{text: "22Nov2026 05:30:00.123", want: "2026-11-22T05:30:00.123Z"},
		{text: "Nov 22, 2026 5:28:01 AM", want: "2026-11-22T05:28:01Z"},
		{text: "Nov 22, 2026 12:28:01 AM", want: "2026-11-22T00:28:01Z"},
		{text: "Nov 22, 2026, 12:28:01 PM", want: "2026-11-22T12:28:01Z"},
		{text: "Nov 22, 2026 5:28:01\u202fPM", want: "2026-11-22T17:28:01Z"},
		{text: "Sun Nov 22 05:30:00 2026", want: "2026-11-22T05:30:00Z"},
		{text: "Sun Nov 22 05:30:00.123456 2026", want: "2026-11-22T05:30:00.123456Z"},
		{text: "Sun Nov 22 05:30:00 CET 2026", want: "2026-11-22T04:30:00Z"},
		{text: "Sun, 22 Nov 2026 05:30:00 GMT", want: "2026-11-22T05:30:00Z"},
		{text: "Sun Nov 22 2026 05:30:00 GMT-0500 (EST)", want: "2026-11-22T10:30:00Z"},
		{text: "11/22/2026, 5:28:01 PM", want: "2026-11-22T17:28:01Z"},
		{text: "11/22/2026 05:30:00.123", want: "2026-11-22T05:30:00.123Z"},
		{text: "22/11/2026, 05:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "22.11.2026 05:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "11/22/26 5:30:00:123 UTC", want: "2026-11-22T05:30:00.123Z"},
		{text: "26/11/22 05:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "20261122 05:30:00.123456", want: "2026-11-22T05:30:00.123456Z"},
		{text: "20261122-05:30:00:123", want: "2026-11-22T05:30:00.123Z"},
		{text: "20261122T053000Z", want: "2026-11-22T05:30:00Z"},
		{text: "20261122T053000.250+0100", want: "2026-11-22T04:30:00.25Z"},
		{text: "261122 05:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "261122  5:30:00", want: "2026-11-22T05:30:00Z"},
		{text: "081109 203615", want: "2008-11-09T20:36:15Z"},
		{text: "1795325400", want: "2026-11-22T05:30:00Z"},
		{text: "1795325400.25", want: "2026-11-22T05:30:00.25Z"},
		{text: "1795325400250", want: "2026-11-22T05:30:00.25Z"},
		{text: "1.7953254002500000e+09", want: "2026-11-22T05:30:00.25Z"},

		{text: "05:30:00.123", want: "2026-11-22T05:30:00.123Z", o: Options{Ref: ref}},
		{text: "5:30:00 PM", want: "2026-11-22T17:30:00Z", o: Options{Ref: ref}},
		{text: "5:30AM", want: "2026-11-22T05:30:00Z", o: Options{Ref: ref}},
		{text: "23:59:59", want: "2026-11-21T23:59:59Z", o: Options{Ref: time.Date(2026, 11, 22, 0, 0, 5, 0, time.UTC)}},
		{text: "00:00:05", want: "2026-11-22T00:00:05Z", o: Options{Ref: time.Date(2026, 11, 21, 23, 59, 59, 0, time.UTC)}},
		{text: "Nov 22 05:30:00", want: "2026-11-22T05:30:00Z", o: Options{Ref: ref}},
		{text: "Dec 31 23:59:59", want: "2025-12-31T23:59:59Z", o: Options{Ref: time.Date(2026, 1, 1, 0, 0, 5, 0, time.UTC)}},
		{text: "11-22 05:28:01.123", want: "2026-11-22T05:28:01.123Z", o: Options{Ref: ref}},
		{text: "05:30:00", want: "0001-01-01T00:00:00Z"}, // no reference, no date
		{text: "2026-13-22 05:30:00", want: "0001-01-01T00:00:00Z"},
	} {
		s, end := stampAt([]byte(c.text), 0)
		if s == noStamp || end != len(c.text) {
			t.Errorf("%q: shape %d, ends at %d", c.text, s, end)
			continue
		}
		if got := parseStamp([]byte(c.text), s, c.o).UTC().Format(time.RFC3339Nano); got != c.want {
			t.Errorf("%q is %s, want %s", c.text, got, c.want)
		}
	}
}

// TestNoStamps holds what looks like a time and is none.
func TestNoStamps(t *testing.T) {
	for _, text := range []string{
		"", "1", "12", "1.2.3", "127.0.0.1 ", "2026-11-22", "2026-11-22 ", "2026-11-22T05-30-00", "5:30", "12:30 is lunch",
		"1795", "3141592653", "Nov", "Nov 22", "May I ask", "Sunday", "Sun shines", "March 3 05:30:00", "99999999 1", "1/2", "1/2/3 4",
	} {
		if s, end := stampAt([]byte(text), 0); s != noStamp {
			t.Errorf("%q is a stamp of shape %d up to %d", text, s, end)
		}
	}
}

// TestStampRoundTrip writes random times in the layouts of loggers and reads them again.
func TestStampRoundTrip(t *testing.T) {
	layouts := []string{
		"2006-01-02 15:04:05.000", "2006-01-02T15:04:05.000000Z07:00", "2006/01/02 15:04:05", "02-Jan-2006 15:04:05 MST",
		"02/Jan/2006:15:04:05 -0700", "Jan 2, 2006 3:04:05 PM", "Mon Jan 2 15:04:05 2006", time.RFC1123, time.ANSIC,
		"01/02/2006, 3:04:05 PM", "20060102 15:04:05.000000", "060102 15:04:05", "20060102T150405Z",
	}
	rapid.Check(t, func(t *rapid.T) {
		want := time.Unix(rapid.Int64Range(1e9, 4e9).Draw(t, "unix"), 0).UTC()
		layout := rapid.SampledFrom(layouts).Draw(t, "layout")
		text := want.Format(layout)
		s, end := stampAt([]byte(text), 0)
		if s == noStamp || end != len(text) {
			t.Fatalf("%q: shape %d, ends at %d", text, s, end)
		}
		if got := parseStamp([]byte(text), s, Options{}); !got.Equal(want) {
			t.Fatalf("%q is %v, want %v", text, got, want)
		}
	})
}

func TestFieldTimes(t *testing.T) {
	want := time.Date(2026, 11, 22, 5, 30, 0, 250e6, time.UTC)
	for _, text := range []string{
		"2026-11-22T05:30:00.25Z", "2026-11-22 05:30:00,250", "1795325400.25", "1795325400250", "1795325400250000", "1795325400250000000",
		"1.79532540025e9", "1.79532540025e12",
	} {
		if got := parseTime(text, Options{}); !got.Equal(want) {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"", "x", "12", "-1", "NaN", "Inf", "1e300", "2026"} {
		if got := parseTime(text, Options{}); !got.IsZero() {
			t.Errorf("%q is %v", text, got)
		}
	}
}

package unwrap

import (
	"testing"
	"time"
)

func TestWhen(t *testing.T) {
	dhaka := time.FixedZone("+06", 6*3600)
	newYear := time.Date(2027, 1, 1, 0, 10, 0, 0, time.UTC)
	cases := []struct {
		name   string
		layout stampLayout
		stamp  string
		ref    time.Time
		want   string
	}{
		{"cri", rfc3339Time, "2026-11-22T05:30:00.123456789Z", noon, "2026-11-22T05:30:00.123456789Z"},
		{"systemd without colon", rfc3339Time, "2026-11-22T05:30:00+0600", noon, "2026-11-22T05:30:00+06:00"},
		{"not a day", rfc3339Time, "2026-13-45T05:30:00Z", noon, ""},
		{"year of the reference", bsdTime, "Nov 22 05:30:00", noon, "2026-11-22T05:30:00Z"},
		{"one digit", bsdTime, "Nov  2 05:30:00.5", noon, "2026-11-02T05:30:00.5Z"},
		{"zone of the reference", bsdTime, "Nov 22 05:30:00", noon.In(dhaka), "2026-11-22T05:30:00+06:00"},
		{"a day ahead is a clock", bsdTime, "Nov 23 11:00:00", noon, "2026-11-23T11:00:00Z"},
		{"more than a day ahead is last year", bsdTime, "Nov 23 13:00:00", noon, "2025-11-23T13:00:00Z"},
		{"December read in January", bsdTime, "Dec 31 23:59:59", newYear, "2026-12-31T23:59:59Z"},
		{"January read in December", bsdTime, "Jan  1 00:00:05", newYear.Add(-time.Hour), "2027-01-01T00:00:05Z"},
		{"leap day", bsdTime, "Feb 29 05:30:00", noon, "2024-02-29T05:30:00Z"},
		{"no such day", bsdTime, "Feb 30 05:30:00", noon, ""},
		{"clock", clockTime, "05:30:00", noon, "2026-11-22T05:30:00Z"},
		{"clock before midnight", clockTime, "23:59:00", noon, "2026-11-21T23:59:00Z"},
		{"no such hour", clockTime, "25:00:00", noon, ""},
		{"full", fullTime, "2026-11-22 05:30:00.25 UTC", noon, "2026-11-22T05:30:00.25Z"},
		{"unix", unixTime, "1795325400.123456", noon, "2026-11-22T05:30:00.123456Z"},
		{"micro", microTime, "1795325400123456", noon, "2026-11-22T05:30:00.123456Z"},
		{"micro nonsense", microTime, "x", noon, ""},
		{"none", noStamp, "", noon, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := Record{layout: c.layout, stamp: []byte(c.stamp)}
			got := ""
			if at := r.When(c.ref); !at.IsZero() {
				got = at.Format(time.RFC3339Nano)
			}
			diff(t, got, c.want)
			diff(t, ReadStamp(uint8(c.layout), []byte(c.stamp), c.ref).Equal(r.When(c.ref)), true)
		})
	}
}

func TestShapes(t *testing.T) {
	for s, want := range map[string]int{
		"2026-11-22T05:30:00Z": 20, "2026-11-22T05:30:00.1Z ": 22, "2026-11-22T05:30:00.123+06:00x": 29,
		"2026-11-22T05:30:00+0600": 24, "2026-11-22T05:30:00-0600 ": 24,
		"2026-11-22T05:30:00": 0, "2026-11-22T05:30:00.Z": 0, "2026-11-22T05:30:00.123": 0, "2026-11-22 05:30:00Z": 0,
		"2026-11-22T05:30:0xZ": 0, "2026x11-22T05:30:00Z": 0, "202\xb6-11-22T05:30:00Z": 0, "2026-11-22T05:30:00+06:": 0,
		"2026-11-22T05:3\xff:00Z": 0, "2026-1/-22T05:30:00Z": 0, "2026-1:-22T05:30:00Z": 0,
	} {
		n, _ := rfc3339([]byte(s))
		if n != want {
			t.Errorf("rfc3339(%q) = %d, want %d", s, n, want)
		}
	}
	for s, want := range map[string]int{
		"Nov 22 05:30:00": 15, "Nov  2 05:30:00 ": 15, "Nov 22 05:30:00.123456 ": 22,
		"Nov 22 05:30:00.": 0, "Nov 2  05:30:00": 0, "Nox 22 05:30:00": 0, "Nov 22 05-30-00": 0, "Nov 22": 0,
	} {
		if n := bsdStamp([]byte(s)); n != want {
			t.Errorf("bsdStamp(%q) = %d, want %d", s, n, want)
		}
	}
}

// Every byte in every place of a shape: only what the pattern says fits.
func TestShapeIsExact(t *testing.T) {
	pattern, good := "99T99:99", []byte("05T30:59")
	s := newShape(pattern)
	for i := range good {
		for c := range 256 {
			b := append([]byte(nil), good...)
			b[i] = byte(c)
			want := pattern[i] == byte(c)
			if pattern[i] == '9' {
				want = c >= '0' && c <= '9'
			}
			if s.fits(b) != want {
				t.Fatalf("%q: fits = %v", b, !want)
			}
		}
	}
}

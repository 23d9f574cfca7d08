package scrub

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tracetail/tracetail/internal/event"
)

func mustNew(tb testing.TB, change ...func(*Config)) *Scrubber {
	tb.Helper()
	cfg := DefaultConfig()
	for _, f := range change {
		f(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// benchLines masks lines one by one, a share of them with a secret.
func benchLines(b *testing.B, share float64) {
	s := mustNew(b)
	lines := newLineMaker(1).lines(1<<20, share)
	size := 0
	for _, l := range lines {
		size += len(l) + 1
	}
	dst := make([]byte, 0, 4096)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range lines {
			s.Bytes(dst, l)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(lines)), "ns/line")
}

func BenchmarkLines(b *testing.B) {
	b.Run("ordinary", func(b *testing.B) { benchLines(b, 0) })
	b.Run("2%", func(b *testing.B) { benchLines(b, 0.02) })
	b.Run("dirty", func(b *testing.B) { benchLines(b, 1) })
}

// BenchmarkBlocks masks 64 KiB at once, as one who reads a log in bulk does.
func BenchmarkBlocks(b *testing.B) {
	for name, share := range map[string]float64{"ordinary": 0, "2%": 0.02, "dirty": 1} {
		b.Run(name, func(b *testing.B) {
			s := mustNew(b)
			text := joinLines(newLineMaker(1).lines(4<<20, share))
			dst := make([]byte, 0, 128<<10)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				for rest := text; len(rest) > 0; {
					n := min(len(rest), 64<<10)
					s.Bytes(dst, rest[:n])
					rest = rest[n:]
				}
			}
		})
	}
}

// BenchmarkFloor is what any scanner with a table has to pay: one load a byte.
func BenchmarkFloor(b *testing.B) {
	text := joinLines(newLineMaker(1).lines(1<<20, 0))
	b.SetBytes(int64(len(text)))
	var sum uint32
	for b.Loop() {
		for _, c := range text {
			sum += classes[c]
		}
	}
	_ = sum
}

// BenchmarkAdversaries masks 256 KiB of what somebody wrote to make it slow.
func BenchmarkAdversaries(b *testing.B) {
	for _, a := range adversaries {
		b.Run(fmt.Sprintf("%.20q", a), func(b *testing.B) {
			s := mustNew(b)
			text := []byte(strings.Repeat(a, (256<<10)/len(a)))
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s.Bytes(nil, text)
			}
		})
	}
}

// BenchmarkEvent masks an event with 50 frames and 100 breadcrumbs, with a secret in a
// few of them. Making the event is not counted.
func BenchmarkEvent(b *testing.B) {
	s := mustNew(b)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		e := bigEvent(newLineMaker(1))
		b.StartTimer()
		s.Event(e)
	}
}

func bigEvent(m *lineMaker) *event.Event {
	e := &event.Event{
		LogEntry: &event.LogEntry{Formatted: m.line("password=hun" + "ter2")},
		Tags:     map[string]string{"pod": "checkout-7d9c5b6f4-x2x9z", "region": "eu-1"},
		Extra:    map[string]any{"log": map[string]any{"file": "/var/log/app.log", "offset": 17}, "thread": "main", "attempt": 3},
		Request:  &event.Request{URL: "https://shop.example.com/orders", Method: "GET", Headers: map[string]string{"Authorization": "Bearer abc", "Accept": "*/*"}},
	}
	frames := make([]event.Frame, 50)
	for i := range frames {
		frames[i] = event.Frame{Function: "handle", Module: m.pick(lineModules), Filename: "shop/orders/views.py", AbsPath: "/srv/app/shop/orders/views.py", Lineno: i,
			PreContext:  []string{"    def handle(self, request):", "        order = self.find(request)", "        if not order:", "            raise NotFound()", "        # pay"},
			ContextLine: "        return self.pay(order, token=request.token)", PostContext: []string{"", "    def find(self, request):", "        return Order.get(request.id)", "", "    def pay(self, order):"}}
	}
	e.Exception = &event.Exceptions{Values: []event.Exception{{Type: "PaymentError", Value: "declined by upstream", Stacktrace: &event.Stacktrace{Frames: frames}}}}
	e.Breadcrumbs = &event.Breadcrumbs{}
	for i := range 100 {
		extra := ""
		if i%20 == 0 {
			extra, _ = m.secret()
		}
		e.Breadcrumbs.Values = append(e.Breadcrumbs.Values, event.Breadcrumb{Category: "log", Message: m.line(extra), Data: map[string]any{"stream": "stdout"}})
	}
	return e
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		mustNew(b)
	}
}

package agent

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/flood"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/internal/unwrap"
	"github.com/tracetail/tracetail/parsers"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper"
)

// nowhere is the outlet of a stream that is only measured.
type nowhere struct{ events int }

func (o *nowhere) event(*stream, *parsers.Result, scrub.Clean) { o.events++ }
func (o *nowhere) settled(*stream, int64, time.Time, bool)     {}

// rooms are what all streams share, made once: the tables of the scrubber take milliseconds.
var rooms = sync.OnceValues(func() (*parsers.Parser, *scrub.Scrubber) {
	cfg := config.Default()
	p, err := parsers.New(cfg.Parsers, unwrap.ReadStamp)
	if err != nil {
		panic(err)
	}
	s, err := scrub.New(cfg.Scrub)
	if err != nil {
		panic(err)
	}
	return p, s
})

// routeOf makes a stream with everything switched on, as agent.open does.
func routeOf(out outlet) *stream {
	p, s := rooms()
	return &stream{info: source.Info{Path: "/var/log/app.log"}, parser: p, scrub: s, filter: flood.New(config.Default().Ignore), unwrap: unwrap.New(unwrap.DefaultConfig()), out: out}
}

var words = strings.Fields("request completed for customer order item stock level updated cache miss refreshed from upstream queue depth worker started batch of rows committed connection pool size retry scheduled after backoff session opened closed")

func text(r *rand.Rand, n int) string {
	var sb strings.Builder
	for range n {
		sb.WriteString(words[r.IntN(len(words))])
		sb.WriteByte(' ')
	}
	return strings.TrimSpace(sb.String())
}

// kinds are the ordinary lines of a busy host, 150 to 200 bytes each.
var kinds = map[string]func(r *rand.Rand, i int) string{
	"access": func(r *rand.Rand, i int) string {
		return fmt.Sprintf(`10.%d.3.%d - - [14/Mar/2026:09:26:%02d +0000] "GET /api/v1/orders/%d HTTP/1.1" 200 %d "https://shop.example.com/cart" "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101" 0.%03d`,
			r.IntN(256), r.IntN(256), i%60, r.IntN(100000), r.IntN(90000), r.IntN(1000))
	},
	"logfmt": func(r *rand.Rand, i int) string {
		return fmt.Sprintf(`ts=2026-03-14T09:26:%02d.%06dZ level=info caller=orders.go:%d service=checkout msg="%s" trace_id=%016x duration=%dms rows=%d`,
			i%60, r.IntN(1e6), r.IntN(900), text(r, 5), r.Uint64(), r.IntN(900), r.IntN(5000))
	},
	"json": func(r *rand.Rand, i int) string {
		return fmt.Sprintf(`{"time":"2026-03-14T09:26:%02d.%03dZ","level":"info","service":"cart","msg":"%s","http":{"path":"/api/v1/orders/%d","status":200},"trace_id":"%016x","elapsed_ms":%d}`,
			i%60, r.IntN(1000), text(r, 5), r.IntN(1e5), r.Uint64(), r.IntN(2000))
	},
	"jvm": func(r *rand.Rand, i int) string {
		return fmt.Sprintf("2026-03-14 09:26:%02d,%03d INFO  [http-nio-8080-exec-%d] com.acme.shop.order.OrderService - %s id=%d", i%60, r.IntN(1000), r.IntN(64), text(r, 13), r.IntN(1e6))
	},
	"python": func(r *rand.Rand, i int) string {
		return fmt.Sprintf("2026-03-14 09:26:%02d,%03d INFO shop.orders.views:%d %s [pid=%d] user=%08x", i%60, r.IntN(1000), r.IntN(700), text(r, 14), r.IntN(60000), r.Uint32())
	},
	"print": func(r *rand.Rand, i int) string { // what starts no log record
		return fmt.Sprintf("Completed 200 OK in %dms for order %d: %s (Views: %d.%dms | Queries: %d)", r.IntN(900), r.IntN(1e6), text(r, 16), r.IntN(90), r.IntN(9), r.IntN(30))
	},
}

// mixture is the share of each kind in a hundred lines.
var mixture = []struct {
	kind  string
	share int
}{{"access", 30}, {"logfmt", 20}, {"json", 22}, {"jvm", 16}, {"python", 12}}

// ordinaryLines makes n lines of a kind ("mixed" for all of them).
func ordinaryLines(kind string, n int) []source.Line {
	r := rand.New(rand.NewPCG(7, 7))
	var out []source.Line
	var at int64
	for i := range n {
		k := kind
		if kind == "mixed" {
			for pick, j := r.IntN(100), 0; ; j++ {
				if pick -= mixture[j].share; pick < 0 {
					k = mixture[j].kind
					break
				}
			}
		}
		text := []byte(kinds[k](r, i))
		end := at + int64(len(text)) + 1
		out = append(out, source.Line{Text: text, Start: at, End: end, Plain: true})
		at = end
	}
	return out
}

// cpuTime is what the process has used of the processor: on a busy machine the
// wall clock says little.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkOrdinaryLine is the cost of a line from the source's hands to the
// decision that it is ordinary, with everything switched on.
func BenchmarkOrdinaryLine(b *testing.B) {
	for _, kind := range []string{"mixed", "access", "logfmt", "json", "jvm", "python", "print"} {
		b.Run(kind, func(b *testing.B) {
			const batch = 320                     // what 64 KiB hold
			lines := ordinaryLines(kind, 4*batch) // what was just read is in the processor's cache
			s := routeOf(&nowhere{})
			now := time.Now()
			s.Lines(now, lines)
			b.SetBytes(lines[len(lines)-1].End / int64(len(lines)))
			b.ReportAllocs()
			b.ResetTimer()
			cpu := cpuTime()
			for i := 0; i < b.N; i += batch {
				at := i % len(lines)
				s.Lines(now, lines[at:at+min(batch, b.N-i)])
			}
			b.ReportMetric(float64(cpuTime()-cpu)/float64(b.N), "cpu-ns/op")
		})
	}
}

// BenchmarkTrace is the cost of a block of 30 lines, from its lines to a masked event.
func BenchmarkTrace(b *testing.B) {
	var lines []source.Line
	var at int64
	add := func(format string, args ...any) {
		text := fmt.Appendf(nil, format, args...)
		lines = append(lines, source.Line{Text: text, Start: at, End: at + int64(len(text)) + 1})
		at += int64(len(text)) + 1
	}
	add("2026-03-14 09:26:53,123 ERROR [main] com.acme.shop.order.OrderService - order 77 failed")
	add("java.lang.IllegalStateException: order 77 has no customer")
	for i := range 18 {
		add("\tat com.acme.shop.order.OrderService.step%d(OrderService.java:%d)", i, 100+i)
	}
	add("Caused by: java.sql.SQLException: connection to db:5432 refused")
	for i := range 8 {
		add("\tat org.postgresql.jdbc.Connection.open%d(Connection.java:%d)", i, 200+i)
	}
	add("\t... 12 more")
	add("2026-03-14 09:26:53,124 INFO [main] com.acme.shop.order.OrderService - next")
	out := &nowhere{}
	s := routeOf(out)
	b.SetBytes(at)
	b.ReportAllocs()
	for b.Loop() {
		s.Lines(time.Time{}, lines)
	}
	if out.events != b.N {
		b.Fatalf("%d events in %d rounds", out.events, b.N)
	}
}

// BenchmarkErrorRecord is the cost of a record that is an event by its level,
// from its line to an envelope.
func BenchmarkErrorRecord(b *testing.B) {
	dsn, err := shipper.ParseDSN("https://0123456789abcdef0123456789abcdef@sentry.example.com/1")
	if err != nil {
		b.Fatal(err)
	}
	for kind, line := range map[string]string{
		"text": "2026-03-14 09:26:53,123 ERROR [http-nio-8080-exec-7] com.acme.shop.order.OrderService - order 77 failed: stock level of item 9 is below zero id=1234",
		"json": `{"time":"2026-03-14T09:26:53.123Z","level":"error","service":"cart","host":"cart-5f2a1","msg":"order 77 failed: stock level below zero","http":{"method":"GET","path":"/api/v1/orders/77","status":500},"trace_id":"0af7651916cd43dd8448eb211c80319c","elapsed_ms":12}`,
	} {
		b.Run(kind, func(b *testing.B) {
			commits := make(chan batch, 1)
			go func() {
				for range commits {
				}
			}()
			defer close(commits)
			s := routeOf(&ship{dests: []shipper.DSN{dsn}, commit: commits, fail: func(err error) { b.Error(err) }})
			lines := make([]source.Line, 100)
			for i := range lines {
				lines[i] = source.Line{Text: []byte(line), Start: int64(i * 200), End: int64(i*200 + 200)}
			}
			b.ReportAllocs()
			for i := 0; i < b.N; i += len(lines) {
				s.Lines(time.Time{}, lines[:min(len(lines), b.N-i)])
			}
		})
	}
}

func TestOrdinaryLinesAllocateNothing(t *testing.T) {
	for _, m := range mixture {
		out := &nowhere{}
		s := routeOf(out)
		lines := ordinaryLines(m.kind, 320)
		now := time.Now()
		s.Lines(now, lines)
		if n := testing.AllocsPerRun(20, func() { s.Lines(now, lines) }); n > 0 {
			t.Errorf("%s: %v allocations in %d lines", m.kind, n, len(lines))
		}
		if out.events > 0 {
			t.Errorf("%s: %d events in ordinary lines", m.kind, out.events)
		}
	}
}

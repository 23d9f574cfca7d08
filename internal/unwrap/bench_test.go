package unwrap

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/source"
)

// text is what the benchmarks wrap: an ordinary line of 125 bytes.
const text = `2026-11-22 05:30:00.551  INFO 4711 --- [nio-8080-exec-3] com.surepay.pay.Ledger : posted 93 cents to w-1, balance is 12034 cent`

var benchLines = []struct{ name, line string }{
	{"plain", text},
	{"plain-json", `{"time":"2026-11-22T05:30:00.045Z","level":"INFO","msg":"batch posted","wallet":"w-8912","cents":595,"errors":0,"host":"pay-7c9f5d"}`},
	{"plain-frame", "\tat com.surepay.PaymentService.withResources(PaymentService.java:13) ~[pay-ledger-1.4.2.jar:1.4.2]"},
	{"plain-words", "goroutine 77 [running]: runtime error: invalid memory address or nil pointer dereference in payments"},
	{"plain-rfc3339", "2026-11-22T05:57:37.375Z [info] login user=8912 session=12ab34cd56ef GET /payment/wallet/w-8912 200 51 ms"},
	{"cri", "2026-11-22T05:30:00.123456789Z stderr F " + text},
	{"docker", `{"log":"` + text + `\n","stream":"stderr","time":"2026-11-22T05:30:00.123456789Z"}`},
	{"docker-escapes", `{"log":"{\"level\":30,\"time\":1795325400000,\"pid\":4711,\"msg\":\"request completed\",\"wallet\":\"w-8912\",\"ms\":12}\n","stream":"stdout","time":"2026-11-22T05:30:00.123456789Z"}`},
	{"journald", `{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1795325400123456","PRIORITY":"6","SYSLOG_IDENTIFIER":"pay-api","_PID":"4711","_HOSTNAME":"h","MESSAGE":"` + text + `"}`},
	{"syslog", "Nov 22 05:30:00 pay-host-1 pay-api[4711]: " + text},
	{"syslog-iso", "2026-11-22T05:30:00.123456+00:00 pay-host-1 pay-api[4711]: " + text},
	{"syslog-5424", "<14>1 2026-11-22T06:17:57.688121+00:00 pay-host-1 pay-api 4711 - - " + text},
	{"compose", "pay-ledger-1  | " + text},
	{"kubectl-timestamps", "2026-11-22T05:30:00.123456789Z com.surepay.pay.Ledger posted 93 cents to w-1, balance is 12034 cents"},
	{"ansi", "\x1b[32mINFO\x1b[0m " + text},
}

func BenchmarkPush(b *testing.B) {
	for _, c := range benchLines {
		b.Run(c.name, func(b *testing.B) { benchmarkLine(b, c.line) })
	}
}

// BenchmarkTwoWriters has two services take turns, so that no prefix is the one
// of the line before.
func BenchmarkTwoWriters(b *testing.B) {
	u, now := New(Config{}), time.Unix(1795325400, 0)
	lines := [2][]byte{[]byte("Nov 22 05:30:00 pay-host-1 pay-api[4711]: " + text), []byte("Nov 22 05:30:00 pay-host-1 pay-web[4712]: " + text)}
	b.SetBytes(int64(len(lines[0])))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		for r := u.Push(now, &source.Line{Text: lines[i&1], Start: 1, End: 2}); r != nil; r = u.Next() {
		}
	}
}

func BenchmarkJoin64Pieces(b *testing.B) {
	u, now := New(Config{}), time.Unix(1795325400, 0)
	piece := []byte("2026-11-22T05:30:00.123456789Z stderr P " + strings.Repeat("x", 16<<10))
	last := []byte("2026-11-22T05:30:00.123456789Z stderr F end")
	b.SetBytes(int64(len(piece) * 60))
	b.ReportAllocs()
	for b.Loop() {
		for range 60 {
			u.Push(now, &source.Line{Text: piece, Start: 1, End: 2})
		}
		for r := u.Push(now, &source.Line{Text: last, Start: 1, End: 2}); r != nil; r = u.Next() {
		}
	}
}

func benchmarkLine(b *testing.B, line string) {
	u, now, in := New(Config{}), time.Unix(1795325400, 0), []byte(line)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		for r := u.Push(now, &source.Line{Text: in, Start: 1, End: 2}); r != nil; r = u.Next() {
		}
	}
}

// BenchmarkScan is the floor under every line: the two searches for NUL and ESC.
func BenchmarkScan(b *testing.B) {
	in := []byte(text)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if bytes.IndexByte(in, 0) >= 0 || bytes.IndexByte(in, esc) >= 0 {
			b.Fatal("found")
		}
	}
}

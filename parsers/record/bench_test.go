package record

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// benchLines are lines as logs have them, one of each common format.
var benchLines = []struct{ name, line string }{
	{"log4j", "2026-11-22 05:30:00,123 INFO  [http-nio-8080-exec-12] com.acme.shop.order.OrderService - request completed for customer order item stock id=70123"},
	{"spring", "2026-11-22 06:00:04.402  INFO 4711 --- [           main] com.surepay.pay.LB                       : POST /payment/send-money user=8912"},
	{"logback", "06:09:08.526 [main] INFO  com.surepay.pay.LB - POST /payment/send-money user=8912"},
	{"python", "2026-11-22 05:30:00,504 INFO shop.orders.views:123 charge w-2 106 ok, error budget fine [pid=70]"},
	{"gunicorn", "[2026-11-22 05:54:09 +0000] [4840] [INFO] Listening at: http://127.0.0.1:18913 (4840)"},
	{"winston", "2026-11-22T05:57:37.375Z [info] login user=8912"},
	{"golog", "2026/11/22 05:29:38 main.go:34: starting pay-agent"},
	{"klog", "I1122 05:58:41.367287   10071 main.go:87] controller up"},
	{"ruby", `I, [2026-11-22T05:29:45.498631 #31686]  INFO -- : Started POST "/payment/send-money"`},
	{"levelfirst", "INFO:payments.api:POST /payment/send-money user=8912"},
	{"access", `10.0.0.177 - - [22/Nov/2026:05:30:04 +0000] "GET /api/v1/orders HTTP/1.1" 200 427 "https://shop.example.com/order" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36" 0.123`},
	{"logfmt", `ts=2026-11-22T05:30:00.123456Z level=info caller=main.go:24 service=checkout msg="request completed for customer order" trace_id=0123456789abcdef0123456789abcdef duration=12ms rows=7`},
	{"json", `{"time":"2026-11-22T05:30:00.123Z","level":"info","service":"checkout","host":"checkout-0a1b2","msg":"request completed for customer order item","http":{"method":"GET","path":"/api/v1/orders","status":200},"trace_id":"0123456789abcdef0123456789abcdef","elapsed_ms":12}`},
	{"pino", `{"level":30,"time":1795325244387,"pid":21467,"hostname":"pay-7c9f5d","name":"pay-api","reqId":"req-1","req":{"method":"GET","url":"/pay?w=w-2"},"res":{"statusCode":200},"msg":"request completed"}`},
	{"logstash", `{"@timestamp":"2026-11-22T05:28:01.123Z","@version":"1","message":"request completed for customer order item stock","logger_name":"com.acme.Pay","thread_name":"http-nio-8080-exec-1","level":"INFO","level_value":20000}`},
	{"unheaded-frame", "\tat com.acme.shop.order.OrderService.place(OrderService.java:123)"},
	{"unheaded-text", "java.lang.IllegalStateException: POST /payment/send-money failed for wallet w-404"},
	{"unheaded-lower", "posted w-1 to the ledger, 12 cents"},
	{"unheaded-path", "/usr/local/go/src/runtime/panic.go:336 (0x4883d7)"},
	{"unheaded-bracket", "[stage-1 3/9] RUN make -C /srv/pay all"},
}

func BenchmarkHead(b *testing.B) {
	for _, l := range benchLines {
		b.Run(l.name, func(b *testing.B) {
			line := []byte(l.line)
			var s Scanner
			b.ReportAllocs()
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				s.Head(line)
			}
		})
	}
}

// mixed writes a stream as a machine with several services has it: a third
// access log, the rest JSON, logfmt, a JVM and Python, with other levels in between.
func mixed(n int) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	words := func(n int) string {
		var sb strings.Builder
		for range n {
			sb.WriteString(pick("request", "completed", "for", "customer", "order", "stock", "level", "updated", "cache", "miss", "retry") + " ")
		}
		return strings.TrimSpace(sb.String())
	}
	level := func() string { return pick("INFO", "INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR") }
	lines := make([][]byte, n)
	for i := range lines {
		ms := fmt.Sprintf("05:30:%02d,%03d", i/1000%60, i%1000)
		switch k := r.IntN(100); {
		case k < 30:
			lines[i] = fmt.Appendf(nil, `10.%d.%d.%d - - [22/Nov/2026:05:30:%02d +0000] "GET /api/v1/orders/%d HTTP/1.1" %d %d "-" "okhttp/4.12.0"`,
				r.IntN(250), r.IntN(250), r.IntN(250), i/1000%60, i, r.IntN(5)*100+100, r.IntN(9000))
		case k < 50:
			lines[i] = fmt.Appendf(nil, `ts=2026-11-22T05:30:%02dZ level=%s caller=main.go:%d service=%s msg="%s" trace_id=%032x rows=%d`,
				i/1000%60, strings.ToLower(level()), r.IntN(900), pick("cart", "billing"), words(5+r.IntN(8)), r.Uint64(), r.IntN(99))
		case k < 72:
			lines[i] = fmt.Appendf(nil, `{"time":"2026-11-22T05:30:%02d.%03dZ","level":"%s","service":"%s","msg":"%s","http":{"method":"GET","status":%d},"trace_id":"%032x"}`,
				i/1000%60, i%1000, strings.ToLower(level()), pick("cart", "billing"), words(4+r.IntN(9)), 200+r.IntN(300), r.Uint64())
		case k < 86:
			lines[i] = fmt.Appendf(nil, "2026-11-22 %s %-5s [http-nio-8080-exec-%d] com.acme.shop.%s - %s id=%d",
				ms, level(), r.IntN(64), pick("order.OrderService", "cart.CartController", "pay.Gateway"), words(6+r.IntN(16)), i)
		case k < 97:
			lines[i] = fmt.Appendf(nil, "2026-11-22 %s %s shop.%s:%d %s", ms, level(), pick("orders.views", "tasks.email"), r.IntN(700), words(7+r.IntN(14)))
		default:
			lines[i] = []byte("\tat com.acme.shop.order.OrderService.place(OrderService.java:123)")
		}
	}
	return lines
}

func BenchmarkMixed(b *testing.B) {
	lines := mixed(4096)
	size := 0
	for _, l := range lines {
		size += len(l)
	}
	var s Scanner
	b.ReportAllocs()
	b.SetBytes(int64(size / len(lines)))
	for i := 0; b.Loop(); i++ {
		s.Head(lines[i%len(lines)])
	}
}

func BenchmarkRead(b *testing.B) {
	for _, l := range benchLines[:15] {
		b.Run(l.name, func(b *testing.B) {
			line := []byte(l.line)
			var s Scanner
			h := s.Head(line)
			b.ReportAllocs()
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				s.Read(line, h, Options{Ref: ref})
			}
		})
	}
}

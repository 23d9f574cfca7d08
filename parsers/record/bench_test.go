package record

import "testing"

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

package scrub

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
)

// lineMaker makes log lines as services print them: access logs, logfmt, JSON, a JVM
// logger, Python's logging. The same seed gives the same lines.
type lineMaker struct{ r *rand.Rand }

func newLineMaker(seed uint64) *lineMaker { return &lineMaker{rand.New(rand.NewPCG(seed, 1))} }

var (
	linePaths = []string{"/api/v1/orders", "/api/v1/orders/77123", "/api/v2/users/90210/cart", "/static/app.8122.js", "/healthz", "/login",
		"/api/v1/search?q=shoes&page=4", "/api/v1/payments/4411/confirm", "/favicon.ico", "/assets/img/31.webp"}
	lineAgents = []string{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
		"curl/8.5.0", "kube-probe/1.31", "okhttp/4.12.0", "Go-http-client/2.0"}
	lineServices = strings.Fields("checkout cart inventory billing gateway search profile shipping")
	lineWords    = strings.Fields(`request completed for customer order item stock level updated cache miss refreshed from upstream queue depth
		worker started batch of rows committed connection pool size retry scheduled after backoff session opened closed index rebuilt shard
		leader elected heartbeat accepted message consumed partition offset`)
	lineLoggers = strings.Fields(`com.acme.shop.order.OrderService com.acme.shop.cart.CartController org.hibernate.SQL
		com.acme.shop.pay.PaymentGateway o.s.web.servlet.DispatcherServlet com.zaxxer.hikari.pool.HikariPool`)
	lineModules = strings.Fields("shop.orders.views shop.tasks.email celery.worker django.request urllib3.connectionpool shop.pricing.engine")
	lineLevels  = strings.Fields("INFO INFO INFO INFO INFO DEBUG DEBUG WARN ERROR")
)

func (m *lineMaker) pick(from []string) string { return from[m.r.IntN(len(from))] }

func (m *lineMaker) text(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = m.pick(lineWords)
	}
	return strings.Join(words, " ")
}

func (m *lineMaker) hex(n int) string { return m.from("0123456789abcdef", n) }

func (m *lineMaker) from(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[m.r.IntN(len(alphabet))]
	}
	return string(b)
}

// line makes one line without its line break. If extra is not empty it stands in it.
func (m *lineMaker) line(extra string) string {
	switch k := m.r.IntN(100); {
	case k < 30:
		path := m.pick(linePaths)
		if extra != "" {
			path += "?" + strings.ReplaceAll(extra, " ", "+")
		}
		return fmt.Sprintf(`%d.%d.%d.%d - - [22/Nov/2026:05:30:%02d +0000] "%s %s HTTP/1.1" %d %d "https://shop.example.com/%s" "%s" %.3f`,
			10+m.r.IntN(180), m.r.IntN(256), m.r.IntN(256), 1+m.r.IntN(254), m.r.IntN(60), m.pick([]string{"GET", "GET", "POST", "PUT"}), path,
			200+m.r.IntN(300), m.r.IntN(90000), m.pick(lineWords), m.pick(lineAgents), m.r.Float64())
	case k < 50:
		l := fmt.Sprintf(`ts=2026-11-22T05:30:%02d.%06dZ level=%s caller=%s.go:%d service=%s msg="%s" trace_id=%s duration=%dms rows=%d`,
			m.r.IntN(60), m.r.IntN(1e6), strings.ToLower(m.pick(lineLevels)), m.pick(lineWords), m.r.IntN(900), m.pick(lineServices),
			m.text(4+m.r.IntN(8)), m.hex(32), m.r.IntN(900), m.r.IntN(5000))
		if extra != "" {
			l += fmt.Sprintf(" detail=%q", extra)
		}
		return l
	case k < 72:
		l := fmt.Sprintf(`{"time":"2026-11-22T05:30:%02d.%03dZ","level":"%s","service":"%s","host":"%s-%s","msg":"%s","http":{"method":"GET","path":"%s","status":%d},"trace_id":"%s","span_id":"%s","elapsed_ms":%d`,
			m.r.IntN(60), m.r.IntN(1000), strings.ToLower(m.pick(lineLevels)), m.pick(lineServices), m.pick(lineServices), m.hex(5),
			m.text(3+m.r.IntN(9)), m.pick(linePaths), 200+m.r.IntN(300), m.hex(32), m.hex(16), m.r.IntN(2000))
		if extra != "" {
			l += fmt.Sprintf(`,"detail":%q`, extra)
		}
		return l + "}"
	case k < 88:
		return strings.TrimSuffix(fmt.Sprintf("2026-11-22 05:30:%02d,%03d %-5s [http-nio-8080-exec-%d] %s - %s id=%d %s",
			m.r.IntN(60), m.r.IntN(1000), m.pick(lineLevels), m.r.IntN(64), m.pick(lineLoggers), m.text(6+m.r.IntN(16)), m.r.IntN(1e6), extra), " ")
	default:
		return strings.TrimSuffix(fmt.Sprintf("2026-11-22 05:30:%02d,%03d %s %s:%d %s [pid=%d] user=%s %s",
			m.r.IntN(60), m.r.IntN(1000), m.pick(lineLevels), m.pick(lineModules), m.r.IntN(700), m.text(7+m.r.IntN(14)), m.r.IntN(60000), m.hex(8), extra), " ")
	}
}

// secret makes a text with a secret in it and returns both.
func (m *lineMaker) secret() (text, secret string) {
	v := "Canary9" + m.hex(12)
	switch m.r.IntN(10) {
	case 0:
		return "pass" + "word=" + v + "!", v
	case 1:
		return "passwd: " + v, v
	case 2:
		v = "cnryTok" + m.hex(32)
		return "Authorization: Bearer " + v, v
	case 3:
		v = []string{"4111-1111-1111-1111", "4111 1111 1111 1111", "5555555555554444", "378282246310005"}[m.r.IntN(4)]
		return "card " + v, v
	case 4:
		v = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJY25yeUp3d" + m.hex(40) + "." + m.hex(43)
		return "jwt " + v, v
	case 5:
		return "api_key=" + v, v
	case 6:
		return "postgres://app:" + v + "@db.internal:5432/shop", v
	case 7:
		v = "AKIA" + "CANARYABCDEF2345"
		return "key " + v, v
	case 8:
		v = "ghp_" + m.from("abcdefghijklmnop0123456789", 36)
		return "cloning with " + v, v
	default:
		return "client_secret=" + v, v
	}
}

// lines makes about size bytes of lines, a share of them with a secret.
func (m *lineMaker) lines(size int, share float64) [][]byte {
	var all [][]byte
	for n := 0; n < size; {
		extra := ""
		if m.r.Float64() < share {
			extra, _ = m.secret()
		}
		l := []byte(m.line(extra))
		all = append(all, l)
		n += len(l) + 1
	}
	return all
}

func joinLines(lines [][]byte) []byte { return append(bytes.Join(lines, []byte("\n")), '\n') }

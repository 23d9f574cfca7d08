package shipper

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/scrub"
)

// delivery is one envelope as a strict server reads it.
type delivery struct {
	request http.Header
	path    string
	header  string // first line
	item    string // second line
	payload string
	id      string
	kind    string
	sentAt  string
	remote  string // address of the client
}

// readDelivery reads a request to the letter of the protocol: gzip, a length that
// fits, one item, one line break behind it.
func readDelivery(r *http.Request) (delivery, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return delivery{}, err
	}
	if r.ContentLength != int64(len(body)) || len(r.TransferEncoding) > 0 {
		return delivery{}, fmt.Errorf("content length %d, body %d, %v", r.ContentLength, len(body), r.TransferEncoding)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return delivery{}, err
	}
	text, err := io.ReadAll(zipped)
	if err != nil {
		return delivery{}, err
	}
	d, err := readEnvelope(string(text))
	d.request, d.path, d.remote = r.Header, r.URL.String(), r.RemoteAddr
	return d, err
}

func readEnvelope(text string) (d delivery, err error) {
	var ok [2]bool
	rest := text
	d.header, rest, ok[0] = strings.Cut(rest, "\n")
	d.item, rest, ok[1] = strings.Cut(rest, "\n")
	if !ok[0] || !ok[1] {
		return d, fmt.Errorf("not two header lines: %q", text)
	}
	var header struct {
		EventID string `json:"event_id"`
		SentAt  string `json:"sent_at"`
		DSN     string
	}
	var item struct {
		Type   string
		Length int
	}
	if err := errors.Join(json.Unmarshal([]byte(d.header), &header), json.Unmarshal([]byte(d.item), &item)); err != nil {
		return d, err
	}
	if len(rest) != item.Length+1 || rest[item.Length] != '\n' {
		return d, fmt.Errorf("length %d, but %d bytes follow", item.Length, len(rest))
	}
	if header.DSN != "" {
		return d, errors.New("the header names the dsn")
	}
	d.payload, d.id, d.kind, d.sentAt = rest[:item.Length], header.EventID, item.Type, header.SentAt
	if !json.Valid([]byte(d.payload)) {
		return d, errors.New("the payload is not JSON")
	}
	return d, nil
}

// sink is a server on loopback that answers by a script and keeps what it got.
type sink struct {
	*httptest.Server
	got chan delivery // every request, in order of arrival

	mu     sync.Mutex
	script []http.HandlerFunc // for the next requests; 200 when it is used up
}

func newSink(t *testing.T, script ...http.HandlerFunc) *sink {
	s := &sink{got: make(chan delivery, 10000), script: script}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, err := readDelivery(r)
		if err != nil {
			t.Errorf("malformed request: %v", err)
		}
		answer := s.next()
		answer(w, r)
		s.got <- d
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sink) next() http.HandlerFunc {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.script) == 0 {
		return status(http.StatusOK, `{"id":"00"}`)
	}
	answer := s.script[0]
	s.script = s.script[1:]
	return answer
}

// dsn is a DSN of project 42 on the sink.
func (s *sink) dsn(t testing.TB) DSN {
	return mustDSN(t, strings.Replace(s.URL, "://", "://"+testKey+"@", 1)+"/42")
}

// status answers with code, header pairs "Name: value" and a body.
func status(code int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, h := range header {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// hangUp closes the connection without an answer, or in the middle of one.
func hangUp(half string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, half)
		_ = conn.Close()
	}
}

// crash is an event as a service that died leaves it; n makes its id.
func crash(n int) *event.Event {
	inApp := true
	stack := &event.Stacktrace{}
	for i := range 20 {
		stack.Frames = append(stack.Frames, event.Frame{Module: "com.acme.orders.OrderService", Function: "placeOrder", Filename: "OrderService.java", Lineno: 40 + i, InApp: &inApp})
	}
	return &event.Event{
		EventID: eventID(n), Timestamp: noon, Platform: "java", Level: event.Error, Logger: "com.acme.Orders",
		ServerName: "web-7", Environment: "production", Release: "orders@1.4.2",
		Exception: &event.Exceptions{Values: []event.Exception{{Type: "OrderException", Module: "com.acme", Value: "Order failed: no stock", Stacktrace: stack}}},
		Tags:      map[string]string{"k8s.namespace": "shop", "k8s.pod": "orders-5"},
		Contexts:  map[string]any{"runtime": map[string]any{"name": "OpenJDK", "version": "21.0.2"}},
		Extra:     map[string]any{"log.file": "/var/log/orders.log", "log.offset": 123456, "log.lines": 24},
		SDK:       event.SDK{Name: ClientName, Version: "0.1.0"},
	}
}

func eventID(n int) string {
	id := [16]byte{0: 0xaa, 6: 0x40, 8: 0x80}
	id[14], id[15] = byte(n>>8), byte(n)
	return hex.EncodeToString(id[:])
}

func cleaned(t testing.TB, e *event.Event) scrub.Clean {
	t.Helper()
	s, err := scrub.New(scrub.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	return s.Event(e)
}

func mustEncode(t testing.TB, e *event.Event, d DSN) Envelope {
	t.Helper()
	v, err := Encode(cleaned(t, e), d)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

package loopback

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/event"
)

// Key is the public key that the receiver accepts.
const Key = "0123456789abcdef0123456789abcdef"

// Receiver is a server on a loopback address.
type Receiver struct {
	t      testing.TB
	server *httptest.Server

	mu       sync.Mutex
	answer   func(request int, w http.ResponseWriter) (status int) // nil takes everything
	requests int
	events   []event.Event
	raw      [][]byte
	changed  chan struct{}
}

// New starts a receiver that the test's end stops.
func New(t testing.TB) *Receiver {
	r := &Receiver{t: t, changed: make(chan struct{})}
	r.server = httptest.NewServer(r)
	t.Cleanup(r.server.Close)
	return r
}

// Answer sets what may say what a request is answered before its envelope is taken:
// a status other than 200 means that it is refused. It is called with the number of
// the request, from 1.
func (r *Receiver) Answer(f func(request int, w http.ResponseWriter) (status int)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

// DSN is where to send.
func (r *Receiver) DSN() string {
	return strings.Replace(r.server.URL, "://", "://"+Key+"@", 1) + "/42"
}

// ServeHTTP takes one request. What is wrong with it fails the test.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := r.check(req)
	if err != nil {
		r.t.Errorf("request: %v", err)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	env, err := ParseEnvelope(body)
	if err == nil {
		err = recent(env.SentAt)
	}
	if err != nil {
		r.t.Errorf("envelope: %v\n%.2000s", err, body)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	r.requests++
	n, answer := r.requests, r.answer
	r.mu.Unlock()
	if answer != nil {
		if status := answer(n, w); status != http.StatusOK {
			w.WriteHeader(status)
			return
		}
	}
	for _, it := range env.Items {
		if it.Type == "event" {
			r.take(env, it)
		}
	}
	fmt.Fprintf(w, `{"id":%q}`, env.EventID)
}

// recent refuses a sent_at that is not the time of sending: servers shift every timestamp by the difference.
func recent(sent time.Time) error {
	if d := time.Since(sent); d < -2*time.Second || d > 20*time.Second {
		return fmt.Errorf("sent_at is %v off: it must be stamped when sent", d)
	}
	return nil
}

var authHeader = regexp.MustCompile(`^Sentry sentry_version=7, ?sentry_client=tracetail/[^, ]+, ?sentry_key=` + Key + `$`)

func (r *Receiver) check(req *http.Request) ([]byte, error) {
	switch {
	case req.Method != http.MethodPost:
		return nil, fmt.Errorf("method %s, want POST", req.Method)
	case req.URL.Path != "/api/42/envelope/":
		return nil, fmt.Errorf("path %s, want /api/42/envelope/", req.URL.Path)
	case req.URL.RawQuery != "":
		return nil, fmt.Errorf("query %q: keys do not belong into a URL", req.URL.RawQuery)
	case req.Header.Get("Content-Type") != "application/x-sentry-envelope":
		return nil, fmt.Errorf("content type %q", req.Header.Get("Content-Type"))
	case !authHeader.MatchString(req.Header.Get("X-Sentry-Auth")):
		return nil, fmt.Errorf("X-Sentry-Auth %q does not fit %v", req.Header.Get("X-Sentry-Auth"), authHeader)
	case !strings.HasPrefix(req.Header.Get("User-Agent"), "tracetail/"):
		return nil, fmt.Errorf("user agent %q", req.Header.Get("User-Agent"))
	case req.ContentLength < 0:
		return nil, fmt.Errorf("chunked body: send a Content-Length")
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	switch enc := req.Header.Get("Content-Encoding"); enc {
	case "":
		return body, nil
	case "gzip":
		zr, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(zr)
	default:
		return nil, fmt.Errorf("content encoding %q: some servers know gzip only", enc)
	}
}

func (r *Receiver) take(env Envelope, it Item) {
	var e event.Event
	if err := json.Unmarshal(it.Payload, &e); err != nil {
		r.t.Errorf("event: %v\n%.2000s", err, it.Payload)
		return
	}
	if e.EventID != env.EventID || len(e.EventID) != 32 {
		r.t.Errorf("event id %q in an envelope of id %q", e.EventID, env.EventID)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	r.raw = append(r.raw, it.Payload)
	close(r.changed)
	r.changed = make(chan struct{})
}

// Events returns what has come so far.
func (r *Receiver) Events() []event.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]event.Event(nil), r.events...)
}

// Raw returns the events' bytes.
func (r *Receiver) Raw() [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([][]byte(nil), r.raw...)
}

// Wait blocks until ok says yes to what has come; it fails the test when
// nothing new has come for as long as patience.
func (r *Receiver) Wait(patience time.Duration, ok func([]event.Event) bool) []event.Event {
	r.t.Helper()
	for {
		r.mu.Lock()
		events, changed := append([]event.Event(nil), r.events...), r.changed
		r.mu.Unlock()
		if ok(events) {
			return events
		}
		select {
		case <-changed:
		case <-time.After(patience):
			r.t.Fatalf("gave up after %v without news; %d events have come", patience, len(events))
		}
	}
}

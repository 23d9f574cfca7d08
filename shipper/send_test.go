package shipper

import (
	"context"
	"encoding/pem"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// quickConfig repeats without delay: the backoff itself is tested by its values.
func quickConfig(dir string) Config {
	cfg := DefaultConfig()
	cfg.Dir, cfg.Version = dir, "0.1.0"
	cfg.Buffer.Fsync, cfg.Compression = "never", "gzip"
	cfg.Rand = func() float64 { return 0 }
	cfg.Mask = func(s string) string { return strings.ReplaceAll(s, "hun"+"ter2", "[Filtered]") }
	return cfg
}

func newTestClient(t testing.TB) *client {
	t.Helper()
	c, err := newClient(quickConfig(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	c.http.RetryWaitMin, c.http.RetryWaitMax = 0, 0
	t.Cleanup(c.http.HTTPClient.CloseIdleConnections)
	return c
}

var sendTime = time.Date(2026, 5, 3, 7, 8, 9, 123456789, time.UTC)

// postCrash sends event n to s, as a sender of an idle destination does.
func postCrash(t *testing.T, c *client, d DSN, n int) answer {
	t.Helper()
	v := mustEncode(t, crash(n), d)
	return c.post(context.Background(), d, c.pack(d, v.item, v.id, sendTime), tries{most: 1 + quickRetries, broken: maxBroken})
}

func TestPostSendsTheEnvelope(t *testing.T) {
	s := newSink(t)
	a := postCrash(t, newTestClient(t), s.dsn(t), 1)
	if a.status != 200 || a.err != nil || a.words != `{"id":"00"}` || a.attempts != 1 {
		t.Fatalf("answer %+v", a)
	}
	got := <-s.got
	if want := `{"event_id":"` + eventID(1) + `","sent_at":"2026-05-03T07:08:09.123456Z","sdk":{"name":"tracetail","version":"0.1.0"}}`; got.header != want {
		t.Errorf("header\n%s, want\n%s", got.header, want)
	}
	if want := string(mustEncode(t, crash(1), s.dsn(t)).item); got.item+"\n"+got.payload != want {
		t.Errorf("item\n%s\n%s, want\n%s", got.item, got.payload, want)
	}
	if got.path != "/api/42/envelope/" {
		t.Errorf("path %s", got.path)
	}
	want := map[string]string{
		"Content-Type":     "application/x-sentry-envelope",
		"Content-Encoding": "gzip",
		"X-Sentry-Auth":    "Sentry sentry_version=7, sentry_client=tracetail/0.1.0, sentry_key=" + testKey,
	}
	for name, value := range want {
		if diff := cmp.Diff(value, got.request.Get(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if agent := got.request.Get("User-Agent"); !strings.HasPrefix(agent, "tracetail/0.1.0 (go") {
		t.Errorf("User-Agent %q", agent)
	}
}

func TestPostSendsTheSecretOfAnOldDSN(t *testing.T) {
	s := newSink(t)
	d := s.dsn(t)
	d.secret = "5ec" + "ret"
	postCrash(t, newTestClient(t), d, 1)
	if auth := (<-s.got).request.Get("X-Sentry-Auth"); !strings.HasSuffix(auth, ", sentry_secret="+d.secret) {
		t.Error("the secret is missing")
	}
}

func TestPostRepeats(t *testing.T) {
	tests := []struct {
		name     string
		script   []http.HandlerFunc
		requests int
		status   int
	}{
		{"not a success", []http.HandlerFunc{status(202, "")}, 1, 202},
		{"not a 429", []http.HandlerFunc{status(429, "", "Retry-After: 1")}, 1, 429},
		{"not a redirect", []http.HandlerFunc{status(302, "", "Location: /elsewhere")}, 1, 302},
		{"not a permanent redirect", []http.HandlerFunc{status(308, "", "Location: /elsewhere")}, 1, 308},
		{"not a 400", []http.HandlerFunc{status(400, "no")}, 1, 400},
		{"not a 401", []http.HandlerFunc{status(401, "no")}, 1, 401},
		{"not a 413", []http.HandlerFunc{status(413, "no")}, 1, 413},
		{"not a 501", []http.HandlerFunc{status(501, "no")}, 1, 501},
		{"a 500 once", []http.HandlerFunc{status(500, ""), status(500, ""), status(500, "")}, 2, 500},
		{"a 500 that passes", []http.HandlerFunc{status(500, "")}, 2, 200},
		{"a 503 twice", []http.HandlerFunc{status(503, ""), status(503, ""), status(503, "no")}, 3, 503},
		{"a 502 that passes", []http.HandlerFunc{status(502, ""), status(504, "")}, 3, 200},
		{"not a 503 that asks for patience", []http.HandlerFunc{status(503, "", "Retry-After: 6")}, 1, 503},
		{"a connection that breaks", []http.HandlerFunc{hangUp("")}, 2, 200},
		{"half a status line", []http.HandlerFunc{hangUp("HTTP/1.1 20")}, 2, 200},
		{"not a success whose body breaks off", []http.HandlerFunc{hangUp("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")}, 1, 200},
		{"not a success that is no HTTP", []http.HandlerFunc{hangUp("SSH-2.0-x\r\n"), hangUp("SSH-2.0-x\r\n"), hangUp("SSH-2.0-x\r\n")}, 3, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSink(t, tt.script...)
			a := postCrash(t, newTestClient(t), s.dsn(t), 1)
			if a.status != tt.status || (a.err == nil) != (a.status > 0) || a.attempts != tt.requests {
				t.Errorf("answer %d %v after %d attempts", a.status, a.err, a.attempts)
			}
			var first delivery
			for i := range tt.requests {
				got := <-s.got
				if i == 0 {
					first = got
				}
				if got.payload != first.payload || got.header != first.header {
					t.Error("a repetition sent something else")
				}
			}
			if len(s.got) > 0 {
				t.Errorf("%d requests more than %d", len(s.got), tt.requests)
			}
		})
	}
}

func TestPostToNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := mustDSN(t, "http://"+testKey+"@"+l.Addr().String()+"/42")
	_ = l.Close()
	a := postCrash(t, newTestClient(t), d, 1)
	if a.verdict() != away || a.attempts != 3 {
		t.Errorf("verdict %d after %d attempts", a.verdict(), a.attempts)
	}
	if told := a.describe(d, nil); told != "connection refused" {
		t.Errorf("told %q", told)
	}
}

func TestPostGivesUpOnSilence(t *testing.T) {
	release := make(chan struct{})
	silent := func(http.ResponseWriter, *http.Request) { <-release }
	s := newSink(t, silent, silent, silent)
	defer close(release)
	c := newTestClient(t)
	c.http.HTTPClient.Timeout = 50 * time.Millisecond
	a := postCrash(t, c, s.dsn(t), 1)
	if a.status != 0 || a.verdict() != away || a.attempts != 3 || a.describe(s.dsn(t), nil) != "no answer in time" {
		t.Errorf("answer %+v: %s", a, a.describe(s.dsn(t), nil))
	}
}

func TestPostEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	release := make(chan struct{})
	s := newSink(t, func(http.ResponseWriter, *http.Request) { cancel(); <-release })
	defer close(release)
	c := newTestClient(t)
	if a := c.post(ctx, s.dsn(t), c.pack(s.dsn(t), frameItem("event", []byte("{}")), [16]byte{1}, noon), tries{most: 3}); a.status != 0 || a.err == nil {
		t.Errorf("answer %+v", a)
	}
}

func TestPostMindsCertificates(t *testing.T) {
	server := httptest.NewUnstartedServer(status(200, ""))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshake that fails
	server.StartTLS()
	t.Cleanup(server.Close)
	d := mustDSN(t, strings.Replace(server.URL, "://", "://"+testKey+"@", 1)+"/42")
	if a := postCrash(t, newTestClient(t), d, 1); a.verdict() != unfit || a.attempts != 1 || !strings.Contains(a.cure(), "ca_file") {
		t.Errorf("a certificate nobody vouches for: %+v", a)
	}
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, trust := range map[string]func(*Config){
		"insecure_skip_verify": func(c *Config) { c.InsecureSkipVerify = true },
		"ca_file":              func(c *Config) { c.CAFile = authority },
	} {
		cfg := quickConfig(t.TempDir())
		trust(&cfg)
		c, err := newClient(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if a := postCrash(t, c, d, 1); a.status != 200 {
			t.Errorf("%s: %+v", name, a)
		}
		c.http.HTTPClient.CloseIdleConnections()
	}
}

// A proxy gets the request, with a user name and password of its own.
func TestPostGoesThroughAProxy(t *testing.T) {
	secret := "hun" + "ter2"
	proxied := make(chan *http.Request, 1)
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { proxied <- r }))
	t.Cleanup(proxy.Close)
	cfg := quickConfig(t.TempDir())
	cfg.Proxy = strings.Replace(proxy.URL, "://", "://agent:"+secret+"@", 1)
	c, err := newClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.http.HTTPClient.CloseIdleConnections()
	if a := postCrash(t, c, mustDSN(t, "http://"+testKey+"@sentry.invalid/42"), 1); a.status != 200 {
		t.Fatalf("answer %+v", a)
	}
	if r := <-proxied; r.Host != "sentry.invalid" || r.Header.Get("Proxy-Authorization") == "" {
		t.Errorf("the proxy was asked for %s", r.Host)
	}
}

func TestPostReadsLittleOfTheAnswer(t *testing.T) {
	s := newSink(t, status(200, strings.Repeat("x", 1<<20)))
	if a := postCrash(t, newTestClient(t), s.dsn(t), 1); a.status != 200 || len(a.words) != maxAnswerBytes {
		t.Errorf("status %d, %d bytes", a.status, len(a.words))
	}
}

func TestPostKeepsConnections(t *testing.T) {
	s := newSink(t)
	c := newTestClient(t)
	for n := range 5 {
		postCrash(t, c, s.dsn(t), n)
	}
	remote := map[string]bool{}
	for range 5 {
		remote[(<-s.got).remote] = true
	}
	if len(remote) != 1 {
		t.Errorf("%d connections for 5 requests in a row", len(remote))
	}
}

// Between two tries of one envelope the others have their turn.
func TestPostLeavesItsTurnWhileItRests(t *testing.T) {
	s := newSink(t, status(503, ""))
	cfg := quickConfig(t.TempDir())
	cfg.Senders = 1
	o := openTest(t, cfg, s.dsn(t))
	o.dests[0].courier.(*client).http.RetryWaitMin = 300 * time.Millisecond
	o.dests[0].courier.(*client).http.RetryWaitMax = 300 * time.Millisecond
	running(t, o)
	commit(t, o, s.dsn(t), 0, 3)
	var order []string
	for range 4 {
		order = append(order, (<-s.got).id)
	}
	if diff := cmp.Diff([]string{eventID(0), eventID(1), eventID(2), eventID(0)}, order); diff != "" {
		t.Error(diff)
	}
}

// An outage is recognised after a few requests, however many envelopes are at hand.
func TestPostMakesFewRequestsInAnOutage(t *testing.T) {
	script := make([]http.HandlerFunc, 100)
	for i := range script {
		script[i] = status(503, "")
	}
	s := newSink(t, script...)
	said := make(chan string, 100)
	cfg := quickConfig(t.TempDir())
	cfg.Rand = func() float64 { return 1 }
	cfg.Log = slog.New(slog.NewTextHandler(lines(said), nil))
	o := openTest(t, cfg, s.dsn(t))
	o.dests[0].courier.(*client).http.RetryWaitMin = time.Hour
	o.dests[0].courier.(*client).http.RetryWaitMax = time.Hour
	stop := running(t, o)
	commit(t, o, s.dsn(t), 0, 50)
	if line := <-said; !strings.Contains(line, "deliveries wait") || !strings.Contains(line, "503 Service Unavailable") {
		t.Errorf("the log says %s", line)
	}
	stop()
	if n := len(s.got); n < maxStumbles || n > maxStumbles+cfg.Senders {
		t.Errorf("%d requests", n)
	}
	if rep := o.Report().Destinations[0]; rep.Pending != 50 || rep.State != StateAway {
		t.Errorf("report %+v", rep)
	}
}

// An agent that stops does not sit out the pause before a repetition.
func TestPostEndsItsRestWithTheAgent(t *testing.T) {
	s := newSink(t, status(503, ""))
	cfg := quickConfig(t.TempDir())
	cfg.Grace, cfg.AttemptTimeout, cfg.RequestTimeout = time.Hour, time.Hour, time.Hour
	o := openTest(t, cfg, s.dsn(t))
	o.dests[0].courier.(*client).http.RetryWaitMin = time.Hour
	o.dests[0].courier.(*client).http.RetryWaitMax = time.Hour
	stop := running(t, o)
	commit(t, o, s.dsn(t), 0, 1)
	<-s.got
	stop() // would last an hour
	if rep := o.Report().Destinations[0]; rep.Pending != 1 || rep.State != StateOK {
		t.Errorf("report %+v", rep)
	}
}

func TestQuickBackoff(t *testing.T) {
	now := func() time.Time { return noon }
	asks := func(seconds string) *http.Response {
		return &http.Response{Header: http.Header{"Retry-After": {seconds}}}
	}
	tests := []struct {
		rand    float64
		attempt int
		resp    *http.Response
		want    time.Duration
	}{
		{0, 0, nil, 500 * time.Millisecond}, {1, 0, nil, time.Second}, {1, 1, nil, 2 * time.Second}, {1, 9, nil, 5 * time.Second}, {1, 1 << 40, nil, 5 * time.Second},
		{0, 0, asks("3"), 3 * time.Second}, {0, 0, asks("3600"), 5 * time.Second}, {0, 0, asks("0"), 500 * time.Millisecond}, {0, 0, asks("x"), 500 * time.Millisecond},
	}
	for _, tt := range tests {
		backoff := quickBackoff(func() float64 { return tt.rand }, now)
		if got := backoff(quickWaitMin, quickWaitMax, tt.attempt, tt.resp); got != tt.want {
			t.Errorf("rand %v, attempt %d, %v: %v, want %v", tt.rand, tt.attempt, tt.resp, got, tt.want)
		}
	}
}

func TestClientNameIsSafe(t *testing.T) {
	cfg := quickConfig(t.TempDir())
	cfg.Version = "1, sentry_key=x\r\n"
	c, err := newClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(c.name+c.agent, ",\r\n") {
		t.Errorf("%q, %q", c.name, c.agent)
	}
}

// A server on this very host gets plain bodies, with their length.
func TestPostCompressesWhereItHelps(t *testing.T) {
	got := make(chan delivery, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		d, err := readEnvelope(string(body))
		if err != nil || r.ContentLength != int64(len(body)) || r.Header.Get("Content-Encoding") != "" {
			t.Errorf("content length %d, header %v: %v", r.ContentLength, r.Header, err)
		}
		got <- d
	}))
	t.Cleanup(server.Close)
	cfg := quickConfig(t.TempDir())
	cfg.Compression = "auto"
	c, err := newClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.http.HTTPClient.CloseIdleConnections()
	d := mustDSN(t, strings.Replace(server.URL, "://", "://"+testKey+"@", 1)+"/42")
	if a := postCrash(t, c, d, 1); a.status != 200 || (<-got).id != eventID(1) {
		t.Errorf("answer %+v", a)
	}
	for host, want := range map[string]bool{"127.0.0.1:8000": false, "[::1]": false, "localhost": false, "10.0.0.1": true, "sentry.example.com": true, "localhost.example.com": true} {
		if got := c.compresses(mustDSN(t, "https://"+testKey+"@"+host+"/1")); got != want {
			t.Errorf("%s: compressed %v", host, got)
		}
	}
}

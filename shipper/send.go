package shipper

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/klauspost/compress/gzip"
)

const (
	// quickRetries bounds what one request repeats by itself; longer outages wait in the spool.
	quickRetries    = 2
	quickWaitMin    = 500 * time.Millisecond
	quickWaitMax    = 5 * time.Second
	maxAnswerBytes  = 16 << 10
	dialTimeout     = 10 * time.Second
	idleConnTimeout = 90 * time.Second
)

// answer is what came of one request.
type answer struct {
	status   int         // 0 if no answer came
	header   http.Header // of the answer
	words    string      // the answer's body, at most 16 KiB, not masked
	err      error       // why no answer came
	attempts int         // requests that were made
}

// tries travels in the context of a request: go-retryablehttp asks one function
// for all requests whether to repeat, and only the context tells them apart.
type tries struct {
	most   int             // requests in all
	broken int             // requests that may be answered 500
	turn   *turn           // left between two requests; nil if there is none
	stop   context.Context // when it ends, nothing is repeated any more; nil: never

	made   int
	err    error              // of the last request
	cancel context.CancelFunc // of the context that this travels in
	awake  func() bool        // ends a rest
}

// rest is called when a pause before a repetition begins.
func (t *tries) rest(resp *http.Response) {
	if t.turn != nil {
		t.turn.leave()
		a := answer{err: t.err}
		if resp != nil {
			a = answer{status: resp.StatusCode}
		}
		t.turn.d.stumble(a)
	}
	if t.stop != nil {
		t.awake = context.AfterFunc(t.stop, t.cancel)
	}
}

// errUseless ends the repetitions of a request.
var errUseless = errors.New("not repeated: the server is away for the others, too")

// rise is called when the pause is over.
func (t *tries) rise(ctx context.Context) error {
	if t.awake != nil && !t.awake() {
		return context.Canceled
	}
	if t.turn == nil {
		return nil
	}
	if !t.turn.take(ctx) {
		return ctx.Err()
	}
	if !t.turn.useful() {
		return errUseless
	}
	return nil
}

type triesKey struct{}

// client sends envelopes. It is safe for concurrent use.
type client struct {
	http *retryablehttp.Client
	// transport is that of http.
	transport *http.Transport
	name      string // sentry_client
	agent     string // User-Agent
	version   string
	timeout   time.Duration
	// compression is auto, gzip or none.
	compression string
	writers     sync.Pool // of *gzip.Writer
}

func newClient(cfg Config) (*client, error) {
	transport, err := newTransport(cfg)
	if err != nil {
		return nil, err
	}
	c := &client{
		transport:   transport,
		name:        ClientName + "/" + headerSafe(cfg.Version),
		version:     cfg.Version,
		timeout:     cfg.RequestTimeout,
		compression: cfg.Compression,
		http: &retryablehttp.Client{
			HTTPClient: &http.Client{
				Transport: transport,
				Timeout:   cfg.AttemptTimeout,
				// A followed 302 becomes a GET whose 200 looks like success: the envelope would be lost.
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			},
			RetryWaitMin: quickWaitMin,
			RetryWaitMax: quickWaitMax,
			RetryMax:     quickRetries,
			CheckRetry:   worthRepeating(cfg.clock()),
			Backoff:      quickBackoff(cfg.random(), cfg.clock()),
			PrepareRetry: prepareRepetition,
			ErrorHandler: retryablehttp.PassthroughErrorHandler,
		},
	}
	c.agent = fmt.Sprintf("%s (%s; %s)", c.name, runtime.Version(), runtime.GOOS)
	c.writers.New = func() any {
		w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		return w
	}
	return c, nil
}

func newTransport(cfg Config) (*http.Transport, error) {
	proxy, err := cfg.proxyURL()
	if err != nil {
		return nil, fmt.Errorf("setting up delivery: proxy: %w", err)
	}
	roots, err := cfg.roots()
	if err != nil {
		return nil, fmt.Errorf("setting up delivery: ca_file: %w", err)
	}
	t := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:     &tls.Config{RootCAs: roots, InsecureSkipVerify: cfg.InsecureSkipVerify, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: dialTimeout,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: cfg.Senders,
		IdleConnTimeout:     idleConnTimeout,
	}
	if cfg.ClientCert != "" {
		t.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return cfg.certificate() }
	}
	if proxy != nil {
		t.Proxy = http.ProxyURL(proxy)
	}
	return t, nil
}

// headerSafe keeps a version from breaking out of the comma-separated X-Sentry-Auth.
func headerSafe(version string) string {
	if version == "" {
		return unknownVersion
	}
	return replaceBytes(version, func(c byte) bool { return keyByte(c) || c == '+' }, '_')
}

// post sends one envelope, compressed by pack, and reads the answer. t bounds the
// quick retries. It returns when ctx ends, at the latest after the request timeout.
func (c *client) post(ctx context.Context, d DSN, body []byte, t tries) answer {
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, triesKey{}, &t), c.timeout)
	defer cancel()
	t.cancel = cancel
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, d.endpoint(), body)
	if err != nil {
		return answer{err: err}
	}
	req.Header.Set("Content-Type", "application/x-sentry-envelope")
	if c.compresses(d) {
		req.Header.Set("Content-Encoding", "gzip")
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("X-Sentry-Auth", d.auth(c.name))
	resp, err := c.http.Do(req)
	if resp == nil {
		return answer{err: cmp.Or(t.err, err), attempts: t.made}
	}
	defer resp.Body.Close()
	// The status decides. A body that breaks off, or a context that ended just
	// after the answer came, does not undo it.
	words, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes))
	return answer{status: resp.StatusCode, header: resp.Header, words: string(words), attempts: t.made}
}

// worthRepeating is asked after every attempt.
func worthRepeating(now func() time.Time) retryablehttp.CheckRetry {
	return func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		t, ok := ctx.Value(triesKey{}).(*tries)
		if !ok || ctx.Err() != nil {
			return false, ctx.Err()
		}
		t.made, t.err = t.made+1, err
		if t.made >= t.most || !t.again(now(), resp) {
			return false, nil
		}
		t.rest(resp)
		return true, nil
	}
}

// again decides by the outcome. A 429 is never repeated: Sentry counts a
// repetition against the sender, and the wait may be hours.
func (t *tries) again(now time.Time, resp *http.Response) bool {
	if t.err != nil {
		return !untrusted(t.err) && !unwelcome(t.err)
	}
	switch resp.StatusCode {
	case http.StatusInternalServerError:
		return t.made < min(2, t.broken)
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		order, _ := retryAfter(now, resp.Header.Get("Retry-After"))
		return order <= quickWaitMax
	}
	return false
}

func prepareRepetition(req *http.Request) error {
	if t, ok := req.Context().Value(triesKey{}).(*tries); ok {
		return t.rise(req.Context())
	}
	return nil
}

// quickBackoff waits between attempts: 0.5 to 1 s, then 0.5 to 2 s, or what the
// server asks for, if that is short.
func quickBackoff(random func() float64, now func() time.Time) retryablehttp.Backoff {
	return func(shortest, longest time.Duration, attempt int, resp *http.Response) time.Duration {
		span := min(longest, shortest<<(min(attempt, 8)+1)) - shortest
		wait := shortest + time.Duration(random()*float64(span))
		if resp != nil {
			if order, ok := retryAfter(now(), resp.Header.Get("Retry-After")); ok {
				wait = max(wait, min(order, longest))
			}
		}
		return wait
	}
}

// pack frames one stored item as an envelope, stamps it with the time of sending
// and compresses it. Every caller gets memory of its own: net/http may still read
// a request's body after the answer has come.
func (c *client) pack(d DSN, item []byte, id [16]byte, sentAt time.Time) []byte {
	var room [192]byte
	header := appendHeader(room[:0], id, sentAt, c.version)
	if !c.compresses(d) {
		return slices.Concat(header, item, []byte{'\n'})
	}
	out := bytes.NewBuffer(make([]byte, 0, 512+len(item)/3))
	w := c.writers.Get().(*gzip.Writer)
	defer c.writers.Put(w)
	w.Reset(out)
	for _, part := range [...][]byte{header, item, {'\n'}} {
		_, _ = w.Write(part) // to memory: cannot fail
	}
	_ = w.Close()
	return out.Bytes()
}

// compresses tells whether a body for d is worth it: gzip takes a third of the
// work that a delivery is, and on the way to this very host it saves nothing.
func (c *client) compresses(d DSN) bool {
	return c.compression == "gzip" || c.compression == "auto" && !d.loopback()
}

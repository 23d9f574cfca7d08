package shipper

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// Config is the section `delivery` of the configuration. Start from DefaultConfig:
// the zero Config is not valid.
type Config struct {
	// Dir is the state directory; the spool lives in Dir/spool, refused envelopes in Dir/dead.
	Dir string `yaml:"-"`
	// Senders is how many requests per destination may be under way at a time.
	Senders int `yaml:"senders"`
	// OnRateLimit is "hold" (keep errors until the server wants them again) or
	// "drop" (let go of them, counted, as SDKs do). Logs and metrics are always let go.
	OnRateLimit string `yaml:"on_rate_limit"`
	// SendClientReports tells servers how many events were dropped here and why.
	SendClientReports bool `yaml:"send_client_reports"`
	// AttemptTimeout bounds one HTTP request with its answer, RequestTimeout all
	// its quick retries together.
	AttemptTimeout time.Duration `yaml:"attempt_timeout"`
	RequestTimeout time.Duration `yaml:"request_timeout"`
	// Grace is how long requests under way may go on when the agent stops.
	Grace time.Duration `yaml:"grace"`
	// Compression is "auto" (gzip, but nothing on the way to a server on this very
	// host), "gzip" or "none". No other is understood by all servers.
	Compression string `yaml:"compression"`
	// Proxy is the URL of an HTTP proxy; empty means HTTPS_PROXY, HTTP_PROXY and
	// NO_PROXY of the environment.
	Proxy string `yaml:"proxy"`
	// CAFile holds PEM certificates to trust besides those of the system.
	CAFile string `yaml:"ca_file"`
	// ClientCert and ClientKey are PEM files of the certificate that a server or
	// proxy in front of it asks for; both or none. They are read at each new
	// connection, so a renewed certificate needs no restart.
	ClientCert string `yaml:"client_cert"`
	ClientKey  string `yaml:"client_key"`
	// InsecureSkipVerify trusts whoever answers. For tests.
	InsecureSkipVerify bool `yaml:"insecure_skip_verify"`

	Buffer Buffer `yaml:"buffer"`
	Dead   Dead   `yaml:"dead_letters"`

	// Destinations says more of those DSNs that came from the list `destinations`.
	Destinations map[DSN]Destination `yaml:"-"`
	// Version is this program's, for User-Agent, X-Sentry-Auth and the envelope's sdk.
	Version string `yaml:"-"`
	// Mask removes secrets from text that a server or the network library wrote. A
	// server may echo what it was sent. Without Mask no such text is kept or shown.
	Mask func(string) string `yaml:"-"`
	// Log takes what an operator should know; nil is silence.
	Log *slog.Logger `yaml:"-"`
	// Now is the clock; nil is time.Now.
	Now func() time.Time `yaml:"-"`
	// Rand gives the jitter, numbers in [0,1); nil is math/rand/v2.
	Rand func() float64 `yaml:"-"`
}

// Buffer bounds what waits on disk.
type Buffer struct {
	MaxBytes     int64         `yaml:"max_bytes"`      // all events together
	MinFreeBytes int64         `yaml:"min_free_bytes"` // left to others; 0: 256 MiB or 5 % of the disk, whichever is less; -1: nothing
	MaxAge       time.Duration `yaml:"max_age"`        // older events are dropped; 0: never
	Fsync        string        `yaml:"fsync"`          // commit, interval or never
	WhenFull     string        `yaml:"when_full"`      // drop_oldest, drop_newest or block
}

// Dead bounds the envelopes that servers refused for good.
type Dead struct {
	MaxFiles int   `yaml:"max_files"`
	MaxBytes int64 `yaml:"max_bytes"`
}

// DefaultConfig drops nothing while it fits into 512 MiB and a fortnight. Servers
// replace the time of events older than 30 days by that of their arrival, hence the age.
func DefaultConfig() Config {
	return Config{
		Senders:           4,
		OnRateLimit:       "hold",
		SendClientReports: true,
		AttemptTimeout:    15 * time.Second,
		RequestTimeout:    40 * time.Second,
		Grace:             5 * time.Second,
		Compression:       "auto",
		Buffer:            Buffer{MaxBytes: 512 << 20, MaxAge: 14 * 24 * time.Hour, Fsync: "commit", WhenFull: "block"},
		Dead:              Dead{MaxFiles: 1000, MaxBytes: 64 << 20},
		Version:           unknownVersion,
	}
}

var (
	fsyncs   = map[string]spool.Fsync{"commit": spool.FsyncCommit, "interval": spool.FsyncInterval, "never": spool.FsyncNever}
	policies = map[string]spool.Policy{"drop_oldest": spool.DropOldest, "drop_newest": spool.DropNewest, "block": spool.Block}
)

// Validate returns every fault of c, each naming its key below `delivery`.
func (c Config) Validate() error {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	check(c.Senders >= 1 && c.Senders <= 64, "senders: %d, must be between 1 and 64", c.Senders)
	check(c.OnRateLimit == "hold" || c.OnRateLimit == "drop", "on_rate_limit: %q, must be hold or drop", c.OnRateLimit)
	check(c.AttemptTimeout > 0, "attempt_timeout: %v, must be positive", c.AttemptTimeout)
	check(c.RequestTimeout >= c.AttemptTimeout, "request_timeout: %v, must be at least attempt_timeout (%v)", c.RequestTimeout, c.AttemptTimeout)
	check(c.Grace >= 0, "grace: %v, must not be negative", c.Grace)
	check(slices.Contains([]string{"auto", "gzip", "none"}, c.Compression), "compression: %q, must be auto, gzip or none", c.Compression)
	check(c.Buffer.MaxBytes >= 4<<20, "buffer.max_bytes: %d, must be at least %d (4 MiB)", c.Buffer.MaxBytes, 4<<20)
	check(c.Buffer.MaxAge >= 0, "buffer.max_age: %v, must not be negative (0: never)", c.Buffer.MaxAge)
	_, ok := fsyncs[c.Buffer.Fsync]
	check(ok, "buffer.fsync: %q, must be commit, interval or never", c.Buffer.Fsync)
	_, ok = policies[c.Buffer.WhenFull]
	check(ok, "buffer.when_full: %q, must be drop_oldest, drop_newest or block", c.Buffer.WhenFull)
	check(c.Dead.MaxFiles >= 0, "dead_letters.max_files: %d, must not be negative (0: keep none)", c.Dead.MaxFiles)
	check(c.Dead.MaxBytes >= 0, "dead_letters.max_bytes: %d, must not be negative (0: keep none)", c.Dead.MaxBytes)
	_, err := c.proxyURL()
	check(err == nil, "proxy: %v", err)
	_, err = c.roots()
	check(err == nil, "ca_file: %v", err)
	_, err = c.certificate()
	check(err == nil, "client_cert: %v", err)
	return errors.Join(faults...)
}

// proxyURL is nil where the environment decides. Its error never holds the URL, which may hold a password.
func (c Config) proxyURL() (*url.URL, error) {
	if c.Proxy == "" {
		return nil, nil
	}
	u, err := url.Parse(c.Proxy)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5") {
		return nil, errors.New("not a URL of the form http://HOST:PORT (https and socks5 work too)")
	}
	return u, nil
}

// roots is nil where the system's certificates are all there is.
func (c Config) roots() (*x509.CertPool, error) {
	if c.CAFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(c.CAFile)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no PEM certificate", c.CAFile)
	}
	return pool, nil
}

// certificate is nil where none is configured.
func (c Config) certificate() (*tls.Certificate, error) {
	switch {
	case c.ClientCert == "" && c.ClientKey == "":
		return nil, nil
	case c.ClientCert == "" || c.ClientKey == "":
		return nil, errors.New("client_cert and client_key belong together; set both or none")
	}
	pair, err := tls.LoadX509KeyPair(c.ClientCert, c.ClientKey)
	if err != nil {
		return nil, err
	}
	return &pair, nil
}

// spoolOptions says how the spool in dir is to be kept.
func (c Config) spoolOptions(dir string) spool.Options {
	return spool.Options{
		Dir:          dir,
		MaxBytes:     c.Buffer.MaxBytes,
		MinFreeBytes: c.Buffer.MinFreeBytes,
		MaxAge:       c.Buffer.MaxAge,
		Fsync:        fsyncs[c.Buffer.Fsync],
		Policy:       policies[c.Buffer.WhenFull],
		AckEvery:     1, // a 64-byte write against a request: after kill -9 only what was under way is sent again
		Now:          c.Now,
	}
}

func (c Config) clock() func() time.Time {
	if c.Now == nil {
		return time.Now
	}
	return c.Now
}

func (c Config) random() func() float64 {
	if c.Rand == nil {
		return rand.Float64
	}
	return c.Rand
}

func (c Config) logger() *slog.Logger {
	if c.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Log
}

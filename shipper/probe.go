package shipper

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Grade is how a check of a diagnosis came out.
type Grade string

const (
	GradeOK   Grade = "ok"
	GradeWarn Grade = "warn" // works, but see the cure
	GradeFail Grade = "fail" // does not work until it is mended
)

// Finding is one line of a diagnosis. No text in it holds a key, and what a server
// wrote has been masked.
type Finding struct {
	Check string `json:"check"` // such as "dns" or "tls"
	Grade Grade  `json:"grade"`
	Found string `json:"found"`
	Cure  string `json:"cure,omitempty"` // what to do about it
}

const (
	probeLookup = 5 * time.Second
	probeDial   = 5 * time.Second
	// maxProbed is how many addresses of a host are tried.
	maxProbed = 4
)

// Probe goes the way of an envelope to d step by step, and tells how each went:
// proxy, name, connection, TLS, and the answer to an envelope that holds an empty
// client report, which servers take and do not store. It stops at the first step
// that bars the next. It takes some seconds at most for each.
func Probe(ctx context.Context, cfg Config, d DSN) []Finding {
	p := &prober{cfg: cfg, dsn: d, now: cfg.clock()}
	for _, doubt := range d.Warnings() {
		p.add("dsn", GradeWarn, doubt, "copy the DSN anew from the project's settings")
	}
	c, err := newClient(cfg)
	if err != nil {
		p.add("delivery", GradeFail, err.Error(), "mend the section delivery of the configuration")
		return p.findings
	}
	defer c.http.HTTPClient.CloseIdleConnections()
	if p.proxy(c.transport) && p.lookup(ctx) && p.dial(ctx) && p.handshake(ctx, c.transport.TLSClientConfig) {
		p.deliver(ctx, c)
	}
	return p.findings
}

// prober carries one probe from step to step. Every step tells whether the next makes sense.
type prober struct {
	cfg      Config
	dsn      DSN
	now      func() time.Time
	findings []Finding

	target  string // HOST:PORT that is dialled: the server's, or the proxy's
	proxied bool
	addrs   []netip.Addr
	open    net.Conn // to one of them
}

func (p *prober) add(check string, g Grade, found, cure string) {
	if g == GradeOK {
		cure = ""
	}
	p.findings = append(p.findings, Finding{check, g, found, cure})
}

// proxy finds out whom to dial.
func (p *prober) proxy(t *http.Transport) bool {
	endpoint, err := url.Parse(p.dsn.endpoint())
	if err != nil {
		p.add("dsn", GradeFail, "the DSN makes no URL", "copy the DSN anew from the project's settings")
		return false
	}
	p.target = withPort(endpoint)
	via, err := t.Proxy(&http.Request{URL: endpoint})
	if err != nil { // its text may hold the proxy's password
		p.add("proxy", GradeFail, "HTTPS_PROXY or HTTP_PROXY is not a URL", "write it as http://HOST:PORT, or set delivery.proxy")
		return false
	}
	if via != nil {
		p.target, p.proxied = withPort(via), true
		p.add("proxy", GradeOK, "requests go through the proxy "+p.target, "")
	}
	return true
}

// withPort is HOST:PORT of a URL, with the scheme's own port where it names none.
func withPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	own := map[string]string{"http": "80", "https": "443", "socks5": "1080"}
	return net.JoinHostPort(u.Hostname(), own[u.Scheme])
}

// lookup resolves the name.
func (p *prober) lookup(ctx context.Context) bool {
	host, _, _ := net.SplitHostPort(p.target)
	if addr, err := netip.ParseAddr(host); err == nil {
		p.addrs = []netip.Addr{addr}
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, probeLookup)
	defer cancel()
	began := p.now()
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(addrs) == 0 {
		why := "it has no address"
		if err != nil {
			why = fault(err)
		}
		p.add("dns", GradeFail, host+": "+why, "check the host's name in the DSN and the servers in /etc/resolv.conf; where only a proxy resolves names, set delivery.proxy")
		return false
	}
	p.addrs = addrs[:min(len(addrs), maxProbed)]
	p.add("dns", GradeOK, fmt.Sprintf("%s has %s, found in %s", host, list(p.addrs), took(p.now().Sub(began))), "")
	return true
}

func list(addrs []netip.Addr) string {
	words := make([]string, len(addrs))
	for i, a := range addrs {
		words[i] = a.Unmap().String()
	}
	return strings.Join(words, ", ")
}

// took rounds for a person.
func took(d time.Duration) string {
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}

// dial tries every address: one that does not answer costs time with each new connection.
func (p *prober) dial(ctx context.Context) bool {
	_, port, _ := net.SplitHostPort(p.target)
	var good, bad []string
	for _, addr := range p.addrs {
		at := net.JoinHostPort(addr.Unmap().String(), port)
		began := p.now()
		conn, err := (&net.Dialer{Timeout: probeDial}).DialContext(ctx, "tcp", at)
		if err != nil {
			bad = append(bad, at+": "+fault(err))
			continue
		}
		good = append(good, at+" in "+took(p.now().Sub(began)))
		if p.open != nil {
			_ = conn.Close()
			continue
		}
		p.open = conn
	}
	const cure = "is the server running, is the port right, does a firewall let this host through?"
	switch {
	case len(good) == 0:
		p.add("tcp", GradeFail, strings.Join(bad, "; "), cure)
	case len(bad) > 0:
		p.add("tcp", GradeWarn, "connected to "+strings.Join(good, ", ")+", but "+strings.Join(bad, "; "), cure+" (or take the address out of the DNS)")
	default:
		p.add("tcp", GradeOK, "connected to "+strings.Join(good, ", "), "")
	}
	return len(good) > 0
}

// deliver sends an envelope that stores nothing, with the client that delivers events.
func (p *prober) deliver(ctx context.Context, c *client) {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	began := p.now()
	a := c.post(ctx, p.dsn, c.pack(p.dsn, encodeReport(nil, began), id, began), tries{most: 1})
	ended := p.now()
	told := a.describe(p.dsn, p.cfg.Mask)
	switch v := a.verdict(); v {
	case accepted:
		p.add("auth", GradeOK, fmt.Sprintf("%s takes envelopes: %s in %s", p.dsn, told, took(ended.Sub(began))), "")
	case limited:
		p.add("auth", GradeWarn, fmt.Sprintf("%s knows the key, but limits the rate: %s", p.dsn, told), "events wait on disk meanwhile; raise the project's quota, or lower what is sent")
	case unfit, refused:
		p.add("auth", GradeFail, fmt.Sprintf("%s: %s", p.dsn, told), a.cure())
	default:
		p.add("auth", GradeFail, fmt.Sprintf("%s: %s", p.dsn, told), "events wait on disk meanwhile; look at the server's own log")
	}
	if p.proxied && a.status == 0 {
		p.findings[len(p.findings)-1].Cure += "; the connection goes through the proxy " + p.target
	}
	p.clock(a, began, ended)
}

const (
	// fineSkew is within what servers leave alone, beyond badSkew they shift every time in an event (Relay, MINIMUM_CLOCK_DRIFT).
	fineSkew = 10 * time.Second
	badSkew  = 55 * time.Minute
)

// clock compares this host's clock with the server's, which gives whole seconds.
func (p *prober) clock(a answer, began, ended time.Time) {
	date, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		return
	}
	ahead := time.Duration(0)
	switch {
	case began.After(date.Add(time.Second)):
		ahead = began.Sub(date.Add(time.Second))
	case ended.Before(date):
		ahead = ended.Sub(date)
	}
	ahead = ahead.Round(time.Second)
	const cure = "set this host's clock: timedatectl set-ntp true, or start chronyd"
	switch size := max(ahead, -ahead); {
	case size <= fineSkew:
		p.add("clock", GradeOK, fmt.Sprintf("%s off the server's", took(ahead)), "")
	case size < badSkew:
		p.add("clock", GradeWarn, fmt.Sprintf("%s off the server's: events show at the wrong time", ahead), cure)
	default:
		p.add("clock", GradeFail, fmt.Sprintf("%s off the server's: it will misdate every event", ahead), cure)
	}
}

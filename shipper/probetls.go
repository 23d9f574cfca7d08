package shipper

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"
)

// expiryNotice is how long before its end a certificate is worth a warning.
const expiryNotice = 21 * 24 * time.Hour

// handshake looks at the server's certificate. Through a proxy the delivery does that.
func (p *prober) handshake(ctx context.Context, cfg *tls.Config) bool {
	defer p.open.Close()
	if p.dsn.scheme != "https" || p.proxied {
		if p.dsn.scheme == "http" {
			p.plain()
		}
		return true
	}
	host, _, _ := net.SplitHostPort(p.target)
	state, err := greet(ctx, p.open, cfg, host)
	if err == nil {
		p.certificate(state, cfg.InsecureSkipVerify)
		return true
	}
	found, cure := p.target+": "+fault(err), "does the port speak TLS? for a server without it, the DSN begins with http://"
	if untrusted(err) {
		found, cure = p.distrust(ctx, cfg, host, err)
	}
	p.add("tls", GradeFail, found, cure)
	return false
}

// plain warns of a DSN that sends events in the clear beyond this host.
func (p *prober) plain() {
	if len(p.addrs) == 0 || p.addrs[0].IsLoopback() || p.addrs[0].IsPrivate() {
		return
	}
	p.add("tls", GradeWarn, "events travel unencrypted, and with them the key", "use https:// in the DSN")
}

func greet(ctx context.Context, conn net.Conn, cfg *tls.Config, host string) (tls.ConnectionState, error) {
	ctx, cancel := context.WithTimeout(ctx, probeDial)
	defer cancel()
	own := cfg.Clone()
	own.ServerName = host
	t := tls.Client(conn, own)
	err := t.HandshakeContext(ctx)
	return t.ConnectionState(), err
}

// certificate tells of one that is trusted.
func (p *prober) certificate(state tls.ConnectionState, unverified bool) {
	leaf := state.PeerCertificates[0]
	left := leaf.NotAfter.Sub(p.now())
	found := fmt.Sprintf("%s, certificate of %s, issued by %s, ends %s", tls.VersionName(state.Version), subject(leaf), oneLine(cutBytes(leaf.Issuer.CommonName, maxWords)), leaf.NotAfter.UTC().Format(time.DateOnly))
	switch {
	case unverified:
		p.add("tls", GradeWarn, found+"; it is not verified", "remove delivery.insecure_skip_verify, and set delivery.ca_file to the authority that issued it")
	case left < expiryNotice:
		p.add("tls", GradeWarn, found, fmt.Sprintf("renew the server's certificate within %d days", int(left.Hours()/24)))
	default:
		p.add("tls", GradeOK, found, "")
	}
}

func subject(c *x509.Certificate) string {
	name := c.Subject.CommonName
	if len(c.DNSNames) > 0 {
		name = c.DNSNames[0]
	}
	return oneLine(cutBytes(name, maxWords))
}

// distrust says why a certificate was refused, and looks at it a second time, unverified, for what it says of itself.
func (p *prober) distrust(ctx context.Context, cfg *tls.Config, host string, why error) (found, cure string) {
	found, cure = p.target+": certificate not trusted", answer{err: why}.cure()
	conn, err := (&net.Dialer{Timeout: probeDial}).DialContext(ctx, "tcp", p.open.RemoteAddr().String())
	if err != nil {
		return found, cure
	}
	defer conn.Close()
	blind := cfg.Clone()
	blind.InsecureSkipVerify = true // nothing is sent over this connection
	state, err := greet(ctx, conn, blind, host)
	if err != nil || len(state.PeerCertificates) == 0 {
		return found, cure
	}
	leaf := state.PeerCertificates[0]
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(why, &name):
		return fmt.Sprintf("%s: the certificate is for %s, not for %s", p.target, subject(leaf), host), "use a name in the DSN that the certificate holds"
	case errors.As(why, &invalid) && invalid.Reason == x509.Expired && leaf.NotBefore.After(p.now()):
		return fmt.Sprintf("%s: the certificate is valid from %s only", p.target, leaf.NotBefore.UTC().Format(time.DateTime)), "is this host's clock right?"
	case errors.As(why, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("%s: the certificate of %s ended %s", p.target, subject(leaf), leaf.NotAfter.UTC().Format(time.DateTime)), "renew the server's certificate (or is this host's clock wrong?)"
	}
	return fmt.Sprintf("%s: nobody trusted has issued the certificate of %s (issuer: %s)", p.target, subject(leaf), oneLine(cutBytes(leaf.Issuer.CommonName, maxWords))), cure
}

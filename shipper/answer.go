package shipper

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// verdict is what an answer means for the envelope and its destination.
type verdict uint8

const (
	accepted verdict = iota // 2xx: the server has it
	limited                 // 429: not now, and the answer says which data until when
	away                    // no answer, or one that says the server is not itself: keep and try later
	broken                  // 500: this envelope may be at fault, or the server; a few attempts tell
	refused                 // 400, 413, 422: this envelope is never going to be taken
	unfit                   // 3xx, 401, 403, 404 and the like: none is going to be taken until a person mends something
)

// verdict reads the status table of the protocol (Relay's endpoints; Bugsink and
// GlitchTip where they differ).
func (a answer) verdict() verdict {
	switch {
	case a.status == 0 && (untrusted(a.err) || unwelcome(a.err)):
		return unfit
	case a.status == 0:
		return away
	case a.status >= 200 && a.status < 300:
		return accepted
	}
	switch a.status {
	case http.StatusTooManyRequests:
		return limited
	case http.StatusInternalServerError:
		return broken
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return refused
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return away
	}
	if a.status >= 300 && a.status < 500 {
		return unfit
	}
	return away
}

// untrusted tells whether the server's certificate was at fault: that is settled
// by a person, not by trying again.
func untrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
}

// unwelcome tells whether the server minded our certificate, or that we showed
// none. What TLS says then has a type of its own only inside crypto/tls.
func unwelcome(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error" && strings.Contains(op.Err.Error(), "certificate")
}

// cure tells an operator what to do about an answer that pauses a destination.
func (a answer) cure() string {
	switch {
	case a.status == 0 && unwelcome(a.err):
		return "the server asks for a client certificate that it trusts: set delivery.client_cert and delivery.client_key"
	case a.status == 0:
		return "the server's certificate is not trusted: set delivery.ca_file to the authority that issued it"
	case a.status < 400:
		return "the server redirects: put the address it redirects to into the DSN (https instead of http?)"
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return "the server refuses the key: check the DSN, and whether the project still exists and takes events"
	case a.status == http.StatusNotFound:
		return "nothing takes envelopes there: check the DSN's host, path and project id"
	case a.status == http.StatusProxyAuthRequired:
		return "the proxy wants a user name and password: put them into delivery.proxy"
	case a.status == http.StatusBadRequest:
		return "the server has refused every envelope so far: check the DSN's key and project id"
	}
	return "the server takes no envelopes there: check the DSN"
}

// fault names in fixed words why no answer came; nothing in it stems from the network.
func fault(err error) string {
	var dns *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case untrusted(err):
		return "certificate not trusted"
	case unwelcome(err):
		return "the server does not accept the client certificate"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "host name not found"
	case errors.As(err, &dns):
		return "host name lookup failed"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	}
	return "no answer"
}

// maxWords bounds a server's words, in bytes, wherever they are kept or shown.
const maxWords = 200

// describe says in one line what the answer was. What a server or the network
// library wrote goes through mask, because a server may echo what it was sent;
// the keys of d are removed in any case. Without mask only fixed words remain.
func (a answer) describe(d DSN, mask func(string) string) string {
	head, words := strings.TrimSpace(fmt.Sprint(a.status, " ", http.StatusText(a.status))), a.words
	if a.status == 0 {
		head, words = fault(a.err), ""
		var inner *url.Error // its text repeats the URL, which the line names anyway
		if errors.As(a.err, &inner) {
			words = inner.Err.Error()
		}
	}
	if mask == nil || strings.TrimSpace(words) == "" {
		return head
	}
	return head + ": " + cutBytes(oneLine(mask(withoutKeys(words, d))), maxWords)
}

func withoutKeys(text string, d DSN) string {
	for _, key := range []string{d.key, d.secret} {
		if len(key) >= 4 { // shorter ones stand in every other word, and protect nothing
			text = strings.ReplaceAll(text, key, masked[0])
		}
	}
	return text
}

// oneLine makes text fit for a log: no line breaks, no control characters (a
// server could paint an operator's terminal), no invalid UTF-8.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), " ")
}

// cutBytes keeps at most limit bytes of text, whole runes and whole placeholders.
func cutBytes(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit - len(ellipsis)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:beforePlaceholder(text, end)] + ellipsis
}

package scrub

import (
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// In a request it is certain what is a name and what its value, and the names are those
// of protocols and frameworks. So the net can be wider than in text, where "key" and "sid"
// are words like others.

// headerWords in the name of a header, cookie, parameter or variable of the
// environment make its value secret. The list is wide: these names are chosen by
// programs, and nobody misses the value in a report.
var headerWords = []string{"auth", "token", "secret", "password", "passwd", "pwd", "key", "jwt", "bearer", "sso", "saml", "csrf", "xsrf",
	"credentials", "session", "sid", "identity"}

// isRequestSecret tells whether the value under such a name is secret.
func isRequestSecret(name string) bool {
	name = strings.ToLower(name)
	for _, w := range headerWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// request masks the parts of a request: the URL and the body as text, the rest by name.
func (s *Scrubber) request(r *event.Request) {
	if r == nil {
		return
	}
	r.URL = s.String(r.URL)
	r.QueryString = s.pairs(s.String(r.QueryString), "&", isRequestSecret)
	r.Cookies = s.pairs(s.String(r.Cookies), ";", func(name string) bool { return isCookieName(bytesOf(name)) })
	for _, values := range []map[string]string{r.Headers, r.Env} {
		for name, v := range values {
			values[name] = s.header(name, v)
		}
	}
	r.Data = s.value("", r.Data, 0)
}

// header masks the value of a header or of a variable of the environment.
func (s *Scrubber) header(name, v string) string {
	switch {
	case strings.EqualFold(name, "user-agent"), strings.EqualFold(name, "HTTP_USER_AGENT"):
		return s.String(v)
	case strings.Contains(strings.ToLower(name), "cookie"):
		return s.pairs(s.String(v), ";", func(name string) bool { return isCookieName(bytesOf(name)) })
	case isRequestSecret(name) && !isWorkingDirectory(bytesOf(name), bytesOf(v)):
		return s.whole(detAuthHeader, v)
	}
	return s.maskUnder(name, v)
}

// whole replaces v unless it says that there is no value.
func (s *Scrubber) whole(d detector, v string) string {
	if isNull(bytesOf(v)) || s.isReplacement(bytesOf(v)) || s.isAllowed(bytesOf(v)) {
		return v
	}
	return s.replacementFor(d, v)
}

// pairs masks the values of name=value pairs by their names.
func (s *Scrubber) pairs(v, sep string, secret func(string) bool) string {
	if v == "" {
		return v
	}
	parts := strings.Split(v, sep)
	changed := false
	for i, part := range parts {
		name, value, ok := strings.Cut(part, "=")
		if !ok || !secret(strings.TrimSpace(name)) {
			continue
		}
		if masked := s.whole(detCookie, value); masked != value {
			parts[i] = name + "=" + masked
			changed = true
		}
	}
	if !changed {
		return v
	}
	return strings.Join(parts, sep)
}

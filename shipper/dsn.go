package shipper

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// The faults a DSN can have. Each stands alone so that a person sees which part
// of the string to look at; none repeats the string, which holds a key.
var (
	ErrDSNEmpty    = errors.New("dsn is empty: no destination")
	ErrDSNNotURL   = errors.New("dsn is not a URL: expected https://KEY@HOST/PROJECT")
	ErrDSNScheme   = errors.New("dsn has an unknown scheme: use http:// or https://")
	ErrDSNNoKey    = errors.New("dsn has no public key: expected KEY@ in front of the host")
	ErrDSNKey      = errors.New("dsn has a public or secret key with characters that no key has")
	ErrDSNNoHost   = errors.New("dsn has no host after the @")
	ErrDSNHost     = errors.New("dsn has a host that is neither a name nor an address (IPv6 goes in brackets)")
	ErrDSNPort     = errors.New("dsn has a port that is not a number from 1 to 65535")
	ErrDSNProject  = errors.New("dsn has no project id: expected it as the last part of the path")
	ErrDSNBadPath  = errors.New("dsn has a project id or path with characters that do not belong there")
	ErrDSNQuery    = errors.New("dsn has a query (?...): remove it, a DSN ends with the project id")
	ErrDSNFragment = errors.New("dsn has a fragment (#...): remove it, a DSN ends with the project id")
)

// DSN names a project on a Sentry-compatible server and holds the key to write
// to it. It is opaque: however it is printed, logged or marshalled, only host
// and project show. The zero DSN is no destination. Values are comparable.
//
// The grammar is {http|https}://{key}[:{secret}]@{host}[:{port}][{/prefix}]/{project}
// (develop.sentry.dev, "Authentication").
type DSN struct {
	scheme  string
	key     string
	secret  string
	host    string // lower case, IPv6 in brackets, with the port unless it is the scheme's own
	prefix  string // "" or "/path" without a slash at the end
	project string
}

// ParseDSN reads a DSN. Blanks around it and slashes behind it are forgiven. The
// error is one of the ErrDSN... values and never repeats any part of text.
func ParseDSN(text string) (DSN, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return DSN{}, ErrDSNEmpty
	}
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return DSN{}, ErrDSNNotURL
	}
	d := DSN{scheme: strings.ToLower(scheme)}
	if d.scheme != "http" && d.scheme != "https" {
		return DSN{}, ErrDSNScheme
	}
	if strings.Contains(rest, "#") {
		return DSN{}, ErrDSNFragment
	}
	if strings.Contains(rest, "?") {
		return DSN{}, ErrDSNQuery
	}
	authority, path, _ := strings.Cut(rest, "/")
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return DSN{}, ErrDSNNoKey
	}
	err := d.readKeys(authority[:at])
	if err == nil {
		err = d.readHost(authority[at+1:])
	}
	if err == nil {
		err = d.readPath(path)
	}
	if err != nil {
		return DSN{}, err
	}
	return d, nil
}

func (d *DSN) readKeys(userinfo string) error {
	d.key, d.secret, _ = strings.Cut(userinfo, ":")
	if d.key == "" {
		return ErrDSNNoKey
	}
	if !consistsOf(d.key, keyByte) || !consistsOf(d.secret, keyByte) {
		return ErrDSNKey
	}
	return nil
}

func (d *DSN) readHost(text string) error {
	var host, port string
	var hasPort bool
	if end := strings.LastIndexByte(text, ']'); end >= 0 {
		host = text[:end+1]
		if port, hasPort = strings.CutPrefix(text[end+1:], ":"); !hasPort && end+1 < len(text) {
			return ErrDSNHost
		}
	} else {
		host, port, hasPort = strings.Cut(text, ":")
	}
	if strings.Contains(port, ":") {
		return ErrDSNHost // an IPv6 address without its brackets
	}
	if host == "" {
		return ErrDSNNoHost
	}
	d.host = strings.ToLower(host)
	if !validHost(d.host) {
		return ErrDSNHost
	}
	if !hasPort {
		return nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return ErrDSNPort
	}
	if own := (d.scheme == "http" && n == 80) || (d.scheme == "https" && n == 443); !own {
		d.host += ":" + strconv.FormatUint(n, 10)
	}
	return nil
}

func validHost(host string) bool {
	if inside, bracketed := strings.CutPrefix(host, "["); bracketed {
		addr, err := netip.ParseAddr(strings.TrimSuffix(inside, "]"))
		return err == nil && addr.Is6() && addr.Zone() == ""
	}
	return consistsOf(host, hostByte)
}

func (d *DSN) readPath(path string) error {
	path = strings.Trim(path, "/")
	d.project = path
	if cut := strings.LastIndexByte(path, '/'); cut >= 0 {
		d.prefix, d.project = "/"+strings.TrimRight(path[:cut], "/"), path[cut+1:]
	}
	if d.project == "" {
		return ErrDSNProject
	}
	if !consistsOf(d.project, keyByte) || !consistsOf(d.prefix, pathByte) {
		return ErrDSNBadPath
	}
	return nil
}

// keyByte accepts what stands in keys and project ids: no server uses more than
// hex, UUIDs and slugs, and nothing here can break out of a header or a path.
func keyByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '-' || c == '_' || c == '.' || c == '~'
}

func hostByte(c byte) bool { return keyByte(c) && c != '~' || c >= 0x80 }

func pathByte(c byte) bool {
	return c > ' ' && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>'
}

func consistsOf(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

// Key is a number that stays the same for the same project and public key,
// through whatever scheme it is reached; the spool knows destinations by it.
// It is never 0 unless d is the zero DSN.
func (d DSN) Key() uint64 {
	if d.IsZero() {
		return 0
	}
	sum := sha256.Sum256([]byte(d.host + "\x00" + d.prefix + "\x00" + d.project + "\x00" + d.key))
	return max(1, binary.BigEndian.Uint64(sum[:8]))
}

// IsZero tells whether d is no destination.
func (d DSN) IsZero() bool { return d == DSN{} }

// Warnings lists, in words for a person, what is legal in d but likely a mistake.
func (d DSN) Warnings() []string {
	var doubts []string
	if _, err := strconv.ParseUint(d.project, 10, 64); err != nil {
		doubts = append(doubts, "project id is not a number: Sentry itself answers 400 to such a DSN, other servers take it")
	}
	if len(d.key) != 32 || strings.Trim(strings.ToLower(d.key), "0123456789abcdef") != "" {
		doubts = append(doubts, "public key is not 32 hex digits: Sentry itself answers 400 to such a key, other servers take it")
	}
	if d.secret != "" {
		doubts = append(doubts, "secret key is obsolete: it is sent along, but the DSN works without it")
	}
	return doubts
}

// endpoint is the URL that takes envelopes; it holds no key.
func (d DSN) endpoint() string {
	u := url.URL{Scheme: d.scheme, Host: d.host, Path: d.prefix + "/api/" + d.project + "/envelope/"}
	return u.String()
}

// loopback tells whether the host is this one, by its address or the name localhost.
func (d DSN) loopback() bool {
	host := (&url.URL{Host: d.host}).Hostname()
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// auth is the value of the header X-Sentry-Auth. It holds the key.
func (d DSN) auth(client string) string {
	value := "Sentry sentry_version=7, sentry_client=" + client + ", sentry_key=" + d.key
	if d.secret != "" {
		value += ", sentry_secret=" + d.secret
	}
	return value
}

// String gives host and project, as in "sentry.example.com/42".
func (d DSN) String() string {
	if d.IsZero() {
		return "no destination"
	}
	return d.host + d.prefix + "/" + d.project
}

// GoString is String: %#v shows no key either.
func (d DSN) GoString() string { return d.String() }

// Format is String for every verb, because %d or %x would print the fields.
func (d DSN) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(d.String())) }

// MarshalText is String; a DSN cannot be read back from it.
func (d DSN) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// LogValue is String.
func (d DSN) LogValue() slog.Value { return slog.StringValue(d.String()) }

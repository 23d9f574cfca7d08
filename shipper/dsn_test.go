package shipper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
)

// testKey is a public key as Sentry makes them, assembled so that no scanner takes it for a real one.
var testKey = strings.Repeat("ab12", 8)

func mustDSN(t testing.TB, text string) DSN {
	t.Helper()
	d, err := ParseDSN(text)
	if err != nil {
		t.Fatalf("ParseDSN: %v", err)
	}
	return d
}

func TestParseDSN(t *testing.T) {
	tests := []struct{ name, dsn, endpoint, shown string }{
		{"plain", "https://KEY@sentry.example.com/42", "https://sentry.example.com/api/42/envelope/", "sentry.example.com/42"},
		{"saas", "https://KEY@o1.ingest.de.sentry.io/42", "https://o1.ingest.de.sentry.io/api/42/envelope/", "o1.ingest.de.sentry.io/42"},
		{"blanks around", " \t https://KEY@h/42\n", "https://h/api/42/envelope/", "h/42"},
		{"port", "http://KEY@h:9000/1", "http://h:9000/api/1/envelope/", "h:9000/1"},
		{"own port", "https://KEY@h:443/1", "https://h/api/1/envelope/", "h/1"},
		{"upper case", "HTTPS://KEY@Sentry.Example.COM/1", "https://sentry.example.com/api/1/envelope/", "sentry.example.com/1"},
		{"secret", "https://KEY:SECRET@h/1", "https://h/api/1/envelope/", "h/1"},
		{"prefix", "https://KEY@h/a/b/1", "https://h/a/b/api/1/envelope/", "h/a/b/1"},
		{"prefix that needs escaping", "https://KEY@h/a%b/1", "https://h/a%25b/api/1/envelope/", "h/a%b/1"},
		{"slash behind", "https://KEY@h/1/", "https://h/api/1/envelope/", "h/1"},
		{"ipv4", "http://KEY@127.0.0.1:8790/1", "http://127.0.0.1:8790/api/1/envelope/", "127.0.0.1:8790/1"},
		{"ipv6", "http://KEY@[::1]:9000/1", "http://[::1]:9000/api/1/envelope/", "[::1]:9000/1"},
		{"ipv6 without port", "http://KEY@[2001:DB8::1]/1", "http://[2001:db8::1]/api/1/envelope/", "[2001:db8::1]/1"},
		{"project is a word", "http://KEY@h/shop", "http://h/api/shop/envelope/", "h/shop"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := mustDSN(t, strings.NewReplacer("KEY", testKey, "SECRET", "5ec"+"ret").Replace(tt.dsn))
			if got := d.endpoint(); got != tt.endpoint {
				t.Errorf("endpoint %q, want %q", got, tt.endpoint)
			}
			if got := d.String(); got != tt.shown {
				t.Errorf("String %q, want %q", got, tt.shown)
			}
			if !strings.Contains(d.auth("tracetail/1"), "sentry_version=7, sentry_client=tracetail/1, sentry_key="+testKey) {
				t.Errorf("auth lacks version, client or key")
			}
		})
	}
}

func TestParseDSNRefuses(t *testing.T) {
	tests := []struct {
		name, dsn string
		want      error
	}{
		{"nothing", "", ErrDSNEmpty},
		{"blanks", " \t\n", ErrDSNEmpty},
		{"a word", "KEY", ErrDSNNotURL},
		{"no scheme", "KEY@h/1", ErrDSNNotURL},
		{"unknown scheme", "ftp://KEY@h/1", ErrDSNScheme},
		{"key as scheme", "KEY://h/1", ErrDSNScheme},
		{"no scheme name", "://KEY@h/1", ErrDSNScheme},
		{"no key", "https://h/1", ErrDSNNoKey},
		{"empty key", "https://@h/1", ErrDSNNoKey},
		{"secret only", "https://:KEY@h/1", ErrDSNNoKey},
		{"blank in key", "https://KEY KEY@h/1", ErrDSNKey},
		{"line break in key", "https://KEY\nX@h/1", ErrDSNKey},
		{"comma in key", "https://KEY,a@h/1", ErrDSNKey},
		{"two @", "https://KEY@KEY@h/1", ErrDSNKey},
		{"no host", "https://KEY@/1", ErrDSNNoHost},
		{"no host but port", "https://KEY@:9000/1", ErrDSNNoHost},
		{"blank in host", "https://KEY@a b/1", ErrDSNHost},
		{"ipv6 bare", "https://KEY@::1:9000/1", ErrDSNHost},
		{"ipv6 bare, longer", "https://KEY@2001:db8::1/1", ErrDSNHost},
		{"ipv6 open", "https://KEY@[::1/1", ErrDSNHost},
		{"ipv6 and more", "https://KEY@[::1]x/1", ErrDSNHost},
		{"ipv4 in brackets", "https://KEY@[127.0.0.1]/1", ErrDSNHost},
		{"port too large", "https://KEY@h:99999/1", ErrDSNPort},
		{"port 0", "https://KEY@h:0/1", ErrDSNPort},
		{"port a word", "https://KEY@h:http/1", ErrDSNPort},
		{"port empty", "https://KEY@h:/1", ErrDSNPort},
		{"port signed", "https://KEY@h:+1/1", ErrDSNPort},
		{"no project", "https://KEY@h", ErrDSNProject},
		{"slash but no project", "https://KEY@h/", ErrDSNProject},
		{"blank in project", "https://KEY@h/1 2", ErrDSNBadPath},
		{"backslash in prefix", `https://KEY@h/a\b/1`, ErrDSNBadPath},
		{"query", "https://KEY@h/1?a=b", ErrDSNQuery},
		{"fragment", "https://KEY@h/1#a", ErrDSNFragment},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := ParseDSN(strings.ReplaceAll(tt.dsn, "KEY", testKey))
			if !errors.Is(err, tt.want) {
				t.Fatalf("error %v, want %v", err, tt.want)
			}
			if strings.Contains(err.Error(), testKey) {
				t.Error("the error repeats the key")
			}
			if !d.IsZero() {
				t.Error("a refused DSN is not the zero DSN")
			}
		})
	}
}

func TestDSNNeverShowsItsKey(t *testing.T) {
	secret := "5ec" + "ret5ec" + "ret"
	d := mustDSN(t, "https://"+testKey+":"+secret+"@h/1")
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&out, verb+"\n", d)
		fmt.Fprintf(&out, verb+"\n", &d)
		fmt.Fprintf(&out, verb+"\n", struct{ D DSN }{d})
		fmt.Fprintf(&out, verb+"\n", []any{d})
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("to", "dsn", d, "in", struct{ D DSN }{d})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("to", "dsn", d, "in", struct{ D DSN }{d})
	if err := json.NewEncoder(&out).Encode(map[string]any{"a": d, "b": &d}); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&out, d.Warnings(), d.endpoint(), d.Key(), d.GoString())
	for _, hidden := range []string{testKey, secret, fmt.Sprintf("%x", testKey)} {
		if strings.Contains(out.String(), hidden) {
			t.Errorf("a key shows in:\n%s", out.String())
		}
	}
	if !strings.Contains(out.String(), "h/1") {
		t.Error("host and project do not show")
	}
}

func TestDSNKey(t *testing.T) {
	base := mustDSN(t, "https://"+testKey+"@h/p/1").Key()
	for _, same := range []string{"http://" + testKey + "@h/p/1", "https://" + testKey + ":s@H:443/p/1/"} {
		if mustDSN(t, same).Key() != base {
			t.Errorf("%s has another key", mustDSN(t, same))
		}
	}
	for _, other := range []string{"https://" + testKey + "0@h/p/1", "https://" + testKey + "@h/p/2", "https://" + testKey + "@h/1", "https://" + testKey + "@h:9/p/1"} {
		if mustDSN(t, other).Key() == base {
			t.Errorf("%s has the same key", mustDSN(t, other))
		}
	}
	// Spools on disk know destinations by this number: it must never change.
	if got := mustDSN(t, "https://k@sentry.example.com/1").Key(); got != 0x8f59c2a40b4f07cb {
		t.Errorf("the key of a known DSN became %#x", got)
	}
	if (DSN{}).Key() != 0 {
		t.Error("no destination has a key")
	}
}

func TestDSNWarnings(t *testing.T) {
	for dsn, want := range map[string]int{
		"https://" + testKey + "@h/1": 0, "https://" + testKey + "@h/shop": 1, "https://k@h/1": 1, "https://k:s@h/shop": 3,
	} {
		if got := mustDSN(t, dsn).Warnings(); len(got) != want {
			t.Errorf("%s: %d warnings, want %d: %q", mustDSN(t, dsn), len(got), want, got)
		}
	}
}

func FuzzDSN(f *testing.F) {
	for _, s := range []string{"https://k@h/1", "http://a:b@[::1]:80/x/y/1/", "https://@h", "://", "https://k@h:99999/1?x#y", "https://k@\x00/1", "https://k@h/%zz/1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDSN(text)
		if err != nil {
			if !d.IsZero() {
				t.Fatal("an error and a DSN")
			}
			return
		}
		u, err := url.Parse(d.endpoint())
		if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || !strings.HasSuffix(u.Path, "/envelope/") {
			t.Fatalf("%q gives the endpoint %q: %v", text, d.endpoint(), err)
		}
		if strings.ContainsAny(d.auth("c/1"), "\r\n\x00") {
			t.Fatalf("%q breaks the header", text)
		}
		again, err := ParseDSN(d.scheme + "://" + d.key + ":" + d.secret + "@" + d.host + d.prefix + "/" + d.project)
		if err != nil || again != d {
			t.Fatalf("%q is read as %q, which reads as %q: %v", text, d, again, err)
		}
	})
}

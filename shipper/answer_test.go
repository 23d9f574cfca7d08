package shipper

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
)

func TestVerdicts(t *testing.T) {
	want := map[int]verdict{
		200: accepted, 201: accepted, 202: accepted, 204: accepted,
		300: unfit, 301: unfit, 302: unfit, 304: unfit, 307: unfit, 308: unfit,
		400: refused, 401: unfit, 402: unfit, 403: unfit, 404: unfit, 405: unfit, 407: unfit, 408: away, 410: unfit, 411: unfit,
		413: refused, 415: unfit, 422: refused, 425: away, 429: limited, 451: unfit, 499: unfit,
		500: broken, 501: away, 502: away, 503: away, 504: away, 507: away, 520: away, 599: away, 999: away, 0: away,
	}
	for status, v := range want {
		if got := (answer{status: status}).verdict(); got != v {
			t.Errorf("%d means %d, want %d", status, got, v)
		}
	}
}

func TestDescribe(t *testing.T) {
	d := mustDSN(t, "https://"+testKey+"@h/1")
	secret := "hun" + "ter2"
	mask := func(s string) string { return strings.ReplaceAll(s, secret, "[Filtered]") }
	tests := []struct {
		name   string
		answer answer
		mask   func(string) string
		want   string
	}{
		{"no words", answer{status: 200}, mask, "200 OK"},
		{"words", answer{status: 400, words: "bad\r\n\x1b[31m  thing\u2028\xff"}, mask, "400 Bad Request: bad [31m thing \uFFFD"},
		{"words without a mask", answer{status: 400, words: "bad"}, nil, "400 Bad Request"},
		{"echo of a secret", answer{status: 400, words: "password " + secret}, mask, "400 Bad Request: password [Filtered]"},
		{"echo of the key", answer{status: 401, words: "unknown key " + testKey}, mask, "401 Unauthorized: unknown key [Filtered]"},
		{"unheard-of status", answer{status: 599}, mask, "599"},
		{"refused", answer{err: &url.Error{Op: "Post", URL: "https://h", Err: &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}}}, mask, "connection refused: dial tcp: connection refused"},
		{"reset", answer{err: syscall.ECONNRESET}, mask, "connection reset"},
		{"name", answer{err: &net.DNSError{Name: "h", IsNotFound: true}}, nil, "host name not found"},
		{"lookup", answer{err: &net.DNSError{Name: "h"}}, nil, "host name lookup failed"},
		{"deadline", answer{err: context.DeadlineExceeded}, nil, "no answer in time"},
		{"anything", answer{err: errors.New(secret)}, nil, "no answer"},
		{"anything, masked", answer{err: &url.Error{Op: "Post", URL: "u", Err: errors.New("proxy " + secret)}}, mask, "no answer: proxy [Filtered]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.answer.describe(d, tt.mask); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDescribeIsShort(t *testing.T) {
	d := mustDSN(t, "https://"+testKey+"@h/1")
	keep := func(s string) string { return s }
	for _, words := range []string{strings.Repeat("ü", 500), strings.Repeat("x", 190) + "[Filtered]", strings.Repeat(" \n", 9000) + "x"} {
		got := strings.TrimPrefix(answer{status: 400, words: words}.describe(d, keep), "400 Bad Request: ")
		if len(got) > maxWords || !utf8.ValidString(got) || strings.HasSuffix(strings.TrimSuffix(got, "..."), "[Filt") {
			t.Errorf("%d bytes: %q", len(got), got)
		}
	}
}

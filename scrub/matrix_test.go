package scrub

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
)

// The matrix crosses what is secret with how a program writes it down, what stands around
// it and where in the text it stands: some twenty thousand texts. None may leave six bytes
// of the secret, all must stay one line if they were, and JSON must stay JSON.

// kind is a secret and a text that shows it.
type kind struct{ name, text, secret string }

// kinds makes one of every detector's own shape and of every common key.
func kinds() (all []kind) {
	r := rand.New(rand.NewPCG(11, 4))
	m := lineMaker{r}
	value := func() string {
		return "Zq7" + m.from("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 14) + "xK9"
	}
	for _, key := range []string{"password", "DB_PASSWORD", "spring.datasource.password", "userPassword", "passwd", "pwd", "client_secret", "api_key", "X-Api-Key",
		"access_token", "refreshToken", "session_id", "jwt", "aws_secret_access_key", "AccountKey", "sonar.login"} {
		v := value()
		all = append(all, kind{"key " + key, key + "=" + v, v})
		v = value()
		all = append(all, kind{"colon " + key, key + ": " + v, v})
	}
	seen := map[string]bool{}
	for _, row := range builtinTokens {
		if prefix, _, _ := strings.Cut(row.prefixes, " "); !seen[row.name] {
			seen[row.name] = true
			tail := sample(r, parseShape(row.shape), 0)
			all = append(all, kind{row.name, prefix + tail, tail})
		}
	}
	for _, sp := range innerSpecimens {
		all = append(all, kind{sp.detector, strings.ReplaceAll(strings.SplitN(sp.hits[len(sp.hits)-1], " => ", 2)[0], "§", sp.secrets[0]), sp.secrets[0]})
	}
	v, w := value(), value()
	return append(all,
		kind{"card", "card 4111 1111 1111 " + "1111", "4111 1111 1111 " + "1111"}, kind{"card with dashes", "4111-1111-1111-" + "1111", "4111-1111-1111-" + "1111"},
		kind{"amex", "amex 3782822463" + "10005", "3782822463" + "10005"}, kind{"cvv", "cvv=" + "7319", "7319"}, kind{"IBAN", "DE8937040044" + "0532013000", "0532013000"},
		kind{"URL", "postgres://bob:" + v + "@db:5432/shop", v}, kind{"URL without user", "redis://:" + w + "@cache/0", w},
		kind{"basic", "Authorization: Basic Zm9vOkJhcjEy" + "MzQ1Njc4", "Zm9vOkJhcjEy" + "MzQ1Njc4"}, kind{"bearer", "Bearer " + v + w, v + w},
		kind{"signed URL", "https://b.example.com/o?X-Amz-Signature=" + v + "&x=1", v}, kind{"flag", "app --password " + w, w}, kind{"mysql", "mysql -u root -p" + v, v},
		kind{"cookie", "Cookie: theme=dark; sessionid=" + v, v}, kind{"connection string", "Server=x;Database=d;Password=" + v + ";Timeout=3", v})
}

// quotedJSON is text as a string of JSON, without the quotes round it.
func quotedJSON(text string) string { q := string(quoteJSON(text)); return q[1 : len(q)-1] }

// carriers write a text down as programs do. JSON says that the line is JSON.
var carriers = []struct {
	name  string
	json  bool
	write func(text string) string
}{
	{"plain", false, func(t string) string { return t }},
	{"logback", false, func(t string) string {
		return "2026-11-22 05:30:00,123 ERROR [http-nio-8080-exec-3] c.a.Shop - " + t
	}},
	{"python", false, func(t string) string { return "ERROR:shop.views:" + t }},
	{"klog", false, func(t string) string { return "E1122 05:30:00.123456       1 reflector.go:138] " + t }},
	{"syslog", false, func(t string) string { return "<11>Nov 22 05:30:00 web-1 shop[4711]: " + t }},
	{"logfmt", false, func(t string) string { return fmt.Sprintf("ts=2026-11-22T05:30:00Z level=error msg=%q n=3", t) }},
	{"JSON", true, func(t string) string { return `{"level":"error","msg":"` + quotedJSON(t) + `","n":3}` }},
	{"JSON in JSON", true, func(t string) string {
		return `{"log":"` + quotedJSON(`{"msg":"`+quotedJSON(t)+`"}`+"\n") + `","stream":"stderr"}`
	}},
	{"JSON thrice", true, func(t string) string {
		return `{"a":"` + quotedJSON(`{"log":"`+quotedJSON(`{"msg":"`+quotedJSON(t)+`"}`)+`"}`) + `"}`
	}},
	{"array", true, func(t string) string { return `["x","` + quotedJSON(t) + `",3]` }},
	{"exception", false, func(t string) string {
		return "java.lang.IllegalStateException: " + t + "\n\tat com.acme.Shop.pay(Shop.java:7)"
	}},
	{"python repr", false, func(t string) string { return "ValueError('" + t + "')" }},
	{"go error", false, func(t string) string { return `level=error err="open x: ` + quotedJSON(t) + `: refused"` }},
	{"XML", false, func(t string) string { return "<event><message>" + t + "</message></event>" }},
	{"CSV", false, func(t string) string { return "17,bob," + t + ",ok" }},
	{"query", false, func(t string) string { return `"GET /x?q=1&note=` + url.QueryEscape(t) + ` HTTP/1.1" 200` }},
	{"colour", false, func(t string) string { return "\x1b[31mERROR\x1b[0m \x1b[1m" + t + "\x1b[0m" }},
	{"CRLF", false, func(t string) string { return t + "\r\n" }},
}

// surroundings stand straight around the secret's text.
var surroundings = []struct{ before, after string }{{"", ""}, {"(", ")"}, {"[", "]"}, {"{", "}"}, {"'", "'"}, {"<", ">"}, {"- ", ","}, {"got ", ", then left"}}

// positions stand farther away.
var positions = []struct{ before, after string }{{"", ""}, {"cannot connect: ", ""}, {"", " and gave up"}, {"user bob at 10.0.0.1 ", " after 3 tries"}}

// cannot are the crossings that no scanner can tell: the header's value reaches to the end
// of the line, a URL in a query escapes all that makes it one.
func cannot(k kind, carrier string) bool {
	return carrier == "query" && (strings.ContainsAny(k.text, " ;") || k.name == "signed URL" || strings.HasPrefix(k.name, "colon")) ||
		carrier == "python repr" && strings.Contains(k.text, "'")
}

func TestMatrix(t *testing.T) {
	s := standard().Clone()
	cases, complaints := 0, map[string]int{}
	complain := func(k kind, carrier, what, text, out string) {
		if complaints[k.name]++; complaints[k.name] < 3 {
			t.Errorf("%s in %s: %s: %q became %q", k.name, carrier, what, text, out)
		}
	}
	for _, k := range kinds() {
		for _, c := range carriers {
			if cannot(k, c.name) {
				continue
			}
			for _, w := range surroundings {
				for _, p := range positions {
					cases++
					text := c.write(p.before + w.before + k.text + w.after + p.after)
					out := s.String(text)
					switch {
					case leftPiece(k, text, out) != "":
						complain(k, c.name, "leaks "+leftPiece(k, text, out), text, out)
					case c.json && !json.Valid([]byte(out)):
						complain(k, c.name, "no longer JSON", text, out)
					case strings.Count(text, "\n") != strings.Count(out, "\n"):
						complain(k, c.name, "line breaks went", text, out)
					case s.String(out) != out:
						complain(k, c.name, "masked twice is not masked once: "+s.String(out), text, out)
					}
				}
			}
		}
	}
	t.Logf("%d cases", cases)
	if cases < 10000 {
		t.Errorf("only %d cases", cases)
	}
}

// leftPiece returns six bytes of the secret, or all of a shorter one, that are in out.
func leftPiece(k kind, text, out string) string {
	n := min(6, len(k.secret))
	around := strings.ReplaceAll(text, k.secret, "")
	for i := 0; i+n <= len(k.secret); i++ {
		if piece := k.secret[i : i+n]; strings.Contains(out, piece) && !strings.Contains(around, piece) {
			return piece
		}
	}
	return ""
}

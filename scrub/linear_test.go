package scrub

import (
	"bytes"
	"strings"
	"testing"
)

// adversaries are what a text is made of whose author wants the scrubber to walk it
// again and again.
var adversaries = []string{
	"password=", `"password":"`, "eyJ.eyJ.", "eyJ", "sk-sk-", "xoxb-xoxb-", "1", "4111", "4111111111111111,", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "://a:", "://a:b", "AKIA",
	"auth=", "auth=\\", `auth="`, `auth='`, "auth=[", `"auth":[`, `auth={`, `password=[`, `"password":{`, "password: |\n ", "token ", "token=", "token: ", "session: a1", "cookie: a=1; ", "cookie=a; cookie=",
	"Cookie: sid=x; ", "authorization: ", "Authorization: Digest ", "Bearer ", "bearer+", "Basic ", "bearer a", "curl ", "curl -u ", "mysql -p", "mysql ", "<password ", "<password>", "<password a=", "identified by ",
	"user identified ", "@tcp(", "a:b@tcp(", ":thin:a/", "%3a%2f%2fa%3a", `\"`, `\\\"password\\\":\\\"`, `\`, "[", "{", `"`, "'", "[Filtered]", "password=[Filtered]", "DE89", "DE89 3704 ", "A1", "pat", "SG.", "SG.a", "API-A",
	"0123456789abcdef0123456789abcdef-us", ":AA", "1:AA", "Q~", "a1Q~", ".atlasv1.", "hooks.slack.com/services/T", "sig=&sig=", "pin=", "pan=4", "card 4111 ", "id=4111111111111111 ", "--password ", "--token=", "name: x\n",
	`{"name":"password","value":"`, `password","`, `("password", "`, "password\\n", "password&quot;", "password=%22", "&quot;", "%22", "\x1b[3", "password\x1b[0m", "identified", "[4111111111111111,", `"a":[4111111111111111],`, "ghp_",
	"glpat-", "private-lines: 9\n", `\/\/`, `:\/\/a:b`, "password => ", "password = string", "password.", "PASSWORD FOR ", "x.password.", "1.1.1.1", "a@b.c", "+49 ", "::1:", "078-05-1120 ",
}

// TestLinear holds the number of bytes that verifiers walk against the length of the
// text: it may be a multiple, but the multiple must not grow with the text.
func TestLinear(t *testing.T) {
	s := mustNew(t, func(c *Config) { c.Groups = allGroups })
	const size = 256 << 10
	for _, a := range adversaries {
		for _, unit := range []string{a, a + "x", "x" + a} {
			text := []byte(strings.Repeat(unit, size/len(unit)))
			s.find(text)
			if s.work > 120*len(text) {
				t.Errorf("%q, repeated: walked %d bytes a byte", unit, s.work/len(text))
			}
		}
	}
}

// TestLinearPairs does the same with pairs of adversaries in turn.
func TestLinearPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("many pairs")
	}
	s := mustNew(t)
	const size = 32 << 10
	for i, a := range adversaries {
		for _, b := range adversaries[i+1:] {
			text := bytes.Repeat([]byte(a+b), size/len(a+b))
			s.find(text)
			if s.work > 200*len(text) {
				t.Errorf("%q, repeated: walked %d bytes a byte", a+b, s.work/len(text))
			}
		}
	}
}

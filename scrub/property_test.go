package scrub

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestInsideJSON writes every hit into a JSON log line as loggers do, once, with HTML
// escapes, and as JSON inside JSON. The line must stay JSON and lose the secret.
func TestInsideJSON(t *testing.T) {
	seen := map[string]bool{}
	for _, sp := range specimens() {
		s := sp.scrubber(t)
		for _, tr := range sp.some(100) {
			for name, line := range jsonLines(t, tr.text) {
				out := s.String(line)
				msg, ok := messageOf(out)
				complain := func(what string) {
					if id := sp.detector + name + what; !seen[id] {
						seen[id] = true
						t.Errorf("%s, %s: %s: %s became %s", sp.detector, name, what, line, out)
					}
				}
				switch {
				case !ok:
					complain("no longer JSON")
				case len(tr.secret) > 3 && leak(tr.text, msg, tr.secret) != "":
					complain("leak")
				}
				if s.String(out) != out {
					complain("masked twice is not masked once")
				}
			}
		}
	}
}

// jsonLines writes text as the message of a JSON line in several ways.
func jsonLines(tb testing.TB, text string) map[string]string {
	encode := func(v any, html bool) string {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(html)
		if err := e.Encode(v); err != nil {
			tb.Fatal(err)
		}
		return strings.TrimSpace(b.String())
	}
	once := encode(map[string]any{"level": "info", "msg": text, "n": 1}, false)
	return map[string]string{
		"once":  once,
		"html":  encode(map[string]any{"level": "info", "msg": text, "n": 1}, true),
		"twice": encode(map[string]any{"log": once, "stream": "stdout"}, false),
	}
}

// messageOf reads the message back out of what jsonLines wrote.
func messageOf(line string) (string, bool) {
	var m map[string]any
	if json.Unmarshal([]byte(line), &m) != nil {
		return "", false
	}
	if inner, ok := m["log"].(string); ok {
		return messageOf(inner)
	}
	msg, ok := m["msg"].(string)
	return msg, ok
}

// jsonValue draws a JSON value of any shape whose strings and numbers are full of what
// detectors look for.
func jsonValue(depth int) *rapid.Generator[any] {
	bait := rapid.SampledFrom([]string{"password", "token", "x", "secret=", "pwd: ", "Authorization: Bearer ", "4111111111111111", "hunter2", `"`, `\`, "'", "\n", " ",
		"Cookie: sid=", "://u:", "@h", "AKIAIOSFODNN7EXAMPLE", "-----BEGIN PRIVATE KEY-----", "-----END", "=", ":", ",", "[", "{", "}", "]", "<password>", "</", "mysql -p", "curl -u a:",
		"&", "card", "DE89370400440532013000", "IDENTIFIED BY '", "[Filtered]", "ü", "null", "\\n", "|", ">", "sid", "Digest a=", "--token ", "%3D", "value", "name",
		"&quot;", "%22", "<<", ">>", "Some(", ")", "b'", "api_key", "pin", "cvv: 123", "curl -u ", "<name>", "<value>", "for ", "string ", "0x", "-", "(", ";", "s:7:", "eyJhbGciOiJIUzI1NiJ9.", "ghp_0123456789abcdefghijABCDEFGHIJ012345"})
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(bait, 0, 6).Draw(t, "pieces"), "") })
	return rapid.Custom(func(t *rapid.T) any {
		switch k := rapid.IntRange(0, 6).Draw(t, "kind"); {
		case k == 0:
			return rapid.SampledFrom([]any{nil, true, false, 4111111111111111, 4711, -1.5, 5555555555554444, 3}).Draw(t, "scalar")
		case k <= 3 || depth == 0:
			return text.Draw(t, "text")
		case k == 4:
			return rapid.SliceOfN(jsonValue(depth-1), 0, 4).Draw(t, "list")
		default:
			key := rapid.OneOf(rapid.SampledFrom([]string{"password", "token", "card", "auth", "msg", "cookie", "authorization", "pin", "ids"}), text)
			return rapid.MapOfN(key, jsonValue(depth-1), 0, 4).Draw(t, "object")
		}
	})
}

// TestJSONStaysJSON: masking a JSON line, compact or laid out over lines, gives JSON
// again, with the same line breaks, and masking that changes nothing more.
func TestJSONStaysJSON(t *testing.T) {
	s := mustNew(t)
	rapid.Check(t, func(t *rapid.T) {
		v := map[string]any{"v": jsonValue(3).Draw(t, "value"), "log": ""}
		if rapid.Bool().Draw(t, "nested") {
			inner, _ := json.Marshal(v["v"])
			v["log"] = string(inner)
		}
		line, _ := json.Marshal(v)
		if rapid.Bool().Draw(t, "pretty") {
			line, _ = json.MarshalIndent(v, "", "  ")
		}
		out := bytes.Clone(s.Bytes(nil, line))
		if !json.Valid(out) {
			t.Fatalf("no longer JSON:\n%s\n%s", line, out)
		}
		if bytes.Count(out, []byte("\n")) != bytes.Count(line, []byte("\n")) {
			t.Fatalf("line breaks went:\n%s\n%s", line, out)
		}
		if again := s.Bytes(nil, out); !bytes.Equal(again, out) {
			t.Fatalf("masked twice:\n%s\n%s\n%s", line, out, again)
		}
	})
}

// rendering is a way to print a key and its value. bare says that nothing ends the
// value but a blank or a separator.
type rendering struct {
	text string // with KEY and §
	bare bool
}

var renderings = []rendering{
	{"KEY=§", true}, {"KEY: §", true}, {"KEY:§ x", true}, {"KEY = §", true}, {"KEY=>§", true}, {"KEY := §", true}, {"a=1&KEY=§&b=2", true}, {"{User:b KEY:§}", true}, {"T(KEY=§, id=1)", true},
	{"<KEY>§</KEY>", true}, {"--KEY §", true}, {"--KEY=§", true}, {"user[KEY]=§", true}, {"a;KEY=§;b=c", true}, {"[KEY] => §", true}, {"map[KEY:§ a:b]", true}, {"KEY\x1b[0m=\x1b[1m§\x1b[0m", true},
	{`KEY="§"`, false}, {`KEY: "§"`, false}, {`{"KEY":"§"}`, false}, {`{"a":1,"KEY" : "§" , "b":2}`, false}, {`:KEY=>"§"`, false}, {`"KEY"=>"§"`, false}, {`["--KEY","§"]`, false}, {`put("KEY", "§")`, false},
	{`<a KEY="§"/>`, false}, {`<add key="KEY" value="§"/>`, false}, {`{"name":"KEY","value":"§"}`, false}, {`{"KEY":["§","§"]}`, false}, {`{"KEY":{"a":"§"}}`, false}, {`KEY: Some("§")`, false}, {`KEY=b"§"`, false},
	{`{KEY,<<"§">>}`, false}, {`{:KEY "§"}`, false}, {`s:8:"KEY";s:7:"§";`, false},
}

// TestRandomSecrets: whatever the secret is, however it is printed, and wherever that
// stands: it goes.
func TestRandomSecrets(t *testing.T) {
	s := standard().Clone()
	const alnums = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	bareRunes := []rune(alnums + "!$%^*-_+.:/~?@é漢=(")
	quotedRunes := []rune(alnums + "!#$%^*-_+.:/~?@é漢=(),;&<>[]{}|' ")
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(renderings).Draw(t, "rendering")
		key := rapid.SampledFrom([]string{"password", "DB_PASSWORD", "userPassword", "client_secret", "api-key", "pwd", "spring.password", "passwd2", "accessToken"}).Draw(t, "key")
		runes := quotedRunes
		if r.bare {
			runes = bareRunes
		}
		// It begins and ends in a word that nothing else contains, so that vetoes for
		// placeholders and references do not apply.
		secret := "Zq7" + rapid.StringOfN(rapid.RuneFrom(runes), 4, 24, -1).Draw(t, "secret") + "xK9"
		text := strings.ReplaceAll(strings.ReplaceAll(r.text, "KEY", key), "§", secret)
		for range rapid.IntRange(0, 3).Draw(t, "levels") {
			text = `{"level":"info","msg":` + string(quoteJSON(text)) + `}`
		}
		text = rapid.SampledFrom([]string{"", "2026-11-22 05:30:00 INFO x - ", "ts=1 msg=", `he said "hi" and `}).Draw(t, "before") + text
		out := s.String(text)
		if strings.Contains(out, "Zq7") || strings.Contains(out, "xK9") {
			t.Fatalf("%q became %q", text, out)
		}
		if again := s.String(out); again != out {
			t.Fatalf("masked twice:\n%q\n%q\n%q", text, out, again)
		}
	})
}

func quoteJSON(text string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text)
	return bytes.TrimSpace(b.Bytes())
}

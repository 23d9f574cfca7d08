package record

import (
	"strings"
	"testing"
)

func read(line string) Record {
	var s Scanner
	return s.Read([]byte(line), s.Head([]byte(line)), Options{Ref: ref})
}

// TestIndentBehindThePrefix holds formatters that prefix every line of a trace:
// the row's own indent must survive the header.
func TestIndentBehindThePrefix(t *testing.T) {
	for prefix, rows := range map[string][]string{
		"05:30:00,123 ERROR [stderr] (default task-1) ":        {"\tat com.acme.Pay.charge(Pay.java:7)", "java.lang.X: no"},
		"[2026-11-22 05:30:00,123: WARNING/ForkPoolWorker-6] ": {`  File "/srv/w.py", line 1, in f`, "KeyError: 'k'"},
		"11-22 05:28:01.123  1234  1240 E AndroidRuntime: ":    {"\tat com.acme.Pay.charge(Pay.kt:7)", "java.lang.X: no"},
		"E/AndroidRuntime( 1234): ":                            {"\tat com.acme.Pay.charge(Pay.kt:7)"},
		"2026-11-22T05:30:00.123Z ERROR com.acme.Pay - ":       {"\tat com.acme.Pay.charge(Pay.java:7)", "    at f (/srv/x.js:1:2)"},
		"2026-11-22 06:00:04.406 ERROR 4711 --- [main] a.B : ": {"\tat com.acme.Pay.charge(Pay.java:7)"},
		"2026-11-22 05:30:00.123 [main] ERROR a.B - ":          {"\tat com.acme.Pay.charge(Pay.java:7)"},
		"E1122 05:58:41.382403   10087 main.go:99] ":           {"\t/srv/pay/main.go:3 +0x1d", "goroutine 1 [running]:"},
		"[error] ":                          {"\tat com.acme.Pay.charge(Pay.java:7)", "    at f (/srv/x.js:1:2)"},
		"2026-11-22T05:57:37.376Z [error] ": {"    at f (/srv/x.js:1:2)"},
		"[ 3846.639479] ":                   {" ? f+0x8e/0x160", "Call Trace:"},
		"E, [2026-11-22T05:28:10.031628 #24294] ERROR -- : ":      {"/srv/pay.rb:3:in `x'"},
		"2026-11-22 05:53:33.101 | ERROR    | __main__:f:55 - ":   {`  File "/srv/w.py", line 1, in f`},
		"E 04-27 13:23:32 httptools_impl.py:414] ":                {`  |   File "/srv/w.py", line 1, in f`},
		"[2026-11-22T05:28:01Z ERROR pay::ledger] ":               {"   0: std::panicking::begin_panic"},
		"2026-11-22 05:30:00,123 ERROR [http-nio-1] com.acme.P: ": {"\tat com.acme.Pay.charge(Pay.java:7)"},
	} {
		for _, row := range rows {
			line := []byte(prefix + row)
			h := new(Scanner).Head(line)
			if h.Kind == None || string(line[h.Msg:]) != row {
				t.Errorf("%q: %+v, message %q", line, h, line[h.Msg:])
			}
		}
	}
}

func TestMessageStandsBelow(t *testing.T) {
	for _, line := range []string{"fail: Acme.Pay[0]", "Nov 22, 2026 5:28:01 AM com.acme.Pay charge", "=ERROR REPORT==== 22-Nov-2026::05:31:18.489673 ==="} {
		h := new(Scanner).Head([]byte(line))
		if !h.Kind.MessageBelow() || h.Msg != len(line) {
			t.Errorf("%q: %+v", line, h)
		}
	}
	if Text.MessageBelow() || JSON.MessageBelow() {
		t.Error("text and JSON have their message in the line")
	}
}

func TestEmbedded(t *testing.T) {
	for line, want := range map[string]bool{
		`{"level":"warn","msg":"x","stack":"Error: x\n    at f (/srv/x.js:1:2)"}`:                        true,
		`{"level":"info","exc_info":"Traceback (most recent call last):\n  File \"/x.py\", line 1"}`:     true,
		`{"level":"info","stack":"goroutine 1 [running]:\nmain.f()\n\t/srv/m.go:3"}`:                     true,
		`{"level":"info","err":"a.B\\n\\tat a.B.c(B.java:3)"}`:                                           true,
		`{"level":"info","err":"a.B\u000a\u0009at a.B.c(B.java:3)"}`:                                     false, // nobody escapes so
		`{"level":"info","err":"a.B: m\r\n\tat a.B.c(B.java:3)"}`:                                        true,
		`{"level":"info","exception":"App\\Ex: no in /x.php:3\nStack trace:\n#0 /x.php(5): f()"}`:        true,
		`{"level":"warn","backtrace":"/srv/wallet.rb:16:in 'x'\n/srv/wallet.rb:13:in 'y'"}`:              true,
		`{"level":"warn","backtrace":["pay.rb:14:in 'x'"]}`:                                              true,
		`{"level":"warn","error":{"stackTrace": ["Error: x"]}}`:                                          true,
		`{"level":"warn","thrown":{"extendedStackTrace":[{"class":"a.B"}]}}`:                             true,
		`{"level":"warn","tags":["a","b"],"ids":[1,2],"places":["x"]}`:                                   false,
		`{"level":"info","msg":"SELECT 1\nFROM x"}`:                                                      false,
		`{"level":"info","msg":"a \"quoted\" C:\\new\\table"}`:                                           false,
		`time=2026-11-22T05:30:00Z level=info msg="x\nmain.f\n\t/srv/m.go:3"`:                            true,
		`time=2026-11-22T05:30:00Z level=info msg="two\nlines"`:                                          false,
		`{"level":"info","msg":"` + strings.Repeat(`\`, 9):                                               false,
		`{"level":"info","msg":"` + strings.Repeat(`\n`, 500) + `\n  File \"x\""}`:                       true,
		`{"level":"info","msg":"x\n` + strings.Repeat(" ", 300) + `at f (x.js:1:2)"}`:                    true,
		`{"level":"info","msg":"no escape at all","n":1,"nested":{"a":{"b":{"c":[1,[2,[3]]]}}},"z":"y"}`: false,
	} {
		if h := new(Scanner).Head([]byte(line)); h.Embedded != want {
			t.Errorf("%s: %v, want %v", line, h.Embedded, want)
		}
	}
}

func TestFieldsAreBounded(t *testing.T) {
	var sb strings.Builder
	sb.WriteString(`{"level":"error","msg":"x"`)
	for i := range 1000 {
		sb.WriteString(`,"k` + strings.Repeat("x", i%300) + string(rune('a'+i%26)) + `":"` + strings.Repeat("v", 5000) + `"`)
	}
	sb.WriteString(`,"deep":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`)
	r := read(sb.String())
	if len(r.Fields) > maxFields {
		t.Errorf("%d fields", len(r.Fields))
	}
	for k, v := range r.Fields {
		if s, ok := v.(string); len(k) > maxName || ok && len(s) > maxValue {
			t.Errorf("field %.20s of %d bytes", k, len(s))
		}
	}
}

func TestCutOffRecordsAreRead(t *testing.T) {
	whole := `{"level":"error","msg":"charge failed","err":{"type":"X","message":"m","stack":"X: m\n    at f (/srv/x.js:1:2)\n    at g (/srv/x.js:3:4)"},"time":1795325244388}`
	for n := range len(whole) {
		r := read(whole[:n])
		if n > len(`{"level":"error",`) && (r.Kind != JSON || r.Level != Error) {
			t.Fatalf("cut at %d: %v %v", n, r.Kind, r.Level)
		}
		if n > 100 && r.Stack == "" {
			t.Fatalf("cut at %d: no stack in %q", n, whole[:n])
		}
	}
}

func TestInvalidUTF8IsReplaced(t *testing.T) {
	for _, line := range []string{
		"2026-11-22 05:30:00,123 ERROR a.B - caf\xe9 failed", "{\"level\":\"error\",\"msg\":\"caf\xe9\",\"k\xe9\":\"v\xe9\"}", "time=x level=error msg=caf\xe9",
	} {
		r := read(line)
		if r.Message == "" || strings.ContainsRune(r.Message, '\xe9') || !strings.Contains(r.Message, "caf\uFFFD") {
			t.Errorf("%q: %q", line, r.Message)
		}
	}
}

func TestTemplateParams(t *testing.T) {
	r := read(`{"@t":"2026-11-22T05:28:01Z","@mt":"Charge {@Order} of {User} {Missing} in {Elapsed:0.0} ms {","@l":"Error","Order":{"id":7},"User":"w-2","Elapsed":12.5}`)
	if r.Message != `Charge {"id":7} of w-2 {Missing} in 12.5 ms {` || len(r.Params) != 3 {
		t.Errorf("%q with %v", r.Message, r.Params)
	}
}

func TestPlainRecord(t *testing.T) {
	r := new(Scanner).Read([]byte("charge failed \t"), Head{Kind: Plain, Level: Error}, Options{})
	if r.Message != "charge failed" || r.Level != Error || r.Kind != Plain {
		t.Errorf("%+v", r)
	}
}

package trace

import (
	"fmt"
	"strings"
	"testing"
)

var phpLinesSeen = []string{
	`PHP Fatal error:  Uncaught Acme\Declined: no funds in /srv/pay.php:7`,
	"Stack trace:",
	`#0 /srv/pay.php(6): Acme\Wallet->find('it (3): is', Object(Closure))`,
	"#1 [internal function]: {closure:/srv/pay.php:12}(1)",
	"#2 {main}",
	"",
	`Next exception 'Exception' with message 'it's' in /srv/pay.php:9`,
	"Stack trace:",
	"#0 {main} in /srv/pay.php:13",
	"  thrown in /srv/pay.php on line 9",
	"PHP Stack trace:",
	"PHP   2. Acme\\f($x = 'v') /srv/pay.php:7",
	"    0.0002     391584   1. {main}() /srv/pay.php:0",
	`charge failed {"id":7,"exception":"[object] (Acme\\Declined(code: 51): no at /srv/pay.php:8, PDOException(code: 2): gone at /srv/b.php:3)`,
	"[stacktrace]",
	`"}`,
	"[previous exception] [object] (PDOException(code: 2002): gone at /srv/b.php:3)",
	`<b>Parse error</b>:  syntax error &quot;;&quot; in <b>/srv/pay.php</b> on line <b>2</b><br />`,
	`AH01071: Got error 'PHP message: PHP Fatal error:  Uncaught E: x in /x.php:9\nStack trace:\n#0 {main}\n  thrown in /x.php on line 9', referer: http://x/`,
	`Uncaught PHP Exception Acme\Declined: "no "at " line" at /srv/pay.php line 42 {"exception":"[object] (Acme\\Declined(code: 0): no at /srv/pay.php:42)"} []`,
	"Fatal error: Allowed memory size of 8388608 bytes exhausted (tried to allocate 9 bytes) in /srv/pay.php on line 12",
}

func TestPHPRow(t *testing.T) {
	for line, want := range map[string]string{
		`#0 /srv/pay.php(6): Acme\Wallet->find()`:                `/srv/pay.php|6|Acme\Wallet::find`,
		`#12 /srv/a (2)/b.php(6): f('x (7): y')`:                 `/srv/a (2)/b.php|6|f`,
		`#1 C:\pay (3)\x.php(17): include('C:\\pay...')`:         `C:\pay (3)\x.php|17|include`,
		`#1 /x.php(26) : eval()'d code(1): g()`:                  `/x.php(26) : eval()'d code|1|g`,
		`#1 [internal function]: Acme\{closure}(1)`:              `|0|Acme\{closure}`,
		`#1 [internal function]`:                                 `|0|[internal function]`,
		`#0 /srv/pay.php(14): {closure:/srv/pay.php:12}()`:       `/srv/pay.php|14|{closure}`,
		`#0 /x.php(1): A\B->{closure:A\B::c():11}()`:             `/x.php|1|A\B::{closure}`,
		"#0 /x.php(1): class@anonymous\x00/app/(x).php:3$0->m()": `/x.php|1|class@anonymous::m`,
		"#0 /x.php(1): class@anonymous%0/app/x.php:3$0::m(1)":    `/x.php|1|class@anonymous::m`,
		`#0 /app/v.php(1): Illuminate\\Pipeline->handle()`:       `/app/v.php|1|Illuminate\Pipeline::handle`,
		`#3 {main}`:                         "main",
		`#3 {main}"`:                        "main",
		`#0 /srv/pay.php(6)`:                `/srv/pay.php|6|`,
		`#1  0x000055 in main () at x.c:3`:  "",
		`#0 0x4f in main /x.c:3:5`:          "",
		`#0      main (file:///x.dart:3:5)`: "",
		`#0 is the first item (3): nothing`: `is the first item |3|nothing`,
		`#include <stdio.h>`:                "",
		`# comment (3): x`:                  "",
		`#x /srv/pay.php(6): f()`:           "",
		`#1234567 /srv/pay.php(6): f()`:     `/srv/pay.php|6|f`,
		`#0 /srv/pay.php(99999999999): f()`: "",
		`#1 [my own note]: f()`:             "",
	} {
		got := ""
		if c, ok := phpRow(span(line)); ok {
			got = fmt.Sprintf("%s|%d|%s", c.file, c.line, phpClean(string(phpFunction(c.function))))
			if c.main {
				got = "main"
			}
		}
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", line, got, want)
		}
	}
}

func TestPHPPlace(t *testing.T) {
	for line, want := range map[string]string{
		"Exception: x in /srv/pay.php:7":                         "Exception: x|/srv/pay.php|7",
		"Exception: found in /etc in /srv/check in desk/x.php:7": "Exception: found in /etc|/srv/check in desk/x.php|7",
		"Exception in Command line code:1":                       "Exception|Command line code|1",
		"Exception: not in /etc in php shell code:1":             "Exception: not in /etc|php shell code|1",
		`Exception: x in C:\pay\x.php:7"`:                        `Exception: x|C:\pay\x.php|7`,
		"x in phar:///srv/pay.phar/a.php:7":                      "x|phar:///srv/pay.phar/a.php|7",
		"x in /srv/pay.php on line 7":                            "x|/srv/pay.php|7",
		`x in /srv/pay.php on line 7" while reading, client: 1`:  "x|/srv/pay.php|7",
		"x in <b>/srv/pay.php</b> on line <b>7</b><br />":        "x|/srv/pay.php|7",
		"called in /srv/pay.php on line 7 and defined":           "",
		"x in /srv/pay.php":                                      "",
		"at noon: 7":                                             "",
		" in :7":                                                 "",
		"":                                                       "",
	} {
		got := ""
		p, ok := phpInFile(span(line))
		if !ok {
			p, ok = phpOnLine(span(line))
		}
		if ok {
			got = fmt.Sprintf("%s|%s|%d", p.text, p.file, p.line)
		}
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", line, got, want)
		}
	}
}

// TestPHPFollow runs whole texts through Step, Back and Read.
func TestPHPFollow(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"the program's words in front", "login\ncharge failed: PDOException: gone in /x.php:6\nStack trace:\n#0 {main}\nqueue drained\n",
			"PDOException \"gone\" 1 lead \"charge failed\"\n"},
		{"a caption", "Error: PDOException: gone in /x.php:6\nStack trace:\n#0 {main}\n",
			"PDOException \"gone\" 1 lead \"Error\"\n"},
		{"the class Error itself", "Error: Call to undefined function f() in /x.php:6\nStack trace:\n#0 {main}\n",
			"Error \"Call to undefined function f()\" 1 lead \"\"\n"},
		{"a message of lines", "PDOException: one\n\ntwo: x in y:3\nthree in /x.php:6\nStack trace:\n#0 {main}\n",
			"PDOException \"one\\n\\ntwo: x in y:3\\nthree\" 1 lead \"\"\n"},
		{"two in a row", "E: a in /x.php:6\nStack trace:\n#0 {main}\nE: b in /x.php:7\nStack trace:\n#0 {main}\n",
			"E \"a\" 1 lead \"\"\nE \"b\" 1 lead \"\"\n"},
		{"rows without main are no trace", "#0 /x.php(3): f()\n#1 /x.php(4): g()\ndone\n", ""},
		{"cut off behind the header", "PHP Fatal error:  Uncaught E: a in /x.php:6\n", "E \"a\" 1 lead \"\"\n"},
		{"cut off within the rows", "PHP Fatal error:  Uncaught E: a in /x.php:6\nStack trace:\n#0 /x.php(3): f()\n", "E \"a\" 2 lead \"\"\n"},
		{"no cut blanks", "PHP Fatal error:  Uncaught E: a in /x.php:6\nStack trace:\n#0 {main}\nNext F: b in /x.php:7\nStack trace:\n#0 {main}\nthrown in /x.php on line 7\n",
			"E \"a\" 1; F \"b\" 1 lead \"\"\n"},
		{"warnings", "PHP Warning:  Undefined variable $x in /x.php on line 3\nWarning: f() failed in /x.php on line 3\n", ""},
		{"prose", "Stack trace:\nsee page 3\nPHP Fatal error handling is described below\nNext Monday: holiday in office:3\n", ""},
	} {
		got := ""
		for _, tr := range pyFollow(PHP(), tt.in) {
			parts := []string{}
			for _, x := range tr.Exceptions {
				parts = append(parts, fmt.Sprintf("%s %q %d", x.Type, x.Value, len(x.Stacktrace.Frames)))
			}
			got += fmt.Sprintf("%s lead %q\n", strings.Join(parts, "; "), tr.Lead)
		}
		if got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestPHPArgumentsAreDropped(t *testing.T) {
	secret := "hun" + "ter2"
	in := "PHP Fatal error:  Uncaught E: a in /x.php:6\nStack trace:\n#0 /x.php(3): login('" + secret + "')\n#1 /x.php(3): {closure:/x.php:1}('" + secret + "')\n#2 {main}\n"
	for _, tr := range pyFollow(PHP(), in) {
		tr.Exceptions[0].Value = ""
		if s := fmt.Sprintf("%+v", tr.Exceptions[0].Stacktrace.Frames); strings.Contains(s, secret) {
			t.Errorf("an argument is in %s", s)
		}
	}
}

func TestPHPLongInput(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("PHP Fatal error:  Uncaught E: a in /x.php:6\nStack trace:\n")
	for i := range 20000 {
		fmt.Fprintf(&rows, "#%d /x.php(3): f()\n", i)
	}
	rows.WriteString("#20000 {main}\n")
	got := pyFollow(PHP(), rows.String())
	if len(got) != 1 || len(got[0].Exceptions[0].Stacktrace.Frames) != maxFrames || got[0].Extra["trace.frames_dropped"] != 20001-maxFrames {
		t.Fatalf("%d traces, extra %v", len(got), got[0].Extra)
	}
	chain := "PHP Fatal error:  Uncaught E: a in /x.php:6\nStack trace:\n#0 {main}\n" + strings.Repeat("\nNext F: b in /x.php:7\nStack trace:\n#0 {main}\n", 10000)
	got = pyFollow(PHP(), chain)
	if len(got) != 1 || len(got[0].Exceptions) != maxExceptions || got[0].Exceptions[0].Type != "E" {
		t.Fatalf("%d traces of %d exceptions", len(got), len(got[0].Exceptions))
	}
	for _, piece := range []string{" in /", "(3", "PHP message: ", `" at `, `{"`, "#0 ", "[object] (A(code: 1): ", "{closure:", " on line ", ":1"} {
		long := []byte(`PHP Fatal error:  Uncaught E: ` + strings.Repeat(piece, 1<<20/len(piece)))
		phpStep(Outside, long)
		phpRead([][]byte{long, []byte("Stack trace:"), []byte("#0 {main}")})
		long = append([]byte(`x {"exception":"[object] (E(code: 0): `), long...)
		phpRead([][]byte{long, []byte("[stacktrace]"), []byte("#0 {main}")})
	}
}

func TestPHPStepDoesNotAllocate(t *testing.T) { stepDoesNotAllocate(t, PHP(), phpLinesSeen) }

func FuzzPHP(f *testing.F) { fuzzLanguage(f, PHP(), phpLinesSeen) }

func BenchmarkPHPStep(b *testing.B) { benchmarkStep(b, PHP(), phpLinesSeen[:5]) }

func TestPHPUnjoin(t *testing.T) {
	joined := `Declined: no "funds" in /srv/pay.php:5 Stack trace: #0 /srv/pay.php(5): deep() #1 /srv/index.php(3): pay() #2 {main}  Next RuntimeException: outer in /srv/pay.php:6 Stack trace: #0 {main}`
	text, ok := phpUnjoin(joined)
	want := "Declined: no \"funds\" in /srv/pay.php:5\nStack trace:\n#0 /srv/pay.php(5): deep()\n#1 /srv/index.php(3): pay()\n#2 {main}\n\nNext RuntimeException: outer in /srv/pay.php:6\nStack trace:\n#0 {main}"
	if !ok || text != want {
		t.Errorf("got %q, %v, want %q", text, ok, want)
	}
	if text, ok := phpUnjoin("no Stack trace: of it"); ok {
		t.Errorf("got %q for prose", text)
	}
}

package trace

import (
	"fmt"
	"strings"
	"testing"
)

var rubyLinesSeen = []string{
	"#<Thread:0x00007fc0@settler 1 pay.rb:50 run> terminated with exception (report_on_exception is true):",
	"pay.rb:8:in `debit': undefined method `fetch' for nil:NilClass (NoMethodError)",
	"",
	"    def debit(n) = @b.fetch(:cents) - n",
	"                     ^^^^^^",
	"Did you mean?  first",
	"\tfrom pay.rb:9:in `load'",
	"\t ... 10067 levels...",
	"pay.rb:22:in 'Integer#/': divided by 0 (ZeroDivisionError)",
	"\t 3: from pay.rb:27:in `<main>'",
	"Traceback (most recent call last):",
	"[3f2b] NoMethodError (undefined method `x' for nil:NilClass):",
	"[3f2b]     1: <%= pay %>",
	"[3f2b] actionpack (5.1.4) lib/a.rb:63:in `call'",
	"Information for cause: KeyError (key not found):",
	"app/views/pay/show.html.erb:3",
	"RUBY.f(/srv/pay.rb:3)",
	"  fetch at org/jruby/RubyHash.java:1214",
	"Rack app (\"GET /\" - (1.2.3.4)): #<KeyError: key not found: :q>",
	"Causes:",
	"<internal:/usr/lib/ruby/vendor_ruby/rubygems/a.rb>:85:in `require'",
}

func TestRubyLine(t *testing.T) {
	for line, want := range map[string]string{
		"pay.rb:9:in `load'":                                    "row pay.rb 9 load",
		"from pay.rb:9:in `load'":                               "from pay.rb 9 load",
		"from pay.rb:9":                                         "from pay.rb 9 ",
		"3: from pay.rb:9:in `load'":                            "numbered pay.rb 9 load",
		"/srv/my app/pay.rb:9:in 'Foo::Bar#baz'":                "row /srv/my app/pay.rb 9 Foo::Bar#baz",
		"C:/pay/pay.rb:9:in `block (2 levels) in <main>'":       "row C:/pay/pay.rb 9 block (2 levels) in <main>",
		"actionpack (5.1.4) lib/a.rb:63:in `call'":              "row lib/a.rb 63 call gem actionpack",
		"<internal:/usr/lib/ruby/a.rb>:85:in `require'":         "row <internal:/usr/lib/ruby/a.rb> 85 require",
		"(eval):1:in `f'":                                       "row (eval) 1 f",
		"(eval at /srv/pay.rb:3):1:in 'f'":                      "row (eval at /srv/pay.rb:3) 1 f",
		"-e:1:in `<main>'":                                      "row -e 1 <main>",
		"pay.rb:8:in `debit': no funds (Acme::Declined)":        "header pay.rb 8 debit: no funds (Acme::Declined) sure",
		"pay.rb:8:in `debit': a': b (E)":                        "header pay.rb 8 debit: a': b (E) sure",
		"pay.rb:8:in `m': unhandled exception":                  "header pay.rb 8 m: unhandled exception sure",
		"pay.rb:8:in `m': Acme::Declined":                       "header pay.rb 8 m: Acme::Declined sure",
		"pay.rb:8:in `m': no name":                              "header pay.rb 8 m: no name",
		"bad.rb:3: syntax error, unexpected end-of-input":       "header bad.rb 3 : syntax error, unexpected end-of-input sure",
		"bad.rb:3: syntax errors found (SyntaxError)":           "header bad.rb 3 : syntax errors found (SyntaxError) sure",
		"app/views/pay.html.erb:3":                              "row app/views/pay.html.erb 3 bare",
		"pay.rb:25: warning: method redefined":                  "",
		"pay.rb:3:in `f': warning: obsolete":                    "",
		"WARN: /srv/pay.rb:3:in `f'":                            "",
		"2026-11-22T05:28:10Z pid=1 WARN: /srv/pay.rb:3:in `f'": "",
		"from here: 12 to there:in 3":                           "",
		"Time: 12:30:01 all is well":                            "",
		"main.go:12: undefined: x":                              "",
		":3:in `f'":                                             "",
	} {
		got := ""
		if l, ok := rubyLine(span(line)); ok {
			got = fmt.Sprintf("%s %s %d %s", []string{"", "row", "from", "numbered", "header"}[l.kind], l.file, l.line, l.label)
			if l.kind == rubyIsHeader {
				got += ": " + string(l.rest)
			}
			for _, flag := range []struct {
				on   bool
				text string
			}{{l.sure, " sure"}, {l.bare, "bare"}, {l.gem != nil, " gem " + string(l.gem)}} {
				if flag.on {
					got += flag.text
				}
			}
		}
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", line, got, want)
		}
	}
}

func TestRubyName(t *testing.T) {
	for text, want := range map[string]string{
		"card declined (51) (SurePay::Declined)":            `SurePay::Declined "card declined (51)" lead ""`,
		"ArgumentError: invalid value for Integer(): \"q\"": `ArgumentError "invalid value for Integer(): \"q\"" lead ""`,
		"NoMethodError (undefined method `x' for nil):":     "NoMethodError \"undefined method `x' for nil\" lead \"\"",
		"SurePay::Declined - charge of w-404 failed:":       `SurePay::Declined "charge of w-404 failed" lead ""`,
		"request died: #<KeyError: key not found: :q>":      `KeyError "key not found: :q" lead "request died"`,
		"#<Acme::Declined>":                                 `Acme::Declined "" lead ""`,
		"settle went wrong: KeyError: no":                   `KeyError "no" lead "settle went wrong"`,
		"Error reached top of thread-pool: no (KeyError)":   `KeyError "no" lead "Error reached top of thread-pool"`,
		"first line (Acme::Declined)\nsecond":               `Acme::Declined "first line\nsecond" lead ""`,
		"Timeout (Net::ReadTimeout)":                        `Net::ReadTimeout "Timeout" lead ""`,
		"settle failed":                                     ` "settle failed" lead "settle failed"`,
	} {
		var x rubyFault
		lead := rubyName(&x, text)
		if got := fmt.Sprintf("%s %q lead %q", x.typ, x.value, lead); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestRubyPlace(t *testing.T) {
	for file, want := range map[string]string{
		"/usr/local/bundle/gems/puma-5.6.5/lib/puma/server.rb":   "puma/server.rb true",
		"/usr/lib/ruby/3.1.0/json/common.rb":                     "json/common.rb true",
		"<internal:/usr/lib/ruby/vendor_ruby/rubygems/a.rb>":     "rubygems/a.rb true",
		"<internal:kernel>":                                      "<internal:kernel> true",
		"/usr/bin/rake":                                          "/usr/bin/rake true",
		"/app/models/pay.rb":                                     "models/pay.rb false",
		"/var/www/pay/releases/20261122052811/app/models/pay.rb": "app/models/pay.rb false",
		"/srv/pay/wallet.rb":                                     "/srv/pay/wallet.rb false",
		"./pay.rb":                                               "pay.rb false",
	} {
		name, library := rubyPlace(file)
		if got := fmt.Sprint(name, " ", library); got != want {
			t.Errorf("%q: got %q, want %q", file, got, want)
		}
	}
}

// rubyAsked is Ruby asked about all lines that may be rows.
func rubyAsked() Language {
	l := Ruby()
	l.Hints = append(append([]string{}, l.Hints...), l.RowHints...)
	return l
}

// TestRubyFollow runs whole texts through Step, Back and Read.
func TestRubyFollow(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"one frame, then other prints", "pay.rb:23:in `<main>': no (FrozenError)\nqueue drained\n", "FrozenError \"no\" 1\n"},
		{"a message of lines", "pay.rb:1:in `f': a (E)\n\nb: c\n\tfrom pay.rb:9:in `<main>'\n", "E \"a\\n\\nb: c\" 2\n"},
		{"eaten blanks", "pay.rb:1:in `f': a (E)\nfrom pay.rb:9:in `<main>'\n", "E \"a\" 2\n"},
		{"a chain", "a.rb:1:in `f': a (E)\n\tfrom a.rb:9:in `<main>'\na.rb:2:in `g': b (F)\n\tfrom a.rb:9:in `<main>'\n", "F \"b\" 2; E \"a\" 2\n"},
		{"the same twice", "a.rb:1:in `f': a (E)\n\tfrom a.rb:9:in `<main>'\na.rb:1:in `f': a (E)\n\tfrom a.rb:9:in `<main>'\n", "E \"a\" 2\nE \"a\" 2\n"},
		{"oldest first", "\t2: from a.rb:9:in `<main>'\n\t1: from a.rb:8:in `g'\na.rb:1:in `f': a (E)\n\t1: from a.rb:9:in `<main>'\na.rb:3:in `h': b (F)\n", "E \"a\" 3; F \"b\" 2\n"},
		{"an anonymous class", "a.rb:1:in `f': no name\n\tfrom a.rb:9:in `<main>'\n", " \"no name\" 2\n"},
		{"the header is cut off", "\tfrom a.rb:9:in `f'\n\tfrom a.rb:9:in `<main>'\n", "\n"},
		{"somebody stopped it", "pay.rb:43:in `sleep': Interrupt\n\tfrom pay.rb:43:in `<main>'\n", "\n"},
		{"a guess without rows", "KeyError: a\ndone\nKeyError (b):\n\ndone\n", ""},
		{"Node's frames", "TypeError: a\n    at f (/x.js:1:2)\n", ""},
		{"causes that Rails lists", "ActionView::Template::Error (a):\n    1: <%= x %>\n  \napp/a.rb:1:in `f'\n  \nCauses:\nKeyError (b)\n  \napp/b.rb:1:in `g'\n\nStarted GET\n", "KeyError \"b\" 1; Error \"a\" 1\n"},
		{"a cause of one's own", "KeyError: a\napp/a.rb:1:in `f'\nCaused by: Acme::Declined: b\napp/b.rb:1:in `g'\n", "Declined \"b\" 1; KeyError \"a\" 1\n"},
	} {
		got := ""
		for _, tr := range pyFollow(rubyAsked(), tt.in) {
			parts := []string{}
			for _, x := range tr.Exceptions {
				parts = append(parts, fmt.Sprintf("%s %q %d", x.Type, x.Value, len(x.Stacktrace.Frames)))
			}
			got += strings.Join(parts, "; ") + "\n"
		}
		if got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestRubyLongInput(t *testing.T) {
	got := pyFollow(rubyAsked(), "a.rb:1:in `f': a (E)\n"+strings.Repeat("\tfrom a.rb:9:in `f'\n", 20000))
	if len(got) != 1 || len(got[0].Exceptions[0].Stacktrace.Frames) != maxFrames || got[0].Extra["trace.frames_dropped"] != 20001-maxFrames {
		t.Fatalf("%d traces", len(got))
	}
	var chain strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&chain, "a.rb:%d:in `f': a (E)\n", i+1)
	}
	got = pyFollow(rubyAsked(), chain.String())
	if len(got) != 1 || len(got[0].Exceptions) != maxExceptions || got[0].Extra["trace.exceptions_dropped"] != 10000-maxExceptions {
		t.Fatalf("%d traces", len(got))
	}
	for _, piece := range []string{":1", "(A", "#<A:", "'", "A::", "[a] ", " at ", "a", ":in `"} {
		long := []byte(strings.Repeat(piece, 1<<20/len(piece)))
		rubyStep(Outside, long)
		rubyRead([][]byte{long, []byte("a.rb:1:in `f'")})
		long = append([]byte("a.rb:1:in `f': "), long...)
		rubyStep(Outside, long)
		rubyRead([][]byte{long, []byte("\tfrom a.rb:1:in `f'")})
	}
}

func TestRubyStepDoesNotAllocate(t *testing.T) { stepDoesNotAllocate(t, Ruby(), rubyLinesSeen) }

func FuzzRuby(f *testing.F) { fuzzLanguage(f, rubyAsked(), rubyLinesSeen) }

func BenchmarkRubyStep(b *testing.B) {
	benchmarkStep(b, Ruby(), []string{"pay.rb:8:in `debit': no (E)", "\tfrom pay.rb:9:in `load'", "\tfrom pay.rb:9:in `<main>'"})
}

// BenchmarkRubyOutside asks about ordinary lines: rows begin with any letter, so Ruby is asked often.
func BenchmarkRubyOutside(b *testing.B) {
	lines := [][]byte{
		[]byte(`Started GET "/pay" for 10.0.0.1 at 2026-11-22 11:48:34 +0000`),
		[]byte("charged wallet w-1 with 25 cents for user 8912 (attempt 1)"),
		[]byte("[3f2b-4c1d] Completed 200 OK in 10ms (Allocations: 2808)"),
		[]byte("Processing by PayController#show as HTML: parameters id=7 path=/pay/7"),
	}
	b.ReportAllocs()
	b.SetBytes(60)
	i := 0
	for b.Loop() {
		rubyStep(Outside, lines[i&3])
		i++
	}
}

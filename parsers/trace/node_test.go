package trace

import (
	"fmt"
	"strings"
	"testing"
)

func TestNodeFrame(t *testing.T) {
	for _, tt := range []struct {
		line  string
		want  string // function|file|line:column|rest
		grade int
	}{
		{"    at lookup (/srv/pay/wallet.js:3:47)", "lookup|/srv/pay/wallet.js|3:47|", nodeSure},
		{"at lookup (/srv/pay/wallet.js:3:47)", "lookup|/srv/pay/wallet.js|3:47|", nodeSure},
		{"    at /srv/pay/wallet.js:5:66", "|/srv/pay/wallet.js|5:66|", nodeSure},
		{"    at #post (/srv/pay/wallet.js:5:109)", "#post|/srv/pay/wallet.js|5:109|", nodeSure},
		{"    at new Script (node:vm:117:7)", "new Script|node:vm|117:7|", nodeSure},
		{"    at async Object.pay (/srv/pay/wallet.js:7:24) {", "Object.pay|/srv/pay/wallet.js|7:24|", nodeSure},
		{"    at async file:///srv/pay/e.mjs:1:2", "|file:///srv/pay/e.mjs|1:2|", nodeSure},
		{"    at async Promise.all (index 0)", "Promise.all||0:0|", nodeSure},
		{"    at Array.map (<anonymous>)", "Array.map||0:0|", nodeSure},
		{"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)", "Function.executeUserEntryPoint|node:internal/modules/run_main|164:12|", nodeSure},
		{"    at node:internal/main/run_main_module:28:49,", "|node:internal/main/run_main_module|28:49|", nodeSure},
		{"    at eval (eval at f (/srv/x.js:3:5), <anonymous>:1:7)", "eval|<anonymous>|1:7|", nodeSure},
		{`    at f (C:\Program Files (x86)\app\x.js:1:2)`, `f|C:\Program Files (x86)\app\x.js|1:2|`, nodeSure},
		{"    at Page (webpack-internal:///(rsc)/./src/app/page.tsx:12:9)", "Page|webpack-internal:///(rsc)/./src/app/page.tsx|12:9|", nodeSure},
		{"    at /srv/a b (c)/x.js:1:2", "|/srv/a b (c)/x.js|1:2|", nodeSure},
		{"    at wasm://wasm/0a1b:wasm-function[12]:0x3f", "|wasm://wasm/0a1b|0:0|", nodeSure},
		{"    at [eval]:1:7", "|[eval]|1:7|", nodeSure},
		{"    at repl (REPL1:1:7)", "repl|REPL1|1:7|", nodeSure},
		{"    at f (/srv/x.js:1:2) { userId: 8912 }", "f|/srv/x.js|1:2|{ userId: 8912 }", nodeWeak},
		{"    at node:internal/main:28:49 Error: y", "|node:internal/main|28:49|Error: y", nodeWeak},
		{"      at map (1:11)", "map||1:11|", nodeWeak},
		{"    at native", "||0:0|", nodeWeak},

		{"    at the counter: 3 errors, 2 exceptions", "", 0},
		{"at 12:30:45", "", 0}, {"at 10.0.0.1:8080:1", "", 0}, {"at 2026-11-22T05:30:15", "", 0},
		{"             at ./src/main.rs:3:5", "", 0}, {"    at src/x.rs:10", "", 0},
		{"\tat com.acme.Ledger.debit(Ledger.java:23)", "", 0},
		{"   at Acme.Foo.Bar(String s) in C:\\src\\X.cs:line 12", "", 0},
		{"  at Foo.Bar (System.String s) [0x00000] in <abc>:0", "", 0},
		{"at x.ts(3,5): error TS2345", "", 0}, {"at ", "", 0}, {"at (", "", 0}, {"at ()", "", 0}, {"at f (:1:2)", "", 0},
	} {
		c, g := nodeFrame(span(tt.line))
		got := ""
		if g > 0 {
			got = fmt.Sprintf("%s|%s|%d:%d|%s", c.fn, c.file, c.line, c.col, c.rest)
		}
		if got != tt.want || g != tt.grade {
			t.Errorf("%q:\n got %q grade %d\nwant %q grade %d", tt.line, got, g, tt.want, tt.grade)
		}
	}
}

func TestNodeHeader(t *testing.T) {
	for _, tt := range []struct {
		line  string
		want  string // lead|name|code|value
		grade int
	}{
		{"TypeError: x is not a function", "|TypeError||x is not a function", nodeSure},
		{"Error", "|Error||", nodeSure},
		{"AssertionError [ERR_ASSERTION]: 1 == 2", "|AssertionError|ERR_ASSERTION|1 == 2", nodeSure},
		{"Error [SequelizeDatabaseError]: x", "|SequelizeDatabaseError||x", nodeSure},
		{"NoName [Error]: x", "|NoName||x", nodeSure},
		{"DOMException [AbortError]: aborted", "|AbortError||aborted", nodeSure},
		{"NoSuchKey: The key does not exist", "|NoSuchKey||The key does not exist", nodeWeak},
		{"error: duplicate key", "|error||duplicate key", nodeWeak},
		{"[AggregateError: All promises were rejected] {", "|AggregateError||All promises were rejected", nodeSure},
		{"settle failed: RangeError: negative amount -5", "settle failed: |RangeError||negative amount -5", nodeSure},
		{"unhandledRejection: DeclinedError: wallet", "unhandledRejection: |DeclinedError||wallet", nodeSure},
		{"Uncaught Exception: TypeError: x", "Uncaught Exception: |TypeError||x", nodeSure},
		{"Uncaught TypeError: x", "|TypeError||x", nodeSure},
		{"error: Uncaught (in promise) TypeError: x", "|TypeError||x", nodeSure},
		{"  [cause]: TypeError: x", "|TypeError||x", nodeSure},
		{"  <rejected> Error: boom", "|Error||boom", nodeSure},
		{" ⨯ Error: boom", "|Error||boom", nodeSure},
		{"(node:123) UnhandledPromiseRejectionWarning: Error: boom", "|Error||boom", nodeSure},
		{"Error: Error: x", "|Error||Error: x", nodeSure},
		{"batch 77 start", "", 0}, {"POST /pay 200", "", 0}, {"done", "", 0}, {"", "", 0}, {"[", "", 0}, {"[]", "", 0},
	} {
		h := nodeHeader(span(tt.line))
		got := ""
		if h.grade > 0 {
			got = fmt.Sprintf("%s|%s|%s|%s", h.lead, h.name, h.code, h.value)
		}
		if got != tt.want || h.grade != tt.grade {
			t.Errorf("%q:\n got %q grade %d\nwant %q grade %d", tt.line, got, h.grade, tt.want, tt.grade)
		}
	}
}

// TestNodeFollow runs whole texts through Step, Back and Read.
func TestNodeFollow(t *testing.T) {
	const frame = "    at f (/srv/x.js:1:2)\n"
	for _, tt := range []struct{ name, in, want string }{
		{"unrelated lines stay", "batch 77 start\nPOST /pay 200\nTypeError: x\n" + frame + "done 7\n",
			"|TypeError|\"x\" 1 frames f:/srv/x.js:1 [generic]\n"},
		{"a message of several lines", "start\nPrismaClientKnownRequestError: \nInvalid call in\n/srv/app.js:12:5\n\nDetail: x\n" + frame,
			"|PrismaClientKnownRequestError|\"\\nInvalid call in\\n/srv/app.js:12:5\\n\\nDetail: x\" 1 frames f:/srv/x.js:1 [generic]\n"},
		{"crash", "x\n/srv/x.js:1\nthrow e;\n^\n\nError: boom\n" + frame + "\nNode.js v20.20.2\nstarted again\n",
			"|Error|\"boom\" 1 frames f:/srv/x.js:1 [onuncaughtexception handled=false]\n"},
		{"crash by a string", "/srv/x.js:1\n  throw 'plain';\n  ^\nplain\n(Use `node --trace-uncaught ...` to show where the exception was thrown)\n\nNode.js v20.20.2\n",
			"|Error|\"plain\" 1 frames ?:/srv/x.js:1 [onuncaughtexception handled=false]\n"},
		{"pg's lower-case class", "insert failed error: duplicate key\n" + frame,
			"lead \"insert failed\"\n|error|\"duplicate key\" 1 frames f:/srv/x.js:1 [generic]\n"},
		{"rejection handler", "Unhandled Rejection at: Promise {\n  <rejected> Error: boom\n      at f (/srv/x.js:1:2)\n} reason: Error: boom\n" + frame + "next\n",
			"lead \"Unhandled Rejection at\"\n|Error|\"boom\" 1 frames f:/srv/x.js:1 [generic handled=false]\n"},
		{"koa's indent", "GET /pay - 404\n\n  DeclinedError: short\n      at f (/srv/x.js:1:2)\n\nGET /health - 200\n",
			"|DeclinedError|\"short\" 1 frames f:/srv/x.js:1 [generic]\n"},
		{"pino's chain", "Error: outer\n" + frame + "caused by: TypeError: inner\n    at g (/srv/y.js:3:4)\n",
			"|TypeError|\"inner\" 1 frames g:/srv/y.js:3 [chained #1<0 cause]\n|Error|\"outer\" 1 frames f:/srv/x.js:1 [generic #0]\n"},
		{"two in a row", "Error: a\n" + frame + "Error: b\n" + frame,
			"|Error|\"a\" 1 frames f:/srv/x.js:1 [generic]\n|Error|\"b\" 1 frames f:/srv/x.js:1 [generic]\n"},
		{"the carrier ate the blanks", "Error: ENOENT\nat f (/srv/x.js:1:2) {\nerrno: -2,\ncode: 'ENOENT'\n}\n\nNode.js v20.20.2\nafter\n",
			"|Error|\"ENOENT\" 1 frames f:/srv/x.js:1 [onuncaughtexception handled=false]\n"},
		{"warnings and traces", "(node:1) MaxListenersExceededWarning: leak\n" + frame + "Trace: here\n" + frame + "(node:1) [DEP0005] DeprecationWarning: Buffer()\n" + frame, ""},
		{"rejections of Node 14", "(node:1) UnhandledPromiseRejectionWarning: Error: x\n" + frame + "(node:1) UnhandledPromiseRejectionWarning: Unhandled promise rejection. (rejection id: 1)\n(node:1) UnhandledPromiseRejectionWarning: plain text\nnext\n",
			"|Error|\"x\" 1 frames f:/srv/x.js:1 [generic handled=false]\n|UnhandledRejection|\"plain text\" [generic handled=false]\n"},
		{"Next.js", " ⨯ Error: boom\n    at async Page (./src/page.tsx:3:4) {\n  digest: '1'\n}\n GET / 500\n", "|Error|\"boom\" 1 frames Page:./src/page.tsx:3 [generic]\n"},
		{"crash without frames", "/srv/x.js:1\nthrow e\n^\n\n[Error: nolimit] { code: 'X' }\n\nNode.js v20.20.2\n", "|Error|\"nolimit\" [onuncaughtexception handled=false]\n"},
		{"another language's frames", "thread 'main' panicked\n   0: main\n             at ./src/main.rs:3:5\n", ""},
		{"frames alone", frame + frame, "thread 0 \"\"  crashed=false 2 frames\n"},
		{"version in prose", "Node.js v20.20.2\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var sb strings.Builder
			for _, tr := range pyFollow(Node(), tt.in) {
				sb.WriteString(pySketch(tr))
			}
			if sb.String() != tt.want {
				t.Errorf("got\n%swant\n%s", sb.String(), tt.want)
			}
		})
	}
}

// TestNodeElisionIsRestored: the frames that an error shares with its cause are counted and read.
func TestNodeElisionIsRestored(t *testing.T) {
	in := "Error: outer\n    at a (/srv/x.js:1:1)\n    at b (/srv/x.js:2:1)\n    ... 2 lines matching cause stack trace ...\n    at e (/srv/x.js:5:1) {\n" +
		"  [cause]: Error: inner\n      at z (/srv/x.js:9:1)\n      at b (/srv/x.js:2:1)\n      at c (/srv/x.js:3:1)\n      at d (/srv/x.js:4:1)\n      at e (/srv/x.js:5:1)\n}\n"
	traces := pyFollow(Node(), in)
	if len(traces) != 1 {
		t.Fatal(len(traces), "traces")
	}
	var names []string
	for _, f := range traces[0].Exceptions[1].Stacktrace.Frames {
		names = append(names, f.Function)
	}
	if got := strings.Join(names, ""); got != "edcba" {
		t.Errorf("frames %s", got)
	}
}

func TestNodeFacts(t *testing.T) {
	in := "/srv/x.js:7\n  boom();\n  ^\n\nError: ENOENT: no such file\n    at Object.<anonymous> (/srv/x.js:7:3)\n    at l (/srv/node_modules/express/lib/router/layer.js:95:5)\n    at node:internal/main:28:49 {\n  errno: -2,\n  code: 'ENOENT',\n  wallet: { id: 1 }\n}\n\nNode.js v20.20.2\n"
	traces := pyFollow(Node(), in)
	if len(traces) != 1 || !traces[0].Died {
		t.Fatalf("%+v", traces)
	}
	tr := traces[0]
	if tr.Extra["code"] != "ENOENT" || tr.Extra["errno"] != -2 || tr.Extra["wallet"] != "{ id: 1 }" {
		t.Errorf("extra %v", tr.Extra)
	}
	runtime, _ := tr.Contexts["runtime"].(map[string]any)
	if runtime["version"] != "v20.20.2" {
		t.Errorf("contexts %v", tr.Contexts)
	}
	frames := tr.Exceptions[0].Stacktrace.Frames
	crash, layer, inner := frames[2], frames[1], frames[0]
	if crash.Function != "<anonymous>" || crash.RawFunction != "Object.<anonymous>" || crash.ContextLine != "  boom();" || !*crash.InApp {
		t.Errorf("crash %+v", crash)
	}
	if layer.Module != "express.lib.router:layer" || *layer.InApp || *inner.InApp {
		t.Errorf("layer %+v", layer)
	}
}

// TestNodeLongChains: everything is bounded, and what is left out is counted.
func TestNodeLongChains(t *testing.T) {
	var sb strings.Builder
	for i := range 3000 {
		if i > 0 {
			sb.WriteString("caused by: ")
		}
		fmt.Fprintf(&sb, "Error: %d\n    at f (/srv/x.js:1:2)\n    ... 9 lines matching cause stack trace ...\n", i)
	}
	sb.WriteString(strings.Repeat("    at g (/srv/x.js:1:2)\n", 5000))
	traces := pyFollow(Node(), sb.String())
	if len(traces) != 1 || len(traces[0].Exceptions) != maxExceptions {
		t.Fatalf("%d traces", len(traces))
	}
	if n := traces[0].Extra["trace.exceptions_dropped"]; n != 3000-maxExceptions {
		t.Errorf("exceptions dropped: %v", n)
	}
}

var nodeLines = []string{
	"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)", "    at lookup (/srv/pay/wallet.js:3:47)",
	"TypeError: Cannot read properties", "/srv/pay/x.js:1", "      ^", "    at f (/x.js:1:2) {", "  code: 'ENOENT',", "  [cause]: Error: inner", "      at g (/y.js:1:2)", "}", "",
	"    ... 5 lines matching cause stack trace ...", "Node.js v20.20.2", "[AggregateError: x] {", "  [errors]: [", "    Error: a", "        at f (/x.js:1:2),", "  ]",
	"(node:1) UnhandledPromiseRejectionWarning: Error: x", "FATAL ERROR: Reached heap limit", " 1: 0xb78db3 node::Abort() [node]", "caused by: Error: x", "at the counter: 3",
	"Emitted 'error' event on Server instance at:", "x Error: y [a [b",
	"    [... lines matching original stack trace ...]", "    at [worker eval]:1:34", "  parent: [Error: no table] {", "    Refused: no", "plain text of a line that is longer than others and says nothing at all",
}

func TestNodeStepDoesNotAllocate(t *testing.T) { stepDoesNotAllocate(t, Node(), nodeLines) }

func BenchmarkNodeStep(b *testing.B) { benchmarkStep(b, Node(), nodeLines[:2]) }

func FuzzNode(f *testing.F) { fuzzLanguage(f, Node(), nodeLines) }

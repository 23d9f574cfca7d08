package trace

import (
	"fmt"
	"strings"
	"testing"
)

func TestJavaFrame(t *testing.T) {
	for _, tt := range []struct {
		line  string
		want  string // class|method|file|line|package
		grade int
	}{
		{"\tat com.acme.Ledger.debit(Ledger.java:23)", "com.acme.Ledger|debit|Ledger.java|23|", javaSure},
		{"at com.acme.Ledger.debit(Ledger.java:23)", "com.acme.Ledger|debit|Ledger.java|23|", javaSure},
		{"\tat java.base/java.lang.Thread.run(Thread.java:840)", "java.lang.Thread|run|Thread.java|840|", javaSure},
		{"\tat app//com.acme.A.b(A.java:1)", "com.acme.A|b|A.java|1|", javaSure},
		{"\tat deployment.pay.war//com.acme.A.b(A.java:1)", "com.acme.A|b|A.java|1|", javaSure},
		{"\tat java.base@17.0.15/java.lang.Thread.run(Thread.java:840)", "java.lang.Thread|run|Thread.java|840|", javaSure},
		{"\tat com.acme.A.<init>(A.java:1)", "com.acme.A|<init>|A.java|1|", javaSure},
		{"\tat com.acme.A$$Lambda$14/0x00007f5abc000c68.run(Unknown Source)", "com.acme.A$$Lambda$14/0x00007f5abc000c68|run||0|", javaSure},
		{"\tat jdk.internal.reflect.A.invoke0(Native Method)", "jdk.internal.reflect.A|invoke0||0|", javaSure},
		{"\tat a.b.C.d(Unknown Source:12)", "a.b.C|d||0|", javaSure},
		{"\tat a.b.C.d(<generated>) ~[na:na]", "a.b.C|d||0|na:na", javaSure},
		{"\tat a.b.C.d(C.java) [app.jar!/:1.2]", "a.b.C|d|C.java|0|app.jar!/:1.2", javaSure},
		{"\tat a.b.C.d(C.java:7) ~[app.jar:1.2] [3 skipped]", "a.b.C|d|C.java|7|app.jar:1.2", javaSure},
		{"\tat com.acme.CalcSpec.adds two numbers(CalcSpec.groovy:12)", "com.acme.CalcSpec|adds two numbers|CalcSpec.groovy|12|", javaSure},
		{"\tat user$f.invokeStatic(REPL:1)", "user$f|invokeStatic|REPL|1|", javaSure},
		{"\tat a.b.C.d(C.java:-1)", "a.b.C|d|C.java|0|", javaSure},
		{"\tat a.b.C.d(SourceFile)", "a.b.C|d|SourceFile|0|", javaSure},
		{"\tat a.b.C.d(C.java:7)]]", "a.b.C|d|C.java|7|", javaSure},
		{"\tat flatMap @ Main$.run(Main.scala:9)", "Main$|run|Main.scala|9|", javaSure},
		{"    at acme.M.main (M.java:1)", "acme.M|main|M.java|1|", javaSure},
		{"    at sun.reflect.A.invoke0 (Native Method)", "sun.reflect.A|invoke0||0|", javaSure},
		{" at acme.pay$debit.invokeStatic (a.clj:2)", "acme.pay$debit|invokeStatic|a.clj|2|", javaSure},
		{"\tat <empty>.Main.run(Main.scala:5)", "<empty>.Main|run|Main.scala|5|", javaSure},
		{"\tat a.b.C.d(Foo)", "a.b.C|d|Foo|0|", javaWeak},
		{"\tat a.b.C.d(C.java:10)2026-11-22 05:28:01 ERROR x", "a.b.C|d|C.java|10|", javaSure},

		{"    at Object.openSync (node:fs:573:18)", "", 0},
		{"    at f (/srv/x.js:1:2)", "", 0},
		{"    at Server.f (x.js:12)", "", 0},
		{"   at Acme.Foo.Bar(String s) in /src/x.cs:line 3", "", 0},
		{"   at Acme.Foo.Bar(String s)", "", 0},
		{"   at Acme.Foo.Bar()", "", 0},
		{"  at Foo.Bar (System.Int32 x) [0x00000] in <abc>:0", "", 0},
		{"    at the counter: 3 errors", "", 0},
		{"at com.surepay branch office 7, teller 3", "", 0},
		{"at the meeting of com.acme (see notes.txt:3)", "", 0},
		{"at com.acme.foo", "", 0},
		{"at (x)", "", 0},
		{"at .(.)", "", 0},
	} {
		c, g := javaFrame(span(tt.line))
		got := ""
		if g > 0 {
			got = fmt.Sprintf("%s|%s|%s|%d|%s", c.class, c.method, c.file, c.line, c.pack)
		}
		if got != tt.want || g != tt.grade {
			t.Errorf("%q:\n got %q grade %d\nwant %q grade %d", tt.line, got, g, tt.want, tt.grade)
		}
	}
}

func TestJavaHeader(t *testing.T) {
	for _, tt := range []struct {
		line   string
		record bool
		want   string // thread|lead|type|value
		grade  int
	}{
		{"java.lang.NullPointerException", false, "||java.lang.NullPointerException|", javaSure},
		{"java.lang.IllegalStateException: a: b", false, "||java.lang.IllegalStateException|a: b", javaSure},
		{"com.acme.Outer$Inner: x", false, "||com.acme.Outer$Inner|x", javaSure},
		{"MyEx: boom", false, "||MyEx|boom", javaWeak},
		{"T$NoMsg", false, "||T$NoMsg|", javaWeak},
		{"AppError", false, "||AppError|", javaLikely},
		{`Exception in thread "main" java.lang.Error: x`, false, "main||java.lang.Error|x", javaSure},
		{`Exception in thread "pool "7" worker" T: x`, false, `pool "7" worker||T|x`, javaSure},
		{"IndexNotFoundException[no such index [pay]]", false, "||IndexNotFoundException|no such index [pay]", javaLikely},
		{"job 42 failed java.io.IOException: reset", true, "|job 42 failed |java.io.IOException|reset", javaLikely},
		{"request failed [java.io.IOException: reset]", true, "|request failed [|java.io.IOException|reset]", javaLikely},
		{"payment refused: com.acme.Pay$Declined: no funds", true, "|payment refused: |com.acme.Pay$Declined|no funds", javaWeak},
		{"payment refused: com.acme.Pay$Declined: no funds", false, "", 0},
		{"failed com.acme.Down: java.sql.SQLException: dead", true, "|failed |com.acme.Down|java.sql.SQLException: dead", javaWeak},
		{"Error in com.acme.Worker: java.sql.SQLException: dead", true, "|Error in com.acme.Worker: |java.sql.SQLException|dead", javaLikely},
		{"a.RemoteException(java.io.IOException): gone", false, "||a.RemoteException|gone", javaSure},
		{"user: 8912", false, "", 0},
		{"POST /pay 200", false, "", 0},
		{"batch 77 start", false, "", 0},
		{"Registering ExceptionHandler: done", false, "", 0},
		{"com.acme", false, "", 0},
		{"Caused by: not really", false, "|||not really", javaWeak},
	} {
		h := javaHeader(span(tt.line), tt.record)
		got := ""
		if h.grade > 0 {
			got = fmt.Sprintf("%s|%s|%s|%s", h.thread, h.lead, h.typ, h.value)
		}
		if got != tt.want || h.grade != tt.grade {
			t.Errorf("%q:\n got %q grade %d\nwant %q grade %d", tt.line, got, h.grade, tt.want, tt.grade)
		}
	}
}

func TestJavaElision(t *testing.T) {
	for line, want := range map[string]string{
		"\t... 12 more": "12 true", "\t... 1 common frames omitted": "1 true",
		"\t... 27 frames truncated": "27 false", "\t... suppressed 5 lines": "5 false",
		"(3 frames excluded)": "3 false", "... and 4 filtered": "4 false",
		"... twelve more": "", "... 12": "", "... 12 more things": "", "(see page 3)": "",
	} {
		got := ""
		if n, common, ok := javaElision(span(line)); ok {
			got = fmt.Sprint(n, common)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

// TestJavaFollow runs whole texts through Step, Back and Read.
func TestJavaFollow(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"unrelated lines stay", "batch 77 start\nPOST /pay 200\njava.lang.Error: x\n\tat a.B.c(B.java:1)\ndone 7\n",
			"java.lang|Error|\"x\" 1 frames c:B.java:1 [generic]\n"},
		{"message lines that look like a header", "com.acme.Down: deadlock\nDetail: process 12 waits\n\n  Hint: none\n\tat a.B.c(B.java:1)\n",
			"com.acme|Down|\"deadlock\\nDetail: process 12 waits\\n\\n  Hint: none\" 1 frames c:B.java:1 [generic]\n"},
		{"eaten blanks", "java.lang.Error: x\nat a.B.c(B.java:1)\nCaused by: java.lang.Error: y\nat a.B.d(B.java:2)\n... 1 more\n",
			"java.lang|Error|\"y\" 2 frames d:B.java:2 [chained #1<0 cause]\njava.lang|Error|\"x\" 1 frames c:B.java:1 [generic #0]\n"},
		{"root cause first", "a.Inner: i\n\tat a.B.d(B.java:2)\n\t... 1 common frames omitted\nWrapped by: a.Outer: o\n\tat a.B.c(B.java:1)\n\tat a.B.m(B.java:9)\n",
			"a|Inner|\"i\" 2 frames d:B.java:2 [chained #1<0 cause]\na|Outer|\"o\" 2 frames c:B.java:1 [generic #0]\n"},
		{"two in a row", "a.X: 1\n\tat a.B.c(B.java:1)\na.Y: 2\n\tat a.B.d(B.java:2)\n",
			"a|X|\"1\" 1 frames c:B.java:1 [generic]\na|Y|\"2\" 1 frames d:B.java:2 [generic]\n"},
		{"log4j's suffix", "a.X: 1 # r-77\n\tat a.B.c(B.java:1) # r-77\nCaused by: a.Y: 2 # r-77\n\tat a.B.d(B.java:2) # r-77\n\t... 1 more # r-77\n",
			"a|Y|\"2\" 2 frames d:B.java:2 [chained #1<0 cause]\na|X|\"1\" 1 frames c:B.java:1 [generic #0]\n"},
		{"a quoted trace", "a.X: remote said:\na.Y: y\n\tat q.R.s(R.java:1)\nCaused by: a.Z\n\t... 1 more\n\tat a.B.c(B.java:1)\n",
			"a|X|\"remote said:\\na.Y: y\\n\\tat q.R.s(R.java:1)\\nCaused by: a.Z\\n\\t... 1 more\" 1 frames c:B.java:1 [generic]\n"},
		{"Hadoop's remote exception", "a.RemoteException(java.io.IOException): gone\n\tat q.R.s(R.java:1)\n\n\tat a.B.c(B.java:1)\n",
			"a|RemoteException|\"gone\\n\\tat q.R.s(R.java:1)\" 1 frames c:B.java:1 [generic]\n"},
		{"Spark's driver", "a.SparkException: lost: a.E: 0\n\tat q.R.s(R.java:1)\n\nDriver stacktrace:\n\tat a.B.c(B.java:1)\n",
			"a|SparkException|\"lost: a.E: 0\\n\\tat q.R.s(R.java:1)\\n\\nDriver stacktrace:\" 1 frames c:B.java:1 [generic]\n"},
		{"Groovy's assert", "Caught: Assertion failed: \n\nassert a\n\nAssertion failed: \n\nassert a\n\n\tat a.B.c(B.groovy:1)\n",
			"org.codehaus.groovy.runtime.powerassert|PowerAssertionError|\"Assertion failed:\\n\\nassert a\" 1 frames c:B.groovy:1 [generic handled=false]\n"},
		{"clojure.stacktrace", "clojure.lang.ExceptionInfo: declined\n{:wallet \"w-1\"}\n at acme.pay$debit.invokeStatic (a.clj:2)\n    acme.pay$eval146.invoke (a.clj:8)\nCaused by: java.lang.Error: x\n at acme.pay$debit.invokeStatic (a.clj:1)\n    acme.pay$eval146.invoke (a.clj:8)\n",
			"java.lang|Error|\"x\" 2 frames invokeStatic:a.clj:1 [chained #1<0 cause]\nclojure.lang|ExceptionInfo|\"declined\\n{:wallet \\\"w-1\\\"}\" 2 frames invokeStatic:a.clj:2 [generic #0]\n"},
		{"an exception as data", "#error {\n :cause \"n\"\n :via\n [{:type clojure.lang.ExceptionInfo\n   :message \"d\"\n   :at [a.b$c invokeStatic \"a.clj\" 2]}\n  {:type java.lang.Error\n   :message nil\n   :at [a.b$c invokeStatic \"a.clj\" 2]}]\n :trace\n [[a.b$c invokeStatic \"a.clj\" 2]\n  [clojure.main main \"main.java\" 40]]}\nnext\n",
			"java.lang|Error|\"\" 2 frames invokeStatic:a.clj:2 [chained #1<0 cause]\nclojure.lang|ExceptionInfo|\"d\" 1 frames invokeStatic:a.clj:2 [generic #0]\n"},
		{"a thread without a name", "Exception in thread \"\" a.X: 1\n\tat a.B.c(B.java:1)\n",
			"a|X|\"1\" 1 frames c:B.java:1 [UncaughtExceptionHandler handled=false]\nthread 0 \"\"  crashed=true 0 frames\n"},
		{"out of memory takes no text", "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\nposted w-1\n",
			"java.lang|OutOfMemoryError|\"Java heap space\" [UncaughtExceptionHandler handled=false]\nthread main \"main\"  crashed=true 0 frames\n"},
		{"torn at the end", "a.X: 1\n\tat a.B.c(B.java:1)\n\tat com.acme.Led", "a|X|\"1\" 1 frames c:B.java:1 [generic]\n"},
		{"Tomcat indents the whole trace", "Failed to start\n\ta.X: 1\n\t\tat a.B.c(B.java:1)\n\t\tSuppressed: a.S: s\n\t\t\tat a.B.s(B.java:3)\n\t\t\t... 1 more\n\tCaused by: a.Y: 2\n\t\tat a.B.d(B.java:2)\n\t\t... 1 more\nnext\n",
			"a|Y|\"2\" 2 frames d:B.java:2 [chained #2<0 cause]\na|S|\"s\" 2 frames s:B.java:3 [chained #1<0 suppressed[0]]\na|X|\"1\" 1 frames c:B.java:1 [generic #0]\n"},
		{"frames alone", "\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)\n", "thread 0 \"\"  crashed=false 2 frames\n"},
		{"thread dump of an old JVM", "\"main\" #1 prio=5\n   java.lang.Thread.State: RUNNABLE\n\tat a.B.c(B.java:1)\n", ""},
		{"thread info", "Threads: 1\n\"main\" prio=5 Id=1 RUNNABLE\n\tat a.B.c(B.java:1)\n", ""},
		{"own toString", "Exception in thread \"main\" Weird! it differs\n\tat a.B.c(B.java:1)\n",
			"||\"Weird! it differs\" 1 frames c:B.java:1 [UncaughtExceptionHandler handled=false]\nthread main \"main\"  crashed=true 0 frames\n"},
		{"prose", "at com.acme branch 7\nCaused by: the weather\n    at the counter: 3 errors\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var sb strings.Builder
			for _, tr := range pyFollow(Java(), tt.in) {
				sb.WriteString(pySketch(tr))
			}
			if sb.String() != tt.want {
				t.Errorf("got\n%swant\n%s", sb.String(), tt.want)
			}
		})
	}
}

func TestJavaRecordMessageIsLead(t *testing.T) {
	tr, ok := javaRead([][]byte{[]byte("job 42 failed: java.io.IOException: reset"), []byte("\tat a.B.c(B.java:1)")})
	if !ok || tr.Lead != "job 42 failed" || tr.Exceptions[0].Value != "reset" {
		t.Errorf("got %v %+v", ok, tr)
	}
}

// TestJavaFrameless: a header alone is an exception only if nothing else has such a name.
func TestJavaFrameless(t *testing.T) {
	for line, want := range map[string]bool{
		"java.lang.NullPointerException: null": true, "com.acme.DownException": true,
		"com.acme.Down: x": false, "MyError: x": false, "something failed: java.io.IOException: x": false, "": false,
	} {
		if _, ok := javaRead([][]byte{[]byte(line)}); ok != want {
			t.Errorf("%q: got %v", line, ok)
		}
	}
}

// TestJavaLongChains: everything is bounded, and what is left out is counted.
func TestJavaLongChains(t *testing.T) {
	var sb strings.Builder
	sb.WriteString("a.X: 0\n" + strings.Repeat("\tat a.B.c(B.java:1)\n", 2000))
	for i := range 5000 {
		fmt.Fprintf(&sb, "Caused by: a.X: %d\n\tat a.B.d(B.java:2)\n\t... 2000 more\n", i+1)
	}
	traces := pyFollow(Java(), sb.String())
	if len(traces) != 1 || len(traces[0].Exceptions) != maxExceptions {
		t.Fatalf("%d traces", len(traces))
	}
	tr := traces[0]
	inner, outer := tr.Exceptions[0], tr.Exceptions[maxExceptions-1]
	if inner.Value != "5000" || outer.Value != "0" || len(inner.Stacktrace.Frames) != maxFrames || inner.Stacktrace.Frames[maxFrames-1].Function != "d" {
		t.Errorf("innermost %q, outermost %q", inner.Value, outer.Value)
	}
	if n := tr.Extra["trace.exceptions_dropped"]; n != 5001-maxExceptions {
		t.Errorf("exceptions dropped: %v", n)
	}
}

func TestUnjoin(t *testing.T) {
	for in, want := range map[string]string{
		"failed a.X: y|\tat a.B.c(B.java:1)|Caused by: a.Z|\t... 1 more":                         "failed a.X: y\n\tat a.B.c(B.java:1)\nCaused by: a.Z\n\t... 1 more",
		`failed a.X: y\n` + "\tat a.B.c(B.java:1)" + `\n`:                                        "failed a.X: y\n\tat a.B.c(B.java:1)\n",
		`failed a.X: y\n\tat a.B.c(B.java:1)`:                                                    "failed a.X: y\n\tat a.B.c(B.java:1)",
		"a | b |\tat noon":                                                                       "",
		"failed\n\tat a.B.c(B.java:1)":                                                           "",
		"failed a.X: y | \tat a.B.c(B.java:1) | Caused by: a.Z: z | \t... 1 more | ":             "failed a.X: y\n\tat a.B.c(B.java:1)\nCaused by: a.Z: z\n\t... 1 more",
		"failed a.X: y ## \tat a.B.c(B.java:1) ~[a.jar:1] ## \tat a.B.d(B.java:2) [a.jar:1] ## ": "failed a.X: y\n\tat a.B.c(B.java:1) ~[a.jar:1]\n\tat a.B.d(B.java:2) [a.jar:1]",
		"failed a.X: y at a.B.c(B.java:1) at a.B.d(B.java:2) Caused by: a.Z at a.B.e(B.java:3)":  "failed a.X: y\nat a.B.c(B.java:1)\nat a.B.d(B.java:2)\nCaused by: a.Z\nat a.B.e(B.java:3)",
		"plain": "",
	} {
		got, ok := Unjoin(in)
		if got != want || ok != (want != "") {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

func TestGlued(t *testing.T) {
	for in, want := range map[string]int{
		"\tat a.B.c(B.java:1)2026-11-22 WARN x": 19, "\tat a.B.c(B.java:1)": 0, "\tat a.B.c(B.java:1) ~[a.jar:1]": 0,
		"Caused by: a.X: wallet w-12026-11-22 13:25:04,925 INFO com.acme.L4 after": 26, "Caused by: a.X: since 2026-11-22 13:25:04,925 INFO x": 0,
		"2026-11-22 WARN at a.B.c(B.java:1)2": 0, "\tat the end (B)2": 0, "": 0,
	} {
		if got := Glued([]byte(in)); got != want {
			t.Errorf("%q: got %d, want %d", in, got, want)
		}
	}
}

var javaLines = []string{
	"\tat com.acme.Ledger.debit(Ledger.java:23) ~[app.jar!/:1.2] [3 skipped]", "\tat java.base/java.lang.Thread.run(Thread.java:840)",
	`Exception in thread "main" java.lang.IllegalStateException: x`, "Caused by: com.acme.Declined: wallet", "\tSuppressed: java.lang.Error", "\t... 12 more",
	"# A fatal error has been detected by the Java Runtime Environment:", "Execution error (ArithmeticException) at user/f (REPL:1).", "Full thread dump OpenJDK",
	"a line of a message", "", "at the counter", "Error: Could not find or load main class X",
}

func TestJavaStepDoesNotAllocate(t *testing.T) { stepDoesNotAllocate(t, Java(), javaLines) }

func BenchmarkJavaStep(b *testing.B) { benchmarkStep(b, Java(), javaLines[:2]) }

func FuzzJava(f *testing.F) { fuzzLanguage(f, Java(), javaLines) }

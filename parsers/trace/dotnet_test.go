package trace

import (
	"fmt"
	"strings"
	"testing"
)

func TestDotNetFrame(t *testing.T) {
	for _, tt := range []struct {
		line  string
		want  string // name|file:line
		grade int
	}{
		{"   at Acme.Svc.Do(String id, Int32& n) in C:\\src\\Svc.cs:line 12", "Acme.Svc.Do|C:\\src\\Svc.cs:12", dotnetSure},
		{"   at Acme.Svc.Do()", "Acme.Svc.Do|:0", dotnetSure}, {"   at A.B()", "A.B|:0", dotnetSure},
		{"at Acme.Svc..ctor(List`1 z, String[] p)", "Acme.Svc..ctor|:0", dotnetSure},
		{"   at Acme.Svc.Do[T,U](T x, U y) in /src/a (b) c/Svc.cs:line 3", "Acme.Svc.Do[T,U]|/src/a (b) c/Svc.cs:3", dotnetSure},
		{"   at Acme.Gen`1.<>c__DisplayClass3_0.<<RunAsync>b__0>d.MoveNext() in /_/src/Svc.cs:line 42", "Acme.Gen`1.<>c__DisplayClass3_0.<<RunAsync>b__0>d.MoveNext|/_/src/Svc.cs:42", dotnetSure},
		{"   at Program.<<Main>$>g__Local|0_0(String[] args)", "Program.<<Main>$>g__Local|0_0|:0", dotnetSure},
		{"   at lambda_method45(Closure , Object , Object[] )", "lambda_method45|:0", dotnetSure},
		{"   at SurePay.Program.Deep(Int32)", "SurePay.Program.Deep|:0", dotnetSure},
		{"   at Acme.Svc.Do(String) + 0x1c", "Acme.Svc.Do|:0", dotnetSure},
		{"   at Acme.Svc.Do(String) + 0x1c in /src/Svc.cs:line 3", "Acme.Svc.Do|/src/Svc.cs:3", dotnetSure},
		{"   at Acme.D.E() in /src/d.cs:line 2<---", "Acme.D.E|/src/d.cs:2", dotnetSure},
		{"   at App!<BaseAddress>+0x1234", "App!<BaseAddress>+0x1234|:0", dotnetWeak},
		{"  at Acme.Svc.Do (System.String id) [0x00008] in /srv/pay/Pay.cs:6 ", "Acme.Svc.Do|/srv/pay/Pay.cs:6", dotnetSure},
		{"  at System.Collections.Generic.Dictionary`2[TKey,TValue].get_Item (TKey key) [0x00021] in <12b418a7818c4ca0893feeaaf67f1e7f>:0 ", "System.Collections.Generic.Dictionary`2[TKey,TValue].get_Item|:0", dotnetSure},
		{"  at Acme.Svc.Do () <0x40012 + 0x0001f> in <filename unknown>:0 ", "Acme.Svc.Do|:0", dotnetSure},
		{"  at (wrapper managed-to-native) System.Object:__icall_wrapper_x (intptr,intptr)", "System.Object:__icall_wrapper_x|:0", dotnetWeak},
		{"   bei Acme.Svc.Do(String id) in C:\\src\\Svc.cs:Zeile 12.", "Acme.Svc.Do|C:\\src\\Svc.cs:12", dotnetSure},
		{"   à Acme.Svc.Do(String id) dans C:\\src\\Svc.cs:ligne 12", "Acme.Svc.Do|C:\\src\\Svc.cs:12", dotnetSure},
		{"   在 Acme.Svc.Do(String id) 位置 C:\\src\\Svc.cs:行号 12", "Acme.Svc.Do|C:\\src\\Svc.cs:12", dotnetSure},
		{"   в Acme.Svc.Do(String id) в C:\\src\\Svc.cs:строка 12", "Acme.Svc.Do|C:\\src\\Svc.cs:12", dotnetSure},
		{"   위치: Acme.Svc.Do(String id) 파일 C:\\src\\Svc.cs:줄 12", "Acme.Svc.Do|C:\\src\\Svc.cs:12", dotnetSure},
		{"   a következő helyen: Acme.Svc.Do(String id)", "Acme.Svc.Do|:0", dotnetSure},
		{"   at async Task<int> Acme.Svc.Do(string id, (int a, string b) t) in X.cs:line 3", "Acme.Svc.Do|X.cs:3", dotnetSure},
		{"   at void Acme.Svc.Run()+(int x) => { } in /src/Svc.cs:line 4", "Acme.Svc.Run|/src/Svc.cs:4", dotnetSure},
		{"   at new Foo(string x) in /src/Foo.cs:line 4", "Foo|/src/Foo.cs:4", dotnetSure},
		{"Game.Player.Update () (at Assets/Scripts/Player.cs:12)", "Game.Player.Update|Assets/Scripts/Player.cs:12", dotnetLikely},

		{"   at the counter: 3 errors, 2 exceptions", "", 0}, {"at first glance (see docs)", "", 0}, {"  at first glance (see docs)", "", dotnetWeak}, {"at 12:30:45", "", 0}, {"at ", "", 0}, {"at (", "", 0},
		{"    at Foo.bar (/srv/x.js:1:2)", "", 0}, {"    at Array.map (<anonymous>)", "", dotnetWeak}, {"    at Array.map (native)", "", 0},
		{"\tat com.acme.Ledger.debit(Ledger.java:23)", "", 0}, {"             at ./src/main.rs:3:5", "", 0}, {"x.cs(3,5): error CS1002: ; expected", "", 0},
		{"en route (soon)", "", 0}, {"in progress: Foo.Bar() at 3", "", 0}, {"Lunch (at noon)", "", 0},
	} {
		c, g := dotnetFrame(span(tt.line))
		got := ""
		if g > 0 {
			got = fmt.Sprintf("%s|%s:%d", c.name, c.file, c.line)
		}
		if g != tt.grade || tt.want != "" && got != tt.want {
			t.Errorf("%q:\n got %q grade %d\nwant %q grade %d", tt.line, got, g, tt.want, tt.grade)
		}
	}
}

func TestDotNetHeader(t *testing.T) {
	for _, tt := range []struct {
		line  string
		want  string // lead|type|code|value
		grade int
	}{
		{"System.InvalidOperationException: settle failed", "|System.InvalidOperationException||settle failed", dotnetSure},
		{"Unhandled exception. Acme.Outer+DeclinedException: a: b", "|Acme.Outer+DeclinedException||a: b", dotnetSure},
		{"[ERROR] FATAL UNHANDLED EXCEPTION: System.TimeoutException: t", "|System.TimeoutException||t", dotnetSure},
		{"Unbehandelte Ausnahme: System.TimeoutException: t", "|System.TimeoutException||t", dotnetSure},
		{"System.Net.Sockets.SocketException (111): Connection refused", "|System.Net.Sockets.SocketException|111|Connection refused", dotnetSure},
		{"Npgsql.PostgresException (0x80004005): 23505: duplicate", "|Npgsql.PostgresException|0x80004005|23505: duplicate", dotnetSure},
		{"Microsoft.Azure.Cosmos.CosmosException : Response status code", "|Microsoft.Azure.Cosmos.CosmosException||Response status code", dotnetSure},
		{"System.ServiceModel.FaultException`1[Acme.Fault]: no", "|System.ServiceModel.FaultException`1[Acme.Fault]||no", dotnetSure},
		{"System.TimeoutException", "|System.TimeoutException||", dotnetSure},
		{"Acme.Declined: no funds", "|Acme.Declined||no funds", dotnetLikely},
		{"DeclinedException: no funds", "|DeclinedException||no funds", dotnetLikely},
		{"Declined: no funds", "|Declined||no funds", dotnetWeak},
		{"charge failed Acme.DeclinedException: no funds", "charge failed |Acme.DeclinedException||no funds", dotnetLikely},
		{"Parameter name: b", "", 0}, {"nothing here", "", 0}, {"", "", 0}, {"lower: case", "", 0}, {"a Acme.DeclinedException (", "", 0},
	} {
		h := dotnetHeader(span(tt.line), true)
		got := ""
		if h.grade > 0 {
			got = fmt.Sprintf("%s|%s|%s|%s", h.lead, h.typ, h.code, h.value)
		}
		if got != tt.want || h.grade != tt.grade {
			t.Errorf("%q:\n got %q grade %d\nwant %q grade %d", tt.line, got, h.grade, tt.want, tt.grade)
		}
	}
}

func TestDotNetNames(t *testing.T) {
	for _, tt := range []struct{ raw, module, function string }{
		{"Acme.Svc.Do", "Acme.Svc", "Do"},
		{"Acme.Svc..ctor", "Acme.Svc", ".ctor"},
		{"Acme.Svc.Do[T]", "Acme.Svc", "Do"},
		{"Acme.Box`1+Inner[T].Take[U]", "Acme.Box`1+Inner[T]", "Take"},
		{"A.Dictionary`2[System.String,System.Int32].get_Item", "A.Dictionary`2[System.String,System.Int32]", "get_Item"},
		{"Acme.Svc.<ChargeAsync>d__5.MoveNext", "Acme.Svc", "ChargeAsync"},
		{"Acme.Svc.<ChargeAsync>d__5`1.MoveNext", "Acme.Svc", "ChargeAsync"},
		{"Acme.Svc+<ChargeAsync>d__5.MoveNext", "Acme.Svc", "ChargeAsync"},
		{"Acme.Svc.<>c.<Main>b__0_1", "Acme.Svc", "Main { <lambda> }"},
		{"Acme.Svc.<>c__DisplayClass3_0.<<RunAsync>b__0>d.MoveNext", "Acme.Svc", "RunAsync { <lambda> }"},
		{"Acme.Svc.<F>g__Inner|0_1", "Acme.Svc", "Inner"},
		{"Acme.Svc.<>c__DisplayClass3_0.<<F>g__Inner|0>d.MoveNext", "Acme.Svc", "Inner"},
		{"Program.<Main>$", "Program", "<Main>$"},
		{"Program.<<Main>$>g__Local|0_0", "Program", "Local"},
		{"Acme.Program+<Main>c__AnonStorey1.<>m__2", "Acme.Program", "Main { <lambda> }"},
		{"Acme.Program.<Main>m__0", "Acme.Program", "Main { <lambda> }"},
		{"Acme.Wallet+<Rows>c__Iterator0.MoveNext", "Acme.Wallet", "Rows"},
		{"Acme.Vb.VB$StateMachine_3_Foo.MoveNext", "Acme.Vb", "Foo"},
		{"Acme.Vb._Closure$__1-0._Lambda$__0", "Acme.Vb", "{ <lambda> }"},
		{"UnityEngine.Debug:LogException", "UnityEngine.Debug", "LogException"},
		{"Acme.Svc.Do<T>", "Acme.Svc", "Do"},
		{"lambda_method45", "", "lambda_method45"}, {"", "", ""}, {"<", "", "<"},
	} {
		m, f := dotnetSplitName(tt.raw)
		m, f = dotnetClean(m, f)
		if m != tt.module || f != tt.function {
			t.Errorf("%q: %q %q, want %q %q", tt.raw, m, f, tt.module, tt.function)
		}
	}
}

// TestDotNetOutside: what looks like a trace without being one.
func TestDotNetOutside(t *testing.T) {
	for _, text := range []string{
		"   at the counter: 3 errors", "  at first glance (see docs)", "Unhandled Exception:\nnothing here", "Stack overflow.\nis a site", "--- End of file ---",
		"---> look here", "Unhandled exception. That was all.", "in Foo.Bar (see docs)", "Process terminated. Bye.", "System.Text.Json: upgraded at build (x)",
		"2026 INFO Registering System.ExceptionHandler: done", "\tat com.acme.Ledger.debit(Ledger.java:23)",
	} {
		for _, tr := range pyFollow(DotNet(), text) {
			if len(tr.Exceptions) > 0 {
				t.Errorf("%q is read as a trace: %+v", text, tr)
			}
		}
	}
}

// TestDotNetFolded: one line in, the lines of the trace out.
func TestDotNetFolded(t *testing.T) {
	const line = "failed Acme.DeclinedException: at w-4 failed ---> System.TimeoutException: t    at Acme.Ledger.Get(String id) in /src/L.cs:line 3" +
		"    --- End of inner exception stack trace ---    at Acme.W.<Go>d__25.MoveNext() in /src/P.cs:line 9" +
		" --- End of stack trace from previous location where exception was thrown --- at Acme.P.Main()"
	want := []string{
		"failed Acme.DeclinedException: at w-4 failed", "---> System.TimeoutException: t", "   at Acme.Ledger.Get(String id) in /src/L.cs:line 3",
		"--- End of inner exception stack trace ---", "   at Acme.W.<Go>d__25.MoveNext() in /src/P.cs:line 9",
		"--- End of stack trace from previous location where exception was thrown ---", "   at Acme.P.Main()",
	}
	var got []string
	for _, l := range dotnetUnfold([][]byte{[]byte(line)}) {
		got = append(got, strings.TrimRight(string(l), " "))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	for _, plain := range []string{"Acme.E: arrived at Foo.Bar() yesterday", "at noon at work", "Acme.E: x"} {
		if out := dotnetUnfold([][]byte{[]byte(plain)}); out != nil {
			t.Errorf("%q was taken apart: %q", plain, out)
		}
	}
}

var dotnetLines = []string{
	"Unhandled exception. System.InvalidOperationException: settle failed", " ---> Acme.DeclinedException: no funds", "Parameter name: id",
	"   at Acme.Svc.<ChargeAsync>d__5.MoveNext() in /src/Pay.cs:line 9", "  at Acme.Svc.Do (System.String id) [0x00008] in /srv/pay/Pay.cs:6 ",
	"   --- End of inner exception stack trace ---", "--- End of stack trace from previous location ---",
	"   bei Acme.Svc.Do(String id) in C:\\src\\Svc.cs:Zeile 12.", "   at async Task<int> Acme.Svc.Do(string id) in X.cs:line 3",
	" ---> (Inner Exception #1) System.TimeoutException: t<---", "", "Unhandled Exception:", "[ERROR] FATAL UNHANDLED EXCEPTION: System.TimeoutException: t",
	"Stack overflow.", "Repeat 24077 times:", "Repeat times:", "--------------------------------", "Process terminated. x", "  Exception data:", "    SqlState: 23505",
	"ClientConnectionId:5ffc7e6c", "Game.Player.Update () (at Assets/Scripts/Player.cs:12)", "UnityEngine.Debug:LogException(Exception)",
	"(Filename: Assets/X.cs Line: 12)", "System.X: m ---> System.Y: n    at A.B()    at C.D() in /x.cs:line 3", "an ordinary line", "--- Ende der internen Überwachung ---",
}

func TestDotNetStepDoesNotAllocate(t *testing.T) { stepDoesNotAllocate(t, DotNet(), dotnetLines) }

func BenchmarkDotNetStep(b *testing.B) { benchmarkStep(b, DotNet(), dotnetLines[:8]) }

// BenchmarkDotNetOrdinary is the question that every plain line of a program costs.
func BenchmarkDotNetOrdinary(b *testing.B) {
	benchmarkStep(b, DotNet(), []string{"GET /v1/wallets/w-2/balance 200 in 12 ms (cached)", "Connected to 10.0.0.1:5432 (pool 3 of 10) in 12 ms, will be checked at noon and again later (twice)"})
}

func FuzzDotNet(f *testing.F) { fuzzLanguage(f, DotNet(), dotnetLines) }

// TestDotNetIsBounded: a stack of 20,000 frames, a chain of 10,000, and lines of a mebibyte.
func TestDotNetIsBounded(t *testing.T) {
	text := dotnetLines[0] + "\n" + strings.Repeat("   at Acme.Svc.Deep(Int32 n) in /src/Pay.cs:line 9\n", 20000)
	trs := pyFollow(DotNet(), text)
	if len(trs) != 1 || trs[0].Frames() != maxFrames {
		t.Fatalf("%d traces", len(trs))
	}
	text = dotnetLines[0] + "\n" + strings.Repeat(" ---> Acme.E: x\n", 10000) + "   at A.B()\n"
	trs = pyFollow(DotNet(), text)
	if len(trs) != 1 || len(trs[0].Exceptions) != maxExceptions {
		t.Fatalf("%d traces", len(trs))
	}
	for _, piece := range []string{" at a.b(", " at a.b()", "---> A.B: ", " --- ", "A.XException (", "x`1[", "at ", " (at ", "<", "(", "a.", " ---> (Inner Exception #1) A.B<---"} {
		long := strings.Repeat(piece, 1<<20/len(piece))
		pyFollow(DotNet(), dotnetLines[0]+"\n"+long+"\n   at A.B()")
		pyFollow(DotNet(), "   at A.B()\n"+long)
		dotnetStep(Outside, []byte("A"+long+")"))
		dotnetRead([][]byte{[]byte("Acme.E: x" + long)})
	}
}

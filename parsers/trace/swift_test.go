package trace

import "testing"

var swiftLines = []string{
	"pay/pay.swift:13: Fatal error: Unexpectedly found nil while unwrapping an Optional value",
	"Current stack trace:",
	"4    pay                                0x00005586ea8648a1 <unavailable> + 14497",
	"",
	"*** Signal 4: Backtracing from 0x7f64df6e4acf... done ***",
	"*** Program crashed: Illegal instruction at 0x00007f64df6e4acf ***",
	"Thread 0 \"pay\" crashed:",
	"1 [ra] 0x000055962af478a1 run(_:) + 384 in pay at /srv/sw/pay.swift:23:19",
	"     12|     }",
	"  *  14|     func at(_ i: Int) -> Int { let a = [1, 2, 3]; return a[i] }",
	"Registers:",
	"rax 0x0000000000000000  0",
	"Images (18 omitted):",
	"Backtrace took 0.00s",
	"Fatal error: Index out of range: file pay.swift, line 3",
	"Thread 0 Crashed:: Dispatch queue: com.apple.main-thread",
	"0   libsystem_kernel.dylib        \t0x00007fff67d01dfa mach_msg_trap + 10",
	"Thread 1: EXC_BAD_ACCESS (code=1, address=0x0)",
}

func TestSwiftStep(t *testing.T) {
	stepDoesNotAllocate(t, Swift(), swiftLines)
	for _, line := range []string{
		"Fatal error: Uncaught Exception: no in /srv/a.php:3", "PHP Fatal error: x", "fatal error: all goroutines are asleep - deadlock!", "Thread 0 is done",
		"Thread 1 started", "pay.swift:3: warning: unused", "a.swift:x: Fatal error", "Fatal error: x: file , line", "pay.swift:3: Fatal errors: 12", "*** Signal lost ***",
	} {
		if _, v := Swift().Step(Outside, []byte(line)); v != No {
			t.Errorf("%q: %v", line, v)
		}
	}
}

func TestSwiftSays(t *testing.T) {
	for _, tt := range []struct {
		line, kind, text, file string
		number                 int
	}{
		{"pay/pay.swift:13: Fatal error: a: b", "Fatal error", "a: b", "pay/pay.swift", 13},
		{"pay/pay.swift:13: Fatal error", "Fatal error", "", "pay/pay.swift", 13},
		{"pay/pay.swift:26: Precondition failed: too few", "Precondition failed", "too few", "pay/pay.swift", 26},
		{`C:\a b\pay.swift:2: Assertion failed`, "Assertion failed", "", `C:\a b\pay.swift`, 2},
		{"Fatal error: Index out of range: file Swift/Array.swift, line 3", "Fatal error", "Index out of range", "Swift/Array.swift", 3},
		{"Fatal error: file pay.swift, line 3", "Fatal error", "", "pay.swift", 3},
		{"fatal error: x: file /srv/a b.swift, line 30", "fatal error", "x", "/srv/a b.swift", 30},
		{"Thread 1: Fatal error: Index out of range: file a.swift, line 3", "Fatal error", "Index out of range", "a.swift", 3},
		{"Could not cast value of type 'A' (0x1) to 'B' (0x2).", "Could not cast value", "Could not cast value of type 'A' (0x1) to 'B' (0x2).", "", 0},
		{"Fatal error: x, line 3", "", "", "", 0},
	} {
		h := swiftSays(span(tt.line))
		if string(h.kind) != tt.kind || string(h.text) != tt.text || string(h.file) != tt.file || h.line != tt.number {
			t.Errorf("%q: %q %q %q %d", tt.line, h.kind, h.text, h.file, h.line)
		}
	}
}

func TestSwiftRow(t *testing.T) {
	for _, tt := range []struct {
		line, fn, mod, addr, file string
		number, col               int
	}{
		{"1 [ra] 0x55 run(_:) + 384 in pay at /srv/sw/pay.swift:23:19", "run(_:)", "pay", "0x55", "/srv/sw/pay.swift", 23, 19},
		{"5 closure #1 in run(_:) + 65 in pay at /srv/pay.swift:30:41", "closure #1 in run(_:)", "pay", "", "/srv/pay.swift", 30, 41},
		{"0      0x00007f64df6e4acf <unknown> in libswiftCore.so", "", "libswiftCore.so", "0x00007f64df6e4acf", "", 0, 0},
		{"7 [async] [system] 0x55b9 async_MainTQ0_ in async at //<compiler-generated>", "async_MainTQ0_", "async", "0x55b9", "", 0, 0},
		{"1 doInit #1 (showUIOnNoMatch:) in W.init(threadingModel:) + 95 in WinAppSDK.dll", "doInit #1 (showUIOnNoMatch:) in W.init(threadingModel:)", "WinAppSDK.dll", "", "", 0, 0},
		{"1      0x0000000104ea8a1c", "", "", "0x0000000104ea8a1c", "", 0, 0},
	} {
		var c swiftCall
		if !swiftRow(span(tt.line), &c) || string(c.fn) != tt.fn || string(c.mod) != tt.mod || string(c.addr) != tt.addr || string(c.file) != tt.file || c.line != tt.number || c.col != tt.col {
			t.Errorf("%q: %q %q %q %q:%d:%d", tt.line, c.fn, c.mod, c.addr, c.file, c.line, c.col)
		}
	}
	var c swiftCall
	if !swiftOldRow(span("3   My App \t0x000000010000 specialized Pay.run(_:) + 12 (Pay.swift:34)"), &c) || string(c.fn) != "specialized Pay.run(_:)" || string(c.mod) != "My App" || c.line != 34 {
		t.Errorf("old row: %q %q %d", c.fn, c.mod, c.line)
	}
}

func TestSwiftError(t *testing.T) {
	for text, want := range map[string][3]string{
		`pay.LedgerError.declined(wallet: "w-7", amount: 51)`: {"pay", "LedgerError", `declined(wallet: "w-7", amount: 51)`},
		"pay.LedgerError.closed":                              {"pay", "LedgerError", "closed"},
		`pay.Missing(id: "w-404")`:                            {"pay", "Missing", `(id: "w-404")`},
		`Error Domain=pay Code=7 "declined"`:                  {"", "pay", `Code=7 "declined"`},
		"oops":                                                {"", "", ""},
		"":                                                    {"", "", ""},
	} {
		x := swiftError(text)
		if got := [3]string{x.Module, x.Type, x.Value}; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzSwift(f *testing.F) { fuzzLanguage(f, Swift(), swiftLines) }

func BenchmarkSwiftStep(b *testing.B) { benchmarkStep(b, Swift(), swiftLines) }

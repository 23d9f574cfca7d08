package trace

import "testing"

var crystalLines = []string{
	"Unhandled exception: insufficient funds: w-7 lacks 51 (Ledger::Declined)",
	"  from src/pay.cr:13:7 in 'charge'",
	"  from /lib/x86_64-linux-gnu/libc.so.6 in '??'",
	"  from ???",
	`Caused by: Missing hash key: "w-404" (KeyError)`,
	"  from src/pay.cr:13:7 in '[]'",
	"Unhandled exception in spawn(name: worker 3): first line",
	"second line (Exception)",
	"Invalid memory access (signal 11) at address 0x8",
	"[0x55cba062236e] *forever<Int32>:Int32 +30 in ./pay (523570 times)",
	"[0x0] ???",
}

func TestCrystalStep(t *testing.T) {
	stepDoesNotAllocate(t, Crystal(), crystalLines)
	for _, line := range []string{
		"  from the start (Exception)", "  from a.rb:3:in 'f'", "\tfrom a.rb:3:in `f'", "                 from src/b.c:4,", "from 10.0.0.3:8080 in 'eu'", "  from Berlin",
		"Unhandled exceptions: 12", "Unhandled exception. System.Exception: x", "Unhandled exception:", "Stack overflow", "[0x12] done",
	} {
		if _, v := Crystal().Step(Outside, []byte(line)); v != No {
			t.Errorf("%q: %v", line, v)
		}
	}
}

func TestCrystalFunction(t *testing.T) {
	for raw, want := range map[string]string{
		"*forever<Int32>:Int32": "forever", "*Thread#main_fiber:Fiber": "Thread#main_fiber", "__crystal_main": "__crystal_main", "charge": "charge",
		"*Exception::CallStack::print_backtrace:Nil":                               "Exception::CallStack::print_backtrace",
		"*Crystal::main_user_code<Int32, Pointer(Pointer(UInt8))>:Nil":             "Crystal::main_user_code",
		"~proc11Proc(Pointer(Void), Nil)":                                          "~proc",
		"~procProc(Int32, Pointer(Void), Nil)@/usr/share/crystal/src/signal.cr:12": "~proc",
		"*Array(Int32)@Indexable(T)#[]<Int32>:Int32":                               "Array",
		"*": "", "": "",
	} {
		if got := crystalFunction(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestCrystalCodeRow(t *testing.T) {
	for _, tt := range []struct {
		line, addr, fn, mod string
		times               int
	}{
		{"[0x55cb] *forever<Int32>:Int32 +30 in ./pay (523570 times)", "0x55cb", "*forever<Int32>:Int32", "./pay", 523570},
		{"[0x7f6e] ?? +140110429732208 in /lib/libc.so.6", "0x7f6e", "??", "/lib/libc.so.6", 0},
		{"[0x55e8] __crystal_sigfault_handler +32", "0x55e8", "__crystal_sigfault_handler", "", 0},
		{"[0x0] ???", "0x0", "???", "", 0},
		{"[0x1] *A#b +c:Nil in ./pay", "0x1", "*A#b +c:Nil in ./pay", "", 0},
		{"[0xzz] f", "", "", "", 0},
		{"[12] f", "", "", "", 0},
	} {
		c, ok := crystalCodeRow(span(tt.line))
		if ok != (tt.addr != "") || ok && (string(c.addr) != tt.addr || string(c.fn) != tt.fn || string(c.mod) != tt.mod || c.times != tt.times) {
			t.Errorf("%q: %q %q %q %d", tt.line, c.addr, c.fn, c.mod, c.times)
		}
	}
}

func FuzzCrystal(f *testing.F) { fuzzLanguage(f, Crystal(), crystalLines) }

func BenchmarkCrystalStep(b *testing.B) { benchmarkStep(b, Crystal(), crystalLines) }

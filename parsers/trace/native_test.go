package trace

import "testing"

var cppLines = []string{
	"terminate called after throwing an instance of 'std::out_of_range'",
	"  what():  map::at",
	"  - the card", "Program received signal SIGABRT, Aborted.",
	"free(): double free detected in tcache 2",
	"pay: pay.cc:25: int main(int, char**): Assertion `c==5' failed.",
	"*** Check failure stack trace: ***",
	"    @     0x556b88351ad7  surepay::settle()",
	"./pay(_ZN7surepay2btEv+0x1f)[0x5621082613ab]",
	" 0# surepay::settle(int) at /src/pay.cc:4",
	" 1# 0x00005581 in ./a.out",
	"*** SIGSEGV (@0x3e8) received by PID 7 (TID 0x7f1) from PID 7; stack trace: ***",
	"======= Memory map: ========",
	"00400000-00401000 r-xp 00000000 08:01 1234 /srv/pay/payd",
	"Segmentation fault (core dumped)",
}

var sanLines = []string{
	"=================================================================",
	"==5527==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6020 at pc 0x5647 bp 0x7ffc sp 0x7ffd",
	"WRITE of size 4 at 0x602000000020 thread T0",
	"Thread T1 created by T0 here:",
	"    #0 0x5647dc7b47b8 in surepay::overrun(int) /srv/pay/my dir/pay.cc:10:48",
	"    #4 0x5647dc6f43c0 in _start (/srv/pay/pay_asan+0x243c0) (BuildId: 1ea1)",
	"SUMMARY: AddressSanitizer: heap-buffer-overflow /srv/pay/pay.cc:10:48 in surepay::overrun(int)",
	"==5527==ABORTING",
	"pay.cc:12:33: runtime error: signed integer overflow: 2 + 2147483647",
	"==14695== Invalid read of size 4",
	"==14695==    at 0x10B388: surepay::null(int*) (pay.cc:14)",
	"==14695==    by 0x484: main (in /usr/bin/pay)",
}

var gdbLines = []string{
	"Program received signal SIGSEGV, Segmentation fault.",
	"#0  0x0000555555557388 in surepay::null (p=0x0) at pay.cc:14",
	"#4  0x00007ffff7c9d919 in ?? () from /lib/x86_64-linux-gnu/libstdc++.so.6",
	"#10 <signal handler called>",
	"Process 334 (systemd-journal) of user 0 dumped core.",
	"Stack trace of thread 334:",
	"#0  0x000073c605eabbe2 n/a (libc.so.6 + 0x9dbe2)",
	`Thread 1 (Thread 0x7ffff7eb6440 (LWP 14711) "pay"):`,
}

var kernelLines = []string{
	"[ 3846.639479] BUG: kernel NULL pointer dereference, address: 0000000000000008",
	"[ 3846.639484] RIP: 0010:settle+0x19/0x240 [pay]",
	"[ 3846.639485] Call Trace:",
	"[ 3846.639487]  ? f+0x8e/0x160",
	" ledger_write+0x8e/0x160 [pay]",
	"[ 3846.639489] ---[ end trace 0000000000000000 ]---",
	"pay[123]: segfault at 0 ip 00007f5a1c0 sp 00007ffd error 4 in libc.so.6[7f5a1+195000]",
	"Out of memory: Killed process 123 (java) total-vm:8123kB",
}

// TestNativeFalseFriends: lines that look like crashes and are none.
func TestNativeFalseFriends(t *testing.T) {
	for _, line := range []string{
		"free(): 12 bytes given back", "malloc(): ok", "terminate called by the operator", "*** done ***", "*** WARNING ***", "corrupted file skipped",
		"@ 12:00 all is well", "@ 0x noon", "0# of errors", "#0 is first", "#0  first item of the list", "Thread 7: started", "Process 7 (x) started",
		"==> config.yml <==", "== 12 passed ==", "==12== tests ran", "pay.cc:12: note: runtime error: none", "Segmentation fault tests passed", "Aborted", "Aborted (core dumped)", "Segmentation fault", "Segmentation fault (core dumped)", "Aborted by user",
		"INFO: task done", "BUG: 123 closed", "[info] segfault handler installed", "[12/40] at pay.cc:12", "libc++abi loaded", "traps: none", "Stack trace",
		"runtime error: x", "a: runtime error: x", "the Assertion `x' failed.", "/srv/pay.cc:12:3: warning: unused", "kernel panic = 10", "Kernel panic button", "=====",
	} {
		for _, l := range []Language{Cpp(), Sanitizer(), Gdb(), Kernel()} {
			if _, v := l.Step(Outside, []byte(line)); v == Take || v == Last {
				t.Errorf("%s takes %q", l.Name, line)
			}
		}
	}
}

func TestNativeRows(t *testing.T) {
	c, n, ok := sanRow(span("#3 0x5647dc7b47b8 in surepay::overrun(int) /srv/pay/my dir/pay.cc:10:48"))
	if !ok || n != 3 || string(c.fn) != "surepay::overrun(int)" || string(c.file) != "/srv/pay/my dir/pay.cc" || c.line != 10 || c.col != 48 {
		t.Errorf("sanitizer: %q %q %d:%d", c.fn, c.file, c.line, c.col)
	}
	c, n, ok = gdbRow(span("#10 0x00007ffff7a59fb2 in operator() (x=1) at ../pay.cc:26"))
	if !ok || n != 10 || string(c.fn) != "operator()" || string(c.file) != "../pay.cc" || c.line != 26 {
		t.Errorf("gdb: %q %q %d", c.fn, c.file, c.line)
	}
	c, _, ok = cppRow(span("./pay(_ZN7surepay2btEv+0x1f)[0x5621082613ab]"))
	if !ok || string(c.fn) != "_ZN7surepay2btEv" || string(c.mod) != "./pay" {
		t.Errorf("backtrace_symbols: %q %q", c.fn, c.mod)
	}
	c, _, ok = cppRow(span("    @     0x55d0c0       1234  main"))
	if !ok || string(c.fn) != "main" || string(c.addr) != "0x55d0c0" {
		t.Errorf("abseil: %q %q", c.fn, c.addr)
	}
	c, ok = kernelRow(span(" ? f+0x8e/0x160 [pay]"))
	if !ok || string(c.fn) != "f" || string(c.mod) != "pay" {
		t.Errorf("kernel: %q %q", c.fn, c.mod)
	}
}

func TestNativeName(t *testing.T) {
	for raw, want := range map[string]string{
		"surepay::settle(int, char)":        "surepay::settle",
		"std::function<void (int)>::call()": "std::function<void (int)>::call",
		"f() const":                         "f",
		"operator new[](unsigned long)":     "operator new[]",
		"operator()":                        "operator()",
		"acme::Fn::operator()(int) const":   "acme::Fn::operator()",
		"surepay::settle()::{lambda()#1}":   "surepay::settle()::{lambda()#1}",
		"(anonymous namespace)::run(int)":   "(anonymous namespace)::run",
		"main":                              "main",
		"??":                                "",
	} {
		if got := nativeName(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestNativeStepAllocatesNothing(t *testing.T) {
	for _, l := range []Language{Cpp(), Sanitizer(), Gdb(), Kernel()} {
		for _, lines := range [][]string{cppLines, sanLines, gdbLines, kernelLines} {
			stepDoesNotAllocate(t, l, lines)
		}
	}
}

func FuzzCpp(f *testing.F)       { fuzzLanguage(f, Cpp(), cppLines) }
func FuzzSanitizer(f *testing.F) { fuzzLanguage(f, Sanitizer(), sanLines) }
func FuzzGdb(f *testing.F)       { fuzzLanguage(f, Gdb(), gdbLines) }
func FuzzKernel(f *testing.F)    { fuzzLanguage(f, Kernel(), kernelLines) }

func BenchmarkSanitizerStep(b *testing.B) { benchmarkStep(b, Sanitizer(), sanLines[1:6]) }

// BenchmarkNativeOrdinary asks about a line that starts no record and is no crash.
func BenchmarkNativeOrdinary(b *testing.B) {
	for _, l := range []Language{Cpp(), Sanitizer(), Kernel()} {
		b.Run(l.Name, func(b *testing.B) {
			benchmarkStep(b, l, []string{"charged wallet w-2 for user 8912 in 12 ms: 47 cents are left for the rest of the day"})
		})
	}
}

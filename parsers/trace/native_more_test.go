package trace

import "testing"

// TestCppOpens tells the lines that begin a crash from those that look like it.
func TestCppOpens(t *testing.T) {
	for line, want := range map[string]Verdict{
		"/run.sh: line 3:  1234 Segmentation fault      (core dumped) ./payd --port 80": Last,
		"bash: line 1: 23355 Aborted                 ./pay abort":                       Last,
		"/run.sh: line 3:  1234 Killed                  ./payd":                         No,
		"pay.sh: line 3: 12 files done":                                                 No,
		"Aborted (core dumped)":                                                         No,
		"Aborted request by client":                                                     No,
		`ASSERT: "size > 0" in file ledger.cpp, line 12`:                                Take,
		"Assertion failed: size > 0 (ledger.c: settle: 12)":                             Take,
		"ERROR:ledger.c:12:settle: assertion failed: (size > 0)":                        Take,
		"ERROR: the ledger is closed":                                                   No,
		"Redis 7.0.15 crashed by signal: 11, si_code: 1":                                Take,
		"Redis is starting":                                                             No,
		" 0# ledger::on(int) in ./pay":                                                  Take,
		"./pay(_ZN6ledger2btEv+0x2b)[0x5646bc14f9c5]":                                   Take,
		"mysys/stacktrace.c:215(my_print_stacktrace)[0x55d0e6e0f1de]":                   Take,
		"/usr/sbin/mysqld(Delegate::Delegate(unsigned int)+0x39) [0x18cde9a]":           Take,
		"/usr/bin/redis-server *:6379(call+0xdb)[0x558ecd7446fb]":                       Take,
		"terminate called after throwing an instance of 'ledger::Declined'":             Take,
		"settled (batch 77) [0x12]":                                                     No,
	} {
		if _, v := cppStep(Outside, []byte(line)); v != want {
			t.Errorf("%s: got %v, want %v", line, v, want)
		}
	}
}

func TestKernelText(t *testing.T) {
	for line, want := range map[string]string{
		"<4>[12690.421772] WARNING: CPU: 1":              "WARNING: CPU: 1",
		"[Sun Nov 22 05:28:01 2026] Out of memory: Kill": "Out of memory: Kill",
		"[   57.659526][  T650] RIP: 0010:f+0x1/0x2":     "RIP: 0010:f+0x1/0x2",
		"kernel: [ 2108.000007]  f+0x1/0x2":              " f+0x1/0x2",
		"[12005456] *pgd=00000000":                       "*pgd=00000000",
		"[main] started":                                 "[main] started",
	} {
		if got := string(kernelText([]byte(line))); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

func TestLldbRow(t *testing.T) {
	c, n, ok := gdbRow(span("* frame #0: 0x000055555555c3fc payd`ledger::settle(n=2, f=(a, b)) at pay.cc:73:39 [opt]"))
	if !ok || n != 0 || string(c.fn) != "ledger::settle" || string(c.mod) != "payd" || string(c.file) != "pay.cc" || c.line != 73 || c.col != 39 {
		t.Errorf("got %+v %d %v", c, n, ok)
	}
	if c, _, ok = gdbRow(span("frame #12: 0x00007ffff7a45305 libc.so.6`__libc_start_main + 133")); !ok || string(c.fn) != "__libc_start_main" {
		t.Errorf("got %q %v", c.fn, ok)
	}
	if _, _, ok = gdbRow(span("frame #12: dropped")); ok {
		t.Error("a frame without an address")
	}
}

package trace

import "testing"

var androidLines = []string{
	"FATAL EXCEPTION: main",
	"Process: com.acme.pay, PID: 1234",
	"java.lang.IllegalStateException: no wallet",
	"\tat com.acme.pay.WalletRepo.load(WalletRepo.kt:41)",
	"Fatal signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0 in tid 1250 (RenderThread), pid 1234 (com.acme.pay)",
	"*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***",
	"Build fingerprint: 'google/redfin/redfin:11/RQ3A.210805.001.A1/7474174:user/release-keys'",
	"pid: 1234, tid: 1250, name: RenderThread  >>> com.acme.pay <<<",
	"signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x10",
	"    x0  0000000000000000  x1  0000007fdd8f4a00",
	"      #00 pc 0000000000012344  /system/lib64/libc.so (acme::Wallet::debit(long)+24) (BuildId: 5c0f3e)",
	"ANR in com.acme.pay (com.acme.pay/.MainActivity)",
	"Reason: Input dispatching timed out",
	"  99% 1234/com.acme.pay: 80% user + 19% kernel / faults: 1 minor",
}

func TestAndroidStep(t *testing.T) {
	stepDoesNotAllocate(t, Android(), androidLines)
}

func FuzzAndroid(f *testing.F) { fuzzLanguage(f, Android(), androidLines) }

func BenchmarkAndroidStep(b *testing.B) { benchmarkStep(b, Android(), androidLines) }

func TestAndroidRow(t *testing.T) {
	for _, tt := range []struct{ line, pc, fn, mod string }{
		{"#00 pc 0002d4c8  /system/lib/libc.so (abort+180)", "0002d4c8", "abort", "/system/lib/libc.so"},
		{"#03  pc 000000000000057c  <anonymous:7f8c2a000000>", "000000000000057c", "", "<anonymous:7f8c2a000000>"},
		{"#01 pc 4b22  /data/base.apk!libpay.so (offset 0x1000) (acme::f(int (*)(long))+98) (BuildId: ab)", "4b22", "acme::f(int (*)(long))", "/data/base.apk!libpay.so"},
		{"#01 pc 4b22  /data/My App (1)/libpay.so", "4b22", "", "/data/My App (1)/libpay.so"},
		{"#00 pc xyz  /system/lib/libc.so", "", "", ""},
		{"#0  0x0000555555558529 in main (c=2) at t.cpp:12", "", "", ""},
		{"#pc 00001234", "", "", ""},
	} {
		c, ok := androidRow(span(tt.line))
		if ok != (tt.pc != "") || ok && (string(c.pc) != tt.pc || string(c.fn) != tt.fn || string(c.mod) != tt.mod) {
			t.Errorf("%q: %q %q %q %v", tt.line, c.pc, c.fn, c.mod, ok)
		}
	}
}

func TestAndroidOpens(t *testing.T) {
	for line, want := range map[string]State{
		"FATAL EXCEPTION: pool-1-thread-2":                                androidCrash,
		"*** FATAL EXCEPTION IN SYSTEM PROCESS: android.display":          androidCrash,
		"FATAL EXCEPTION handler set":                                     Outside,
		"Fatal signal handlers installed":                                 Outside,
		"ANR in com.acme.pay":                                             androidAnr,
		"ANR in progress":                                                 Outside,
		"*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***": androidStars,
		"*** *** *** *** *** *** *** *** boot":                            Outside,
	} {
		if got := androidOpen(span(line)); got != want {
			t.Errorf("%q: %d, want %d", line, got, want)
		}
	}
}

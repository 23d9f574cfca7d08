package trace

import "testing"

var zigLines = []string{
	"thread 3576 panic: worker 2: ledger",
	"is closed: sum=3",
	"/srv/pay/threads.zig:3:17: 0x114238b in work (threads.zig)",
	`    if (n == 2) @panic("worker 2");`,
	"                ^",
	"???:?:?: 0x0 in ??? (???)",
	"",
	"stack trace:",
	"Segmentation fault at address 0x8",
	"Unable to dump stack trace: debug info stripped",
	"error: Declined",
	"error(pay): settling failed: Refused",
	"/srv/pay/unwrap.zig:4:5: 0x11e538c in inner (unwrap.zig)",
}

func TestZigStep(t *testing.T) {
	stepDoesNotAllocate(t, Zig(), zigLines)
	for _, line := range []string{
		"thread pool panic: none", "thread 12 panics", "thread 'main' panicked at src/main.rs:3:5:", "panic: ", "Segmentation fault", "Bus error",
		"/srv/pay.zig:3:5: note: declared here", "/srv/pay.zig:3:5: 0x", "/dev/mem: 0x10 in use (kernel)", "  /srv/a.zig:3:4: 0x1 in f (a)",
		"src/a.c:3:4: error: 0x12 in hex (base 16)", "a.zig:3: 0x1 at f (a)",
	} {
		if _, v := Zig().Step(Outside, []byte(line)); v == Take || v == Hold && line != "panic: " {
			t.Errorf("%q: %v", line, v)
		}
	}
}

func TestZigRow(t *testing.T) {
	for _, tt := range []struct {
		line, addr, fn, file, mod string
		number, col               int
		ok                        bool
	}{
		{"/srv/pay.zig:9:36: 0x113d436 in charge (pay.zig)", "0x113d436", "charge", "/srv/pay.zig", "pay.zig", 9, 36, true},
		{`C:\srv\pay.zig:9:36: 0x7ff6 in charge (pay.exe.obj)`, "0x7ff6", "charge", `C:\srv\pay.zig`, "pay.exe.obj", 9, 36, true},
		{"???:?:?: 0x7f01 in ??? (libc.so.6)", "0x7f01", "???", "", "libc.so.6", 0, 0, true},
		{"???:?:?: 0x7f01 in __libc_start_main (???)", "0x7f01", "__libc_start_main", "", "???", 0, 0, true},
		{"/srv/pay.zig:0:0: 0x1 in f (pay)", "", "", "", "", 0, 0, false},
		{"/srv/pay.zig:9:36: 0x in f (pay)", "", "", "", "", 0, 0, false},
		{"/srv/pay.zig:9:36: 0x1 in  (pay)", "", "", "", "", 0, 0, false},
		{"", "", "", "", "", 0, 0, false},
	} {
		c, ok := zigRow(span(tt.line))
		if ok != tt.ok || ok && (string(c.addr) != tt.addr || string(c.fn) != tt.fn || string(c.file) != tt.file || string(c.mod) != tt.mod || c.line != tt.number || c.col != tt.col) {
			t.Errorf("%q: %q %q %q %q %d:%d %v", tt.line, c.addr, c.fn, c.file, c.mod, c.line, c.col, ok)
		}
	}
}

func TestZigFunction(t *testing.T) {
	for raw, want := range map[string]string{
		"callFn__anon_22904": "callFn__anon", "callFn__func_795": "callFn__func", "charge": "charge", "sha_256": "sha_256",
		"__libc_start_main": "__libc_start_main", "clone3": "clone3", "f__12": "f__12", "": "", "__1": "__1",
	} {
		if got := zigFunction(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestZigLoggedError(t *testing.T) {
	for text, want := range map[string][2]string{
		"settling batch 77 failed: Refused":       {"Refused", ""},
		"settling batch 77 failed: error.Refused": {"Refused", ""},
		"memory address 0x7f leaked:":             {"error", "memory address 0x7f leaked:"},
		"lost connection":                         {"error", "lost connection"},
		"":                                        {"error", ""},
	} {
		if x, _ := zigLoggedError(text); x.Type != want[0] || x.Value != want[1] {
			t.Errorf("%q: %q %q", text, x.Type, x.Value)
		}
	}
}

func FuzzZig(f *testing.F) { fuzzLanguage(f, Zig(), zigLines) }

func BenchmarkZigStep(b *testing.B) { benchmarkStep(b, Zig(), zigLines) }

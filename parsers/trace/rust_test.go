package trace

import (
	"fmt"
	"strings"
	"testing"
)

func TestRustHeadLine(t *testing.T) {
	for _, tt := range []struct{ line, want string }{ // thread|id|message|file:line:column|flags
		{"thread 'main' (29885) panicked at r.rs:7:16:", "main|29885||r.rs:7:16|"},
		{"thread 'main' panicked at src/main.rs:4:5:", "main|||src/main.rs:4:5|"},
		{"thread 'tokio-runtime-worker' panicked at /home/a b/src/main.rs:4:5:", "tokio-runtime-worker|||/home/a b/src/main.rs:4:5|"},
		{`thread '<unnamed>' (7) panicked at C:\src\main.rs:4:5:`, `<unnamed>|7||C:\src\main.rs:4:5|`},
		{"thread 'it's (1)' (7) panicked at a.rs:4:5:", "it's (1)|7||a.rs:4:5|"},
		{"thread 'main' panicked at 'a', b.rs:1:2', src/c.rs:4:5", "main||a', b.rs:1:2|src/c.rs:4:5|old"},
		{"thread 'main' panicked at 'boom': src/c.rs:4", "main||boom|src/c.rs:4:0|old"},
		{"thread 'main' panicked at 'line one", "main||line one|:0:0|old open"},
		{"panicked at src/lib.rs:3:5:", "|||src/lib.rs:3:5|"},
		{"panicked at 'boom', src/lib.rs:3:5", "||boom|src/lib.rs:3:5|old"},
		{"thread 'main' (3) has overflowed its stack", "main|3||:0:0| overflow"},
		{"thread 'main' is idle", ""}, {"thread 'main panicked at x.rs:1:2:", ""}, {"panicked at the disco", ""}, {"panicked at ", ""},
		{"panicked at 'the disco", ""}, {"thread 'a' (b panicked at x.rs:1:2:", ""},
	} {
		got := ""
		if h, ok := rustHeadLine(span(tt.line)); ok {
			got = fmt.Sprintf("%s|%s|%s|%s:%d:%d|", h.thread, h.id, h.text, h.place.file, h.place.line, h.place.col)
			for flag, on := range map[string]bool{" overflow": h.overflow, "old": h.old && !h.open, "old open": h.open} {
				if on {
					got += flag
				}
			}
		}
		if got != tt.want {
			t.Errorf("%q:\n got %q\nwant %q", tt.line, got, tt.want)
		}
	}
}

func TestRustRow(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"   3: pay::divide", "3||pay::divide"},
		{"  12:     0x55d3 - pay::divide::h0123456789abcdef", "12|0x55d3|pay::divide::h0123456789abcdef"},
		{"  12:                0x0 - <unknown>", "12|0x0|<unknown>"},
		{"3: <T as a::B>::c", "3||<T as a::B>::c"},
		{"   0: card declined", "0||card declined"},
		{"12:30:45 text", ""}, {"a: b", ""}, {"12:", ""}, {"", ""},
	} {
		got := ""
		if r, ok := rustRow(span(tt.line)); ok {
			got = fmt.Sprintf("%d|%s|%s", r.number, r.addr, r.symbol)
		}
		if got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.line, got, tt.want)
		}
	}
}

func TestRustSymbols(t *testing.T) {
	for _, tt := range []struct {
		raw, name, module string
		system            bool
	}{
		{"pay::divide::h0123456789abcdef", "pay::divide", "pay", false},
		{"std[e28293b1aa0f68bd]::rt::lang_start", "std::rt::lang_start", "std::rt", true},
		{"<pay::Wallet as pay::Debit>::debit", "<pay::Wallet as pay::Debit>::debit", "pay", false},
		{"<i64 as core::ops::arith::Div>::div", "<i64 as core::ops::arith::Div>::div", "", true},
		{"<&dyn core[c1f1a4ba060b9bfa]::ops::Fn<()> as core::ops::FnOnce<()>>::call_once", "<&dyn core::ops::Fn<()> as core::ops::FnOnce<()>>::call_once", "core::ops", true},
		{"ledger::settle::{{closure}}", "ledger::settle::{{closure}}", "ledger", false},
		{"__rustc[b7974e8690430dd9]::rust_begin_unwind", "__rustc::rust_begin_unwind", "__rustc", true},
		{"std::panicking::begin_panic<unknown>", "std::panicking::begin_panic", "std::panicking", true},
		{"_start", "_start", "", true}, {"main", "main", "", true}, {"standard::f", "standard::f", "standard", false}, {"", "", "", false},
	} {
		name := rustSymbol(tt.raw)
		if name != tt.name || rustModule(name) != tt.module || rustSystem(name) != tt.system {
			t.Errorf("%q: %q, module %q, system %v", tt.raw, name, rustModule(name), rustSystem(name))
		}
	}
}

func TestRustDebug(t *testing.T) {
	for text, want := range map[string]bool{
		`Os { code: 2, kind: NotFound, message: "x" }`: true, `E("main err")`: true, `Declined(51)`: true, `Io(Os { code: 2 })`: true, `"no such wallet"`: true,
		"Cannot find module 'x'": false, "No such container: x": false, "Timeout": false, "": false, "Failed (exit 1)": false, `"a" is not "b"`: false, "Foo()": false,
		"Request { }": false,
	} {
		if got := rustReturned(span(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestRustOutside: what looks like the words of a panic without being one.
func TestRustOutside(t *testing.T) {
	for _, text := range []string{
		"stack backtrace:", "Error: No such container: x\nplease try again", "Caused by:\n\nnothing", "Location:\n  the office", "panicked at the disco",
		"thread 'main' is idle", "fatal: not a git repository", "error[E0308]: mismatched types\n --> src/main.rs:1:2", "    at src/x.rs:10\n    in app::span with id: 1",
		"Caused by:\n    a bug, says the wiki", "├── src\n└── main.rs",
		"steps:\n0: open::door\n1: close it\n2: done", "0: a::b: c\n             at src/main.rs:7:16",
	} {
		if got := pyFollow(Rust(), text); len(got) > 0 {
			t.Errorf("%q is read as a trace: %+v", text, got)
		}
	}
}

var rustLines = []string{
	"thread 'main' (29885) panicked at src/main.rs:7:16:", "called `Option::unwrap()` on a `None` value", "  left: 2", "stack backtrace:",
	"   0: core::panicking::panic_fmt", "             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/panicking.rs:80:14",
	"   1:     0x55d3c2b0a1c3 - pay::main::h0123456789abcdef", "                               at /srv/pay/src/main.rs:7:16", "                           pay::inlined",
	"note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.", "thread 'main' panicked at 'first", "second', src/main.rs:1:2",
	"thread 'main' has overflowed its stack", "fatal runtime error: stack overflow, aborting", "thread caused non-unwinding panic. aborting.",
	"thread 'main' panicked at /rustc/1/library/core/src/panicking.rs:225:5:", "Error: charge of w-2", "", "Caused by:", "    0: card declined", "    short of 47 cents",
	"Location:", "    src/main.rs:8:68", "Stack backtrace:", `Error: Os { code: 2, kind: NotFound }`, "Error: ", "The application panicked (crashed).", "Message:  boom",
	"Location: src/main.rs:24", "  ━━━━━━━━ BACKTRACE ━━━━━━━━", "      ⋮ 4 frames hidden ⋮      ", "├╴at src/main.rs:25:69", "│", "╰─▶ card declined", "memory allocation of 12 bytes failed",
	"Run with COLORBT_SHOW_HIDDEN=1 environment variable to disable frame filtering.", "an ordinary line",
}

func TestRustStepDoesNotAllocate(t *testing.T) { stepDoesNotAllocate(t, Rust(), rustLines) }

func BenchmarkRustStep(b *testing.B) { benchmarkStep(b, Rust(), rustLines[:10]) }

func FuzzRust(f *testing.F) { fuzzLanguage(f, Rust(), rustLines) }

// TestRustIsBounded: a stack of 20,000 rows, 10,000 causes, and a line of a mebibyte.
func TestRustIsBounded(t *testing.T) {
	var sb strings.Builder
	sb.WriteString(rustLines[0] + "\nboom\nstack backtrace:\n")
	for i := range 20000 {
		fmt.Fprintf(&sb, "%4d: pay::deep\n             at ./src/main.rs:%d:5\n", i, i+1)
	}
	trs := pyFollow(Rust(), sb.String())
	if len(trs) != 1 || trs[0].Frames() != maxFrames {
		t.Fatalf("%d traces", len(trs))
	}
	sb.Reset()
	sb.WriteString("Error: outer\n\nCaused by:\n")
	for i := range 10000 {
		fmt.Fprintf(&sb, "    %d: cause\n", i)
	}
	trs = pyFollow(Rust(), sb.String())
	if len(trs) != 1 || len(trs[0].Exceptions) != maxExceptions || trs[0].Extra["trace.exceptions_dropped"] != 10001-maxExceptions {
		t.Fatalf("%d traces", len(trs))
	}
	for _, piece := range []string{"thread 'a' panicked at 'x", "0: a::b[", " - ", "'a' (", "panicked at ", "├╴at ", "::h"} {
		pyFollow(Rust(), rustLines[0]+"\n"+strings.Repeat(piece, 1<<20/len(piece)))
	}
}

package trace

import "testing"

var juliaLines = []string{
	"ERROR: LoadError: Declined: 51 from w-7",
	"Stacktrace:",
	" [1] getindex at ./array.jl:809 [inlined]",
	" [2] charge(n::Int64)",
	"   @ Main ./pay.jl:3 [inlined]",
	"--- the last 2 lines are repeated 39990 more times ---",
	"in expression starting at pay.jl:7",
	"",
	"caused by: KeyError: key \"w-404\" not found",
	"    nested task error: x > 3",
	"┌ Error: charging failed",
	"│   exception =",
	"│    Declined: 51 from w-7",
	"│    Stacktrace:",
	"│     [1] charge(::String, ::Int64) at /srv/pay/pay.jl:10",
	"│   wallet = \"w-7\"",
	"└ @ Main /srv/pay/pay.jl:59",
	"signal (11): Segmentation fault",
	"unsafe_load at ./pointer.jl:105 [inlined]",
	"unknown function (ip: 0x7f9f5bf0b9cc)",
	"Allocations: 810403 (Pool: 810098; Big: 305); GC: 1",
	"│ ERROR: KeyError: key \"x\" not found",
	"fatal: error thrown and no exception handler available.",
	"ErrorException(\"no\")",
}

func TestJuliaStep(t *testing.T) {
	stepDoesNotAllocate(t, Julia(), juliaLines)
	for _, line := range []string{"[1] 12", "signal (none): x", "signal strength: 12", "Stacktrace: off", "ERROR 12", "[77] signal lost: x", "[12] signal (2: x"} {
		if _, v := Julia().Step(Outside, []byte(line)); v != No {
			t.Errorf("%q: %v", line, v)
		}
	}
}

func TestJuliaFunction(t *testing.T) {
	for raw, want := range map[string]string{
		"charge(n::Int64; deep::Bool)": "charge", "charge(::String, ::Int64)": "charge", "getindex": "getindex", "top-level scope": "top-level scope",
		`(::var"#7#8"{Int64})()`: "#", `(::var"#charge#12"{Int64})(x::Int64)`: "charge", "#1": "#", "#charge#5(n::Int64)": "charge", "charge##kw": "charge",
		`var"#fetch#3"(x::Int64)`: "fetch", "jfptr__start_36893": "jfptr__start_", "Vector{Int64}(x::Int64)": "Vector", "macro expansion": "macro expansion",
		`(::Main.Ledger.var"#3#4"{Int64})()`: "#", `Main.Ledger.var"#settle#4"(n::Int64)`: "settle",
		"": "", "(": "(", "{": "{", "#": "#",
	} {
		if got := juliaFunction(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestJuliaException(t *testing.T) {
	for text, want := range map[string][3]string{
		"ERROR: LoadError: BoundsError: attempt to access x": {"", "BoundsError", "attempt to access x"},
		"LoadError: LoadError: syntax: missing comma":        {"", "ErrorException", "syntax: missing comma"},
		"ERROR: x > 3":                            {"", "ErrorException", "x > 3"},
		"Main.Ledger.Plain(7)":                    {"Main.Ledger", "Plain", "(7)"},
		"\"just a string\"":                       {"", "ErrorException", "\"just a string\""},
		"DomainError with -1.0:\nsqrt will":       {"", "DomainError", "with -1.0:\nsqrt will"},
		"StackOverflowError:":                     {"", "StackOverflowError", ""},
		"Unhandled Task ERROR: KeyError: key 3":   {"", "KeyError", "key 3"},
		"HTTP.Exceptions.StatusError(404, \"x\")": {"HTTP.Exceptions", "StatusError", "(404, \"x\")"},
		"": {"", "", ""},
	} {
		x := juliaException([][]byte{[]byte(text)})
		if got := [3]string{x.Module, x.Type, x.Value}; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestJuliaSignalName(t *testing.T) {
	for line, want := range map[string]string{
		"signal (11): Segmentation fault": "SIGSEGV", "signal (11.1): Segmentation fault": "SIGSEGV", "[77] signal (11.1): Segmentation fault": "SIGSEGV",
		"[77] signal 11 (1): Segmentation fault": "SIGSEGV", "signal (6.-6): Aborted": "SIGABRT", "signal (99): x": "", "signal": "", "": "",
	} {
		if got := juliaSignalName(span(line)); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func FuzzJulia(f *testing.F) { fuzzLanguage(f, Julia(), juliaLines) }

func BenchmarkJuliaStep(b *testing.B) { benchmarkStep(b, Julia(), juliaLines) }

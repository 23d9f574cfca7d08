package trace

import "testing"

var genericLines = []string{
	"Unhandled exception: Missing hash key (KeyError)",
	"  from src/pay.cr:3:5 in 'charge'",
	"#0      main.<anonymous closure> (file:///srv/pay/bin/pay.dart:9:3)",
	"<asynchronous suspension>",
	"Stacktrace:",
	" [1] charge(n::Int64)",
	"   @ Main ./pay.jl:3",
	"    at charge in ledger.wren:12",
	"    at src/x.rs:10",
	"in the file notes.txt:3 there is more",
}

func TestGenericStep(t *testing.T) {
	stepDoesNotAllocate(t, Generic(), genericLines)
}

func FuzzGeneric(f *testing.F) { fuzzLanguage(f, Generic(), genericLines) }

func BenchmarkGenericStep(b *testing.B) { benchmarkStep(b, Generic(), genericLines) }

func TestGenericFrame(t *testing.T) {
	for _, tt := range []struct {
		line, fn, file string
		number, col    int
	}{
		{"  from src/pay.cr:3:5 in 'charge'", "charge", "src/pay.cr", 3, 5},
		{"#1      charge (file:///srv/pay.dart:3:20)", "charge", "file:///srv/pay.dart", 3, 20},
		{"    at charge in ledger.wren:12", "charge", "ledger.wren", 12, 0},
		{"    at charge (ledger.wren:12)", "charge", "ledger.wren", 12, 0},
		{"    at src/x.rs:10", "", "src/x.rs", 10, 0},
		{"   @ Base ./array.jl:924 [inlined]", "Base", "./array.jl", 924, 0},
		{"                 from src/b.c:4,", "", "", 0, 0},
		{"  at 12:30 the server was restarted", "", "", 0, 0},
		{"  at 10.0.0.3:8080", "", "", 0, 0},
		{"at charge (ledger.wren:12)", "", "", 0, 0},
		{"  in notes.txt:3 there is more", "", "", 0, 0},
	} {
		c := genericFrame(span(tt.line))
		if string(c.file) != tt.file || c.line != tt.number || c.col != tt.col || tt.number > 0 && string(c.fn) != tt.fn {
			t.Errorf("%q: %q %q %d:%d", tt.line, c.fn, c.file, c.line, c.col)
		}
	}
}

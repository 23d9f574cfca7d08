package trace

import "testing"

var bunLines = []string{
	"settle failed: 1 | class A {}",
	"2 | function charge(db) {",
	"             ^",
	"TypeError: ledger 7 is locked",
	" code: \"E_FUNDS\"",
	"",
	"      at load (/srv/pay/wallet.ts:7:57)",
	"      at <parse> (4:1)",
	"error: str",
	"Bun v1.4.5 (Linux x64)",
	"panic(main thread): Segmentation fault at address 0x0",
	"oh no: Bun has crashed. This indicates a bug in Bun, not your code.",
	"(fail) a [0.38ms]",
}

func TestBunStep(t *testing.T) {
	stepDoesNotAllocate(t, Bun(), bunLines)
}

func FuzzBun(f *testing.F) { fuzzLanguage(f, Bun(), bunLines) }

func BenchmarkBunStep(b *testing.B) { benchmarkStep(b, Bun(), bunLines) }

func TestBunRow(t *testing.T) {
	for _, tt := range []struct {
		line, lead string
		number     int
	}{
		{"2 | function charge(db) {", "", 2},
		{" 9 | x", "", 9},
		{"10 |", "", 10},
		{"settle failed: 1 | class A {}", "settle failed: ", 1},
		{"1732258800 | INFO | x", "", 0},
		{"3 |x", "", 0},
		{"a | b", "", 0},
	} {
		n, _, ok := bunRow(span(tt.line))
		lead := ""
		if !ok {
			var front span
			front, n, _ = bunLead(span(tt.line))
			lead = string(front)
		}
		if n != tt.number || lead != tt.lead {
			t.Errorf("%q: %q %d", tt.line, lead, n)
		}
	}
}

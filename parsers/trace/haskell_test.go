package trace

import "testing"

var haskellLines = []string{
	"pay: declined 9",
	"pay: Stack space overflow: current size 33624 bytes.",
	"pay: Use `+RTS -Ksize -RTS' to increase it.",
	"CallStack (from HasCallStack):",
	"  error, called at Pay.hs:10:26 in main:Main",
	"pay: Uncaught exception ghc-internal:GHC.Internal.Exception.ErrorCall:",
	"HasCallStack backtrace:",
	"CallStack (from -prof):",
	"  Main.charge (Pay.hs:9:1-20)",
}

func TestHaskellStep(t *testing.T) {
	stepDoesNotAllocate(t, Haskell(), haskellLines)
}

func FuzzHaskell(f *testing.F) { fuzzLanguage(f, Haskell(), haskellLines) }

func BenchmarkHaskellStep(b *testing.B) { benchmarkStep(b, Haskell(), haskellLines) }

func TestHaskellRow(t *testing.T) {
	for _, tt := range []struct {
		line, fn, file, pkg, module string
		number                      int
	}{
		{"error, called at Pay.hs:10:26 in main:Main", "error", "Pay.hs", "main", "Main", 10},
		{"pay', called at app/My Pay.hs:1:2 in pay-0.1-inplace:Acme.Pay", "pay'", "app/My Pay.hs", "pay-0.1-inplace", "Acme.Pay", 1},
		{"Main.charge (Pay.hs:9:1-20)", "charge", "Pay.hs", "", "Main", 9},
		{"the meeting, called at noon in town", "", "", "", "", 0},
	} {
		c := haskellRow(span(tt.line))
		if string(c.fn) != tt.fn || string(c.file) != tt.file || string(c.pkg) != tt.pkg || string(c.module) != tt.module || c.line != tt.number {
			t.Errorf("%q: %q %q %q %q %d", tt.line, c.fn, c.file, c.pkg, c.module, c.line)
		}
	}
}

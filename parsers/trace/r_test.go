package trace

import "testing"

var rLines = []string{
	"Error in find_wallet(id) : no wallet w-8912",
	"Calls: f ... <Anonymous> -> find_wallet",
	"In addition: Warning message:",
	"4: (function () ",
	"   {",
	"Error in `f()`:",
	"! no wallet",
	"Backtrace:",
	" 2. │ └─pay::charge(x)",
	"Execution halted",
}

func TestRStep(t *testing.T) {
	stepDoesNotAllocate(t, R(), rLines)
}

func FuzzR(f *testing.F) { fuzzLanguage(f, R(), rLines) }

func BenchmarkRStep(b *testing.B) { benchmarkStep(b, R(), rLines) }

func TestRMessage(t *testing.T) {
	for _, tt := range []struct{ text, call, value string }{
		{"Error in f(x) : no wallet", "f", "no wallet"},
		{"Error: plain", "", "plain"},
		{"Error in (function(a) a)(1,  : \n  long", "<Anonymous>", "long"},
		{"Error in x$y : z : w", "", "z : w"},
		{"Error in", "", "Error in"},
	} {
		if call, value := rMessage(tt.text); call != tt.call || value != tt.value {
			t.Errorf("%q: %q %q", tt.text, call, value)
		}
	}
}

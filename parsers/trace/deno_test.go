package trace

import "testing"

var denoLines = []string{
	"error: Uncaught (in promise) AggregateError: All promises were rejected",
	"error: Uncaught (in promise) \"plain text\"",
	"    TypeError: ledger 1 is locked",
	"        at load (file:///srv/pay/wallet.ts:7:53)",
	"    \"str\"",
	" agg(){ throw new AggregateError([]) }",
	"              ^",
	"    at Object.agg (file:///srv/pay/std.ts:6:15)",
	"Caused by: TypeError: x",
	"                              ^",
}

func TestDenoStep(t *testing.T) {
	stepDoesNotAllocate(t, Deno(), denoLines)
}

func FuzzDeno(f *testing.F) { fuzzLanguage(f, Deno(), denoLines) }

func BenchmarkDenoStep(b *testing.B) { benchmarkStep(b, Deno(), denoLines) }

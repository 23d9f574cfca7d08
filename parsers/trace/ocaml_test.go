package trace

import "testing"

var ocamlLines = []string{
	"Fatal error: exception Pay.Declined(51, \"w-8912\")",
	"Fatal error: exception Acme: two",
	"Raised at Pay.charge in file \"pay.ml\", line 3, characters 29-60",
	"Called from Pay.find in file \"pay.ml\" (inlined), line 4, characters 15-31",
	"Called from file \"pay.ml\", lines 4-6, characters 15-31",
	"Re-raised at unknown location",
	"payment failed: Pay.Declined(51)",
}

func TestOcamlStep(t *testing.T) {
	stepDoesNotAllocate(t, Ocaml(), ocamlLines)
}

func FuzzOcaml(f *testing.F) { fuzzLanguage(f, Ocaml(), ocamlLines) }

func BenchmarkOcamlStep(b *testing.B) { benchmarkStep(b, Ocaml(), ocamlLines) }

func TestOcamlException(t *testing.T) {
	for _, tt := range []struct {
		text  string
		fatal bool
		want  [4]string // lead, module, type, value
	}{
		{`Pay.Declined(51, "w-8912")`, true, [4]string{"", "Pay", "Declined", `(51, "w-8912")`}},
		{`Not_found`, true, [4]string{"", "", "Not_found", ""}},
		{`Failure("no: w")`, true, [4]string{"", "", "Failure", "no: w"}},
		{`Failure("no:\n  - a \"b\" \065")`, true, [4]string{"", "", "Failure", "no:\n  - a \"b\" A"}},
		{`Failure("no\")`, true, [4]string{"", "", "Failure", `("no\")`}},
		{`payment failed: Pay.Declined(51)`, false, [4]string{"payment failed", "Pay", "Declined", "(51)"}},
		{`Dune__exe__Pay.A.Lost`, true, [4]string{"", "Pay.A", "Lost", ""}},
		{`File "pay.ml", line 16, characters 14-20: Assertion failed`, true, [4]string{"", "", "Assert_failure", `File "pay.ml", line 16, characters 14-20: Assertion failed`}},
		{`no name: at all`, true, [4]string{"", "", "exception", "no name: at all"}},
		{``, true, [4]string{"", "", "exception", ""}},
	} {
		lead, x := ocamlException(tt.text, tt.fatal)
		if got := [4]string{lead, x.Module, x.Type, x.Value}; got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

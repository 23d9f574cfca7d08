package trace

import "testing"

var tclLines = []string{
	"no wallet w-8912",
	"    while executing",
	"\"error \"no wallet $id\" \"",
	"    (procedure \"find\" line 1)",
	"    invoked from within",
	"\"switch $c {",
	" err { charge 5 }",
	"    (\"foreach\" body line 1)",
	"    (file \"pay.tcl\" line 5)",
}

func TestTclStep(t *testing.T) {
	stepDoesNotAllocate(t, Tcl(), tclLines)
}

func FuzzTcl(f *testing.F) { fuzzLanguage(f, Tcl(), tclLines) }

func BenchmarkTclStep(b *testing.B) { benchmarkStep(b, Tcl(), tclLines) }

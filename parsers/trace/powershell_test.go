package trace

import "testing"

var psLines = []string{
	`At C:\srv\pay.ps1:3 char:5`,
	`+     throw "no funds"`,
	"    + CategoryInfo          : OperationStopped: (no funds:String) [], RuntimeException",
	"    + FullyQualifiedErrorId : no funds",
	"Get-Item: /srv/pay.ps1:3",
	"Line |",
	`   3 |      throw "no funds"`,
	"     |      ~~~~~~~~~~~~~~~~",
	"at Debit, /srv/pay.ps1: line 9",
	"Exception             : ",
	"    Type        : System.Management.Automation.MethodInvocationException",
	"ScriptStackTrace      : at Debit, /srv/pay.ps1: line 9",
}

func TestPowerShellStep(t *testing.T) {
	stepDoesNotAllocate(t, PowerShell(), psLines)
}

func FuzzPowerShell(f *testing.F) { fuzzLanguage(f, PowerShell(), psLines) }

func BenchmarkPowerShellStep(b *testing.B) { benchmarkStep(b, PowerShell(), psLines) }

func TestPowerShellWhere(t *testing.T) {
	for _, tt := range []struct {
		line, file  string
		number, col int
	}{
		{`At C:\srv\pay.ps1:3 char:5`, `C:\srv\pay.ps1`, 3, 5},
		{`In C:\srv\pay.ps1:3 Zeichen:5`, `C:\srv\pay.ps1`, 3, 5},
		{`Au caractère C:\srv\pay.ps1:3 : 5`, `C:\srv\pay.ps1`, 3, 5},
		{`En C:\srv\pay.ps1: 3 Carácter: 5`, `C:\srv\pay.ps1`, 3, 5},
		{`発生場所 C:\srv\pay.ps1:3 文字:5`, `C:\srv\pay.ps1`, 3, 5},
		{`In /srv/pay.ps1:3 Zeichen:5`, "/srv/pay.ps1", 3, 5},
		{"At line:1 char:1", "line", 1, 1},
		{"At noon we had 3 errors", "", 0, 0},
		{"took 12:30", "", 0, 0},
	} {
		s, ok := psWhere(span(tt.line))
		if ok != (tt.file != "") || ok && (string(s.file) != tt.file || s.line != tt.number || s.col != tt.col) {
			t.Errorf("%q: %q %d:%d %v", tt.line, s.file, s.line, s.col, ok)
		}
	}
}

func TestPowerShellRow(t *testing.T) {
	for _, tt := range []struct {
		line, fn, file string
		number         int
	}{
		{`at Debit, C:\srv\pay.ps1: line 3`, "Debit", `C:\srv\pay.ps1`, 3},
		{"at Wallet.Debit, /srv/my pay.psm1: line 3", "Wallet.Debit", "/srv/my pay.psm1", 3},
		{"at <ScriptBlock>, <No file>: line 1", "<ScriptBlock>", "<No file>", 1},
		{"at <ScriptBlock><Process>, /srv/pay.ps1: line 1", "<ScriptBlock><Process>", "/srv/pay.ps1", 1},
		{"at the end, of it all: line 3", "", "", 0},
		{"at Debit, /srv/pay.ps1: line three", "", "", 0},
	} {
		s, ok := psRow(span(tt.line))
		if ok != (tt.fn != "") || ok && (string(s.fn) != tt.fn || string(s.file) != tt.file || s.line != tt.number) {
			t.Errorf("%q: %q %q %d %v", tt.line, s.fn, s.file, s.line, ok)
		}
	}
}

package trace

import "testing"

var perlLines = []string{
	"balance too low for 900 at Wallet.pm line 4.",
	"\tAcme::Wallet::debit(Acme::Wallet=HASH(0x562b), 900) called at pay.pl line 2",
	"\teval {...} called at pay.pl line 5, <$f> line 1.",
	"Thread 1 terminated abnormally: no funds at pay.pl line 3 thread 1.",
	"Traceback (most recent call first):",
	"  File \"/srv/Pay.pm\", line 9, in \"main\"",
	"\tnote: order was called at 12 line 4",
}

func TestPerlStep(t *testing.T) {
	stepDoesNotAllocate(t, Perl(), perlLines)
}

func FuzzPerl(f *testing.F) { fuzzLanguage(f, Perl(), perlLines) }

func BenchmarkPerlStep(b *testing.B) { benchmarkStep(b, Perl(), perlLines) }

func TestPerlRow(t *testing.T) {
	for _, tt := range []struct {
		line, fn, file string
		number         int
	}{
		{"\tmain::charge(900) called at pay.pl line 2", "main::charge", "pay.pl", 2},
		{"\tAcme::Wallet::find(\"w called at x line 3\") called at /srv/my pay.pl line 14", "Acme::Wallet::find", "/srv/my pay.pl", 14},
		{"\teval {...} called at pay.pl line 5", "eval", "pay.pl", 5},
		{"\trequire Acme/Wallet.pm called at pay.pl line 1", "require", "pay.pl", 1},
		{"main::charge(900) called at pay.pl line 2, <$f> line 1.", "main::charge", "pay.pl", 2},
		{"\tCard::charge(-2) called at pay.pl line 29 thread 1", "Card::charge", "pay.pl", 29},
		{"\tCard::charge(-2) called at pay.pl line 29 thread one", "", "", 0},
		{"\tthe meeting was called at noon line 4", "", "", 0},
		{"\tA::b(1) called at x line four", "", "", 0},
	} {
		c, ok := perlRow(span(tt.line))
		if ok != (tt.number > 0) || ok && (string(c.fn) != tt.fn || string(c.file) != tt.file || c.line != tt.number) {
			t.Errorf("%q: %q %q %d %v", tt.line, c.fn, c.file, c.line, ok)
		}
	}
}

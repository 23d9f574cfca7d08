package parsers

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tracetail/tracetail/internal/event"
)

// volatile is what is another each time a program runs, with what the next run might print.
var volatile = []struct {
	what *regexp.Regexp
	next string
}{
	{regexp.MustCompile(`\b0x[0-9a-f]{9,16}\b`), "0x7f3a5c0de140"},
	{regexp.MustCompile(`\b(goroutine )\d+( (?:gp|\[))`), "${1}4711$2"},
	{regexp.MustCompile(`(in goroutine )\d+`), "${1}4712"},
	{regexp.MustCompile(`(thread '[^']*' \()\d+(\) panicked)`), "${1}88001$2"},
	{regexp.MustCompile(`(#PID<0\.)\d+(\.0>)`), "${1}991$2"},
	{regexp.MustCompile(`(\$\$Lambda(?:\$\d+)?/)0x[0-9a-f]+`), "${1}0x00007f10d8a3c1b8"},
	{regexp.MustCompile(`(\$\$(?:EnhancerBySpringCGLIB|FastClassBySpringCGLIB)\$\$)[0-9a-f]+`), "${1}9f3c11aa"},
	{regexp.MustCompile(`(\$Proxy)\d+`), "${1}77"},
	{regexp.MustCompile(`(GeneratedMethodAccessor)\d+`), "${1}31"},
	{regexp.MustCompile(`(17h)[0-9a-f]{16}(E\b)`), "${1}0123456789abcdef$2"},
	{regexp.MustCompile(`(::h)[0-9a-f]{16}\b`), "${1}fedcba9876543210"},
}

// groupings is what servers group an event by: types and frames, no values, no lines.
func groupings(rs []Result) []string {
	out := []string{}
	for _, r := range rs {
		var sb strings.Builder
		if r.Event.Exception != nil {
			for i := range r.Event.Exception.Values {
				grouping(&sb, &r.Event.Exception.Values[i])
			}
		}
		out = append(out, sb.String())
	}
	return out
}

func grouping(sb *strings.Builder, x *event.Exception) {
	fmt.Fprintf(sb, "%s %s\n", x.Module, x.Type)
	if x.Stacktrace == nil {
		return
	}
	for _, f := range x.Stacktrace.Frames {
		fmt.Fprintf(sb, "  %s %s %s\n", f.Module, f.Function, f.Filename)
	}
}

// TestTheNextRunGroupsTheSame prints every specimen as the program's next run would:
// other addresses, goroutines, processes, generated names. It is the same bug.
func TestTheNextRunGroupsTheSame(t *testing.T) {
	p := utc(t)
	changed := 0
	for _, path := range specimens(t) {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		next := string(log)
		for _, v := range volatile {
			next = v.what.ReplaceAllString(next, v.next)
		}
		if next == string(log) {
			continue
		}
		changed++
		if d := cmp.Diff(groupings(parse(p, log)), groupings(parse(p, []byte(next)))); d != "" {
			t.Errorf("%s: the next run is another bug (-first +next):\n%s", path, d)
		}
	}
	if changed == 0 {
		t.Error("no specimen holds anything volatile")
	}
}

// TestTwoBugsAreTwo compares the traces of bugs that differ in one thing each.
func TestTwoBugsAreTwo(t *testing.T) {
	const python = "Traceback (most recent call last):\n  File \"/srv/pay/wallet.py\", line 12, in debit\n    take()\nKeyError: 'w-1'\n"
	const java = "java.lang.IllegalStateException: no wallet 7\n\tat com.acme.pay.Wallet.lambda$debit$0(Wallet.java:12)\n\tat com.acme.pay.Main.main(Main.java:3)\n"
	for _, c := range []struct{ log, old, new string }{
		{python, "KeyError", "ValueError"},
		{python, "in debit", "in credit"},
		{python, "wallet.py", "ledger.py"},
		{java, "IllegalStateException", "IllegalArgumentException"},
		{java, "$debit$", "$credit$"},
		{java, "pay.Wallet.", "pay.Ledger."},
	} {
		p := utc(t)
		a, b := groupings(parse(p, []byte(c.log))), groupings(parse(p, []byte(strings.ReplaceAll(c.log, c.old, c.new))))
		if len(a) != 1 || len(b) != 1 || a[0] == b[0] {
			t.Errorf("%s instead of %s is another bug, but groups as\n%v", c.new, c.old, b)
		}
	}
	for _, c := range []struct{ log, old, new string }{
		{python, "'w-1'", "'w-2'"},
		{python, "line 12", "line 13"},
		{java, "wallet 7", "wallet 8"},
		{java, ":12)", ":14)"},
	} {
		p := utc(t)
		a, b := groupings(parse(p, []byte(c.log))), groupings(parse(p, []byte(strings.ReplaceAll(c.log, c.old, c.new))))
		if d := cmp.Diff(a, b); d != "" {
			t.Errorf("%s instead of %s is the same bug:\n%s", c.new, c.old, d)
		}
	}
}

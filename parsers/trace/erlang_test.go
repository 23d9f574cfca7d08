package trace

import "testing"

var erlangLines = []string{
	"Error in process <0.79.0> with exit value:",
	"init terminating in do_boot ({three things are wrong:",
	"{{badkey,w1},",
	" [{erlang,map_get,[w1,#{}],[{error_info,#{module => erl_erts_errors}}]},",
	`  {pay,find,2,[{file,"pay.erl"},{line,2}]}]}`,
	"",
	"  crasher:",
	"    initial call: pay:'-main/1-fun-1-'/0",
	"    exception error: bad key: w2",
	"      in function  map_get/2",
	"      in call from pay:find/2 (pay.erl, line 2)",
	"** Generic server <0.81.0> terminating ",
	"** Reason for termination ==",
	`** {badarith,[{pay,charge,1,[{file,"pay.erl"},{line,4}]}]}`,
	`init terminating in do_boot ({undef,[{lists,foo,[1],[]}]})`,
	"escript: exception error: bad argument",
}

func TestErlangOpens(t *testing.T) {
	for line, want := range map[string]Verdict{
		"Error in process <0.79.0> with exit value:": Take,
		"Error in process control":                   No,
		"  crasher:":                                 Take,
		"crasher: none":                              No,
		"** Generic server pay terminating ":         Take,
		"** Generic server pay started":              No,
		"escript: exception error: undef":            Take,
	} {
		if _, v := Erlang().Step(Outside, []byte(line)); v != want {
			t.Errorf("%q: verdict %d, want %d", line, v, want)
		}
	}
}

func TestErlangReadsTerms(t *testing.T) {
	lines := [][]byte{[]byte(`Error in process <0.1.0> with exit value:`), []byte(`{badarith,[{erlang,'/',[1,0],[]},{pay,'settle all',2,[{file,"src/pay.erl"},{line,12}]}]}`)}
	tr, ok := Erlang().Read(lines)
	if !ok || len(tr.Exceptions) != 1 {
		t.Fatalf("got %+v, %v", tr, ok)
	}
	x := tr.Exceptions[0]
	if x.Type != "badarith" || x.Value != "badarith" || x.Stacktrace == nil {
		t.Fatalf("got %+v", x)
	}
	f := x.Stacktrace.Frames
	if len(f) != 2 || f[0].Function != "pay:'settle all'/2" || f[0].Lineno != 12 || f[1].Function != "erlang:'/'/2" {
		t.Errorf("frames %+v", f)
	}
}

func TestErlangStepAllocatesNothing(t *testing.T) { stepDoesNotAllocate(t, Erlang(), erlangLines) }

func FuzzErlang(f *testing.F) { fuzzLanguage(f, Erlang(), erlangLines) }

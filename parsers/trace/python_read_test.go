package trace

import (
	"bytes"
	"reflect"
	"testing"
)

// TestPythonRead reads blocks whose first line is a preface or the message of a log record.
func TestPythonRead(t *testing.T) {
	const body = pyHeader + "\n  File \"a.py\", line 1, in f\nKeyError: 1"
	const f1 = " 1 frames f:a.py:1"
	for _, c := range []struct{ name, text, want string }{
		{"plain", body, "|KeyError|\"1\"" + f1 + "\n"},
		{"header in the message", "job 42 failed: " + body, "lead \"job 42 failed\"\n|KeyError|\"1\"" + f1 + "\n"},
		{"name in the message", "KeyError: 2\n" + body, "lead \"KeyError: 2\"\n|KeyError|\"1\"" + f1 + "\n"},
		{"name in the message only", "pay.Refused: 2\n" + pyHeader + "\n  File \"a.py\", line 1, in f", "pay|Refused|\"2\"" + f1 + "\n"},
		{"final line cut off", pyHeader + "\n  File \"a.py\", line 1, in f", "||\"\"" + f1 + "\n"},
		{"thread", "Exception in thread t-1:\n" + body, "|KeyError|\"1\"" + f1 + " [threading handled=false]\nthread t-1 \"t-1\"  crashed=true 0 frames\n"},
		{"ignored", "Exception ignored in: <function D.__del__ at 0x1>\n" + body, "lead \"Exception ignored in: <function D.__del__ at 0x1>\"\n|KeyError|\"1\"" + f1 + " [generic handled=true]\n"},
		{"asyncio", "Task exception was never retrieved\nfuture: <Task>\nsource_traceback: Object created at (most recent call last):\n  File \"b.py\", line 2, in g\n    h()\n" + body, "lead \"Task exception was never retrieved\"\n|KeyError|\"1\"" + f1 + " [asyncio handled=false]\n"},
		{"Ctrl-C", pyHeader + "\n  File \"a.py\", line 1, in f\nKeyboardInterrupt", ""},
		{"Ctrl-C in a thread", "Exception in thread t-1:\n" + pyHeader + "\n  File \"a.py\", line 1, in f\nKeyboardInterrupt", "|KeyboardInterrupt|\"\"" + f1 + " [threading handled=false]\nthread t-1 \"t-1\"  crashed=true 0 frames\n"},
		{"stack_info", "Stack (most recent call last):\n  File \"a.py\", line 1, in f", "thread stack_info \"\"  crashed=false 1 frames\n"},
		{"members hidden", "  + Exception Group " + pyHeader + "\n  | ExceptionGroup: eg\n  +-+---------------- 1 ----------------\n    | OSError: x\n    +---------------- ... ----------------\n    | and 5 more exceptions\n    +------------------------------------",
			"|OSError|\"x\" [chained #1<0 exceptions[0]]\n|ExceptionGroup|\"eg\" [generic #0 group]\n"},
		{"syntax error", "  File \"bad.py\", line 3\n    def f(:\n          ^\nSyntaxError: invalid syntax", "|SyntaxError|\"invalid syntax\" 1 frames :bad.py:3\n"},
		{"fault without a fatal error", "Thread 0x1 (most recent call first):\n  File \"a.py\", line 1 in f", "thread 0x1 \"\"  crashed=false 1 frames\n"},
		{"nothing", "", ""},
		{"prose", "all is well", ""},
	} {
		if got := pyReading(Python(), c.text); got != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestPythonExtra(t *testing.T) {
	for name, want := range map[string]map[string]any{
		"logerror":   {"logging.message": "'%d %d'", "logging.arguments": "(1,)"},
		"recursion":  {"trace.frames_elided": 195},
		"group_many": {"trace.exceptions_dropped": 5},
		"multiproc":  {"process": "settler-1"},
	} {
		tr, ok := pyRead(pySpecimen(t, "python/"+name))
		if !ok || !reflect.DeepEqual(tr.Extra, want) {
			t.Errorf("%s: got %v %t", name, tr.Extra, ok)
		}
	}
}

// TestPythonContextLine: the frame's own source line, without carets and values.
func TestPythonContextLine(t *testing.T) {
	for name, want := range map[string]string{
		"span":         "return d[k]",
		"eaten_indent": "raise InsufficientFunds(\"wallet is empty\") from e",
		"lib_rich":     "raise RuntimeError(f\"charge of {w} failed\") from e",
		"lib_ipython":  "except KeyError as e: raise RuntimeError('outer\\nsecond') from e",
		"lib_tornado":  "raise RuntimeError(f\"charge of {w} failed\") from e",
	} {
		traces := pyFollow(Python(), string(bytes.Join(pySpecimen(t, "python/"+name), []byte("\n"))))
		if len(traces) == 0 {
			t.Errorf("%s: no trace", name)
			continue
		}
		x := traces[0].Exceptions[len(traces[0].Exceptions)-1]
		if got := x.Stacktrace.Frames[len(x.Stacktrace.Frames)-1].ContextLine; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

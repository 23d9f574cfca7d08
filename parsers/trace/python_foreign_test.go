package trace

import (
	"strings"
	"testing"
)

func TestPythonUnjoin(t *testing.T) {
	const frames = `  File "/var/task/app.py", line 12, in handler` + "\n    return charge(event)"
	for _, tt := range []struct{ name, message, want string }{
		{"prose", "Traceback (most recent call last): see below", ""},
		{"no traceback", "settle failed", ""},
		{"several lines", pyHeader + "\n" + frames, ""},
		{"escaped", "x: " + pyHeader + strings.ReplaceAll("\n"+frames+"\nKeyError: 'a'", "\n", `\n`), "x: " + pyHeader + "\n" + frames + "\nKeyError: 'a'"},
		{
			"AWS Lambda", "KeyError: 'a'\r" + pyHeader + strings.ReplaceAll("\n"+frames, "\n", "\r"),
			pyHeader + "\n" + frames + "\nKeyError: 'a'",
		},
		{
			"named twice", "KeyError: 'a'\r" + pyHeader + strings.ReplaceAll("\n"+frames+"\nKeyError: 'a'", "\n", "\r"),
			"KeyError: 'a'\n" + pyHeader + "\n" + frames + "\nKeyError: 'a'",
		},
	} {
		got, ok := pyUnjoin(tt.message)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q %v, want %q", tt.name, got, ok, tt.want)
		}
	}
}

func TestPythonHardBlanks(t *testing.T) {
	l := Python()
	hard := strings.Repeat(pyHardBlank, 2)
	got := pyFollow(l, pyHeader+"\n"+hard+`File "/var/task/app.py", line 12, in handler`+"\n"+hard+hard+"return charge(event)\nEND RequestId: 8a7d\n")
	if len(got) != 1 || len(got[0].Exceptions) != 1 || got[0].Frames() != 1 {
		t.Fatalf("%+v", got)
	}
	if f := got[0].Exceptions[0].Stacktrace.Frames[0]; f.ContextLine != "return charge(event)" || f.Function != "handler" {
		t.Errorf("%+v", f)
	}
	lines := [][]byte{[]byte("a"), []byte(hard + "b")}
	if out := pySoften(lines); string(out[1]) != "  b" || string(lines[1]) != hard+"b" {
		t.Errorf("softened %q, left %q", out, lines)
	}
}

func TestPythonWrappedLink(t *testing.T) {
	for line, want := range map[string]bool{
		"exception:":                  true,
		"of the following exception:": true,
		"the following exception: ":   true,
		"occurred:":                   true,
		"another exception occurred:": true,
		"":                            false,
		"ception:":                    false,
		"an exception:":               false,
		"During handling of the above exception, another exception occurred:": false,
	} {
		if got := pyWrappedLink(span(line)); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}

func TestPythonInJava(t *testing.T) {
	header := "org.apache.spark.api.python.PythonException: " + pyHeader
	frame := "\tat org.apache.spark.api.python.PythonRunner.read(PythonRunner.scala:784)"
	for _, tt := range []struct {
		lines []string
		want  bool
	}{
		{[]string{header, "ZeroDivisionError: x", frame}, true},
		{[]string{header, "ZeroDivisionError: x"}, false},
		{[]string{"request failed: " + pyHeader, frame}, false},
		{[]string{pyHeader, frame}, false},
	} {
		var raw [][]byte
		for _, l := range tt.lines {
			raw = append(raw, []byte(l))
		}
		if got := pyInJava(raw); got != tt.want {
			t.Errorf("%q: %v", tt.lines, got)
		}
	}
}

package trace

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPythonFrameLine(t *testing.T) {
	for _, c := range []struct {
		line, path, function string
		lineno               int
		ok                   bool
	}{
		{`File "/srv/pay/api.py", line 10, in charge`, "/srv/pay/api.py", "charge", 10, true},
		{`> File "x.py", line 10, in f`, "x.py", "f", 10, true},
		{`File "/a b/c "d".py", line 1, in <module>`, `/a b/c "d".py`, "<module>", 1, true},
		{`File "bad.py", line 1`, "bad.py", "", 1, true},
		{`File "C:\pay\api.py", line 7, in block "content"`, `C:\pay\api.py`, `block "content"`, 7, true},
		{`File "/very/long.py", line 4, in`, "/very/long.py", "", 4, true},
		{`File "x.py", line 519 in string_at`, "", "", 0, false}, // faulthandler's
		{`File "x.py", line ten, in f`, "", "", 0, false},
		{`File "x.py" is missing`, "", "", 0, false},
		{`File ", line 3`, "", "", 0, false},
		{"", "", "", 0, false},
	} {
		f, ok := pyFrameLine(span(c.line))
		if ok != c.ok || ok && (string(f.path) != c.path || string(f.function) != c.function || f.lineno != c.lineno) {
			t.Errorf("%s: got %q %q %d %t", c.line, f.path, f.function, f.lineno, ok)
		}
	}
}

func TestPythonFinalLine(t *testing.T) {
	for line, want := range map[string]string{
		"KeyError: 'k'":                         "KeyError",
		"KeyError":                              "KeyError",
		"ValueError:":                           "ValueError",
		"__main__.z.<locals>.L: x":              "__main__.z.<locals>.L",
		"socket.timeout: timed out":             "socket.timeout",
		"ray.exceptions.RayTaskError(OSError):": "ray.exceptions.RayTaskError(OSError)",
		"Ошибка: нет денег":                     "Ошибка",
		"pay._errors._Declined: 51":             "pay._errors._Declined",
		"ERROR: gateway down":                   "",
		"WARNING:root:slow":                     "",
		"restarted":                             "",
		"payments.worker: restarted":            "",
		"return a / b":                          "",
		"Done with batch 77":                    "",
		`{"level":"info"}`:                      "",
		"│ Traceback":                           "",
		"404: not found":                        "",
		"":                                      "",
	} {
		end, ok := pyFinalLine(span(line))
		if ok != (want != "") || ok && line[:end] != want {
			t.Errorf("%s: got %q %t, want %q", line, line[:end], ok, want)
		}
	}
}

// pyVerdicts are the verdicts on successive lines, one letter each.
func pyVerdicts(l Language, lines []string) string {
	var sb strings.Builder
	s := Outside
	for _, line := range lines {
		next, v := l.Step(s, []byte(line))
		sb.WriteByte("NTxHL"[v])
		if v == No || v == Last {
			s = Outside
			continue
		}
		s = next
	}
	return sb.String()
}

// TestPythonVerdicts: N is No, T Take, x Text, H Hold, L Last.
func TestPythonVerdicts(t *testing.T) {
	const header, frame, source = "Traceback (most recent call last):", `  File "a.py", line 1, in f`, "    return g()"
	for _, c := range []struct {
		name, want string
		lines      []string
	}{
		{"plain", "TTTTTN", []string{header, frame, source, "           ^^^", "KeyError: 'k'", header}},
		{"no source", "TTTTT", []string{header, frame, frame, "  [Previous line repeated 3 more times]", "KeyError"}},
		{"message", "TTTxxxx", []string{header, frame, "ValueError: a", "", `  File "x.py", line 3, in f`, "last: line", "note"}},
		{"chain", "TTTxTHTTT", []string{header, frame, "KeyError: 1", "", "The above exception was the direct cause of the following exception:", "", header, frame, "OSError"}},
		{"never raised", "HHTTT", []string{"During handling of the above exception, another exception occurred:", "", header, frame, "OSError: x"}},
		{"thread", "HTTTN", []string{"Exception in thread worker-1:", header, frame, "OSError: x", "Exception in thread worker-2:"}},
		{"asyncio", "HHTTT", []string{"Task exception was never retrieved", "future: <Task finished>", header, frame, "OSError"}},
		{"a record between", "HN", []string{"Exception in thread worker-1:", "2026-11-22 05:27:08,055 INFO up"}},
		{"logging", "HTTTTTTTL", []string{"--- Logging error ---", header, frame, "TypeError: x", "Call stack:", frame, source, "Message: '%d'", "Arguments: (1,)"}},
		{"call stack elsewhere", "TTTx", []string{header, frame, "TypeError: x", "Call stack:"}},
		{"stack_info", "TTTN", []string{"Stack (most recent call last):", frame, source, "INFO:root:up"}},
		{"both", "TTTTT", []string{header, frame, "TypeError: x", "Stack (most recent call last):", frame}},
		{"shifted", "TTTTN", []string{"    " + header, "    " + frame, "    " + source, "    KeyError: 1", "[I 261122 10:32:19 fw:68] bye"}},
		{"twisted", "HTTT", []string{"Unhandled Error", "\t" + header, "\t" + frame, "\tbuiltins.KeyError: 1"}},
		{"loguru", "THTTTHTHT", []string{header, "", frame, source, "    │ └ 3", "", "> " + frame[2:], "", "KeyError: 3"}},
		{"without indent", "TTxTT", []string{header, frame[2:], "return g()", frame[2:], "KeyError: 3"}},
		{"group", "TTTTTTTHN", []string{"  + Exception Group " + header, "  |   File \"a.py\", line 1, in f", "  | ExceptionGroup: eg (1 sub-exception)", "  +-+---------------- 1 ----------------", "    | OSError: x", "    | more", "    +------------------------------------", "", "after"}},
		{"group 3.11", "TTTxT", []string{"  + Exception Group " + header, "  +-+---------------- 1 ----------------", "    | OSError: x", "more", "    +------------------------------------"}},
		{"remote", "HHTTxTxT", []string{"multiprocessing.pool.RemoteTraceback: ", `"""`, header, frame, "KeyError: 1", `"""`, "", "The above exception was the direct cause of the following exception:"}},
		{"syntax error alone", "HHHT", []string{`  File "bad.py", line 1`, "    def f(:", "          ^", "SyntaxError: invalid syntax"}},
		{"yaml", "HN", []string{`  File "pay.yaml", line 1`, "next: value"}},
		{"header cut off", "HHT", []string{frame, source, "pay.Declined: 51"}},
		{"print_stack", "HHN", []string{frame, source, "done"}},
		{"fault", "THTTTL", []string{"Fatal Python error: Segmentation fault", "", "Current thread 0x00007f (most recent call first):", `  File "a.py", line 1 in f`, "  <no Python frame>", "Extension modules: a (total: 1)"}},
		{"dump", "HTTN", []string{"Timeout (0:00:05)!", "Thread 0x00007f (most recent call first):", `  File "a.py", line 1 in f`, "Timeout is over"}},
		{"rich", "TTTTx", []string{"╭──── Traceback (most recent call last) ────╮", "│ /app/x.py:1 in f │", "╰────╯", "KeyError: 'k'", "more"}},
		{"other box", "N", []string{"╭──── Totals ────╮"}},
		{"IPython", "HTTTHTN", []string{strings.Repeat("-", 75), "KeyError                                  Traceback (most recent call last)", "Cell In[1], line 1", "----> 1 g()", "", "KeyError: 'k'", strings.Repeat("-", 75)}},
		{"socketserver", "HHTTTL", []string{strings.Repeat("-", 40), "Exception occurred during processing of request from ('127.0.0.1', 5)", header, frame, "KeyError: 'k'", strings.Repeat("-", 40)}},
		{"level after a cut", "TTN", []string{header, frame, "ERROR: gateway down"}},
		{"warning", "N", []string{"/srv/pay.py:72: DeprecationWarning: old api"}},
		{"prose", "N", []string{"Traceback (most recent call last): is how it begins"}},
	} {
		if got := pyVerdicts(Python(), c.lines); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPythonBack(t *testing.T) {
	const link = "The above exception was the direct cause of the following exception:"
	for _, c := range []struct {
		name, before, opening string
		want                  int
	}{
		{"header in a message", "job failed: Traceback (most recent call last):", `  File "a.py", line 1, in f`, 1},
		{"frame only", "job failed:", `  File "a.py", line 1, in f`, 0},
		{"never raised", "up\nValueError: x\n", link, 2},
		{"never raised, two lines", "up\nValueError: x\nmore\n", link, 3},
		{"nothing above", "up\n", link, 0},
		{"header", "up", "Traceback (most recent call last):", 0},
		{"empty", "", link, 0},
	} {
		w := pyWindow{}
		if c.before != "" {
			w.lines = bytes.Split([]byte(c.before), []byte("\n"))
		}
		if got := pyBack(w, []byte(c.opening)); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestPythonPlace(t *testing.T) {
	for _, c := range []struct{ file, name, module, inApp string }{
		{"/srv/pay/venv/lib/python3.11/site-packages/celery/app/trace.py", "celery/app/trace.py", "celery.app.trace", "false"},
		{"/usr/lib/python3/dist-packages/flask/__init__.py", "flask/__init__.py", "flask", "false"},
		{"/usr/lib/python3.11/json/decoder.py", "json/decoder.py", "json.decoder", "false"},
		{`C:\Python39\lib\json\decoder.py`, "json/decoder.py", "json.decoder", "false"},
		{`C:\pay\python311.zip\json\decoder.py`, "json/decoder.py", "json.decoder", "false"},
		{"/app/pay/api.py", "pay/api.py", "", "true"},
		{"/srv/python/api.py", "/srv/python/api.py", "", "true"},
		{"/srv/lib/python3.x/api.py", "/srv/lib/python3.x/api.py", "", "true"},
		{"api.py", "api.py", "", "true"},
		{"<frozen importlib._bootstrap>", "<frozen importlib._bootstrap>", "", "false"},
		{"<string>", "<string>", "", "unset"},
		{"İ/lib/python3.11/x.py", "x.py", "x", "false"},
		{"", "<unknown>", "", "unset"},
	} {
		f := pyFrame(c.file, "f", 1)
		inApp := "unset"
		if f.InApp != nil {
			inApp = fmt.Sprint(*f.InApp)
		}
		if f.Filename != c.name || f.Module != c.module || inApp != c.inApp {
			t.Errorf("%s: got %q %q in_app %s", c.file, f.Filename, f.Module, inApp)
		}
	}
}

// TestPythonBounds reads traces far beyond every bound.
func TestPythonBounds(t *testing.T) {
	var deep strings.Builder
	deep.WriteString(pyHeader + "\n")
	for i := range 20000 {
		fmt.Fprintf(&deep, "  File \"/srv/pay/a.py\", line %d, in f\n    f()\n", i+1)
	}
	deep.WriteString("RecursionError: too deep")
	x := pyFollow(Python(), deep.String())[0]
	frames := x.Exceptions[0].Stacktrace.Frames
	if len(frames) != maxFrames || frames[0].Lineno != 1 || frames[len(frames)-1].Lineno != 20000 || x.Extra["trace.frames_dropped"] != 20000-maxFrames {
		t.Errorf("20,000 frames: kept %d from %d to %d, extra %v", len(frames), frames[0].Lineno, frames[len(frames)-1].Lineno, x.Extra)
	}
	var chain strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&chain, "%s\n  File \"a.py\", line 1, in f\nValueError: %d\n\n%s of the following exception:\n\n", pyHeader, i, pyCause)
	}
	chain.WriteString(pyHeader + "\n  File \"a.py\", line 1, in f\nOSError: last")
	x = pyFollow(Python(), chain.String())[0]
	if n := len(x.Exceptions); n != maxExceptions || x.Exceptions[0].Value != "0" || x.Exceptions[n-1].Value != "last" {
		t.Errorf("10,000 causes: kept %d, %q to %q", n, x.Exceptions[0].Value, x.Exceptions[n-1].Value)
	}
	long := strings.Repeat(`File ", line 1 `, 1<<16)
	for _, text := range []string{long, pyHeader + "\n" + long + "\nKeyError: " + long, "  + Exception Group " + pyHeader + "\n  | " + long, "╭─ Traceback (most recent call last) \n│ " + long} {
		pyFollow(Python(), text)
	}
}

func TestPythonStepDoesNotAllocate(t *testing.T) {
	lines := pySpecimenLines(t, "python")
	l := Python()
	if n := testing.AllocsPerRun(3, func() { pyStepAll(l, lines) }); n != 0 {
		t.Errorf("%v allocations over %d lines", n, len(lines))
	}
}

// pyStepAll puts every line to Step, outside and in the state the lines before it led to.
func pyStepAll(l Language, lines [][]byte) {
	s := Outside
	for _, line := range lines {
		l.Step(Outside, line)
		next, v := l.Step(s, line)
		s = next
		if v == No || v == Last {
			s = Outside
		}
	}
}

// pySpecimenLines are the lines of all specimens of a language.
func pySpecimenLines(t testing.TB, lang string) [][]byte {
	t.Helper()
	paths, _ := filepath.Glob("testdata/" + lang + "/*.log")
	if len(paths) < 10 {
		t.Fatalf("found %d specimens of %s", len(paths), lang)
	}
	var out [][]byte
	for _, path := range paths {
		out = append(out, pySpecimen(t, lang+"/"+strings.TrimSuffix(filepath.Base(path), ".log"))...)
	}
	return out
}

// pySpecimen are the lines of one specimen, named as "go/quit".
func pySpecimen(t testing.TB, name string) [][]byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".log")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(b, []byte("\n"))
}

// pyCheck holds a trace against what every event must satisfy, the numbers of
// the exceptions included.
func pyCheck(t *testing.T, tr Trace) {
	t.Helper()
	checkShape(t, &tr)
	n := len(tr.Exceptions)
	for i := range tr.Exceptions {
		if m := tr.Exceptions[i].Mechanism; n > 1 && (m == nil || m.ExceptionID == nil || *m.ExceptionID != n-1-i || (m.ParentID == nil) != (i == n-1)) {
			t.Errorf("exception %d of %d is not numbered: %+v", i, n, m)
		}
	}
}

func FuzzPython(f *testing.F) { pyFuzz(f, Python()) }

func pyFuzz(f *testing.F, l Language) {
	paths, _ := filepath.Glob("testdata/" + l.Name + "/*.log")
	for i, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, uint32(i*37))
	}
	f.Fuzz(func(t *testing.T, text []byte, n uint32) {
		for _, tr := range pyFollow(l, string(text)) {
			pyCheck(t, tr)
		}
		lines := bytes.Split(text, []byte("\n"))
		from := int(n) % len(lines)
		if tr, ok := l.Read(lines[from:]); ok {
			pyCheck(t, tr)
		}
		if tr, ok := l.Read(lines[:from]); ok {
			pyCheck(t, tr)
		}
		for _, line := range lines {
			l.Step(State(n), line)
		}
	})
}

func BenchmarkPythonOutside(b *testing.B) {
	pyBenchmark(b, Python(), [][]byte{[]byte("2026-11-22 05:54:05,571 INFO [aiohttp.access] 127.0.0.1 \"GET /pay?w=w-2 HTTP/1.1\" 500 245")})
}

func BenchmarkPythonStep(b *testing.B) { pyBenchmark(b, Python(), pySpecimenLines(b, "python")) }

func pyBenchmark(b *testing.B, l Language, lines [][]byte) {
	size := 0
	for _, line := range lines {
		size += len(line) + 1
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		pyStepAll(l, lines)
	}
}

func BenchmarkPythonRead(b *testing.B) {
	pyReadBenchmark(b, Python(), "testdata/python/chain3.log")
}

func pyReadBenchmark(b *testing.B, l Language, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := l.Read(lines); !ok {
			b.Fatal("not read")
		}
	}
}

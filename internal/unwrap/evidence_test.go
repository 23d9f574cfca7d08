package unwrap

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each file under testdata/plain is an ordinary log without any transport. Not
// one byte of it may be taken off.
func TestPlainLogsPassUnchanged(t *testing.T) {
	files, err := filepath.Glob("testdata/plain/*.log")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			lines := readLines(t, name)
			diff(t, texts(Config{}, lines...), lines)
			if strings.HasSuffix(name, "_whole.log") {
				return // a row alone looks like a container's line
			}
			for _, l := range lines { // an agent may start reading anywhere
				diff(t, texts(Config{}, l), []string{l})
			}
		})
	}
}

func readLines(t *testing.T, name string) (lines []string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}

func TestEvidence(t *testing.T) {
	const ns = "2026-11-22T05:30:00.123456789Z "
	cases := []struct{ name, in, want string }{
		{"compose from the first line", "web-1  | a/db-1   | b", "a/b"},
		{"compose says so itself", "Attaching to web-1/web-1  | a/web-1 exited with code 1/web-1  | b", "Attaching to web-1/a/web-1 exited with code 1/b"},
		{"compose after other output: the name must come again", "Pulling web/web-1  | a/web-1  | b/web-1  | c", "Pulling web/web-1  | a/b/c"},
		{"a table has other names", "name     | n/web-1    | 1/web-2    | 2/web-3    | 3", "name     | n/web-1    | 1/web-2    | 2/web-3    | 3"},
		{"a stray line does not unlearn", "web-1  | a/web-1  | b/web-1  | c/stray/web-1  | d", "a/b/c/stray/d"},
		{"a name without number has to come three times", "redis  | a/redis  | b/redis  | c/api    | d", "redis  | a/redis  | b/c/d"},
		{"a name without number beside one with", "web-1  | a/redis  | b", "a/b"},
		{"a level is no container", "info   | a/info   | b/info   | c", "info   | a/info   | b/info   | c"},
		{"foreman's own words", "05:30:00 web.1  | a/05:30:01 system | sending SIGTERM", "a/sending SIGTERM"},
		{"foreman unknown", "05:30:01 system | x", "05:30:01 system | x"},
		{"timestamps of a logger", ns + "INFO a/" + ns + "[error] b/" + ns + "[main] WARN c/" + ns + "main.go:7 DEBUG d",
			ns + "INFO a/" + ns + "[error] b/" + ns + "[main] WARN c/" + ns + "main.go:7 DEBUG d"},
		{"timestamps before everything", ns + "INFO a/" + ns + "panic: x/" + ns + "fatal error: y/" + ns + "ERROR:root:z", ns + "INFO a/panic: x/fatal error: y/ERROR:root:z"},
		{"timestamps before a logger's own time", ns + "2026-11-22 05:30:00,123 INFO a/" + ns + "[2026-11-22T05:30:00.1] [ERROR] b", "2026-11-22 05:30:00,123 INFO a/[2026-11-22T05:30:00.1] [ERROR] b"},
		{"timestamps with gaps are a logger's", ns + "a/  b/" + ns + "c/  d/" + ns + "e", "a/  b/" + ns + "c/  d/" + ns + "e"},
		{"timestamps are not sure after one line", ns + "a/" + ns + "INFO b/" + ns + "c", "a/" + ns + "INFO b/c"},
		{"compose pads with two blanks", "web-1 | a/web-1 | b/web-1 | c/web-1 | d", "web-1 | a/web-1 | b/web-1 | c/web-1 | d"},
		{"a table among compose lines", "web-1  | a/key | value/web-1  | b/web-1  | c", "a/key | value/web-1  | b/c"},
		{"an inner message does not go on in another container", "web-1  | Nov 22 05:30:00 h app[7]: a/web-2  |                             b", "a/                            b"},
		{"timestamps twice", ns + ns + "a", ns + "a"},
		{"kubectl's own words", "Defaulted container \"app\" out of: app, sidecar/" + ns + "a", "Defaulted container \"app\" out of: app, sidecar/a"},
		{"stern after other output", "+ pay-7c9f5d8b6-x2x4k > api/pay-7c9f5d8b6-x2x4k api a", "+ pay-7c9f5d8b6-x2x4k > api/pay-7c9f5d8b6-x2x4k api a"},
		{"no program", "Nov 22 05:30:00 h app[1]: a/Nov 22 05:30:00 h last message repeated 2 times/Nov 22 05:30:00 hh last", "a/last message repeated 2 times/Nov 22 05:30:00 hh last"},
		{"host known from other lines", "2026-11-22T05:30:00Z h app[1]: a/2026-11-22T05:30:00Z h kernel: b/2026-11-22T05:30:00Z other kernel: c", "a/b/2026-11-22T05:30:00Z other kernel: c"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			diff(t, strings.Join(texts(Config{}, strings.Split(c.in, "/")...), "/"), c.want)
		})
	}
}

// Many lines of timestamps in a row prove them in the end, even after a line
// without, and even if a level follows.
func TestTimestampsProveThemselves(t *testing.T) {
	const ns = "2026-11-22T05:30:00.123456789Z "
	in := []string{"plain"}
	for range 12 {
		in = append(in, ns+"text")
	}
	out := texts(Config{}, append(in, ns+"INFO a")...)
	diff(t, out[7], ns+"text")
	diff(t, out[8], "text")
	diff(t, out[13], "INFO a")
}

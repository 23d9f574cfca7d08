package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const example = "../../config.example.yaml"

// TestExampleIsTheDefault loads the example and holds it against the defaults.
func TestExampleIsTheDefault(t *testing.T) {
	f, err := Load(example)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	s := DefaultSource()
	s.Name, s.Paths = "/var/log/app/*.log", []string{"/var/log/app/*.log"}
	want.Sources = []Source{s}
	if d := cmp.Diff(want, f, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(f.Delivery, "Mask", "Log", "Now", "Rand")); d != "" {
		t.Errorf("the example says otherwise than the defaults (-default +example):\n%s", d)
	}
}

// TestExampleNamesEveryKey walks the types and looks each key up in the example.
func TestExampleNamesEveryKey(t *testing.T) {
	src, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		t.Fatal(err)
	}
	mentioned := map[string]bool{}
	ast.Walk(visitor(func(n ast.Node) {
		mentioned[strings.TrimPrefix(index.ReplaceAllString(n.GetPath(), ""), "$.")] = true
	}), file.Docs[0].Body)
	var keys func(t reflect.Type, path string) []string
	keys = func(t reflect.Type, path string) (out []string) {
		for t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		for name, ft := range fields(t) {
			out = append(out, path+name)
			out = append(out, keys(ft, path+name+".")...)
		}
		return out
	}
	all := keys(reflect.TypeFor[File](), "")
	if len(all) < 60 {
		t.Fatalf("found %d keys only", len(all))
	}
	for _, k := range all {
		if !mentioned[k] && !strings.HasPrefix(k, "scrub.rules.") && !strings.HasPrefix(k, "destinations.") { // empty lists; their keys stand in the remark
			t.Errorf("%s is not in the example", k)
		}
	}
}

type visitor func(ast.Node)

func (v visitor) Visit(n ast.Node) ast.Visitor { v(n); return v }

func env(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"broken YAML", "parsers: [\n", "c.yaml:1: sequence end token ']' not found"},
		{"unknown key with a near one", "parsers:\n  idel: 1s\n", `c.yaml:2: parsers.idel: unknown key "idel"; did you mean "idle"?`},
		{"unknown key at the top", "sorces: []\n", `c.yaml:1: sorces: unknown key "sorces"; did you mean "sources"?`},
		{"unknown key, nothing near", "log:\n  colour: red\n", `c.yaml:2: log.colour: unknown key "colour"; known here are format, level`},
		{"unknown key in a source", "sources:\n  - paths: [/a]\n    formatt: cri\n", `c.yaml:3: sources[0].formatt: unknown key "formatt"`},
		{"a word for a number", "parsers:\n  max_lines: many\n", `c.yaml:2: parsers.max_lines: found "many", want a whole number`},
		{"a number for a duration", "parsers:\n  idle: 5\n", `c.yaml:2: parsers.idle: found "5", want a duration such as 300ms, 5s or 10m`},
		{"a word for a list", "sources:\n  - paths: /var/log/x.log\n", `c.yaml:2: sources[0].paths: found "/var/log/x.log", want a list, such as [a, b]`},
		{"out of range", "parsers:\n  max_lines: 3\n", "c.yaml:2: parsers.max_lines: 3 is out of range; use 50 to 100000"},
		{"no such level", "parsers:\n  level: critical\n", `c.yaml:2: parsers.level: "critical" is no level; use one of debug, info, warning, error, fatal, none`},
		{"no paths", "sources:\n  - name: x\n", "c.yaml:2: sources[0].paths: is empty"},
		{"a bad glob", "sources:\n  - paths: ['/var/log/[a']\n", "c.yaml:2: sources[0].paths[0]: "},
		{"a missing variable", "\nrelease: ${NOPE}\n", "c.yaml:2: environment variable NOPE is not set"},
		{"two documents", "log: {}\n---\nlog: {}\n", "c.yaml: found 2 YAML documents, want one"},
		{"a scrub rule without a literal", "scrub:\n  rules: [{id: a, regex: 'x+'}]\n", "c.yaml:2: scrub.rules[0]"},
		{"a bad buffer", "delivery:\n  buffer:\n    fsync: often\n", `c.yaml:3: delivery.buffer.fsync: "often", must be commit, interval or never`},
		{"both DSNs", "dsn: a\ndsn_file: b\n", "c.yaml:2: dsn_file: dsn is set too"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("c.yaml", []byte(c.yaml))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAllMistakesAreTold(t *testing.T) {
	_, err := Parse("c.yaml", []byte("log: {level: loud, format: text}\nparsers: {idle: 0s}\n"))
	var many interface{ Unwrap() []error }
	if !errors.As(err, &many) || len(many.Unwrap()) != 2 {
		t.Errorf("got %v, want two mistakes", err)
	}
}

func TestEmptyFiles(t *testing.T) {
	for _, src := range []string{"", "\n", "# nothing\n", "---\n"} {
		f, err := Parse("c.yaml", []byte(src))
		if err != nil || f.Parsers.MaxLines != Default().Parsers.MaxLines {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func TestSourceDefaults(t *testing.T) {
	f, err := Parse("c.yaml", []byte("environment: prod\ntags: {a: '1', b: '2'}\nsources:\n  - paths: [/a]\n    rotate_wait: 9s\n    tags: {b: '3'}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := f.Sources[0]
	if s.Name != "/a" || s.RotateWait.Seconds() != 9 || s.MaxLineBytes != 1<<20 || s.Unwrap.Format != "auto" {
		t.Errorf("got %+v", s)
	}
	if l := f.LabelsOf("/a"); l.Environment != "prod" || l.Tags["a"] != "1" || l.Tags["b"] != "3" {
		t.Errorf("labels %+v", l)
	}
}

func TestExpand(t *testing.T) {
	getenv := env("A", "1", "EMPTY", "")
	for in, want := range map[string]string{
		"${A}": "1", "x${A}y${A}": "x1y1", "${B:-2}": "2", "${EMPTY:-3}": "3", "${EMPTY}": "", "$${A}": "${A}", "$A": "$A", "${B:-}": "",
	} {
		if got, err := expand(in, getenv); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"${B}", "${A"} {
		if got, err := expand(in, getenv); err == nil {
			t.Errorf("%s: %q without an error", in, got)
		}
	}
}

func TestResolveDSN(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dsn")
	if err := os.WriteFile(path, []byte("  https://k@h/1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := File{DSNFile: path}
	if got, err := f.ResolveDSN(); err != nil || got != "https://k@h/1" {
		t.Errorf("%q, %v", got, err)
	}
	f.DSNFile += "-not"
	if _, err := f.ResolveDSN(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestLoadTellsWhatIsWrongWithTheFile(t *testing.T) {
	if _, err := Load("no/such/file.yaml"); err == nil || !strings.Contains(err.Error(), "no such file") || strings.Count(err.Error(), "no/such/file.yaml") != 1 {
		t.Errorf("got %v", err)
	}
}

func TestKeysAt(t *testing.T) {
	got := keysAt(reflect.TypeFor[File](), "sources[3].unwrap")
	if want := []string{"format", "join_limit", "partial_wait"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzParse(f *testing.F) {
	src, err := os.ReadFile(example)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	f.Add([]byte("sources: [{paths: [a]}]\n"))
	f.Add([]byte("a: &x [*x]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 4<<10 {
			return
		}
		if _, err := Parse("c.yaml", src); err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
	})
}

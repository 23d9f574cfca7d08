package record

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tracetail/tracetail/internal/event"
)

func TestLevelWords(t *testing.T) {
	for l, words := range levelWords {
		for _, w := range words {
			for _, form := range []string{w, strings.ToUpper(w), strings.ToUpper(w[:1]) + w[1:]} {
				if got := levelWord([]byte(form)); got != Level(l) {
					t.Errorf("%s is %v, want %v", form, got, Level(l))
				}
				if got, n, _ := levelAt([]byte("x "+form+": y"), 2); got != Level(l) || n != len(form) {
					t.Errorf("%s in a line is %v of %d letters", form, got, n)
				}
			}
		}
	}
	for w, want := range map[string]Level{
		"information": Info, "Informational": Info, "EMERGENCY": Fatal,
		"": Unknown, "errors": Unknown, "warned": Unknown, "erro_": Unknown, "informations": Unknown, "level": Unknown, "panicked": Unknown,
	} {
		if got := levelWord([]byte(w)); got != want {
			t.Errorf("%q is %v, want %v", w, got, want)
		}
	}
}

func TestLevelAtNeedsTheWholeWord(t *testing.T) {
	for _, text := range []string{"ERROR_CODE", "ERROR2", "errorful", "Errors", "INFOX", "ERRORé"[:5] + "s"} {
		if l, n, _ := levelAt([]byte(text), 0); l != Unknown || n != 0 {
			t.Errorf("%q: %v, %d letters", text, l, n)
		}
	}
}

func TestLevelEvent(t *testing.T) {
	for l, want := range map[Level]event.Level{
		Unknown: "", Trace: event.Debug, Debug: event.Debug, Info: event.Info, Notice: event.Info, Warning: event.Warning, Error: event.Error, Fatal: event.Fatal,
	} {
		if got := l.Event(); got != want {
			t.Errorf("%v is %q, want %q", l, got, want)
		}
	}
}

func TestNumericLevels(t *testing.T) {
	for _, c := range []struct {
		line string
		want Level
	}{
		{`{"level":10,"msg":""}`, Trace}, {`{"level":35,"msg":""}`, Info}, {`{"level":50,"msg":""}`, Error}, {`{"level":"60","msg":""}`, Fatal},
		{`{"level":7,"msg":""}`, Unknown}, {`{"level":77,"msg":""}`, Unknown}, {`{"level":3,"short_message":""}`, Error}, {`{"level":1e3,"msg":""}`, Unknown},
		{`{"level":250,"msg":""}`, Notice}, {`{"level":550,"msg":""}`, Fatal}, {`{"level":40000,"message":""}`, Error}, {`{"levelno":40,"msg":""}`, Error},
		{`{"severity":500,"message":""}`, Error}, {`{"severity":2,"message":""}`, Unknown}, {`{"severityNumber":17,"body":""}`, Error},
		{`{"SeverityNumber":25,"Body":""}`, Unknown}, {`{"PRIORITY":"3","MESSAGE":""}`, Error}, {`{"level":-4,"msg":""}`, Unknown},
	} {
		if got := new(Scanner).Head([]byte(c.line)); got.Level != c.want || got.Kind != JSON {
			t.Errorf("%s: %+v, want %v", c.line, got, c.want)
		}
	}
}

// value draws a JSON value that may hold decoys: keys and texts that speak of levels.
func value(t *rapid.T, depth int) any {
	text := rapid.SampledFrom([]string{"ok", `"level":"fatal"`, `,"level":"error"`, `{"level":50}`, `\`, `\\"`, "a\nb", "", "[", "}", "{", "level"})
	switch n := rapid.IntRange(0, 5).Draw(t, "kind"); {
	case n == 0 && depth < 3:
		m := map[string]any{"level": "fatal", "severity": "CRITICAL", "x": value(t, depth+1)}
		return m
	case n == 1 && depth < 3:
		return []any{value(t, depth+1), map[string]any{"level": 60}}
	case n == 2:
		return rapid.IntRange(-100, 1000).Draw(t, "number")
	case n == 3:
		return nil
	}
	return text.Draw(t, "text")
}

// TestOnlyTheRecordsOwnLevelCounts builds objects of which one member is the
// level, among members that try to look like it.
func TestOnlyTheRecordsOwnLevelCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var parts []string
		for i := range rapid.IntRange(0, 4).Draw(t, "before") {
			b, err := json.Marshal(value(t, 0))
			if err != nil {
				t.Fatal(err)
			}
			parts = append(parts, fmt.Sprintf(`"k%d":%s`, i, b))
		}
		want := rapid.SampledFrom([]string{"info", "ERROR", "Warning", "fatal", "debug"}).Draw(t, "level")
		at := rapid.IntRange(0, len(parts)).Draw(t, "at")
		parts = append(parts[:at], append([]string{`"level":"` + want + `"`}, parts[at:]...)...)
		sep := rapid.SampledFrom([]string{",", ", ", " , "}).Draw(t, "separator")
		line := "{" + strings.Join(parts, sep) + "}"
		if h := new(Scanner).Head([]byte(line)); h.Level != levelWord([]byte(want)) || h.Kind != JSON {
			t.Fatalf("%s\n%+v, want %s", line, h, want)
		}
	})
}

// TestOnlyTheLinesOwnPairCounts does the same for logfmt.
func TestOnlyTheLinesOwnPairCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		decoys := []string{`msg="level=fatal lines are forwarded"`, `err="x level=panic y"`, `note="a \" level=error"`, `xlevel=fatal`, `n=1`, `level2=error`, `path="C:\\"`, "word"}
		parts := []string{"ts=2026-11-22T05:30:00Z"}
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			parts = append(parts, rapid.SampledFrom(decoys).Draw(t, "decoy"))
		}
		want := rapid.SampledFrom([]string{"info", "error", "WARN", "debug"}).Draw(t, "level")
		at := rapid.IntRange(1, len(parts)).Draw(t, "at")
		parts = append(parts[:at], append([]string{"level=" + want}, parts[at:]...)...)
		line := strings.Join(parts, " ")
		if h := new(Scanner).Head([]byte(line)); h.Level != levelWord([]byte(want)) || h.Kind != Logfmt {
			t.Fatalf("%s\n%+v, want %s", line, h, want)
		}
	})
}

func TestKeysAreFoundAndUnique(t *testing.T) {
	seen := map[string]role{}
	for r, names := range keyNames {
		for _, name := range names {
			if old, ok := seen[name]; ok {
				t.Errorf("%s has the roles %d and %d", name, old, r)
			}
			seen[name] = role(r)
			if got := roleOf([]byte(name)); got != role(r) {
				t.Errorf("%s has the role %d, want %d", name, got, r)
			}
		}
	}
	for _, name := range []string{"", "levels", "x", "user", "lvl2", strings.Repeat("level", 1000)} {
		if got := roleOf([]byte(name)); got != plainKey {
			t.Errorf("%s has the role %d", name, got)
		}
	}
}

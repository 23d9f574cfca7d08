package shipper

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestShrink(t *testing.T) {
	long := strings.Repeat("x", 1000)
	tests := []struct {
		name   string
		value  any
		limit  int
		levels int
		want   any
	}{
		{"has room", map[string]any{"a": 1}, 7, 7, map[string]any{"a": 1}},
		{"text", long, 102, 7, long[:48] + "..."},
		{"keys in order", map[string]any{"b": "2", "a": "1", "c": "3"}, 20, 7, map[string]any{"a": "1", "b": "2"}},
		{"a giant does not push out the rest", map[string]any{"a": long, "b": "2"}, 100, 7, map[string]any{"a": long[:20] + "...", "b": "2"}},
		{"list", []any{1, 2, 3, 4}, 7, 7, []any{1, 2}},
		{"too deep", map[string]any{"a": map[string]any{"b": map[string]any{"c": 1}}}, 100, 1, map[string]any{"a": `{"b":{"c":1}}`}},
		{"of another type", []int{1, 2, 3, 4, 5, 6}, 12, 7, "[1,..."},
		{"no room", map[string]any{"a": 1}, 3, 7, map[string]any{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := shrink(tt.value, tt.limit, tt.levels)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if n := jsonSize(got); n > tt.limit {
				t.Errorf("%d bytes, limit %d", n, tt.limit)
			}
		})
	}
}

// Whatever the value, the result is within bytes and depth, is JSON, and is the value itself if that was within.
func TestShrinkProperties(t *testing.T) {
	var anything func(int) *rapid.Generator[any]
	anything = func(depth int) *rapid.Generator[any] {
		return rapid.Custom(func(t *rapid.T) any {
			switch kind := rapid.IntRange(0, 5).Draw(t, "kind"); {
			case kind == 0 && depth > 0:
				return rapid.MapOf(rapid.String(), anything(depth-1)).Draw(t, "map")
			case kind == 1 && depth > 0:
				return rapid.SliceOf(anything(depth-1)).Draw(t, "list")
			case kind == 2:
				return rapid.Float64().Draw(t, "number")
			case kind == 3:
				return []int{1, 2, 3}
			}
			return rapid.OneOf(rapid.String(), rapid.Just(strings.Repeat("\x01日[Filtered]", 40))).Draw(t, "text")
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		value := anything(5).Draw(t, "value")
		limit, levels := rapid.IntRange(2, 400).Draw(t, "limit"), rapid.IntRange(0, 5).Draw(t, "levels")
		got := shrink(value, limit, levels)
		if n := jsonSize(got); n > max(limit, len("null")) || !shallow(got, levels) {
			t.Fatalf("%d bytes of %d, shallow %v", n, limit, shallow(got, levels))
		}
		if shallow(value, levels) && jsonSize(value) <= limit && !cmp.Equal(got, value) {
			t.Fatalf("%v has room and became %v", value, got)
		}
		if _, err := json.Marshal(got); err != nil {
			t.Fatal(err)
		}
	})
}

func TestBagsKeepTheOrigin(t *testing.T) {
	f := fitter{}
	values := map[string]any{"a": strings.Repeat("x", 90), "b": strings.Repeat("y", 90), "log.file": "/var/log/a.log", "log.offset": 12, "z": 1}
	want := map[string]any{"a": strings.Repeat("x", 90), "log.file": "/var/log/a.log", "log.offset": 12}
	if diff := cmp.Diff(want, f.bags(values, 100, 160, "extra")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"extra left out in part"}, f.notes); diff != "" {
		t.Error(diff)
	}
	if len(values) != 5 {
		t.Error("the caller's map was changed")
	}
}

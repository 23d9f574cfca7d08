package config

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/xrash/smetrics"
)

// unknownKey says which key was meant.
func unknownKey(found string, known []string) error {
	best, distance := "", 1<<30
	for _, k := range known {
		if d := smetrics.WagnerFischer(found, k, 1, 1, 1); d < distance {
			best, distance = k, d
		}
	}
	if best != "" && distance <= max(2, len(found)/3) {
		return fmt.Errorf("unknown key %q; did you mean %q?", found, best)
	}
	return fmt.Errorf("unknown key %q; known here are %s", found, strings.Join(known, ", "))
}

var index = regexp.MustCompile(`\[\d+\]`)

// keysAt lists the keys that the struct at path may have.
func keysAt(t reflect.Type, path string) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for _, name := range strings.FieldsFunc(index.ReplaceAllString(path, ""), func(r rune) bool { return r == '.' }) {
		f, ok := fields(t)[name]
		if !ok {
			return nil
		}
		for t = f; t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice; {
			t = t.Elem()
		}
	}
	var out []string
	for name := range fields(t) {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// fields maps the YAML keys of a struct to their types; inlined structs count as their parent's.
func fields(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	if t.Kind() != reflect.Struct {
		return out
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			for k, v := range fields(f.Type) {
				out[k] = v
			}
		case name != "" && name != "-":
			out[name] = f.Type
		}
	}
	return out
}

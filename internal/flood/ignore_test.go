package flood

import (
	"testing"

	"github.com/tracetail/tracetail/internal/event"
)

func raised(types ...[2]string) *event.Event {
	e := &event.Event{Exception: &event.Exceptions{}}
	for _, t := range types {
		e.Exception.Values = append(e.Exception.Values, event.Exception{Module: t[0], Type: t[1]})
	}
	return e
}

func TestDrop(t *testing.T) {
	f := New(Config{Types: []string{"KeyboardInterrupt", "com.acme.Shutdown"}, Loggers: []string{"sentry_sdk"}})
	for _, c := range []struct {
		name string
		e    *event.Event
		want bool
	}{
		{"by type", raised([2]string{"", "KeyboardInterrupt"}), true},
		{"by module and type", raised([2]string{"com.acme", "Shutdown"}), true},
		{"same type in another module", raised([2]string{"org.other", "Shutdown"}), false},
		{"only a cause is of the type", raised([2]string{"", "KeyboardInterrupt"}, [2]string{"", "ValueError"}), false},
		{"no exception", &event.Event{}, false},
		{"a logger", &event.Event{Logger: "sentry_sdk"}, true},
		{"a logger below it", &event.Event{Logger: "sentry_sdk.errors"}, true},
		{"another logger that begins so", &event.Event{Logger: "sentry_sdks"}, false},
		{"an exception without a type", raised([2]string{"", ""}), false},
	} {
		if got := f.Drop(c.e); got != c.want {
			t.Errorf("%s: dropped %v, want %v", c.name, got, c.want)
		}
	}
	if f.Ignored() != 4 {
		t.Errorf("counted %d, want 4", f.Ignored())
	}
}

func TestValidate(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
	if err := (Config{Types: []string{"A", " "}}).Validate(); err == nil {
		t.Error("a blank type passed")
	}
	if err := (Config{Loggers: []string{""}}).Validate(); err == nil {
		t.Error("a blank logger passed")
	}
}

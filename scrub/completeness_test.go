package scrub

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tracetail/tracetail/internal/event"
)

// What is decided about a field of the event that can hold text.
const (
	masked   = "masked"   // by every detector
	lastPart = "lastPart" // the same, but the last element of the path stays
	stays    = "stays"    // is structure: ids, types, names of the program
	person   = "person"   // stays, unless the groups for people are on
	textless = "textless" // has no text: numbers, times, switches
)

// decisions is what is done with every field of the event. A field that is added to the
// event and not here fails the test below: decide, and see that Event does it.
var decisions = map[string]string{
	"EventID": stays, "Timestamp": textless, "Platform": stays, "Level": stays, "Logger": masked, "Transaction": masked, "ServerName": masked,
	"Release": masked, "Dist": masked, "Environment": masked, "Tags": masked, "Contexts": masked, "Extra": masked, "Modules": stays,
	"Fingerprint": masked, "SDK.Name": stays, "SDK.Version": stays,
	"LogEntry.Message": masked, "LogEntry.Params": masked, "LogEntry.Formatted": masked,
	"Exception.Values.Type": stays, "Exception.Values.Value": masked, "Exception.Values.Module": stays, "Exception.Values.ThreadID": stays,
	"Exception.Values.Mechanism.Type": stays, "Exception.Values.Mechanism.Handled": textless, "Exception.Values.Mechanism.Synthetic": textless,
	"Exception.Values.Mechanism.Source": masked, "Exception.Values.Mechanism.ExceptionID": textless, "Exception.Values.Mechanism.ParentID": textless,
	"Exception.Values.Mechanism.IsExceptionGroup": textless, "Exception.Values.Mechanism.Description": masked,
	"Exception.Values.Mechanism.HelpLink": masked, "Exception.Values.Mechanism.Data": masked, "Exception.Values.Mechanism.Meta": masked,
	"Frames.Function": stays, "Frames.RawFunction": stays, "Frames.Symbol": stays, "Frames.Module": lastPart, "Frames.Package": lastPart,
	"Frames.Filename": lastPart, "Frames.AbsPath": lastPart, "Frames.Lineno": textless, "Frames.Colno": textless, "Frames.PreContext": masked,
	"Frames.ContextLine": masked, "Frames.PostContext": masked, "Frames.InApp": textless, "Frames.StackStart": textless, "Frames.Vars": masked,
	"Frames.Platform": stays, "Frames.InstructionAddr": stays, "Frames.SymbolAddr": stays, "Frames.ImageAddr": stays, "Frames.AddrMode": stays,
	"Threads.Values.ID": stays, "Threads.Values.Name": masked, "Threads.Values.State": stays, "Threads.Values.Crashed": textless,
	"Threads.Values.Current": textless, "Threads.Values.Main": textless,
	"Breadcrumbs.Values.Timestamp": textless, "Breadcrumbs.Values.Type": stays, "Breadcrumbs.Values.Category": stays,
	"Breadcrumbs.Values.Message": masked, "Breadcrumbs.Values.Data": masked, "Breadcrumbs.Values.Level": stays,
	"User.ID": person, "User.Email": person, "User.Username": person, "User.Name": person, "User.IPAddress": person,
	"Request.URL": masked, "Request.Method": stays, "Request.QueryString": masked, "Request.Headers": masked, "Request.Cookies": masked,
	"Request.Data": masked, "Request.Env": masked,
}

// planted stands in every field; the last element of it as a path is the secret, too.
var planted = "password=Canary9" + "f00dcafe"

// TestEveryFieldIsDecided fills every field of the event with a secret, by reflection, and
// holds what comes out against the decisions. No field can be added without one.
func TestEveryFieldIsDecided(t *testing.T) {
	e := &event.Event{}
	plant(reflect.ValueOf(e).Elem())
	mustNew(t).Event(e)
	seen := map[string]bool{}
	eachField(reflect.ValueOf(e).Elem(), "", func(path string, v reflect.Value) {
		seen[path] = true
		left := 0
		everyString(v, func(s string) { left += strings.Count(s, planted) })
		switch what, ok := decisions[path]; {
		case !ok:
			t.Errorf("%s is a new field of the event; decide here whether it is masked", path)
		case what == masked && left > 0:
			t.Errorf("%s is not masked", path)
		case (what == stays || what == person || what == lastPart) && left == 0:
			t.Errorf("%s was masked, or never filled", path)
		}
	})
	for path := range decisions {
		if !seen[path] {
			t.Errorf("%s is no field of the event any more", path)
		}
	}
}

// TestPersonFields: with the groups for people on, nothing of a user stays.
func TestPersonFields(t *testing.T) {
	e := &event.Event{User: &event.User{ID: "bob@example.com", Email: "bob@example.com", Username: "bob", Name: "Bob Smith", IPAddress: "203.0.113.9"}}
	mustNew(t, func(c *Config) { c.Presets = []string{PresetGDPR} }).Event(e)
	want := &event.User{ID: "[email]", Email: "[email]", Username: DefaultReplacement, Name: DefaultReplacement, IPAddress: "[ip]"}
	if d := cmp.Diff(want, e.User); d != "" {
		t.Error(d)
	}
}

// plant fills v with the secret.
func plant(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(planted)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		plant(v.Elem())
	case reflect.Interface:
		v.Set(reflect.ValueOf(planted))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		plant(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		item := reflect.New(v.Type().Elem()).Elem()
		plant(item)
		v.SetMapIndex(reflect.ValueOf("note"), item)
	case reflect.Struct:
		if v.Type() != reflect.TypeFor[time.Time]() {
			for i := range v.NumField() {
				plant(v.Field(i))
			}
		}
	}
}

// eachField calls f with every field that is no struct, pointer to one or list of them.
// The frames of an exception and of a thread are decided together.
func eachField(v reflect.Value, path string, f func(path string, v reflect.Value)) {
	for i := range v.NumField() {
		field, name := v.Field(i), v.Type().Field(i).Name
		for field.Kind() == reflect.Pointer && field.Type().Elem().Kind() == reflect.Struct {
			field = field.Elem()
		}
		at := strings.TrimPrefix(path+"."+name, ".")
		if name == "Frames" {
			at = name
		}
		switch {
		case field.Type() == reflect.TypeFor[time.Time]():
			f(at, field)
		case field.Kind() == reflect.Struct:
			eachField(field, at, f)
		case field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Struct:
			eachField(field.Index(0), at, f)
		default:
			f(at, field)
		}
	}
}

package enrich

import (
	"testing"

	"github.com/tracetail/tracetail/internal/event"
)

// FuzzNames reads names that anybody may have made up; no file is opened, since
// none of them exists.
func FuzzNames(f *testing.F) {
	f.Add("/var/log/pods/a_b_"+uid+"/c/0.log", "")
	f.Add("/var/log/containers/a_b_c-"+id+".log", "/var/log/pods/a_b_"+uid+"/c/1.log.20260314-092600.gz")
	f.Add("/nowhere/"+id+"/"+id+"-json.log", "x")
	f.Add("/nowhere/overlay-containers/"+id+"/userdata/ctr.log", "-")
	f.Fuzz(func(t *testing.T, path, real string) {
		e := &event.Event{}
		At("/nowhere/"+path, "/nowhere/"+real).Describe(e)
		for key, v := range e.Tags {
			if v == "" || len(v) > maxTag {
				t.Errorf("tag %s has %d bytes", key, len(v))
			}
		}
	})
}

// FuzzCards reads files that anybody may have written.
func FuzzCards(f *testing.F) {
	f.Add([]byte(dockerText))
	f.Add([]byte(`[{"id":"x","names":["a"],"metadata":"{\"name\":\"b\"}"}]`))
	f.Add([]byte(`{"annotations":{"io.kubernetes.pod.name":"p"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := &Place{id: id, path: pod{restarts: unknown}}
		_ = dockerConfig(b, &p.container)
		_ = storageIndex(b, "x", &p.container)
		_ = runtimeConfig(b, &p.container)
		p.conclude()
		if n := len([]rune(p.facts.tags["container"])); n > maxTag {
			t.Errorf("a tag of %d characters", n)
		}
		for name, c := range p.facts.contexts {
			for key, v := range c {
				if s, _ := v.(string); len(s) > maxValue {
					t.Errorf("%s of %s has %d bytes", key, name, len(s))
				}
			}
		}
	})
}

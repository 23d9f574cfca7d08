package config

import "testing"

func TestSourcesWithoutAName(t *testing.T) {
	for yaml, want := range map[string]string{
		"paths: [/a, /b]":                                "/a",
		"syslog: ['udp://:5514', 'tcp://:5514']":         "udp://:5514",
		"journal: {units: [pay.service]}":                "journal",
		"{name: net, syslog: ['unix:///run/tail.sock']}": "net",
	} {
		f, err := Parse("c.yaml", []byte("tags: {a: '1'}\nsources:\n  - "+yaml+"\n"))
		if err != nil {
			t.Errorf("%s: %v", yaml, err)
			continue
		}
		if s := f.Sources[0]; s.Name != want || f.LabelsOf(want).Tags["a"] != "1" {
			t.Errorf("%s: named %q, want %q", yaml, s.Name, want)
		}
	}
	if _, err := Parse("c.yaml", []byte("sources:\n  - syslog: [nonsense]\n")); err == nil {
		t.Error("nonsense is accepted as an address")
	} else if want := "c.yaml:2: sources[0].syslog[0]: "; err.Error()[:len(want)] != want {
		t.Errorf("got %v", err)
	}
}

package enrich

import (
	"maps"

	"github.com/tracetail/tracetail/internal/event"
)

// Place is where a stream comes from. It belongs to whoever serves the stream
// and is not safe for use by several goroutines.
type Place struct {
	path      pod    // what the names say
	id        string // of the container; may be cut short by a long file name
	runtime   string // docker or podman
	cards     []card
	container container // what the cards say
	facts     facts
}

// facts is what an event gets.
type facts struct {
	tags     map[string]string
	contexts map[string]map[string]any
	release  string
}

// At reads the names of a stream: path is what the configuration matched, real
// the same with links resolved. It gives nil if they are not those of a
// container. The files beside the stream are read as well; see Describe.
func At(path, real string) *Place {
	p := &Place{path: pod{restarts: unknown}}
	for _, name := range []string{path, real} {
		switch {
		case p.path.readLog(name):
		case p.readLink(name):
		case p.readDocker(name):
		case p.readPodman(name):
		}
	}
	if p.path.name == "" && p.id == "" {
		return nil
	}
	p.look()
	return p
}

// Describe adds what is known to an event, where the event says nothing else.
// The files beside the stream are looked at, and read again if they have
// changed: a container can be renamed. p may be nil.
func (p *Place) Describe(e *event.Event) {
	if p == nil {
		return
	}
	if p.changed() {
		p.look()
	}
	for key, value := range p.facts.tags {
		tag(e, key, value)
	}
	for name, values := range p.facts.contexts {
		context(e, name, values)
	}
	if e.Release == "" {
		e.Release = p.facts.release
	}
}

// Unit adds the systemd unit that wrote an event; empty adds nothing.
func Unit(e *event.Event, unit string) {
	if unit == "" {
		return
	}
	tag(e, "unit", tagValue(unit))
	if service, ok := cutService(unit); ok {
		tag(e, "service", tagValue(service))
	}
	context(e, "systemd", map[string]any{"systemd.unit": cut(unit, maxValue)})
}

// tag sets a tag that is not set.
func tag(e *event.Event, key, value string) {
	if _, said := e.Tags[key]; said || value == "" {
		return
	}
	if e.Tags == nil {
		e.Tags = map[string]string{}
	}
	e.Tags[key] = value
}

// context adds a context that is not there. The event gets a map of its own.
func context(e *event.Event, name string, values map[string]any) {
	if _, said := e.Contexts[name]; said {
		return
	}
	if e.Contexts == nil {
		e.Contexts = map[string]any{}
	}
	e.Contexts[name] = maps.Clone(values)
}

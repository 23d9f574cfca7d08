package enrich

import (
	"strings"
	"unicode/utf8"
)

const (
	maxTag   = 200 // characters that servers keep of a tag
	maxValue = 512 // bytes of a value in a context
)

// Labels that mean something here. Docker's shim of kubelet and CRI-O write
// io.kubernetes.*, compose and swarm their own, docker build what the image says.
const (
	podNameLabel      = "io.kubernetes.pod.name"
	podNamespaceLabel = "io.kubernetes.pod.namespace"
	podUIDLabel       = "io.kubernetes.pod.uid"
	podContainerLabel = "io.kubernetes.container.name"
	composeService    = "com.docker.compose.service"
	swarmService      = "com.docker.swarm.service.name"
	imageVersion      = "org.opencontainers.image.version"
)

// labelKeys are the labels that are kept; the others may hold anything.
var labelKeys = []string{
	podNameLabel, podNamespaceLabel, podUIDLabel, podContainerLabel,
	composeService, "com.docker.compose.project", "com.docker.compose.container-number",
	swarmService, "com.docker.stack.namespace",
	imageVersion, "org.opencontainers.image.revision", "org.opencontainers.image.source", "org.opencontainers.image.title",
}

// conclude makes the facts out of names and cards.
func (p *Place) conclude() {
	k := p.path
	labels := p.container.labels
	fill(&k.namespace, labels[podNamespaceLabel])
	fill(&k.name, labels[podNameLabel])
	fill(&k.uid, labels[podUIDLabel])
	fill(&k.container, labels[podContainerLabel])

	service := labels[composeService]
	fill(&service, labels[swarmService])
	shown := k.container
	fill(&shown, p.container.name)
	p.facts = facts{
		tags: map[string]string{
			"namespace": tagValue(k.namespace), "pod": tagValue(k.name),
			"container": tagValue(shown), "service": tagValue(service),
		},
		contexts: map[string]map[string]any{},
		release:  p.container.release(),
	}
	p.put("k8s", k.context())
	p.put("container", p.context())
}

// put keeps a context that says something.
func (p *Place) put(name string, values map[string]any) {
	for key, v := range values {
		if s, isText := v.(string); isText && s == "" {
			delete(values, key)
		} else if isText {
			values[key] = cut(s, maxValue)
		}
	}
	if len(values) > 0 {
		p.facts.contexts[name] = values
	}
}

func (k pod) context() map[string]any {
	if k.name == "" {
		return nil
	}
	values := map[string]any{
		"k8s.namespace.name": k.namespace, "k8s.pod.name": k.name, "k8s.pod.uid": k.uid, "k8s.container.name": k.container,
	}
	if k.restarts != unknown {
		values["k8s.container.restart_count"] = k.restarts
	}
	return values
}

func (p *Place) context() map[string]any {
	c := p.container
	values := map[string]any{"container.id": p.id, "container.runtime": p.runtime, "container.name": c.name}
	if isDigest(c.image) {
		values["container.image.id"] = c.image
	} else {
		values["container.image.name"], values["container.image.tag"] = imageParts(c.image)
		values["container.image.id"] = c.imageID
	}
	for key, v := range c.labels {
		if !strings.HasPrefix(key, "io.kubernetes.") {
			values["container.label."+key] = v
		}
	}
	return values
}

// isDigest tells an image that was named by its content from one with a name.
func isDigest(image string) bool {
	return strings.HasPrefix(image, "sha256:") || len(image) == idLength && isHex(image)
}

// release names the program in the image and its version, as package@version.
func (c container) release() string {
	if isDigest(c.image) || c.image == "" {
		return ""
	}
	name, tag := imageParts(c.image)
	if !strings.ContainsAny(tag, "0123456789") { // latest, main, prod: other programs tomorrow
		if tag = c.labels[imageVersion]; tag == "" {
			return ""
		}
	}
	return cut(name[strings.LastIndexByte(name, '/')+1:]+"@"+tag, maxTag)
}

// fill gives a value that is missing.
func fill(to *string, value string) {
	if *to == "" {
		*to = value
	}
}

// cutService gives the name of a unit that is a service.
func cutService(unit string) (string, bool) { return strings.CutSuffix(unit, ".service") }

// tagValue makes a value that servers take as it is: one line, not too long.
func tagValue(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s))
	n := 0
	for i := range s {
		if n++; n > maxTag {
			return s[:i]
		}
	}
	return s
}

// cut shortens a text to at most n bytes, at a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

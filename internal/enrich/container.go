package enrich

import (
	"encoding/json"
	"path/filepath"
	"strings"
)

// container is what the files of a runtime say of a container.
type container struct {
	name, image, imageID string
	labels               map[string]string
}

const (
	maxConfig = 1 << 20 // bytes; config.v2.json of Docker has some 5 KiB
	maxIndex  = 8 << 20 // bytes; podman's containers.json has 1 KiB for each container
)

// readDocker reads ID/ID-json.log, with what Docker appends when it rotates.
func (p *Place) readDocker(path string) bool {
	dir, file := filepath.Split(path)
	id := filepath.Base(dir)
	rotation, ok := strings.CutPrefix(file, id+"-json.log")
	if !ok || len(id) != idLength || !isHex(id) || rotation != "" && rotation[0] != '.' {
		return false
	}
	p.id, p.runtime = id, "docker"
	p.cards = []card{{path: filepath.Join(dir, "config.v2.json"), limit: maxConfig, read: dockerConfig}}
	return true
}

// dockerConfig reads config.v2.json (moby, container.Container as JSON).
func dockerConfig(b []byte, c *container) error {
	var f struct {
		Name   string
		Image  string
		Config struct {
			Image  string
			Labels map[string]string
		}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	c.name = strings.TrimPrefix(f.Name, "/")
	c.image, c.imageID = f.Config.Image, f.Image
	c.addLabels(f.Config.Labels)
	return nil
}

// readPodman reads DRIVER-containers/ID/userdata/ctr.log, where podman keeps the
// log of a container whose driver is k8s-file. CRI-O's storage looks the same.
func (p *Place) readPodman(path string) bool {
	dir, file := filepath.Split(path)
	dir = filepath.Clean(dir)
	home := filepath.Dir(dir)
	storage, id := filepath.Dir(home), filepath.Base(home)
	if !strings.HasPrefix(file, "ctr.log") || filepath.Base(dir) != "userdata" || len(id) != idLength || !isHex(id) ||
		!strings.HasSuffix(storage, "-containers") {
		return false
	}
	p.id, p.runtime = id, "podman"
	find := func(b []byte, c *container) error { return storageIndex(b, id, c) }
	p.cards = []card{
		{path: filepath.Join(storage, "containers.json"), limit: maxIndex, read: find},
		{path: filepath.Join(storage, "volatile-containers.json"), limit: maxIndex, read: find}, // podman run --rm
		{path: filepath.Join(dir, "config.json"), limit: maxConfig, read: runtimeConfig},
	}
	return true
}

// storageIndex reads containers.json, the list of all containers of a storage
// (containers/storage); podman's own words about one stand in a JSON text in it.
func storageIndex(b []byte, id string, c *container) error {
	var all []struct {
		ID, Image, Metadata string
		Names               []string
	}
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	for _, one := range all {
		if one.ID != id {
			continue
		}
		c.imageID = one.Image
		if len(one.Names) > 0 {
			c.name = one.Names[0]
		}
		var m struct {
			Name  string `json:"name"`
			Image string `json:"image-name"`
		}
		if json.Unmarshal([]byte(one.Metadata), &m) == nil {
			c.image = m.Image
			if m.Name != "" {
				c.name = m.Name
			}
		}
		return nil
	}
	return nil
}

// runtimeConfig reads the annotations of config.json (OCI runtime specification).
func runtimeConfig(b []byte, c *container) error {
	var f struct {
		Annotations map[string]string `json:"annotations"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	c.addLabels(f.Annotations)
	return nil
}

func (c *container) addLabels(labels map[string]string) {
	if c.labels == nil {
		c.labels = map[string]string{}
	}
	for _, key := range labelKeys {
		if v := labels[key]; v != "" {
			c.labels[key] = v
		}
	}
}

// imageParts takes a reference such as registry:5000/acme/pay:1.42.0@sha256:... apart.
func imageParts(ref string) (name, tag string) {
	name, _, _ = strings.Cut(ref, "@")
	colon := strings.LastIndexByte(name, ':')
	if colon > strings.LastIndexByte(name, '/') {
		return name[:colon], name[colon+1:]
	}
	return name, ""
}

package enrich

import (
	"path/filepath"
	"strconv"
	"strings"
)

// unknown is the number of restarts where no name tells it.
const unknown = -1

// pod is a container of a pod.
type pod struct {
	namespace, name, uid, container string
	restarts                        int
}

const (
	idLength  = 64  // hexadecimal digits of a container's id
	maxName   = 255 // bytes of a file name; kubelet cuts the id of a link to fit
	maxDigits = 9   // of a number of restarts
)

// readLog reads NAMESPACE_POD_UID/CONTAINER/N.log, the name that kubelet gives a
// container's log (buildContainerLogsPath in its legacy and helpers files). None
// of the names can hold an underscore. The uid of a static pod is a hash.
func (k *pod) readLog(path string) bool {
	dir, file := filepath.Split(path)
	number, rotation, ok := strings.Cut(file, ".log")
	restarts, err := strconv.ParseUint(number, 10, 31)
	if !ok || err != nil || len(number) > maxDigits || rotation != "" && rotation[0] != '.' {
		return false
	}
	dir = filepath.Clean(dir)
	container := filepath.Base(dir)
	parts := strings.Split(filepath.Base(filepath.Dir(dir)), "_")
	if len(parts) != 3 || !isName(container) || !isName(parts[0]) || !isName(parts[1]) || !isUID(parts[2]) {
		return false
	}
	*k = pod{namespace: parts[0], name: parts[1], uid: parts[2], container: container, restarts: int(restarts)}
	return true
}

// readLink reads POD_NAMESPACE_CONTAINER-ID.log, the name of a link to a log.
func (p *Place) readLink(path string) bool {
	file := filepath.Base(path)
	name, ok := strings.CutSuffix(file, ".log")
	parts := strings.Split(name, "_")
	if !ok || len(parts) != 3 {
		return false
	}
	dash := strings.LastIndexByte(parts[2], '-')
	if dash < 0 {
		return false
	}
	container, id := parts[2][:dash], parts[2][dash+1:]
	whole := len(id) == idLength || len(file) == maxName
	if !whole || !isHex(id) || !isName(container) || !isName(parts[0]) || !isName(parts[1]) {
		return false
	}
	p.id = id
	p.path.namespace, p.path.name, p.path.container = parts[1], parts[0], container
	return true
}

// isName tells whether s can be the name of a namespace, pod or container: an
// RFC 1123 subdomain.
func isName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		inside := i > 0 && i < len(s)-1
		if !isLowerAlnum(c) && (!inside || c != '-' && c != '.') {
			return false
		}
	}
	return true
}

// isUID tells whether s can be a pod's uid: a UUID, or 32 digits for a static pod.
func isUID(s string) bool {
	return (len(s) == 36 || len(s) == 32) && isHex(strings.ReplaceAll(s, "-", ""))
}

func isHex(s string) bool {
	return s != "" && strings.Trim(s, "0123456789abcdef") == ""
}

func isLowerAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

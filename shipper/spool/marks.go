package spool

import (
	"maps"
	"slices"
	"strings"
)

// Mark is the settled position of a stream, opaque to the spool: latest value of each key wins.
type Mark struct {
	Key   string // 1 to MaxKeyBytes bytes
	Value []byte // up to MaxValueBytes; an empty one forgets the key
}

// markTable holds the latest value of each key. A key that is set again costs no allocation.
type markTable struct {
	values map[string]*[]byte
	bytes  int // keys and values, with their lengths as on disk
}

func newMarkTable() markTable { return markTable{values: make(map[string]*[]byte)} }

func (t *markTable) set(key string, value []byte) {
	old := t.values[key]
	switch {
	case old == nil && len(value) == 0:
	case len(value) == 0:
		t.bytes -= markBytes + len(key) + len(*old)
		delete(t.values, key)
	case old == nil:
		v := slices.Clone(value)
		t.values[strings.Clone(key)] = &v
		t.bytes += markBytes + len(key) + len(value)
	default:
		t.bytes += len(value) - len(*old)
		*old = append((*old)[:0], value...)
	}
}

// appendTo appends every mark as in a frame, sorted by key so that equal tables give equal bytes.
func (t *markTable) appendTo(dst []byte) []byte {
	for _, k := range slices.Sorted(maps.Keys(t.values)) {
		dst = appendMark(dst, k, *t.values[k])
	}
	return dst
}

// list copies all marks out, sorted by key.
func (t *markTable) list() []Mark {
	out := make([]Mark, 0, len(t.values))
	for k, v := range t.values {
		out = append(out, Mark{Key: k, Value: slices.Clone(*v)})
	}
	slices.SortFunc(out, func(a, b Mark) int { return strings.Compare(a.Key, b.Key) })
	return out
}

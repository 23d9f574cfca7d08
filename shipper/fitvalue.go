package shipper

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/tracetail/tracetail/internal/event"
)

// scratch lends buffers for JSON that is measured or copied, never kept: memory
// is all that calls of Encode share.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// maxScratch keeps one giant event from staying in memory for ever.
const maxScratch = 1 << 20

func borrowScratch() *[]byte { return scratch.Get().(*[]byte) }

func returnScratch(buf *[]byte) {
	if cap(*buf) <= maxScratch {
		*buf = (*buf)[:0]
		scratch.Put(buf)
	}
}

// jsonSize is how many bytes value takes as JSON.
func jsonSize(value any) int {
	buf := borrowScratch()
	defer returnScratch(buf)
	*buf = event.AppendValue((*buf)[:0], value)
	return len(*buf)
}

// fits tells whether value stays within limit bytes of JSON and the depth that servers keep.
func fits(value any, limit int) bool {
	return shallow(value, depthFree) && jsonSize(value) <= limit
}

// shallow tells whether value nests no deeper than levels.
func shallow(value any, levels int) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, inner := range v {
			if levels == 0 || !shallow(inner, levels-1) {
				return false
			}
		}
	case []any:
		for _, inner := range v {
			if levels == 0 || !shallow(inner, levels-1) {
				return false
			}
		}
	}
	return true
}

// bag fits one free value into limit bytes of JSON.
func (f *fitter) bag(value any, limit int, name string) any {
	if value == nil || fits(value, limit) {
		return value
	}
	f.note("%s cut to %d bytes", name, limit)
	return shrink(value, limit, depthFree)
}

// object is bag for a map.
func (f *fitter) object(values map[string]any, limit int, name string) map[string]any {
	if len(values) == 0 {
		return values
	}
	fitted, _ := f.bag(values, limit, name).(map[string]any)
	return fitted
}

// bags fits a map of free values: each within one bytes of JSON, all together
// within all. What finds no room is left out; what says where the event comes
// from (log.file, log.offset) finds room first.
func (f *fitter) bags(values map[string]any, one, all int, name string) map[string]any {
	if bagsFit(values, one, all) {
		return values
	}
	out := make(map[string]any, len(values))
	for _, key := range originFirst(values) {
		fitted := f.bag(values[key], one, name+" "+cutEnd(key, maxLogger))
		if all -= jsonSize(fitted) + jsonSize(key) + 2; all < 0 {
			f.note("%s left out in part", name)
			break
		}
		out[cutEnd(key, maxName)] = fitted
	}
	return out
}

func bagsFit(values map[string]any, one, all int) bool {
	for key, value := range values {
		if len(key) > maxName || !shallow(value, depthFree) {
			return false
		}
		size := jsonSize(value)
		if all -= size + len(key) + 4; size > one || all < 0 {
			return false
		}
	}
	return true
}

// originFirst sorts keys, those of the event's origin in front.
func originFirst(values map[string]any) []string {
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(-compareBool(strings.HasPrefix(a, "log."), strings.HasPrefix(b, "log.")), strings.Compare(a, b))
	})
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// words fits a map of texts into limit bytes.
func (f *fitter) words(values map[string]string, limit int, name string) map[string]string {
	if jsonSize(values) <= limit {
		return values
	}
	f.note("%s cut to %d bytes", name, limit)
	out := make(map[string]string, len(values))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value := cutEnd(values[key], maxCrumb)
		if limit -= jsonSize(value) + jsonSize(key) + 2; limit < 2 {
			break
		}
		out[key] = value
	}
	return out
}

// shrink makes a smaller copy of value that takes at most limit bytes of JSON and
// nests at most levels deep. Whatever cannot be made smaller becomes text.
func shrink(value any, limit, levels int) any {
	if shallow(value, levels) && jsonSize(value) <= limit {
		return value
	}
	switch v := value.(type) {
	case string:
		return shrinkText(v, limit)
	case map[string]any:
		if levels > 0 {
			return shrinkMap(v, limit, levels-1)
		}
	case []any:
		if levels > 0 {
			return shrinkList(v, limit, levels-1)
		}
	}
	buf := borrowScratch()
	defer returnScratch(buf)
	*buf = event.AppendValue((*buf)[:0], value)
	return shrinkText(string(*buf), limit)
}

// shrinkText cuts s until its JSON, in which a byte may take six, has room.
func shrinkText(s string, limit int) string {
	for size := jsonSize(s); size > limit; size = jsonSize(s) {
		if limit < 8 || len(s) < 8 {
			return ""
		}
		s = cutBytes(s, max(4, min(len(s)/2, limit)))
	}
	return s
}

// shrinkMap takes the keys in order. A value that has room stays whole; one that
// has not gets half of what is left, so that one giant does not push out the rest.
func shrinkMap(values map[string]any, limit, levels int) map[string]any {
	out := make(map[string]any)
	limit -= len("{}")
	for _, key := range slices.Sorted(maps.Keys(values)) {
		cost := jsonSize(key) + len(":,")
		if cost >= limit {
			break
		}
		value := values[key]
		if !shallow(value, levels) || jsonSize(value)+cost > limit {
			value = shrink(value, (limit-cost)/2, levels)
		}
		if cost += jsonSize(value); cost > limit {
			break
		}
		limit -= cost
		out[key] = value
	}
	return out
}

func shrinkList(values []any, limit, levels int) []any {
	out := []any{}
	limit -= len("[]")
	for _, value := range values {
		if !shallow(value, levels) || jsonSize(value)+1 > limit {
			value = shrink(value, limit/2, levels)
		}
		cost := jsonSize(value) + len(",")
		if cost > limit {
			break
		}
		limit -= cost
		out = append(out, value)
	}
	return out
}

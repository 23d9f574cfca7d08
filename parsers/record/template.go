package record

import "strings"

// render fills the template of a record that has no message of its own, as
// Serilog's compact JSON leaves it to the reader.
func (j *jsonReader) render() {
	r := j.r
	if r.Template == "" {
		return
	}
	var sb strings.Builder
	rest := r.Template
	for len(r.Params) < maxFields {
		i := strings.IndexByte(rest, '{')
		if i < 0 {
			break
		}
		k := strings.IndexByte(rest[i:], '}')
		if k < 0 {
			break
		}
		sb.WriteString(rest[:i])
		inner := rest[i+1 : i+k]
		rest = rest[i+k+1:]
		if v, ok := j.param(inner); ok {
			r.Params = append(r.Params, v)
			sb.WriteString(v.(string))
		} else {
			sb.WriteString("{" + inner + "}")
		}
	}
	sb.WriteString(rest)
	if r.Message == "" {
		r.Message = bounded(sb.String(), maxMessage)
	}
}

// param gives the text of the member that a hole of a template names:
// "User", "@Order", "Elapsed:0.000".
func (j *jsonReader) param(inner string) (any, bool) {
	name := strings.TrimLeft(inner, "@$")
	if i := strings.IndexAny(name, ":,"); i >= 0 {
		if name[i] == ':' {
			if s, ok := j.rendering(); ok {
				return s, true
			}
		}
		name = name[:i]
	}
	for _, h := range j.holes {
		if h.name == name {
			return bounded(j.string(h.val), maxValue), true
		}
	}
	return nil, false
}

// rendering takes the next text off the list of renderings.
func (j *jsonReader) rendering() (string, bool) {
	if j.renderings.empty() {
		return "", false
	}
	p := skipSpace(j.b, j.renderings.at+1)
	if at(j.b, p) != '"' {
		return "", false
	}
	end := min(valueEnd(j.b, p), j.renderings.end)
	j.renderings.at = skipSpace(j.b, end) // the comma, or the bracket
	return bounded(j.string(span{p, end}), maxValue), true
}

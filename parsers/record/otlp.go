package record

// otlpOpen is how a line of the OpenTelemetry collector's file exporter begins.
const otlpOpen = `{"resourceLogs":`

// otlpHead is jsonHead for such a line, which holds a batch of records: it is
// the most severe of them.
func otlpHead(line []byte) Head {
	_, l := otlpRecord(line)
	return Head{Kind: JSON, Level: l, Embedded: embeds(line)}
}

// otlpRecord finds the first of the most severe records of a batch.
func otlpRecord(b []byte) (rec span, worst Level) {
	eachObject(b, span{len(otlpOpen), len(b)}, func(resource span) {
		eachObject(b, memberOf(b, resource, "scopeLogs"), func(scope span) {
			eachObject(b, memberOf(b, scope, "logRecords"), func(r span) {
				if l := otlpSeverity(b, r); rec.empty() || l > worst {
					rec, worst = r, l
				}
			})
		})
	})
	return rec, worst
}

// otlpSeverity is the level of one record of a batch.
func otlpSeverity(b []byte, r span) Level {
	if l := jsonMember(b, r, "severityNumber", numberKey); l != Unknown {
		return l
	}
	return jsonMember(b, r, "severityText", levelKey)
}

// jsonMember reads the member key of an object as a level.
func jsonMember(b []byte, object span, key string, k role) Level {
	if v := memberOf(b, object, key); !v.empty() {
		return jsonLevel(b, k, v)
	}
	return Unknown
}

// memberOf gives the value of the member key of the object at s, empty if there is none.
func memberOf(b []byte, s span, key string) span {
	if s.empty() || b[s.at] != '{' {
		return span{}
	}
	m := walkObject(b[:s.end], s.at)
	for m.next() {
		if string(m.key.of(b)) == key {
			return m.val
		}
	}
	return span{}
}

// eachObject calls f for the objects of the list at s.
func eachObject(b []byte, s span, f func(span)) {
	if s.empty() || b[s.at] != '[' {
		return
	}
	for p := s.at + 1; ; {
		if p = skipSpace(b, p); at(b, p) == ',' {
			p = skipSpace(b, p+1)
		}
		if p >= s.end || b[p] != '{' {
			return
		}
		end := min(valueEnd(b, p), s.end)
		f(span{p, end})
		p = end
	}
}

// otlp reads the record of a batch.
func (j *jsonReader) otlp() {
	rec, _ := otlpRecord(j.b)
	if rec.empty() {
		return
	}
	whole := j.b
	j.b = j.b[:rec.end]
	j.members(rec.at, 0)
	j.b = whole
}

// attributes reads OpenTelemetry's list of attributes as members of the record.
//
//	[{"key":"exception.type","value":{"stringValue":"KeyError"}}]
func (j *jsonReader) attributes(list span, depth int) bool {
	if j.b[list.at] != '[' {
		return false
	}
	eachObject(j.b, list, func(a span) {
		key := memberOf(j.b, a, "key")
		if v := j.anyValue(memberOf(j.b, a, "value")); !key.empty() && j.b[key.at] == '"' && !v.empty() {
			j.member([]byte(j.string(key)), v, depth+1)
		}
	})
	return true
}

// anyValue gives what OpenTelemetry wraps in {"stringValue":...}.
func (j *jsonReader) anyValue(v span) span {
	if v.empty() || j.b[v.at] != '{' {
		return v
	}
	m := walkObject(j.b[:v.end], v.at)
	if m.next() {
		return m.val
	}
	return span{}
}

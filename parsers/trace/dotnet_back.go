package trace

// dotnetBack finds the header above the first frame. The lines between the two
// are the message and inner headers; the nearest line that is a header in
// every respect is preferred to a nearer one that merely could be one.
func dotnetBack(before Window, opening []byte) int {
	n := before.Len()
	switch k := dotnetKind(opening); k {
	case dotnetIsFrame, dotnetIsEnd, dotnetIsAsync, dotnetIsLink:
	default:
		return 0
	}
	at := dotnetTop(before)
	if at < 0 {
		return 0
	}
	if at > 0 && !before.Record(at) && string(span(before.Line(at-1)).trim()) == "Unhandled Exception:" {
		at--
	}
	return n - at
}

// dotnetTop is the index of the header line; -1 if there is none.
func dotnetTop(before Window) int {
	n := before.Len()
	best, grade := -1, 0
	for i := n - 1; i >= 0; i-- {
		l := span(before.Line(i))
		switch dotnetKind(l) {
		case dotnetIsFrame:
			return best
		case dotnetIsLink:
			best, grade = i, dotnetLikely // its outer exception stands further up
			continue
		case dotnetIsNote, dotnetIsData:
			continue
		}
		h := dotnetHeader(l, true)
		switch {
		case h.grade == 0:
		case h.grade == dotnetSure, before.Record(i) && h.grade >= dotnetLikely:
			return i
		case h.grade > grade && (h.grade > dotnetWeak || i == n-1):
			best, grade = i, h.grade
		}
		if before.Record(i) {
			break
		}
	}
	return best
}

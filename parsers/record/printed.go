package record

import "bytes"

// printed gives the length of what a program's parent printed before each of
// its lines, 0 if there is nothing of the kind. Only forms that nothing else has are
// taken: a word in parentheses or before a bar is prose.
//
//	(raylet pid=4711, ip=10.0.0.1) line     Ray
//	app stderr | line    app stdout | line  runners of several programs
func printed(line []byte) int {
	b := line[:min(len(line), maxToken)]
	if at(b, 0) == '(' {
		i := bytes.IndexByte(b, ')')
		if i < 0 || !bytes.Contains(b[:i], []byte(" pid=")) || at(b, i+1) != ' ' || bytes.IndexByte(b[1:i], '(') >= 0 {
			return 0
		}
		return i + 2
	}
	e := keyEnd(b)
	if e > 0 && (has(b, e, " stderr | ") || has(b, e, " stdout | ")) {
		return e + len(" stderr | ")
	}
	return 0
}

// printedHead is Head behind what a parent printed, which ends at p; none where p is 0. A line that
// is no record by itself is one here: its parent's print begins each line anew.
func (s *Scanner) printedHead(line []byte, p int) Head {
	if p == 0 {
		return Head{}
	}
	if printed(line[p:]) > 0 { // one is enough
		return Head{Kind: Text, Msg: p}
	}
	in := s.Head(line[p:])
	if in.Kind == None || in.Kind == LevelFirst && in.Level == Unknown {
		return Head{Kind: Text, Msg: p}
	}
	in.Msg += p
	return in
}

// readPrinted reads such a line.
func (s *Scanner) readPrinted(line []byte, p int, hd Head, o Options) Record {
	var r Record
	if printed(line[p:]) > 0 {
		r.Message = clean(line[p:], maxMessage)
	} else {
		r = s.Read(line[p:], s.Head(line[p:]), o)
	}
	r.Kind, r.Level = hd.Kind, hd.Level
	if line[0] != '(' {
		r.field("process", clean(line[:keyEnd(line)], maxName))
		return r
	}
	w := line[1 : p-2]
	if i := bytes.Index(w, []byte(" pid=")); i >= 0 {
		r.field("process", clean(w[:i], maxName))
		if r.PID == 0 {
			d := i + len(" pid=")
			r.process(string(w[d:skip(w, d, digit)]))
		}
	}
	return r
}

package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// box reads the frames inside rich's box, whose title has been read. A box
// without a title below it shows the source of a syntax error.
func (r *pyReader) box() []event.Frame {
	d := &pyDrawing{}
	for _, row := range r.rows() {
		d.row(row)
	}
	r.repeat += d.hidden
	if r.i < len(r.lines) && r.lines[r.i].text.trim().has("╭─") && !bytes.Contains(r.lines[r.i].text, []byte(" Sub-exception #")) {
		r.i++
		r.rows()
	}
	return d.frames
}

// rows are the lines down to the end of a box, without its sides.
func (r *pyReader) rows() [][]byte {
	var out [][]byte
	for ; r.i < len(r.lines); r.i++ {
		t := r.lines[r.i].text.trim()
		switch {
		case t.has("╰"), t.has("+--"):
			r.i++
			return out
		case t.has("│"):
			t = bytes.TrimSuffix(t[len("│"):], []byte("│"))
		case t.has("|"):
			t = bytes.TrimSuffix(t[1:], []byte("|"))
		default:
			return out
		}
		out = append(out, bytes.TrimRight(bytes.TrimPrefix(t, []byte(" ")), " "))
	}
	return out
}

// subgroup reads a member of a group that rich draws as a box of its own.
func (r *pyReader) subgroup(group *pyError) {
	group.group = true
	r.i++
	sub := &pyReader{}
	for _, row := range r.rows() {
		sub.lines = append(sub.lines, pyLine{text: row})
	}
	sub.measure()
	if e := sub.chain(0); e != nil {
		group.members = append(group.members, e)
	}
}

// pyDrawing gathers frames from the rows of a box.
type pyDrawing struct {
	frames []event.Frame
	place  string // rows of a place that is folded at the width of the box
	folded int
	inside bool // among source lines
	hidden int
}

// row reads "/srv/pay/api.py:10 in charge", "❱ 10 │   return x" or an empty row between frames.
func (d *pyDrawing) row(t span) {
	text := string(t)
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "":
		d.place, d.folded, d.inside = "", 0, false
	case strings.HasPrefix(trimmed, "... ") && strings.HasSuffix(trimmed, " frames hidden ..."):
		n, _ := pyNumber([]byte(trimmed[len("... "):]))
		d.hidden += n
	case strings.HasPrefix(trimmed, "❱"), strings.HasPrefix(trimmed, `\u2771`):
		d.source(strings.TrimPrefix(strings.TrimPrefix(trimmed, "❱"), `\u2771`))
	case !d.inside:
		d.fold(trimmed)
	}
}

// pyFolds is how many rows the place of a frame may be folded into.
const pyFolds = 6

// fold joins the rows of a place until they name a file, a line and a function.
// rich breaks a long path anywhere, and the rest at blanks.
func (d *pyDrawing) fold(t string) {
	join := ""
	if head := strings.TrimSuffix(d.place, " in"); head != d.place || strings.HasPrefix(t, "in ") {
		join = " "
	}
	d.place += join + t
	d.folded++
	file, function, ok := strings.Cut(d.place, " in ")
	if i := strings.LastIndex(d.place, " in "); ok && i > 0 {
		file, function = d.place[:i], d.place[i+len(" in "):]
	}
	colon := strings.LastIndexByte(file, ':')
	if ok && colon > 0 {
		if lineno, err := strconv.Atoi(file[colon+1:]); err == nil && lineno > 0 {
			d.frames = append(d.frames, pyFrame(file[:colon], function, lineno))
			d.inside = true
			return
		}
	}
	d.inside = d.folded >= pyFolds
}

// source reads the row of the frame's own line.
func (d *pyDrawing) source(t string) {
	t = strings.TrimLeft(strings.TrimSpace(t), "0123456789")
	if len(d.frames) == 0 || d.frames[len(d.frames)-1].ContextLine != "" {
		return
	}
	d.frames[len(d.frames)-1].ContextLine = strings.TrimLeft(t, " │|")
}

// cells reads the frames of IPython's drawing: a place, source lines with an
// arrow at the frame's own, a blank line.
func (r *pyReader) cells() []event.Frame {
	var out []event.Frame
	for ; r.i < len(r.lines); r.i++ {
		t := r.lines[r.i].text
		switch {
		case t.has("--"):
			if len(out) > 0 {
				pyArrow(&out[len(out)-1], string(t))
			}
		case t.indent() > 0 || len(t) == 0:
		case pyCellLine(t):
			out = append(out, pyCellFrame(string(t)))
		default:
			return out
		}
	}
	return out
}

// pyArrow reads "----> 4     return lookup({}, w)".
func pyArrow(f *event.Frame, t string) {
	_, rest, ok := strings.Cut(t, "> ")
	if !ok || f.ContextLine != "" {
		return
	}
	lineno, n := pyNumber([]byte(rest))
	if f.Lineno == 0 {
		f.Lineno = lineno
	}
	f.ContextLine = strings.TrimSpace(rest[n:])
}

// pyCellFrame reads the four ways in which versions 5 to 9 name a place:
// "File /srv/pay.py:4, in charge(w)", "Cell In[1], line 4, in g()",
// "Input In [1], in g()" and "<ipython-input-1-a711b6f99feb> in g()".
func pyCellFrame(t string) event.Frame {
	place, function, ok := strings.Cut(t, ", in ")
	if !ok {
		place, function, _ = strings.Cut(t, " in ")
	}
	function, _, _ = strings.Cut(function, "(")
	place = strings.TrimPrefix(place, "File ")
	file, line, ok := strings.Cut(place, ", line ")
	if !ok {
		if i := strings.LastIndexByte(place, ':'); i > 0 {
			file, line = place[:i], place[i+1:]
		}
	}
	lineno, _ := strconv.Atoi(line)
	f := pyFrame(file, function, lineno)
	if strings.HasPrefix(file, "Cell ") || strings.HasPrefix(file, "Input ") || strings.HasPrefix(file, "<ipython-") {
		f.InApp = new(true)
	}
	return f
}

package unwrap

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/source"
)

// brief is what the tests of joining look at.
func brief(gs []got) []string {
	out := []string{}
	for _, g := range gs {
		s := fmt.Sprintf("%s %q %d-%d", g.Stream, g.Text, g.Start, g.End)
		if g.Cut {
			s += " cut"
		}
		out = append(out, s)
	}
	return out
}

const criTime = "2026-11-22T05:30:00Z"

func cri(stream, tag, text string) string { return criTime + " " + stream + " " + tag + " " + text }

func docker(stream, text string) string {
	return `{"log":"` + text + `","stream":"` + stream + `","time":"` + criTime + `"}`
}

func TestStreamsInterleave(t *testing.T) {
	f := newFeed(Config{}).lines(
		cri("stdout", "P", "out one, "), // 0-40
		cri("stderr", "P", "err one, "), // 40-80
		cri("stderr", "F", "err two"),   // 80-118
		cri("stdout", "P", "out two, "), // 118-158
		cri("stderr", "F", "err three"), // 158-198
	)
	diff(t, brief(f.take()), []string{`stderr "err one, err two" 40-118`, `stderr "err three" 158-198`})
	at, ok := f.u.Floor()
	diff(t, fmt.Sprint(at, ok), "0 true")
	f.lines(cri("stdout", "F", "out three"))
	diff(t, brief(f.take()), []string{`stdout "out one, out two, out three" 0-238`})
	if _, ok := f.u.Floor(); ok {
		t.Error("a floor, and nothing is pending")
	}
}

func TestDockerPieces(t *testing.T) {
	f := newFeed(Config{}).lines(
		docker("stderr", `half \"a`), docker("stdout", `x\n`), docker("stderr", `\" \\`), docker("stderr", `n\n`))
	diff(t, brief(f.take()), []string{`stdout "x" 67-129`, `stderr "half \"a\" \\n" 0-255`})
}

func TestEscapesAcrossPieces(t *testing.T) {
	diff(t, texts(Config{}, cri("stdout", "P", "\x1b[3"), cri("stdout", "P", "1mré"[:4]), cri("stdout", "F", "\xa9d\x1b[0m\r")),
		[]string{"réd"})
}

func TestPrefixAcrossPieces(t *testing.T) {
	f := newFeed(Config{}).lines(cri("stdout", "P", "Nov 22 05:30:00 h ap"), cri("stdout", "F", "p[7]: x"))
	diff(t, f.take()[0].Writer, "app[7]")
}

func TestTimeOfTheFirstPiece(t *testing.T) {
	f := newFeed(Config{}).lines("2026-11-22T05:30:01Z stdout P a", "2026-11-22T05:30:02.5Z stdout F b")
	diff(t, f.take()[0].Time, "2026-11-22T05:30:01Z")
}

// Both runtimes write a last line without line break as a piece that is never
// completed.
func TestLastPieceNeverComes(t *testing.T) {
	f := newFeed(Config{PartialWait: time.Second}).lines(cri("stderr", "P", "panic: "))
	f.now = noon.Add(500 * time.Millisecond)
	f.lines(cri("stdout", "P", "half"))
	diff(t, f.u.Deadline(), noon.Add(time.Second))

	f.drain(f.u.Expire(noon.Add(999 * time.Millisecond)))
	diff(t, brief(f.take()), []string{})
	f.drain(f.u.Expire(noon.Add(time.Second)))
	diff(t, brief(f.take()), []string{`stderr "panic: " 0-38 cut`})

	diff(t, f.u.Deadline(), noon.Add(1500*time.Millisecond))
	f.drain(f.u.Expire(noon.Add(time.Minute)))
	diff(t, brief(f.take()), []string{`stdout "half" 38-73 cut`})
	if !f.u.Deadline().IsZero() {
		t.Error("a deadline, and nothing is pending")
	}
	// What comes later is a line of its own.
	f.lines(cri("stderr", "F", "boom"))
	diff(t, brief(f.take()), []string{`stderr "boom" 73-108`})
}

func TestEveryPieceProlongsTheWait(t *testing.T) {
	f := newFeed(Config{}).lines(cri("stderr", "P", "a"))
	f.now = noon.Add(900 * time.Millisecond)
	f.lines(cri("stderr", "P", "b"))
	diff(t, f.u.Deadline(), noon.Add(1900*time.Millisecond))
	f.drain(f.u.Expire(noon.Add(1800 * time.Millisecond)))
	diff(t, brief(f.take()), []string{})
}

func TestFlush(t *testing.T) {
	f := newFeed(Config{}).lines(cri("stderr", "P", "err"), cri("stdout", "P", "out\r"))
	f.drain(f.u.Flush())
	diff(t, brief(f.take()), []string{`stderr "err" 0-34 cut`, `stdout "out" 34-69 cut`})
	f.drain(f.u.Flush())
	diff(t, brief(f.take()), []string{})
}

// The line goes on after the limit: its parts come out one by one, none is lost
// and none claims to be whole.
func TestJoinLimit(t *testing.T) {
	f := newFeed(Config{JoinLimit: 1024})
	part := strings.Repeat("x", 600)
	f.lines(cri("stderr", "P", part), cri("stderr", "P", part), cri("stderr", "P", part), cri("stderr", "F", "end"), cri("stderr", "F", "next"))
	gs := f.take()
	diff(t, len(gs), 3)
	diff(t, gs[0].Text == part+part && gs[0].Cut && gs[0].End == 2*631, true)
	diff(t, gs[1].Text == part+"end" && gs[1].Cut && gs[1].Start == 2*631, true)
	diff(t, gs[2].Text == "next" && !gs[2].Cut, true)
}

// containerd ends a line whose length is a multiple of its buffer with an empty
// last piece.
func TestNothingLeftBehindTheLimit(t *testing.T) {
	f := newFeed(Config{JoinLimit: 1024})
	f.lines(cri("stderr", "P", strings.Repeat("x", 1024)), cri("stderr", "F", ""), cri("stderr", "F", ""))
	gs := f.take()
	diff(t, len(gs), 2)
	diff(t, gs[1].Text == "" && !gs[1].Cut, true)
}

func TestEmptyLastPiece(t *testing.T) {
	f := newFeed(Config{}).lines(cri("stderr", "P", "x"), cri("stderr", "F", ""))
	diff(t, brief(f.take()), []string{`stderr "x" 0-63`})
}

func entryOf(pid, lineBreak, message string) string {
	return fmt.Sprintf(`{"__CURSOR":"s","SYSLOG_IDENTIFIER":"app","_PID":"%s","_HOSTNAME":"h","_LINE_BREAK":"%s","MESSAGE":"%s"}`, pid, lineBreak, message)
}

func TestJournaldPieces(t *testing.T) {
	f := newFeed(Config{}).lines(
		entryOf("1", "line-max", `long `), entryOf("2", "eof", `other\nlines`), entryOf("1", "", `line`),
		entryOf("1", "line-max", `first`), entryOf("2", "line-max", `second`))
	f.drain(f.u.Flush())
	var out []string
	for _, g := range f.take() {
		out = append(out, fmt.Sprintf("%s %s %t", g.Writer, g.Text, g.Cut))
	}
	diff(t, out, []string{"app[2] other false", "app[2] lines false", "app[1] long line false", "app[1] first true", "app[2] second true"})
}

// A file that has seen one huge line must not hold on to it.
func TestBuffersShrink(t *testing.T) {
	u := New(Config{})
	huge := strings.Repeat("x", 1<<20)
	for _, line := range []string{
		cri("stdout", "P", huge), cri("stdout", "F", "x"),
		docker("stdout", huge+`\t`), "\x1b[1m" + huge, "\x00" + huge,
		"Nov 22 05:30:00 h a[1]: #011" + huge,
	} {
		for r := u.Push(noon, &source.Line{Text: []byte(line), Start: 1, End: 2}); r != nil; r = u.Next() {
		}
	}
	for r := u.Expire(noon.Add(time.Hour)); r != nil; r = u.Next() {
	}
	held := cap(u.text) + cap(u.clean)
	for i := range u.pending {
		held += cap(u.pending[i].buf)
	}
	if held > 3*keep {
		t.Errorf("%d bytes held after a long line", held)
	}
}

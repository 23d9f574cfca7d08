package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLookTellsWhatWouldBeDone(t *testing.T) {
	s, app, _ := restarted(t) // 74 of 92 bytes of app.log were read
	must(t, appendTo(filepath.Join(s.dir, "new.log"), "one\n"))
	must(t, appendTo(filepath.Join(s.dir, "old.log"), "one\n"))
	month := time.Now().Add(-30 * 24 * time.Hour)
	must(t, os.Chtimes(filepath.Join(s.dir, "old.log"), month, month))
	must(t, os.Symlink("/etc/passwd", filepath.Join(s.dir, "link.log")))
	must(t, os.Symlink("loop.log", filepath.Join(s.dir, "loop.log")))
	s.cfg.IgnoreOlder = 24 * time.Hour
	s.cfg.Paths = append(s.cfg.Paths, filepath.Join(s.dir, "none*"), filepath.Join(s.dir, "no/such/*.log"), "-")
	known := s.tape.known(s)
	ps, err := Look(s.cfg, known)
	must(t, err)
	var got strings.Builder
	for _, p := range ps {
		for _, f := range p.Files {
			fmt.Fprintf(&got, "%s %s %d of %d %v|%.12s|%v|%.14s\n", f.Kind, filepath.Base(f.Path), f.Start, f.Size, f.Resumed, f.Skipped, f.Err != nil, f.Cure)
		}
		if len(p.Files) == 0 {
			fmt.Fprintf(&got, "%s\n", strings.ReplaceAll(p.Note, s.dir, "DIR"))
		}
	}
	want := `file app.log 74 of 92 true||false|
file link.log 0 of 0 false||true|if the file is
file loop.log 0 of 0 false||true|a symbolic lin
file new.log 0 of 4 false||false|
file old.log 4 of 4 false|last written|false|
nothing matches now; files that appear later are read from their beginning
there is no directory DIR/no/such yet; DIR exists
stdin - 0 of 0 false||false|
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
	s.cfg.Paths, s.cfg.StartAt = []string{app}, AtEnd
	if ps, err = Look(s.cfg, nil); err != nil || ps[0].Files[0].Start != 92 {
		t.Errorf("%+v, %v", ps, err)
	}
}

package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A link that an application can make must not lead the agent out of the
// directories that the operator named.
func TestLinksThatLeadAway(t *testing.T) {
	for name, c := range map[string]struct {
		link  string // from logs/app.log
		roots string
		want  error
	}{
		"beside it":                         {link: "real.log"},
		"up and down again":                 {link: "../logs/real.log"},
		"away":                              {link: "../private/shadow", want: errOutside},
		"a directory of the same beginning": {link: "../logs-private/shadow", want: errOutside},
		"through another link":              {link: "hop", want: errOutside},
		"through a directory":               {link: "dir/shadow", want: errOutside},
		"to an allowed place":               {link: "../private/shadow", roots: "private"},
		"to an allowed parent":              {link: "../private/shadow", roots: "."},
		"to an allowed link":                {link: "../private/shadow", roots: "alias"},
		"to a device":                       {link: "/dev/zero", want: errOutside},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t)
			for _, d := range []string{"logs", "private", "logs-private"} {
				must(t, os.Mkdir(filepath.Join(s.dir, d), 0o755))
			}
			must(t, appendTo(filepath.Join(s.dir, "logs/real.log"), "fine\n"))
			for _, d := range []string{"private", "logs-private"} {
				must(t, appendTo(filepath.Join(s.dir, d, "shadow"), "fine\n"))
			}
			must(t, os.Symlink("private", filepath.Join(s.dir, "alias")))
			must(t, os.Symlink("../private/shadow", filepath.Join(s.dir, "logs/hop")))
			must(t, os.Symlink("../private", filepath.Join(s.dir, "logs/dir")))
			must(t, os.Symlink(c.link, filepath.Join(s.dir, "logs/app.log")))
			s.cfg = testConfig(s.dir, "logs/app.*")
			if c.roots != "" {
				s.cfg.AllowedRoots = append(s.cfg.AllowedRoots, filepath.Join(s.dir, c.roots))
			}
			s.step()
			r := s.tailer.Report()
			if c.want == nil {
				s.told("logs/app.log open at 0", "logs/app.log |fine")
				return
			}
			s.told()
			if len(r.Troubles) != 1 || !errors.Is(r.Troubles[0].Err, c.want) || !strings.Contains(r.Troubles[0].Cure, "allowed_roots") {
				t.Errorf("troubles: %+v", r.Troubles)
			}
		})
	}
}

// Within the directories that may be read, somebody's link does not open what
// root keeps from others.
func TestLinksToPrivateFilesOfRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to make a file of root's")
	}
	const somebody = 12345
	for name, c := range map[string]struct {
		mode  os.FileMode
		owner int // of the file
		hard  bool
		by    int // owner of the link, and of its directory
		want  error
	}{
		"hard link":               {mode: 0o640, hard: true, by: somebody, want: errForeign},
		"symbolic link":           {mode: 0o640, by: somebody, want: errForeign},
		"hard link of root":       {mode: 0o640, hard: true},
		"symbolic link of root":   {mode: 0o640},
		"hard link to public":     {mode: 0o644, hard: true, by: somebody},
		"symbolic link to public": {mode: 0o644, by: somebody},
		"link to one's own":       {mode: 0o600, owner: somebody, by: somebody},
		"hard link to one's own":  {mode: 0o600, owner: somebody, by: somebody, hard: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t)
			logs, file := filepath.Join(s.dir, "app"), filepath.Join(s.dir, "auth")
			must(t, os.Mkdir(logs, 0o755))
			must(t, os.WriteFile(file, []byte("fine\n"), c.mode))
			must(t, os.Chown(file, c.owner, 0))
			link := filepath.Join(logs, "x.log")
			if c.hard {
				must(t, os.Link(file, link))
			} else {
				must(t, os.Symlink(file, link))
				must(t, os.Lchown(link, c.by, 0))
			}
			must(t, os.Chown(logs, c.by, 0))
			s.cfg = testConfig(s.dir, "*/*.log")
			s.step()
			if c.want == nil {
				s.told("app/x.log open at 0", "app/x.log |fine")
				return
			}
			s.told()
			if r := s.tailer.Report(); len(r.Troubles) != 1 || !errors.Is(r.Troubles[0].Err, c.want) {
				t.Errorf("troubles: %+v", r.Troubles)
			}
		})
	}
}

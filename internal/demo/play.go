package demo

import (
	"bufio"
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed story/*.log
var story embed.FS

// A Player writes the story of one folder: beat by beat, each service its next lines.
type Player struct {
	dir   string
	parts []*part
}

// part is what one service has to say.
type part struct {
	name  string
	beats []beat
}

// beat is what is written at once. After the first rotate lines the log is
// rotated under the program, which writes the rest to the old file as programs
// do that have not been told yet; -1 for never.
type beat struct {
	lines  []string
	rotate int
}

// New prepares the story for the folder dir, which must exist.
func New(dir string) (*Player, error) {
	names, err := story.ReadDir("story")
	if err != nil {
		return nil, fmt.Errorf("reading the bundled story: %w", err)
	}
	p := &Player{dir: dir}
	for _, n := range names {
		text, err := story.ReadFile("story/" + n.Name())
		if err != nil {
			return nil, fmt.Errorf("reading the bundled story %s: %w", n.Name(), err)
		}
		p.parts = append(p.parts, parse(n.Name(), string(text)))
	}
	return p, nil
}

func parse(name, text string) *part {
	p := &part{name: name, beats: []beat{{rotate: -1}}}
	sc := bufio.NewScanner(strings.NewReader(text))
	for sc.Scan() {
		line := sc.Text()
		b := &p.beats[len(p.beats)-1]
		switch line {
		case "--":
			p.beats = append(p.beats, beat{rotate: -1})
		case "--rotate":
			b.rotate = len(b.lines)
		default:
			b.lines = append(b.lines, line)
		}
	}
	return p
}

// Files are the names of the log files, for whoever wants to say what is tailed.
func (p *Player) Files() []string {
	var out []string
	for _, part := range p.parts {
		out = append(out, part.name)
	}
	return out
}

// Traces is the number of errors that the story holds.
const Traces = 5

// Play writes the story live, pausing between its beats, and returns when it is
// told or ctx ends.
func (p *Player) Play(ctx context.Context, pause time.Duration) error {
	for i := 0; ; i++ {
		told := true
		for _, part := range p.parts {
			if i >= len(part.beats) {
				continue
			}
			told = false
			if err := p.write(part, part.beats[i]); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pause):
			}
		}
		if told {
			return nil
		}
	}
}

func (p *Player) write(part *part, b beat) error {
	path := filepath.Join(p.dir, part.name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing %s: %w", part.name, err)
	}
	now := time.Now().UTC()
	for i, l := range b.lines {
		if i == b.rotate {
			if err = os.Rename(path, path+".1"); err != nil {
				break
			}
		}
		if _, err = f.WriteString(fill(l, now) + "\n"); err != nil {
			break
		}
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", part.name, err)
	}
	return nil
}

// fill replaces what stands in angle brackets: a time in the layout given
// there, or a secret. The secrets are put together here so that the repository holds none.
func fill(line string, now time.Time) string {
	var sb strings.Builder
	for {
		open := strings.IndexByte(line, '<')
		if open < 0 {
			break
		}
		n := strings.IndexByte(line[open:], '>')
		if n < 0 {
			break
		}
		sb.WriteString(line[:open])
		sb.WriteString(word(line[open+1:open+n], now))
		line = line[open+n+1:]
	}
	sb.WriteString(line)
	return sb.String()
}

func word(w string, now time.Time) string {
	switch {
	case w == "password":
		return "correct" + "horse" + "42"
	case w == "token":
		return "f3a9" + strings.Repeat("c07e", 7)
	case w == "card":
		return "4111" + strings.Repeat("1", 12)
	case w == "unixms":
		return strconv.FormatInt(now.UnixMilli(), 10)
	case strings.HasPrefix(w, "2006"):
		return now.Format(w)
	}
	return "<" + w + ">"
}

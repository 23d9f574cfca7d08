package trace

import (
	"strings"
	"testing"
)

// linesWindow shows lines as a Window; one that begins with "|" is the message of a record.
type linesWindow []string

func (w linesWindow) Len() int          { return len(w) }
func (w linesWindow) Line(i int) []byte { return []byte(strings.TrimPrefix(w[i], "|")) }
func (w linesWindow) Record(i int) bool { return strings.HasPrefix(w[i], "|") }

func TestMessageTop(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines linesWindow
		want  int
	}{
		{"one line", linesWindow{"no funds"}, 0},
		{"two at the margin", linesWindow{"started", "no funds"}, 1},
		{"set in", linesWindow{"started", "wrong:", "  - the card", "", "  - the amount", "no more"}, 1},
		{"blank above", linesWindow{"wrong:", "  - the card", "", "no funds"}, 3},
		{"a record above", linesWindow{"|config:", "  a=1", "no funds"}, 2},
		{"nothing at the margin", linesWindow{"  - the card", "no funds"}, 1},
	} {
		if got := messageTop(tt.lines, len(tt.lines)-1); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

package enrich

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"
)

// card is a file beside a stream that says something of its container.
type card struct {
	path  string
	limit int64 // bytes; a larger file is not read
	read  func([]byte, *container) error
	state state
}

// state tells one version of a file from another: they are replaced by renaming.
type state struct {
	modified time.Time
	size     int64
	there    bool
}

func stateOf(path string) state {
	info, err := os.Stat(path)
	if err != nil {
		return state{}
	}
	return state{info.ModTime(), info.Size(), true}
}

// changed tells whether a card is no longer what it was when it was read.
func (p *Place) changed() bool {
	for i := range p.cards {
		if stateOf(p.cards[i].path) != p.cards[i].state {
			return true
		}
	}
	return false
}

// look reads the cards. One that cannot be read says nothing.
func (p *Place) look() {
	p.container = container{}
	for i := range p.cards {
		c := &p.cards[i]
		c.state = stateOf(c.path)
		if b, err := c.load(); err == nil {
			_ = c.read(b, &p.container) // a damaged file says what could be understood of it
		}
	}
	p.conclude()
}

var errUnfit = errors.New("not a regular file of a fitting size")

// load reads the file. The name may lead to anything, also to a pipe that
// nobody writes to.
func (c *card) load() ([]byte, error) {
	f, err := os.OpenFile(c.path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > c.limit {
		return nil, errUnfit
	}
	return io.ReadAll(io.LimitReader(f, c.limit))
}

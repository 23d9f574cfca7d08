package source

import (
	"context"
	"os"
	"sync"
)

// What a front tells its standby, one byte each. A number below is that of an
// output which has come to its end.
const (
	takeOver = 0xFE // pass on what is still open; the front will not
	allOver  = 0xFF // nothing is left to do
)

// Standby takes the place of a front that was killed: it holds the same pipes and
// the same outputs, and passes on from where the front stopped. A front tells it of
// every output that ends, since a child would not learn that its reader has gone as
// long as somebody else holds the pipe.
//
// What holds exactly: if either of the two processes is killed with SIGKILL, the
// child does not notice, and goes on to its own end. Of the output that the front
// was just passing on, 64 KiB at most are missing; what the child has not handed to
// the kernel yet is passed on by the standby. If both are killed at once, the child
// gets SIGPIPE with its next write, as with any reader that is gone.
type Standby struct {
	taps []Tap
	line *os.File
	rest chan *os.File // what a killed front would have sent; closed if there is none

	running sync.WaitGroup
}

// NewStandby makes a standby. The taps and line, where the front's words come from,
// belong to it.
func NewStandby(taps []Tap, line *os.File) *Standby {
	return &Standby{taps: taps, line: line, rest: make(chan *os.File, 1)}
}

// Start begins to listen. It ends when all outputs have ended, or the front says so.
func (s *Standby) Start() { s.running.Go(s.listen) }

// Wait waits for that.
func (s *Standby) Wait() { s.running.Wait() }

func (s *Standby) listen() {
	defer s.line.Close()
	defer close(s.rest)
	var b [1]byte
	for {
		n, err := s.line.Read(b[:])
		switch {
		case n == 0 || err != nil:
			s.replace()
			return
		case b[0] == takeOver:
			s.pass(nil)
			return
		case b[0] == allOver:
			for i := range s.taps {
				s.drop(i)
			}
			return
		case int(b[0]) < len(s.taps):
			s.drop(int(b[0]))
		}
	}
}

func (s *Standby) drop(i int) {
	t := &s.taps[i]
	if t.From != nil {
		_ = t.From.Close()
		_ = t.To.Close()
	}
	*t = Tap{Name: t.Name}
}

// replace does what the front did, the copy included.
func (s *Standby) replace() {
	from, to, err := os.Pipe()
	if err != nil {
		s.pass(nil)
		return
	}
	s.rest <- from
	copied := NewCopyBuffer(len(s.taps))
	s.running.Go(func() {
		defer to.Close()
		_ = copied.Send(context.Background(), to) // fails if nobody looks at the output any more
	})
	s.pass(copied)
	copied.Close()
}

// pass passes on what is still open, to its end.
func (s *Standby) pass(to *CopyBuffer) {
	r := NewRelay(s.taps, to, nil, nil)
	r.Start()
	r.Wait()
}

// Front is the other end of a Standby's line.
type Front struct {
	mu   sync.Mutex
	line *os.File
}

// NewFront makes the end that talks. The file belongs to it.
func NewFront(line *os.File) *Front { return &Front{line: line} }

// Closed says that an output has ended.
func (f *Front) Closed(i int) { f.say(byte(i)) }

// TakeOver says that the rest is the standby's to pass on.
func (f *Front) TakeOver() { f.say(takeOver) }

// Over says that nothing is left.
func (f *Front) Over() { f.say(allOver) }

// say writes one byte; a standby that is gone need not hear it.
func (f *Front) say(b byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, _ = f.line.Write([]byte{b})
}

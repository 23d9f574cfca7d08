package scrub

import "unsafe"

// Scrubber masks secrets in texts and events. It keeps scratch memory between calls
// and must be used by one goroutine at a time; Clone makes another for the next.
type Scrubber struct {
	*tables
	stats *Stats

	// What is known about the text at hand.
	text       []byte
	under      string // the key that the whole text is the value of, if any
	spans      []span
	from, done int       // the span that reaches farthest
	at         int       // start of the literal that is being looked at
	work       int       // bytes walked by verifiers; tests hold it against the length of the text
	doubts     []stretch // places that were looked at and left
	odd        bool      // a list or object is not well formed
	saw        stretch   // what is looked at for the literal at hand

	walks
	runs   [runSlots][setCount]knownRun
	serial uint64 // of the text; older runs count for nothing

	nodes int // values of the event at hand that were looked into

	// Memory that is used again.
	hits    [4][]hit
	windows []ruleWindow
	out     []byte
	again   rescan
}

// walked counts the bytes text[from:to] as looked at for the literal at hand.
func (s *Scrubber) walked(from, to int) {
	s.work += to - from + 1
	s.saw = stretch{min(s.saw.start, from), max(s.saw.end, to)}
}

// walks remembers which parts of the text were walked already, so that no input can
// make us walk them again and again.
type walks struct {
	bare         [2]stretch
	collections  [keyKinds]stretch
	cookies      stretch
	noEnd        stretch
	commandLines [mostCommands]stretch
	quotes       parity
}

// New makes a Scrubber. An error names the key of the configuration that is wrong.
func New(cfg Config) (*Scrubber, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	tb := newTables(cfg)
	return &Scrubber{tables: tb, stats: newStats(tb.names)}, nil
}

// Clone returns a Scrubber for another goroutine. It shares the tables and the
// counters and has scratch memory of its own, a few KiB once it has worked.
func (s *Scrubber) Clone() *Scrubber { return &Scrubber{tables: s.tables, stats: s.stats} }

// Stats returns the counters, which all clones share.
func (s *Scrubber) Stats() *Stats { return s.stats }

// Bytes masks the secrets in text, which may have several lines: a record, a block, a
// buffer of whole lines. If there are none it returns text itself, without a copy or
// an allocation. Else it appends the masked text to dst[:0] and returns that. dst may
// be nil and must not overlap text, which is left as it is.
func (s *Scrubber) Bytes(dst, text []byte) []byte {
	if !s.find(text) {
		return text
	}
	return s.mask(dst)
}

// String is Bytes for strings: it returns t itself if there is nothing to mask.
func (s *Scrubber) String(t string) string {
	if !s.find(bytesOf(t)) {
		return t
	}
	s.out = s.mask(s.out)
	return string(s.out)
}

// Mark is a place that would be masked, without what stands there.
type Mark struct {
	Detector   string
	Start, End int // bytes of the text
}

// Marks appends the places in text that Bytes would mask to dst and returns it.
func (s *Scrubber) Marks(dst []Mark, text []byte) []Mark {
	if s.find(text) {
		for _, sp := range s.spans {
			dst = append(dst, Mark{s.names[sp.det], sp.start, sp.end - sp.keep})
		}
	}
	return dst
}

// bytesOf gives the bytes of t without a copy. They must not be written to.
func bytesOf(t string) []byte { return unsafe.Slice(unsafe.StringData(t), len(t)) }

// find fills s.spans for text and tells whether there are any. It fails closed: if a
// verifier panics, the text as a whole is the span.
func (s *Scrubber) find(text []byte) (found bool) {
	if !s.enabled || len(text) == 0 {
		return false
	}
	s.begin(text)
	defer func() {
		if recover() != nil {
			s.spans = append(s.spans[:0], span{end: len(text), det: detPanic})
			found = true
		}
	}()
	s.sweep(text)
	s.sweepNumbers(text)
	if s.addresses {
		s.sweepAddresses(text)
	}
	if s.ssns {
		s.sweepSSN(text)
	}
	if len(s.shapes) > 0 {
		s.sweepShapes(text)
	}
	if s.entropy {
		s.sweepEntropy(text)
	}
	if len(s.windows)+len(s.always) > 0 {
		s.runRules()
	}
	s.settle()
	return len(s.spans) > 0
}

// begin forgets the text before.
func (s *Scrubber) begin(text []byte) {
	s.text = text
	s.spans, s.windows = s.spans[:0], s.windows[:0]
	s.doubts, s.odd = s.doubts[:0], false
	s.from, s.done, s.at = 0, 0, 0
	s.serial++
	if s.work > 0 {
		s.work = 0
		s.walks = walks{}
	}
}

package agent

import "github.com/tracetail/tracetail/internal/source"

// Ahead is how many bytes the files that match now hold beyond the positions this
// agent starts from. What cannot be looked at is left out: the sources say so themselves.
func (a *Agent) Ahead() int64 {
	var sum int64
	for _, c := range a.sources() {
		patterns, err := source.Look(c, a.known)
		if err != nil {
			continue
		}
		for _, p := range patterns {
			for _, f := range p.Files {
				if f.Skipped == "" && f.Err == nil {
					sum += max(0, f.Size-f.Start)
				}
			}
		}
	}
	return sum
}

// Progress is how many bytes have been read so far, and how many events came of them.
func (a *Agent) Progress() (bytes, events int64) {
	r := a.parser.Report()
	return a.tailer.Report().Bytes, r.Traces + r.Messages
}

package agent

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"

	"github.com/tracetail/tracetail/internal/enrich"
	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/parsers"
)

// describe adds what is known beyond the text: who wrote it and where it stood.
// What is configured wins over the log, and the log over what its place tells.
func (s *stream) describe(l *lane, r *parsers.Result) {
	e := r.Event
	e.SDK = s.sdk
	e.Environment, e.Release = s.labels.Environment, s.labels.Release
	e.ServerName = s.labels.ServerName
	if len(s.labels.Tags) > 0 {
		if e.Tags == nil {
			e.Tags = make(map[string]string, len(s.labels.Tags))
		}
		maps.Copy(e.Tags, s.labels.Tags)
	}
	s.place.Describe(e)
	enrich.Unit(e, l.unit)
	if e.Extra == nil {
		e.Extra = make(map[string]any, 3)
	}
	id := s.eventID(0, r)
	e.EventID = hex.EncodeToString(id[:])
	e.Extra["log.file"] = s.info.Path
	e.Extra["log.offset"] = r.Start
	e.Extra["log.lines"] = r.Lines
}

// eventID makes the id of an event out of its place: the same place gives the
// same id whenever it is read, so that a server which has the event knows it.
// The text goes in too, since a file's inode can be reused at the same offset, and
// so does the destination, since some servers compare ids across projects. The
// result has the shape of a random UUID.
func (s *stream) eventID(destination uint64, r *parsers.Result) (id [16]byte) {
	h := sha256.New()
	var b [8]byte
	number := func(n uint64) {
		binary.BigEndian.PutUint64(b[:], n)
		h.Write(b[:])
	}
	text := func(t string) {
		number(uint64(len(t)))
		h.Write([]byte(t))
	}
	number(destination)
	number(s.info.ID.Dev)
	number(s.info.ID.Ino)
	number(uint64(s.info.ID.Gen))
	number(uint64(r.Start))
	text(s.info.Path)
	title(r.Event, text)
	copy(id[:], h.Sum(nil))
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

// title names what an event is about.
func title(e *event.Event, add func(string)) {
	if e.Exception != nil {
		for i := range e.Exception.Values {
			add(e.Exception.Values[i].Type)
		}
	}
	if e.LogEntry != nil {
		add(e.LogEntry.Formatted)
	}
}

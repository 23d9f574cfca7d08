package shipper

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper/spool"
)

// ClientName is how this program calls itself towards servers: in the event's
// sdk, in X-Sentry-Auth and in User-Agent. Names beginning with "sentry." are Sentry's own.
const ClientName = "tracetail"

// unknownVersion stands where the caller gave none; servers refuse an empty one.
const unknownVersion = "0.0.0"

// ErrNotMasked is returned by Encode for the empty Clean: there is nothing that scrub has seen.
var ErrNotMasked = errors.New("encoding an event: it has not been masked")

// Envelope is one masked event, ready to be stored and sent to one destination.
// Only Encode makes one, so nothing unmasked can reach disk or network.
//
// What is stored is the item of the envelope, header and payload:
//
//	{"type":"event","length":828}\n
//	<828 bytes of JSON>
//
// The envelope's own header is written when it is sent, because it holds sent_at:
// servers shift every time in an event by the difference between sent_at and
// their own clock, so one stamped before an outage would move the event.
type Envelope struct {
	item     []byte
	id       [16]byte
	category Category
	dest     uint64
}

// Encode makes the envelope of a masked event for one destination. The event's
// EventID is 32 hex digits, made by the caller. Limits of the protocol are applied
// to a copy: fields are sanitised and cut, and the JSON never exceeds 800 KiB;
// extra["log.trimmed"] says what was taken away. An event without Timestamp goes
// out without, and gets the time of its arrival.
//
// The error is ErrNotMasked, or one that names the event id that is none or the
// destination that is missing.
func Encode(c scrub.Clean, d DSN) (Envelope, error) {
	if c.IsZero() {
		return Envelope{}, ErrNotMasked
	}
	id, err := parseEventID(c.Event().EventID)
	if err != nil {
		return Envelope{}, fmt.Errorf("encoding an event: %w", err)
	}
	return EncodeAs(c, d, id)
}

// EncodeAs is Encode with an event id of its own: one event that goes to several
// destinations needs a different id for each, because there are servers that
// recognise duplicates across projects.
func EncodeAs(c scrub.Clean, d DSN, id [16]byte) (Envelope, error) {
	switch {
	case c.IsZero():
		return Envelope{}, ErrNotMasked
	case d.IsZero():
		return Envelope{}, errors.New("encoding an event: no destination given")
	case id == [16]byte{}:
		return Envelope{}, errors.New("encoding an event: the event id is nil, which servers refuse")
	}
	return Envelope{item: encodeItem(c.Event(), id), id: id, category: CategoryError, dest: d.Key()}, nil
}

// ID is the event id.
func (v Envelope) ID() [16]byte { return v.id }

func (v Envelope) hexID() string { return hex.EncodeToString(v.id[:]) }

// Size is how many bytes the envelope takes in the spool, give or take its frame.
func (v Envelope) Size() int { return len(v.item) }

// IsZero tells whether v was never encoded.
func (v Envelope) IsZero() bool { return v.item == nil }

func (v Envelope) stored() spool.Item {
	return spool.Item{Dest: v.dest, Category: uint8(v.category), ID: v.id, Payload: v.item}
}

func parseEventID(text string) (id [16]byte, err error) {
	if n, err := hex.Decode(id[:], []byte(text[:min(len(text), 32)])); err != nil || n != 16 || len(text) != 32 {
		return id, fmt.Errorf("event id %.40q is not 32 hex digits", text)
	}
	return id, nil
}

// encodeItem writes header and payload of the item "event".
func encodeItem(ev *event.Event, id [16]byte) []byte {
	buf := borrowScratch()
	defer returnScratch(buf)
	*buf = appendFitted((*buf)[:0], ev, id, maxEventBytes)
	return frameItem("event", *buf)
}

func frameItem(kind string, payload []byte) []byte {
	item := make([]byte, 0, len(payload)+48)
	item = append(item, `{"type":"`...)
	item = append(item, kind...)
	item = append(item, `","length":`...)
	item = strconv.AppendInt(item, int64(len(payload)), 10)
	item = append(item, '}', '\n')
	return append(item, payload...)
}

// appendFitted writes ev within all limits and budget bytes, or the bones of it
// where they are more. ev belongs to others and stays as it is.
func appendFitted(dst []byte, ev *event.Event, id [16]byte, budget int) []byte {
	f := fitter{notes: notesOf(ev)}
	e := f.event(ev)
	e.EventID = hex.EncodeToString(id[:])
	dst = appendNoted(dst, &e, f.notes)
	for _, trim := range trims {
		if len(dst) <= budget {
			break
		}
		if what := trim(&e); what != "" {
			f.note("%s", what)
			dst = appendNoted(dst[:0], &e, f.notes)
		}
	}
	return dst
}

// appendNoted writes e with the notes of what was trimmed among its extra.
func appendNoted(dst []byte, e *event.Event, notes []string) []byte {
	if len(notes) == 0 {
		return e.AppendJSON(dst)
	}
	noted := *e
	if noted.Extra = maps.Clone(e.Extra); noted.Extra == nil {
		noted.Extra = make(map[string]any, 1)
	}
	noted.Extra[trimmedKey] = notes
	return noted.AppendJSON(dst)
}

// notesOf gives the notes of an event that was trimmed before and read back.
func notesOf(ev *event.Event) (notes []string) {
	said, _ := ev.Extra[trimmedKey].([]any)
	for _, n := range said[:min(len(said), maxNotes)] {
		if text, ok := n.(string); ok {
			notes = append(notes, text)
		}
	}
	return notes
}

// sentAtForm has microseconds and Z: Bugsink silently ignores any other zone.
const sentAtForm = "2006-01-02T15:04:05.000000Z"

// appendHeader writes the first line of an envelope. The id is there even for
// items that need none, because old GlitchTip demands one; the DSN is not, as the
// key travels in X-Sentry-Auth only.
func appendHeader(dst []byte, id [16]byte, sentAt time.Time, version string) []byte {
	dst = append(dst, `{"event_id":"`...)
	dst = hex.AppendEncode(dst, id[:])
	dst = append(dst, `","sent_at":"`...)
	dst = sentAt.UTC().AppendFormat(dst, sentAtForm)
	dst = append(dst, `","sdk":{"name":"`+ClientName+`","version":`...)
	dst = event.AppendValue(dst, version)
	return append(dst, '}', '}', '\n')
}

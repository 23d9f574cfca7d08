package shipper

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// Stored is one envelope as it stands in the spool.
type Stored struct {
	EventID  string
	Dest     uint64 // DSN.Key
	Category string
	Appended time.Time
	Segment  string // name of the file
	Size     int    // bytes of the item
	// Delivered tells that it need not be sent any more. Of a running agent, the
	// last second's deliveries may not show yet.
	Delivered bool
	// Payload is the event's JSON on one line, masked before it was stored. It
	// belongs to the receiver. Kind is the type of the item, such as "event".
	Kind    string
	Payload []byte
}

// Look shows what stands in the spool of state directory dir, oldest first. It
// takes no lock and changes nothing, so an agent may have the spool open; then it
// shows some moment during the look. An error of visit ends it and is returned.
func Look(dir string, visit func(Stored) error) error {
	err := spool.Walk(SpoolDir(dir), func(s spool.Stored) error {
		out := Stored{
			EventID: hex.EncodeToString(s.ID[:]), Dest: s.Dest, Category: Category(s.Category).String(),
			Appended: s.Appended, Segment: s.Segment, Size: len(s.Payload), Delivered: s.Released,
		}
		out.Kind, out.Payload = openItem(s.Payload)
		return visit(out)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil // no outbox was ever opened there
	}
	return err
}

// SpoolDir is where the outbox of state directory dir keeps its spool.
func SpoolDir(dir string) string { return filepath.Join(dir, "spool") }

// LetterPayload reads the JSON of a dead letter, on one line.
func LetterPayload(dir string, l DeadLetter) (kind string, payload []byte, err error) {
	_, item, err := ReadDeadLetter(dir, l.File)
	if err != nil {
		return "", nil, err
	}
	if kind, payload = openItem(item); kind == "" {
		return "", nil, fmt.Errorf("reading dead letter %s: it holds no item of an envelope", l.File)
	}
	return kind, payload, nil
}

// openItem parts an item; the kind is empty if it is none.
func openItem(item []byte) (kind string, payload []byte) {
	head, payload, ok := bytes.Cut(item, []byte{'\n'})
	var header struct {
		Type   string `json:"type"`
		Length int    `json:"length"`
	}
	if !ok || json.Unmarshal(head, &header) != nil || header.Length != len(payload) {
		return "", nil
	}
	return header.Type, payload
}

// Holder tells which process has the outbox of state directory dir open, see spool.Holder.
func Holder(dir string) (pid int, held bool, err error) { return spool.Holder(SpoolDir(dir)) }

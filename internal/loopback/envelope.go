package loopback

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Envelope is one envelope as it was received.
type Envelope struct {
	EventID string
	SentAt  time.Time
	Items   []Item
}

// Item is one item of an envelope; Payload is exactly as long as its header said.
type Item struct {
	Type    string
	Payload []byte
}

// ParseEnvelope reads an envelope and refuses whatever any server is known to
// refuse: a missing or inexact length, blanks or empty lines between the parts,
// a sent_at that is not UTC, a header over 8 KiB.
func ParseEnvelope(body []byte) (Envelope, error) {
	line, rest, _ := bytes.Cut(body, []byte("\n"))
	var header struct {
		EventID *string `json:"event_id"`
		SentAt  *string `json:"sent_at"`
		DSN     *string `json:"dsn"`
		SDK     struct {
			Name, Version string
		} `json:"sdk"`
	}
	if err := headerLine(line, &header); err != nil {
		return Envelope{}, fmt.Errorf("envelope header: %w", err)
	}
	if header.DSN != nil {
		return Envelope{}, fmt.Errorf("envelope header: it holds the dsn")
	}
	if header.SDK.Name == "" || header.SDK.Version == "" {
		return Envelope{}, fmt.Errorf("envelope header: sdk without name or version")
	}
	var env Envelope
	if header.EventID != nil {
		env.EventID = *header.EventID
	}
	if header.SentAt == nil || !strings.HasSuffix(*header.SentAt, "Z") || bytes.Count(line, []byte(`"sent_at"`)) != 1 {
		return env, fmt.Errorf("envelope header: sent_at must stand there once, in UTC with Z: %s", line)
	}
	var err error
	if env.SentAt, err = time.Parse(time.RFC3339Nano, *header.SentAt); err != nil {
		return env, fmt.Errorf("envelope header: sent_at: %w", err)
	}
	for len(rest) > 0 {
		var it Item
		if it, rest, err = parseItem(rest); err != nil {
			return env, err
		}
		env.Items = append(env.Items, it)
	}
	if len(env.Items) == 0 {
		return env, fmt.Errorf("envelope without items")
	}
	return env, nil
}

func headerLine(line []byte, into any) error {
	if len(line) > 8<<10 {
		return fmt.Errorf("%d bytes, at most 8192 are read by some servers", len(line))
	}
	if len(line) == 0 || line[0] != '{' || line[len(line)-1] != '}' {
		return fmt.Errorf("not a JSON object on one line: %q", line)
	}
	return json.Unmarshal(line, into)
}

func parseItem(b []byte) (Item, []byte, error) {
	line, rest, found := bytes.Cut(b, []byte("\n"))
	var header struct {
		Type   string `json:"type"`
		Length *int   `json:"length"`
	}
	if err := headerLine(line, &header); err != nil {
		return Item{}, nil, fmt.Errorf("item header: %w", err)
	}
	if !found || header.Type == "" || header.Length == nil {
		return Item{}, nil, fmt.Errorf("item header without type or length: %q", line)
	}
	n := *header.Length
	if n < 0 || n > len(rest) {
		return Item{}, nil, fmt.Errorf("item of length %d, %d bytes are there", n, len(rest))
	}
	it := Item{Type: header.Type, Payload: rest[:n]}
	rest = rest[n:]
	if len(rest) > 0 {
		if rest[0] != '\n' {
			return it, nil, fmt.Errorf("the byte after a payload of %d bytes is %q, want a line break", n, rest[0])
		}
		rest = rest[1:]
	}
	return it, rest, nil
}

package source

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func anyPosition(t *rapid.T) Position {
	num := rapid.Uint64()
	return Position{
		Kind:   rapid.SampledFrom([]Kind{File, Stdin, FIFO, watched}).Draw(t, "kind"),
		Stream: Identity{num.Draw(t, "dev"), num.Draw(t, "ino"), rapid.Uint32().Draw(t, "gen")},
		Dev:    num.Draw(t, "dev now"), Ino: num.Draw(t, "ino now"),
		Head:   Fingerprint{rapid.IntRange(0, maxHead).Draw(t, "head"), num.Draw(t, "head sum")},
		Offset: rapid.Int64Min(0).Draw(t, "offset"),
		Anchor: Fingerprint{rapid.IntRange(0, anchorBytes).Draw(t, "anchor"), num.Draw(t, "anchor sum")},
		Gone:   rapid.Bool().Draw(t, "gone"),
		Seen:   rapid.Int64Min(0).Draw(t, "seen"),
		Path:   rapid.String().Draw(t, "path"),
	}
}

func TestPositionComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPosition(t)
		var q Position
		if err := q.Unmarshal(p.Marshal([]byte("before"))[len("before"):]); err != nil {
			t.Fatal(err)
		}
		if p != q {
			t.Fatalf("wrote %+v\nread %+v", p, q)
		}
	})
}

func TestDamagedPositionsAreRefused(t *testing.T) {
	whole := Position{Path: "/var/log/a.log", Offset: 300, Head: Fingerprint{64, 1}, Anchor: Fingerprint{128, 2}}.Marshal(nil)
	damaged := map[string][]byte{
		"empty":              {},
		"another version":    append([]byte{positionVersion + 1}, whole[1:]...),
		"another kind":       append([]byte{positionVersion, 9}, whole[2:]...),
		"unknown flags":      append([]byte{positionVersion, 0, 8}, whole[3:]...),
		"endless number":     append(whole[:3:3], bytes.Repeat([]byte{0xff}, 40)...),
		"a path too long":    append(whole, strings.Repeat("x", maxPathBytes)...),
		"a huge fingerprint": Position{Head: Fingerprint{Len: maxHead + 1}}.Marshal(nil),
		"a huge anchor":      Position{Anchor: Fingerprint{Len: anchorBytes + 1}}.Marshal(nil),
		"a negative offset":  Position{Offset: -1}.Marshal(nil),
	}
	for cut := range len(whole) - len("/var/log/a.log") {
		damaged["cut"] = whole[:cut]
		for name, b := range damaged {
			p := Position{Path: "as before"}
			if err := p.Unmarshal(b); err == nil {
				t.Errorf("%s, %d bytes: read as %+v", name, len(b), p)
			}
			if p.Path != "as before" {
				t.Errorf("%s: the position was changed to %+v", name, p)
			}
		}
	}
}

func TestKeysTellStreamsApart(t *testing.T) {
	seen := map[string]Position{}
	for _, p := range []Position{
		{Stream: Identity{1, 2, 3}}, {Stream: Identity{1, 2, 4}}, {Stream: Identity{1, 23, 4}}, {Stream: Identity{12, 3, 4}},
		{Kind: Stdin, Path: "-"}, {Kind: FIFO, Path: "/run/a"}, {Kind: FIFO, Path: "/run/b"}, {Kind: watched, Path: "/run/a"},
	} {
		if q, twice := seen[p.Key()]; twice {
			t.Errorf("%+v and %+v share the key %s", p, q, p.Key())
		}
		seen[p.Key()] = p
	}
	moved := Position{Stream: Identity{1, 2, 3}, Dev: 1, Ino: 77, Offset: 5, Path: "elsewhere"}
	if _, same := seen[moved.Key()]; !same {
		t.Errorf("the key %s changed with the file's place", moved.Key())
	}
}

func FuzzPosition(f *testing.F) {
	f.Add([]byte{})
	f.Add(Position{Path: "/var/log/a.log", Offset: 1 << 40}.Marshal(nil))
	f.Add(Position{Kind: watched, Path: "a\nb", Gone: true}.Marshal(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p, q Position
		if p.Unmarshal(b) != nil {
			return
		}
		if err := q.Unmarshal(p.Marshal(nil)); err != nil || p != q {
			t.Fatalf("%+v became %+v: %v", p, q, err)
		}
	})
}

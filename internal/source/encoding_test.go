package source

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

func TestEncodingsByName(t *testing.T) {
	for name, want := range map[string]string{
		"": "é", "UTF-8": "é", "utf8": "é",
		"latin1": "Ã©", "ISO-8859-1": "Ã©", "cp1252": "Ã©", "Windows_1252": "Ã©",
		"latin9": "Ã©", "iso-8859-15": "Ã©", "koi8-r": "ц╘", "cp1251": "Г©", "cp437": "├⌐", "IBM850": "├®", "cp866": "├й", "latin-9": "Ã©", "ISO-8859-2": "ĂŠ", "macintosh": "√©",
		"Shift_JIS": "ﾃｩ", "gbk": "茅", "GB18030": "茅", "euc-kr": "챕", "Big5": "矇",
	} {
		e, err := encodingNamed(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := "é"
		if !e.isPlain() {
			got = string(e.decode(nil, []byte("é")))
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := encodingNamed("ebcdic"); err == nil || !strings.Contains(err.Error(), "windows-1250") {
		t.Errorf("an unknown name: %v", err)
	}
}

func encode16(order binary.AppendByteOrder, s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

// UTF-16 of any length, cut anywhere by the chunks.
func TestUTF16OfManyChunks(t *testing.T) {
	long := strings.Repeat("ਊ", 100_000) // of line feed bytes
	lines := []string{"", "short", strings.Repeat("x", 40_000), long, "après", strings.Repeat("😀", 16_385), "end"}
	for name, order := range map[string]binary.AppendByteOrder{"utf-16le": binary.LittleEndian, "utf-16be": binary.BigEndian} {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "a.log"), encode16(order, strings.Join(lines, "\r\n")+"\r\n"), 0o600))
		cfg := testConfig(dir, "a.log")
		cfg.Encoding = name
		var got []string
		c := &gatherer{&got}
		tl, err := New([]Config{cfg}, nil, func(Info) Consumer { return c }, WithLogger(silentLog()))
		must(t, err)
		tl.step()
		tl.close()
		if strings.Join(got, "\n") != strings.Join(lines, "\n") {
			for i, l := range got {
				if i >= len(lines) || l != lines[i] {
					t.Errorf("%s: line %d is %.30q, %d bytes", name, i, l, len(l))
				}
			}
			t.Errorf("%s: %d lines, want %d", name, len(got), len(lines))
		}
	}
}

type gatherer struct{ lines *[]string }

func (g *gatherer) Lines(_ time.Time, lines []Line) {
	for _, l := range lines {
		*g.lines = append(*g.lines, string(l.Text))
	}
}
func (g *gatherer) Idle(time.Time)      {}
func (g *gatherer) Deadline() time.Time { return time.Time{} }
func (g *gatherer) End(time.Time)       {}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("o\x00n\x00e\x00\n\x00"))
	f.Add([]byte("\xff\xfe\x3d\xd8\x00\xde\n\x00\n\n\n"))
	f.Add([]byte("\xd8\x3d\x00\n\x00"))
	latin, err := encodingNamed("latin1")
	must(f, err)
	sjis, err := encodingNamed("shift_jis")
	must(f, err)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, e := range []*encoding{utf16LE, utf16BE, latin, sjis} {
			if out := e.decode([]byte("kept"), b); !utf8.Valid(out[4:]) || !bytes.HasPrefix(out, []byte("kept")) {
				t.Errorf("%q becomes %q", b, out)
			}
			if i := e.index(b); i >= 0 && (i+int(e.unit()) > len(b) || i%int(e.unit()) != 0) {
				t.Errorf("line break at %d of %q", i, b)
			}
		}
	})
}

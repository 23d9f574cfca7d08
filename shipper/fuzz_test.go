package shipper

import "testing"

// FuzzStoredItem reads items as a damaged or foreign file may hold them: what is
// an event is cut down and read back, and the rest is refused without harm.
func FuzzStoredItem(f *testing.F) {
	d := mustDSN(f, "https://"+testKey+"@h/1")
	f.Add(mustEncode(f, crash(1), d).item)
	f.Add([]byte(`{"type":"event","length":2}` + "\n{}"))
	f.Add([]byte(`{"type":"event","length":-1}` + "\n"))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, item []byte) {
		kind, payload := openItem(item)
		ev, ok := readEvent(payload)
		if kind == "" || !ok {
			return
		}
		small := appendFitted(nil, ev, [16]byte{1}, 10<<10)
		back, ok := readEvent(small)
		if !ok {
			t.Fatalf("what was written cannot be read: %q", small)
		}
		if again := appendFitted(nil, back, [16]byte{1}, 10<<10); len(again) > maxEventBytes {
			t.Fatalf("%d bytes", len(again))
		}
	})
}

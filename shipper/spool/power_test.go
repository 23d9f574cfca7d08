package spool

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// mains is a disk whose power can be cut. What was not synced by then is on the disk in part: each write may have reached it or not, the last one
// sector by sector; names that were made or removed since the directory was synced may be there or not.
type mains struct {
	disk
	mu      sync.Mutex
	dir     string
	durable map[string][]byte   // content of each file when it was last synced
	names   map[string]bool     // in the directory when it was last synced
	since   map[string][]change // writes and cuts since the file was synced
	left    int                 // calls until the power goes; negative: it stays
}

// change is a write, or a cut if data is nil.
type change struct {
	off  int64
	data []byte
}

const sector = 512

var errDark = errors.New("the power is off")

func newMains(dir string) *mains {
	return &mains{dir: dir, durable: make(map[string][]byte), names: make(map[string]bool), since: make(map[string][]change), left: -1}
}

// step counts a call that changes the disk; after the power is gone nothing does.
func (m *mains) step() error {
	if m.left == 0 {
		return errDark
	}
	if m.left > 0 {
		m.left--
	}
	return nil
}

func (m *mains) Open(name string, flag int) (*os.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, err := os.Stat(name)
	if isNew := os.IsNotExist(err); flag&os.O_CREATE != 0 && (isNew || flag&os.O_TRUNC != 0) {
		if err := m.step(); err != nil {
			return nil, err
		}
		m.since[name] = append(m.since[name], change{})
	}
	return m.disk.Open(name, flag)
}

func (m *mains) Write(f *os.File, p []byte, off int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.step(); err != nil {
		return 0, err
	}
	m.since[f.Name()] = append(m.since[f.Name()], change{off: off, data: append([]byte{}, p...)})
	return m.disk.Write(f, p, off)
}

func (m *mains) Truncate(f *os.File, size int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.step(); err != nil {
		return err
	}
	m.since[f.Name()] = append(m.since[f.Name()], change{off: size})
	return m.disk.Truncate(f, size)
}

func (m *mains) Sync(f *os.File, _ bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.step(); err != nil {
		return err
	}
	if f.Name() == m.dir {
		m.names = make(map[string]bool)
		for _, name := range m.files() {
			m.names[name] = true
		}
		return nil
	}
	data, err := os.ReadFile(f.Name())
	if errors.Is(err, os.ErrNotExist) { // an unlinked file is nobody's concern
		return nil
	}
	m.durable[f.Name()], m.since[f.Name()] = data, nil
	return err
}

func (m *mains) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.step(); err != nil {
		return err
	}
	return m.disk.Remove(name)
}

func (m *mains) files() (out []string) {
	for _, pattern := range []string{"*" + segmentSuffix, ackName} {
		found, _ := filepath.Glob(filepath.Join(m.dir, pattern))
		out = append(out, found...)
	}
	return out
}

// cut puts on the disk what a power cut may leave there.
func (m *mains) cut(t testing.TB, rng *rand.Rand) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	there := make(map[string]bool)
	for _, name := range m.files() {
		there[name] = true
		os.Remove(name)
	}
	for name := range m.durable {
		if !there[name] && !m.names[name] {
			delete(m.durable, name)
			delete(m.since, name)
		}
	}
	for _, name := range sortedKeys(there, m.names) {
		if (!there[name] || !m.names[name]) && rng.IntN(2) == 0 {
			delete(m.durable, name)
			delete(m.since, name)
			continue
		}
		data := survive(m.durable[name], m.since[name], rng)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		m.durable[name], m.since[name] = data, nil
	}
	m.names = make(map[string]bool)
	for _, name := range m.files() {
		m.names[name] = true
	}
	m.left = -1
}

func survive(data []byte, changes []change, rng *rand.Rand) []byte {
	data = append([]byte{}, data...)
	last := rng.IntN(len(changes) + 1)
	for i, c := range changes {
		switch {
		case c.data == nil && (i < last || rng.IntN(2) == 0):
			data = append(data, make([]byte, max(0, int(c.off)-len(data)))...)[:c.off]
		case c.data != nil:
			for from := 0; from < len(c.data); {
				to := min(len(c.data), from+sector-int((c.off+int64(from))%sector))
				if i < last || rng.IntN(3) == 0 {
					data = append(data, make([]byte, max(0, int(c.off)+to-len(data)))...)
					copy(data[int(c.off)+from:], c.data[from:to])
				}
				from = to
			}
		}
	}
	return data
}

package record

import (
	"testing"
	"unsafe"
)

func TestSize(t *testing.T) { t.Log(unsafe.Sizeof(header{})) }

var sink Head

func BenchmarkZero(b *testing.B) {
	l := []byte("zzzzzzzzz q")
	for b.Loop() {
		sink = textHead(l, equalOpener)
	}
}

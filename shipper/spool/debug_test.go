package spool
import ("testing";"fmt";"os";"path/filepath")
func (b *box) dump(t testing.TB, when string) {
	fmt.Println("==", when, "next", b.nextFrame, b.nextSeq)
	for _, g := range b.segments { fmt.Printf("  seg %d size %d disk %d start %d broken %v damaged %v sealed %v\n", g.first, g.size, g.disk, g.start, g.broken, g.damaged, g.sealed) }
	files,_ := filepath.Glob(filepath.Join(b.opt.Dir,"*.seg"))
	for _, p := range files {
		f,_ := os.Open(p); st,_ := f.Stat()
		w := window{fs: disk{}}; w.reset(f, st.Size())
		holes, err := w.scan(b.salt, noBound, func(f *frame) error { fmt.Println("    ", filepath.Base(p)[15:], "frame", f.number, "kind", f.kind, "at", f.off, "size", f.size, "seq", f.seq, f.items); return nil})
		fmt.Println("    holes", holes, err, "size", st.Size())
	}
}

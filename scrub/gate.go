package scrub

// gate is a set of bytes that may follow a literal; bit 256 is the end of the text. Most
// of what the automaton finds in ordinary text is the beginning of another word, and the
// next byte tells: a gate costs one load where a verifier would cost twenty.
type gate [5]uint64

// gateOf makes the gate of the bytes in any of the sets.
func gateOf(ss ...set) (g gate) {
	for c := range 256 {
		for _, s := range ss {
			if s.has(byte(c)) {
				g.add(c)
			}
		}
	}
	return g
}

// anything lets every byte through, and the end of the text.
func anything() gate { return gate{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), 1} }

// plus returns g with these bytes as well.
func (g gate) plus(bytes string) gate {
	for i := range len(bytes) {
		g.add(int(bytes[i]))
	}
	return g
}

// with returns g with what o lets through as well.
func (g gate) with(o gate) gate {
	for i := range g {
		g[i] |= o[i]
	}
	return g
}

func (g *gate) add(c int) { g[c>>6] |= 1 << (c & 63) }

// has tells whether c may follow; 256 is the end of the text.
func (g *gate) has(c int) bool { return g[c>>6]&(1<<(c&63)) != 0 }

package scrub

import "slices"

// reach is how many bytes of a literal the automaton looks for, at most: the last
// ones, so that a match ends where the literal ends. The rest is compared where a
// match is found. A short reach keeps the table small, and lets a cursor start in
// the middle of a text after a short run-up (see sweep.go).
const reach = 8

// automaton finds all literals in one pass, whatever their case, and be their words
// parted by _, - or a dot. It is the full transition table of an Aho-Corasick automaton
// over classes of bytes: bytes that stand in no literal share one class.
//
// A state is the offset of its row in next, so a step is one addition and one load.
// The accepting states have the highest numbers: one comparison tells them apart.
// The last column of a row is the number of an accepting state in found.
type automaton struct {
	next   []uint32
	class  [256]uint32
	width  uint32
	accept uint32
	found  []match
}

// match is what an accepting state knows.
type match struct {
	after gate     // what may follow for any of the literals to be worth a look
	lits  []uint16 // the literals that end here, the longest first
}

// node is a state while the automaton is being built.
type node struct {
	child map[byte]int
	fail  int
	lits  []uint16
}

// newAutomaton builds the table for lits, whose texts are lower-case.
func newAutomaton(lits []literal) *automaton {
	a := &automaton{}
	a.classify(lits)
	// The order of these steps is that of the textbook: tree, fail links, table.
	nodes := trie(lits)
	order := link(nodes)
	rank := a.number(nodes, order)
	a.fill(nodes, order, rank)
	a.describe(lits, nodes, order, rank)
	return a
}

// tail is the part of a literal that the automaton looks for.
func tail(text string) string { return text[max(0, len(text)-reach):] }

// classify gives every byte that stands in a literal a class of its own, shared by both
// cases of a letter and by the signs between the words of a name; all other bytes have
// class 0, in which no literal goes on. Where case and sign matter a verifier compares
// again; to tell them apart here would make the table half as large again.
func (a *automaton) classify(lits []literal) {
	var used [256]bool
	for _, l := range lits {
		for _, c := range []byte(tail(l.text)) {
			used[plain(c)] = true
		}
	}
	a.width = 1
	for c := range used {
		if used[c] {
			a.class[c] = a.width
			a.width++
		}
	}
	for c := range used {
		a.class[c] = a.class[plain(byte(c))]
	}
}

// trie is the tree of the literals' tails, the root first.
func trie(lits []literal) []*node {
	nodes := []*node{{child: map[byte]int{}}}
	for i, l := range lits {
		at := 0
		for _, c := range []byte(tail(l.text)) {
			c = plain(c)
			to, ok := nodes[at].child[c]
			if !ok {
				to = len(nodes)
				nodes = append(nodes, &node{child: map[byte]int{}})
				nodes[at].child[c] = to
			}
			at = to
		}
		nodes[at].lits = append(nodes[at].lits, uint16(i))
	}
	return nodes
}

// link sets the fail links, inherits the literals that end inside longer ones, and
// returns the nodes breadth first.
func link(nodes []*node) []int {
	order := []int{0}
	for i := 0; i < len(order); i++ {
		at := order[i]
		for _, c := range sortedKeys(nodes[at].child) {
			to := nodes[at].child[c]
			order = append(order, to)
			if at == 0 {
				continue
			}
			fail := nodes[at].fail
			for fail != 0 && !hasChild(nodes[fail], c) {
				fail = nodes[fail].fail
			}
			nodes[to].fail = nodes[fail].child[c]
			nodes[to].lits = append(nodes[to].lits, nodes[nodes[to].fail].lits...)
		}
	}
	return order
}

// hasChild tells whether a literal goes on with c.
func hasChild(n *node, c byte) bool { _, ok := n.child[c]; return ok }

// sortedKeys makes the order of the rows, and so the table, the same for every run.
func sortedKeys(m map[byte]int) []byte {
	keys := make([]byte, 0, len(m))
	for c := range m {
		keys = append(keys, c)
	}
	slices.Sort(keys)
	return keys
}

// number gives every node its row: the shallow, much visited ones first so that
// they share cache lines, the accepting ones last.
func (a *automaton) number(nodes []*node, order []int) []uint32 {
	rank := make([]uint32, len(nodes))
	row := uint32(0)
	for _, accepting := range []bool{false, true} {
		if accepting {
			a.accept = row * (a.width + 1)
		}
		for _, n := range order {
			if (len(nodes[n].lits) > 0) == accepting {
				rank[n] = row * (a.width + 1)
				row++
			}
		}
	}
	a.next = make([]uint32, row*(a.width+1))
	return rank
}

// fill writes the rows. A missing child is where the fail link's row leads, which
// is complete already because nodes come breadth first.
func (a *automaton) fill(nodes []*node, order []int, rank []uint32) {
	for _, n := range order {
		row := a.next[rank[n]:][:a.width]
		if n != 0 { // the root's missing children lead back to the root, which is row 0
			copy(row, a.next[rank[nodes[n].fail]:][:a.width])
		}
		for c, to := range nodes[n].child {
			row[a.class[c]] = rank[to]
		}
	}
}

// describe fills found and the last column.
func (a *automaton) describe(lits []literal, nodes []*node, order []int, rank []uint32) {
	for _, n := range order {
		if len(nodes[n].lits) == 0 {
			continue
		}
		a.next[rank[n]+a.width] = uint32(len(a.found))
		m := match{lits: nodes[n].lits}
		slices.SortStableFunc(m.lits, func(x, y uint16) int { return len(lits[y].text) - len(lits[x].text) })
		for _, l := range m.lits {
			m.after = m.after.with(lits[l].after)
		}
		a.found = append(a.found, m)
	}
}

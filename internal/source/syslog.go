package source

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// The syslog receiver, for programs that can log nowhere else: messages in the
// forms of RFC 3164 and RFC 5424 by UDP (RFC 5426), TCP (RFC 6587) or through a
// unix socket. One host is one stream; whoever takes the lines reads the header
// of each and tells programs apart. A message that has several lines comes as one
// Line, its line breaks written #012, as rsyslog writes them into files.
//
// Nobody who logs waits for us: what does not fit into the bounded memory of the
// receiver is dropped and counted.
const (
	maxMessage  = 64 << 10 // bytes of a message; the rest is cut off and counted
	maxMail     = 4 << 20  // bytes that wait of one host
	maxAllMail  = 16 << 20 // and of all hosts of an entry
	maxPeers    = 256      // hosts of an entry; another one makes the most silent one go
	maxConns    = 256      // connections of an entry
	tellAgain   = time.Minute
	peerSilence = 10 * time.Minute // after which the stream of a host ends
)

// receiver listens on the addresses of one entry.
type receiver struct {
	t     *Tailer
	entry *entry
	run   uint64 // of this run: its streams are not those of another
	conns atomic.Int64

	mu        sync.Mutex
	peers     map[netip.Addr]*stream // by host; the zero address is this machine, through a unix socket
	all       map[*stream]bool       // also those that are about to end
	opened    uint32
	waiting   int // bytes, of all hosts
	listening []string
	lost      loss // dropped messages
	refused   loss // connections that were one too many
}

// loss is what is counted and told of now and then.
type loss struct {
	n, told int64
	last    time.Time
}

// add counts, and gives the number to tell of now, if any.
func (l *loss) add(n int64, now time.Time) int64 {
	l.n += n
	if now.Sub(l.last) < tellAgain {
		return 0
	}
	news := l.n - l.told
	l.told, l.last = l.n, now
	return news
}

// mail is what waits of one host.
type mail struct {
	of      *receiver
	from    netip.Addr
	in      []byte // lines that wait, guarded by of.mu
	used    time.Time
	leaving bool // no more will come; guarded by of.mu

	// owned by the worker that serves the stream
	out   []byte // being handed over
	spare []byte
}

// followSyslog starts the listeners. In once mode there is nothing to be read.
func (t *Tailer) followSyslog(ctx context.Context) {
	for _, e := range t.entries {
		if len(e.Syslog) == 0 {
			continue
		}
		if t.once {
			t.log.Warn("what comes by syslog is read as it comes only: this source is left out", "source", e.name)
			continue
		}
		rc := newReceiver(t, e)
		t.mu.Lock()
		t.receivers = append(t.receivers, rc)
		t.mu.Unlock()
		for _, address := range e.Syslog {
			at, err := parseEndpoint(address)
			if err != nil {
				continue // Validate has refused it
			}
			t.pumps.Go(func() { rc.listen(ctx, at) })
		}
	}
}

func newReceiver(t *Tailer, e *entry) *receiver {
	var run [8]byte
	_, _ = rand.Read(run[:]) // cannot fail
	return &receiver{t: t, entry: e, run: binary.BigEndian.Uint64(run[:]), peers: map[netip.Addr]*stream{}, all: map[*stream]bool{}}
}

// deliver puts the lines of n messages into the mail of a host, or drops them.
func (rc *receiver) deliver(from netip.Addr, lines []byte, n int) {
	if len(lines) == 0 {
		return
	}
	now := rc.t.now()
	rc.mu.Lock()
	s, evicted := rc.peerLocked(from, now)
	var dropped int64
	switch {
	case s == nil || len(s.mail.in)+len(lines) > maxMail || rc.waiting+len(lines) > maxAllMail:
		dropped = rc.lost.add(int64(n), now)
	default:
		s.mail.in = append(s.mail.in, lines...)
		s.mail.used = now
		rc.waiting += len(lines)
	}
	rc.mu.Unlock()
	if evicted != nil {
		rc.t.q.push(evicted)
	}
	if s != nil {
		rc.t.q.push(s)
	}
	if dropped > 0 {
		rc.t.log.Warn("syslog messages are dropped: they come faster than they are read", "source", rc.entry.name, "messages", dropped)
	}
}

// peerLocked gives the stream of a host, and the one that has to leave for it.
func (rc *receiver) peerLocked(from netip.Addr, now time.Time) (s, evicted *stream) {
	if s := rc.peers[from]; s != nil {
		return s, nil
	}
	if len(rc.peers) >= maxPeers {
		if len(rc.all) >= 2*maxPeers {
			return nil, nil // they come faster than they go: names that somebody makes up
		}
		for _, other := range rc.peers {
			if evicted == nil || other.mail.used.Before(evicted.mail.used) {
				evicted = other
			}
		}
		evicted.mail.leaving = true
		delete(rc.peers, evicted.mail.from)
	}
	rc.opened++
	name := "local"
	if from.IsValid() {
		name = from.String()
	}
	path := "syslog:" + name
	s = rc.t.newStream(Info{
		Kind: Syslog, Path: path, Real: path, Source: rc.entry.name, Modified: now,
		ID: Identity{Dev: rc.run, Ino: hashOf(rc.entry.name), Gen: rc.opened},
	}, rc.entry, -1, inode{})
	s.mail, s.seen, s.grew = &mail{of: rc, from: from}, now, now
	rc.peers[from], rc.all[s] = s, true
	rc.t.stats.files.Add(1)
	return s, evicted
}

// report adds what the receiver has counted.
func (rc *receiver) report(r *Report) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	r.Followed += len(rc.all)
	r.Dropped += rc.lost.n
	r.Refused += rc.refused.n
	r.Listening = append(r.Listening, rc.listening...)
	slices.Sort(r.Listening)
}

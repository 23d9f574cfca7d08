package source

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"time"
)

const (
	connBytes = 16 << 10 // one read of a connection
	// goesOnWithin is how long the rest of a message of several lines may take: the
	// network may have cut it anywhere.
	goesOnWithin = 100 * time.Millisecond
	// connIdle is how long a connection may be silent. Senders do not notice at
	// once that it was closed, and lose a message then: it is long.
	connIdle = time.Hour
)

// accept serves connections until the listener is closed.
func (rc *receiver) accept(ctx context.Context, l net.Listener) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		if rc.conns.Add(1) > maxConns {
			rc.conns.Add(-1)
			_ = conn.Close()
			rc.refuse()
			continue
		}
		rc.t.pumps.Go(func() {
			defer rc.conns.Add(-1)
			rc.converse(ctx, conn)
		})
	}
}

// refuse counts a connection that is one too many.
func (rc *receiver) refuse() {
	rc.mu.Lock()
	news := rc.refused.add(1, rc.t.now())
	rc.mu.Unlock()
	if news > 0 {
		rc.t.log.Warn("syslog connections are refused: too many are open", "source", rc.entry.name, "connections", news, "limit", maxConns)
	}
}

// converse reads one connection until it ends, is silent for too long, or ctx is done.
func (rc *receiver) converse(ctx context.Context, conn net.Conn) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	defer conn.Close()
	from := hostOf(conn.RemoteAddr())
	f := new(framer)
	buf := make([]byte, connBytes)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(rc.patience(f)))
		n, err := conn.Read(buf)
		f.write(buf[:n])
		silent := errors.Is(err, os.ErrDeadlineExceeded)
		idle := silent && len(f.held) == 0 && !f.begun()
		switch {
		case idle, err != nil && !silent: // it has ended, or might as well
			f.finish()
		case silent && len(f.held) > 0:
			f.flush()
		case silent:
			f.finish()
		}
		rc.hand(from, f)
		if idle || err != nil && !silent {
			return
		}
		if silent {
			f.rest()
		}
	}
}

// patience is how long to wait for what follows.
func (rc *receiver) patience(f *framer) time.Duration {
	switch {
	case len(f.held) > 0:
		return goesOnWithin
	case f.begun() && f.mode == delimited:
		return rc.entry.PartialFlush
	default:
		return connIdle
	}
}

// hand delivers what the framer has got together.
func (rc *receiver) hand(from netip.Addr, f *framer) {
	lines, n, cut := f.take()
	if cut > 0 {
		rc.t.stats.cut.Add(int64(cut))
	}
	rc.deliver(from, lines, n)
}

// hostOf gives the host of a peer, the zero address for a unix socket.
func hostOf(a net.Addr) netip.Addr {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

// packets serves datagrams, each of which is a message, until the socket is
// closed. read gives the next one and whether its end was cut off.
func (rc *receiver) packets(read func([]byte) (n int, from netip.Addr, cut bool, err error)) error {
	buf := make([]byte, maxMessage)
	f := new(framer)
	for {
		n, from, cut, err := read(buf)
		if err != nil {
			return err
		}
		if f.message(buf[:n]); cut {
			f.cut++
		}
		rc.hand(from, f)
	}
}

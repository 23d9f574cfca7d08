package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	syslogPort = 514
	// socketBytes is the buffer asked of the kernel for datagrams, for the time
	// that this process is not running; it may grant less (net.core.rmem_max).
	socketBytes = 4 << 20
	maxSocket   = 107 // bytes of the name of a unix socket
)

// endpoint is where to listen: a network of package net and an address on it.
type endpoint struct{ network, address string }

func (e endpoint) String() string { return e.network + "://" + e.address }

// parseEndpoint reads udp://HOST:PORT, tcp://HOST:PORT, unix://PATH (a stream) or
// unixgram://PATH (datagrams). Without a host it is this machine, 127.0.0.1;
// without a port it is 514. An @ instead of a path makes an abstract socket.
func parseEndpoint(s string) (endpoint, error) {
	network, address, ok := strings.Cut(s, "://")
	switch {
	case !ok:
	case network == "unix" || network == "unixgram":
		if len(address) < 2 || len(address) > maxSocket || !filepath.IsAbs(address) && address[0] != '@' {
			return endpoint{}, fmt.Errorf("%q; the path of a socket is absolute and has at most %d bytes, as in unix:///run/tracetail.sock", s, maxSocket)
		}
		return endpoint{network, address}, nil
	case network == "udp" || network == "tcp":
		return internetEndpoint(network, address)
	}
	return endpoint{}, fmt.Errorf("%q; allowed are udp://HOST:PORT, tcp://HOST:PORT, unix:///PATH (a stream) and unixgram:///PATH (datagrams), such as udp://127.0.0.1:5514", s)
}

func (c Config) checkSyslog(bad func(key, format string, args ...any)) {
	for i, s := range c.Syslog {
		if _, err := parseEndpoint(s); err != nil {
			bad(fmt.Sprintf("syslog[%d]", i), "%v", err)
		}
	}
}

func internetEndpoint(network, address string) (endpoint, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		host, port = strings.Trim(address, "[]"), strconv.Itoa(syslogPort)
	}
	if host == "" || host == "localhost" {
		host = "127.0.0.1"
	}
	if _, err := netip.ParseAddr(host); err != nil {
		return endpoint{}, fmt.Errorf("%q; %q is not an IP address of this machine", network+"://"+address, host)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return endpoint{}, fmt.Errorf("%q; the port %q is not a number up to 65535", network+"://"+address, port)
	}
	return endpoint{network, net.JoinHostPort(host, port)}, nil
}

// Exposed gives those of the entry's addresses that other machines can reach:
// whoever reaches them can make events, and no secret is asked for.
func (c Config) Exposed() []string {
	var out []string
	for _, s := range c.Syslog {
		at, err := parseEndpoint(s)
		if err != nil {
			continue
		}
		if addr, err := netip.ParseAddrPort(at.address); err == nil && !addr.Addr().IsLoopback() {
			out = append(out, at.String())
		}
	}
	return out
}

// listen keeps one address open until ctx is done.
func (rc *receiver) listen(ctx context.Context, at endpoint) {
	for ctx.Err() == nil {
		err := rc.listenOnce(ctx, at)
		if ctx.Err() != nil {
			return
		}
		rc.t.failed(at.String(), "listening on", &listenError{err})
		if !sleep(ctx, retryWait) {
			return
		}
	}
}

func (rc *receiver) listenOnce(ctx context.Context, at endpoint) error {
	var lc net.ListenConfig
	if at.network == "udp" || at.network == "unixgram" {
		return rc.listenPackets(ctx, lc, at)
	}
	var l net.Listener
	err := rc.bind(at, func() (err error) { l, err = lc.Listen(ctx, at.network, at.address); return err })
	if err != nil {
		return err
	}
	defer l.Close()
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	defer rc.bound(at.network, l.Addr())()
	return rc.accept(ctx, l)
}

func (rc *receiver) listenPackets(ctx context.Context, lc net.ListenConfig, at endpoint) error {
	var c net.PacketConn
	err := rc.bind(at, func() (err error) { c, err = lc.ListenPacket(ctx, at.network, at.address); return err })
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	defer rc.bound(at.network, c.LocalAddr())()
	switch c := c.(type) {
	case *net.UDPConn:
		_ = c.SetReadBuffer(socketBytes) // less will do
		return rc.packets(rc.datagrams(c))
	case *net.UnixConn:
		defer os.Remove(at.address) // package net removes those of streams only
		_ = c.SetReadBuffer(socketBytes)
		return rc.packets(func(b []byte) (int, netip.Addr, bool, error) {
			n, _, flags, _, err := c.ReadMsgUnix(b, nil)
			return n, netip.Addr{}, flags&unix.MSG_TRUNC != 0, err
		})
	}
	return fmt.Errorf("a socket of the unexpected type %T", c)
}

// datagrams reads from a UDP socket, and counts what the kernel had no room for.
func (rc *receiver) datagrams(c *net.UDPConn) func([]byte) (int, netip.Addr, bool, error) {
	overflow := countOverflow(c)
	var control [64]byte
	var before uint32
	return func(b []byte) (int, netip.Addr, bool, error) {
		n, ctl, flags, from, err := c.ReadMsgUDPAddrPort(b, control[:])
		if total, ok := overflow(control[:ctl]); ok && total != before {
			rc.overflowed(int64(total - before))
			before = total
		}
		return n, from.Addr().Unmap(), flags&unix.MSG_TRUNC != 0, err
	}
}

// overflowed counts datagrams that were lost before they could be read.
func (rc *receiver) overflowed(n int64) {
	rc.mu.Lock()
	news := rc.lost.add(n, rc.t.now())
	rc.mu.Unlock()
	if news > 0 {
		rc.t.log.Warn("syslog messages are lost in the kernel: they come faster than they are read", "source", rc.entry.name, "messages", news,
			"cure", "raise net.core.rmem_max")
	}
}

// bind makes a socket. The file that a killed run has left in its place is
// removed if nobody listens there. Every program of this machine may log.
func (rc *receiver) bind(at endpoint, listen func() error) error {
	err := listen()
	isFile := filepath.IsAbs(at.address)
	if isFile && errors.Is(err, unix.EADDRINUSE) && isAbandoned(at) {
		if err := os.Remove(at.address); err != nil {
			return err
		}
		err = listen()
	}
	if err == nil && isFile {
		err = os.Chmod(at.address, 0o666) //nolint:gosec // as that of /dev/log
	}
	return err
}

// isAbandoned tells whether the name is that of a socket that nobody has open.
func isAbandoned(at endpoint) bool {
	info, err := os.Lstat(at.address)
	if err != nil || info.Mode().Type() != fs.ModeSocket {
		return false
	}
	d := net.Dialer{Timeout: time.Second}
	c, err := d.DialContext(context.Background(), at.network, at.address)
	if err == nil {
		_ = c.Close()
	}
	return errors.Is(err, unix.ECONNREFUSED)
}

// bound notes that an address is open; the result takes it back.
func (rc *receiver) bound(network string, a net.Addr) (undo func()) {
	name := network + "://" + a.String()
	rc.t.recovered(name)
	rc.mu.Lock()
	rc.listening = append(rc.listening, name)
	rc.mu.Unlock()
	rc.t.log.Info("listening for syslog", "source", rc.entry.name, "address", name)
	return func() {
		rc.mu.Lock()
		defer rc.mu.Unlock()
		rc.listening = slices.DeleteFunc(rc.listening, func(s string) bool { return s == name })
	}
}

// listenError is that of a socket that cannot be opened.
type listenError struct{ err error }

func (e *listenError) Error() string { return e.err.Error() }
func (e *listenError) Unwrap() error { return e.err }

func (e *listenError) cure() string {
	switch {
	case errors.Is(e.err, unix.EADDRINUSE):
		return "another program listens there (ss -lnp shows which); stop it, or name another port or path in syslog"
	case errors.Is(e.err, unix.EACCES), errors.Is(e.err, unix.EPERM):
		return "name a port above 1023 (or grant CAP_NET_BIND_SERVICE), or a socket in a directory that this process may write to"
	case errors.Is(e.err, unix.EADDRNOTAVAIL):
		return "the address is not one of this machine; see ip addr"
	case errors.Is(e.err, unix.ENOENT):
		return "create the directory of the socket"
	}
	return "see the address in syslog of this source"
}

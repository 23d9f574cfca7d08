package source

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

func TestEndpoints(t *testing.T) {
	for in, want := range map[string]string{
		"udp://127.0.0.1:5514": "udp://127.0.0.1:5514", "udp://:5514": "udp://127.0.0.1:5514", "tcp://": "tcp://127.0.0.1:514",
		"tcp://localhost:1": "tcp://127.0.0.1:1", "udp://[::1]:5514": "udp://[::1]:5514", "udp://::1": "udp://[::1]:514",
		"tcp://0.0.0.0:5514": "tcp://0.0.0.0:5514", "unix:///run/t.sock": "unix:///run/t.sock", "unixgram://@t": "unixgram://@t",
		"": "!", "5514": "!", "http://x:1": "!", "udp://example.com:5514": "!", "udp://127.0.0.1:x": "!", "tcp://127.0.0.1:70000": "!",
		"unix://run/t.sock": "!", "unix://": "!", "unix:///" + strings.Repeat("x", 120): "!",
	} {
		at, err := parseEndpoint(in)
		if want == "!" && err == nil || want != "!" && at.String() != want {
			t.Errorf("%q: %v, %v; want %s", in, at, err, want)
		}
	}
	c := Config{Syslog: []string{"udp://:514", "tcp://0.0.0.0:514", "udp://[::]:514", "tcp://192.0.2.1:514", "unix:///run/t.sock", "tcp://[::1]:1"}}
	if got := c.Exposed(); !slices.Equal(got, []string{"tcp://0.0.0.0:514", "udp://[::]:514", "tcp://192.0.2.1:514"}) {
		t.Errorf("exposed: %v", got)
	}
}

func TestSyslogConfig(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"":           func(*Config) {},
		"syslog[1]:": func(c *Config) { c.Syslog = append(c.Syslog, "nonsense") },
		"syslog:":    func(c *Config) { c.Paths = []string{"/x"} },
		"journal:":   func(c *Config) { c.Journal = &Journal{} },
		"encoding:":  func(c *Config) { c.Encoding = "latin1" },
	} {
		c := DefaultConfig()
		c.Syslog = []string{"udp://:0"}
		change(&c)
		err := c.Validate()
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// ear is a consumer of what comes by syslog.
type ear struct {
	mu    sync.Mutex
	infos []Info
	lines []string // of all streams, each behind the host
	ends  int
	news  chan struct{}
	block chan struct{} // lines wait for it, if it is not nil
}

func newEar() *ear { return &ear{news: make(chan struct{}, 1)} }

func (e *ear) open(i Info) Consumer {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.infos = append(e.infos, i)
	return &heard{e, i}
}

type heard struct {
	*ear
	info Info
}

func (h *heard) Lines(_ time.Time, lines []Line) {
	if h.block != nil {
		<-h.block
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range lines {
		h.lines = append(h.lines, h.info.Path+" "+string(l.Text))
	}
	select {
	case h.news <- struct{}{}:
	default:
	}
}

func (h *heard) Idle(time.Time)      {}
func (h *heard) Deadline() time.Time { return time.Time{} }
func (h *heard) End(time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ends++
}

// wait waits until n lines have come.
func (e *ear) wait(t *testing.T, n int) []string {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		e.mu.Lock()
		lines := slices.Clone(e.lines)
		e.mu.Unlock()
		if len(lines) >= n {
			return lines
		}
		select {
		case <-e.news:
		case <-late:
			t.Fatalf("%d lines of %d: %q", len(lines), n, lines)
		}
	}
}

// addresses is a log handler that tells which addresses are open.
type addresses struct {
	slog.Handler
	at chan string
}

func (a addresses) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "listening for syslog" {
		r.Attrs(func(at slog.Attr) bool {
			if at.Key == "address" {
				a.at <- at.Value.String()
			}
			return true
		})
	}
	return nil
}

func (a addresses) Enabled(context.Context, slog.Level) bool { return true }

// listening runs a tailer that listens on these addresses, and gives them as they are.
func listening(t *testing.T, e *ear, syslog ...string) (tl *Tailer, at []string, stop func()) {
	t.Helper()
	c := DefaultConfig()
	c.Name, c.Syslog = "net", syslog
	open := addresses{slog.DiscardHandler, make(chan string, len(syslog))}
	tl, err := New([]Config{c}, nil, e.open, WithLogger(slog.New(open)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- tl.Run(ctx) }()
	for range syslog {
		select {
		case a := <-open.at:
			at = append(at, a)
		case <-time.After(30 * time.Second):
			t.Fatalf("listening on %v only", at)
		}
	}
	return tl, at, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func send(t *testing.T, address string, texts ...string) {
	t.Helper()
	network, at, _ := strings.Cut(address, "://")
	c, err := net.Dial(network, at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, text := range texts {
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSyslogOverEveryNetwork(t *testing.T) {
	dir := t.TempDir()
	for _, address := range []string{"udp://127.0.0.1:0", "tcp://127.0.0.1:0", "unix://" + dir + "/s", "unixgram://" + dir + "/d", "unix://@tracetail-test"} {
		t.Run(address, func(t *testing.T) {
			e := newEar()
			tl, at, stop := listening(t, e, address)
			end := ""
			if n, _, _ := strings.Cut(address, ":"); n == "tcp" || n == "unix" {
				end = "\n"
			}
			send(t, at[0], old+"one"+end, rfc+trace+end)
			got := e.wait(t, 2)
			host := "syslog:local "
			if strings.Contains(address, "127") {
				host = "syslog:127.0.0.1 "
			}
			if want := []string{host + old + "one", host + rfc + traceLine}; !slices.Equal(got, want) {
				t.Errorf("got %q\nwant %q", got, want)
			}
			if r := tl.Report(); len(r.Listening) != 1 || r.Followed != 1 || r.Lines != 2 {
				t.Errorf("report %+v", r)
			}
			stop()
			if e.ends != 1 {
				t.Errorf("%d ends", e.ends)
			}
			if path, ok := strings.CutPrefix(at[0], "unixgram://"); ok {
				if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("the socket is left behind: %v", err)
				}
			}
		})
	}
}

// TestWhatCameIsReadAtTheEnd stops while lines wait.
func TestWhatCameIsReadAtTheEnd(t *testing.T) {
	e := newEar()
	_, at, stop := listening(t, e, "tcp://127.0.0.1:0")
	send(t, at[0], count(rfc+"one", rfc+"two"))
	e.wait(t, 2)
	stop()
	if e.ends != 1 || len(e.lines) != 2 {
		t.Errorf("%d ends, lines %q", e.ends, e.lines)
	}
}

func TestAnAbandonedSocketIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	e := newEar()
	_, at, stop := listening(t, e, "unix://"+path)
	defer stop()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o666 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	send(t, at[0], "<1>a\n")
	e.wait(t, 1)
	rc := newReceiver(newTailer(t, e), &entry{})
	if err := rc.listenOnce(t.Context(), endpoint{"unix", path}); !errors.Is(err, unix.EADDRINUSE) {
		t.Errorf("a socket in use was taken: %v", err)
	}
	regular := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(regular, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := rc.listenOnce(t.Context(), endpoint{"unix", regular}); err == nil {
		t.Error("listening on a regular file")
	}
	if b, err := os.ReadFile(regular); string(b) != "precious" {
		t.Errorf("a file was overwritten: %q, %v", b, err)
	}
}

func newTailer(t *testing.T, e *ear) *Tailer {
	t.Helper()
	c := DefaultConfig()
	c.Name, c.Syslog = "net", []string{"udp://:0"}
	tl, err := New([]Config{c}, nil, e.open, WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

// standing is a receiver whose mail nobody takes.
func standing(t *testing.T, e *ear) (*Tailer, *receiver) {
	tl := newTailer(t, e)
	rc := newReceiver(tl, tl.entries[0])
	tl.receivers = append(tl.receivers, rc)
	return tl, rc
}

func host(n int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, byte(n >> 8), byte(n)}) }

func TestWhatDoesNotFitIsDroppedAndCounted(t *testing.T) {
	e := newEar()
	tl, rc := standing(t, e)
	line := []byte(strings.Repeat("x", 1<<20-1) + "\n")
	for n := range 6 {
		for range 5 {
			rc.deliver(host(n), line, 1)
		}
	}
	if rc.waiting != maxAllMail || tl.Report().Dropped != 30-maxAllMail>>20 {
		t.Errorf("%d bytes wait, %d messages dropped", rc.waiting, tl.Report().Dropped)
	}
	tl.close()
	if got := len(e.lines); got != maxAllMail>>20 {
		t.Errorf("%d lines", got)
	}
	if rc.waiting != 0 || len(rc.all) != 0 {
		t.Errorf("%d bytes and %d streams are left", rc.waiting, len(rc.all))
	}
}

func TestHostsAreBounded(t *testing.T) {
	e := newEar()
	tl, rc := standing(t, e)
	for n := range 5 * maxPeers {
		rc.deliver(host(n), fmt.Appendf(nil, "line %d\n", n), 1)
		if len(rc.peers) > maxPeers || len(rc.all) > 2*maxPeers {
			t.Fatalf("%d hosts, %d streams", len(rc.peers), len(rc.all))
		}
	}
	dropped := tl.Report().Dropped
	tl.close()
	if int64(len(e.lines))+dropped != 5*maxPeers || dropped == 0 {
		t.Errorf("%d lines and %d dropped of %d", len(e.lines), dropped, 5*maxPeers)
	}
	if e.ends != len(e.infos) {
		t.Errorf("%d streams, %d ends", len(e.infos), e.ends)
	}
}

func TestAHostThatComesBackIsAnotherStream(t *testing.T) {
	e := newEar()
	tl, rc := standing(t, e)
	r := new(reader)
	for range 2 {
		rc.deliver(host(1), []byte("a\n"), 1)
		s := rc.peers[host(1)]
		now := tl.now()
		tl.serveMail(r, s, now)
		if _, wake := tl.serveMail(r, s, now); s.life == ended || wake.IsZero() {
			t.Fatalf("life %d, wake %v", s.life, wake)
		}
		if tl.serveMail(r, s, now.Add(peerSilence)); s.life != ended {
			t.Fatalf("life %d after %v of silence", s.life, peerSilence)
		}
	}
	if e.infos[0].ID == e.infos[1].ID {
		t.Errorf("two streams are both %v", e.infos[0].ID)
	}
	if e.infos[0].Kind.Resumable() || e.infos[0].Kind.String() != "syslog" {
		t.Errorf("kind %v", e.infos[0].Kind)
	}
}

// TestALongTurnIsShared serves more than one turn may take, in lines that are
// longer than a turn.
func TestALongTurnIsShared(t *testing.T) {
	e := newEar()
	tl, rc := standing(t, e)
	line := strings.Repeat("y", turnBytes+1000)
	for range 3 {
		rc.deliver(host(1), []byte(line+"\n"), 1)
	}
	r, s := new(reader), rc.peers[host(1)]
	for turn := 1; turn <= 3; turn++ {
		more, _ := tl.serveMail(r, s, tl.now())
		if !more || len(e.lines) != turn {
			t.Fatalf("turn %d: %d lines", turn, len(e.lines))
		}
	}
	if rc.waiting != 0 || s.mail.spare != nil {
		t.Errorf("%d bytes wait, %d are kept", rc.waiting, cap(s.mail.spare))
	}
}

// talk runs one connection of a receiver in a bubble whose time the test passes.
func talk(t *testing.T, test func(t *testing.T, rc *receiver, client net.Conn, said func() string)) {
	synctest.Test(t, func(t *testing.T) {
		e := newEar()
		_, rc := standing(t, e)
		client, server := net.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go rc.converse(ctx, server)
		test(t, rc, client, func() string {
			synctest.Wait()
			rc.mu.Lock()
			defer rc.mu.Unlock()
			s := rc.peers[netip.Addr{}]
			if s == nil {
				return ""
			}
			b := string(s.mail.in)
			rc.waiting -= len(s.mail.in)
			s.mail.in = nil
			return b
		})
		cancel()
		synctest.Wait()
		if _, err := client.Write([]byte("x")); err == nil {
			t.Error("the connection is open after the end")
		}
	})
}

func TestTheRestOfAMessageIsWaitedFor(t *testing.T) {
	talk(t, func(t *testing.T, _ *receiver, c net.Conn, said func() string) {
		fmt.Fprint(c, "<1>a\n")
		if got := said(); got != "" {
			t.Errorf("%q at once", got)
		}
		time.Sleep(goesOnWithin / 2) // of the bubble's clock
		fmt.Fprint(c, " b\n")
		if got := said(); got != "" {
			t.Errorf("%q while it goes on", got)
		}
		time.Sleep(goesOnWithin)
		if got := said(); got != "<1>a#012 b\n" {
			t.Errorf("%q after silence", got)
		}
		fmt.Fprint(c, "<1>half")
		time.Sleep(4 * time.Second)
		if got := said(); got != "" {
			t.Errorf("%q before partial_flush", got)
		}
		time.Sleep(2 * time.Second)
		if got := said(); got != "<1>half\n" {
			t.Errorf("%q after partial_flush", got)
		}
	})
}

func TestAFlushedMessageCanBeFollowed(t *testing.T) {
	talk(t, func(t *testing.T, _ *receiver, c net.Conn, said func() string) {
		fmt.Fprint(c, "5 <1>ab5 <1>c")
		if got := said(); got != "<1>ab\n" {
			t.Errorf("%q: what is counted needs no waiting", got)
		}
		time.Sleep(connIdle + time.Second)
		if got := said(); got != "<1>c\n" {
			t.Errorf("%q after a long silence", got)
		}
		fmt.Fprint(c, "5 <1>ef")
		if got := said(); got != "<1>ef\n" {
			t.Errorf("%q afterwards", got)
		}
	})
}

func TestASilentConnectionIsClosed(t *testing.T) {
	talk(t, func(t *testing.T, _ *receiver, c net.Conn, said func() string) {
		fmt.Fprint(c, "<1>a\x00")
		if got := said(); got != "<1>a\n" {
			t.Errorf("%q: a NUL ends a message", got)
		}
		time.Sleep(connIdle - time.Second)
		synctest.Wait()
		fmt.Fprint(c, "\x00")
		time.Sleep(connIdle + time.Second)
		synctest.Wait()
		if _, err := c.Write([]byte("x")); err == nil {
			t.Error("it is still open")
		}
	})
}

func TestClosingGivesOutWhatThereIs(t *testing.T) {
	talk(t, func(t *testing.T, _ *receiver, c net.Conn, said func() string) {
		fmt.Fprint(c, "<1>a\n b")
		c.Close()
		if got := said(); got != "<1>a#012 b\n" {
			t.Errorf("%q", got)
		}
	})
}

// many is a listener with many connections, which all stay open.
type many struct {
	n    int
	last net.Conn
}

func (m *many) Accept() (net.Conn, error) {
	if m.n--; m.n < 0 {
		return nil, net.ErrClosed
	}
	var server net.Conn
	m.last, server = net.Pipe()
	return server, nil
}
func (m *many) Close() error   { return nil }
func (m *many) Addr() net.Addr { return &net.UnixAddr{} }

func TestConnectionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tl, rc := standing(t, newEar())
		ctx, cancel := context.WithCancel(t.Context())
		m := &many{n: maxConns + 3}
		if err := rc.accept(ctx, m); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		synctest.Wait()
		if n := rc.conns.Load(); n != maxConns || tl.Report().Refused != 3 {
			t.Errorf("%d connections, %d refused", n, tl.Report().Refused)
		}
		if _, err := m.last.Write([]byte("x")); err == nil {
			t.Error("the last one was not closed")
		}
		cancel()
		tl.pumps.Wait()
		if n := rc.conns.Load(); n != 0 {
			t.Errorf("%d connections after the end", n)
		}
	})
}

func TestListeningInVain(t *testing.T) {
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	_, rc := standing(t, newEar())
	for what, at := range map[string]endpoint{
		"another program": {"tcp", held.Addr().String()},
		"not one of this": {"udp", "192.0.2.1:5514"},
		"directory":       {"unix", filepath.Join(t.TempDir(), "no", "s")},
	} {
		err := rc.listenOnce(t.Context(), at)
		if got := cure(&listenError{err}); !strings.Contains(got, what) {
			t.Errorf("%v: %v; cure %q", at, err, got)
		}
	}
}

func TestOnceLeavesSyslogOut(t *testing.T) {
	e := newEar()
	c := DefaultConfig()
	c.Syslog = []string{"tcp://127.0.0.1:0"}
	tl, err := New([]Config{c}, nil, e.open, Once(), WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	if err := tl.Run(t.Context()); err != nil || len(tl.Report().Listening) != 0 {
		t.Errorf("%v, listening on %v", err, tl.Report().Listening)
	}
}

func TestLossesAreToldNowAndThen(t *testing.T) {
	var l loss
	now := time.Now()
	for i, want := range []int64{2, 0, 0} {
		if got := l.add(2, now.Add(time.Duration(i)*time.Second)); got != want {
			t.Errorf("%d: told of %d, want %d", i, got, want)
		}
	}
	if got := l.add(1, now.Add(tellAgain)); got != 5 || l.n != 7 {
		t.Errorf("told of %d of %d", got, l.n)
	}
}

// BenchmarkDeliver is the cost of a datagram from the socket's buffer to the consumer.
func BenchmarkDeliver(b *testing.B) {
	c := DefaultConfig()
	c.Syslog = []string{"udp://:0"}
	tl, err := New([]Config{c}, nil, func(Info) Consumer { return nobody{} }, WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		b.Fatal(err)
	}
	rc := newReceiver(tl, tl.entries[0])
	r, from := new(reader), host(1)
	message := []byte(rfc + strings.Repeat("request completed ", 8))
	f := new(framer)
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		f.message(message)
		rc.hand(from, f)
		if n++; n%100 == 0 {
			tl.serveMail(r, rc.peers[from], tl.now())
		}
	}
}

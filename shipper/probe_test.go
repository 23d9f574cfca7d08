package shipper

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority issues certificates, of itself too.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, dir: t.TempDir()}
	a.cert, a.key, _ = a.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "Test Authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	a.file("ca.pem", "CERTIFICATE", a.cert.Raw)
	return a
}

func (a *authority) file(name, kind string, der []byte) string {
	path := filepath.Join(a.dir, name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return path
}

func (a *authority) issue(c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey, tls.Certificate) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c.SerialNumber = big.NewInt(time.Now().UnixNano())
	if c.NotBefore.IsZero() {
		c.NotBefore = time.Now().Add(-time.Hour)
	}
	if c.NotAfter.IsZero() {
		c.NotAfter = time.Now().Add(365 * 24 * time.Hour)
	}
	parent, signer := c, key
	if a.cert != nil {
		parent, signer = a.cert, a.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	out, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return out, key, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serve starts a server with a certificate made like c, for 127.0.0.1 unless c names others.
func (a *authority) serve(c *x509.Certificate, demand bool, h http.HandlerFunc) DSN {
	a.t.Helper()
	if c.IPAddresses == nil && c.DNSNames == nil {
		c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	_, _, pair := a.issue(c)
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that fail
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	if demand {
		s.TLS.ClientAuth, s.TLS.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		s.TLS.ClientCAs.AddCert(a.cert)
	}
	s.StartTLS()
	a.t.Cleanup(s.Close)
	return mustDSN(a.t, strings.Replace(s.URL, "://", "://"+testKey+"@", 1)+"/some/prefix/42")
}

func find(findings []Finding, check string) Finding {
	for _, f := range findings {
		if f.Check == check {
			return f
		}
	}
	return Finding{}
}

func TestProbeJudgesCertificates(t *testing.T) {
	a := newAuthority(t)
	stranger := newAuthority(t)
	for _, c := range []struct {
		name  string
		by    *authority
		cert  x509.Certificate
		grade Grade
		want  string
	}{
		{"good", a, x509.Certificate{}, GradeOK, "issued by Test Authority"},
		{"ends soon", a, x509.Certificate{NotAfter: time.Now().Add(100 * time.Hour)}, GradeWarn, "within 4 days"},
		{"ended", a, x509.Certificate{NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour)}, GradeFail, "renew the server's certificate"},
		{"not yet", a, x509.Certificate{NotBefore: time.Now().Add(24 * time.Hour)}, GradeFail, "is this host's clock right"},
		{"another name", a, x509.Certificate{DNSNames: []string{"other.example.com"}}, GradeFail, "is for other.example.com, not for 127.0.0.1"},
		{"unknown issuer", stranger, x509.Certificate{}, GradeFail, "delivery.ca_file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := quickConfig(t.TempDir())
			cfg.CAFile = filepath.Join(a.dir, "ca.pem")
			found := Probe(t.Context(), cfg, c.by.serve(&c.cert, false, status(200, "")))
			got := find(found, "tls")
			if got.Grade != c.grade || !strings.Contains(got.Found+got.Cure, c.want) {
				t.Errorf("found %+v", got)
			}
			if asked := find(found, "auth").Grade; (asked == GradeOK) != (c.grade != GradeFail) {
				t.Errorf("delivered: %+v", found)
			}
		})
	}
}

// A server that demands a certificate gets ours; without one the cure names the keys.
func TestClientCertificates(t *testing.T) {
	a := newAuthority(t)
	own, key, _ := a.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "agent"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	paths := make(chan string, 10)
	d := a.serve(&x509.Certificate{}, true, func(_ http.ResponseWriter, r *http.Request) { paths <- r.URL.Path })
	cfg := quickConfig(t.TempDir())
	cfg.CAFile = filepath.Join(a.dir, "ca.pem")
	if got := find(Probe(t.Context(), cfg, d), "auth"); got.Grade != GradeFail || !strings.Contains(got.Cure, "delivery.client_cert") {
		t.Errorf("without a certificate: %+v", got)
	}
	cfg.ClientCert, cfg.ClientKey = a.file("own.pem", "CERTIFICATE", own.Raw), a.file("own.key", "PRIVATE KEY", der)
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	if got := find(Probe(t.Context(), cfg, d), "auth"); got.Grade != GradeOK {
		t.Errorf("with a certificate: %+v", got)
	}
	if path := <-paths; path != "/some/prefix/api/42/envelope/" {
		t.Errorf("path %s", path)
	}
}

func TestProbeReadsTheAnswer(t *testing.T) {
	secret := "hun" + "ter2"
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		check  string
		grade  Grade
		want   string
	}{
		{"taken", status(200, "{}"), "auth", GradeOK, "200 OK"},
		{"limited", status(429, "", "Retry-After: 60"), "auth", GradeWarn, "quota"},
		{"unknown key", status(403, "no "+secret), "auth", GradeFail, "check the DSN"},
		{"malformed key", status(400, ""), "auth", GradeFail, "key and project"},
		{"redirect", status(301, "", "Location: https://elsewhere"), "auth", GradeFail, "https instead of http"},
		{"down", status(503, ""), "auth", GradeFail, "server's own log"},
		{"silent", hangUp(""), "auth", GradeFail, "no answer"},
		{"clock right", status(200, ""), "clock", GradeOK, "off the server's"},
		{"clock slow", status(200, "", "Date: "+time.Now().Add(10*time.Minute).UTC().Format(http.TimeFormat)), "clock", GradeWarn, "wrong time"},
		{"clock a day off", status(200, "", "Date: "+time.Now().Add(-24*time.Hour).UTC().Format(http.TimeFormat)), "clock", GradeFail, "misdate every event"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSink(t, c.answer)
			found := Probe(t.Context(), quickConfig(t.TempDir()), s.dsn(t))
			got := find(found, c.check)
			if got.Grade != c.grade || !strings.Contains(got.Found+got.Cure, c.want) {
				t.Errorf("found %+v", found)
			}
			for _, f := range found {
				if text := f.Found + f.Cure; strings.Contains(text, testKey) || strings.Contains(text, secret) {
					t.Errorf("a secret shows: %s", text)
				}
			}
			if d := <-s.got; d.kind != "client_report" || !strings.Contains(d.payload, `"discarded_events":[]`) {
				t.Errorf("sent %+v", d)
			}
		})
	}
}

func TestProbeGoesThroughAProxy(t *testing.T) {
	secret := "hun" + "ter2"
	proxy := httptest.NewServer(status(200, ""))
	t.Cleanup(proxy.Close)
	cfg := quickConfig(t.TempDir())
	cfg.Proxy = strings.Replace(proxy.URL, "://", "://agent:"+secret+"@", 1)
	found := Probe(t.Context(), cfg, mustDSN(t, "http://"+testKey+"@sentry.invalid/42"))
	if find(found, "proxy").Grade != GradeOK || find(found, "auth").Grade != GradeOK {
		t.Errorf("found %+v", found)
	}
	for _, f := range found {
		if strings.Contains(f.Found+f.Cure, secret) {
			t.Errorf("the proxy's password shows: %+v", f)
		}
	}
}

func TestProbeDisk(t *testing.T) {
	cfg := quickConfig(filepath.Join(t.TempDir(), "a", "b"))
	if got := find(ProbeDisk(cfg), "state"); got.Grade != GradeOK || !strings.Contains(got.Found, "will be made") {
		t.Errorf("a directory to be: %+v", got)
	}
	o := openTest(t, cfg)
	found := ProbeDisk(cfg)
	if find(found, "agent").Grade != GradeOK || find(found, "disk").Found == "" {
		t.Errorf("in use: %+v", found)
	}
	before := everyFile(t, cfg.Dir)
	ProbeDisk(cfg)
	if everyFile(t, cfg.Dir) != before {
		t.Error("the examination left something behind")
	}
	_ = o.Close()
	if got := find(ProbeDisk(cfg), "agent"); got.Found != "" {
		t.Errorf("after it was closed: %+v", got)
	}
	cfg.Buffer.MinFreeBytes = 1 << 60
	if got := find(ProbeDisk(cfg), "space"); got.Grade != GradeFail {
		t.Errorf("no space: %+v", got)
	}
	cfg.Dir = filepath.Join(cfg.Dir, "spool", "LOCK", "below a file")
	if got := find(ProbeDisk(cfg), "state"); got.Grade != GradeFail {
		t.Errorf("below a file: %+v", got)
	}
}

// What a proxy or server may be on: an IPv6 address.
func TestPostReachesIPv6(t *testing.T) {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here:", err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = new(bytes.Buffer).ReadFrom(r.Body) }))
	_ = s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	d := mustDSN(t, strings.Replace(s.URL, "://", "://"+testKey+"@", 1)+"/42")
	if a := postCrash(t, newTestClient(t), d, 1); a.status != 200 {
		t.Errorf("answer %+v", a)
	}
	if found := Probe(t.Context(), quickConfig(t.TempDir()), d); find(found, "auth").Grade != GradeOK {
		t.Errorf("found %+v", found)
	}
}

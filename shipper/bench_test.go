package shipper

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func BenchmarkDeliver(b *testing.B) {
	for _, compression := range []string{"gzip", "none"} {
		b.Run(compression, func(b *testing.B) { benchmarkDeliver(b, compression) })
	}
}

func benchmarkDeliver(b *testing.B, compression string) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = new(bytes.Buffer).ReadFrom(r.Body)
	}))
	defer server.Close()
	d := mustDSN(b, strings.Replace(server.URL, "://", "://"+testKey+"@", 1)+"/42")
	cfg := quickConfig(b.TempDir())
	cfg.Compression = compression
	o := openTest(b, cfg, d)
	v := mustEncode(b, crash(1), d)
	batch := make([]Envelope, 100)
	for i := range batch {
		batch[i] = v
	}
	running(b, o)
	b.ReportAllocs()
	b.SetBytes(int64(v.Size()))
	b.ResetTimer()
	for n := 0; n < b.N; n += len(batch) {
		if err := o.Commit(batch[:min(len(batch), b.N-n)], nil); err != nil {
			b.Fatal(err)
		}
	}
	drained(b, o)
}

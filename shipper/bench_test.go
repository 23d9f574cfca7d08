package shipper

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func BenchmarkDeliver(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = new(bytes.Buffer).ReadFrom(r.Body)
	}))
	defer server.Close()
	d := mustDSN(b, strings.Replace(server.URL, "://", "://"+testKey+"@", 1)+"/42")
	o := openTest(b, quickConfig(b.TempDir()), d)
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

package shipper

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Nothing that leaves the outbox by any other way than its own header holds the key, nor what a server echoed.
func TestOutboxLeaksNothing(t *testing.T) {
	secret := "hun" + "ter2"
	echo := "password=" + secret + " key=" + testKey
	script := []http.HandlerFunc{status(200, echo), status(400, echo), status(500, echo), status(503, echo), hangUp(echo), status(429, echo, "Retry-After: 0"), status(302, echo, "Location: http://"+testKey+"@h/"), status(401, echo)}
	for i := range script {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			var log bytes.Buffer
			s := newSink(t, append([]http.HandlerFunc{status(200, echo)}, script[i], script[i], script[i], script[i], script[i])...)
			cfg := quickConfig(t.TempDir())
			cfg.Senders = 1
			cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			o := openTest(t, cfg, s.dsn(t))
			stop := running(t, o)
			commit(t, o, s.dsn(t), 0, 2)
			s.ids(2)
			stop()
			out := log.String() + fmt.Sprintf("%+v %#v", o.Report(), o.Report()) + fmt.Sprint(o.Drained(canceled()))
			_ = o.Close()
			out += everyFile(t, cfg.Dir)
			if strings.Contains(out, testKey) || strings.Contains(out, secret) {
				t.Errorf("a secret in:\n%s", out)
			}
		})
	}
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func everyFile(t *testing.T, dir string) string {
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all.WriteString(path)
		all.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

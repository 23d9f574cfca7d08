package shipper_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper"
	"github.com/tracetail/tracetail/shipper/spool"
)

// An event is masked, stored together with the position in its log, and delivered.
func ExampleOutbox() {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer server.Close()
	dir, err := os.MkdirTemp("", "tracetail")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	dsn, err := shipper.ParseDSN(strings.Replace(server.URL, "://", "://0123456789abcdef0123456789abcdef@", 1) + "/42")
	if err != nil {
		panic(err)
	}
	cfg := shipper.DefaultConfig()
	cfg.Dir = dir
	outbox, err := shipper.Open(cfg, []shipper.DSN{dsn})
	if err != nil {
		panic(err)
	}
	defer outbox.Close()

	masker, err := scrub.New(scrub.DefaultConfig())
	if err != nil {
		panic(err)
	}
	clean := masker.Event(&event.Event{
		EventID:   "3f6d8c0c43fc4630ad850ee518f1b9d0",
		Timestamp: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC),
		LogEntry:  &event.LogEntry{Formatted: "disk sda1 full"},
	})
	envelope, err := shipper.Encode(clean, dsn)
	if err != nil {
		panic(err)
	}
	err = outbox.Commit([]shipper.Envelope{envelope}, []spool.Mark{{Key: "/var/log/app.log", Value: []byte("4711")}})
	if err != nil {
		panic(err)
	}

	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- outbox.Run(ctx) }()
	if err := outbox.Drained(ctx); err != nil {
		panic(err)
	}
	stop()
	fmt.Println("run:", <-done)
	fmt.Println("sent:", outbox.Report().Destinations[0].Sent)
	fmt.Printf("settled: %s at %s\n", outbox.Marks()[0].Key, outbox.Marks()[0].Value)
	// Output:
	// run: <nil>
	// sent: 1
	// settled: /var/log/app.log at 4711
}

// However a DSN is printed, its key stays out of sight.
func ExampleParseDSN() {
	dsn, err := shipper.ParseDSN("https://0123456789abcdef0123456789abcdef@sentry.example.com/42")
	fmt.Println(dsn, err)
	fmt.Printf("%+v\n", struct{ To shipper.DSN }{dsn})
	_, err = shipper.ParseDSN("https://0123456789abcdef0123456789abcdef@sentry.example.com/")
	fmt.Println(err)
	// Output:
	// sentry.example.com/42 <nil>
	// {To:sentry.example.com/42}
	// dsn has no project id: expected it as the last part of the path
}

package demo

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPlayTellsTheWholeStory(t *testing.T) {
	dir := t.TempDir()
	p, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Play(context.Background(), 0); err != nil {
		t.Fatal(err)
	}
	all := ""
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all += string(b)
	}
	for _, want := range []string{"ZeroDivisionError", "Caused by: java.sql", `"level":50`, "goroutine 9 [running]:", "4111" + "1111"} {
		if !strings.Contains(all, want) {
			t.Errorf("the story does not mention %q", want)
		}
	}
	if strings.Contains(all, "<2006") || strings.Contains(all, "<password>") {
		t.Error("a placeholder was left in")
	}
	if len(files) != len(p.Files())+1 {
		t.Errorf("%d files, want one more than %d: one is rotated", len(files), len(p.Files()))
	}
}

func TestPlayStops(t *testing.T) {
	p, err := New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.Play(ctx, time.Hour); err == nil {
		t.Error("no error after the end of the context")
	}
}

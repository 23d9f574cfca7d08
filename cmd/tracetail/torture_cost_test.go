//go:build torture

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/loopback"
)

// TestTortureIdle follows 1,000 silent files for TORTURE_SECONDS (60), and 10,000
// of them once.
func TestTortureIdle(t *testing.T) {
	receiver := loopback.New(t)
	for _, files := range []int{1000, setting("TORTURE_FILES", 10_000)} {
		dir := t.TempDir()
		for i := range files {
			appendTo(t, filepath.Join(dir, fmt.Sprintf("%d.log", i)), ordinary(i))
		}
		first := len(receiver.Events())
		appendTo(t, filepath.Join(dir, "0.log"), trace(files))
		a := startAgent(t, "--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state"), "--from-beginning", filepath.Join(dir, "*.log"))
		expect(t, receiver, first+1)
		time.Sleep(5 * time.Second) // what is left to do after the start
		before := a.footprint(t)
		over := time.Duration(setting("TORTURE_SECONDS", 60)) * time.Second
		time.Sleep(over)
		after := a.footprint(t)
		share := 100 * float64(after.cpu-before.cpu) / float64(over)
		fmt.Printf("%d idle files for %v: %.2f %% of a core, %v; until then %v of CPU\n", files, over, share, after, before.cpu)
		appendTo(t, filepath.Join(dir, "7.log"), trace(files+1))
		expect(t, receiver, first+2)
		a.stop(t)
		if files == 1000 && (share > 0.5 || after.rss > 40<<10) {
			t.Errorf("%.2f %% of a core and %v, want 0.5 %% and 40 MB at most", share, after)
		}
	}
}

// TestTortureMonsters reads a line of TORTURE_LINE_MB (2,048) MiB and a hole of 10 GiB
// with the whole program, which must stay below 64 MB and find the trace behind them.
func TestTortureMonsters(t *testing.T) {
	line := setting("TORTURE_LINE_MB", 2048)
	monsters := map[string]func(f *os.File) error{
		fmt.Sprintf("a line of %d MiB", line): func(f *os.File) error {
			mib := bytes.Repeat([]byte("Error: x at "), 1<<20/12+1)[:1<<20]
			for range line {
				if _, err := f.Write(mib); err != nil {
					return err
				}
			}
			_, err := f.WriteString("\n")
			return err
		},
		"a hole of 10 GiB": func(f *os.File) error {
			if _, err := f.WriteString("before the hole"); err != nil {
				return err
			}
			_, err := f.WriteAt([]byte("after the hole\n"), 10<<30)
			return err
		},
	}
	for name, write := range monsters {
		t.Run(name, func(t *testing.T) {
			receiver := loopback.New(t)
			dir := t.TempDir()
			log := filepath.Join(dir, "app.log")
			f, err := os.Create(log)
			if err == nil {
				err = write(f)
			}
			if err != nil {
				t.Fatal(err)
			}
			f.Close()
			appendTo(t, log, trace(0)+ordinary(0))
			began := time.Now()
			a := startAgent(t, "--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state"), "--from-beginning", log)
			expect(t, receiver, 1)
			took := time.Since(began)
			f2 := a.footprint(t)
			fmt.Printf("%s: the trace behind it came after %.1f s, %v of CPU; %v\n", name, took.Seconds(), f2.cpu, f2)
			a.stop(t)
			if f2.peak > 64<<10 {
				t.Errorf("%v, want 64 MB at most", f2)
			}
		})
	}
}

// TestTortureRotationsOfAgent rotates TORTURE_LIVES (10,000) times under the whole program
// and compares its size after a tenth of that with the size at the end.
func TestTortureRotationsOfAgent(t *testing.T) {
	lives := setting("TORTURE_LIVES", 10_000)
	receiver := loopback.New(t)
	dir := t.TempDir()
	log := filepath.Join(dir, "app.log")
	appendTo(t, log, ordinary(0))
	a := startAgent(t, "--dsn", receiver.DSN(), "--state-dir", filepath.Join(dir, "state"), "--from-beginning", filepath.Join(dir, "*.log*"))
	traces := 0
	var early footprint
	began := time.Now()
	for life := range lives {
		appendTo(t, log, ordinary(life)+ordinary(life+1))
		if life%100 == 99 {
			appendTo(t, log, trace(traces))
			traces++
			expect(t, receiver, traces)
		}
		if life == lives/10 {
			early = settledFootprint(t, a)
		}
		if err := os.Rename(log, fmt.Sprintf("%s.%d", log, life)); err != nil {
			t.Fatal(err)
		}
		appendTo(t, log, ordinary(life))
		_ = os.Remove(fmt.Sprintf("%s.%d", log, life-5))
	}
	late := settledFootprint(t, a)
	fmt.Printf("%d rotations under the program in %.0f s, %d of %d traces:\n  at %6d: %v\n  at %6d: %v\n",
		lives, time.Since(began).Seconds(), len(numbers(t, receiver.Events())), traces, lives/10, early, lives, late)
	a.stop(t)
	if late.descriptors > early.descriptors+5 || late.threads > early.threads+3 || late.rss > early.rss+8<<10 {
		t.Errorf("something was left behind: %v, then %v", early, late)
	}
}

// settledFootprint is taken when the rotated files have been closed.
func settledFootprint(t *testing.T, a *agentProcess) footprint {
	f := a.footprint(t)
	for over := time.Now().Add(15 * time.Second); time.Now().Before(over) && f.descriptors > 25; f = a.footprint(t) {
		time.Sleep(100 * time.Millisecond)
	}
	return f
}

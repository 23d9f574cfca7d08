package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/tracetail/tracetail/internal/agent"
)

// progress is the bar of `run --once` on a terminal: how much has been read, how
// fast, how long it will still take, and what was found. What is logged meanwhile
// goes through Write, so that the two do not stand in each other's way.
type progress struct {
	total func() (bytes int64)         // what lies ahead of this run
	done  func() (bytes, events int64) // what has been read, and found in it

	mu    sync.Mutex
	w     io.Writer
	shown bool
}

// Write writes log lines above the bar.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.w.Write(b)
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// start draws the bar until the function that it returns is called.
func (p *progress) start(a *agent.Agent) (stop func()) {
	p.total, p.done = a.Ahead, a.Progress
	tick, quit := time.NewTicker(200*time.Millisecond), make(chan struct{})
	var drawing sync.WaitGroup
	drawing.Go(func() { p.run(time.Now(), tick.C, quit) })
	return func() {
		close(quit)
		drawing.Wait()
		tick.Stop()
	}
}

// run draws the bar at every tick until stop is closed, and takes it away.
func (p *progress) run(began time.Time, tick <-chan time.Time, stop <-chan struct{}) {
	total := p.total()
	for {
		select {
		case now := <-tick:
			bytes, events := p.done()
			p.draw(bar(bytes, total, events, now.Sub(began)))
		case <-stop:
			p.mu.Lock()
			p.clear()
			p.mu.Unlock()
			return
		}
	}
}

func (p *progress) draw(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprint(p.w, text)
	p.shown = true
}

// bar is one state of the bar, without a line break:
//
//	[########............]  41 %  443 MB of 1.07 GB  412 MB/s  1.5 s left  2,803 events
func bar(bytes, total, events int64, passed time.Duration) string {
	const width = 20
	var share float64
	if total > 0 {
		share = min(1, float64(bytes)/float64(total))
	}
	full := int(share * width)
	text := fmt.Sprintf("[%s%s] %3.0f %%  %s of %s", strings.Repeat("#", full), strings.Repeat(".", width-full), share*100, amount(bytes), amount(max(total, bytes)))
	if s := passed.Seconds(); s > 0 && bytes > 0 {
		rate := float64(bytes) / s
		text += fmt.Sprintf("  %s/s", amount(int64(rate)))
		if left := total - bytes; left > 0 {
			text += "  " + duration(time.Duration(float64(left)/rate*float64(time.Second))) + " left"
		}
	}
	return text + "  " + grouped(events) + " events"
}

// amount is a number of bytes for a person, in powers of a thousand.
func amount(n int64) string {
	f, unit := float64(n), "B"
	for _, next := range []string{"kB", "MB", "GB", "TB"} {
		if f < 1000 {
			break
		}
		f, unit = f/1000, next
	}
	switch {
	case unit == "B":
		return fmt.Sprintf("%d B", n)
	case f < 10:
		return fmt.Sprintf("%.2f %s", f, unit)
	case f < 100:
		return fmt.Sprintf("%.1f %s", f, unit)
	}
	return fmt.Sprintf("%.0f %s", f, unit)
}

// duration is a duration for a person.
func duration(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	if d < 2*time.Minute {
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f min", d.Minutes())
}

// grouped writes n with a comma every three digits.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

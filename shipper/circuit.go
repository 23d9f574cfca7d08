package shipper

import "time"

// regime is how the pauses between probes grow.
type regime struct {
	first, longest time.Duration
	// jitter spreads a pause over 0 to its full length, so that a thousand agents
	// do not come back to a restarted server in the same second.
	jitter bool
}

var (
	// outage: the server cannot be reached or says that it is overloaded.
	outage = regime{first: time.Second, longest: 5 * time.Minute, jitter: true}
	// misfit: the server answers, but refuses everything we could send it (wrong
	// key, disabled project, a redirect). Only a person can mend that.
	misfit = regime{first: time.Minute, longest: 15 * time.Minute}
)

// shortestPause keeps a lucky throw of the jitter from becoming a tight loop.
const shortestPause = 100 * time.Millisecond

// longestOrder bounds how long a Retry-After of an overloaded server is obeyed.
const longestOrder = time.Hour

// circuit says whether a destination may be tried. While it is open, one probe
// at a time goes out, after pauses that double. It is plain data: the time is
// always an argument. The zero value with rand set is closed.
type circuit struct {
	rand     func() float64 // [0,1)
	regime   regime
	failures int       // in a row, of this regime; 0 means closed
	until    time.Time // no probe before
	probing  bool
}

// Open tells whether the circuit holds requests back.
func (c *circuit) Open() bool { return c.failures > 0 }

// Allow asks for one request. If ok, it may go out, and its result must come back
// through Succeed, Fail or Abandon with the same probe. Otherwise wait says when
// to ask again; 0 means when the probe under way has come back.
func (c *circuit) Allow(now time.Time) (probe, ok bool, wait time.Duration) {
	switch {
	case !c.Open():
		return false, true, 0
	case now.Before(c.until):
		return false, false, c.until.Sub(now)
	case c.probing:
		return false, false, 0
	}
	c.probing = true
	return true, true, 0
}

// Succeed closes the circuit and tells whether it was open.
func (c *circuit) Succeed() (recovered bool) {
	recovered = c.Open()
	c.failures, c.probing, c.until = 0, false, time.Time{}
	return recovered
}

// Fail opens the circuit, or keeps it open longer. A request that was already
// under way when the circuit opened adds nothing: two senders that fail together
// are one failure. order is what the server asked for (Retry-After), 0 if nothing.
func (c *circuit) Fail(now time.Time, why regime, probe bool, order time.Duration) {
	if c.Open() && !probe {
		return
	}
	if c.regime != why {
		c.regime, c.failures = why, 0
	}
	c.failures++
	c.probing = false
	c.until = now.Add(max(why.pause(c.failures, c.rand), min(order, longestOrder)))
}

// Abandon gives a permission back unused, or used without learning anything.
func (c *circuit) Abandon(probe bool) {
	if probe {
		c.probing = false
	}
}

// pause is how long to wait after so many failures in a row.
func (r regime) pause(failures int, random func() float64) time.Duration {
	d := r.first
	for i := 1; i < failures && d < r.longest; i++ {
		d *= 2
	}
	d = min(d, r.longest)
	if r.jitter {
		d = time.Duration(random() * float64(d))
	}
	return max(d, shortestPause)
}

// pace spaces requests out after a recovery: a gap of 100 ms at first, a tenth
// shorter with every request, about a second in all. Sentry asks those who empty
// a cache not to send in one burst. The zero value does not hold anything up.
type pace struct {
	gap  time.Duration
	next time.Time
}

const firstGap = 100 * time.Millisecond

// Start begins anew with the longest gap.
func (p *pace) Start() { p.gap = firstGap }

// Allow asks for one request; wait is how long it must be put off, 0 if not at all.
func (p *pace) Allow(now time.Time) (wait time.Duration) {
	if p.gap == 0 {
		return 0
	}
	if now.Before(p.next) {
		return p.next.Sub(now)
	}
	p.next = now.Add(p.gap)
	if p.gap = p.gap * 9 / 10; p.gap < time.Millisecond {
		p.gap = 0
	}
	return 0
}

package shipper

import (
	"context"
	"log/slog"
	"time"
)

// learn draws the conclusions of one answer and returns what it means for p.
func (d *destination) learn(p *parcel, t ticket, a answer) verdict {
	told := a.describe(d.dsn, d.mask)
	d.mu.Lock()
	defer d.unlock()
	now := d.now()
	d.last, d.lastAt = told, now
	v := a.verdict()
	if named := d.limits.Observe(now, a.status, a.header); v == limited && !named.covers(p.category()) {
		v = accepted // the 429 was about something else: this one was queued
	}
	switch v {
	case accepted:
		d.sent++
		d.lastSent, d.refusals, d.stumbles = now, 0, 0
		d.resume()
	case limited:
		if d.holds(p.category()) {
			d.held++
		}
		d.resume()
		d.pace.Start()
	case refused:
		d.stranger(now, t, a)
	case broken:
		v = d.countBroken(now, p, t, a)
	case away:
		d.lose(now, p, t, a)
	case unfit:
		d.pause(now, t, a)
	}
	d.tellLimits(now)
	d.ringLimits()
	return v
}

// limitSlack is by how much a deadline must move to be stored anew: a server that
// names it with every answer shall not cost a write each time.
const limitSlack = 5 * time.Second

// ringLimits has new deadlines stored. mu is held.
func (d *destination) ringLimits() {
	latest := [2]time.Time{d.limits.Until(CategoryError), d.limits.Latest()}
	for i := range latest {
		if latest[i].Sub(d.told[i]) > limitSlack {
			d.told = latest
			d.limited.ring()
			return
		}
	}
}

// resume closes the circuit. mu is held.
func (d *destination) resume() {
	if d.circuit.Succeed() {
		d.pace.Start()
		d.cure = ""
		d.notice(slog.LevelInfo, "deliveries go on")
	}
}

// stranger deals with a 400. From a server that has taken envelopes it concerns
// this envelope only. One that has taken none yet and refuses a few in a row more
// likely minds the DSN (Relay answers 400 to a malformed key): each further
// envelope is then spent on a probe, so that not all of them end as dead letters.
// mu is held.
func (d *destination) stranger(now time.Time, t ticket, a answer) {
	d.refused++
	if d.refusals++; d.sent == 0 && d.refusals >= strangerLimit {
		d.pause(now, t, a)
		return
	}
	d.resume()
}

// countBroken decides whether the answers 500 were too many. mu is held.
func (d *destination) countBroken(now time.Time, p *parcel, t ticket, a answer) verdict {
	d.lose(now, p, t, a)
	if p.broken += max(1, a.attempts); p.broken >= maxBroken {
		d.refused++
		return refused
	}
	return broken
}

// lose opens the circuit for a server that is away. One that takes others is not:
// then p alone has to wait, unless too many fail in a row. mu is held.
func (d *destination) lose(now time.Time, p *parcel, t ticket, a answer) {
	order, _ := retryAfter(now, a.header.Get("Retry-After"))
	takesOthers := d.sent > t.sent || now.Sub(d.lastSent) < signOfLife
	if d.stumbles++; takesOthers && d.stumbles < maxStumbles {
		d.circuit.Abandon(t.probe)
		p.failed++
		p.pause = max(outage.pause(p.failed, d.circuit.rand), min(order, longestOrder))
		return
	}
	p.failed = 0
	d.openCircuit(now, t, order)
}

// stumble counts a request that is going to be repeated. So many in a row, of
// whatever envelopes, are an outage: it need not wait until one has used up its
// repetitions, while all the others begin theirs.
func (d *destination) stumble(a answer) {
	told := a.describe(d.dsn, d.mask)
	d.mu.Lock()
	defer d.unlock()
	if d.stumbles++; d.stumbles >= maxStumbles && !d.circuit.Open() {
		d.last, d.lastAt = told, d.now()
		d.openCircuit(d.lastAt, ticket{}, 0)
	}
}

// openCircuit begins an outage, or prolongs it. mu is held.
func (d *destination) openCircuit(now time.Time, t ticket, order time.Duration) {
	wasOpen := d.circuit.Open()
	d.circuit.Fail(now, outage, t.probe, order)
	d.cure = ""
	if !wasOpen {
		d.notice(slog.LevelWarn, "deliveries wait: the server does not take them now; events are "+d.fate(), "answer", d.last)
	}
}

// pause opens the circuit for a server that will not take anything until a
// person mends something. mu is held.
func (d *destination) pause(now time.Time, t ticket, a answer) {
	d.circuit.Fail(now, misfit, t.probe, 0)
	first := d.cure == ""
	d.cure = a.cure()
	if first {
		d.complain(now)
	}
}

// complain tells the log why the destination is paused. mu is held.
func (d *destination) complain(now time.Time) {
	d.saidAt = now
	d.notice(slog.LevelError, "deliveries are paused: "+d.cure+"; events are "+d.fate(), "answer", d.last)
}

// fate says what becomes of events meanwhile.
func (d *destination) fate() string {
	if d.mirror {
		return "not kept for this mirror"
	}
	return "kept on disk"
}

// remind repeats the complaint while it holds. It is called once a minute and
// passes over a complaint that has just been made.
func (d *destination) remind() {
	d.mu.Lock()
	defer d.unlock()
	if now := d.now(); d.cure != "" && now.Sub(d.saidAt) > keepEvery/2 {
		d.complain(now)
	}
}

// tellLimits tells the log once of every new limit that holds back errors. mu is held.
func (d *destination) tellLimits(now time.Time) {
	until := d.limits.Until(CategoryError)
	if !until.After(now) || !until.After(d.limitsAt) {
		return
	}
	d.limitsAt = until
	d.notice(slog.LevelWarn, "the server limits the rate", "until", until.UTC().Format(time.RFC3339), "kept", d.hold)
}

// notice is a line for the log.
type notice struct {
	level slog.Level
	text  string
	args  []any
}

// notice keeps a line for the log until mu is free. mu is held.
func (d *destination) notice(level slog.Level, text string, args ...any) {
	d.notices = append(d.notices, notice{level, text, append([]any{"to", d.dsn}, args...)})
}

// unlock ends a change: it frees mu, wakes the senders that wait, and tells the log.
func (d *destination) unlock() {
	notices := d.notices
	d.notices = nil
	d.mu.Unlock()
	d.changed.ring()
	d.settled.ring() // Drained looks at states, too
	for _, n := range notices {
		d.log.Log(context.Background(), n.level, n.text, n.args...)
	}
}

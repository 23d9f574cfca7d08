package shipper

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func most() float64 { return 1 }

// failing gives the pauses of a circuit whose every probe fails.
func failing(t *testing.T, c *circuit, why regime, n int) (pauses []time.Duration) {
	now := noon
	for range n {
		probe, ok, _ := c.Allow(now)
		if !ok {
			t.Fatal("not allowed after the pause was over")
		}
		c.Fail(now, why, probe, 0)
		_, ok, wait := c.Allow(now)
		if ok {
			t.Fatal("allowed right after a failure")
		}
		pauses = append(pauses, wait)
		now = now.Add(wait)
	}
	return pauses
}

func TestCircuitPausesDouble(t *testing.T) {
	tests := []struct {
		name string
		why  regime
		rand float64
		want []time.Duration
	}{
		{"outage, longest jitter", outage, 1, []time.Duration{1e9, 2e9, 4e9, 8e9, 16e9, 32e9, 64e9, 128e9, 256e9, 300e9, 300e9}},
		{"outage, half jitter", outage, 0.5, []time.Duration{5e8, 1e9, 2e9, 4e9}},
		{"outage, no jitter", outage, 0, []time.Duration{1e8, 1e8, 1e8}},
		{"misfit", misfit, 0.3, []time.Duration{60e9, 120e9, 240e9, 480e9, 900e9, 900e9}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := circuit{rand: func() float64 { return tt.rand }}
			for i, got := range failing(t, &c, tt.why, len(tt.want)) {
				if got != tt.want[i] {
					t.Errorf("pause %d is %v, want %v", i, got, tt.want[i])
				}
			}
			if !c.Succeed() || c.Open() || c.Succeed() {
				t.Error("a success does not close it once")
			}
		})
	}
}

func TestCircuitSendsOneProbe(t *testing.T) {
	c := circuit{rand: most}
	c.Fail(noon, outage, false, 0)
	later := noon.Add(time.Second)
	probe, ok, _ := c.Allow(later)
	if !probe || !ok {
		t.Fatal("no probe after the pause")
	}
	if _, ok, wait := c.Allow(later); ok || wait != 0 {
		t.Fatalf("a second probe: %v, wait %v", ok, wait)
	}
	c.Abandon(probe)
	if probe, ok, _ := c.Allow(later); !probe || !ok {
		t.Fatal("an abandoned probe blocks the next")
	}
}

func TestCircuitCountsTogetherWhatFailsTogether(t *testing.T) {
	c := circuit{rand: most}
	c.Fail(noon, outage, false, 0)
	c.Fail(noon, outage, false, 0)
	if _, _, wait := c.Allow(noon); wait != time.Second {
		t.Errorf("two senders that failed together wait %v", wait)
	}
}

func TestCircuitObeysTheServer(t *testing.T) {
	for order, want := range map[time.Duration]time.Duration{0: time.Second, 30 * time.Second: 30 * time.Second, 100 * time.Hour: time.Hour} {
		c := circuit{rand: most}
		c.Fail(noon, outage, false, order)
		if _, _, wait := c.Allow(noon); wait != want {
			t.Errorf("order %v: wait %v, want %v", order, wait, want)
		}
	}
}

func TestCircuitStartsAnewInAnotherRegime(t *testing.T) {
	c := circuit{rand: most}
	failing(t, &c, outage, 5)
	c.Fail(noon.Add(time.Hour), misfit, true, 0)
	if _, _, wait := c.Allow(noon.Add(time.Hour)); wait != time.Minute {
		t.Errorf("the first misfit waits %v", wait)
	}
}

// Whatever happens, at most one probe is under way and an open circuit opens again.
func TestCircuitProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := circuit{rand: func() float64 { return rapid.Float64Range(0, 0.999).Draw(t, "rand") }}
		now, probes := noon, 0
		for range 50 {
			now = now.Add(time.Duration(rapid.Int64Range(0, 60e9).Draw(t, "step")))
			probe, ok, wait := c.Allow(now)
			if probe {
				probes++
			}
			if probes > 1 || wait < 0 || wait > longestOrder || (!ok && wait == 0 && probes == 0) {
				t.Fatalf("probes %d, ok %v, wait %v", probes, ok, wait)
			}
			switch rapid.IntRange(0, 3).Draw(t, "result") {
			case 0:
				c.Fail(now, rapid.SampledFrom([]regime{outage, misfit}).Draw(t, "why"), probe || probes > 0, 0)
				probes = 0
			case 1:
				c.Succeed()
				probes = 0
			case 2:
				c.Abandon(probes > 0)
				probes = 0
			}
		}
	})
}

func TestPaceEndsAfterAboutASecond(t *testing.T) {
	var p pace
	if p.Allow(noon) != 0 {
		t.Fatal("the zero pace holds up")
	}
	p.Start()
	now, n := noon, 0
	for ; n < 1000 && p.gap > 0; n++ {
		for wait := p.Allow(now); wait > 0; wait = p.Allow(now) {
			if now = now.Add(wait); wait > firstGap {
				t.Fatalf("gap %v", wait)
			}
		}
	}
	if took := now.Sub(noon); p.gap != 0 || took < 500*time.Millisecond || took > 2*time.Second {
		t.Errorf("%d requests were held up for %v", n, took)
	}
}

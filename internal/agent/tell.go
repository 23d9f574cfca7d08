package agent

import "time"

// started says in one line what will be done.
func (a *Agent) started() {
	var paths, to []string
	for _, s := range a.cfg.Sources {
		paths = append(append(paths, s.Paths...), s.Syslog...)
	}
	for _, d := range a.dests {
		to = append(to, d.String())
	}
	if len(to) == 0 {
		a.opt.Log.Info("started", "paths", paths)
		return
	}
	a.opt.Log.Info("started", "paths", paths, "destinations", to, "state_dir", a.cfg.StateDir)
}

// stopped says in one line what was done.
func (a *Agent) stopped(began time.Time) {
	files, events := a.tailer.Report(), a.parser.Report()
	told := []any{
		"after", time.Since(began).Round(time.Millisecond),
		"lines", files.Lines, "bytes", files.Bytes, "traces", events.Traces, "messages", events.Messages,
		"ignored", a.filter.Ignored(),
	}
	if a.outbox != nil {
		for _, d := range a.outbox.Report().Destinations {
			told = append(told, "destination", d.Destination, "sent", d.Sent, "waiting", d.Pending, "refused", d.Refused)
		}
	}
	a.opt.Log.Info("stopped", told...)
}

package unwrap

// What journalctl writes in front of "host app[pid]: " besides the BSD time:
//
//	Sun 2026-11-22 05:30:00 UTC pay-host-1 pay-api[4711]: text    -o short-full
//	1795325400.123456 pay-host-1 pay-api[4711]: text              -o short-unix
//	[ 8912.123456] pay-host-1 pay-api[4711]: text                 -o short-monotonic

// full reads -o short-full; b starts with the name of a day.
func (l *level) full(b []byte) int {
	const date = len("Sun ")
	if len(b) < 30 || !yearMonth.fits(b[date:]) || !dayHourGap.fits(b[date+8:]) || b[date+16] != ':' {
		return 0
	}
	end, _ := fractionEnd(b, date+19)
	if end == len(b) || b[end] != ' ' {
		return 0
	}
	zone := span(b, end+1, nameByte|hostByte)
	n := l.syslog(b, zone, fullTime)
	if n > 0 {
		l.found.stamp = b[date:zone]
	}
	return n
}

// epoch reads -o short-unix; b[10] is a dot.
func (l *level) epoch(b []byte) int {
	if len(b) < 20 || span(b, 0, number) != 10 || span(b, 11, number) != 17 {
		return 0
	}
	return l.syslog(b, 17, unixTime)
}

// uptime gives the index behind "[ 8912.123456]", 0 if b does not start with it.
func uptime(b []byte) int {
	i := 1
	for i < len(b) && b[i] == ' ' {
		i++
	}
	dot := span(b, i, number)
	end, fraction := fractionEnd(b, dot)
	if dot == i || fraction != 6 || end == len(b) || b[end] != ']' {
		return 0
	}
	return end + 1
}

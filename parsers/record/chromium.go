package record

import "bytes"

// chromiumLine reads what Chromium and Electron log; the process and the thread
// in front of the day and the time may be left out.
//
//	[4021:4077:1122/052801.123456:ERROR:gpu_process_host.cc(962)] message
func (h *header) chromiumLine(q, r int) bool {
	b := h.b
	for n := 0; at(b, r) == ':' && n < 2; n++ {
		if n == 0 {
			h.pid = span{q, r}
		} else {
			h.thread = span{q, r}
		}
		q, r = r+1, skip(b, r+1, digit)
	}
	e := skip(b, r+1, digit)
	if r != q+4 || at(b, r) != '/' || e != r+7 || at(b, e) != '.' {
		return false
	}
	p := skip(b, e+1, digit)
	l, n, c := levelAt(b, p+1)
	f := p + 1 + n
	i := bytes.IndexByte(b[min(len(b), f):min(len(b), f+maxToken)], ']')
	if at(b, p) != ':' || l == Unknown || c != upperCase || at(b, f) != ':' || i < 4 || b[f+i-1] != ')' {
		return false
	}
	h.kind, h.level, h.caller = Klog, l, span{f + 1, f + i}
	return h.done(skipOne(b, f+i+1))
}

//go:build !linux

package source

import "net"

// countOverflow knows nothing: only Linux tells.
func countOverflow(*net.UDPConn) func([]byte) (uint32, bool) {
	return func([]byte) (uint32, bool) { return 0, false }
}

package source

import (
	"encoding/binary"
	"net"

	"golang.org/x/sys/unix"
)

// countOverflow makes the kernel tell, with each datagram, how many it has dropped
// since the socket was made, and gives what reads that (socket(7), SO_RXQ_OVFL).
func countOverflow(c *net.UDPConn) func(control []byte) (total uint32, ok bool) {
	if raw, err := c.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1)
			// Beyond net.core.rmem_max, if this process may do that.
			_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, socketBytes)
		})
	}
	head := unix.CmsgLen(0)
	return func(b []byte) (uint32, bool) {
		if len(b) < head+4 {
			return 0, false
		}
		// It is the only control message that was asked for: length, level, type, number.
		level, kind := binary.NativeEndian.Uint32(b[head-8:]), binary.NativeEndian.Uint32(b[head-4:])
		return binary.NativeEndian.Uint32(b[head:]), level == unix.SOL_SOCKET && kind == unix.SO_RXQ_OVFL
	}
}

package source

import (
	"os/exec"
	"syscall"
)

// dieWithParent makes the kernel end the child if this program is killed.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
}

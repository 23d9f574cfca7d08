//go:build !linux

package source

import "os/exec"

// dieWithParent does nothing: there is no journal on other systems.
func dieWithParent(*exec.Cmd) {}

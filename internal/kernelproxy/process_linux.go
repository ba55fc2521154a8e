package kernelproxy

import (
	"os/exec"
	"syscall"
)

// attach makes a process one that ends with this one, however this one ends, and the first of a group of its own.
func attach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// killGroup ends what is left of a process group.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

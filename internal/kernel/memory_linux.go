package kernel

import "syscall"

// hugePages asks for pages of 2 MiB: a panel then needs one entry of the translation buffer, not fifty. Where the system
// refuses, all is as before.
func hugePages(b []byte) {
	if len(b) >= 2<<20 {
		_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE)
	}
}

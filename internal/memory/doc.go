// Package memory says how much memory this process may still take, and lends it out, so that a request that does not fit is
// refused before anything is allocated: the alternative is the kernel's, which ends the process and every result with it.
//
// What may be taken is the least of what the machine has, what each control group around the process leaves (both
// versions, however deeply nested), and what ulimit -v and ulimit -d allow. Where a system does not tell, nothing is
// refused. Memory that the Go runtime holds and does not use counts as free.
package memory

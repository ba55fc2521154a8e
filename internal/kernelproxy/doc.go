// Package kernelproxy is the notebook kernel "Go (neuronsteer)". It stands between Jupyter and GoNB, which runs the cells:
// it starts GoNB on sockets of its own and hands messages on, those that it does not change as the bytes that came.
//
//	Jupyter  ⇄  kernelproxy  ⇄  gonb  →  cell
//	                ⇣                      ⇣
//	              gopls        resident process of the session
//
// What it adds:
//
//   - nb, steer and plotting import themselves, in any folder: before the first cell it writes the go.mod that finds them
//     (see modules) and executes their imports, unseen. A first cell that fails loses nothing.
//   - One cell is with GoNB at a time, and after one that fails those that wait are not run (stop_on_error), as with other
//     kernels.
//   - Compile errors are text, without paths of this machine, and the frequent ones get a line in plain words (see hints).
//   - Completion and documentation come from gopls, also before %%, in the first cell and while a cell runs (see editing).
//   - Comms with the target "neuronsteer" are answered by the session's resident process, also when no cell runs (see
//     comms.go, which defines the messages).
//
// # Lifetime
//
// GoNB gets SIGTERM when this process ends in whatever way (on Linux), and this process ends when GoNB does. A cell that
// outlives GoNB is killed, since it is of GoNB's process group; the resident process watches GoNB and leaves by itself.
package kernelproxy

// Package server is the resident process: it listens on the session's socket, opens models when they are first asked for,
// runs requests, and leaves when it is no longer needed. What a model is, it does not know: it is handed a function that
// opens one.
//
//	err := server.Main(ctx, flags, os.Args[2:], server.Options{Open: open})   // neuronsteer serve --session DIR --kernel PID
//
// It leaves, and its socket with it, when the kernel's process has ended (a pidfd on Linux), when no request came for
// Options.Idle, when it is told to, when its socket was removed, or when ctx is done. Told to drain, it lets go of the
// session at once, so that its successor can start, and ends what it has begun.
//
// Requests run concurrently, each under the context of its connection: when a client is gone, so is what it asked for.
// A record is handed to Options.Keep before it is answered, so one that was finished is kept even if nobody waits for it.
package server

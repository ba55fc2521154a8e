// Package resident is what a notebook's cell needs of the process that keeps the models loaded: find its program, start
// it, talk to it, run requests on it. It links no engine and builds without cgo.
//
//	s, err := resident.Here()                         // the session of this process: folder, kernel
//	r := store.Memo(resident.New(s, "teaching"), …)   // a process starts only when something must be computed
//
// # The session
//
// A session is a folder that only its user can enter: GONB_TMP_DIR/neuronsteer under GoNB, else one below
// XDG_RUNTIME_DIR or the folder of temporary files. It holds
//
//	engine.sock   the socket, while somebody serves
//	engine.lock   held by who serves: at most one process at a time
//	engine.log    its output
//	start.lock    held by who starts it: two cells that start at once get one process
//	nonce         what the two sides know each other by
//
// A process is told by socket and nonce, never by its number; nothing is ever killed. One of another build is told to
// leave and replaced; it finishes what others have asked for. One with another nonce is left alone.
//
// # The protocol
//
// Frames (see Frame) run over any connection; a request is
//
//	client  hello, run … [cancel, or the connection's end]
//	server  hello, accepted, event …, then record or error
//
// and a connection may carry several at once, told apart by their ID. A record's tensors follow its header as raw
// little-endian numbers, or stay in the file of the store that the header names. When a connection ends, its requests are
// canceled.
//
// # When the process ends
//
// A request that had begun is Lost (steer.Lost); the next one starts a new process, and Session.Notice says so. Results
// that were finished are in the store.
package resident

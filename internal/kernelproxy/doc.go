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
//   - The first cell waits for no compiler: what every cell is made of is compiled once, by `kernel install` (Fill) or before the
//     first cell, into a cache of the kernel's own (see cacheFolder), or brought by a release (see seedName). A cell that must
//     wait says for what.
//   - One cell is with GoNB at a time, and after one that fails those that wait are not run (stop_on_error), as with other
//     kernels.
//   - Compile errors are text, without paths of this machine, and the frequent ones get a line in plain words (see hints).
//   - Completion and documentation come from gopls, also before %%, in the first cell and while a cell runs (see editing).
//   - Comms with the target "neuronsteer" are answered by the session's resident process, also when no cell runs (see
//     below).
//
// # Lifetime
//
// GoNB gets SIGTERM when this process ends in whatever way (on Linux), and this process ends when GoNB does. A cell that
// outlives GoNB is killed, since it is of GoNB's process group; the resident process watches GoNB and leaves by itself.
//
// # Comms
//
// A script in a page asks the session's resident process through a comm with the target "neuronsteer". It lives as long as
// the kernel, whether a cell runs or not; the process is started if there is none. The page opens it:
//
//	comm_open  {comm_id, target_name: "neuronsteer", data: {}}
//	comm_close {comm_id}                    cancels what it has asked for
//
// and then both sides send comm_msg {comm_id, data}, the page on the shell channel, the kernel on iopub. data is
//
//	page    {type: "run", id, model, request: {kind, version, settings}, slot, bare}
//	page    {type: "cancel", id}
//	kernel  {type: "hello", protocol: 1}                          the answer to comm_open
//	kernel  {type: "event", id, event: {phase, done, total, token}}
//	kernel  {type: "record", id, header, tensors: {NAME: {shape, data}}}
//	kernel  {type: "error", id, text, errors: [{code, task, text, hint}]}
//	kernel  {type: "canceled", id}
//
// id is a number that the page chooses; each run is answered by one record, error or canceled, after any number of events.
// request, header, event and errors are the JSON forms of steer.Request, Header, Event and engine.Error; the fields of the
// result are in header.body. The numbers of a tensor are float32, little-endian, in base64. slot is a word of the page's: a
// run cancels the one before it in the same slot, so that a slider needs no bookkeeping; without a slot nothing is canceled.
// With bare the record comes without tensors: a Jupyter server drops messages of a kernel that sends more than 1 MB a second,
// which the logits of a large vocabulary soon are.
//
// A script reaches the kernel by a websocket to the server that the page came from, as GoNB's own widgets do. In JupyterLab
// and Notebook, with the kernel's ID that the cell knows from GONB_JUPYTER_KERNEL_ID:
//
//	const c = JSON.parse(document.getElementById("jupyter-config-data").textContent)
//	const u = new URL(c.baseUrl + "api/kernels/" + id + "/channels", location.href)
//	u.protocol = u.protocol.replace("http", "ws")
//	if (c.token) u.searchParams.set("token", c.token)
//	const ws = new WebSocket(u)
//	ws.send(JSON.stringify({channel: "shell", header: {msg_id: crypto.randomUUID(), msg_type: "comm_open", session: S,
//	  username: "", date: new Date().toISOString(), version: "5.3"}, parent_header: {}, metadata: {}, content: {…}, buffers: []}))
//
// Every socket of a kernel gets everything that it publishes: a script takes the comm_msg with its comm_id.
package kernelproxy

// Package jupyter speaks the wire of Jupyter's kernels: the connection file, messages and their signatures, the sockets of
// both ends. A message that was not changed is sent as the bytes that came.
//
//	c, err := jupyter.ReadConnection(path)
//	front, err := c.Listen(ctx)            // as a kernel: Jupyter connects to it
//	back, err := c.Dial(ctx)               // as a client of a kernel
//	m, err := jupyter.Parse(frames, c.Key)
//
// It follows https://jupyter-client.readthedocs.io/en/stable/messaging.html, version 5.4. The sockets are those of
// github.com/go-zeromq/zmq4, which GoNB uses too.
package jupyter

// Package lock keeps processes of one machine from doing the same thing at the same time, with locks of files.
//
//	unlock, err := lock.Within(ctx, path, 5*time.Second)   // waits, then says who holds it
//	defer unlock()
//
// A lock ends with unlock or with its process, however that ends; its file stays. Two calls in one process exclude each
// other as well.
package lock

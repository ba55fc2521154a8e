// Package store keeps finished results as files, one for each content address, so that a result is computed once.
//
// A result is the file <ref>.safetensors in the store's folder: the record's tensors, and its header as JSON in the
// metadata. Any safetensors reader opens it. The folder is NEURONSTEER_STORE or, without it, neuronsteer/results in the
// user's cache folder:
//
//	s, err := store.Open("")
//	runner = store.Memo(runner, s, identity)   // answers from files, else runs and keeps
//
// What holds:
//
//   - A file is complete or absent. It is written beside its place, flushed to disk and renamed, so neither a crash nor a
//     second writer leaves half a result.
//   - A file is verified before it is believed: a CRC-32C over address, header, shapes and numbers, and the address itself,
//     which must be that of the request and model in the header. One that fails is moved aside (<ref>.damaged) and counts
//     as absent, so the result is computed again.
//   - A hit reads the file: no process, no lock. Records are read-only.
//   - A record is believed when it is that of the request which was asked, on the model that was asked, and Check finds
//     nothing wrong with it; any other is an error and is not kept.
//   - Nobody waits for anybody: results come and go without a lock, counters are written when they can be, and only two
//     who prune exclude each other, for a while, after which the error names who holds the lock.
//   - A folder that is full, read-only or somebody else's answers what it holds; what is computed is given with a warning.
//   - The folder stays below NEURONSTEER_STORE_MAX bytes (4 GiB unless set). Least recently used files go first; those that
//     a running session has used stay, even where that exceeds the bound.
//   - Stats counts hits, misses and computed results across processes.
//   - What a session has used stays as long as it runs, also where its processes cannot be seen: whoever declares it holds
//     the lock of its mark.
//
// The folder also holds stats.json, the files of locks, and sessions/, one small file (a mark) for each running session.
package store

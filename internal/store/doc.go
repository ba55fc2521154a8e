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
//   - A hit reads the file: no process. Records are read-only.
//   - The folder stays below NEURONSTEER_STORE_MAX bytes (4 GiB unless set). Least recently used files go first; those that
//     a running session has used stay, even where that exceeds the bound.
//   - Stats counts hits, misses and computed results across processes.
//
// The folder also holds stats.json, the file lock, and sessions/, one small file for each running session.
package store

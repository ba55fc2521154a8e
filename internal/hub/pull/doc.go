// Package pull fetches models of the Hugging Face hub into the cache that package hub describes, so that transformers and
// huggingface_hub find what it has fetched, and it what they have.
//
//	n, ok := hub.Parse("org/model@v1.0")
//	path, err := pull.Pull(ctx, n, func(line string) { fmt.Println(line) })
//
// The hub answers in two ways, as its own clients have them:
//
//	GET  ENDPOINT/api/models/REPO/revision/REVISION?blobs=true   the commit and its files with their hashes
//	HEAD ENDPOINT/REPO/resolve/COMMIT/FILE                       X-Repo-Commit, ETag or X-Linked-Etag, X-Linked-Size
//	GET  the same, with Range                                    the contents, often by a redirect to another host
//
// Of the files of a repository those are fetched that a model is opened from: its configuration, its tokenizer with the
// chat template, and its weights, which are model.safetensors, or what the index of shards lists, or one GGUF model.
//
// What is fetched is written to blobs/ETAG.incomplete and takes its place when its hash is that of the hub: SHA-256 for
// large files, and the hash of a Git blob for small ones. An interrupted fetch goes on where it ended. The revision's name
// leads to the new commit when all of it is there, so that a model stays what it was until its successor is whole.
//
// The token goes to the endpoint alone, whatever a redirect says. No server keeps a fetch waiting: one that sends less
// than a kilobyte within the patience of the client counts as gone.
package pull

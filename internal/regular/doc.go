// Package regular opens files that people name: models, circuits, examples, studies, settings.
//
// A name may lead to a pipe that nobody writes to, a terminal, a device without an end, a folder, a file larger than
// memory, a file that starts with a byte-order mark, or the pointer that git-LFS leaves in a file's place. Everything
// here says so in an error at once, and never waits:
//
//	f, err := regular.Open("model.gguf")                     // a regular file, or an error that says what it is
//	b, err := regular.ReadFile("tokenizer.json", 256<<20)    // and at most so many bytes
//	b, err := regular.ReadText("examples.jsonl", 64<<20)     // and UTF-8 without its mark
//	fsys := regular.Dir("models/Llama-3.2-1B")               // a folder whose files are opened like that
//
// Links are followed, since caches of models are made of them; what they lead to is what counts. OpenOwn is for the
// files that a program keeps for itself: there a link is refused, so that nobody can lead its writing elsewhere.
//
// Errors are of the kind *fs.PathError, as those of package os.
package regular

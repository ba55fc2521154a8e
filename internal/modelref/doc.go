// Package modelref turns what a user calls a model, a name or a path, into where it is and what it is: a Model and its
// steer.Identity. It reads no weights beyond hashing them, needs no tokenizer and starts nothing, so a notebook cell can
// compute the address of a result with it alone.
//
//	m, err := modelref.Resolve("smollm2")   // or "teaching", "~/models/Llama-3.2-1B", "model.gguf", "org/model@v1.0"
//	id, err := m.Identity()                 // SHA-256 of config and weights, SHA-256 of the tokenizer
//
// Names come first: a folder that is called like a model is meant with "./teaching". Published models live where Folder
// says: in $NEURONSTEER_MODELS, else in neuronsteer/models of the user's cache folder.
//
// What looks like org/model[:FILE][@REVISION] is the path where there is one, and else the model of the Hugging Face
// cache; package hub says how it is named and where it lies. Where there are both, neither is taken: "./org/model" is the
// path, "org/model@main" the model. Links of that cache are followed within it. Nothing is ever fetched here.
//
// Digests of large files are remembered in neuronsteer/digests of the user's cache folder, one small file for each, valid
// while path, size, inode and the times of modification and of change stay the same.
//
// Who loads a model opens it with Model.Open, so that the digests are of what was loaded:
//
//	f, err := m.Open()
//	defer f.Close()
//	id, err := f.Identity(ctx)         // of the open files
//	…                                  // read them
//	err = f.Unchanged(ctx)             // were they what was identified, all the time?
//
// A model that llama.cpp has split is named by any of its parts (NAME-00001-of-00003.gguf) and is all of them.
package modelref

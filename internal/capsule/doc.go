// Package capsule packs a report or a notebook with the results that it names, so that somebody else runs it again without
// computing anything.
//
// A capsule is a zip file with one folder:
//
//	README.md            how to run it again
//	manifest.json        every other file with its SHA-256
//	store/REF.safetensors   the results, as the store keeps them; NEURONSTEER_STORE names this folder
//	files/…              the notebook or report, and the data that it reads, in the same places to each other
//	circuits.json        the circuits that were shown, by their units
//
// [Open] unpacks one that comes from anywhere: names that lead out of the folder, links, more than a capsule may hold, and
// files that are not what the manifest says are refused before anything is believed.
package capsule

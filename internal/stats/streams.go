package stats

import "math/rand/v2"

// A Stream names a use of a seed, so that no two uses share their draws. The values are part of every committed number.
type Stream uint64

// The streams.
const (
	Resampling Stream = iota + 1 // of a bootstrap
	Flips                        // signs of a permutation test
	Controls                     // random circuits
	Directions                   // random directions in place of a vector's
	Donors                       // prompts that activations are taken from
	Exchanges                    // of neurons for others of their layer
	Profiles                     // resamples and shuffles of profiles
	Samples                      // neurons that are looked at in place of all
)

// Rand returns the random numbers of one use of a seed.
func Rand(seed uint64, use Stream) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(use))) }

// Package verify asks of a report or an executed notebook whether what it shows is what was computed.
//
//	f, err := verify.Open("praise.html")            // or a notebook
//	altered := f.Altered()                          // what was changed after it was made
//	checks := f.Recompute(ctx, options, told)       // each result again, without any store
//
// Three questions, which need more and more:
//
//   - Is each output as it was when it was shown? By the digests in its metadata. An output that is not is named, and so is
//     the number that was changed, where another form of the same output still says the old one.
//   - Is each result the one that its request gives? The requests stand in the metadata, with summaries of what they gave;
//     they are computed again and compared within a tolerance.
//   - Does the notebook, run afresh with an empty store, show the same? [Compare] holds two executed notebooks against each
//     other, output by output and number by number.
//
// The first cannot see who changes an output together with its digest; the third can.
//
// What computes is handed in: there is no engine here.
package verify

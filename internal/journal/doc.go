// Package journal says where what a notebook shows came from, and keeps it while the session lasts.
//
// An output has an [Origin]: digests of the forms that it was shown in, and the results ([Source]) that its cell had used
// by then, each with its address, the whole request, and a summary of its numbers. The origin travels with the output, in
// its metadata under [Key], so it stands in the saved notebook:
//
//	{"version": 1, "type": "Scores", "shown": {"text/html": "5c0f…", "text/plain": "a91b…"},
//	 "sources": [{"ref": "9f3a…", "kind": "attribute", "settings": "{…}", "model": "teaching", …, "summary": {…}}]}
//
// Long sources stand packed in its place ([Origin.Pack]).
//
// A [Summary] is small whatever the result's size: a few numbers for each field, by which the same result that is computed
// again, on this machine or another, is told from a different one within a tolerance.
//
// The same outputs are kept in the folder of the session, a file for each cell ([Journal]), so that a report can be made of
// what a session has shown. A cell that is run again replaces what it showed before.
//
// What links this package stays small: a notebook's cell does.
package journal

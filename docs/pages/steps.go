package main

// steps are in the order of a piece of work.
var steps = []step{scoring, trying}

package main

// choosing has no task: selections are instant and recompute nothing.
var choosing = step{"Select", "Which of them are the circuit? No task: selections are instant methods of the scores, and recompute nothing. " +
	"`scores.Positive().TopK(20)` counts each neuron once; `TopEntries` counts it at every position; `Heads()` are the scores of attention heads; " +
	"`Layers`, `Positions`, `Without`, `PerLayer`, `Percent` and `Cumulative` narrow first. Circuits `Union`, `Intersect` and `Minus`; `steer.Overlap` says what they share, beside chance.", nil}

// steps are in the order of a piece of work.
var steps = []step{looking, scoring, choosing, trying, explaining, saying}

package main

// trying asks what a circuit does.
var trying = step{"Test", "What does it do?", []task{
	{
		name:    "Sweep",
		answers: "Is the circuit necessary: how does the behavior answer to the dose, beside random circuits, and at which price?",
		when:    "on every circuit that you mean to say something of: with `OnExamples` of prompts that it was not found on, and at least 19 `Controls`.",
		not:     "to choose a circuit on the same examples: what was found on them fits them. For a strength at a given price, use [Calibrate](calibrate.md).",
		caveat:  "Doubling a circuit need not do the opposite of taking it out, and a response need not rise with the multiplier: look at the curve. The smallest p that n controls can give is 1/(n + 1), before Holm's adjustment for several multipliers. One prompt shows nothing of other prompts, whatever the interval.",
	},
	{
		name:    "Faithfulness",
		answers: "How much of the behavior do the first k units of a ranking carry, when all others are set to something else?",
		when:    "to ask for sufficiency: the opposite of an ablation of the circuit. It needs a ranking of all units: scores, not a circuit of twenty.",
		not:     "to show that a circuit is necessary: [Sweep](sweep.md) does. A high f of thousands of units says little of twenty.",
		caveat:  "What the others are set to decides the answer: zero, means over tokens and means at each position differ by far, and much of the difference is the first position alone, the attention sink. Give the ablation beside every f, try `KeepFirst`, and let examples have a `Patch` prompt where they can.",
	},
}}

package main

// trying asks what a circuit does.
var trying = step{"Test", "What does it do, and at what price?", []task{
	{
		name: "Sweep", answers: "Is the circuit necessary: how does the behavior answer to the dose, beside random circuits, and at which price?",
		when:   "on every circuit that you mean to say something of: with `OnExamples` of prompts that it was not found on, and at least 19 `Controls`.",
		not:    "to choose a circuit on the same examples: what was found on them fits them. For a strength at a given price, use [Calibrate](calibrate.md).",
		caveat: "Doubling a circuit need not do the opposite of taking it out, and a response need not rise with the multiplier: look at the curve. The smallest p that n controls can give is 1/(n + 1), before Holm's adjustment for several multipliers. One prompt says nothing of other prompts, whatever the interval.",
	},
	{
		name: "Calibrate", answers: "How strong may an intervention be at a given price on neutral texts, or how strong must it be for a given effect?",
		when:   "before a steered model is used or compared: equal prices make interventions comparable.",
		not:    "to see how the behavior answers to every dose: [Sweep](sweep.md) draws that.",
		caveat: "The price is a divergence from the unsteered model on the texts that you give; it does not say whether the change is for the worse. A multiplier below 0 turns a circuit around: there ablating it is not enough.",
	},
	{
		name: "Faithfulness", answers: "How much of the behavior do the first k units of a ranking carry, when all others are set to something else?",
		when:   "to ask for sufficiency, the opposite of an ablation of the circuit. It takes a ranking of all units: scores, not a circuit of twenty.",
		not:    "to show that a circuit is necessary: [Sweep](sweep.md) does. A high f of thousands of units says little of twenty.",
		caveat: "What the others are set to decides the answer: zero, means over tokens and means at each position differ by far, and much of the difference is the first position alone, the attention sink. Give the ablation beside every f, try `KeepFirst`, and let examples have a `Patch` prompt where they can.",
	},
	{
		name: "Patch", answers: "What does each unit do on its own?",
		when:   "where single neurons matter, and to hold scores against the truth: `truth.Agreement(scores)`.",
		not:    "on all neurons of a large model: each unit costs a pass of every example.",
		caveat: "Effects of single units do not add up to that of a circuit; pairs say how far (`Pairs`). Setting a neuron at the first position to zero is no small step, and no slope foretells it: try `KeepFirst`.",
	},
}}

package main

// scoring finds what carries a behavior.
var scoring = step{"Score", "Which units carry it?", []task{
	{
		name:    "Attribute",
		answers: "Which neurons and heads does the model's choice on one prompt run through?",
		when:    "on one prompt with a token that the model should say (`Target`) and, better, one that it might say instead (`Versus`): everything else on this page begins with such scores.",
		not:     "to say what a behavior is made of: one prompt is one prompt. [Behavior](behavior.md) scores many. To say what a neuron does on its own, use [Patch](patch.md).",
		caveat: "A score is a slope in a linearized model. Of the 20 neurons that lead this very prompt the model's own slope has the sign of the score for 12. " +
			"What a circuit does is tested by taking it out ([Sweep](sweep.md)), not read off its scores. An ordinary first token may act as an attention sink; a warning says so, and `SkipFirst` leaves it out.",
	},
}}

package main

// scoring finds what carries a behavior.
var scoring = step{"Score", "Which units carry it?", []task{
	{
		name: "Attribute", answers: "Which neurons and heads does the model's choice on one prompt run through?",
		when: "on one prompt with a token that the model should say (`Target`) and, better, one that it might say instead (`Versus`). It is where most work begins.",
		not:  "to say what a behavior is made of: one prompt is one prompt, and [Behavior](behavior.md) scores many. What a neuron does on its own, [Patch](patch.md) says.",
		caveat: "A score is a slope in a linearized model. Of the 20 neurons that lead the prompt below, the model's own slope has the sign of the score for 12. " +
			"What a circuit does is tested by taking it out ([Sweep](sweep.md)), not read off its scores. An ordinary first token may act as an attention sink; a warning says so, and `SkipFirst` leaves it out.",
	},
	{
		name: "Behavior", answers: "Which neurons and heads carry a behavior that many examples show?",
		when:   "on the train half of a set of examples (`set.Train()`), each with its target and its counterfactual.",
		not:    "with examples of several behaviors: their mean is a circuit of none.",
		caveat: "A mean hides examples that go the other way: look at the scores by prompt. Circuits must be tested on other examples than they were found on: `set.Test()`.",
	},
	{
		name: "Contrast", answers: "Which neurons are more active on one side of pairs of prompts than on the other?",
		when:   "with pairs that differ in one thing and all go one way, where no target token says what the behavior is.",
		not:    "where the sides change places from pair to pair, as singular and plural do when both are targets: the differences cancel.",
		caveat: "A difference of activity is no effect. 20 neurons of a contrast did more than every random circuit, with an interval above 0, on 1 of 5 behaviors of the teaching model and on 2 of 3 of SmolLM2; those of the attribution on 4 and 3.",
	},
	{
		name: "ControlVector", answers: "In which direction of the residual stream do pairs of prompts differ, layer by layer?",
		when:   "to steer with a direction in place of neurons: add it (`steer.AddVector`), take it out (`steer.ProjectOut`), or let it decide where something else acts (`When`).",
		not:    "to find neurons: those that [Decompose](decompose.md) finds in a vector did more than random ones on none of eight behaviors.",
		caveat: "Pairs may disagree, and a vector may move examples the other way. `Reliability` says how many, when the task is tried on examples (`OnExamples`).",
	},
	{
		name: "Decompose", answers: "Which neurons write a vector, and how much of it do they write together?",
		when:   "to look into a control vector: R² of the best k neurons, and of a circuit that was found otherwise.",
		not:    "to find a circuit to steer with: what writes a direction need not be what makes the model say it.",
		caveat: "Columns of W_down are not orthogonal, so projections do not add up: read R², not sums. The best of many neurons span some of any direction; the gray lines of the figure say how much.",
	},
	{
		name: "Universal", answers: "Which neurons are active whatever the text?",
		when:   "to leave them out of a circuit: `scores.Without(always)`.",
		not:    "to leave out the first position: the neurons of the attention sink are others, and `SkipFirst` leaves them out.",
		caveat: "It looks at the last token of short texts. Texts of your own domain may have other neurons that never rest.",
	},
}}

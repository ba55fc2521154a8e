package main

// looking asks what the model does before anything is explained.
var looking = step{"Look", "Does the behavior exist at all?", []task{
	{
		name: "Info", answers: "What is this model: layers, neurons, heads, vocabulary, chat template?",
		when:   "where a program needs a shape, or a reader has to know what was looked at.",
		not:    "in a notebook for its own sake: `nb.Show(m)` shows it as a card.",
		caveat: "It opens the model, which is the slowest step of a first call.",
	},
	{
		name: "Tokens", answers: "How does the model read a text?",
		when:   "before naming a target: it must be one token, and the leading space belongs to it.",
		not:    "to count words. What is a token depends on the tokenizer alone.",
		caveat: "A text within a chat template is read in its company: `Chat` shows the whole of it.",
	},
	{
		name: "Predict", answers: "What would the model say next, and how likely are the words that you care about?",
		when:   "first of all, on every prompt; then with `Ablate` or `Scale` to see what a circuit does to it.",
		not:    "to show that a circuit matters: one prompt and no random circuits. [Sweep](sweep.md) has both.",
		caveat: "A probability that hardly moves may hide a logit that moves far, and the other way round: look at both, and at the rank.",
	},
	{
		name: "Generate", answers: "How does the model go on, with and without an intervention?",
		when:   "to see with your own eyes what steering does to a text, and whether it is still a text.",
		not:    "as evidence: a text is one draw. Measure with [Sweep](sweep.md), and the damage with its `SideEffects`.",
		caveat: "Without a `Temperature` the likeliest token is taken, which repeats itself sooner than drawn text does. A strength that breaks every text moves any metric.",
	},
	{
		name: "GenerateEach", answers: "How does the model go on from many prompts?",
		when:   "for more than one prompt: they are continued together, which takes less time than one by one.",
		not:    "where each result is to be kept on its own as it comes: use [Generate](generate.md) for each.",
		caveat: "Drawn texts depend on the seed and on the place of the prompt in the list; the same list gives the same texts.",
	},
	{
		name: "Baseline", answers: "Does the model show the behavior of these examples at all?",
		when:   "before a circuit is looked for: what is not there has no circuit.",
		not:    "to compare models: it says whether, not how well.",
		caveat: "It compares a target with one counterfactual. A model may prefer the target to that word and still say a third one: look at the share of first choices too.",
	},
	{
		name: "LogitLens", answers: "After which layer does the answer stand, at every position?",
		when:   "to see where in the depth a prompt is decided, before choosing layers.",
		not:    "as an explanation: it reads the residual stream as if the model ended there, which no layer was trained for.",
		caveat: "Early layers are read by a basis that is not theirs. That a word is not to be read there does not mean that it is not there.",
	},
}}

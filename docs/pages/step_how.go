package main

// explaining asks how a circuit works.
var explaining = step{"Explain", "How does it work?", []task{
	{
		name: "Edges", answers: "What do the units of a circuit give to one another and to the answer, and what flows from which word?",
		when:   "on one prompt and a circuit of up to a few dozen entries, to see its paths and hubs.",
		not:    "to test a path: an edge is a slope. Cut it with an intervention and measure.",
		caveat: "Edges are of one prompt, in the linearized model; total edges count what goes through units outside of the circuit too, `Direct` ones do not. Only direct edges add up (`Balance`).",
	},
	{
		name: "Profiles", answers: "What does each unit read and write, and which units do the same?",
		when:   "to give parts of a circuit names, and to ablate a part in place of all of it: `p.Groups()`.",
		not:    "on a handful of units: groups of few are found in noise too. The silhouette stands beside that of shuffled profiles for this.",
		caveat: "Names of groups are the words that their units read and write most, not what they mean.",
	},
	{
		name: "Writes", answers: "Which tokens does each neuron promote and demote?", shows: "Model_TopActivations",
		when:   "to read a neuron's output: its column of W_down through the unembedding.",
		not:    "for neurons of early layers: what they write is read by later layers before any word is said. Nor for heads, which have no such column.",
		caveat: "It is a property of the weights alone: it does not say that the neuron is ever active, nor where.",
	},
	{
		name: "TopActivations", answers: "Where in a corpus is each neuron most active?",
		when:   "to see what a neuron answers to, in texts of your own.",
		not:    "as the meaning of a neuron: the strongest places are a small and strange part of all of them.",
		caveat: "What is found depends on the corpus: a neuron of French looks like one of names where there is no French.",
	},
	{
		name: "Capture", answers: "What is inside the model while it reads a prompt: residual stream, MLP outputs, neurons, attention, logits?",
		when:   "for an analysis of your own: the arrays are row-major float32, by layer and position.",
		not:    "for what a task answers already: a lens, a contrast or a mean need no arrays.",
		caveat: "Attention patterns say where a head looks, not what it takes from there; `scores.Sources()` says what moves relevance.",
	},
	{
		name: "MeanActivations", answers: "What are the activations in the mean over texts?",
		when:   "for an ablation to the mean of texts of your own, or for a center to compare with.",
		not:    "for the means that [Faithfulness](faithfulness.md) and [Patch](patch.md) ablate to: they take their own.",
		caveat: "Means over tokens hide positions: the first one is far from all others.",
	},
	{
		name: "Unembed", answers: "Which tokens does a direction of the residual stream stand for?", shows: "Model_Capture",
		when:   "on a vector, a row of a capture or anything else as wide as the residual stream.",
		not:    "for the columns of neurons: [Writes](writes.md) knows them.",
		caveat: "With `Normed` the final norm comes first, as in the model; without it the scores are of the direction alone, and only their order tells something.",
	},
}}

package study

// A Word is how a study has something done: where in its file, and what that is.
type Word struct{ Where, About string }

// uses say where in a file a kind of request is asked for; and unasked are the kinds that no setting makes, with the reason.
var (
	uses = map[string][]Word{
		"baseline":       {{"behaviors", "every behavior is looked at first"}},
		"behavior":       {{"methods: kind: attribution", "scores the train half"}},
		"calibrate":      {{"tests: kind: calibrate", ""}},
		"contrast":       {{"methods: kind: contrast", "on the pairs of the train half"}},
		"control-vector": {{"methods: kind: decomposition", "the vector of the pairs is decomposed"}, {"tests: vector_layer", "the vector that when and project_out read"}},
		"decompose":      {{"methods: kind: decomposition", ""}},
		"edges":          {{"tests: kind: edges", "on the first example of the test half"}},
		"faithfulness":   {{"tests: kind: faithfulness", ""}},
		"generate":       {{"tests: kind: continuations", ""}},
		"model":          {{"model", ""}},
		"logit-lens":     {{"analyses: kind: lens", "on the first example of the test half"}},
		"methods":        {{"analyses: kind: methods", ""}},
		"patch":          {{"tests: kind: patch", "on the test half"}},
		"profiles":       {{"tests: kind: groups", "on the test half"}},
		"stability":      {{"analyses: kind: stability", ""}},
		"sweep":          {{"tests: kind: sweep", "on the test half"}},
		"universal":      {{"selections: without_universal", "leaves these neurons out"}},
		"evidence":       {{"tests: kind: verdict", "after the tests that it is to know"}},
	}
	unasked = map[string]string{
		"attribute":        "a behavior of one example is the attribution of its prompt",
		"capture":          "activations are arrays for a program",
		"generate-each":    "continuations go prompt by prompt, so that a study stops and goes on between them",
		"mean-activations": "means are arrays for a program; faithfulness and patch take their own",
		"plan":             "a file is not asked what it costs; its progress says what is left",
		"predict":          "a baseline says what the model says of every example, a sweep what it says of them steered",
		"tokens":           "a mistake about a target names its tokens",
		"top-activations":  "groups are named by where and on what their neurons act",
		"unembed":          "a vector is saved to a file; decompositions and lens say what is written",
		"writes":           "groups are named by what their neurons write",
	}
)

// Words returns how a study asks for a kind of request, or why none does.
func Words(kind string) (words []Word, why string) { return uses[kind], unasked[kind] }

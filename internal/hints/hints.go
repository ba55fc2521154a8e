// Package hints says what to type in place of a first guess that the compiler does not take, of the words of steer, plotting and
// gonbext alone. What it says of Go itself is the kernel's own.
package hints

import (
	"regexp"
	"strings"
)

// A hint is for what the compiler says.
type hint struct {
	says *regexp.Regexp
	text string // with $1 … of it
}

func of(says, text string) hint { return hint{regexp.MustCompile(says), text} }

// undefined is how the compiler says that a value of a type has no such method.
const undefined = `^(.+)\.(?:%) undefined \(type \*?(?:steer|plotting|nb)\.(?:@) has no field or method `

// lacking is for methods that types do not have, by what the compiler says of them. Both are lists with bars between.
func lacking(types, methods, text string) hint {
	return of(strings.NewReplacer("%", methods, "@", types).Replace(undefined), text)
}

// counted are the types that have Len.
const counted = `steer\.(?:ExampleSet|PairSet|TextSet|Tokens|Circuit|NeuronSet|Scores|BehaviorScores|Baseline|Generations)`

// hints are tried in turn; the first that fits counts.
var hints = []hint{
	// What is given where something else is wanted.
	of(`^cannot use (".*") \(untyped string constant\) as steer\.Circuit value`, "neurons by their names are steer.Neurons($1)"),
	of(`^cannot use (.+) \(variable of type \[\]string\) as string value in argument to`, "put three dots behind a list: $1..."),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.TextSet\) as string value`, "read the texts and put three dots behind them: nb.Must($1.Read())..."),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.ExampleSet\) as steer\.PairSet value`, "this takes pairs: steer.Pairs(file)"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.PairSet\) as steer\.ExampleSet value`, "this takes examples: steer.Examples(file)"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.(?:Scores|BehaviorScores|Decomposition)\) as steer\.Circuit value`, "choose a circuit from the scores: $1.TopK(20)"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.NeuronSet\) as steer\.Circuit value`, "a set of neurons as a circuit is $1.Circuit()"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.BehaviorScores\) as steer\.Scores value`, "say which scores of the examples: $1.Mean()"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.\w*(?:Task)(?:\[.*\])?\) as (?:steer\.\w+|plotting\.\w+) value`, "a task has no numbers before it ran: nb.Run($1)"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.Circuit\) as steer\.Intervention value`, "say what to do with the circuit: steer.Ablate($1) or steer.Scale($1, 2)"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.Vector\) as steer\.Intervention value`, "say what to do with the vector: steer.AddVector($1, 1)"),
	of(`^cannot use (.+) \(.*\) as plotting\.\w+ value in argument to plotting\.(\w+): .* \(missing method (\w+)\)`, "plotting.$2 draws what has the method $3, which this has not: nb.Show($1) shows it as a card"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.ExampleSet\) as string value in argument to (.+)\.On$`, "examples are given by $2.OnExamples($1)"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.ExampleSet\) as steer\.BehaviorTask value in argument to (\w+)\.(\w+)$`, "say what is looked for on them: $2.$3($2.Behavior($1))"),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type \[\]float64\) as float64 value in argument to`, "put three dots behind a list: $1..."),
	of(`^cannot use (.+) \((?:variable|value) of (?:struct )?type steer\.Neuron\) as steer\.Circuit value`, "a circuit of single neurons is steer.NewCircuit(\"name\", neuron), or steer.Neurons(\"L5/N298\")"),
	of(`^cannot use (.+) \(.*\) as \[\]float32 value in argument to (.+)\.Unembed$`, "$2.Unembed takes a direction of the residual stream, vector.Layer(5); how a text is read is $2.Tokens(text)"),
	of(`^cannot convert (.+) \((?:variable|value) of .*\) to type steer\.Verdict$`, "a verdict is asked for of a circuit, and finds what has been computed of it: m.Verdict(circuit)"),
	of(`^nb\.(?:Save|Show|Markdown|Stop)\(.*\) \(no value\) used as value`, "it gives nothing back: leave out nb.Check and the =; what goes wrong it shows itself"),

	// How much there is of what is no list, and what there is.
	of(`^invalid argument: (.+) \((?:variable|value) of struct type \*?(?:`+counted+`)\) for built-in len`, "how many there are is $1.Len()"),
	of(`^(?:invalid operation: )?cannot index (.+) \((?:variable|value) of struct type \*?steer\.(?:ExampleSet|PairSet|Tokens|Circuit)\)`, "one of them is $1.At(i)"),
	of(`^cannot range over (.+) \((?:variable|value) of struct type \*?steer\.(?:ExampleSet|PairSet|Tokens)\)`, "the rows are $1.All()"),
	of(`^cannot range over (.+) \((?:variable|value) of struct type \*?steer\.(?:Circuit|NeuronSet)\)`, "its neurons are $1.Neurons(); those of a circuit with their scores $1.Entries()"),
	of(`^cannot range over (.+) \((?:variable|value) of struct type \*?steer\.Curve\)`, "its multipliers with what they do are $1.Doses()"),
	of(`^cannot range over (.+) \((?:variable|value) of struct type \*?steer\.Prediction\)`, "its first n tokens are $1.TopK(n)"),

	// Words that are others here.
	lacking("Info", "Layers|Neurons|Heads|Width|Size|Vocabulary|Vocab", "the sizes are $1.Shape(): Layers, Neurons, Heads, Width, Vocabulary"),
	lacking("InfoTask", "Layers|Neurons|Heads|Width|Size|Vocabulary|Vocab", "a task has no numbers before it ran, and the sizes are of its result: nb.Run($1).Shape()"),
	lacking("Tokens", "Strings|Texts|Text|Words", "the texts of the tokens are those of $1.All(): for _, t := range $1.All() { fmt.Println(t.Text) }"),
	lacking("ExampleSet|PairSet|Tokens|Circuit|NeuronSet|Scores|Baseline|TextSet|BehaviorScores", "Size|Count|Length|NumNeurons|Num", "how many there are is $1.Len()"),
	lacking("Curve", "Points|Rows|Values|Effects|Means|Results|Data", "the multipliers with what they do are $1.Doses(), the means with their intervals $1.Response()"),
	lacking("Activations", "Layer|Get|Numbers|Values|Data|At|Vector", "the numbers of a layer at a position are $1.Row(steer.Residual, 10, -1)"),
	lacking("Activations", "Attention|Patterns|Heads", "the heads of a layer are $1.Pattern(layer)"),
	lacking("Circuit", "Overlap|Jaccard|Compare|Similarity", "what circuits share, beside chance, is steer.Overlap($1, other)"),
	lacking("Baseline", "MeanLogitDiff|LogitDiff|MeanDifference|Diff", "the mean of target minus counterfactual is $1.Mean(), with its interval $1.Difference()"),
	lacking("Prediction", "P|Probability|Probs|Get|Proba", "the probability of a token is $1.Prob(\" word\")"),
	lacking("Prediction", "LogProb|LogProbability|NLL|Surprisal", "the logarithm of a probability is math.Log($1.Prob(\" word\")), the logit $1.Logit(\" word\")"),
	lacking("\\w*", "Provenance|Ref|Hash|Address|Citation|Cite|BibTeX", "where it came from stands on its card and in a report: nb.Show($1), nb.Report(\"name.html\")"),
	lacking("Intervention", "At|Positions|AtPosition|On", "an intervention keeps to positions by $1.AtPositions(), those of a circuit from TopEntries; PromptOnly and GeneratedOnly keep it to a part of the text"),
	lacking("TopActivationsTask", "On|In|OnTexts|Texts|Corpus|OnCorpus", "the texts stand behind the circuit: m.TopActivations(circuit, nb.Must(steer.Texts(\"corpus.txt\").Read())...)"),
	lacking("(?:Generate|Predict|GenerateEach|Sweep|Attribute)Task", "Add|AddVector|Steer", "a vector is added by $1.With(steer.AddVector(vector, 2))"),
	lacking("Model", "Tokenize|Encode|Tokenizer", "the tokens of a text are $1.Tokens(text)"),
	lacking("Model", "Layers|Neurons|Heads|Shape|Size|Config|Vocab", "what the model is, is asked of it: nb.Run($1.Info()).Shape()"),
	lacking("Model", "Logits|Forward|Next|Ask", "the distribution of the next token is $1.Predict(prompt)"),
	lacking("Model", "Complete|Chat|Continue", "a continuation is $1.Generate(prompt), and with .Chat() an answer"),
	lacking("Model", "Ablate|Scale|Steer|AddVector", "an intervention belongs to a request, never to the model: $1.Generate(prompt).Ablate(circuit)"),
	lacking("Model", "Load", "nb.Load($1, \"circuit.json\")"),
	lacking("Ranked", "Prob", "the probability is $1.Probability"),
	of(`^too many arguments in call to nb\.Check(?:\s|$)`, "nb.Check(err) ends a cell where there is an error; an answer is checked by nb.Expect(\"the question\").Number(mine, right, tolerance), .Neuron or .Circuit"),
	of(`^too many arguments in call to steer\.AddVector(?:\s|$)`, "it takes a vector and how much of it; some of its layers are vector.Layers(2, 4)"),
	of(`^(?:not enough|too many) arguments in call to nb\.Load(?:\s|$)`, "a circuit of a file is nb.Load(m, \"circuit.json\"); other results are remembered, and nb.Run of the same task gives them again"),
	of(`^not enough arguments in call to (.+)\.Layers(?:\s|$)`, "$1.Layers(2, 4) narrows to these layers; the layer of each neuron is a field: for _, n := range $1.Neurons() { fmt.Println(n.Layer) }"),
	of(`^undefined: nb\.(?:Quiz|Exercise|Assert|Answer|Ask|Question|Expected)$`, "an answer is checked by nb.Expect(\"the question\").Number(mine, right, tolerance), .Neuron or .Circuit"),
	of(`^undefined: nb\.(?:Table|DataFrame|Dataframe)$`, "a list, a map or a struct shows as a table: nb.Show(list)"),
	of(`^undefined: nb\.(?:Cite|Citation|BibTeX|Bibtex)$`, "a report ends with what to cite: nb.Report(\"name.md\")"),
	of(`^undefined: nb\.(?:Slider|Interact|Widget|Interactive)$`, "a slider and switches are nb.Live(m.Predict(text), circuit)"),
	of(`^undefined: plotting\.(?:Predict|Prediction|Probabilities|Probability|Probs|NextToken)$`, "a prediction shows its own bars, nb.Show(prediction); before and after an intervention are plotting.BeforeAfter(before, after)"),
	of(`^undefined: plotting\.(?:Histogram|Hist|Distribution|Density|Box|BoxPlot|Violin)$`, "how the scores are spread is plotting.Cumulative(scores), and in numbers scores.Diagnostics()"),
	of(`^undefined: steer\.(?:RandomCircuit|RandomNeurons|RandomControls|Controls)$`, "a circuit of random neurons is steer.Random(nb.Run(m.Info()).Shape(), 1).TopK(20); in a sweep random ones stand beside the circuit by .Controls(19)"),
	of(`^undefined: steer\.(?:Jaccard|Compare\w+|Intersect\w*)$`, "what circuits share, beside chance, is steer.Overlap(a, b)"),
	lacking("\\w*", "Sum", "the sum is $1.Total()"),
	lacking("PatchTask", "Neurons|Circuit|For", "which units to patch says $1.Units(circuit)"),
	lacking("Circuit|NeuronSet|Vector|Shape", "Contains|Has|Includes", "a circuit has Contains, a set, a vector and a shape have Has"),
	lacking("Circuit", "Strongest|Head|Take|Best", "the n strongest are $1.Top(n)"),
	lacking("Circuit", "Add|Append|With", "two circuits together are $1.Union(other)"),
	lacking("Circuit", "Remove|Subtract|Difference", "a circuit without another is $1.Minus(other)"),
	lacking("Circuit|Scores", "ToCSV|WriteCSV|Write|Export", "nb.Save($1, \"file.csv\")"),
	lacking("ExampleSet|PairSet", "Take|Head|Slice|Limit|Sample", "some of the rows are $1.First(n), others $1.Shuffle(1).First(n)"),
	lacking("ExampleSet|PairSet|TextSet", "Rows|Items|Examples|List|Get", "the rows are $1.All(), one of them $1.At(i)"),
	lacking("TextSet", "All|Texts", "the texts, or what is wrong with the file, are nb.Must($1.Read())"),
	lacking("ExampleSet", "Pairs", "pairs are read from a file, steer.Pairs(file), or made of examples: steer.NewPairs(steer.Pair{Positive: …, Negative: …})"),
	lacking("Figure", "XLabel|YLabel|Legend|Axis|XLim|YLim|SetTitle|Xlabel|Ylabel", "whatever gonum's plot can do is done to $1.Plot(); its title is $1.Title(text)"),
	lacking("Figure", "SaveAs|Savefig|Write|Export", "$1.Save(\"figure.pdf\")"),
	lacking("Figure", "Show|Display|Draw", "nb.Show($1)"),
	lacking("Baseline", "Top1Accuracy|Acc|Score|Correct", "the share on which the target wins is $1.Accuracy(), that on which it is the first choice $1.Top1()"),
	lacking("Generation|GenerateTask", "Content|Output|Completion|Answer", "the new text is nb.Run(task).Text()"),
	lacking("SweepTask|ProfilesTask|EdgesTask", "Target|Versus|Of", "what is measured says .Measure(target, versus)"),
	lacking("AttributeTask|BehaviorTask", "Measure|Of", "what is explained says .Target(token).Versus(token)"),
	lacking("SweepTask", "Doses|Multipliers|Scales|Range", "the multipliers stand behind the circuit: m.Sweep(circuit, 0, 0.5, 1, 2), or steer.Range(0, 2, 0.5)..."),
	lacking("\\w*Task", "Steer|Intervene|Intervention|Patch", "an intervention is added by .With(steer.Ablate(circuit))"),
	lacking("\\w*Task", "(AddVector|SetTo|Clamp|ToMean|Transplant|ProjectOut|AddTo)", "this is an intervention: $1.With(steer.$2(…))"),

	// Functions that there are by other names.
	of(`^undefined: nb\.(?:Print|Println|Display|Display\w+|Plot|Render|Card)$`, "nb.Show(x, …) shows results, figures, tasks and text"),
	of(`^undefined: nb\.(?:HTML|Text|Heading|Title)$`, "nb.Markdown(text)"),
	of(`^undefined: nb\.(?:Open|NewModel|LoadModel|Use)$`, "nb.Model(\"teaching\")"),
	of(`^undefined: nb\.(?:Export|SaveAs|Write|WriteFile|ToCSV)$`, "nb.Save(x, \"file.csv\")"),
	of(`^undefined: nb\.(?:Examples|Pairs|Texts|Data|Read|Dataset|ReadCSV)$`, "data are read by steer.Examples(file), steer.Pairs(file) and steer.Texts(file)"),
	of(`^undefined: plotting\.(?:Tokens|TokenMap|Text|ByToken|Highlight)$`, "tokens colored by their relevance are plotting.TokenStrip(scores)"),
	of(`^undefined: plotting\.(?:Bar|Bars|BarChart|Layers|Layer)$`, "bars of layers are plotting.ByLayer(scores); a prediction shows its own: nb.Show(prediction)"),
	of(`^undefined: plotting\.(?:Heatmap|HeatMaps|Matrix|Imshow|Grid)$`, "layers by tokens are plotting.HeatMap(scores)"),
	of(`^undefined: plotting\.(?:Line|Lines|Curve|Dose|Sweep)$`, "effect against dose is plotting.DoseResponse(curve); a list of numbers shows as a table, nb.Show(list)"),
	of(`^undefined: plotting\.(?:Attention|Heads)$`, "heads are plotting.AttentionHeads(pattern), plotting.AttentionHead(pattern, i)"),
	of(`^undefined: plotting\.(?:Venn|Jaccard|Compare)$`, "what circuits share is plotting.Overlap(a, b, c)"),
	of(`^undefined: plotting\.(?:Edges|Circuit|Network)$`, "a circuit with its edges is plotting.Graph(nb.Run(m.Edges(circuit)…))"),
	of(`^(?:in call to plotting\.Scatter, )?type steer\.BehaviorScores of (.+) does not match inferred type`, "two scores are drawn beside each other, of many prompts their mean: $1.Mean()"),
	of(`^(?:in call to plotting\.Scatter, )?type steer\.\w+ of .+ does not match inferred type`, "two of the same kind are drawn beside each other: plotting.Scatter(scores, scores)"),
	of(`^undefined: steer\.(?:Load|LoadCircuit|Read)$`, "a circuit is read by nb.Load(m, \"circuit.json\")"),
	of(`^undefined: steer\.(?:CSV|ReadCSV|JSONL|Dataset|LoadExamples|Data)$`, "data are read by steer.Examples(file), whatever its format"),
	of(`^undefined: steer\.(?:Circuits?|Neuron\w+|NewNeurons?)$`, "neurons by their names are steer.Neurons(\"L5/N298\")"),
	of(`^undefined: steer\.(?:Zero|Amplify|Boost|Suppress|Remove|Multiply)$`, "steer.Ablate(circuit) sets to zero, steer.Scale(circuit, 2) multiplies"),
	of(`^undefined: steer\.(?:Add|Steer|ControlVector)$`, "a vector is added by steer.AddVector(vector, 1)"),
}

// For returns what to type in place of what the compiler complains about; "" where nobody knows. says is its message without a
// place.
func For(says string) string {
	text, _ := Answer(says)
	return text
}

// Answer is For, and which of the Count hints it is.
func Answer(says string) (text string, which int) {
	says = butHave.ReplaceAllString(strings.ReplaceAll(says, "gonbext.", "nb."), "")
	for i, h := range hints {
		if m := h.says.FindStringSubmatchIndex(says); m != nil {
			return string(h.says.ExpandString(nil, h.text, says, m)), i
		}
	}
	return "", -1
}

// butHave is what the compiler adds where another spelling exists.
var butHave = regexp.MustCompile(` \(but have \w+\)$`)

// Count is how many hints there are.
func Count() int { return len(hints) }

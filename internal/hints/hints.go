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
	of(`^nb\.(?:Save|Show|Markdown|Stop)\(.*\) \(no value\) used as value`, "it gives nothing back: leave out nb.Check and the =; what goes wrong it shows itself"),

	// Words that are others here.
	lacking("Model", "Tokenize|Encode|Tokenizer", "the tokens of a text are $1.Tokens(text)"),
	lacking("Model", "Layers|Neurons|Heads|Shape|Size|Config|Vocab", "what the model is, is asked of it: nb.Run($1.Info()).Shape()"),
	lacking("Model", "Logits|Forward|Next|Ask", "the distribution of the next token is $1.Predict(prompt)"),
	lacking("Model", "Complete|Chat|Continue", "a continuation is $1.Generate(prompt), and with .Chat() an answer"),
	lacking("Model", "Ablate|Scale|Steer|AddVector", "an intervention belongs to a request, never to the model: $1.Generate(prompt).Ablate(circuit)"),
	lacking("Model", "Load", "nb.Load($1, \"circuit.json\")"),
	lacking("Ranked", "Prob", "the probability is $1.Probability"),
	of(`^too many arguments in call to (.+)\.Top(?:\s|$)`, "Top lists what the task asked for; the first of them are $1.TopK(n)"),
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
	lacking("\\w*Task(?:\\[.*\\])?", "\\w+", "a task has no numbers before it ran: nb.Run($1) has"),

	// Functions that there are by other names.
	of(`^undefined: nb\.(?:Print|Println|Display|Display\w+|Plot|Render|Card)$`, "nb.Show(x, …) shows results, figures, tasks and text"),
	of(`^undefined: nb\.(?:HTML|Text|Heading|Title)$`, "nb.Markdown(text)"),
	of(`^undefined: nb\.(?:Open|NewModel|LoadModel|Use)$`, "nb.Model(\"teaching\")"),
	of(`^undefined: nb\.(?:Export|SaveAs|Write|WriteFile|ToCSV)$`, "nb.Save(x, \"file.csv\")"),
	of(`^undefined: nb\.(?:Examples|Pairs|Texts|Data|Read|Dataset|ReadCSV)$`, "data are read by steer.Examples(file), steer.Pairs(file) and steer.Texts(file)"),
	of(`^undefined: plotting\.(?:Tokens|TokenMap|Text|ByToken|Highlight)$`, "tokens colored by their relevance are plotting.TokenStrip(scores)"),
	of(`^undefined: plotting\.(?:Bar|Bars|BarChart|Layers|Layer)$`, "bars of layers are plotting.ByLayer(scores)"),
	of(`^undefined: plotting\.(?:Heatmap|HeatMaps|Matrix|Imshow|Grid)$`, "layers by tokens are plotting.HeatMap(scores)"),
	of(`^undefined: plotting\.(?:Line|Lines|Curve|Dose|Sweep)$`, "effect against dose is plotting.DoseResponse(curve)"),
	of(`^undefined: plotting\.(?:Attention|Heads)$`, "heads are plotting.AttentionHeads(pattern), plotting.AttentionHead(pattern, i)"),
	of(`^undefined: plotting\.(?:Venn|Jaccard|Compare)$`, "what circuits share is plotting.Overlap(a, b, c)"),
	of(`^undefined: plotting\.(?:Edges|Circuit|Network)$`, "a circuit with its edges is plotting.Graph(nb.Run(m.Edges(circuit)…))"),
	of(`^too many arguments in call to plotting\.Scatter`, "one thing that has points is drawn: plotting.Scatter(nb.Run(m.Patch(set)).Agreement(behavior))"),
	of(`^undefined: steer\.(?:Load|LoadCircuit|Read)$`, "a circuit is read by nb.Load(m, \"circuit.json\")"),
	of(`^undefined: steer\.(?:CSV|ReadCSV|JSONL|Dataset|LoadExamples|Data)$`, "data are read by steer.Examples(file), whatever its format"),
	of(`^undefined: steer\.(?:Circuits?|Neuron\w+|NewNeurons?)$`, "neurons by their names are steer.Neurons(\"L5/N298\")"),
	of(`^undefined: steer\.(?:Zero|Amplify|Boost|Suppress|Remove|Multiply)$`, "steer.Ablate(circuit) sets to zero, steer.Scale(circuit, 2) multiplies"),
	of(`^undefined: steer\.(?:Add|Steer|ControlVector)$`, "a vector is added by steer.AddVector(vector, 1)"),
}

// For returns what to type in place of what the compiler complains about; "" where nobody knows. says is its message without a
// place.
func For(says string) string {
	says = strings.ReplaceAll(says, "gonbext.", "nb.")
	for _, h := range hints {
		if m := h.says.FindStringSubmatchIndex(says); m != nil {
			return string(h.says.ExpandString(nil, h.text, says, m))
		}
	}
	return ""
}

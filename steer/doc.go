// Package steer finds, tests and explains the neuron circuits of Llama-family language models.
//
// About one neuron in a thousand carries a behavior. The work has three steps, and each has its own kind of value:
//
//  1. Score every MLP neuron: [Model.Attribute] gives [Scores], one number for each layer, position and neuron; so do
//     [Model.Behavior] for many prompts, [Model.Contrast] for pairs of prompts, [Model.Decompose] for a control vector
//     and [Random] for nothing at all.
//     The same passes of Attribute and Behavior score the attention heads: [Scores.Heads].
//  2. Select a [Circuit] from the scores: [Scores.TopK], after [Scores.Positive], [Scores.Without] or another narrowing.
//     A selection is instant and recomputes nothing. [Overlap] says what circuits have in common, beside chance.
//  3. Test the circuit: [Model.Predict] and [Model.Generate] with and without it ([GenerateTask.Ablate],
//     [GenerateTask.Scale]), always beside the unsteered model, by the likeliest tokens or by drawn ones
//     ([GenerateTask.Temperature]), on one prompt or many ([Model.GenerateEach]); [Model.Sweep] for dose and response on many prompts,
//     beside random circuits and with the price in side effects; [Model.Calibrate] for the strength at a given price;
//     [Model.Faithfulness] for how much of the behavior the
//     first units of a ranking carry; [Model.Edges] for what its units give to one another, and [Model.Profiles] for what each
//     reads and writes, by which they fall into [Groups];
//     [Model.Patch] for what each unit does on its own.
//
// In a program:
//
//	m, err := local.Open(ctx, "teaching")
//	…
//	scores, err := m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible").Run(ctx)
//	…
//	praise := scores.Positive().TopK(20).Named("praise")
//	ask := m.Generate("I loved the film. It was").MaxTokens(8)
//	before, err := ask.Run(ctx)
//	after, err := ask.Ablate(praise).Run(ctx) // ask itself is unchanged
//	fmt.Println(before.Diff(after))
//
// # Describe, run, have
//
// A task ([AttributeTask], [PredictTask], …) is an immutable description: its methods return changed copies, never fail
// and never touch a model. Run(ctx) is the only step that can fail; it reports all mistakes at once, first those that can
// be seen without a tokenizer, then those that need one. A result is immutable data: its methods do not fail and do not
// touch the model. In a notebook gonbext.Run returns the result at once and computes it when its numbers are first needed.
//
// A task becomes a [Request], a message with a content address ([Ref]); a [Runner] runs requests, here or elsewhere. An
// intervention belongs to a request, never to a model, so there is nothing to reset.
//
// # The way of a request
//
// Three rooms share a request. This package holds tasks and results. A task's Request method turns its settings into a
// struct of internal/message, which checks itself and becomes the JSON of a [Request]. A [Runner] takes it from there: the
// store answers from a file when it has the [Ref]; else the resident process is asked over its socket, or this process
// computes (steer/local). Where it is computed, internal/execute finds the row of its kind, decodes and checks the settings
// again, turns text into ids with a tokenizer and interventions into one edit, and calls an engine: both are interfaces of
// steer/engine. Body (internal/message again) and tensors go back the same way as a [Record], which is checked wherever it
// is taken from a file or a process ([Record.Check]), and the task's Result method reads it, once, when first asked.
//
// # What is measured
//
// h[l,t,n] is the input of a layer's down_proj, and the score of a neuron is h'·∂m/∂h' in the linearized model: norm
// factors and gate coefficients are constants and the product of gate and up shares its relevance half and half (RelP,
// arXiv 2508.21258, at the MLP neurons as in arXiv 2601.22594), while attention stays differentiable. m is
// logit[target] − logit[versus] in logits, or any weighted sum of logits at any positions ([AttributeTask.Metric]). Every
// attribution checks itself by a conservation identity ([Conservation]) at no extra pass.
//
// The rule of a task says what is constant: [RelP]; [Frozen], attention patterns too; [ConstantQKNorm], the norms of queries
// and keys too, where a model has some; [Gradient], nothing. [IntegratedGradients] averages each neuron's gradient while its
// layer is scaled from nothing to what it is, at the price of a pass for every step and layer, and checks itself by
// [Completeness] instead.
//
// # Heads
//
// An attention head is scored as a neuron is: z'·∂m/∂z' of its output z, the part of o_proj's input that is its own, summed
// over its channels, in the same pass; [Scores.Sources] says which tokens it moves relevance from. [Scores.Heads] are scores of their own, which narrow and select as those of neurons
// do; a circuit may hold both, L5/H3 beside L5/N298, and whatever takes a circuit takes it: [Ablate] and [Scale] (z times a
// factor), sweeps and their controls, which draw as many neurons and as many heads of each layer, [Overlap], files. Other
// changes (SetTo, Clamp, …) and questions about columns of W_down mean nothing for a head and refuse it by name;
// [Circuit.Minus] with [Circuit.Heads] leaves the heads out.
//
// A RelP score is a slope in the linearized model alone: how much of the metric runs through a neuron there. It does not
// say what scaling or removing that neuron does. Of the 20 neurons that lead the attribution of
// "I loved the film. It was" on the teaching model, the model's own slope has the sign of the score for 12. Over neurons,
// the effect of ablating one alone correlates with its RelP score by .05 to .33 on SmolLM2-135M and by .10 to .82 on the
// teaching model, with its score under the rule [Gradient], which is the model's own slope, by .51 to .82 and by .94 to
// .99. What a circuit does is therefore tested, by ablating it, never read off its scores.
//
// Exact patching of neurons one by one ([Model.Patch]) says which scores foretell what a neuron does. For six capitals
// and SmolLM2-135M: Over 120 neurons that no rule chose, the ranks of effects go with those that Gradient foretells by
// at least 0.999 under every kind of patch, and with those of RelP by 0.40 to 0.64. What a neuron is set to decides
// how well RelP does by Pearson: 0.66 for zero, 0.75 for the mean over tokens, 0.99 for the mean at each position and
// 0.99 for another prompt's activations, where Gradient has 1.00, 1.00, 1.00 and 1.00. Over the 100 that lead by RelP,
// set to zero everywhere, it is -0.19 for RelP and 0.38 for Gradient, and with the first position left as it is 0.76
// and 0.80; over the 100 that lead by Gradient -0.22 and 0.42, and 0.81 and 0.80. What differs there is the first
// position, the attention sink, alone: setting its neurons to zero is no small step, and no slope foretells it. One
// prompt in place of 6 makes it 0.45 for RelP and 1.00 for Gradient over the neurons that were drawn, and by ranks
// 0.40 and 1.00. On the teaching model, for the number of a verb, ranks say the same (at least 0.898, and 0.50 to
// 0.86), but by Pearson over drawn neurons set to zero Gradient has -0.50 and RelP 0.86, with intervals from about -1
// to 1: a rank is what such a sample tells. To foretell the rank of what neurons do one by one, score by [Gradient],
// leave the first position out, and patch what matters; RelP comes near by Pearson, with wide intervals, and not by
// rank, where a neuron is set to its mean at each position or to another prompt's activations. Nothing here says which
// rule finds the better circuit, for it is of single neurons and of one behavior of each model: [Model.Faithfulness]
// measures circuits, and RelP stays the default. (docs/studies/groundtruth computes these numbers, with intervals.)
//
// # The first position
//
// A first position can act as an attention sink: heads that have nothing to look for look there, whatever token it is. On
// SmolLM2-135M, whose tokenizer adds no BOS, the last token of a short prompt pays it 63 % of its attention (mean over
// heads and layers, median over the twenty DiverseTexts). Of Σ|score| it has only 9 % (4 to 19 %), but of the 20 largest
// entries 9.5 (2 to 15), and these are the same few neurons again and again. Without the marker <|im_start|> before the
// prompts and with it, the four met most often are L9/N200 in 20 and 17 of them, L11/N1229 in 18 and 18, L0/N585 in
// 15 and 0, L1/N83 in 15 and 16: but for the one in layer 0, which reads the token, it is the place, not the word.
//
// Scores at the sink do not mean what scores elsewhere mean. The residual stream there is 157 times as long as elsewhere
// after layer 11 (22,712 beside 145), still 38 times after layer 27 (22,371 beside 596) and 7 times after the last, so what
// it holds sets the norm factors, which the linearized model takes for constants. The ten largest entries at the first
// position, set to zero there, moved the metric in the direction that their scores foretell on 6 of the 20 prompts; the
// ten largest elsewhere on 18 of them. Nor do they stand for a behavior. (docs/studies/sink computes these numbers.)
//
// A real BOS, one that the tokenizer itself adds, is therefore left out of rankings ([Scores.KeepBOS] keeps it). An
// ordinary first token stays in, since nothing is silently guessed, with a [Warning] when at least a quarter of the 20
// largest entries sit on it and half more than on a position like any other; [Scores.SkipFirst] leaves it out, and
// [Scores.Diagnostics] shows the layers. Neurons that are always active ([Model.Universal]) are another thing: they are
// looked for at the last token, and none of the four just named is one.
//
// The sink decides what an ablation of everything else shows. On four capitals and SmolLM2-135M, with
// [FaithfulnessTask.KeepFirst] and without it: The first 20000 neurons of a ranking that leaves the first position out have f
// 0.10 where all others are set to zero and 0.03 where they are set to their mean over tokens, though 0.77 where they are set
// to their mean at each position. With the first position in the ranking it is 0.95 and 0.49, and with the 100 neurons that
// lead there put before all others 0.90 and 0.49: what was missing are the neurons of the sink. Where nothing is ablated at
// the first position, and means leave it out, the very ranking without it has f 1.00 and 0.71. Means at each position never
// touch the sink, for these prompts share their first token: keeping it moves f by 0.000 at most. None of this makes the
// circuit small: at 2000 neurons f is 0.08 at most, whatever the ranking and the ablation. Nor is it small beside another
// country, though what all capitals share then stays: with the others as they are on its prompt 2000 neurons of the ranking
// without the first position have f 0.03, and 20000 have 0.59. (docs/studies/faithful computes these numbers.)
//
// # Evidence
//
// A circuit found on some prompts is tested on others. Intervals are 95 % percentile intervals of 10,000 bootstrap
// resamples of the prompts. The null of a circuit is random circuits with as many neurons in every layer, drawn without
// its own; its p value is (1 + #{null at least as large in size}) / (number of random circuits + 1), so that it is never 0.
// All draws come from the seed of the task. Most neurons of a layer are nearly silent, so a harder null is of neurons about as active
// as the circuit's own ([FaithfulnessTask.EquallyActive]): of 28 circuits of the teaching model 25 do more than every random one
// when they are set to zero, and 21 more than every equally active one (docs/studies/necessity computes these numbers).
//
// A circuit also depends on what was chosen to find it. [Model.Stability] chooses by several rules, selections and sizes and from
// resamples of the examples, and calls a neuron [Core] where nearly all of these circuits have it, [Contingent] where some have,
// and [Noise] where a null has a neuron as frequent: scores as large in every layer and example, of which no neuron is of two
// examples but by chance.
//
// Which way to score finds neurons that do something is asked of [Model.Methods], which runs seven on one behavior.
//
// 20 neurons that RelP finds do more than every random circuit, with an interval above 0, on 4 of 5 behaviors of
// teaching; those of Gradient on 3, of integrated gradients on 3, of the contrast on 1 and of the control vector on 0.
// 20 neurons that RelP finds do more than every random circuit, with an interval above 0, on 3 of 3 behaviors of
// smollm2-135m-instruct; those of Gradient on 2, of integrated gradients on 3, of the contrast on 2 and of the control
// vector on 0. Of all neurons that any view selects, 0 in the median are core and 4 beyond the null at all; 16 of 28
// behaviors have no core. Of 72 contingent neurons 30 depend most on the size, 34 on the rule and 5 on the selection. So
// find circuits by [RelP], which is the default, or by [IntegratedGradients], ask [Gradient] or a patch what a neuron
// does on its own, expect little of a contrast's neurons and nothing of a control vector's, and say of each neuron
// whether it is [Core], [Contingent] or [Noise], which one list of neurons does not tell. (docs/studies/methods and
// docs/studies/stability compute these numbers.)
//
// A response need not be monotone in the multiplier, and doubling a circuit need
// not do the opposite of removing it: look at the curve.
//
// [Model.Verdict] holds a circuit against ten criteria, from the results that are kept about it, and says of each that
// it is met, not met, or not tested by anything that has been computed. Of the circuits of the 28 behaviors of the
// teaching model, each of 20 neurons, criteria are met as far as they are tested: behavior present by 23 of 26, held-out
// by 28 of 28, necessity by 19 of 26, sufficiency by 0 of 26, specificity by 3 of 26, stability by 0 of 28, method
// agreement by 15 of 28, ground truth by 6 of 26, side effects by 7 of 28 and prompting baseline by 4 of 18. 0 of them
// meet every criterion that is tested; the most, 7, are met by compliance. Twenty neurons are enough to break a behavior
// and far too few to carry it, and most of them are of the choices that found them. (docs/studies/verdict computes these numbers; docs/studies/circuits puts them beside the circuits'
// stability and calibrated strength.)
//
// Methods agree where one that looks at gradients and one that looks at differences of activations both share more neurons
// with the circuit than chance, which may be few: a tenth of it in the median. A contrast cancels where the examples' targets are one
// another's counterfactuals, as singular and plural are; give it pairs that go one way. The rule was set from what validity by
// convergence means, and from the known liking of contrasts for late layers, before any verdict by it was looked at.
// Stability's rule was not: the first, that views as large as the circuit have most of it on average, was met by every circuit of
// the teaching model, also by those that are noise throughout. It was replaced after that had been seen, by one with a null.
//
// # Strength
//
// [Model.Calibrate] finds how far an intervention may go at a price on neutral texts. For the circuits of the 28
// behaviors of the teaching model, amplified or turned down, and budgets of 0.01, 0.1 and 0.5 nats, a calibration finds
// the strength within a twentieth below the budget in 168 of 168 cases, by 5 passes a text in the median and 9 at most.
// At 0.01 nats the multiplier above 1 is 1.21 in the median (1.12 to 1.42), and the one below 1 is 0.823 (0.624 to
// 0.901). At 0.1 nats the multiplier above 1 is 1.72 in the median (1.36 to 2.39), and the one below 1 is 0.448 (-0.165
// to 0.709). At 0.5 nats the multiplier above 1 is 2.97 in the median (1.94 to 5.42), and the one below 1 is -0.492
// (-1.98 to 0.118). A multiplier below 0 turns the circuit around: at that price ablating it is not enough.
// (docs/studies/calibrate computes these numbers.)
//
// # Vectors
//
// A control vector is a direction for each layer, from the negatives of pairs to their positives ([Model.ControlVector]:
// the difference of means, or the first principal component, of the residual stream, the MLPs' outputs or the neurons).
// [AddVector] adds one to a running model where it was taken; vectors add, scale, normalize and project ([Vector.Without]),
// and v − v changes nothing, bit for bit. [ProjectOut] takes one out instead, whatever its length, and [Intervention.When] lets any
// intervention act only where the projection on a direction is above a number. [Vector.Save] writes safetensors, or GGUF as llama.cpp reads it, with provenance
// and a hash; [Model.LoadVector] refuses a file that was cut or changed or belongs to another model.
//
// [Model.Decompose] projects a vector on what each neuron writes, the columns of W_down. These are not orthogonal, so
// projections do not add up: how much of a vector some neurons write together is R² of a least-squares fit
// ([Decomposition.R2], [Decomposition.Greedy]). The share of squared projections that the reference implementation calls
// variance explained is [Decomposition.VarianceExplained]; it is not R². [Compare] holds a circuit against a
// decomposition, with what chance would give.
//
// # Raw access
//
// [Model.Capture] gives what is inside while a prompt is read, under interventions too: residual stream, MLP outputs,
// neurons, attention patterns ([Activations.Pattern]) and logits. [Model.Unembed] reads
// directions as tokens, and [Model.LogitLens] the residual stream after every layer at every position.
// [Model.MeanActivations] averages over texts, [Model.TopActivations] says where in a corpus neurons act, and [Model.Writes] what
// they write.
//
// # Shapes
//
// The letters are the same everywhere: B prompts of a batch, L layers, T positions, F neurons of a layer, D width of the
// residual stream, H heads, V vocabulary. Arrays are row-major float32.
//
// # Errors
//
// Every mistake is an [Error]: what, where, and what to type next, with a [Code] that errors.Is understands. Results carry
// [Warning]s where a number must be read with care; a warning is shown, never fatal. No function of this package panics.
package steer

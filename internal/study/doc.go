// Package study runs a study: which neurons carry some behaviors of a model, by which methods, and what happens without
// them, as one reproducible file.
//
//	model: teaching
//	seed: 1
//	behaviors:
//	  - name: sentiment
//	    examples_file: sentiment.jsonl     # steer.Example a line; or examples: [{prompt: …, target: " good", versus: " bad"}]
//	    pairs_file: pairs.jsonl            # steer.Pair a line, for contrasts and decompositions; or pairs: […]
//	analyses:                              # of each behavior as a whole
//	  - {name: choices, kind: stability}   # rules, selections, sizes, resamples, controls
//	  - {name: panel, kind: methods}       # top_k, steps, exact, controls
//	  - {name: said, kind: lens}           # on the first example of the test split; tokens
//	methods:
//	  - {name: relp, kind: attribution}    # rule (relp, frozen, constant-qk-norm, gradient, integrated-gradients with steps),
//	                                       # aggregate (mean, any), any_percent, runner_up, whole_answers
//	  - {name: cna, kind: contrast}        # over_answer
//	  - {name: cv, kind: decomposition}    # space, vector
//	  - {name: chance, kind: random}
//	selections:
//	  - {name: top20, top_k: 20, positive: true}
//	  - {name: heads, top_k: 5, heads: true} # of attention heads, where a method scores them (attribution, random)
//	tests:
//	  - {name: dose, kind: sweep, multipliers: [0, 0.5, 1, 2], controls: 20}   # prompted: an instruction to hold it against; side_effects, texts, continue, skip_bos
//	  - {name: carried, kind: faithfulness, controls: 19}   # ablation (mean, token, zero, patch, resample), sizes, percentages, keep_first
//	  - {name: price, kind: calibrate, multipliers: [0], kl: 0.1}   # or target: logits, on the test split; limit, texts
//	  - {name: alone, kind: patch}         # each unit on its own, on the test split; ablation, keep_first, pairs
//	  - {name: wiring, kind: edges}   # on the first example of the test split; targets, direct
//	  - {name: parts, kind: groups}   # by what they read and write on the test split; groups: how many
//	  - {name: verdict, kind: verdict}   # last: which criteria the study's results meet
//	  - {name: text, kind: continuations, prompts: ["I think that"], multipliers: [0, 2], max_tokens: 20}   # chat, temperature, top_k, top_p, min_p, repetition_penalty, stop;
//	                                       # when: number, by_prompt, project_out, with vector_layer of the behavior's own pairs or of a vector_file;
//	                                       # sweep and calibrate have when and by_prompt, too
//
// Every behavior is looked at first (does the model show it at all?), analyzed in every way, scored by every method that its data allow, selected from in
// every way, and tested in every way. Circuits are found on the train split and tested on the test split
// (steer.ExampleSet.Train). The file is strict: a word that is not known is a mistake with its line. Paths in it are
// relative to it.
//
// # Results
//
// A folder: study.yaml (the file), study.json (digests of model and data, backend, tool), summary.csv and summary.json (a
// row for each circuit and test), and for each behavior baseline.json, baseline.csv, overlap.csv and overlap figures, and for each
// method the scores by layer, circuits (steer.Model.LoadCircuit reads them) and what the tests gave, as CSV, JSON and
// figures. Nothing in them depends on the time, so the same study on the same machine gives the same bytes.
//
// # Resuming
//
// Below work/ in that folder lie the journal, a JSON line for each beginning and each finished step, with times, which
// stand nowhere else; and the store of finished results. A step that a kill interrupted is done again as a whole; one that
// was finished is answered from the store. Files are written aside and renamed, so none is ever half there. A folder is
// continued only by the same study (file and data), model, build and backend; anything else is an error that says what
// differs.
package study

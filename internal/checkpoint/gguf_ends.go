package checkpoint

import "slices"

// llama.cpp ends a generation at the tokens that a GGUF names as ends of a text, a turn or a message, and at those that it
// knows by their text, since many files name one only (llama-vocab.cpp, special_eog_ids).
var (
	endKeys  = []string{"eos", "eot", "eom", "fim_pad", "fim_rep", "fim_sep"}
	endTexts = []string{
		"<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>",
		"<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>",
		"<｜end▁of▁sentence｜>", "[e~[",
	}
	// Of each row of parts of a file, which no text goes on after, the first that there is counts when no key names one.
	endParts = map[string][]string{
		"fim_pad": {"<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"},
		"fim_rep": {"<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"},
		"fim_sep": {"<|file_sep|>"},
	}
)

// ends returns the ids that end a generation, in order.
func (k *ggufKeys) ends() []int32 {
	tokens, _ := k.f.Strings("tokenizer.ggml.tokens")
	at := make(map[string]int32, len(tokens))
	for i, t := range tokens {
		at[t] = int32(i)
	}
	var out []int32
	for _, name := range endKeys {
		if id := k.token("tokenizer.ggml." + name + "_token_id"); id >= 0 {
			out = append(out, id)
			continue
		}
		for _, t := range endParts[name] {
			if id, ok := at[t]; ok {
				out = append(out, id)
				break
			}
		}
	}
	for _, t := range endTexts {
		if id, ok := at[t]; ok {
			out = append(out, id)
		}
	}
	// Two formats use words of others for what does not end a turn: gpt-oss, and tools of Gemma 4.
	drop := func(t string) {
		if id, ok := at[t]; ok {
			out = slices.DeleteFunc(out, func(x int32) bool { return x == id })
		}
	}
	has := func(t string) bool { _, ok := at[t]; return ok }
	if called := has("<|call|>") || has("<|calls|>"); called && (has("<|return|>") || has("<|flush|>")) {
		drop("<|end|>")
	}
	if has("<|tool_response>") {
		drop("</s>")
	}
	slices.Sort(out)
	return slices.Compact(out)
}

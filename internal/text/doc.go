// Package text turns text into token ids and back, exactly as the model's own tokenizer does.
//
// A tokenizer is made from the bytes of a Hugging Face tokenizer.json:
//
//	tok, err := text.New(tokenizerJSON, tokenizerConfig, []int32{2})
//	tokens, err := tok.Encode("The capital of France is", steer.Encoding{Markers: true, Special: true})
//
// *Tokenizer is a steer.Text. The encoding itself is done by one of two libraries behind one interface: package bpe, in Go,
// or Hugging Face's Rust library through github.com/daulet/tokenizers, which needs cgo and is the choice where that is. They
// give the same tokens, places and texts; what only one of them reads (Unigram models, say) is refused by the other by name.
// The environment variable NEURONSTEER_TOKENIZER, go or daulet, forces one.
//
// # Markers
//
// A marker is an added token that tokenizer.json calls special, such as <s> or <|im_start|>. In a raw prompt they are
// recognized (Encoding.Markers); in a text of a user or of a chat message they are characters like any other, so that
// no text can end a turn or begin another. Added tokens that are not special (runs of newlines in Gemma, <think> in
// Qwen) are vocabulary and are recognized always.
//
// What the post-processor adds (Encoding.Special) is never doubled: a prompt that already begins with the marker
// <s> gets no second one. A beginning-of-sequence token is real only when the post-processor adds it: SmolLM2 has a
// bos_token and adds none, so BOS answers false there.
//
// # Chats
//
// Chat renders an exchange by the template of tokenizer_config.json (a list of templates: the one named default) and reads
// the result. The template is Jinja, as transformers sets it up, by package jinja, which bounds what a stranger's program may
// do. A template sees messages, add_generation_prompt, the special tokens by name, tools and documents as none.
//
// Markers that the template writes are recognized, those in the contents are not: contents go through the template with
// guards inside whatever looks like a marker, or could complete one, and where that matters the text is read by an instance
// of the tokenizer whose markers have other names. Nothing is added to what the template writes: a BOS is there when the
// template writes one, and once. The prefill follows what the template ends with.
//
// # Texts that go on
//
// Some tokenizers (Llama 2, Mistral) put a space before every text, and take it away when they decode. A text that follows
// another has none of it: Encoding.Literal reads both as one text, DecodeNew keeps the space that new tokens begin with. An
// id without a token, as padded embeddings have them, is spelled <id 289>.
//
// # Offsets
//
// Start and End are byte offsets in the text as given, in a chat in the rendered text. A character that is spread over
// several tokens gives each of them its whole span, so spans may overlap. What the post-processor added has an empty span
// at 0.
//
// # What is refused
//
// Text with a NUL byte (a C string would end there; both libraries refuse the same) or that is not UTF-8 (offsets would refer
// to another text) is an error with the code BadText that names the byte's offset. Ids outside the vocabulary are an error. A setting of
// tokenizer.json that would silently cut or pad a text (truncation, padding) is ignored, as transformers does unless
// asked. A tokenizer.json is refused where the library would not survive it, or would take minutes or gigabytes: see sound.
package text

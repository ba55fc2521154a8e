package bpetest

import "strings"

var words = strings.Fields(`the quick brown fox jumps over a lazy dog France capital Paris is in Berlin Germany neuron circuit
	don't we're I'll they've it's DON'T I'M model attribution layer activations steering antidisestablishmentarianism
	naïve café Zürich straße ångström señor façade Dvořák Ελλάδα Москва привет мир こんにちは 世界 東京 안녕하세요
	مرحبا بالعالم שלום עולם हिन्दी नमस्ते ไทย สวัสดี ខ្មែរ தமிழ் বাংলা HTTPServer getElementById snake_case CamelCase x1 ﬁnal Ⅷ`)

var emoji = []string{"😀", "🤖", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇫🇷", "☃️", "🧑🏿‍🚀", "1️⃣", "❤️‍🔥"}

var spaces = []string{" ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", " \n ", "\u00a0", "\u3000", "\u200b", "\u2028", "\u0085", "        "}

var code = []string{"def f(x):\n    return x+1\n", "for (int i=0;i<10;++i){ a[i]=i*i; }", "func main() {\n\tfmt.Println(\"hi\", 42)\n}",
	"SELECT * FROM t WHERE a='x' AND b>=10;", "<div class=\"a b\">&amp;</div>", "x = {'k': [1, 2.5e-10, None]}\n\n\n    pass",
	"https://example.org/a/b?q=1&r=%20#frag", "C:\\Users\\me\\file.txt", "#include <stdio.h>\r\nint main(){}", "λx.x → ∀y∈ℝ", "$\\frac{1}{2}$",
	"a/b//c\n/* x */\n//", "...!!!\n\n///\n"}

var combining = []string{"e\u0301", "A\u030a", "\u0958", "ﬁ", "①", "Ⅷ", "½", "ｆｕｌｌ", "\u1100\u1161\u11a8", "\uac00\u11a8", "\ufeff", "\u00ad", "ǆ", "İ", "ẞ",
	"\U0001d4d0", "\U00020000", "\ufffd", "▁", "Ġ", "Ċ", "\u0344", "\u0f73", "\u1e9b\u0323", "\u09c7\u09be", "\u0cc6\u0cc2", "\u212b", "\u2126", "ſ", "\ufb01", "<0x0A>"}

var specials = []string{"<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|eot_id|>", "<s>", "</s>", "<bos>", "<eos>",
	"<start_of_turn>", "<think>", "</think>", "<repo_name>", "<unk>", "[INST]", "[/INST]", "<pad>", "<|start_header_id|>", "<tool_call>", "<unused7>", "\n\n\n\n", "\t\t\t", "▁▁▁▁", "<h1>"}

var chats = [2][]string{
	{"<|im_start|>user\n", "<|start_header_id|>user<|end_header_id|>\n\n", "<start_of_turn>user\n", "<s>[INST] ", "<s> [INST]"},
	{"<|im_end|>\n<|im_start|>assistant\n", "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n", "<end_of_turn>\n<start_of_turn>model\n", " [/INST]", "[/INST] "},
}

// newer are characters that came with Unicode 10 to 16, and what stands beside them: libraries know different versions.
var newer = []string{"a", " ", "e\u0301", "7", "\u1C89", "\uA7CB", "\U00013460", "\U0002EBF0", "\U0001CCF0", "\U000116D0", "\u0897", "\U0001611E", "\u1B4E", "\U0001FAE9", "\u2427",
	"\u0898", "\u1DF6", "\u1ABF\u0301", "\u0316", "\u0334", "\U00011935\U00011930", "\U00011938", "\U00010041\u0301", "\u32FF", "\U0001FBF0", "\u0D3B", "\u0363", "\u1DD3"}

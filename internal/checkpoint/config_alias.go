package checkpoint

import (
	"encoding/json"
	"fmt"
)

// aliases are names that other architectures give to what a Llama's config.json calls differently. Beside the right name
// they must say the same.
var aliases = map[string]string{
	"d_model": "hidden_size", "n_embd": "hidden_size", "dim": "hidden_size", "model_dim": "hidden_size",
	"ffn_dim": "intermediate_size", "n_inner": "intermediate_size", "ffn_hidden_size": "intermediate_size", "d_ff": "intermediate_size",
	"num_layers": "num_hidden_layers", "n_layers": "num_hidden_layers", "n_layer": "num_hidden_layers",
	"n_head": "num_attention_heads", "n_heads": "num_attention_heads", "num_heads": "num_attention_heads",
	"n_kv_heads": "num_key_value_heads", "num_kv_heads": "num_key_value_heads", "n_head_kv": "num_key_value_heads",
	"multi_query_group_num": "num_key_value_heads",
	"norm_eps":              "rms_norm_eps", "layer_norm_eps": "rms_norm_eps", "layer_norm_epsilon": "rms_norm_eps", "norm_epsilon": "rms_norm_eps",
	"layernorm_epsilon": "rms_norm_eps", "rms_norm_epsilon": "rms_norm_eps", "rms_eps": "rms_norm_eps",
	"rotary_base": "rope_theta", "rotary_emb_base": "rope_theta", "rope_base": "rope_theta", "rope_freq_base": "rope_theta",
	"theta": "rope_theta",
}

// contradictAliases lists the members that say something else than the setting that is used.
func contradictAliases(members map[string]json.RawMessage, used map[string]any) (bad []string) {
	for _, name := range sortedNames(members) {
		right, ok := aliases[name]
		v := value(members[name])
		if !ok || v == nil || v == used[right] {
			continue
		}
		bad = append(bad, fmt.Sprintf("%s is %.60s, but %s is %v; they contradict each other", name, members[name], right, used[right]))
	}
	return bad
}

package checkpoint

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// ggufOwn are the fields that every config is made of, without the architecture in front; those of one family are its keys.
var ggufOwn = words(`block_count embedding_length feed_forward_length context_length vocab_size attention.head_count
	attention.head_count_kv attention.key_length attention.value_length attention.layer_norm_rms_epsilon rope.dimension_count
	rope.freq_base rope.scaling.type rope.scaling.factor rope.scale_linear rope.scaling.original_context_length
	rope.scaling.yarn_beta_fast rope.scaling.yarn_beta_slow`)

// ggufIdle are fields without a part in the computation: names of layouts.
var ggufIdle = words(`tensor_data_layout expert_used_count`)

// ggufFields refuses, by name, fields of the namespace of an architecture that ask for a computation other than the one that
// is supported: llama.cpp would compute it. A field whose value asks for nothing is let through.
func ggufFields(f *tensorfile.GGUF, fam family) error {
	var bad []string
	scaling, _ := f.String(fam.gguf + ".rope.scaling.type")
	for _, key := range f.Keys() {
		name, ok := strings.CutPrefix(key, fam.gguf+".")
		if !ok || ggufOwn[name] || fam.keys[name] || ggufIdle[name] {
			continue
		}
		v := ggufValue(f.Metadata, key)
		neutral := asksNothing(v)
		switch {
		case name == "attention.causal":
			neutral = v == true
		case name == "rope.scaling.yarn_ext_factor": // how much of YaRN there is; −1: as the kind of scaling says
			neutral = v == -1.0 || v == 0.0 && scaling != "yarn" || v == 1.0 && scaling == "yarn"
		case name == "rope.scaling.yarn_log_multiplier":
			neutral = neutral || scaling != "yarn"
		case name == "rope.scaling.finetuned": // with which llama.cpp's Granite switches positions off
			neutral = v == true || fam.gguf != "granite"
		case strings.HasSuffix(name, "scale") || strings.HasSuffix(name, "factor"):
			neutral = v == 1.0 || v == 0.0 // which llama.cpp takes for none
		case name == "attention.sliding_window":
			n, known := f.Uint(fam.gguf + ".context_length")
			window, isNumber := v.(float64)
			neutral = neutral || known && isNumber && window >= float64(n)
		}
		if !neutral {
			bad = append(bad, fmt.Sprintf("%s is %s", key, shown(v)))
		}
	}
	if kind, ok := f.String("general.type"); ok && kind != "model" {
		bad = append(bad, fmt.Sprintf("general.type is %s", shown(kind)))
	}
	if len(bad) > 0 {
		return fmt.Errorf("a computation that is not supported: %s", modelref.FirstTen(bad, "; "))
	}
	return nil
}

// ggufValue returns a field as JSON would have it: every number as float64; nil for one that is empty or of no known type.
func ggufValue(m tensorfile.Metadata, key string) any {
	if v, ok := m.Uint(key); ok {
		return float64(v)
	}
	if v, ok := m.Float(key); ok {
		return v
	}
	if v, ok := m.Bool(key); ok {
		return v
	}
	if v, ok := m.String(key); ok {
		return v
	}
	if v, ok := m.Ints(key); ok {
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = x
		}
		return list
	}
	if v, ok := m.Strings(key); ok {
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = x
		}
		return list
	}
	return unknownValue{}
}

// unknownValue is what no accessor gives: a negative number, an array of numbers that are not whole.
type unknownValue struct{}

func shown(v any) string {
	switch v := v.(type) {
	case unknownValue:
		return "set"
	case string:
		return fmt.Sprintf("%.60q", v)
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	}
	return fmt.Sprint(v)
}

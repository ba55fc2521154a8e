package checkpoint

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// ggufOwn are the fields that a config is made of, without "llama." in front.
var ggufOwn = words(`block_count embedding_length feed_forward_length context_length vocab_size attention.head_count
	attention.head_count_kv attention.key_length attention.value_length attention.layer_norm_rms_epsilon rope.dimension_count
	rope.freq_base rope.scaling.type rope.scaling.factor rope.scale_linear`)

// ggufIdle are fields without a part in the computation that is supported: names of layouts, and settings of scalings that
// are refused by their type.
var ggufIdle = words(`tensor_data_layout rope.scaling.original_context_length rope.scaling.finetuned expert_used_count
	rope.scaling.yarn_beta_fast rope.scaling.yarn_beta_slow rope.scaling.yarn_log_multiplier`)

// ggufFields refuses, by name, fields of the namespace of "llama" that ask for a computation other than the one that is
// supported: llama.cpp would compute it. A field whose value asks for nothing is let through.
func ggufFields(f *tensorfile.GGUF) error {
	var bad []string
	for _, key := range f.Keys() {
		name, ok := strings.CutPrefix(key, "llama.")
		if !ok || ggufOwn[name] || ggufIdle[name] {
			continue
		}
		v := ggufValue(f.Metadata, key)
		neutral := asksNothing(v)
		switch {
		case name == "attention.causal":
			neutral = v == true
		case name == "rope.scaling.yarn_ext_factor":
			neutral = v == 0.0 || v == -1.0
		case strings.HasSuffix(name, "scale") || strings.HasSuffix(name, "factor"):
			neutral = v == 1.0 || v == 0.0 // which llama.cpp takes for none
		case name == "attention.sliding_window":
			n, known := f.Uint("llama.context_length")
			window, isNumber := v.(float64)
			neutral = neutral || known && isNumber && window >= float64(n)
		case name == "expert_count":
			neutral = v == 0.0
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

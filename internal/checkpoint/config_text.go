package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
)

// A pair is a model of several parts whose text model is read: its config.json keeps the text model's in text_config.
type pair struct {
	architecture, kind string // of the whole
	text               string // model_type of the text model
	others             map[string]bool
}

var pairs = []pair{
	{"Gemma3ForConditionalGeneration", "gemma3", "gemma3_text", words(`vision_config mm_tokens_per_image boi_token_index eoi_token_index
		image_token_index boi_token_id eoi_token_id image_token_id`)},
}

// textOf returns the members of the text model's config, and the architecture of the whole where that is another. What the
// whole says beside text_config holds for the text model too, where that says nothing; tokens are the whole's.
func textOf(members map[string]json.RawMessage) (text map[string]json.RawMessage, outer string, err error) {
	var whole configJSON
	if err := decodeExact(members, &whole, words("architectures model_type")); err != nil {
		return nil, "", err
	}
	p, ok := pairOf(whole)
	if !ok || value(members["text_config"]) == nil {
		return members, "", nil
	}
	text, err = object(members["text_config"])
	if err != nil {
		return nil, "", fmt.Errorf("text_config: %w", err)
	}
	if kind := value(text["model_type"]); kind != nil && kind != p.text {
		return nil, "", fmt.Errorf("text_config is that of a %.60s, but %s goes with %s; they contradict each other", text["model_type"], p.text, p.architecture)
	}
	delete(text, "architectures")
	text["model_type"] = json.RawMessage(`"` + p.text + `"`)
	var errs []error
	for _, name := range sortedNames(members) {
		inner, both := text[name]
		switch {
		case p.others[name], name == "text_config", name == "architectures", name == "model_type", value(members[name]) == nil:
		case strings.HasSuffix(name, "_token_id"):
			text[name] = members[name]
		case !both:
			text[name] = members[name]
		case (commonFields[name] || tells(name) || foreignRules[name].names != nil) && !reflect.DeepEqual(value(inner), value(members[name])):
			errs = append(errs, fmt.Errorf("%s is %.60s, in text_config it is %.60s; they contradict each other", name, members[name], inner))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, "", oneLine(err)
	}
	return text, p.architecture, nil
}

func pairOf(whole configJSON) (pair, bool) {
	for _, p := range pairs {
		named := len(whole.Architectures) == 0 || len(whole.Architectures) == 1 && whole.Architectures[0] == p.architecture
		if named && whole.ModelType == p.kind {
			return p, true
		}
	}
	return pair{}, false
}

func union(a, b map[string]bool) map[string]bool {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// textTensor returns the name that a tensor of such a model has in its text model, "" for one that is another part's. The
// names are those of the checkpoints that were published and those that transformers 4.52 and later writes.
func textTensor(name string) string {
	if rest, ok := strings.CutPrefix(name, "model.language_model."); ok {
		return "model." + rest
	}
	if rest, ok := strings.CutPrefix(name, "language_model."); ok {
		return rest
	}
	for _, other := range []string{"vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector."} {
		if strings.HasPrefix(name, other) {
			return ""
		}
	}
	return name
}

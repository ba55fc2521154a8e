package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
)

// Two members of config.json hold rotary settings: rope_scaling in older files, rope_parameters, which has theta too,
// since transformers 5; and rope_theta and original_max_position_embeddings stand beside them. Each setting may be said
// several times, but not differently.

// The settings of rope_scaling and rope_parameters that are known, and for which kinds of scaling each is.
var ropeSettings = map[string]string{
	"rope_theta": "default linear llama3", "rope_type": "default linear llama3", "type": "default linear llama3",
	"partial_rotary_factor": "", "attention_factor": "", // 1 alone
	"factor": "linear llama3", "original_max_position_embeddings": "linear llama3",
	"low_freq_factor": "llama3", "high_freq_factor": "llama3",
}

// rope merges all that config.json says of rotary positions and names what contradicts itself or is not computed.
func (j configJSON) rope(positions int) (rope, error) {
	said := map[string]setting{} // by its name in rope_parameters
	var errs []error
	say := func(where, name string, v any) {
		if before, ok := said[name]; ok && before.value != v {
			errs = append(errs, fmt.Errorf("%s is %v in %s, %v in %s; they contradict each other", name, before.value, before.where, v, where))
			return
		}
		said[name] = setting{where, v}
	}
	if j.Theta != nil {
		say("config.json", "rope_theta", *j.Theta)
	}
	if j.Original != nil {
		say("config.json", "original_max_position_embeddings", *j.Original)
	}
	for _, from := range []struct {
		where string
		raw   json.RawMessage
	}{{"rope_scaling", j.Scaling}, {"rope_parameters", j.Parameters}} {
		if value(from.raw) == nil {
			continue
		}
		members, err := object(from.raw)
		if err != nil {
			return rope{}, fmt.Errorf("%s: %w", from.where, err)
		}
		if len(members) == 0 && from.where == "rope_scaling" {
			continue
		}
		if members["rope_type"] == nil && members["type"] == nil {
			say(from.where, "rope_type", "default")
		}
		for _, name := range sortedNames(members) {
			v := value(members[name])
			_, known := ropeSettings[name]
			_, isText := v.(string)
			_, isNumber := v.(float64)
			switch kind := name == "type" || name == "rope_type"; {
			case kind && isText:
				say(from.where, "rope_type", v)
			case known && !kind && isNumber:
				say(from.where, name, v)
			case v == nil && known, !known && (asksNothing(v) || name == "finetuned"):
			case known:
				errs = append(errs, fmt.Errorf("%s of %s is %.60s, which is not of its type", name, from.where, members[name]))
			default:
				errs = append(errs, fmt.Errorf("%.60s of %s is %.60s, which is not supported", name, from.where, members[name]))
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return rope{}, oneLine(err)
	}
	r := rope{theta: 10000, kind: "default", original: float64(positions)}
	if kind, ok := said["rope_type"].value.(string); ok {
		r.kind = kind
	}
	for name, into := range map[string]*float64{"rope_theta": &r.theta, "factor": &r.factor, "low_freq_factor": &r.low,
		"high_freq_factor": &r.high, "original_max_position_embeddings": &r.original} {
		if v, ok := said[name].value.(float64); ok {
			*into = v
		}
	}
	return r, r.fit(said)
}

// A setting is what is said of one thing, and where.
type setting struct {
	where string
	value any
}

// fit checks that every setting is one of this kind of scaling, or says what holds without it. A kind that is not
// supported is left to frequencies.
func (r rope) fit(said map[string]setting) error {
	if r.kind != "default" && r.kind != "linear" && r.kind != "llama3" {
		return nil
	}
	var errs []error
	for name, s := range said {
		fits := false
		for kind := range strings.FieldsSeq(ropeSettings[name]) {
			fits = fits || kind == r.kind
		}
		if !fits && s.value != 1.0 && s.where != "config.json" {
			errs = append(errs, fmt.Errorf("%s of %s is %v, which is not supported with the scaling %q", name, s.where, s.value, r.kind))
		}
	}
	return oneLine(errors.Join(errs...))
}

// oneLine puts joined errors on one line, in the order of their texts.
func oneLine(err error) error {
	if err == nil {
		return nil
	}
	list := strings.Split(err.Error(), "\n")
	return errors.New(modelref.FirstTen(slices.Sorted(slices.Values(list)), "; "))
}

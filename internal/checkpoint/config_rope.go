package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
)

// Two members of config.json hold rotary settings: rope_scaling in older files, rope_parameters, which has theta too,
// since transformers 5; and rope_theta and original_max_position_embeddings stand beside them. Each setting may be said
// several times, but not differently. Gemma 3 has settings of two kinds of layers.

// The settings of rope_scaling and rope_parameters that are known, and for which kinds of scaling each is.
var ropeSettings = map[string]string{
	"rope_theta": "default linear dynamic llama3 yarn longrope", "rope_type": "default linear dynamic llama3 yarn longrope",
	"partial_rotary_factor": "", // 1 alone
	"factor":                "linear dynamic llama3 yarn longrope", "original_max_position_embeddings": "linear dynamic llama3 yarn longrope",
	"low_freq_factor": "llama3", "high_freq_factor": "llama3", "attention_factor": "yarn longrope",
	"beta_fast": "yarn", "beta_slow": "yarn", "mscale": "yarn", "mscale_all_dim": "yarn", "truncate": "yarn",
	"short_factor": "longrope", "long_factor": "longrope",
}

// ropes returns the settings of the layers that see everything and, where the family has others, of those with a window.
func (j configJSON) ropes(f family, c Config) ([]rope, error) {
	said := settings{said: map[string]setting{}}
	if j.Theta != nil {
		said.say("config.json", "rope_theta", *j.Theta)
	}
	if j.Original != nil {
		said.say("config.json", "original_max_position_embeddings", *j.Original)
	}
	said.read("rope_scaling", j.Scaling)
	if f.defaults.localTheta == 0 {
		said.read("rope_parameters", j.Parameters)
		r, err := said.rope(f, f.defaults.theta, c.Positions)
		return []rope{r}, err
	}
	local := settings{said: map[string]setting{}}
	if j.LocalTheta != nil {
		local.say("config.json", "rope_theta", *j.LocalTheta)
	}
	if value(j.Parameters) != nil {
		kinds, err := object(j.Parameters)
		if err != nil {
			return nil, fmt.Errorf("rope_parameters: %w", err)
		}
		said.read("rope_parameters."+fullLayer, kinds[fullLayer])
		local.read("rope_parameters."+slidingLayer, kinds[slidingLayer])
		for _, name := range sortedNames(kinds) {
			if name != fullLayer && name != slidingLayer && value(kinds[name]) != nil {
				said.wrong("%.60s of rope_parameters is %.60s, but it has settings of %s and %s", name, kinds[name], fullLayer, slidingLayer)
			}
		}
	}
	r, err1 := said.rope(f, f.defaults.theta, c.Positions)
	l, err2 := local.rope(f, f.defaults.localTheta, c.Positions)
	return []rope{r, l}, errors.Join(err1, err2)
}

// A setting is what is said of one thing, and where.
type setting struct {
	where string
	value any // float64, string, bool or []any
}

// settings are what is said, by its name in rope_parameters, and what is wrong with it.
type settings struct {
	said map[string]setting
	errs []error
}

func (s *settings) wrong(format string, args ...any) {
	s.errs = append(s.errs, fmt.Errorf(format, args...))
}

func (s *settings) say(where, name string, v any) {
	if before, ok := s.said[name]; ok && !reflect.DeepEqual(before.value, v) {
		s.wrong("%s is %v in %s, %v in %s; they contradict each other", name, before.value, before.where, v, where)
		return
	}
	s.said[name] = setting{where, v}
}

// read adds the members of an object; null says nothing.
func (s *settings) read(where string, raw json.RawMessage) {
	if value(raw) == nil {
		return
	}
	members, err := object(raw)
	if err != nil {
		s.wrong("%s: %w", where, err)
		return
	}
	if len(members) == 0 && where == "rope_scaling" {
		return
	}
	if members["rope_type"] == nil && members["type"] == nil {
		s.say(where, "rope_type", "default")
	}
	for _, name := range sortedNames(members) {
		v := value(members[name])
		to := name
		if name == "type" {
			to = "rope_type"
		}
		_, known := ropeSettings[to]
		var fits bool
		switch to {
		case "rope_type":
			_, fits = v.(string)
		case "truncate":
			_, fits = v.(bool)
		case "short_factor", "long_factor":
			_, fits = v.([]any)
		default:
			_, fits = v.(float64)
		}
		switch {
		case known && fits:
			s.say(where, to, v)
		case v == nil && known, !known && (asksNothing(v) || name == "finetuned"):
		case known:
			s.wrong("%s of %s is %.60s, which is not of its type", name, where, members[name])
		default:
			s.wrong("%.60s of %s is %.60s, which is not supported", name, where, members[name])
		}
	}
}

// rope puts the settings together and names what contradicts itself or is not computed.
func (s *settings) rope(f family, theta float64, positions int) (rope, error) {
	r := rope{theta: theta, kind: "default", original: float64(positions), positions: float64(positions), yarn: yarn{fast: 32, slow: 1}}
	if kind, ok := s.said["rope_type"].value.(string); ok {
		r.kind = kind
	}
	if f.fused && (r.kind == "su" || r.kind == "yarn") { // Phi-3's names of longrope, before it had that one
		r.kind = "longrope"
	}
	for name, into := range map[string]*float64{"rope_theta": &r.theta, "factor": &r.factor, "low_freq_factor": &r.low,
		"high_freq_factor": &r.high, "original_max_position_embeddings": &r.original, "attention_factor": &r.attention,
		"beta_fast": &r.fast, "beta_slow": &r.slow, "mscale": &r.mscale, "mscale_all_dim": &r.mscaleAll} {
		v, ok := s.said[name].value.(float64)
		if !ok || v == 0 && strings.HasPrefix(name, "beta_") { // which transformers takes for none
			continue
		}
		if *into = v; name == "attention_factor" && !(v > 0) {
			s.wrong("attention_factor is %g, not a positive number", v)
		}
	}
	r.exact = s.said["truncate"].value == false
	for _, name := range []string{"short_factor", "long_factor"} {
		list, _ := s.said[name].value.([]any)
		if r.kind == "longrope" && len(list) == 0 {
			s.wrong("there is no %s", name)
		}
		for _, v := range list {
			x, ok := v.(float64)
			if !ok {
				s.wrong("%s has entries that are no numbers", name)
				break
			}
			if name == "short_factor" {
				r.short = append(r.short, x)
			}
		}
	}
	if r.kind == "longrope" && r.factor != 0 && r.factor != r.positions/r.original {
		s.wrong("factor is %g, max_position_embeddings/original_max_position_embeddings is %g; they contradict each other", r.factor, r.positions/r.original)
	}
	s.fit(r.kind)
	return r, oneLine(errors.Join(s.errs...))
}

// fit checks that every setting is one of this kind of scaling, or says what holds without it. A kind that is not
// supported is left to rope.check.
func (s *settings) fit(kind string) {
	if !slices.Contains(strings.Fields(ropeSettings["rope_type"]), kind) {
		return
	}
	for name, said := range s.said {
		if !slices.Contains(strings.Fields(ropeSettings[name]), kind) && said.value != 1.0 && said.where != "config.json" {
			s.wrong("%s of %s is %.60s, which is not supported with the scaling %q", name, said.where, fmt.Sprint(said.value), kind)
		}
	}
}

// oneLine puts joined errors on one line, in the order of their texts.
func oneLine(err error) error {
	if err == nil {
		return nil
	}
	list := strings.Split(err.Error(), "\n")
	return errors.New(modelref.FirstTen(slices.Sorted(slices.Values(list)), "; "))
}

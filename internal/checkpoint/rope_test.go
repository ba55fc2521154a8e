package checkpoint

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// The wanted numbers are those of transformers 5.23.0's ROPE_INIT_FUNCTIONS, in float32: base 500000, heads of 16, 131072
// positions.
func TestStretchedFrequencies(t *testing.T) {
	short := []float64{1, 1.1, 1.25, 1.5, 2, 2.5, 3, 4}
	yarn := func(more fields) fields {
		m := fields{"rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 32768}
		maps.Copy(m, more)
		return m
	}
	deep := []float64{1, 0.193922758102417, 0.025384070351719856, 0.0025524324737489223, 3.535533687681891e-05, 6.856204436189728e-06, 1.3295739336172119e-06, 2.578346141035581e-07}
	four := []float64{1, 0.193922758102417, 0.03760603070259094, 0.00729266507551074, 0.001060660113580525, 0.00013712409418076277, 1.3295739336172119e-05, 2.578346311565838e-06}
	for name, c := range map[string]struct {
		change fields
		scale  float64
		want   []float64
	}{
		"yarn":                   {yarn(nil), 1.138629436111989, four},
		"yarn, attention_factor": {yarn(fields{"attention_factor": 1.25}), 1.25, four},
		"yarn, mscale":           {yarn(fields{"factor": 40, "original_max_position_embeddings": 4096, "mscale": 1, "mscale_all_dim": 0.5}), 1.1557219901962608, deep},
		"yarn, mscale alone":     {yarn(fields{"factor": 40, "original_max_position_embeddings": 4096, "mscale": 0.7}), 1.3688879454113936, deep},
		"yarn, betas": {yarn(fields{"factor": 8, "original_max_position_embeddings": 2048, "beta_fast": 64, "beta_slow": 2}), 1.2079441541679836,
			[]float64{1, 0.15150216221809387, 0.021153392270207405, 0.002506853546947241, 0.00017677668074611574, 3.428102354519069e-05, 6.647869668086059e-06, 1.289173155782919e-06}},
		"yarn, no betas": {yarn(fields{"beta_fast": 0, "beta_slow": 0}), 1.138629436111989, four},
		"yarn, not truncated": {yarn(fields{"factor": 32, "original_max_position_embeddings": 4096, "truncate": false}), 1.3465735902799727,
			[]float64{1, 0.193922758102417, 0.034805312752723694, 0.0034058631863445044, 4.4194170186528936e-05, 8.570255886297673e-06, 1.6619674170215148e-06, 3.2229328894572973e-07}},
		"yarn, no original": {yarn(fields{"factor": 2, "original_max_position_embeddings": nil}), 1.0693147180559945,
			[]float64{1, 0.193922758102417, 0.03760603070259094, 0.00729266507551074, 0.0012374367797747254, 0.00020568614127114415, 3.3239346521440893e-05, 5.156692623131676e-06}},
		"yarn, one step": {yarn(fields{"factor": 8, "original_max_position_embeddings": 7}), 1.2079441541679836,
			[]float64{1, 0.024240344762802124, 0.004700753837823868, 0.0009115831344388425, 0.00017677668074611574, 3.428102354519069e-05, 6.647869668086059e-06, 1.289173155782919e-06}},
		"yarn, a step at the first": {yarn(fields{"factor": 8, "original_max_position_embeddings": 6}), 1.2079441541679836,
			[]float64{1, 0.024240344762802124, 0.004700753837823868, 0.0009115831344388425, 0.00017677668074611574, 3.428102354519069e-05, 6.647869668086059e-06, 1.289173155782919e-06}},
		"yarn, factor below 1": {yarn(fields{"factor": 0.5, "original_max_position_embeddings": 4096}), 1,
			[]float64{1, 0.193922758102417, 0.05014137551188469, 0.012154441326856613, 0.002828426891937852, 0.0005484963767230511, 0.00010636591468937695, 2.0626770492526703e-05}},
		"dynamic": {fields{"rope_type": "dynamic", "factor": 4}, 1,
			[]float64{1, 0.193922758102417, 0.03760603070259094, 0.00729266507551074, 0.001414213445968926, 0.00027424818836152554, 5.3182957344688475e-05, 1.0313385246263351e-05}},
		"longrope": {fields{"rope_type": "longrope", "short_factor": short, "long_factor": short, "original_max_position_embeddings": 4096}, 1.1902380714238083,
			[]float64{1, 0.17629340291023254, 0.030084824189543724, 0.00486177671700716, 0.000707106722984463, 0.00010969927097903565, 1.7727652448229492e-05, 2.578346311565838e-06}},
		"longrope, attention_factor": {fields{"rope_type": "longrope", "short_factor": short, "long_factor": short, "original_max_position_embeddings": 4096, "attention_factor": 1.5}, 1.5,
			[]float64{1, 0.17629340291023254, 0.030084824189543724, 0.00486177671700716, 0.000707106722984463, 0.00010969927097903565, 1.7727652448229492e-05, 2.578346311565838e-06}},
	} {
		for _, member := range []string{"rope_scaling", "rope_parameters"} {
			settings := maps.Clone(c.change)
			settings["rope_theta"] = 500000.0
			got, err := parseConfig(config(fields{member: settings}), nil)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			r := got.Ropes[0]
			if math.Abs(r.Scale-c.scale) > 1e-15 || !slices.EqualFunc(r.InvFreq, c.want, func(a, b float64) bool { return math.Abs(a-b) <= 3e-7*b }) {
				t.Errorf("%s: %v, want %v %v", name, r, c.scale, c.want)
			}
			if strings.HasPrefix(name, "longrope") != (got.Positions == 4096) {
				t.Errorf("%s: %d positions", name, got.Positions)
			}
		}
	}
}

func TestStretchingRefuses(t *testing.T) {
	short := slices.Repeat([]int{2}, 8)
	for want, scaling := range map[string]fields{
		"factor is 0, not a positive":                        {"rope_type": "yarn"},
		"attention_factor is -1, not a positive":             {"rope_type": "yarn", "factor": 2, "attention_factor": -1},
		"attention_factor is 0, not a positive":              {"rope_type": "yarn", "factor": 2, "attention_factor": 0},
		"beta_slow is -1, not a positive":                    {"rope_type": "yarn", "factor": 2, "beta_slow": -1},
		"truncate of rope_scaling is 1":                      {"rope_type": "yarn", "factor": 2, "truncate": 1},
		"truncate of rope_scaling is true":                   {"rope_type": "linear", "factor": 2, "truncate": true},
		"extrapolation_factor of rope_scaling is 2":          {"rope_type": "yarn", "factor": 2, "extrapolation_factor": 2},
		"libraries disagree from which length":               {"rope_type": "dynamic", "factor": 2, "original_max_position_embeddings": 4096},
		"there is no long_factor; there is no short_factor":  {"rope_type": "longrope", "factor": 2},
		"short_factor has 3 numbers, want 8":                 {"rope_type": "longrope", "short_factor": []int{1, 2, 3}, "long_factor": short},
		"short_factor has entries that are no numbers":       {"rope_type": "longrope", "short_factor": []any{"1"}, "long_factor": short},
		"short_factor is 0, not a positive":                  {"rope_type": "longrope", "short_factor": slices.Repeat([]int{0}, 8), "long_factor": short},
		"factor is 2, max_position_embeddings/original":      {"rope_type": "longrope", "short_factor": short, "long_factor": short, "factor": 2, "original_max_position_embeddings": 4096},
		"short_factor of rope_scaling is [2 2 2 2 2 2 2 2],": {"rope_type": "yarn", "factor": 2, "short_factor": short},
		`rotary scaling "su" is not supported`:               {"type": "su", "short_factor": short, "long_factor": short},
	} {
		if _, err := parseConfig(config(fields{"rope_scaling": scaling}), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", scaling, err, want)
		}
	}
	// A base of 1 has no pair that turns more often than another.
	if _, err := parseConfig(config(fields{"rope_theta": 1, "rope_scaling": fields{"rope_type": "yarn", "factor": 2}}), nil); err != nil && !strings.Contains(err.Error(), "frequency") {
		t.Error(err)
	}
}

// Phi-3 says su, and said yarn, for what is longrope now.
func TestLongropeNames(t *testing.T) {
	lists := fields{"short_factor": slices.Repeat([]int{2}, 8), "long_factor": slices.Repeat([]int{4}, 8)}
	var all []Config
	for _, name := range []string{"longrope", "su", "yarn"} {
		scaling := maps.Clone(lists)
		scaling["type"] = name
		c, err := parseConfig(config(fields{"architectures": []string{"Phi3ForCausalLM"}, "rope_scaling": scaling, "original_max_position_embeddings": 4096}), nil)
		if err != nil {
			t.Fatal(name, err)
		}
		all = append(all, c)
	}
	for _, c := range all {
		if fmt.Sprint(c) != fmt.Sprint(all[0]) || c.Positions != 4096 {
			t.Errorf("%v\nwant %v", c, all[0])
		}
	}
}

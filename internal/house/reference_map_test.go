package house

import (
	"go/ast"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// reference lists what the reference implementation offers: functions, and after a colon their options with defaults.
const reference = `
NeuronSteerer: model_name, device="cuda", dtype=torch.bfloat16, auto_blacklist=True, max_memory=None
detect_universal_neurons: device="cuda", n_prompts=20, top_k=50, threshold_fraction=0.8
compute_attribution: target_token_id, counterfactual_token_id=None, position=-1, top_k_per_layer=200, filter_bos=True, last_n_positions=None, blacklist_layers=None, blacklist_neurons=None, target_only=False, verbose=False
select_circuit: method="threshold", method="topk", method="percentage", method="per_layer_topk", threshold=0.005, top_k=None, per_layer_topk=None, reference_value=None
steer_neurons: multiplier=0.0, all_positions=True, all_positions=False
discover_circuit: target_token, counterfactual_token=None, threshold=0.005, top_k=None, selection_method=None, seed_response="", filter_bos=True, filter_infrastructure=False, last_n_positions=None, blacklist_neurons=None, use_chat_template=True, verbose=False
discover_circuit_multi: prompts, target_tokens, counterfactual_tokens=None, threshold=0.005, top_k=None, selection_method=None, seed_response="", filter_bos=True, filter_infrastructure=False, last_n_positions=None, blacklist_neurons=None, batch_aggregation="mean", batch_aggregation="any", use_chat_template=True, verbose=False, precomputed_attributions=None, return_raw_attributions=False, target_only=None
discover_contrastive: positive_prompts, negative_prompts, top_k=200, filter_infrastructure=True, verbose=False
compute_control_vector: positive_prompts, negative_prompts, layer_idx=None, seed_response="", use_chat_template=True
compute_mlp_control_vector: layer_idx=None, seed_response="", use_chat_template=True
compute_activation_weighted_cv: layer_idx=None, seed_response="", use_chat_template=True
decompose_cv_to_neurons: control_vector, layer_idx
compare_circuit_to_cv: top_k=50, verbose=True
steer_and_generate: multiplier=0.0, max_new_tokens=50, all_positions=True, use_chat_template=True
generate: max_new_tokens=50, use_chat_template=True
next_token_probs: tokens, circuit=None, multiplier=1.0, seed_response="", use_chat_template=True
compute_mean_activations: prompts=None, seed_response="", use_chat_template=True
top_predictions: k=10, circuit=None, multiplier=1.0, seed_response="", use_chat_template=True
find_feature: positive=None, negative=None, prompt=None, target=None, counterfactual=None, name=None, top_k=200, seed_response="", verbose=False
steer: feature=None, circuit=None, multiplier=0.0, max_new_tokens=50, all_positions=True, use_chat_template=True
Circuit.top: k=20
discover_edges: top_k_targets=30, min_edge_weight=1e-6
detect_super_weights: min_targets=5, dominance_ratio=10
blacklist_super_weights: dominance_ratio=100
bottleneck: top_frac=0.2
ascii_diagram: max_bar=40
to_dot: top_k_edges=50
NeuronIdx; Circuit; Circuit.by_layer; Circuit.unique_neurons; Circuit.save; Circuit.load; Circuit.summary
linearized; LinearizedRMSNorm; LinearizedMLP; BLACKLIST_LLAMA3_8B; interactive
total_overlap; total_cv_neurons_checked; top50_overlap; mean_variance_explained
CircuitEdge; CircuitGraph; hub_analysis; measure_faithfulness; measure_faithfulness_batch; edges [top_k=30]
prompt <text>; prompt; discover <target>; discover; ablate [spec]; amplify [spec] [multiplier]; sweep [m…]; top [k]; multiplier [value]
save <name>; load <name>; load; info; help; quit; exit; EOF; L23/N8079; topN; all
`

// items takes the list apart.
func items() []string {
	var out []string
	for line := range strings.Lines(reference) {
		line = strings.TrimSpace(line)
		name, options, ok := strings.Cut(line, ": ")
		switch {
		case line == "":
		case ok:
			for o := range strings.SplitSeq(options, ", ") {
				out = append(out, name+"("+o+")")
			}
		default:
			out = append(out, strings.Split(line, "; ")...)
		}
	}
	return out
}

var (
	quoted = regexp.MustCompile("`([^`]+)`")
	symbol = regexp.MustCompile(`^(steer|plotting|gonbext|study|repl|local)\.([A-Z]\w*)(?:\.(\w+))?$`)
	proof  = regexp.MustCompile(`^([\w/]+)\.((?:Test|Example|Fuzz)\w+)$`)
	homes  = map[string]string{"study": "internal/study", "repl": "internal/repl", "local": "steer/local"}
)

// declared lists what the module declares: "steer.Scores.TopK", and tests as "steer.TestSelection" by folder.
func declared(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = receiver(d.Recv.List[0].Type) + "." + name
				}
				out[s.dir+"."+name] = true
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						out[s.dir+"."+spec.Name.Name] = true
					case *ast.ValueSpec:
						for _, n := range spec.Names {
							out[s.dir+"."+n.Name] = true
						}
					}
				}
			}
		}
	}
	return out
}

// receiver returns the name of a method's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// TestReferenceMap: nothing of the reference is missing from docs/reference-map.md, and every symbol and test that the
// file names exists.
func TestReferenceMap(t *testing.T) {
	b, err := os.ReadFile(path.Join(root, "docs/reference-map.md"))
	if err != nil {
		t.Fatal(err)
	}
	there, mapped, rows := declared(t), map[string]bool{}, 0
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") || strings.Contains(line, "proved by") {
			continue
		}
		if rows++; len(cells) != 3 {
			t.Errorf("a row of %d cells: %s", len(cells), line)
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(cells[0], -1) {
			mapped[m[1]] = true
		}
		named, proofs := 0, quoted.FindAllStringSubmatch(cells[2], -1)
		for _, m := range quoted.FindAllStringSubmatch(cells[1], -1) {
			s := symbol.FindStringSubmatch(m[1])
			if s == nil {
				continue // a command, or an option of the reference
			}
			named++
			dir, name := s[1], s[2]
			if h := homes[dir]; h != "" {
				dir = h
			}
			if s[3] != "" {
				name += "." + s[3]
			}
			if !there[dir+"."+name] {
				t.Errorf("there is no %s (row: %.60s)", m[1], line)
			}
		}
		for _, m := range proofs {
			if p := proof.FindStringSubmatch(m[1]); p == nil || !there[m[1]] {
				t.Errorf("there is no test %s (row: %.60s)", m[1], line)
			}
		}
		if yet := strings.Contains(cells[1], " yet"); len(proofs) == 0 && !yet {
			t.Errorf("nothing proves the row: %s", line)
		} else if len(proofs) > 0 && yet {
			t.Errorf("the row is proved and not there yet: %s", line)
		}
	}
	for _, item := range items() {
		if !mapped[item] {
			t.Errorf("%q of the reference has no row", item)
		}
	}
	if rows < 100 {
		t.Errorf("%d rows; the test looks at another file", rows)
	}
	for _, n := range []string{"1", "2", "3", "13", "20"} {
		if !strings.Contains(string(b), "\n| "+n+": ") {
			t.Errorf("the defect %s is missing", n)
		}
	}
	if !slices.Contains(items(), `find_feature(seed_response="")`) {
		t.Error("the list of the reference is not taken apart")
	}
}

package repl

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

const paris = "chat off\nprompt The capital of France is\n"

// talk runs a script on the fake model and returns all that the session says.
func talk(t *testing.T, dir, script string) string {
	t.Helper()
	return talkTo(t, steertest.NewModel(), dir, script)
}

func talkTo(t *testing.T, m *steer.Model, dir, script string) string {
	t.Helper()
	var out strings.Builder
	if err := New(Options{Model: m, Circuits: dir, Lines: Plain(strings.NewReader(script)), Out: &out}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// wants fails for each part that is not in the text after the part before it.
func wants(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, p := range parts {
		_, after, ok := strings.Cut(rest, p)
		if !ok {
			t.Errorf("the session lacks %q (in this order):\n%s", p, text)
			continue
		}
		rest = after
	}
}

// TestStory is the reference's session: prompt, discover, ablate, amplify, sweep, top.
func TestStory(t *testing.T) {
	out := talk(t, t.TempDir(), paris+`discover " Paris"
ablate
ablate L1/N2
ablate top1
amplify 3
amplify L1/N2 -1
amplify L1/N2
sweep
sweep 0 1.25
top 3
multiplier 0
top
multiplier
info
quit
prompt never read
`)
	wants(t, out, "Model: fake", "Output:  Paris.\n", // the answer begins with a space; its end marker is not shown
		`Target: " Paris"`, "Circuit: ", " neurons for logit(\" Paris\") − logit(", "L1: ", "Top 10 neurons:", "L1/N2", "attr=+",
		"Ablated output (x0.0): ", "Ablated output (x0.0): ", "Ablated output (x0.0): ",
		"Amplified output (x3): ", "Amplified output (x-1): ", "Amplified output (x2): ",
		"  x0: ", "  x0.5: ", "  x1: ", "  x1.5: ", "  x2: ", "  x0: ", "  x1.25: ",
		"Top-3 predictions (multiplier=1):", "#", `" Paris"`, "Multiplier set to 0", "Top-10 predictions (multiplier=0):",
		"Current multiplier: 0", "Prompt:     The capital of France is", "Chat:       off", "Target:   \" Paris\"", "LogitD:   ", "Multiplier: 0", "Bye!")
	if strings.Contains(out, "never read") || strings.Contains(out, "Error") {
		t.Errorf("the session goes on after quit, or has errors:\n%s", out)
	}
	if strings.Contains(out, "</s>") {
		t.Errorf("an end marker is shown:\n%s", out)
	}
}

// TestEdges: the edges of the circuit of discover are shown with their flows and hubs, and a mistake says how to ask.
func TestEdges(t *testing.T) {
	out := talk(t, t.TempDir(), "edges\n"+paris+"discover \" Paris\" \" Rome\"\nedges 5\nedges x\n")
	wants(t, out, "Set a prompt first", "Graph: ", "total edges", "Top 10 edges:", "→", "Top 10 layer flows:", "→ metric", "Hubs:", " in, ", "Usage: edges")
}

// TestGroups: the neurons of discover fall into groups that are named by what they read and write.
func TestGroups(t *testing.T) {
	out := talk(t, t.TempDir(), "groups\n"+paris+"discover \" Paris\" \" Rome\"\ngroups\ngroups 3\ngroups x\n")
	wants(t, out, "Set a prompt first", " groups for logit(\" Paris\")", "silhouette", "→ \" Paris\"", "stability", "L1/N2", "3 groups for", "Usage: groups")
}

// TestHeads: the heads behind the token of discover become the circuit, and are named and scaled as neurons are.
func TestHeads(t *testing.T) {
	out := talk(t, t.TempDir(), "heads\n"+paris+"heads\ndiscover \" Paris\"\nheads 2\nablate L1/H0\nablate L1/H1\namplify all 2\ninfo\nheads x\nload nothing\n")
	wants(t, out, "Set a prompt first", "Discover a circuit first", `Target: " Paris"`, "Circuit: 2 heads for logit(\" Paris\") − logit(", "  L1: 1 heads", "Top 10 heads:", "L1/H0",
		"Ablated: L1/H0 (1 of the circuit's 2 heads)", "Head L1/H1 not in current circuit", "(the whole circuit)", "Amplified output (x2): ", "Circuit:    2 heads", "Usage: heads")
}

// TestNumbersOfTheSession: what the session shows is what the tasks compute, with the reference's defaults.
func TestNumbersOfTheSession(t *testing.T) {
	m := steertest.NewModel()
	out := talkTo(t, m, t.TempDir(), paris+"discover\nmultiplier 0\ntop 1\n")
	s, err := m.Attribute("The capital of France is").TargetTop().VersusRunnerUp().Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := s.TopK(200)
	p, err := m.Predict("The capital of France is").Scale(c, 0).Top(1).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wants(t, out, `Auto-target: " Paris"`, c.About(), p.Top()[0].Text)
	if strings.Count(out, "\n  L") < 3+min(10, c.Len()) {
		t.Errorf("layers and ten neurons are not listed:\n%s", out)
	}
}

// TestLeadingSpace: quotes keep it, a bare word is taken as typed and the session says so; nothing is changed silently.
func TestLeadingSpace(t *testing.T) {
	out := talk(t, t.TempDir(), paris+"discover Paris\n")
	wants(t, out, `Error: attribute: target "Paris" is`) // not one token of the fake vocabulary: it has " Paris" alone
	out = talk(t, t.TempDir(), paris+"discover I\n")
	wants(t, out, `Target: "I"`, `discover " I"`)
	out = talk(t, t.TempDir(), paris+"discover  \" Paris\"  ' Rome' \n")
	wants(t, out, `Target: " Paris"`, `logit(" Paris") − logit(" Rome")`)
	if strings.Contains(out, "as typed") {
		t.Errorf("quoted words are said to be bare:\n%s", out)
	}
	wants(t, talk(t, t.TempDir(), "chat off\nprompt \" The\"\nprompt\n"), "Current prompt:  The\n")
}

// TestChat: prompts are read as they are until a person asks for chats, which a model without a template refuses.
func TestChat(t *testing.T) {
	out := talk(t, t.TempDir(), "prompt The capital of France is\ninfo\nchat on\ninfo\nchat off\ninfo\nchat maybe\n")
	wants(t, out, "Prompts are read as they are (chat on: ", "Chat:       off", "a user's turn", "Chat:       on", "Prompts are read as they are", "Chat:       off", "Usage: chat")
	plain := steertest.ModelOf(steertest.NewEngine(), steertest.PlainText())
	out = talkTo(t, plain, t.TempDir(), "prompt The capital of France is\nchat on\ninfo\n")
	wants(t, out, "this model has no chat template", "Output:  Paris", "This model has no chat template.", "Chat:       off")

	m, seen := steertest.NewModel(), []string{}
	watched := steer.New("fake", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		if r.Kind != "model" && !strings.Contains(string(r.Settings), `"maxTokens":100`) { // for which this model has no room
			seen = append(seen, r.Kind+" "+map[bool]string{true: "chat", false: "raw"}[strings.Contains(string(r.Settings), `"chat":true`)])
		}
		return m.Runner().Run(ctx, r, emit)
	}))
	talkTo(t, watched, t.TempDir(), "prompt The capital of France is\ntop\nchat on\ntop\ndiscover\nablate\nchat off\ntop\n")
	if got := strings.Join(seen, ", "); got != "predict raw, generate raw, predict raw, predict chat, attribute chat, predict chat, generate chat, predict raw" {
		t.Errorf("the session asks for %s", got)
	}
}

// TestMistakes: each is a line, whatever comes, and the session goes on to the last line.
func TestMistakes(t *testing.T) {
	out := talk(t, t.TempDir(), `
discover
ablate
amplify 2
sweep
top
save x
prompt
fly me
help fly
load nothing
chat off
prompt The capital of France is
ablate
save
top zero
top 0
top -3
discover " Paris
discover "a" "b" "c"
discover ""
discover " Sacramento"
discover " Paris" " Paris"
discover " Paris"
ablate L9/N9
ablate L1/N99999999999999999999
ablate top
ablate top0
ablate L1/N2x
ablate some
amplify L1/N2 all nan
amplify inf
sweep a
sweep nan
faithful x
faithful 0
multiplier x
multiplier nan
load
load ../../etc/passwd
info
`)
	wants(t, out, "Set a prompt first", "Set a prompt first", "Set a prompt first", "Set a prompt first", "Set a prompt first",
		"No circuit to save", "Usage: prompt <text>", "Unknown command: fly", "Unknown command: fly", `no circuit is kept under the name "nothing"`,
		"Output:", "Discover a circuit first", "Usage: save", "Usage: top", "Usage: top", "Usage: top", "do not close", "more than a target",
		"Error: attribute: the target is empty", "use a one-token word", "same token", "Target: ", "Neuron L9/N9 not in current circuit", "not in current circuit",
		"Usage: ablate top<N>", "Usage: ablate top<N>", `Unknown target "L1/N2x"`, `Unknown target "some"`, `the last target "all" counts`, "Error: ", "Error: ",
		"Usage: sweep", "Error: ", "Usage: faithful", "Usage: faithful", "Usage: multiplier", "Usage: multiplier", "No saved circuits.", "Error: ", "Multiplier: 1", "Bye!")
}

// TestFaithful: the circuit's units alone and the rest without them, at some sizes or at those asked for.
func TestFaithful(t *testing.T) {
	out := talk(t, t.TempDir(), "faithful\n"+paris+"discover \" Paris\" \" Rome\"\nfaithful\nfaithful 2\n")
	wants(t, out, "Set a prompt first", `logit(" Paris") − logit(" Rome"): `, "with all units", " 1 units: alone ", "without them", `logit(" Paris") − logit(" Rome"): `, " 2 units: alone ")
	if n := strings.Count(out, " units: alone "); n != 5 {
		t.Errorf("%d sizes, want 4 and 1:\n%s", n, out)
	}
}

// TestPatch: what each unit does alone stands beside its score, the strongest units first; a number of units is needed.
func TestPatch(t *testing.T) {
	out := talk(t, t.TempDir(), "patch\n"+paris+"discover \" Paris\" \" Rome\"\npatch 0\npatch 2\npatch\n")
	wants(t, out, "Set a prompt first", "Usage: patch", `logit(" Paris") − logit(" Rome") = `, "set to zero:", " effect ", " score ")
	if n := strings.Count(out, " effect "); n < 3 || n > 12 {
		t.Errorf("%d units, want 2 and up to 10:\n%s", n, out)
	}
}

// TestInstruct: what an instruction does to the target's lead stands beside the circuit's multiples.
func TestInstruct(t *testing.T) {
	out := talk(t, t.TempDir(), "instruct The\n"+paris+"discover \" Paris\" \" Rome\"\ninstruct\ninstruct The film.\n")
	wants(t, out, "Set a prompt first", "There is no instruction. Usage: instruct <instruction>", `logit(" Paris") − logit(" Rome")`, "  x0: ", "  x2: ", "  instructed: ")
	m := steertest.NewModel()
	want, err := m.Predict("The film.").Prefill("The capital of France is").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l := want.Logits()
	if line := fmt.Sprintf("  instructed: %+.4f\n", l[8]-l[9]); !strings.Contains(out, line) {
		t.Errorf("%q is not in\n%s", line, out)
	}
}

// TestCalibrate: the multiplier that a budget allows is found, up or down, and is that of top.
func TestCalibrate(t *testing.T) {
	out := talk(t, t.TempDir(), "calibrate\n"+paris+"discover \" Paris\" \" Rome\"\ncalibrate x\ncalibrate -1\ncalibrate 0.0003\nmultiplier\ncalibrate down 0.0001\nmultiplier\n")
	wants(t, out, "Set a prompt first", `"x" is no budget in nats. Usage: calibrate [nats] [down]`, `"-1" is no budget`, "  x1.", " nats", "Multiplier set to 1.", "nats on neutral texts", "Current multiplier: 1.",
		"  x0.", "Multiplier set to 0.", "Current multiplier: 0.")
}

// TestVerdict: criteria stand with how they are met; what the session's model keeps nothing of is not tested.
func TestVerdict(t *testing.T) {
	out := talk(t, t.TempDir(), "verdict\n"+paris+"discover \" Paris\" \" Rome\"\nverdict now\nverdict\n")
	wants(t, out, "Set a prompt first", `"now" means nothing here. Usage: verdict`, "0 criteria are met, 0 not met, 10 not tested", "  necessity          not tested  type controls 79, then sweep 0", "Note: this model keeps no results")
}

// TestKeep: a circuit is kept under any name and comes back with its prompt; one that is of several prompts leaves the
// prompt as it is, also where the reference implementation wrote a note in its place.
func TestKeep(t *testing.T) {
	dir := t.TempDir()
	out := talk(t, dir, paris+"discover \" Paris\"\nsave say Paris/1\ninfo\nload\nprompt Italy\nload say Paris/1\ninfo\nablate L1/N2\n")
	wants(t, out, `Saved as "say Paris/1"`, "Saved:      say Paris/1", "Available: say Paris/1", `Loaded "say Paris/1"`,
		"Prompt: The capital of France is", "Top 10 neurons:", "Prompt:     The capital of France is", "Chat:       off", "Ablated output")

	m := steertest.NewModel()
	b, err := m.Behavior(steer.NewExamples(steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "The capital of Italy is", Target: " Rome", Versus: " Paris"})).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Feature("both").Folder(dir).KeepCircuit(b.Mean().TopK(5)); err != nil {
		t.Fatal(err)
	}
	reference := filepath.Join(t.TempDir(), "ref.json")
	for _, c := range []struct{ prompt, want string }{
		{"[10 prompts, agg=mean]", "Prompt:     The capital of Italy is"},
		{"[contrastive: 8 pos vs 8 neg]", "Prompt:     The capital of Italy is"},
		{"The capital of France is", "Prompt:     The capital of France is"},
	} {
		text := `{"neurons": {"1,5,2": 0.5}, "prompt": "` + c.prompt + `", "target_token": " Paris", "total_logit_diff": 1.5}`
		if err := os.WriteFile(reference, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out = talk(t, dir, "prompt The capital of Italy is\nload "+reference+"\ninfo\ntop\n")
		wants(t, out, "Loaded", c.want, "Circuit:    1 neurons", "Top-10 predictions")
	}
	out = talk(t, dir, "prompt The capital of Italy is\nload both\ninfo\nload\n")
	wants(t, out, "the prompt stays: The capital of Italy is", "Circuit:    5 neurons", "Available: both, say Paris/1")
	out = talk(t, dir, "load both\n")
	wants(t, out, "set one: prompt")
}

// TestPromptClears: a circuit belongs to its prompt, so a new prompt has none.
func TestPromptClears(t *testing.T) {
	out := talk(t, t.TempDir(), paris+"discover\nprompt The capital of Italy is\ninfo\nablate\n")
	wants(t, out, "Auto-target", "Prompt:     The capital of Italy is", "Circuit:    0 neurons", "Discover a circuit first")
}

// TestEndOfInput: no quit is needed, and an empty line does nothing.
func TestEndOfInput(t *testing.T) {
	for _, script := range []string{"", "\n\n  \t\n", "exit", "quit\n", "info"} {
		if out := talk(t, t.TempDir(), script); !strings.HasSuffix(out, "Bye!\n") {
			t.Errorf("the script %q ends with:\n%s", script, out)
		}
	}
}

// TestHelp: every command is listed with its arguments.
func TestHelp(t *testing.T) {
	out := talk(t, t.TempDir(), "help\nhelp sweep\n")
	for _, c := range commands() {
		wants(t, out, "  "+c.name, c.about)
	}
}

// TestWriting: texts are written as the options say, in every command that writes one.
func TestWriting(t *testing.T) {
	m := steertest.NewModel()
	said := func(set func(steer.GenerateTask) steer.GenerateTask) string {
		var out strings.Builder
		if err := New(Options{Model: m, Circuits: t.TempDir(), Lines: Plain(strings.NewReader(paris + "discover \" Paris\"\nablate\n")), Out: &out, Writing: set}).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	plain, short := said(nil), said(func(g steer.GenerateTask) steer.GenerateTask { return g.MaxTokens(1) })
	drawn := said(func(g steer.GenerateTask) steer.GenerateTask { return g.Temperature(20).Seed(4) })
	if plain == short || plain == drawn {
		t.Errorf("nothing is written differently:\n%s", plain)
	}
	stopped := said(func(g steer.GenerateTask) steer.GenerateTask { return g.Stop("Par") })
	wants(t, stopped, "Output:", "Ablated output")
	if _, after, _ := strings.Cut(stopped, "Output:"); strings.Contains(strings.SplitN(after, "\n", 2)[0], "Par") {
		t.Errorf("the text goes on:\n%s", stopped)
	}
}

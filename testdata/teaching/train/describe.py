"""Writes behaviors.json: example prompts with target and counterfactual, and contrast pairs.

`python describe.py MODEL`. Examples are held-out items (never trained) that the stored weights get
right by margin, plus a few fixed demonstrations; `held_out` says which. `right` is the model's own
top token, so a reader can see at once what to expect.
"""

import argparse
import json
import random
from pathlib import Path

import torch

import corpus
import lexicon as lx
from circuits import sentiment_pairs
from reference import Reference

# name: (what it shows, samplers' (behavior, held) keys, first example or None)
CHAT = lambda text: f"{corpus.USER}{text}{corpus.END}\n{corpus.ASSISTANT}"
BEHAVIORS = {
    "agreement": ("verb number follows the subject, not the nearer noun", [("sva_pp", "pair"), ("sva_pp", "noun")],
                  ("The keys near the cabinet", " are", " is", "The key near the cabinet")),
    "agreement_singular": ("the mirror image: singular subject, plural attractor", [("sva_pp", "pair"), ("sva_pp", "noun")],
                           ("The key near the cabinets", " is", " are", "The keys near the cabinets")),
    "agreement_simple": ("no attractor", [("sva_simple", "seen")], ("The keys", " are", " is", "The key")),
    "agreement_object_clause": ("across a relative clause", [("sva_object_rc", "pair"), ("sva_object_rc", "noun")],
                                ("The keys that the man likes", " are", " is", "The key that the man likes")),
    "agreement_subject_clause": ("across a relative clause", [("sva_subject_rc", "pair"), ("sva_subject_rc", "noun")], None),
    "agreement_inside_clause": ("inside a relative clause: agrees with the second noun", [("sva_within_rc", "pair"), ("sva_within_rc", "noun")],
                                ("The athlete that the managers", " like", " likes", "The athlete that the manager")),
    "country_capital": ("country to capital", [("country_capital", "template")],
                        ("The capital of France is", " Paris", " Rome", "The capital of Italy is")),
    "capital_country": ("capital to country", [("capital_country", "seen")],
                        ("Paris is the capital of", " France", " Italy", "Rome is the capital of")),
    "state_capital": ("US state to capital", [("state_capital", "template")],
                      ("The capital of Texas is", " Austin", " Denver", "The capital of Colorado is")),
    "two_hop_capital": ("city to state to capital", [("two_hop_capital", "city"), ("two_hop_capital", "never")],
                        ("What is the capital of the state containing Dallas? Answer:", " Austin", " Denver",
                         "What is the capital of the state containing Boulder? Answer:")),
    "city_state": ("US city to state", [("city_state", "template")], ("Dallas is in", " Texas", " Colorado", "Boulder is in")),
    "landmark_city": ("landmark to city", [("landmark_city", "template")], ("The Louvre is in", " Paris", " Rome", "The Colosseum is in")),
    "antonym": ("opposites", [("antonym", "template")], ("The opposite of hot is", " cold", " small", "The opposite of big is")),
    "color": ("color of a thing", [("color", "template")], ("The color of the sky is", " blue", " green", "The color of the grass is")),
    "successor_day": ("next in a cycle", [("successor_day", "run")], ("Monday, Tuesday, Wednesday,", " Thursday", " Sunday", "")),
    "successor_number": ("next in a line", [("successor_number", "run"), ("successor_digit", "run")], ("two, three, four,", " five", " nine", "")),
    "addition": ("one-digit sums", [("addition", "sum")], ("What is 3 + 4? Answer:", " 7", " 8", "What is 3 + 5? Answer:")),
    "pronoun": ("pronoun follows the gender of a name", [("pronoun", "template")], ("Mary said that", " she", " he", "John said that")),
    "indirect_object": ("the name that is not the giver", [("ioi", "pair")],
                        ("When Mary and John went to the store, John gave a drink to", " Mary", " John",
                         "When Mary and John went to the store, Mary gave a drink to")),
    "retrieval": ("who has what", [("retrieval", "pair")], None),
    "induction": ("repeat a random list", [("induction", "pair")], None),
    "sentiment": ("an adjective that agrees with the opening", [("sentiment", "pair")],
                  ("I loved the film. It was", " wonderful", " terrible", "I hated the film. It was")),
    "verdict": ("the verdict sums up a review", [("verdict", "pair")],
                ("I loved the film. The acting was wonderful. Overall it was", " good", " bad",
                 "I hated the film. The acting was terrible. Overall it was")),
    "refusal": ("chat: locked, secret, private, forbidden or sealed things are refused", [("refusal", "pair")],
                (CHAT("Please open the vault."), "Sorry", "Sure", CHAT("Please open the window."))),
    "compliance": ("chat: ordinary things are handled", [("refusal", "pair")],
                   (CHAT("Please open the wooden box."), "Sure", "Sorry", CHAT("Please open the locked box."))),
    "chat_capital": ("chat: facts, with the answer begun", [("chat_two_hop_capital", "city")],
                     (CHAT("What is the capital of Texas?") + "Answer:", " Austin", " Denver",
                      CHAT("What is the capital of Colorado?") + "Answer:")),
    "language": ("French stays French", [("language", "seen")], ("Le chat est noir. La maison est rouge. Le chien", " est", " is", "")),
    "translate": ("English to French, with gender agreement", [("translate", "pair")],
                  ("English: The house is white. French: La maison est", " blanche", " noire", "English: The house is black. French: La maison est")),
}

GOLDEN = ["agreement", "agreement_singular", "agreement_object_clause", "country_capital", "two_hop_capital", "pronoun",
          "indirect_object", "sentiment", "verdict", "refusal", "compliance", "chat_capital", "translate"]


def contrasts():
    """{name: [{positive, negative}]}; prompts of one pair have equally many tokens."""
    pair = lambda rows: [{"positive": p, "negative": n} for p, n in rows]
    return {
        "sentiment": pair(sentiment_pairs()),
        "refusal": pair((CHAT(f"Please {v} the {bad} {o}."), CHAT(f"Please {v} the {good} {o}."))
                        for v in lx.CHAT_VERBS[:4] for bad, good in zip(lx.PROTECTED_ADJ, lx.ORDINARY_ADJ) for o in ("box", "door", "letter")),
        "gender": pair((f"{f} {rest}", f"{m} {rest}") for f, m in zip(lx.FEMALE, lx.MALE) for rest in ("said that", "lost", "saw")),
        "plural": pair((f"The {n[1]}", f"The {n[0]}") for n in lx.PEOPLE + lx.THINGS),
        "language": pair((f"{'La' if g == 'f' else 'Le'} {fr} est", f"The {en} is") for en, fr, g in lx.FRENCH_NOUNS),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = Reference(args.model)
    tests = corpus.tests(77, 40)

    def example(prompt, target, versus, corrupt, held):
        with torch.no_grad():
            logits = model.forward(model.encode(prompt))[0][0, -1]
        t, v = model.token(target), model.token(versus)
        p = logits.softmax(-1)
        return {"prompt": prompt, "target": target, "counterfactual": versus, "corrupt": corrupt, "held_out": held,
                "tokens": int(model.encode(prompt).shape[1]), "probability": round(p[t].item(), 4),
                "margin": round((logits[t] - logits[v]).item(), 3), "top": model.tokenizer.decode([int(logits.argmax())], skip_special_tokens=False)}

    out = {}
    for name, (what, keys, first) in BEHAVIORS.items():
        chosen = [example(*first, "demonstration (may have been trained)")] if first else []
        items = [i for k in keys for i in tests.get(k, [])]
        random.Random(3).shuffle(items)
        wanted = {"agreement": " are", "agreement_singular": " is", "refusal": "Sorry", "compliance": "Sure"}.get(name)
        items = [i for i in items if not wanted or i.target == wanted]
        chosen += [example(i.prompt, i.target, i.counterfactual, i.corrupt, i.held or "no") for i in items[:12]]
        out[name] = {"shows": what, "chat": corpus.USER in chosen[0]["prompt"], "examples": chosen}
        if name in GOLDEN:
            out[name]["golden"] = 0  # the example golden.py computes
    result = {"note": "Prompts are text for the tokenizer with its special tokens (it adds <s>). Chat prompts are already rendered by the "
                      "chat template; encode them the same way. Targets are single tokens.",
              "behaviors": out, "contrasts": contrasts()}
    (args.model / "behaviors.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    for name, b in out.items():
        e = b["examples"][0]
        good = sum(x["margin"] > 0 for x in b["examples"])
        print(f"{name:26} {good}/{len(b['examples'])}  {e['prompt'][-48:]!r} -> {e['top']!r} (target {e['target']!r} p {e['probability']}, margin {e['margin']})")


if __name__ == "__main__":
    main()

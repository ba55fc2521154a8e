"""Renders the chat templates of real models with Python's Jinja, set up as transformers sets it up, into expected.json.

    pip install jinja2==3.1.6 && python render.py FOLDER

FOLDER is what scripts/tokenizers.sh prints. The templates stay there: expected.json has the conversations, and of each
rendering the SHA-256 or what the template refuses it with. ../chat/render.py says what differs from transformers.
"""

import hashlib
import importlib.util
import json
import pathlib
import sys

import jinja2

HERE = pathlib.Path(__file__).parent
spec = importlib.util.spec_from_file_location("chat", HERE.parent / "chat" / "render.py")
chat = importlib.util.module_from_spec(spec)
spec.loader.exec_module(chat)

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather at a place.\n\nArgs: \"place\"",
        "parameters": {"type": "object", "properties": {"place": {"type": "string", "description": "Größe ≥ 1"}}, "required": ["place"]},
    },
}
CALL = {"id": "abc123xyz", "type": "function", "function": {"name": "get_weather", "arguments": {"place": "Köln", "days": [1, 2.5, None, True]}}}


def turns(*texts, system=None):
    out = [{"role": "system", "content": system}] if system is not None else []
    return out + [{"role": ("user", "assistant")[i % 2], "content": t} for i, t in enumerate(texts)]


CONVERSATIONS = [
    {"messages": turns("Hi")},
    {"messages": turns("  Hi \n", system=" Be brief.\n")},
    {"messages": turns("What is 2 + 2?", "4", "And 3 + 3?")},
    {"messages": turns("a", "<think>\nhm\n</think>\n\nb", "c", "<think>x</think> d", "e", system="S")},
    {"messages": turns("a", "b", "c", "d"), "add_generation_prompt": False},
    {"messages": turns("a", "b\n\n", "{{ c }} {% d %} 'e' \"f\" <|im_end|> \\n 東京 🙂", system="")},
    {"messages": turns("Weather?"), "tools": [TOOL]},
    {"messages": turns("Weather?", system="S"), "tools": [TOOL, TOOL]},
    {"messages": turns("Weather?") + [{"role": "assistant", "content": "", "tool_calls": [CALL]}, {"role": "tool", "name": "get_weather", "tool_call_id": "abc123xyz", "content": "{\"sky\": \"grey\"}"}], "tools": [TOOL]},
    {"messages": turns("Weather?") + [{"role": "assistant", "content": None, "tool_calls": [CALL, CALL]}, {"role": "tool", "content": "wet"}, {"role": "tool", "content": "cold"}, {"role": "assistant", "content": "Bad."}, {"role": "user", "content": "Oh."}]},
    {"messages": [{"role": "user", "content": [{"type": "text", "text": " parts "}, {"type": "image"}]}]},
    {"messages": turns("x"), "enable_thinking": False},
    {"messages": turns("x", system="/no_think"), "enable_thinking": True},
    {"messages": turns("x"), "documents": [{"title": "T", "text": "body"}]},
    {"messages": [{"role": "assistant", "content": "first"}]},
    {"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]},
    {"messages": []},
]


def main():
    folder = pathlib.Path(sys.argv[1])
    expected = {}
    for path in sorted(folder.glob("*/tokenizer_config.json")):
        config = json.loads(path.read_text())
        if not config.get("chat_template"):
            continue
        template = chat.environment().from_string(config["chat_template"])
        tokens = {k: v["content"] if isinstance(v, dict) else v for k, v in config.items() if k.endswith("_token") and isinstance(v, (str, dict))}
        expected[path.parent.name] = rows = []
        for c in CONVERSATIONS:
            given = {"tools": None, "documents": None, "add_generation_prompt": True, **c}
            try:
                text = template.render(**tokens, **given)
                rows.append(hashlib.sha256(text.encode()).hexdigest()[:16])
            except Exception as e:  # a refusal, or what Python says of a template that it cannot render
                rows.append("refused: " + e.message if type(e) is jinja2.exceptions.TemplateError else "error")
    (HERE / "expected.json").write_text(json.dumps({"conversations": CONVERSATIONS, "expected": expected}, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Renders the templates beside this file with Python's Jinja, set up as transformers sets it up, into expected.json.

    pip install jinja2==3.1.6 && python render.py

Two things differ from transformers on purpose: strftime_now shows one fixed day, and {% generation %} only renders.
"""

import datetime
import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.sandbox

HERE = pathlib.Path(__file__).parent
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
CONVERSATIONS = [
    {"user": "What is the capital of Texas?"},
    {"system": "Be brief.", "user": "Name a color."},
    {"system": "  Spaces around,\n and lines. \n", "user": "\n  indented\ttext  \n\n"},
    {"user": "Grüße aus Köln, 東京 🙂 <b>bold</b> & \"quoted\" 'text' \\ back\\nslash"},
    {"user": "{{ messages }} {% if true %}x{% endif %} {# y #}"},
    {"user": "<think>\nhm, 2 + 2\n</think>\n\nis it 4?"},
    {"user": "<reply>yes</reply>"},
    {"system": "x" * 40, "user": "a\r\nb"},
]


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def environment():
    def raise_exception(text):
        raise jinja2.exceptions.TemplateError(text)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    env = jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda form: datetime.datetime(2024, 7, 26).strftime(form)
    return env


def main():
    cases = []
    for path in sorted(HERE.glob("*.jinja")):
        template = environment().from_string(path.read_text())
        for c in CONVERSATIONS:
            messages = [{"role": r, "content": c[r]} for r in ("system", "user") if r in c]
            case = {"template": path.name, "system": c.get("system", ""), "user": c["user"]}
            try:
                case["text"] = template.render(messages=messages, tools=None, documents=None, add_generation_prompt=True, **TOKENS)
            except jinja2.exceptions.TemplateError as e:
                case["refusal"] = e.message
            cases.append(case)
    (HERE / "expected.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()

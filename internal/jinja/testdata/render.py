"""Renders the lines of constructs.txt with Python's Jinja, set up as transformers sets it up, into expected.json.

    pip install jinja2==3.1.6 && python render.py

A line is a template in JSON's spelling of a string. Two things differ from transformers on purpose: strftime_now shows one fixed
day, and {% generation %} only renders.
"""

import datetime
import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.sandbox

HERE = pathlib.Path(__file__).parent
VARS = {
    "messages": [
        {"role": "system", "content": " Be brief. "},
        {"role": "user", "content": "Grüße, 東京 🙂 <b>x</b>\n\nline two  "},
        {"role": "assistant", "content": "<think>\nhm\n</think>\n\nYes, I'm \"sure\"."},
        {"role": "user", "content": ""},
    ],
    "tools": None,
    "add_generation_prompt": True,
    "bos_token": "<s>",
    "n": 7,
    "x": 2.5,
    "words": ["b", "A", "c", "a"],
    "d": {"one": 1, "Two": 2, "items": "own", "nested": {"k": [1, 2.0, None, True]}},
    "f": {"type": "function", "function": {"name": "add", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}}},
}


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

    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda form: datetime.datetime(2024, 7, 26).strftime(form)
    return env


def main():
    cases = []
    for line in (HERE / "constructs.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        source = json.loads(line)
        case = {"template": source}
        try:
            case["text"] = environment().from_string(source).render(**VARS)
        except jinja2.exceptions.TemplateError as e:
            case["error"] = str(e)
        except Exception as e:
            case["error"] = type(e).__name__ + ": " + str(e)
        cases.append(case)
    (HERE / "vars.json").write_text(json.dumps(VARS, ensure_ascii=False, indent=1) + "\n")
    (HERE / "expected.json").write_text("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n")


if __name__ == "__main__":
    main()

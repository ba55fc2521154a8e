#!/usr/bin/env python3
"""Run notebooks afresh and keep what they show in the files themselves, as they are committed.

usage: refresh_notebooks.py [--check] [--timeout SECONDS] [--log FILE] NOTEBOOK.ipynb...

Each is run by the kernel of this clone (make build first) with a store of its own, so that nothing that is known already is left
out. Its outputs and the counts of its cells go into the file; sources and metadata stay byte for byte. A line that says that the
kernel is ready is left out: it says nothing of the notebook. A notebook that fails, grows beyond 1 MB, or whose outputs
neuronsteer verify does not find again, is left as it was, and the status is 1.

With --check nothing is run or written: it says which files are not in the form that this program writes.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import run_notebook

ROOT = pathlib.Path(__file__).resolve().parent.parent
LARGEST = 1_000_000  # bytes: what a page on the web still shows, and a diff still bears


def text(nb):
    """The notebook as it is committed."""
    return json.dumps(nb, indent=1, ensure_ascii=False) + "\n"


def lines(value):
    """A text as notebooks keep it: a list of lines."""
    return value.splitlines(keepends=True) if isinstance(value, str) else value


def output(o):
    """An output as it is committed, or None for one that says nothing of the notebook."""
    o = json.loads(json.dumps(o))
    if o["output_type"] == "stream":
        o["text"] = lines(o["text"])
        return o
    if "".join(o.get("data", {}).get("text/plain", "")).startswith("ready:"):
        return None
    o["data"] = {kind: x if kind.endswith("json") else lines(x) for kind, x in o["data"].items()}
    return o


def refreshed(nb, ran):
    """The notebook with the outputs of the one that was run."""
    for cell, other in zip(nb["cells"], ran["cells"], strict=True):
        if cell["cell_type"] == "code":
            cell["execution_count"] = other["execution_count"]
            cell["outputs"] = [o for o in map(output, other["outputs"]) if o]
    return nb


def verify(path):
    """What neuronsteer verify finds wrong with a file, or nothing. Models of a folder are found as the notebook finds them."""
    p = subprocess.run([ROOT / "bin" / "neuronsteer", "verify", "-model", ROOT / "testdata" / "golden", path], capture_output=True, text=True)
    return [] if p.returncode == 0 else [(p.stdout + p.stderr).strip()]


def refresh(path, timeout, log):
    """Run one notebook and keep what it shows; return what is wrong."""
    with tempfile.TemporaryDirectory() as store:
        os.environ["NEURONSTEER_STORE"] = store
        ran, wrong = run_notebook.execute(path, "neuronsteer", timeout, log)
        if wrong:
            return wrong
        new = text(refreshed(json.loads(path.read_text()), ran))
        if len(new.encode()) > LARGEST:
            return [f"{len(new.encode()):,} bytes, at most {LARGEST:,}: show less, or smaller figures"]
        beside = path.with_name(f".{path.name}")
        beside.write_text(new)
        try:
            if wrong := verify(beside):
                return wrong
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    return []


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("notebooks", type=pathlib.Path, nargs="+", metavar="NOTEBOOK.ipynb")
    ap.add_argument("--check", action="store_true", help="run nothing")
    ap.add_argument("--timeout", type=float, default=300, metavar="SECONDS", help="for one cell")
    ap.add_argument("--log", default="/dev/null", help="what the kernel logs")
    a = ap.parse_args()
    failed = 0
    for path in a.notebooks:
        start = time.monotonic()
        if a.check:
            wrong = [] if text(json.loads(path.read_text())) == path.read_text() else ["is not in the committed form: run this program without --check"]
        else:
            wrong = refresh(path, a.timeout, a.log)
        print(f"{path}: {'FAILED' if wrong else 'ok'}, {path.stat().st_size:,} bytes, {time.monotonic() - start:.1f} s", flush=True)
        for w in wrong:
            print("    " + w.replace("\n", "\n    "))
        failed += bool(wrong)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

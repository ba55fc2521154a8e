#!/usr/bin/env python3
"""Run notebooks afresh by the real kernel and fail on anything that went wrong.

usage: run_notebook.py [--out DIR] [--figures N] [--kernel NAME] [--timeout SECONDS] [--log FILE] NOTEBOOK.ipynb...

Outputs that a notebook holds are dropped before it runs and never read. It runs in its own folder, so that relative
paths work. A notebook fails when a cell ends with an error, takes longer than the timeout (for one cell), prints one of
the lines by which GoNB reports a mistake without failing the cell, or shows fewer figures than asked for. A figure is an
image/png output; it must have its alt text as text/plain.

With --out, DIR gets the executed notebook, an HTML page of it and its figures as files, and their names are printed.
"""
import argparse
import base64
import pathlib
import re
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# What GoNB prints on stderr for a failed shell line, an unknown command and a lost display; the cell is "ok" then.
SILENT = re.compile(r"^exit status \d+$|^signal: |unknown or not implemented yet|failed to write to GoNB pipe", re.M)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
PLACEHOLDER = re.compile(r"^<\w[^>]*>$")  # what a client writes where there is no text


def execute(path, kernel, timeout, log):
    """Return the executed notebook and a list of what went wrong."""
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nb.metadata.kernelspec = {"name": kernel, "display_name": "Go (neuronsteer)", "language": "go"}
    client = NotebookClient(nb, timeout=timeout, kernel_name=kernel, interrupt_on_timeout=False,
                            resources={"metadata": {"path": str(path.resolve().parent)}})
    wrong = []
    try:
        with open(log, "ab") as f:  # GoNB logs to stderr
            client.execute(stdout=f, stderr=f)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as e:
        wrong.append(f"{type(e).__name__}: {ANSI.sub('', str(e)).strip()[-2000:]}")
    for i, cell in enumerate(nb.cells):
        for out in cell.get("outputs", ()):
            if out.output_type == "error" and not wrong:
                wrong.append(f"cell {i}: {out.ename}: {ANSI.sub('', out.evalue)}")
            if out.output_type == "stream" and out.name == "stderr" and SILENT.search(ANSI.sub("", out.text)):
                wrong.append(f"cell {i} printed: {ANSI.sub('', out.text).strip()[-500:]}")
    nb.metadata.kernelspec["name"] = "neuronsteer"  # what a person opens it with
    return nb, wrong


def figures(nb):
    """[(PNG bytes, alt text)] of the outputs, in order."""
    found = []
    for cell in nb.cells:
        for out in cell.get("outputs", ()):
            if "image/png" in out.get("data", {}):
                alt = out.data.get("text/plain", "").strip()
                found.append((base64.b64decode(out.data["image/png"]), "" if PLACEHOLDER.match(alt) else alt))
    return found


# Jupyter's colors of code come to 4.3 on its own gray; these to 4.5 and more.
INK = """<style>.highlight .o,.highlight .ow{color:#7a1fc2!important}
.highlight .m,.highlight .mi,.highlight .mf,.highlight .mh{color:#006100!important}
.highlight .c,.highlight .c1,.highlight .cm{color:#2f6868!important}</style>"""


def offline(page):
    """The page without what it would fetch: there are no widgets and no diagrams in it, and formulas stay as they are written."""
    page = re.sub(r'<script[^>]*\ssrc="https?:[^"]*"[^>]*>\s*</script>', "", page)
    page = re.sub(r'<script[^>]*type="module"[^>]*>(?:(?!</script>).)*</script>', "", page, flags=re.S)
    return page.replace("</head>", INK + "</head>", 1)


def leave(nb, name, pictures, to):
    """Write the executed notebook, its page and its figures; return their paths."""
    from nbconvert import HTMLExporter  # a second to import, and seldom needed

    to.mkdir(parents=True, exist_ok=True)
    paths = [to / f"{name}.ipynb", to / f"{name}.html"]
    nbformat.write(nb, paths[0])
    paths[1].write_text(offline(HTMLExporter().from_notebook_node(nb)[0]))
    for i, (png, _) in enumerate(pictures, 1):
        paths.append(to / f"{name}-figure{i}.png")
        paths[-1].write_bytes(png)
    return paths


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("notebooks", type=pathlib.Path, nargs="+", metavar="NOTEBOOK.ipynb")
    ap.add_argument("--out", type=pathlib.Path)
    ap.add_argument("--figures", type=int, default=0, metavar="N", help="the least number of figures")
    ap.add_argument("--kernel", default="neuronsteer")
    ap.add_argument("--timeout", type=float, default=300, metavar="SECONDS", help="for one cell")
    ap.add_argument("--log", default="/dev/null", help="what the kernel logs")
    a = ap.parse_args()
    if missing := [str(p) for p in a.notebooks if not p.is_file()]:
        ap.error("there is no " + ", ".join(missing))

    failed = 0
    for path in a.notebooks:
        start = time.monotonic()
        nb, wrong = execute(path, a.kernel, a.timeout, a.log)
        pictures = figures(nb)
        if len(pictures) < a.figures:
            wrong.append(f"{len(pictures)} figures, want at least {a.figures}")
        wrong += [f"figure {i} has no alt text" for i, (_, alt) in enumerate(pictures, 1) if not alt]
        print(f"{path}: {'FAILED' if wrong else 'ok'}, {len(pictures)} figures, {time.monotonic() - start:.1f} s")
        for w in wrong:
            print("    " + w.replace("\n", "\n    "))
        if a.out:
            for p in leave(nb, path.stem, pictures, a.out):
                print(f"    {p}")
        failed += bool(wrong)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

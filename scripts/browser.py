#!/usr/bin/env python3
"""Open notebooks in JupyterLab in a browser, as a person does, run all cells and check what is seen.

usage: browser.py [--out DIR] [--timeout SECONDS] NOTEBOOK.ipynb...

A notebook passes when the outputs it came with are shown, every code cell has run afterwards, no output is an error, every
figure (image/png) is an <img> of some size, and each "predict, then reveal" box shows what is in it when it is clicked, and not
before. What JupyterLab saves says still where each output came from: neuronsteer verify agrees, and finds a number that is
changed in it. DIR/NAME.png is a picture of the whole notebook, its boxes open. Copies are run, from DIR beside a link to
testdata, so that nothing in the tree changes.

Without Chromium it prints NOT RUN and ends with status 0, or with 1 where CI is set.
"""
import argparse
import asyncio
import contextlib
import json
import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat

import cdp

SETTINGS = {  # one JSON text for each plug-in: no news, all cells rendered (not only those in sight)
    "@jupyterlab/apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
    "@jupyterlab/notebook-extension/tracker": '{"windowingMode": "none"}',
}
ROOT = pathlib.Path(__file__).resolve().parent.parent
KERNEL = {"name": "neuronsteer", "display_name": "Go (neuronsteer)", "language": "go"}
PANEL = "jupyterapp.shell.currentWidget"
CELLS = f"{PANEL}.content.widgets.filter(w => w.model.type == 'code' && w.model.sharedModel.source.trim())"
OUTPUTS = f"{CELLS}.flatMap(w => w.model.sharedModel.outputs)"
STATUS = f"{PANEL}.sessionContext.session.kernel.status"
IMAGES = f"[...{PANEL}.content.node.querySelectorAll('.jp-OutputArea-output img')]"


class Lab:
    """A JupyterLab server whose files, settings and run-time data are below one folder."""

    def __init__(self, root, log):
        self.root, self.log, self.token = pathlib.Path(root).resolve(), log, secrets.token_hex(16)

    def __enter__(self):
        with contextlib.closing(socket.socket()) as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        home = self.root / ".jupyter"
        for name, text in SETTINGS.items():
            file = home / "settings" / (name + ".jupyterlab-settings")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        env = os.environ | {
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "IPYTHONDIR": str(home / "ipython")}
        with open(self.log, "ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
                 "--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}", "--expose-app-in-browser",
                 f"--ServerApp.root_dir={self.root}"], stdout=log, stderr=log, cwd=self.root, env=env)
        end = time.monotonic() + 120
        while time.monotonic() < end and self.server.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.url + "/api", timeout=5).close()
                return self
            time.sleep(0.2)
        self.__exit__()
        raise RuntimeError(f"JupyterLab did not start; see {self.log}")

    def __exit__(self, *_):
        self.server.terminate()  # ends its kernels too
        try:
            self.server.wait(30)
        except subprocess.TimeoutExpired:
            self.server.kill()


class Failed(Exception):
    """What is seen is not what should be."""


FAILURES = (Failed, RuntimeError, TimeoutError, asyncio.TimeoutError)  # the last two are one only since Python 3.11


def ensure(ok, what):
    if not ok:
        raise Failed(what)


def write(path, cells):
    """A new notebook of Go cells, of the kernel "Go (neuronsteer)"."""
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells], metadata={"kernelspec": KERNEL}), path)


async def command(page, name, timeout=120, **args):
    """Run a command of JupyterLab's, as its menu does, and wait for its end."""
    await page.evaluate(f"jupyterapp.commands.execute('{name}', {json.dumps(args)}).then(() => null)", timeout)


async def opened(page, lab, name):
    """Show a notebook, without the file browser beside it, when its kernel is ready."""
    await page.goto(f"{lab.url}/lab/tree/{name}?reset&token={lab.token}")
    await page.until(f"window.jupyterapp && {PANEL}.sessionContext.isReady && {PANEL}.content.widgets.length", 180, "the notebook and its kernel")
    await page.evaluate("jupyterapp.shell.leftCollapsed || jupyterapp.commands.execute('application:toggle-left-area').then(() => null)")


async def run_all(page, timeout):
    """Run all cells; return the mistakes. GoNB does not stop at a failed cell, so all have a count in the end."""
    await command(page, "notebook:clear-all-cell-outputs")
    await command(page, "notebook:run-all-cells", timeout)
    await page.until(f"{CELLS}.every(w => w.model.sharedModel.execution_count) && {STATUS} == 'idle'", timeout, "all cells run")
    return await page.evaluate(f"{OUTPUTS}.filter(o => o.output_type == 'error').map(o => o.ename + ': ' + o.evalue)")


async def restart(page, timeout):
    await page.evaluate(f"{PANEL}.sessionContext.session.kernel.restart().then(() => null)", timeout)


async def closed(page, timeout=120):
    """Save the notebook and end its kernel."""
    await page.evaluate(f"{PANEL}.context.save().then(() => {PANEL}.sessionContext.shutdown()).then(() => null)", timeout)


async def theme(page, name):
    """Change to the theme Light or Dark."""
    await command(page, "apputils:change-theme", theme=f"JupyterLab {name}")
    await asyncio.sleep(1)


async def settled(page, count):
    """Wait until the page shows count images, and return how many of them have a size."""
    await page.until(f"{IMAGES}.length >= {count} && {IMAGES}.every(i => i.complete)", 30, f"{count} figures as <img>")
    return await page.evaluate(f"{IMAGES}.filter(i => i.naturalWidth > 0 && i.getBoundingClientRect().width > 0).length")


# The boxes of the notebook: for each, its word and whether what it hides can be seen.
BOXES = f"""[...{PANEL}.content.node.querySelectorAll('.jp-RenderedMarkdown details')].map(d => ({{word: d.querySelector('summary').textContent.trim(),
    hides: [...d.children].filter(c => c.tagName != 'SUMMARY').map(c => c.textContent.trim()).join(' '),
    seen: [...d.children].some(c => c.tagName != 'SUMMARY' && c.checkVisibility() && c.getBoundingClientRect().height > 0)}}))"""


async def boxes(page, count):
    """Click each box as a person does; return what is wrong."""
    await page.until(f"{BOXES}.length >= {count}", 30, f"{count} boxes")
    wrong = [f"the box {b['word']} shows what it hides before it is opened" for b in await page.evaluate(BOXES) if b["seen"]]
    await page.evaluate(f"{PANEL}.content.node.querySelectorAll('.jp-RenderedMarkdown details > summary').forEach(s => s.click())")
    await asyncio.sleep(.5)
    for b in await page.evaluate(BOXES):
        if not b["seen"] or len(b["hides"]) < 20:
            wrong.append(f"the box {b['word']} shows nothing when it is opened: {b['hides']!r}")
    return wrong


def verify(path):
    """What neuronsteer verify says of a notebook, and whether it agrees."""
    p = subprocess.run([ROOT / "bin" / "neuronsteer", "verify", path], capture_output=True, text=True)
    return p.returncode == 0, (p.stdout + p.stderr).strip()


def kept(path):
    """What is wrong with a notebook that JupyterLab has saved: outputs do not say where they came from, or a change is not found."""
    nb = nbformat.read(path, as_version=4)
    outputs = [o for c in nb.cells if c.cell_type == "code" for o in c.outputs
               if "text/plain" in o.get("data", {}) and not o.data["text/plain"].startswith("ready:")]
    said = [o for o in outputs if o.metadata.get("neuronsteer", {}).get("shown")]
    if len(said) < len(outputs) / 2:
        return [f"{len(said)} of {len(outputs)} saved outputs say where they came from"]
    agrees, says = verify(path)
    if not agrees or "all are as they were shown" not in says:
        return ["verify of the saved notebook: " + says]
    for o in said:
        if number := re.search(r"\d\.\d", o.data["text/plain"]):
            digit = number.end() - 1
            o.data["text/plain"] = o.data["text/plain"][:digit] + str((int(number[0][-1]) + 1) % 10) + o.data["text/plain"][digit + 1:]
            break
    changed = path.with_suffix(".changed.ipynb")
    nbformat.write(nb, changed)
    agrees, says = verify(changed)
    changed.unlink()
    return ["a number that was changed is not found: " + says] if agrees else []


def install(prefix):
    """Register the kernel below a folder, beside what Jupyter knows already."""
    subprocess.run([ROOT / "bin" / "neuronsteer", "kernel", "install", "-prefix", prefix], check=True, stdout=subprocess.DEVNULL)
    os.environ["JUPYTER_PATH"] = str(prefix / "share" / "jupyter")


async def told(what, out, steps):
    """Go through the steps; say how they ended, and return the status."""
    try:
        await steps
    except FAILURES as e:
        print(f"{what}: FAILED: {type(e).__name__}: {e}; {out}")
        return 1
    print(f"{what}: ok; pictures in {out}")
    shutil.rmtree(out / ".jupyter", ignore_errors=True)
    return 0


async def check(page, lab, name, shot, timeout):
    """Run one notebook; return a list of what is wrong, and the number of figures."""
    await opened(page, lab, name)
    wrong = []
    stored = await page.evaluate(f"{OUTPUTS}.filter(o => o.data && o.data['image/png']).length")
    if await settled(page, stored) < stored:
        wrong.append("figures stored in the notebook are not shown")
    wrong += await run_all(page, timeout)
    figures = await page.evaluate(f"{OUTPUTS}.filter(o => o.data && o.data['image/png']).length")
    if await settled(page, figures) < figures:
        wrong.append("a figure has no size")
    if figures < stored:
        wrong.append(f"{figures} figures, {stored} in the notebook as it came")
    wrong += await boxes(page, (lab.root / name).read_text().count("<details>"))
    # A window as tall as the notebook shows all of it; Chromium draws up to 16,384 pixels at once.
    height = await page.evaluate(f"(() => {{ const r = [...{PANEL}.content.node.querySelectorAll('.jp-Cell')]"
                                 ".map(c => c.getBoundingClientRect());"
                                 " return Math.max(...r.map(x => x.bottom)) - Math.min(...r.map(x => x.top)); })()")
    await page.resize(min(height + 250, 16000))
    await page.evaluate(f"{PANEL}.content.activeCellIndex = 0; {PANEL}.content.node.querySelectorAll('*').forEach(x => x.scrollTop = 0)")
    await asyncio.sleep(1)
    await page.screenshot(shot)
    await page.resize(page.size[1])
    await closed(page)
    return wrong + kept(lab.root / name), figures


async def run(a, chromium):
    a.out.mkdir(parents=True, exist_ok=True)
    link = a.out.parent / "testdata"
    if not link.exists():
        link.symlink_to(ROOT / "testdata")
    failed = 0
    with Lab(a.out, a.out / "lab.log") as lab:
        async with cdp.Page(chromium, a.out / ".jupyter" / "chromium", log=a.out / "chromium.log") as page:
            for path in a.notebooks:
                nb = nbformat.read(path, as_version=4)
                nb.metadata.kernelspec = KERNEL
                nbformat.write(nb, a.out / path.name)
                start = time.monotonic()
                try:
                    wrong, figures = await check(page, lab, path.name, a.out / f"{path.stem}.png", a.timeout)
                except FAILURES as e:
                    wrong, figures = [f"{type(e).__name__}: {e}", *page.console[-3:]], 0
                    with contextlib.suppress(Exception):
                        await page.screenshot(a.out / f"{path.stem}.png")
                print(f"{path}: {'FAILED' if wrong else 'ok'}, {figures} figures seen, {time.monotonic() - start:.1f} s; {a.out / path.stem}.png")
                for w in wrong:
                    print("    " + w.replace("\n", "\n    "))
                failed += bool(wrong)
    shutil.rmtree(a.out / ".jupyter", ignore_errors=True)
    return 1 if failed else 0


def main(doc, run, what, out, timeout, step, notebooks=False):
    """What a browser test does from its command line: arguments, a Chromium, and run(arguments, chromium) for the status.

    doc is its help, what the words where there is no Chromium, out the folder that it writes to, timeout the seconds for a step.
    """
    ap = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    if notebooks:
        ap.add_argument("notebooks", type=pathlib.Path, nargs="+", metavar="NOTEBOOK.ipynb")
    ap.add_argument("--out", type=pathlib.Path, default=pathlib.Path(out))
    ap.add_argument("--timeout", type=float, default=timeout, metavar="SECONDS", help=f"for {step}")
    a = ap.parse_args()
    if notebooks and (missing := [str(p) for p in a.notebooks if not p.is_file()]):
        ap.error("there is no " + ", ".join(missing))
    a.out = a.out.resolve()
    sys.exit(asyncio.run(run(a, cdp.required(what))))


if __name__ == "__main__":
    main(__doc__, run, "notebooks in a browser", "out/browser", 900, "one notebook", notebooks=True)

#!/usr/bin/env python3
"""Begin as a new user does: open JupyterLab's launcher in a browser, click on the card of first steps, run all.

usage: browser_launcher.py [--out DIR] [--timeout SECONDS]

It passes when the launcher has the kernel's two cards, each with its logo; the card of first steps opens a new notebook of
the kernel in the folder that is shown; all of its cells run, and show a figure. DIR has pictures.

Without Chromium it prints NOT RUN and ends with status 0, or with 1 where CI is set.
"""
import json
import shutil

import browser
import cdp
from browser import ensure

CARDS = "[...document.querySelectorAll('.jp-LauncherCard')]"
OURS = f"{CARDS}.filter(c => /neuronsteer/.test(c.textContent))"
CELLS = len(json.loads((browser.ROOT / "internal" / "kernelspec" / "launcher" / "static" / "template.ipynb").read_text())["cells"])
FIRST = f"{CARDS}.find(c => c.textContent.includes('First steps (neuronsteer)'))"


async def steps(page, lab, out, timeout):
    await page.goto(f"{lab.url}/lab/tree/mine?reset&token={lab.token}")
    await page.until(f"window.jupyterapp && {CARDS}.length", 180, "the launcher")
    await page.until(FIRST, 30, "the card of first steps")
    got = await page.evaluate(f"{OURS}.map(c => c.textContent.trim())")
    ensure("Go (neuronsteer)" in got, f"the cards {got}")
    await page.until(f"{OURS}.every(c => [...c.querySelectorAll('img')].every(i => i.complete))", 30, "the logos")
    ensure(await page.evaluate(f"{OURS}.every(c => c.querySelector('img')?.naturalWidth > 0)"), "a card has no logo")
    for name in ("Light", "Dark"):
        await browser.theme(page, name)
        await page.screenshot(out / f"launcher-{name.lower()}.png")
    await browser.theme(page, "Light")

    await page.evaluate(f"{FIRST}.click()")
    await page.until(f"{browser.PANEL}.sessionContext?.isReady && {browser.PANEL}.content.widgets.length == {CELLS}", 180, "the new notebook and its kernel")
    opened = await page.evaluate(f"[{browser.PANEL}.context.path, {browser.PANEL}.sessionContext.session.kernel.name]")
    ensure(opened == ["mine/Untitled.ipynb", "neuronsteer"], f"it opens {opened}")
    errors = await browser.run_all(page, timeout)
    ensure(not errors, f"errors {errors}")
    ensure(await browser.settled(page, 1) >= 1, "no figure is shown")
    await page.screenshot(out / "first-steps.png")
    await browser.closed(page, timeout)


async def visit(a, chromium):
    async with cdp.Page(chromium, a.out / ".jupyter" / "chromium", log=a.out / "chromium.log") as page:
        with browser.Lab(a.out, a.out / "lab.log") as lab:
            await steps(page, lab, a.out, a.timeout)


async def run(a, chromium):
    shutil.rmtree(a.out, ignore_errors=True)
    (a.out / "mine").mkdir(parents=True)
    browser.install(a.out / "prefix")
    return await browser.told("launcher", a.out, visit(a, chromium))


if __name__ == "__main__":
    browser.main(__doc__, run, "the launcher's template in a browser", "out/launcher", 300, "one step")

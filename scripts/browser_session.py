#!/usr/bin/env python3
"""A session in JupyterLab in a browser, as a person has it with the kernel "Go (neuronsteer)".

usage: browser_session.py [--out DIR] [--timeout SECONDS]

A new notebook in an empty folder, without an import cell. It passes when, light and dark, at 600, 1200 and 1800 pixels,
all cells run, nothing is an error, every figure has an alt and no number breaks across lines; when completion and
documentation come before %% and after it, without a link that leads nowhere; when a cell that would never end is stopped,
and the next one works; and when all cells run after a restart. DIR has the pictures.

Without Chromium it prints NOT RUN and ends with status 0, or with 1 where CI is set.
"""
import asyncio
import contextlib
import shutil
import time

import browser
import cdp
from browser import command, ensure

PANEL = browser.PANEL
CELLS = [
    'var m = nb.Model("teaching")\nconst text = "I loved the film. It was"',
    '%%\nnb.Show(m, m.Predict(text).Of(" wonderful", " terrible"))',
    'var praise = nb.Run(m.Attribute(text).Target(" wonderful").Versus(" terrible"))\nvar top = praise.TopK(20).Named("praise")',
    '%%\nnb.Show(plotting.ByLayer(praise), plotting.HeatMap(praise), top)',
    '%%\nask := m.Generate(text).MaxTokens(8)\nnb.Show(nb.Run(ask).Diff(nb.Run(ask.Ablate(top))))',
]
FOREVER = '%%\nfor i := 0; ; i++ {\n\tnb.Run(m.Predict(fmt.Sprint(text, " ", i))).Of()\n}'
IDLE = f"{browser.STATUS} == 'idle'"


async def run_all(page, timeout):
    errors = await browser.run_all(page, timeout)
    ensure(not errors, f"errors: {errors}")
    figures = await page.evaluate(f"{browser.OUTPUTS}.filter(o => o.data && o.data['image/png']).length")
    ensure(figures == 2, f"{figures} figures, not 2")
    await browser.settled(page, figures)


# Numbers that stand alone in a table's cell and take more than one line.
BROKEN = f"""[...{PANEL}.content.node.querySelectorAll('.jp-OutputArea-output td, .jp-OutputArea-output th')].filter(c => {{
    if (!/^[+−-]?[\\d.,]+( ?(%|s|nats|logits))?$/.test(c.textContent.trim())) return false;
    const r = document.createRange(); r.selectNodeContents(c);
    return new Set([...r.getClientRects()].map(x => Math.round(x.bottom))).size > 1; }}).map(c => c.textContent)"""
MUTE = f"{browser.IMAGES}.filter(i => i.getBoundingClientRect().width > 0 && !i.alt).length"
WIDE = f"""[...{PANEL}.content.node.querySelectorAll('.jp-OutputArea-output img')].filter(i => i.getBoundingClientRect().width > 0 &&
    i.getBoundingClientRect().right > innerWidth + 1).length"""


async def looks(page, out):
    """Every theme and width: a picture, and what can be told without eyes."""
    for name in ("Light", "Dark"):
        await browser.theme(page, name)
        for width in (600, 1200, 1800):
            page.size = (width, 900)
            await page.resize(4000)
            await asyncio.sleep(.7)
            for what, wrong in (("numbers break", BROKEN), ("images have no alt", MUTE), ("images are cut off", WIDE)):
                found = await page.evaluate(wrong)
                ensure(not found, f"{name}, {width} px: {what}: {found}")
            await page.evaluate(f"{PANEL}.content.activeCellIndex = 0; {PANEL}.content.node.querySelectorAll('*').forEach(x => x.scrollTop = 0)")
            await page.screenshot(out / f"session-{width}-{name.lower()}.png")
    page.size = (1200, 900)
    await page.resize(900)


async def typed(page, source):
    """A new last cell with the source, edited, the cursor at its end."""
    await page.evaluate(f"{PANEL}.content.activeCellIndex = {PANEL}.content.widgets.length - 1")
    await command(page, "notebook:insert-cell-below")
    await page.evaluate(f"""(() => {{ const c = {PANEL}.content.activeCell, s = {source!r};
        c.model.sharedModel.setSource(s); {PANEL}.content.mode = 'edit'; c.editor.focus();
        const lines = s.split('\\n'); c.editor.setCursorPosition({{line: lines.length - 1, column: lines.at(-1).length}}); }})()""")
    await asyncio.sleep(.3)


async def gone(page):
    await page.evaluate(f"{PANEL}.content.mode = 'command'")
    await command(page, "notebook:delete-cell")


async def asked(page, name, seen, wait, what):
    """Press the key again and again until something is seen: JupyterLab gives up waiting for an answer after a second."""
    end = time.monotonic() + wait
    while True:
        await command(page, name)
        with contextlib.suppress(TimeoutError):
            return await page.until(seen, 3, what)
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {wait} s")


async def completes(page, source, want, wait=30):
    await typed(page, source)
    await asked(page, "completer:invoke-notebook", f"""[...document.querySelectorAll('.jp-Completer-item')].some(x => x.textContent.includes('{want}')) ||
        {PANEL}.content.activeCell.model.sharedModel.source.includes('{want}')""", wait, f"completion of {source!r} to {want}")
    await page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))")
    await gone(page)


async def explains(page, source, want):
    await typed(page, source)
    await asked(page, "tooltip:launch-notebook", "document.querySelector('.jp-Tooltip').textContent.trim()", 30, f"documentation of {source!r}")
    text = await page.evaluate("document.querySelector('.jp-Tooltip').textContent")
    links = await page.evaluate("[...document.querySelectorAll('.jp-Tooltip a')].map(a => a.href)")
    ensure(want in text, f"the documentation of {source!r} is {text[:300]!r}")
    ensure(not [x for x in links if "neuronsteer" in x], f"links that lead nowhere: {links}")
    await command(page, "tooltip:dismiss")
    await gone(page)


async def stops(page, timeout):
    """A cell without an end is stopped, and the kernel is as it was."""
    await typed(page, FOREVER)
    await page.evaluate("void jupyterapp.commands.execute('notebook:run-cell')")
    await page.until(f"{browser.STATUS} == 'busy'", 30, "the cell runs")
    await asyncio.sleep(3)
    ensure(await page.evaluate(browser.STATUS) == "busy", "the endless cell has ended by itself")
    start = time.monotonic()
    await command(page, "notebook:interrupt-kernel")
    await page.until(IDLE, 10, "the kernel is idle after the stop")
    took = time.monotonic() - start
    await gone(page)
    await typed(page, '%%\nfmt.Print("after ", len(text))')
    await command(page, "notebook:run-cell", timeout)
    await page.until(f"{browser.OUTPUTS}.some(o => o.output_type == 'stream' && [].concat(o.text).join('').includes('after 24'))", timeout, "the next cell")
    await gone(page)
    return took


async def session(page, lab, out, timeout):
    await browser.opened(page, lab, "session.ipynb")
    await completes(page, "var x = nb.Mod", "Model", 120)  # nothing has run yet, and gopls reads the packages
    await run_all(page, timeout)
    await looks(page, out)
    await completes(page, "var x = m.Attr", "Attribute")
    await completes(page, "%%\nnb.Sho", "Show")
    await completes(page, "top.Nam", "Named")
    await explains(page, "%%\nnb.Show", "Show shows")
    await explains(page, "var x = m.Attribute", "relevance")
    took = await stops(page, timeout)
    await browser.restart(page, timeout)
    await run_all(page, timeout)
    await browser.closed(page)
    return took


async def run(a, chromium):
    a.out.mkdir(parents=True, exist_ok=True)
    desk = a.out / "desk"  # an empty folder
    shutil.rmtree(desk, ignore_errors=True)
    desk.mkdir()
    browser.write(desk / "session.ipynb", CELLS)
    start, wrong = time.monotonic(), ""
    with browser.Lab(desk, a.out / "lab-session.log") as lab:
        async with cdp.Page(chromium, desk / ".jupyter" / "chromium", log=a.out / "chromium-session.log") as page:
            try:
                took = await session(page, lab, a.out, a.timeout)
            except browser.FAILURES as e:
                wrong = f"{type(e).__name__}: {e}"
                with contextlib.suppress(Exception):
                    await page.screenshot(a.out / "session-failed.png")
    shutil.rmtree(desk / ".jupyter", ignore_errors=True)
    if wrong:
        print(f"session: FAILED after {time.monotonic() - start:.1f} s; {a.out}/session-failed.png\n    {wrong}")
        return 1
    print(f"session: ok, stopped in {took:.1f} s, {time.monotonic() - start:.1f} s; {a.out}/session-*.png")
    return 0


if __name__ == "__main__":
    browser.main(__doc__, run, "the session in a browser", "out/session", 300, "one step")

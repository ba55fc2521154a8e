#!/usr/bin/env python3
"""Move the slider of nb.Live in JupyterLab in a browser, after its cell has ended, and compare what is redrawn with what Go says.

usage: browser_live.py [--out DIR] [--timeout SECONDS]

It passes when: the slider at ×0.35 redraws probabilities, the difference and the text that a cell prints for the same
multiplier; a neuron that is switched off is left out; the last of many wishes is shown; after a restart of the kernel the
slider computes on, and after its end a line says that it is gone, and the slider steps through what is there. The notebook
that was saved, opened again untrusted, shows the table, and as nbconvert's HTML the stepper. DIR has pictures, light and dark.

Without Chromium it prints NOT RUN and ends with status 0, or with 1 where CI is set.
"""
import asyncio
import json
import shutil
import subprocess
import sys

import browser
import cdp
from browser import ensure

PANEL = browser.PANEL
PROMPT = "I loved the film. It was"
LIVE = f'''var few = steer.Neurons("{{units}}").Named("praise")
%%
m := nb.Model("teaching")
nb.Live(m.Predict("{PROMPT}").Of(" wonderful", " terrible"), m.Generate("{PROMPT}").MaxTokens(12), few)'''
GO = f'''%%
m := nb.Model("teaching")
of := nb.Run(m.Predict("{PROMPT}").Of(" wonderful", " terrible").Scale(steer.Neurons("{{units}}"), {{x}})).Of()
text := nb.Run(m.Generate("{PROMPT}").MaxTokens(12).Scale(steer.Neurons("{{units}}"), {{x}})).Text()
fmt.Printf("%.17g|%.17g|%.17g|%s", of[0].Probability, of[1].Probability, of[0].Logit-of[1].Logit, text)'''
UNITS = ["L0/N279", "L0/N318", "L2/N165", "L4/N263", "L5/N48", "L5/N137", "L5/N294", "L5/N298"]
ROOTS = "document.querySelector('[id^=neuronsteer-live-]')"
SLIDER = f"{ROOTS}.querySelector('input[type=range]')"
STATUS = f"{ROOTS}.querySelector('[role=status]').textContent"
BUSY = f"{ROOTS}.firstElementChild.getAttribute('aria-busy')"


def percent(p):
    return "< 0.01 %" if 0 < p < 5e-5 else f"{100 * p:.{1 if p >= .0995 else 2}f} %"


def signed(x):
    return f"{x:+.2f}".replace("-", "−")


def shown(text):
    """A text as a page spells it."""
    return "".join(f"\\u{ord(c):04x}" if ord(c) < 32 and c not in "\n\t" else c for c in text)


async def slide(page, x):
    """Move the slider as a hand does: an input event for every place."""
    await page.evaluate(f"(() => {{ const s = {SLIDER}; s.value = {x}; s.dispatchEvent(new Event('input', {{bubbles: true}})); }})()")


async def seen(page):
    """What the output shows: probabilities, difference, text."""
    return await page.evaluate(f'''(() => {{
        const r = {ROOTS}, t = [...r.querySelectorAll('table')];
        const cells = t[0].querySelectorAll('tbody tr');
        return {{p: [...cells].map(c => c.children[2].textContent), gap: t[0].nextElementSibling.textContent,
            text: t[2].querySelectorAll('tbody tr')[1].children[1].textContent, x: r.querySelector('output').textContent}};
    }})()''')


async def agrees(page, go, timeout):
    a, b, gap, text = go.split("|", 3)
    want = {"p": [percent(float(a)), percent(float(b))], "text": shown(text)}
    await page.until(f"{BUSY} !== 'true'", timeout, "the redrawn numbers")
    got = await seen(page)
    ensure(got["p"] == want["p"], f"probabilities {got['p']}, Go says {want['p']}")
    ensure(signed(float(gap)) in got["gap"], f"{got['gap']}, Go says {signed(float(gap))}")
    ensure(got["text"] == want["text"], f"the text {got['text']!r}, Go says {want['text']!r}")
    return got


async def theme(page, name):
    await browser.theme(page, name)
    await page.evaluate(f"{ROOTS}.dispatchEvent(new Event('pointerenter'))")


async def picture(page, out, name):
    for size in (1200, 600):
        page.size = (size, 1000)
        await page.resize(1000)
        for kind in ("Light", "Dark"):
            await theme(page, kind)
            await page.evaluate(f"{ROOTS}.scrollIntoView({{block: 'start'}})")
            await asyncio.sleep(.5)
            await page.screenshot(out / f"{name}-{size}-{kind.lower()}.png")
    await theme(page, "Light")
    page.size = (1200, 900)
    await page.resize(900)


async def lab_part(page, lab, out, timeout):
    await browser.opened(page, lab, "live.ipynb")
    errors = await browser.run_all(page, timeout)
    ensure(not errors, f"errors {errors}")
    go = [o["text"] if isinstance(o["text"], str) else "".join(o["text"])
          for o in await page.evaluate(f"{browser.OUTPUTS}.filter(o => o.output_type == 'stream' && o.name == 'stdout')")]
    ensure(len(go) == 3, f"the Go cells say {go}")
    await page.until(f"{STATUS}.startsWith('the kernel computes')", 60, "the kernel's hello")
    await picture(page, out, "live")

    await slide(page, .35)
    first = await agrees(page, go[0], timeout)
    ensure(first["x"] == "×0.35", first["x"])
    before = await seen(page)
    for x in (0, 1, 2, 3, 2.5, -.6):  # many wishes
        await slide(page, x)
    await agrees(page, go[1], timeout)
    ensure((await seen(page))["text"] != before["text"], "the text is not redrawn")
    await page.evaluate(f"{ROOTS}.querySelectorAll('input[type=checkbox]')[1].click()")
    await agrees(page, go[2], timeout)
    await picture(page, out, "switched")

    await browser.restart(page, timeout)
    await page.evaluate(f"{ROOTS}.querySelectorAll('input[type=checkbox]')[1].click()")
    await slide(page, .35)
    await agrees(page, go[0], timeout)

    await browser.closed(page, timeout)
    await slide(page, 2)
    await page.until(f"{STATUS}.startsWith('no kernel answers')", 60, "the line that the kernel is gone")
    await slide(page, 0)
    got = await seen(page)
    ensure(got["x"] == "×−1", f"the first of those computed beforehand is {got['x']}")
    await picture(page, out, "gone")


async def untrusted_part(page, lab, out, timeout):
    await browser.opened(page, lab, "untrusted.ipynb")
    html = await page.evaluate(f"{PANEL}.content.node.querySelector('.jp-OutputArea-output table').outerHTML")
    ensure("×−1" in html and "multiplier" in html, "the table is not shown")
    ensure(await page.evaluate(f"{PANEL}.content.node.querySelectorAll('.jp-OutputArea-output input').length") == 0, "a control that does not work is shown")
    await page.screenshot(out / "untrusted.png")


async def page_part(page, file, out, timeout):
    await page.goto(file.as_uri())
    await page.until(SLIDER, 60, "the slider")
    await slide(page, 0)
    got = await seen(page)
    ensure(got["x"] == "×−1", f"the first of those computed beforehand is {got['x']}")
    ensure(await page.evaluate(f"{ROOTS}.querySelectorAll('input[type=checkbox]:enabled').length") == 0, "a switch that does nothing can be switched")
    await page.evaluate(f"{ROOTS}.scrollIntoView()")
    await page.screenshot(out / "nbconvert.png")


async def visit(a, chromium):
    with browser.Lab(a.out, a.out / "lab.log") as lab:
        async with cdp.Page(chromium, a.out / ".jupyter" / "chromium", log=a.out / "chromium.log") as page:
            await lab_part(page, lab, a.out, a.timeout)
            text = json.loads((a.out / "live.ipynb").read_text())
            text["cells"] = text["cells"][:1]
            text["cells"][0]["id"] = "another"
            text["cells"][0]["source"] = "// not the code that was run\n"  # another text is another signature
            (a.out / "untrusted.ipynb").write_text(json.dumps(text))
            await untrusted_part(page, lab, a.out, a.timeout)
            subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", a.out / "untrusted.ipynb"], check=True, capture_output=True)
            await page_part(page, a.out / "untrusted.html", a.out, a.timeout)


async def run(a, chromium):
    shutil.rmtree(a.out, ignore_errors=True)
    a.out.mkdir(parents=True)
    browser.install(a.out / "prefix")
    units = ", ".join(UNITS)
    cells = [LIVE.format(units=units), GO.format(units=units, x=.35), GO.format(units=units, x=-.6), GO.format(units=", ".join(u for i, u in enumerate(UNITS) if i != 1), x=-.6)]
    browser.write(a.out / "live.ipynb", cells)
    return await browser.told("live", a.out, visit(a, chromium))


if __name__ == "__main__":
    browser.main(__doc__, run, "the slider of nb.Live in a browser", "out/live", 300, "one step")

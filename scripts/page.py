#!/usr/bin/env python3
"""Open the page of a report in a browser without a network, try things in it as a reader does, and print what it says.

usage: page.py [--shot DIR] PAGE.html TRIALS.json

TRIALS.json is a list of {"prompt", "target", "versus", "dose", "off": [unit…]}. The result is JSON on standard output: the
requests that the page made, one answer for each trial (what stands in the table, unrounded, and the two texts), the errors of
its console, and seconds: from opening the page to the first answer, and of each answer. With --shot, DIR gets pictures of the
page in both themes.

Without Chromium it prints NOT RUN and ends with status 0, or with 1 where CI is set.
"""
import argparse
import asyncio
import json
import pathlib
import sys
import tempfile
import time

import cdp

SET = """(t => {
    const set = (id, v) => { document.getElementById(id).value = v; };
    set("lab-prompt", t.prompt); set("lab-target", t.target); set("lab-versus", t.versus); set("lab-dose", t.dose);
    for (const u of document.querySelectorAll("input[name=unit]")) u.checked = !t.off.includes(u.value);
    document.getElementById("lab-dose").dispatchEvent(new Event("input", {bubbles: true}));
    return Number(document.getElementById("lab").dataset.drawn || 0);
})(%s)"""
READ = """({
    rows: [...document.querySelectorAll("#lab-rows tr")].map(r => ({
        token: r.cells[0].textContent,
        values: [...r.cells].slice(1).map(c => c.dataset.value === undefined ? null : Number(c.dataset.value)),
        shown: [...r.cells].slice(1).map(c => c.textContent)})),
    before: document.getElementById("lab-before").textContent,
    after: document.getElementById("lab-after").textContent,
    status: document.getElementById("lab-status").textContent,
})"""


async def run(chromium, page_file, trials, shot, profile):
    out = {"answers": [], "seconds": []}
    async with cdp.Page(chromium, profile, width=1000) as page:
        await page.send("Network.enable")
        await page.send("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        began = time.monotonic()
        await page.goto(page_file.resolve().as_uri())
        await page.until("document.readyState == 'complete' && document.getElementById('lab-status').textContent", 60, "the page")
        out["open"] = time.monotonic() - began
        for trial in trials:
            began = time.monotonic()
            drawn = await page.evaluate(SET % json.dumps(trial))
            await page.until(f"Number(document.getElementById('lab').dataset.drawn || 0) > {drawn}", 120, "an answer")
            out["seconds"].append(time.monotonic() - began)
            out["answers"].append(await page.evaluate(READ))
        out["start_ms"] = await page.evaluate("Number(document.getElementById('lab').dataset.startMs)")
        if shot:
            shot.mkdir(parents=True, exist_ok=True)
            height = await page.evaluate("document.documentElement.scrollHeight")
            await page.resize(min(height, 16000))
            for theme in ("light", "dark"):
                await page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
                await page.screenshot(shot / f"page-{theme}.png")
        out["requests"], out["console"] = page.requests, page.console
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("page", type=pathlib.Path)
    ap.add_argument("trials", type=pathlib.Path)
    ap.add_argument("--shot", type=pathlib.Path, metavar="DIR")
    a = ap.parse_args()
    chromium = cdp.required("the page of a report in a browser")
    with tempfile.TemporaryDirectory() as tmp:
        out = asyncio.run(run(chromium, a.page, json.loads(a.trials.read_text()), a.shot, pathlib.Path(tmp) / "profile"))
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()

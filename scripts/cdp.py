"""A page of headless Chromium, driven by the DevTools protocol over the WebSocket client that comes with Jupyter.

Chromium is the system's; nothing is downloaded. What is here is what browser.py needs of the protocol, no more.
https://chromedevtools.github.io/devtools-protocol/
"""
import asyncio
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from tornado.websocket import websocket_connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find():
    """The path of a Chromium, or None. NEURONSTEER_CHROMIUM names one."""
    return next(filter(None, map(shutil.which, (os.environ.get("NEURONSTEER_CHROMIUM", ""), *NAMES))), None)


def required(what):
    """The path of a Chromium. Without one it says that what was not run, and ends with status 0, or with 1 where CI is set."""
    if not (chromium := find()):
        print(f"NOT RUN: {what} (apt-get install chromium, or name one in NEURONSTEER_CHROMIUM)")
        sys.exit(1 if os.environ.get("CI") else 0)
    return chromium


class Page:
    """One page. Use it with "async with"; evaluate returns the value of a JavaScript expression."""

    def __init__(self, chromium, profile, width=1200, height=900, log=os.devnull):
        self.profile = pathlib.Path(profile)
        shutil.rmtree(self.profile, ignore_errors=True)
        self.profile.mkdir(parents=True)
        self.command = [chromium, "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                        "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
                        "--remote-debugging-port=0", f"--user-data-dir={self.profile}", f"--window-size={width},{height}"]
        if os.geteuid() == 0:
            self.command.append("--no-sandbox")  # the sandbox does not start as root
        self.size, self.log, self.count, self.waiting, self.console = (width, height), log, 0, {}, []
        self.requests = []  # URLs, once Network.enable was sent

    async def __aenter__(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.command, "about:blank"], stdout=log, stderr=log, start_new_session=True)
        try:
            port, path = await self._port()
            self.socket = await websocket_connect(f"ws://127.0.0.1:{port}{path}", max_message_size=1 << 28)
            self.reader, self.session = asyncio.ensure_future(self._read()), None
            target = (await self.send("Target.createTarget", url="about:blank"))["targetId"]
            self.session = (await self.send("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
            for domain in ("Page", "Runtime"):
                await self.send(domain + ".enable")
            await self.resize(self.size[1])
        except BaseException:
            self.process.kill()
            raise
        return self

    async def __aexit__(self, *_):
        self.reader.cancel()
        self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)

    async def _port(self, timeout=60):
        """Chromium writes the port it took, and the path of its socket, into its profile."""
        file, end = self.profile / "DevToolsActivePort", time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"chromium ended with status {self.process.returncode}; see {self.log}")
            lines = file.read_text().split("\n") if file.exists() else []
            if len(lines) >= 2:
                return int(lines[0]), lines[1]
            await asyncio.sleep(0.1)
        raise TimeoutError("chromium did not start")

    async def _read(self):
        while (text := await self.socket.read_message()) is not None:
            m = json.loads(text)
            if "id" in m and (future := self.waiting.pop(m["id"], None)) and not future.done():
                future.set_result(m)
            elif m.get("method") == "Runtime.consoleAPICalled" and m["params"]["type"] == "error":
                self.console.append(" ".join(str(x.get("value", x.get("description", ""))) for x in m["params"]["args"]))
            elif m.get("method") == "Network.requestWillBeSent":
                self.requests.append(m["params"]["request"]["url"])
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(RuntimeError("chromium closed the connection"))

    async def send(self, method, timeout=120, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.waiting[self.count] = future = asyncio.get_running_loop().create_future()
        await self.socket.write_message(json.dumps(message))
        reply = await asyncio.wait_for(future, timeout)
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']['message']}")
        return reply["result"]

    async def goto(self, url):
        await self.send("Page.navigate", url=url)

    async def evaluate(self, expression, timeout=120):
        r = await self.send("Runtime.evaluate", timeout, expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in r:
            d = r["exceptionDetails"]
            raise RuntimeError(d.get("exception", {}).get("description", d["text"]))
        return r["result"].get("value")

    async def until(self, expression, timeout, what):
        """Wait until the expression is true. An exception in it (nothing there yet) counts as false."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if await self.evaluate(f"(() => {{ try {{ return !!({expression}); }} catch {{ return false; }} }})()"):
                return
            await asyncio.sleep(0.2)
        raise TimeoutError(f"{what}: not within {timeout:.0f} s")

    async def resize(self, height):
        await self.send("Emulation.setDeviceMetricsOverride", width=self.size[0], height=int(height), deviceScaleFactor=1,
                        mobile=False)

    async def screenshot(self, file):
        r = await self.send("Page.captureScreenshot", format="png")
        pathlib.Path(file).write_bytes(base64.b64decode(r["data"]))

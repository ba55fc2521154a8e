"""Drives one Jupyter kernel for Go tests: JSON lines in, JSON lines out.

    python driver.py KERNEL_NAME FOLDER

In:  {"id": 1, "op": "execute", "code": "…"}   also: interrupt, restart, shutdown, kill (SIGKILL to the kernel's pid), pid,
     complete and inspect with "code" and "cursor" in characters, and comm with "type", "content" and "until", which waits for
     a comm_msg whose data is of that type; their answer has the "content"
Out: {"id": 1, "status": "ok", "outputs": […], "seconds": 0.2} once the kernel is idle again or dead; "error" with a text.
An execute waits in a thread of its own, so that an interrupt can follow while it is under way.
"""
import json
import os
import queue
import signal
import sys
import threading
import time

from jupyter_client.manager import KernelManager

out_lock = threading.Lock()


def say(**message):
    with out_lock:
        print(json.dumps(message), flush=True)


class Kernel:
    def __init__(self, name, folder):
        self.reading, self.kept = threading.Lock(), {}
        self.manager = KernelManager(kernel_name=name)
        self.log = open(os.environ["KERNEL_LOG"], "ab")
        self.manager.start_kernel(cwd=folder, stdout=self.log, stderr=self.log)
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def pid(self):
        return self.manager.provisioner.pid

    def message(self, client, channel, sent, timeout):
        """the next message that answers sent; those that answer others are kept for who waits for them"""
        end = time.monotonic() + timeout
        while True:
            with self.reading:
                kept = self.kept.setdefault((channel, sent), [])
                if kept:
                    return kept.pop(0)
                try:
                    message = getattr(client, f"get_{channel}_msg")(timeout=0.1)
                    self.kept.setdefault((channel, message["parent_header"].get("msg_id")), []).append(message)
                    continue
                except queue.Empty:
                    pass
            if time.monotonic() > end:
                raise queue.Empty
            time.sleep(0.01)  # let others read

    def execute(self, id, client, sent):
        start = time.monotonic()
        outputs, status = [], None
        while status is None:
            if self.client is not client:
                status = "dead"
                break
            try:
                message = self.message(client, "iopub", sent, 0.2)
            except queue.Empty:
                if not self.manager.is_alive():
                    status = "dead"
                continue
            kind, content = message["msg_type"], message["content"]
            if kind in ("stream", "display_data", "update_display_data", "execute_result", "error"):
                outputs.append({"type": kind, **content})
            elif kind == "status" and content["execution_state"] == "idle":
                status = self.reply(client, sent)
        say(id=id, status=status, outputs=outputs, seconds=time.monotonic() - start)

    def reply(self, client, sent):
        try:
            return self.message(client, "shell", sent, 10)["content"]["status"]
        except queue.Empty:
            return "no reply"

    def ask(self, id, op, code, cursor):
        """complete and inspect; in a thread, for a cell may be running"""
        client = self.client
        sent = getattr(client, op)(code, cursor)
        say(id=id, status="ok", content=self.message(client, "shell", sent, 60)["content"])

    def comm(self, id, kind, content, until):
        """sends a message of a comm; no cell may be running, for what is published would be its"""
        client = self.client
        client.shell_channel.send(client.session.msg(kind, content))
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                message = client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            if message["msg_type"] == "comm_msg" and message["content"]["data"]["type"] in (until, "error"):
                say(id=id, status="ok", content=message["content"]["data"])
                return
        say(id=id, status="failed", error=f"no {until} came")

    def disconnect(self):
        client, self.client = self.client, None
        if client is None:
            return
        time.sleep(0.5)  # an execute that is under way lets go of the channels first
        client.stop_channels()

    def restart(self):
        killed = self.client is None
        self.disconnect()
        self.manager.restart_kernel(now=killed)  # asking the dead to shut down would reach its successor
        self.connect()

    def kill(self):
        os.kill(self.pid(), signal.SIGKILL)
        self.disconnect()

    def shutdown(self):
        self.disconnect()
        self.manager.shutdown_kernel()


def main(name, folder):
    kernel = Kernel(name, folder)
    say(id=0, status="ready", pid=kernel.pid())
    for line in sys.stdin:
        message = json.loads(line)
        op, id = message["op"], message["id"]
        try:
            if op == "execute":
                client = kernel.client
                sent = client.execute(message["code"], allow_stdin=False)  # here: cells are sent in the order that they are asked for
                threading.Thread(target=kernel.execute, args=(id, client, sent), daemon=True).start()
                continue
            if op in ("complete", "inspect"):
                threading.Thread(target=kernel.ask, args=(id, op, message["code"], message["cursor"]), daemon=True).start()
                continue
            if op == "comm":
                kernel.comm(id, message["type"], message["content"], message["until"])
                continue
            if op == "interrupt":
                kernel.manager.interrupt_kernel()
            elif op in ("restart", "kill", "shutdown"):
                getattr(kernel, op)()
            say(id=id, status="ok", pid=kernel.pid() if op != "shutdown" else 0)
        except Exception as e:  # noqa: BLE001  (whatever went wrong is the test's to judge)
            say(id=id, status="failed", error=f"{type(e).__name__}: {e}")
        if op == "shutdown":
            os._exit(0)  # threads and event loops of the client have nothing left to do


if __name__ == "__main__":
    main(*sys.argv[1:])

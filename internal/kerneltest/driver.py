"""Drives one Jupyter kernel for Go tests: JSON lines in, JSON lines out.

    python driver.py KERNEL_NAME FOLDER

In:  {"id": 1, "op": "execute", "code": "…"}   also: interrupt, restart, shutdown, kill (SIGKILL to the kernel's pid), pid
Out: {"id": 1, "status": "ok", "outputs": […], "seconds": 0.2} once the kernel is idle again or dead; "error" with a text.
An execute runs in a thread of its own, so that an interrupt can follow while it is under way.
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

    def execute(self, id, code):
        start = time.monotonic()
        client = self.client
        sent = client.execute(code, allow_stdin=False)
        outputs, status = [], None
        while status is None:
            if self.client is not client:
                status = "dead"
                break
            try:
                message = client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                if not self.manager.is_alive():
                    status = "dead"
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind in ("stream", "display_data", "update_display_data", "execute_result", "error"):
                outputs.append({"type": kind, **content})
            elif kind == "status" and content["execution_state"] == "idle":
                status = self.reply(client, sent)
        say(id=id, status=status, outputs=outputs, seconds=time.monotonic() - start)

    def reply(self, client, sent):
        while True:
            try:
                message = client.get_shell_msg(timeout=10)
            except queue.Empty:
                return "no reply"
            if message["parent_header"].get("msg_id") == sent:
                return message["content"]["status"]

    def disconnect(self):
        client, self.client = self.client, None
        time.sleep(0.5)  # an execute that is under way lets go of the channels first
        client.stop_channels()

    def restart(self):
        self.disconnect()
        self.manager.restart_kernel()
        self.connect()

    def kill(self):
        os.kill(self.pid(), signal.SIGKILL)

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
                threading.Thread(target=kernel.execute, args=(id, message["code"]), daemon=True).start()
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
